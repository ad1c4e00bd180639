//! The one place that rewrites text.

use std::borrow::Cow;

use crate::span::{Span, SpanSet};

/// A text that may have been rewritten several times and still knows where each part came from.
///
/// Holds what members wrote, so it has no `Debug`.
#[derive(Clone)]
pub struct Rewritten<'a> {
    text: Cow<'a, str>,
    original: &'a str,
    /// In order, without gaps, over the whole text. Empty while nothing was rewritten.
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where the piece stands in the text as it is now.
    start: usize,
    end: usize,
    /// What it stands for in the original.
    original_start: usize,
    original_end: usize,
    /// Whether it is the original's bytes or a replacement for them.
    kept: bool,
}

impl<'a> Rewritten<'a> {
    /// A text as it came.
    pub fn new(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), original: text, pieces: Vec::new() }
    }

    /// The text as it is now.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is another text than the one that came.
    pub fn is_changed(&self) -> bool {
        !self.pieces.is_empty() && self.text != self.original
    }

    /// How long the text would be with these replacements, in bytes.
    pub fn length_with(&self, replacements: &SpanSet<String>) -> usize {
        replacements.iter().fold(self.text.len(), |length, (span, text)| {
            length - (span.end() - span.start()) + text.len()
        })
    }

    /// Replaces each span of the current text by its value. Every byte outside the spans stays.
    pub fn apply(&mut self, replacements: &SpanSet<String>) {
        if replacements.is_empty() {
            return;
        }
        let before = self.before();
        let mut text = String::with_capacity(self.length_with(replacements));
        let mut pieces: Vec<Piece> = Vec::with_capacity(before.len() + 2 * replacements.len());
        let mut at = 0;
        for (span, replacement) in replacements.iter() {
            self.keep(&before, at, span.start(), &mut text, &mut pieces);
            let original = self.original(span);
            let start = text.len();
            text.push_str(replacement);
            pieces.push(Piece {
                start,
                end: text.len(),
                original_start: original.start(),
                original_end: original.end(),
                kept: false,
            });
            at = span.end();
        }
        self.keep(&before, at, self.text.len(), &mut text, &mut pieces);
        self.text = Cow::Owned(text);
        self.pieces = pieces;
    }

    /// Where in the original text this span of the current text came from. Inside a replacement
    /// that is all that was replaced.
    pub fn original(&self, span: Span) -> Span {
        if self.pieces.is_empty() {
            return span;
        }
        let first = self.pieces.partition_point(|piece| piece.end <= span.start());
        let last = self.pieces.partition_point(|piece| piece.start < span.end()).saturating_sub(1);
        let start = self.pieces.get(first).map_or(self.original.len(), |piece| {
            let inside = if piece.kept { span.start().saturating_sub(piece.start) } else { 0 };
            piece.original_start + inside
        });
        let end = self.pieces.get(last).map_or(self.original.len(), |piece| {
            let beyond = if piece.kept { piece.end.saturating_sub(span.end()) } else { 0 };
            piece.original_end - beyond
        });
        Span::new(start, end).unwrap_or(span)
    }

    /// Whether some of this span of the current text is a replacement.
    pub fn is_rewritten(&self, span: Span) -> bool {
        let first = self.pieces.partition_point(|piece| piece.end <= span.start());
        let mut pieces = self.pieces.iter().skip(first);
        pieces.by_ref().take_while(|piece| piece.start < span.end()).any(|piece| !piece.kept)
    }

    fn before(&self) -> Vec<Piece> {
        if self.pieces.is_empty() {
            let end = self.text.len();
            vec![Piece { start: 0, end, original_start: 0, original_end: end, kept: true }]
        } else {
            self.pieces.clone()
        }
    }

    /// Copies `from..to` of the current text, with the pieces it is made of.
    fn keep(
        &self,
        before: &[Piece],
        from: usize,
        to: usize,
        text: &mut String,
        pieces: &mut Vec<Piece>,
    ) {
        let first = before.partition_point(|piece| piece.end <= from && piece.start < from);
        for piece in before.iter().skip(first).take_while(|piece| piece.start < to) {
            let start = piece.start.max(from);
            let end = piece.end.min(to);
            let Some(part) = self.text.get(start..end).filter(|part| !part.is_empty()) else {
                continue;
            };
            let at = text.len();
            text.push_str(part);
            let (original_start, original_end) = if piece.kept {
                (
                    piece.original_start + (start - piece.start),
                    piece.original_end - (piece.end - end),
                )
            } else {
                (piece.original_start, piece.original_end)
            };
            pieces.push(Piece {
                start: at,
                end: text.len(),
                original_start,
                original_end,
                kept: piece.kept,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(text: &str, replacements: &[(usize, usize, &str)]) -> SpanSet<String> {
        let reported = replacements
            .iter()
            .map(|&(start, end, by)| (Span::new(start, end).unwrap(), by.to_owned()))
            .collect();
        SpanSet::new(text, reported)
    }

    fn original(text: &Rewritten<'_>, part: &str) -> (usize, usize) {
        let start = text.as_str().find(part).unwrap();
        let span = text.original(Span::new(start, start + part.len()).unwrap());
        (span.start(), span.end())
    }

    #[test]
    fn a_place_is_found_again_after_two_rewrites() {
        let mut text = Rewritten::new("aa card bb card cc");
        text.apply(&set(text.as_str(), &[(3, 7, "[x]")]));
        assert_eq!(text.as_str(), "aa [x] bb card cc");
        text.apply(&set(text.as_str(), &[(10, 14, "")]));
        assert_eq!(text.as_str(), "aa [x] bb  cc");
        assert_eq!(original(&text, "cc"), (16, 18));
        assert_eq!(original(&text, "x"), (3, 7));
        assert_eq!(original(&text, "] bb"), (3, 10));
        let is_rewritten = |start, end| text.is_rewritten(Span::new(start, end).unwrap());
        assert!(!is_rewritten(0, 3) && !is_rewritten(6, 9));
        assert!(is_rewritten(0, 4) && is_rewritten(5, 8));
    }

    #[test]
    fn a_replacement_of_a_replacement_stands_for_all_of_it() {
        let mut text = Rewritten::new("ab1234cd");
        text.apply(&set(text.as_str(), &[(2, 6, "****")]));
        text.apply(&set(text.as_str(), &[(1, 4, "#")]));
        assert_eq!(text.as_str(), "a#**cd");
        assert_eq!(original(&text, "#"), (1, 6));
        assert_eq!(original(&text, "d"), (7, 8));
    }

    proptest! {
        #[test]
        fn every_byte_outside_the_spans_is_kept(
            source in "\\PC{0,60}",
            wanted in prop::collection::vec((0usize..80, 1usize..9, "[a-zé*]{0,6}"), 0..6),
        ) {
            let reported = wanted
                .into_iter()
                .map(|(start, length, by)| (Span::new(start, start + length).unwrap(), by))
                .collect();
            let replacements = SpanSet::new(&source, reported);
            let mut text = Rewritten::new(&source);
            let predicted = text.length_with(&replacements);
            text.apply(&replacements);
            prop_assert_eq!(predicted, text.as_str().len());
            let mut expected = String::new();
            let mut at = 0;
            for (span, by) in replacements.iter() {
                expected.push_str(source.get(at..span.start()).unwrap());
                expected.push_str(by);
                at = span.end();
            }
            expected.push_str(source.get(at..).unwrap());
            prop_assert_eq!(text.as_str(), expected);
        }
    }
}
