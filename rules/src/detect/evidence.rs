//! Why a hit is thought to be one, as arithmetic that can be shown.

use super::profanity::Kind;

/// The parts of a hit's confidence: what speaks for it and what against, in points.
///
/// Each detector writes its sums down as constants, so the same reasons always weigh the same and
/// `explain` can show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    parts: &'static [(&'static str, i16)],
    about: About,
}

/// Which of the things that a detector knows a hit is, where there is more to say than its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// There is not.
    Nothing,
    /// An entry of the lexicon.
    Entry(Kind),
    /// A phrase of the rule's own, by its number.
    Phrase(usize),
}

/// What a hit was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadAs {
    /// The entry of the lexicon that is most like it, or the rule's own phrase.
    pub entry: Option<String>,
    /// The entry's category, in the policy's words.
    pub category: Option<&'static str>,
    /// Its severity.
    pub severity: Option<&'static str>,
    /// Its language.
    pub language: Option<&'static str>,
}

impl Evidence {
    /// Evidence made of these parts: a reason, and its points.
    pub const fn of(parts: &'static [(&'static str, i16)]) -> Self {
        Self { parts, about: About::Nothing }
    }

    /// The same, of something in particular.
    pub(crate) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// What in particular was found.
    pub(crate) fn which(self) -> About {
        self.about
    }

    /// The parts.
    pub fn parts(self) -> &'static [(&'static str, i16)] {
        self.parts
    }

    /// The sum, in 0–100.
    pub fn confidence(self) -> u8 {
        let sum: i16 = self.parts.iter().map(|(_, points)| points).sum();
        u8::try_from(sum.clamp(0, 100)).unwrap_or(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_the_sum_held_between_0_and_100() {
        assert_eq!(Evidence::of(&[("a", 60), ("b", -20)]).confidence(), 40);
        assert_eq!(Evidence::of(&[("a", 60), ("b", 60)]).confidence(), 100);
        assert_eq!(Evidence::of(&[("a", -60)]).confidence(), 0);
    }
}
