//! Percent-encoding, as `encodeURIComponent` writes it.

use super::Decoded;

/// How a text is meant in which there are escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing stands in it that `encodeURIComponent` would have escaped.
    Certain,
    /// It may be meant as it stands: an address, for instance.
    Perhaps,
    /// The same with spaces in it: what somebody wrote, escapes or not.
    Prose,
    /// What a form sends, `name=value`, where a plus sign may be a space.
    Form,
}

/// The text with its escapes decoded, and how it may have been meant. `None` when there is no escape.
///
/// What is no escape, or not of a UTF-8 character, stands for itself; so does, where escapes are not
/// certain, what reads as a percentage.
pub(super) fn decode(text: &str) -> Option<(Decoded, Kind)> {
    let form = is_form(text);
    // Without a form, the same is looked for twice.
    let plus = if form { b'+' } else { b'%' };
    let first = memchr::memchr2(b'%', plus, text.as_bytes())?;
    let is_certain = is_certain(text, first);
    let mut decoded = Decoded::default();
    let mut plain = 0;
    let mut at = first;
    let mut any = false;
    let next = |at| memchr::memchr2(b'%', plus, text.as_bytes().get(at..)?);
    while let Some(found) = next(at) {
        let start = at + found;
        let escape = match text.as_bytes().get(start) {
            // No value begins with a space.
            Some(b'+') => {
                (!text.get(..start).unwrap_or_default().ends_with('=')).then_some((' ', 1))
            }
            _ => character(text, start),
        };
        match escape.filter(|(one, _)| is_certain || !is_percentage(text, start, *one)) {
            Some((character, length)) => {
                decoded.plain(text.get(plain..start).unwrap_or_default(), plain);
                decoded.escape(character, start, length);
                any = true;
                at = start + length;
                plain = at;
            }
            None => at = start + 1,
        }
    }
    if !any {
        return None;
    }
    decoded.plain(text.get(plain..).unwrap_or_default(), plain);
    let kind = match (is_certain, form) {
        (true, _) => Kind::Certain,
        (_, true) => Kind::Form,
        _ if text.contains(char::is_whitespace) => Kind::Prose,
        _ => Kind::Perhaps,
    };
    Some((decoded, kind))
}

/// Whether `replacement` is written as it stands where `raw` was, in a text that is meant like this.
pub(super) fn is_plain(replacement: &str, raw: &str, kind: Kind) -> bool {
    let is_read_alike = match kind {
        Kind::Form => !replacement.contains(['%', '+', '&', ' ']),
        _ => !replacement.contains('%'),
    };
    is_read_alike && (kind == Kind::Prose || !raw.contains('%'))
}

/// Whether a form may have sent the text, with plus signs for spaces: `name=value&name=value`.
fn is_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.[]".contains(byte);
    let is_pair = |pair: &[u8]| {
        let name = pair.iter().take_while(|byte| is_name(byte)).count();
        let value = pair.get(name + 1..).unwrap_or_default();
        name > 0 && pair.get(name) == Some(&b'=') && value.iter().all(|byte| is_in_form(*byte))
    };
    memchr::memchr(b'+', bytes).is_some() && bytes.split(|byte| *byte == b'&').all(is_pair)
}

/// Whether a byte stands in a value that a form sends.
fn is_in_form(byte: u8) -> bool {
    is_unreserved(byte) || matches!(byte, b'%' | b'+')
}

/// Whether every percent sign, of which this is the first, begins an escape, and nothing stands
/// between them that would have been escaped.
fn is_certain(text: &str, first: usize) -> bool {
    if !text.bytes().all(|byte| byte == b'%' || is_unreserved(byte)) {
        return false;
    }
    let mut at = first;
    while let Some((_, length)) = character(text, at) {
        at += length;
        match text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'%', rest)) {
            Some(found) => at += found,
            None => return true,
        }
    }
    false
}

/// Whether a percent sign at `at` that would escape this character ends a percentage: behind a digit
/// nobody escapes a letter, nor an `@` that a digit follows. `20%4111 1111 1111 1111` has a card.
fn is_percentage(text: &str, at: usize, character: char) -> bool {
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or_default();
    at.checked_sub(1).is_some_and(|before| byte(before).is_ascii_digit())
        && (character.is_ascii_alphabetic() || character == '@' && byte(at + 3).is_ascii_digit())
}

/// `text` with everything escaped that `encodeURIComponent` would.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if u8::try_from(character).is_ok_and(is_unreserved) {
            encoded.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.push(
                    char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase(),
                );
            }
        }
    }
    encoded
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// The character whose escapes begin at `at`, and how many bytes they take.
fn character(text: &str, at: usize) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let escape = text.as_bytes().get(at + 3 * index..at + 3 * index + 3);
        let Some(&[b'%', high, low]) = escape else { break };
        let digit =
            |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (Some(high), Some(low)) = (digit(high), digit(low)) else { break };
        *byte = high << 4 | low;
        if index == 0 && *byte < 0x80 {
            return Some((char::from(*byte), 3));
        }
    }
    // Bytes behind the character's own are looked at and left: at most three.
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return None,
    };
    let character = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    Some((character, 3 * length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Kind)> {
        decode(text).map(|(decoded, kind)| (decoded.text, kind))
    }

    #[test]
    fn a_plus_sign_is_a_space_only_in_what_a_form_may_have_sent() {
        for text in
            ["1+1=2", "a=b + c", "+1 555 0100", "x==1+2", "see https://x.example/?q=a+b", "=+"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let form = |text: &str| Some((text.to_owned(), Kind::Form));
        assert_eq!(read("msg=my+card+is"), form("msg=my card is"));
        assert_eq!(read("a=&msg[0]=x+%40+y"), form("a=&msg[0]=x @ y"));
    }

    #[test]
    fn how_a_text_is_meant_is_seen_from_what_else_is_in_it() {
        let kind = |text: &str| decode(text).map(|(_, kind)| kind);
        assert_eq!(kind("50% off"), None);
        assert_eq!(kind("my%20card"), Some(Kind::Certain));
        assert_eq!(kind("https://x.example/?q=a%40b"), Some(Kind::Perhaps));
        assert_eq!(kind("mail bob%40example.com"), Some(Kind::Prose));
    }
}
