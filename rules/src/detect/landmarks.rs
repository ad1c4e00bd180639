//! What kinds of characters a text holds: one pass, so that most detectors need not look at all.

use super::transcript;

/// Kinds of bytes seen in a text, and how many digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Landmarks {
    seen: u16,
    digits: u32,
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
    /// Any other ASCII byte but a digit.
    pub const OTHER: u16 = 1 << 7;

    /// Reads the text once; once more where it is not ASCII, so that a look-alike of an ASCII
    /// character (a fullwidth digit, say) counts as that character too.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut marks =
            Self { seen: kinds(bytes.iter().copied()), digits: digits(bytes.iter().copied()) };
        if !marks.is_ascii() {
            marks.seen |= kinds(text.chars().filter_map(transcript::ascii));
            marks.digits += digits(text.chars().filter_map(transcript::ascii));
        }
        marks
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

    /// At least this many digits as well.
    #[must_use]
    pub const fn digits(self, digits: u32) -> Self {
        Self { digits, ..self }
    }
}

/// The kinds of these bytes. Without branches, so that the compiler reads many bytes at once.
fn kinds(bytes: impl Iterator<Item = u8>) -> u16 {
    let kinds = |byte: u8| {
        let letter = byte.is_ascii_alphabetic();
        let sign = matches!(byte, b'@' | b'.' | b':' | b'/' | b'-');
        let other = !letter && !sign && byte.is_ascii() && !byte.is_ascii_digit();
        u8::from(letter)
            | u8::from(byte == b'@') << 1
            | u8::from(byte == b'.') << 2
            | u8::from(byte == b':') << 3
            | u8::from(byte == b'/') << 4
            | u8::from(!byte.is_ascii()) << 5
            | u8::from(byte == b'-') << 6
            | u8::from(other) << 7
    };
    u16::from(bytes.fold(0, |seen, byte| seen | kinds(byte)))
}

fn digits(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.map(|byte| u32::from(byte.is_ascii_digit())).sum()
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
            ("(", Landmarks::OTHER),
            ("1", 0),
        ] {
            assert_eq!(Landmarks::of(text).seen, kind, "{text}");
        }
        assert!(Landmarks::of("４＠").meet(Needs::kinds(Landmarks::AT).digits(1)));
    }
}
