//! HTML's character references, as a browser reads them.

use std::sync::LazyLock;

use super::Decoded;

/// The names of characters that separate or hide, and of letters, in small letters. Each line begins
/// with a code point; each word names the next one, `/` stands between names of one, and `-` for none.
const ENTITIES: &str = include_str!("entities.txt");

/// The same by name.
static NAMES: LazyLock<Vec<(&str, char)>> = LazyLock::new(|| {
    let mut names = Vec::new();
    for line in ENTITIES.lines() {
        let mut words = line.split(' ');
        let first = words.next().and_then(|code| u32::from_str_radix(code, 16).ok());
        for (code, word) in (first.unwrap_or_default()..).zip(words) {
            let Some(character) = char::from_u32(code) else { continue };
            for name in word.split('/').filter(|name| *name != "-") {
                let place = names.partition_point(|(before, _)| *before < name);
                names.insert(place, (name, character));
            }
        }
    }
    names
});

/// What the name of a letter with a mark ends in, and the mark.
const MARKS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("breve", '\u{306}'),
    ("caron", '\u{30c}'),
    ("cedil", '\u{327}'),
    ("circ", '\u{302}'),
    ("dblac", '\u{30b}'),
    ("dot", '\u{307}'),
    ("grave", '\u{300}'),
    ("macr", '\u{304}'),
    ("ogon", '\u{328}'),
    ("ring", '\u{30a}'),
    ("tilde", '\u{303}'),
    ("uml", '\u{308}'),
];

/// What the name of a letter in another style ends in; it is read as the plain one.
const STYLES: &[&str] = &["fr", "opf", "scr"];

/// The longest name: `negativeverythinspace`.
const LONGEST: usize = 21;

/// The longest name that needs no semicolon.
const LONGEST_BARE: usize = 6;

/// What the numbers 128 to 159 stand for: those of Windows-1252.
const WINDOWS: &[u16; 32] = &[
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
    0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
    0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

/// The text with its references decoded, and whether one of them has no semicolon; `None` when there
/// is none. What is no reference, or not one of a character, stands for itself.
pub(super) fn decode(text: &str) -> Option<(Decoded, bool)> {
    let mut decoded = Decoded::default();
    let mut plain = 0;
    let mut any = false;
    let mut is_bare = false;
    for start in memchr::memchr_iter(b'&', text.as_bytes()) {
        let Some((character, length)) = text.get(start + 1..).and_then(reference) else { continue };
        decoded.plain(text.get(plain..start).unwrap_or_default(), plain);
        decoded.escape(character, start, length + 1);
        plain = start + length + 1;
        is_bare |= !text.get(..plain).is_some_and(|before| before.ends_with(';'));
        any = true;
    }
    if !any {
        return None;
    }
    decoded.plain(text.get(plain..).unwrap_or_default(), plain);
    Some((decoded, is_bare))
}

/// `text` with the characters escaped that mean something in HTML. Where the field has references
/// without a semicolon, so is the first if it could be taken for a part of one.
pub(super) fn encode(text: &str, is_bare: bool) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for (at, character) in text.char_indices() {
        match character {
            part if at == 0
                && is_bare
                && (part.is_ascii_alphanumeric() || matches!(part, ';' | '=')) =>
            {
                encoded.push_str("&#");
                encoded.push_str(&u32::from(part).to_string());
                encoded.push(';');
            }
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            other => encoded.push(other),
        }
    }
    encoded
}

/// The character that the reference stands for whose `&` is before the text, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        let behind = digits.trim_start_matches(|one: char| one.is_digit(radix));
        let length = text.len() - behind.len();
        let digits = digits.get(..digits.len() - behind.len())?;
        let code = u32::from_str_radix(digits, radix).ok()?;
        let windows = code.checked_sub(0x80).and_then(|index| usize::try_from(index).ok());
        let windows = windows.and_then(|index| WINDOWS.get(index)).copied();
        let character = char::from_u32(windows.map_or(code, u32::from))?;
        return Some((character, length + usize::from(behind.starts_with(';'))));
    }
    let name = text.as_bytes().iter().take(LONGEST);
    let name = text.get(..name.take_while(|byte| byte.is_ascii_alphanumeric()).count())?;
    let is_closed = text.as_bytes().get(name.len()) == Some(&b';');
    if is_closed && let Some(character) = named(name) {
        return Some((character, name.len() + 1));
    }
    let lengths = (2..=LONGEST_BARE.min(name.len())).rev();
    let mut bare = lengths.filter_map(|length| Some((bare(text, length)?, length)));
    bare.next()
}

