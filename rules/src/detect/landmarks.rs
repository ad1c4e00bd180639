//! What kinds of characters a text holds: one pass, so that most detectors need not look at all.

use unicode_normalization::char::is_combining_mark;

use super::spam::{emoji_limit, invisible_text, newline_limit};
use super::transcript;

/// Kinds of characters seen in a text, and how many digits and emoji.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Landmarks {
    seen: u16,
    digits: u32,
    emoji: u32,
}

/// What a text must hold for a detector to have a chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    all: u16,
    digits: u32,
}

impl Landmarks {
    /// An ASCII letter.
    pub const LETTER: u16 = 1;
    /// `@`.
    pub const AT: u16 = 1 << 1;
    /// `.`.
    pub const DOT: u16 = 1 << 2;
    /// `:`.
    pub const COLON: u16 = 1 << 3;
    /// `/`.
    pub const SLASH: u16 = 1 << 4;
    /// A byte of a character outside ASCII.
    pub const NON_ASCII: u16 = 1 << 5;
    /// `-`.
    pub const HYPHEN: u16 = 1 << 6;
    /// An opening bracket: `(`, `[`, `{`.
    pub const BRACKET: u16 = 1 << 7;
    /// `%`.
    pub const PERCENT: u16 = 1 << 8;
    /// Any other ASCII byte but a digit.
    pub const OTHER: u16 = 1 << 9;
    /// A line break.
    pub const BREAK: u16 = 1 << 10;
    /// A character that is drawn as nothing.
    pub const INVISIBLE: u16 = 1 << 11;
    /// A mark that is drawn on the letter before it.
    pub const MARK: u16 = 1 << 12;
    /// What is drawn as an emoji, or makes the character before it one.
    pub const EMOJI: u16 = 1 << 13;

    /// Reads the text once; once more where it is not ASCII. A look-alike of an ASCII character (a
    /// fullwidth digit, say) counts as that character too.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let seen = bytes.iter().fold(0, |seen, byte| seen | kinds(*byte));
        let digits = bytes.iter().map(|byte| u32::from(byte.is_ascii_digit())).sum();
        let mut marks = Self { seen, digits, emoji: 0 };
        if !marks.is_ascii() {
            let mut rest = text.chars();
            // Mostly they stand apart, between stretches of ASCII.
            while let Some(length) = ascii_before(rest.as_str().as_bytes()) {
                rest = rest.as_str().get(length..).unwrap_or_default().chars();
                if let Some(character) = rest.next().filter(|one| !is_plain(*one)) {
                    marks.add(character);
                }
            }
        }
        marks
    }

    /// Adds what is said of a character outside ASCII.
    fn add(&mut self, character: char) {
        if let Some(byte) = transcript::ascii(character) {
            self.seen |= kinds(byte);
            self.digits += u32::from(byte.is_ascii_digit());
        }
        let is = |kind: u16, is: bool| if is { kind } else { 0 };
        self.emoji += u32::from(emoji_limit::is_part(character));
        self.seen |= is(Self::BREAK, newline_limit::is_break(character))
            | is(Self::INVISIBLE, invisible_text::is_invisible(character))
            | is(Self::MARK, is_combining_mark(character))
            | is(Self::EMOJI, self.emoji > 0);
    }

    /// Whether a detector with these needs has a chance.
    pub fn meet(self, needs: Needs) -> bool {
        self.seen & needs.all == needs.all && self.digits >= needs.digits
    }

    /// Whether any of these kinds (constants of this type, combined with `|`) is there.
    pub fn has(self, kinds: u16) -> bool {
        self.seen & kinds != 0
    }

    /// Whether every byte is ASCII.
    pub fn is_ascii(self) -> bool {
        self.seen & Self::NON_ASCII == 0
    }

    /// How many characters that are drawn as an emoji, or make another one.
    pub fn emoji(self) -> u32 {
        self.emoji
    }

    /// How many digits.
    pub fn digits(self) -> u32 {
        self.digits
    }
}

impl Needs {
    /// Any text will do.
    pub const NOTHING: Self = Self { all: 0, digits: 0 };

