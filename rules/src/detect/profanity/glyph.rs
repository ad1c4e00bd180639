//! Characters as a reader sees them: which letter each may stand for.

use std::ops::Range;

use super::lexicon::{self, BETWEEN, OTHER};

/// What a character, or a sequence that is drawn as one, stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) role: Role,
    /// The symbol of the letter that it is or most often stands for.
    pub(super) symbol: u8,
    /// The symbol of another letter that it may stand for; the same where there is none.
    pub(super) other: u8,
}

/// How a glyph comes to stand for its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is that letter, with an accent or in another font perhaps.
    Letter,
    /// A digit.
    Digit,
    /// A symbol that is drawn like a letter.
    Symbol,
    /// A letter of another script that is drawn like one.
    Foreign,
    /// `*`: stands for any letter, or between letters.
    Star,
    /// `#` and the like, which may stand for any letter too.
    Any,
    /// What stands inside of words: `-`, `_`, `'`.
    Joiner,
    /// What ends words and sentences: `.`, `?`, `)`.
    Separator,
    /// A part of a word that stands for no letter.
    Opaque,
    /// Drawn as nothing: zero-width characters, marks on others.
    Nothing,
}

impl Glyph {
    const fn new(role: Role, letter: u8, other: u8) -> Self {
        Self { role, symbol: lexicon::symbol(letter), other: lexicon::symbol(other) }
    }

    pub(super) const NOTHING: Self = Self { role: Role::Nothing, symbol: BETWEEN, other: BETWEEN };
    const OPAQUE: Self = Self { role: Role::Opaque, symbol: OTHER, other: OTHER };

    /// The glyph of one character.
    #[inline]
    pub(super) fn of(character: char) -> Self {
        let code = usize::try_from(u32::from(character)).unwrap_or(usize::MAX);
        let page = STRETCHES.get(code / PAGE).and_then(|page| PAGES.get(usize::from(*page)));
        let glyph = page.and_then(|page| page.get(code % PAGE));
        glyph.and_then(|glyph| GLYPHS.get(usize::from(*glyph))).copied().unwrap_or(Self::OPAQUE)
    }

    /// The glyph of an ASCII character.
    const fn ascii(byte: u8) -> Self {
        let (role, letter, other) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => (Role::Letter, byte, byte),
            b'0' => (Role::Digit, b'o', b'u'),
            b'1' => (Role::Digit, b'i', b'l'),
            b'2' => (Role::Digit, b'z', b'i'),
            b'3' => (Role::Digit, b'e', b'e'),
            b'4' => (Role::Digit, b'a', b'a'),
            b'5' => (Role::Digit, b's', b's'),
            b'6' | b'8' => (Role::Digit, b'g', b'b'),
            b'7' => (Role::Digit, b't', b't'),
            b'9' => (Role::Digit, b'g', b'p'),
            b'@' => (Role::Symbol, b'a', b'a'),
            b'$' => (Role::Symbol, b's', b's'),
            b'!' | b'|' => (Role::Symbol, b'i', b'l'),
            b'+' => (Role::Symbol, b't', b't'),
            b'(' | b'<' | b'{' | b'[' => (Role::Symbol, b'c', b'c'),
            b'*' => (Role::Star, b' ', b' '),
            b'#' | b'%' | b'^' | b'&' => (Role::Any, b' ', b' '),
            b'-' | b'_' | b'~' | b'\'' | b'`' | b'\\' | b'>' => (Role::Joiner, b' ', b' '),
            _ => (Role::Separator, b' ', b' '),
        };
        Self::new(role, letter, other)
    }

    /// Whether it stands for no letter in particular.
    pub(super) fn is_break(self) -> bool {
        matches!(self.role, Role::Star | Role::Any | Role::Joiner | Role::Separator)
    }

    /// Whether it is seen as the letter of this symbol.
    pub(super) fn is(self, symbol: u8) -> bool {
        self.symbol == symbol || self.other == symbol
    }
}

include!(concat!(env!("OUT_DIR"), "/glyphs.rs"));

/// How many characters share a page.
const PAGE: usize = 128;

/// A glyph as it stands in a text.
pub(super) struct Written {
    pub(super) glyph: Glyph,
    /// Its first character.
    pub(super) own: char,
    /// Where it is, in bytes.
    pub(super) range: Range<usize>,
    /// Whether it is written with several characters.
    pub(super) is_sequence: bool,
}

/// The glyphs of a text: each a character, or a sequence of them that is drawn or decoded as one
/// (`&#117;`, `%75`, `<b>`, `()`).
pub(super) fn written(text: &str) -> impl Iterator<Item = Written> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let byte = text.as_bytes().get(start)?;
        // Most characters are ASCII, and begin nothing.
        if let Some(Some(glyph)) = ALONE.get(usize::from(*byte)) {
            at += 1;
            let (glyph, own) = (*glyph, char::from(*byte));
            return Some(Written { glyph, own, range: start..at, is_sequence: false });
        }
        let written = other(text, start)?;
        at = written.range.end;
        Some(written)
    })
}