/// The character of this name. Capitals and small letters are alike but in what they name.
fn named(name: &str) -> Option<char> {
    let small = name.to_ascii_lowercase();
    if let Ok(at) = NAMES.binary_search_by_key(&small.as_str(), |(name, _)| name) {
        let (_, character) = *NAMES.get(at)?;
        let capital = name.starts_with(|first: char| first.is_ascii_uppercase());
        return if capital { character.to_uppercase().next() } else { Some(character) };
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let ends = name.get(1..)?;
    if STYLES.contains(&ends) {
        return Some(letter);
    }
    let (_, mark) = MARKS.iter().find(|(known, _)| *known == ends)?;
    unicode_normalization::char::compose(letter, *mark)
}

/// The character that the first bytes of the text name without a semicolon. Browsers read the names
/// of Latin-1 so, wherever they stand; here what is a sign, as in the address `?a=1&copy=2`, is left
/// where the word goes on.
fn bare(text: &str, length: usize) -> Option<char> {
    let name = text.get(..length)?;
    let character = named(name)?;
    let is_known = matches!(character, '&' | '<' | '>' | '"' | '\u{a0}'..='\u{ff}');
    let is_letter = character >= '\u{c0}' && character.is_alphabetic();
    // Letters may have a capital, signs have none.
    let is_written = is_letter || !name.bytes().any(|byte| byte.is_ascii_uppercase());
    let goes_on = |next: &u8| next.is_ascii_alphanumeric() || *next == b'=';
    let is_sign = !is_letter && !matches!(character, '\u{a0}' | '\u{ad}');
    let is_cut = is_sign && text.as_bytes().get(length).is_some_and(goes_on);
    (is_known && is_written && !is_cut).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        decode(text).map_or_else(|| text.to_owned(), |(decoded, _)| decoded.text)
    }

    #[test]
    fn every_name_is_there_once_and_short_enough() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(NAMES.iter().map(|(name, _)| name.len()).max(), Some(LONGEST));
        assert!(NAMES.iter().all(|(name, _)| !name.bytes().any(|byte| byte.is_ascii_uppercase())));
    }

    #[test]
    fn what_is_no_reference_stands_for_itself() {
        for text in [
            "R&D, AT&T & Q&A; fish&chips;",
            "&; &# &#; &#x; &#xD800; &#99999999999999; &nope; &",
            "https://x.example/?a=1&copy=2&order=3&lt=4&regard=5&quote=6",
            "am&pm do&die half&half &-;",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn what_separates_hides_or_is_a_letter_is_read() {
        for (written, meant) in [
            ("f&zwnj;u&zwj;c&ZeroWidthSpace;k&NoBreak;", "f\u{200c}u\u{200d}c\u{200b}k\u{2060}"),
            ("&fflig;uck f&uuml;ck &Uuml; &ntilde;&szlig;", "ﬀuck fück Ü ñß"),
            ("4&ensp;1&thinsp;2&emsp;3&Tab;4&NewLine;", "4\u{2002}1\u{2009}2\u{2003}3\t4\n"),
            ("1&hyphen;2&dash;3&ndash;4&period;5&minus;6", "1\u{2010}2\u{2010}3–4.5−6"),
            ("bob&commat;evil&period;com&colon;&sol;", "bob@evil.com:/"),
            ("&acy;&Acy;&KHcy; &omicron;&Omicron; &Lstrok;&ccaron;", "аАХ οΟ Łč"),
            ("&ffr;&Uopf;&cscr;k &AMP;&Lt;", "fUck &<"),
            ("&#150;&#x80;", "–€"),
        ] {
            assert_eq!(read(written), meant);
        }
    }

    #[test]
    fn a_semicolon_may_be_missing() {
        for (written, meant) in [
            ("f&#117ck", "fuck"),
            ("f&#x75;ck f&#x75 f&#00000000000000000000117ck", "fuck fu fuck"),
            ("f&shyuck f&uumlck 4111&nbsp1111", "f\u{ad}uck fück 4111\u{a0}1111"),
            ("a &lt b &amp", "a < b &"),
            ("f&zwnjuck", "f&zwnjuck"),
        ] {
            assert_eq!(read(written), meant);
        }
    }
}
