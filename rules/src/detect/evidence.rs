//! Why a hit is thought to be one, as arithmetic that can be shown.

/// The parts of a hit's confidence: what speaks for it and what against, in points.
///
/// Each detector writes its sums down as constants, so the same reasons always weigh the same and
/// `explain` can show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence(&'static [(&'static str, i16)]);

impl Evidence {
    /// Evidence made of these parts: a reason, and its points.
    pub const fn of(parts: &'static [(&'static str, i16)]) -> Self {
        Self(parts)
    }

    /// The parts.
    pub fn parts(self) -> &'static [(&'static str, i16)] {
        self.0
    }

    /// The sum, in 0–100.
    pub fn confidence(self) -> u8 {
        let sum: i16 = self.0.iter().map(|(_, points)| points).sum();
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