/// The glyph that begins at `start` with what may begin a sequence, or is not ASCII.
#[inline(never)]
fn other(text: &str, start: usize) -> Option<Written> {
    let rest = text.get(start..)?;
    let own = rest.chars().next()?;
    let sequence = match own {
        '&' => entity(rest),
        '%' => percent(rest),
        '<' => tag(rest),
        '(' | '[' | '|' | '\\' => drawn(rest),
        _ => None,
    };
    let (glyph, length) = sequence.unwrap_or_else(|| (Glyph::of(own), own.len_utf8()));
    Some(Written { glyph, own, range: start..start + length, is_sequence: sequence.is_some() })
}

/// The glyphs of the ASCII characters that begin no sequence.
static ALONE: [Option<Glyph>; 128] = {
    let mut glyphs = [None; 128];
    let mut byte: u8 = 0;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        if !matches!(byte, b'&' | b'%' | b'<' | b'(' | b'[' | b'|' | b'\\') {
            glyphs[byte as usize] = Some(Glyph::ascii(byte));
        }
        byte += 1;
    }
    glyphs
};

/// `&#117;`, `&#x75;`, `&amp;` and the like.
fn entity(text: &str) -> Option<(Glyph, usize)> {
    const MOST: usize = 10;
    let end = text.bytes().take(MOST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let character = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "nbsp" => ' ',
            "shy" => '\u{ad}',
            "ast" => '*',
            "commat" => '@',
            "dollar" => '$',
            "excl" => '!',
            _ => return None,
        }
    };
    Some((Glyph::of(character), end + 1))
}

/// `%75`. Only of ASCII: what else a byte begins is more than one.
fn percent(text: &str) -> Option<(Glyph, usize)> {
    let digit = |at: usize| char::from(*text.as_bytes().get(at)?).to_digit(16);
    let byte = u8::try_from(digit(1)? << 4 | digit(2)?).ok()?;
    (byte.is_ascii_graphic() || byte == b' ').then(|| (Glyph::ascii(byte), 3))
}

/// A tag of HTML, which a reader does not see.
fn tag(text: &str) -> Option<(Glyph, usize)> {
    const MOST: usize = 24;
    let inner = text.strip_prefix('<')?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    name.starts_with(|letter: char| letter.is_ascii_alphabetic()).then_some(())?;
    let end = text.bytes().take(MOST).position(|byte| byte == b'>')?;
    text.get(1..end)?.bytes().all(|byte| byte != b'<').then_some((Glyph::NOTHING, end + 1))
}

/// Letters drawn with several characters.
fn drawn(text: &str) -> Option<(Glyph, usize)> {
    const DRAWINGS: &[(&str, u8)] = &[
        ("()", b'o'),
        ("[]", b'o'),
        ("[_]", b'u'),
        ("|_|", b'u'),
        ("\\/\\/", b'w'),
        ("\\/", b'v'),
        ("|-|", b'h'),
        ("|3", b'b'),
        ("|<", b'k'),
        ("|)", b'd'),
        ("|\\|", b'n'),
    ];
    let (drawing, letter) = DRAWINGS.iter().find(|(drawing, _)| text.starts_with(drawing))?;
    Some((Glyph::new(Role::Symbol, *letter, *letter), drawing.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        written(text)
            .filter(|written| written.glyph.role != Role::Nothing)
            .map(|written| char::from(lexicon::letter(written.glyph.symbol)))
            .collect()
    }

    #[test]
    fn every_spelling_of_a_letter_is_read() {
        for text in [
            "abc",
            "АBC",
            "ａｂｃ",
            "𝐚𝓫𝕔",
            "ⓐⓑⓒ",
            "a\u{200b}b\u{301}ç",
            "&#97;%62c",
            "@<b>b</b>(",
            "🅐🅱🇨",
            "ᵃᵇᶜ",
        ] {
            assert_eq!(read(text), "abc", "{text}");
        }
        assert_eq!(read("[_]()\\/\\/"), "uow");
    }

    #[test]
    fn what_stands_for_no_letter_is_no_letter_of_the_automaton() {
        for character in '\0'..=char::MAX {
            let glyph = Glyph::of(character);
            let symbols = [glyph.symbol, glyph.other];
            assert!(!glyph.is_break() || symbols == [BETWEEN; 2], "{character:?}");
            assert!(glyph.role != Role::Opaque || symbols == [OTHER; 2], "{character:?}");
        }
    }

    #[test]
    fn what_is_not_finished_is_read_as_it_stands() {
        assert_eq!(read("&#"), "  ");
        assert_eq!(read("%4"), " a");
        assert_eq!(read("<b"), "cb");
    }
}
