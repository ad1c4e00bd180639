//! What kinds of characters a text holds: one pass, so that most detectors need not look at all.

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

    /// Reads the text once.
    pub fn of(text: &str) -> Self {
        let mut marks = Self::default();
        for byte in text.bytes() {
            let kind = match byte {
                b'0'..=b'9' => {
                    marks.digits += 1;
                    0
                }
                b'a'..=b'z' | b'A'..=b'Z' => Self::LETTER,
                b'@' => Self::AT,
                b'.' => Self::DOT,
                b':' => Self::COLON,
                b'/' => Self::SLASH,
                b'-' => Self::HYPHEN,
                0x80.. => Self::NON_ASCII,
                _ => Self::OTHER,
            };
            marks.seen |= kind;
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

    /// How many ASCII digits.
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

    /// At least this many ASCII digits as well.
    #[must_use]
    pub const fn digits(self, digits: u32) -> Self {
        Self { digits, ..self }
    }
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
    }
}
