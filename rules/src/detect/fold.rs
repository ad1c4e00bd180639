//! A text respelt for comparing, each part of which knows where it came from.

use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

use super::word;

/// A respelt text. Each of its pieces stands for a stretch of the original, in order.
///
/// Holds what members wrote, so it has no `Debug`.
pub(crate) struct Folded {
    text: String,
    /// Where each piece begins, here and in the original; ends with the ends of both.
    pieces: Vec<(usize, usize)>,
}

impl Folded {
    /// Small letters, accents apart from their letters, so that `É` and `e` + accent are the same.
    pub(crate) fn small(original: &str) -> Self {
        let mut folded = Self::with_capacity(original.len());
        for (at, character) in original.char_indices() {
            folded.pieces.push((folded.text.len(), at));
            small(character, |part| folded.text.push(part));
        }
        folded.end(original.len())
    }

    /// The same with one space in place of every run of characters that no word is made of.
    pub(crate) fn words(original: &str) -> Self {
        let mut folded = Self::with_capacity(original.len());
        let mut in_word = true;
        for (at, character) in original.char_indices() {
            if word::continues(character) {
                folded.pieces.push((folded.text.len(), at));
                small(character, |part| folded.text.push(part));
                in_word = true;
            } else if in_word {
                folded.pieces.push((folded.text.len(), at));
                folded.text.push(' ');
                in_word = false;
            }
        }
        folded.end(original.len())
    }

    fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), pieces: Vec::with_capacity(bytes + 1) }
    }

    fn end(mut self, original: usize) -> Self {
        self.pieces.push((self.text.len(), original));
        self
    }

    /// The respelt text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The stretch of the original that `range` stands for; `None` where it cuts a piece.
    pub(crate) fn original(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let at = |offset: usize| {
            let index = self.pieces.binary_search_by_key(&offset, |(folded, _)| *folded).ok()?;
            self.pieces.get(index).map(|(_, original)| *original)
        };
        Some(at(range.start)?..at(range.end)?)
    }
}

/// The character in small letters and decomposed.
pub(crate) fn small(character: char, mut write: impl FnMut(char)) {
    match character {
        _ if character.is_ascii() => write(character.to_ascii_lowercase()),
        // One sigma, wherever it stands in the word.
        'ς' => write('σ'),
        '\u{2019}' => write('\''),
        _ => {
            for lower in character.to_lowercase() {
                decompose_canonical(lower, &mut write);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn original<'a>(folded: &Folded, text: &'a str, part: &str) -> Option<&'a str> {
        let at = folded.text().find(part)?;
        folded.original(&(at..at + part.len())).map(|range| text.get(range).unwrap())
    }

    #[test]
    fn both_spellings_of_an_accent_are_the_same() {
        assert_eq!(Folded::small("CAFÉ").text(), Folded::small("cafe\u{301}").text());
    }

    #[test]
    fn a_part_is_found_in_the_original() {
        let text = "ÉTÉ, d’été";
        let folded = Folded::small(text);
        assert_eq!(original(&folded, text, "d'e\u{301}t"), Some("d’ét"));
        assert_eq!(original(&folded, text, "te"), None, "half of a letter");
    }

    #[test]
    fn runs_between_words_are_one_space() {
        let text = "one, -- two…three";
        let folded = Folded::words(text);
        assert_eq!(folded.text(), "one two three");
        assert_eq!(original(&folded, text, "one two"), Some("one, -- two"));
        assert_eq!(original(&folded, text, " two"), Some(", -- two"));
    }
}
