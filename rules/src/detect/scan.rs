//! The text a detector reads, with what several detectors would otherwise each look for.

use std::cell::OnceCell;
use std::ops::Range;

use super::Landmarks;
use super::fold::Folded;

/// What is known of a text, found once and kept until the text changes.
///
/// Holds what members wrote, so it has no `Debug`.
pub struct Shared {
    landmarks: Landmarks,
    digit_runs: OnceCell<Vec<Range<usize>>>,
    small: OnceCell<Folded>,
    words: OnceCell<Folded>,
}

impl Shared {
    /// Reads `text` once; the rest is found when it is asked for.
    pub fn of(text: &str) -> Self {
        Self {
            landmarks: Landmarks::of(text),
            digit_runs: OnceCell::new(),
            small: OnceCell::new(),
            words: OnceCell::new(),
        }
    }

    /// Which kinds of characters it holds.
    pub fn landmarks(&self) -> Landmarks {
        self.landmarks
    }
}

/// One text to scan. Shared passes are made once, when the first detector asks for them.
///
/// Holds what members wrote, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    text: &'a str,
    shared: &'a Shared,
}

impl<'a> Scan<'a> {
    /// A scan of `text`; `shared` was made of the same text.
    pub fn new(text: &'a str, shared: &'a Shared) -> Self {
        Self { text, shared }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Which kinds of characters it holds.
    pub fn landmarks(&self) -> Landmarks {
        self.shared.landmarks
    }

    /// The longest runs of ASCII digits, in order.
    pub fn digit_runs(&self) -> &'a [Range<usize>] {
        self.shared.digit_runs.get_or_init(|| {
            if self.shared.landmarks.digits() == 0 {
                return Vec::new();
            }
            let mut runs: Vec<Range<usize>> = Vec::new();
            for (at, byte) in self.text.bytes().enumerate() {
                if !byte.is_ascii_digit() {
                    continue;
                }
                match runs.last_mut() {
                    Some(run) if run.end == at => run.end = at + 1,
                    _ => runs.push(at..at + 1),
                }
            }
            runs
        })
    }

    /// The text in small letters, accents apart.
    pub(crate) fn small(&self) -> &'a Folded {
        self.shared.small.get_or_init(|| Folded::small(self.text))
    }

    /// The same with one space for whatever stands between words.
    pub(crate) fn words(&self) -> &'a Folded {
        self.shared.words.get_or_init(|| Folded::words(self.text))
    }

    /// The character before `at`.
    pub fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// The character that begins at `at`.
    pub fn behind(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Whether neither a letter nor a digit touches `range`.
    pub fn stands_alone(&self, range: &Range<usize>) -> bool {
        !self.before(range.start).is_some_and(char::is_alphanumeric)
            && !self.behind(range.end).is_some_and(char::is_alphanumeric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_runs_are_maximal() {
        let text = "12a345 6";
        let shared = Shared::of(text);
        let scan = Scan::new(text, &shared);
        assert_eq!(scan.digit_runs(), [0..2, 3..6, 7..8]);
    }

    #[test]
    fn letters_of_any_script_touch() {
        let text = "я12 34";
        let shared = Shared::of(text);
        let scan = Scan::new(text, &shared);
        assert!(!scan.stands_alone(&(2..4)));
        assert!(scan.stands_alone(&(5..7)));
    }
}