    /// At least one of each of these kinds (constants of [`Landmarks`], combined with `|`).
    pub const fn kinds(all: u16) -> Self {
        Self { all, digits: 0 }
    }

    /// What a text must hold at least for one of two detectors to have a chance.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        Self { all: self.all & other.all, digits: self.digits.min(other.digits) }
    }

    /// At least this many digits as well.
    #[must_use]
    pub const fn digits(self, digits: u32) -> Self {
        Self { digits, ..self }
    }
}

/// How many bytes of ASCII stand before the first other byte, if there is one.
fn ascii_before(bytes: &[u8]) -> Option<usize> {
    /// So many bytes are looked at at once.
    const CHUNK: usize = 16;
    let skipped = bytes.chunks_exact(CHUNK).take_while(|chunk| chunk.is_ascii()).count() * CHUNK;
    let rest = bytes.get(skipped..)?;
    Some(skipped + rest.iter().position(|byte| !byte.is_ascii())?)
}

/// Letters of everyday scripts, of which none is more than that: they need no closer look.
fn is_plain(character: char) -> bool {
    matches!(character,
        '\u{c0}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{590}' | '\u{3041}'..='\u{3096}'
        | '\u{309b}'..='\u{3163}' | '\u{3165}'..='\u{a66e}' | '\u{ac00}'..='\u{d7a3}')
}

/// The kinds of each byte.
static KINDS: [u16; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    loop {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            kinds[byte as usize] = match byte {
                b'a'..=b'z' | b'A'..=b'Z' => Landmarks::LETTER,
                b'0'..=b'9' => 0,
                b'@' => Landmarks::AT,
                b'.' => Landmarks::DOT,
                b':' => Landmarks::COLON,
                b'/' => Landmarks::SLASH,
                b'-' => Landmarks::HYPHEN,
                b'(' | b'[' | b'{' => Landmarks::BRACKET,
                b'%' => Landmarks::PERCENT,
                b'\n'..=b'\r' => Landmarks::BREAK | Landmarks::OTHER,
                0..=8 | 0xe..=0x1f | 0x7f => Landmarks::INVISIBLE | Landmarks::OTHER,
                0x80.. => Landmarks::NON_ASCII,
                _ => Landmarks::OTHER,
            };
        }
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};

fn kinds(byte: u8) -> u16 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_met_only_when_all_are_there() {
        let marks = Landmarks::of("a1b2@x.example");
        assert!(marks.meet(Needs::kinds(Landmarks::AT | Landmarks::DOT).digits(2)));
        assert!(!marks.meet(Needs::kinds(Landmarks::AT | Landmarks::COLON)));
        assert!(!marks.meet(Needs::NOTHING.digits(3)));
        assert!(marks.is_ascii());
        assert!(!Landmarks::of("é").is_ascii());
        for (text, kind) in [
            ("a", Landmarks::LETTER),
            ("@", Landmarks::AT),
            (".", Landmarks::DOT),
            (":", Landmarks::COLON),
            ("/", Landmarks::SLASH),
            ("é", Landmarks::NON_ASCII),
            ("-", Landmarks::HYPHEN),
            ("(", Landmarks::BRACKET),
            ("%", Landmarks::PERCENT),
            ("$", Landmarks::OTHER),
            ("\n", Landmarks::BREAK | Landmarks::OTHER),
            ("\u{1}", Landmarks::INVISIBLE | Landmarks::OTHER),
            ("\u{301}", Landmarks::MARK | Landmarks::NON_ASCII),
            ("\u{200b}", Landmarks::INVISIBLE | Landmarks::NON_ASCII),
            ("🙂", Landmarks::EMOJI | Landmarks::NON_ASCII),
            ("1", 0),
        ] {
            assert_eq!(Landmarks::of(text).seen, kind, "{text}");
        }
        assert!(Landmarks::of("４＠").meet(Needs::kinds(Landmarks::AT).digits(1)));
    }
    #[test]
    fn plain_letters_are_landmarks_of_no_kind() {
        for character in ('\0'..=char::MAX).filter(|one| is_plain(*one)) {
            let mut marks = Landmarks::default();
            marks.add(character);
            assert_eq!(marks, Landmarks::default(), "{character:?}");
        }
    }
}
