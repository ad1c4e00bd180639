//! Places in a text, and sets of them that cannot overlap.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::order;

/// A half-open range of byte offsets, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`; `None` where nothing is between them.
    pub fn new(start: usize, end: usize) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Offset of the first byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// Offset behind the last byte.
    pub fn end(self) -> usize {
        self.end
    }

    /// The offsets as a range, to slice with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether the two have a byte in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Spans of one text, in order, none overlapping another, none cutting a grapheme cluster in two;
/// each carries a value.
///
/// Where two reported spans share a byte they become one that covers both: what either wanted
/// hidden stays hidden. The merged span carries the value of the longer one, the earlier of
/// equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanSet<T> {
    items: Vec<(Span, T)>,
}

impl<T> SpanSet<T> {
    /// The set made of `reported` spans of `text`, widened to whole grapheme clusters.
    ///
    /// Linear in the text, and n·log n in the number of spans. A span that ends behind the text is
    /// cut to it.
    pub fn new(text: &str, mut reported: Vec<(Span, T)>) -> Self {
        order::by_place(&mut reported, |(span, _)| (span.start, span.end, 0));
        let is_whole = |(span, _): &(Span, T)| {
            [span.start, span.end].iter().all(|at| text.is_char_boundary((*at).min(text.len())))
        };
        if !are_apart(text) || !reported.iter().all(is_whole) {
            widen_to_graphemes(text, &mut reported);
        }
        let mut items: Vec<(Span, T, usize)> = Vec::with_capacity(reported.len());
        for (span, value) in reported {
            let Some(span) = Span::new(span.start.min(text.len()), span.end.min(text.len())) else {
                continue;
            };
            let length = span.end - span.start;
            match items.last_mut() {
                Some((last, kept, longest)) if last.overlaps(span) => {
                    *last = last.cover(span);
                    if length > *longest {
                        *longest = length;
                        *kept = value;
                    }
                }
                _ => items.push((span, value, length)),
            }
        }
        Self { items: items.into_iter().map(|(span, value, _)| (span, value)).collect() }
    }

    /// Whether there is no span.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many spans.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The spans in order.
    pub fn iter(&self) -> impl Iterator<Item = (Span, &T)> {
        self.items.iter().map(|(span, value)| (*span, value))
    }

    /// The same spans with values made from the old ones.
    pub fn map<U>(self, mut make: impl FnMut(Span, T) -> U) -> SpanSet<U> {
        let items = self.items.into_iter().map(|(span, value)| (span, make(span, value))).collect();
        SpanSet { items }
    }
}

/// Whether every character of the text is a cluster of its own: no two below U+0300, where the marks
/// begin, are one, but for those that end a line.
pub(crate) fn are_apart(text: &str) -> bool {
    text.bytes().fold(0, u8::max) < 0xcc && memchr::memchr(b'\r', text.as_bytes()).is_none()
}

/// Whether a character below U+0300 of two bytes begins with this one.
fn begins_pair(first: u8) -> bool {
    (0xc2..0xcc).contains(&first)
}

/// Moves starts back and ends on to the boundaries of grapheme clusters. `spans` are sorted by
/// start. One walk over the stretches of the text in which they begin and end: asking a cursor per
/// span could walk back over a run of flags or joiners each time.
fn widen_to_graphemes<T>(text: &str, spans: &mut [(Span, T)]) {
    let boundaries = boundaries(text, spans.iter().flat_map(|(span, _)| [span.start, span.end]));
    for (span, _) in spans {
        let after_start = boundaries.partition_point(|at| *at <= span.start);
        let start = after_start.checked_sub(1).and_then(|at| boundaries.get(at)).copied();
        let end = boundaries.get(boundaries.partition_point(|at| *at < span.end)).copied();
        *span = Span { start: start.unwrap_or(0), end: end.unwrap_or(span.end).max(span.end) };
    }
}

/// The boundaries of clusters of `text` on both sides of each of these places, in order; the place
/// itself where it is one.
fn boundaries(text: &str, places: impl Iterator<Item = usize>) -> Vec<usize> {
    let bytes = text.as_bytes();
    let is_sure = |at: usize| {
        let (before, behind) = bytes.split_at(at.min(bytes.len()));
        let (Some(last), Some(first)) = (before.last(), behind.first()) else { return true };
        let ends = last.is_ascii() || matches!(before, [.., first, _] if begins_pair(*first));
        let begins = first.is_ascii() || begins_pair(*first);
        ends && begins && (*last, *first) != (b'\r', b'\n')
    };
    let mut places: Vec<usize> = places.map(|at| at.min(text.len())).collect();
    places.sort_unstable();
    let mut boundaries: Vec<usize> = Vec::new();
    for place in places {
        let floor = boundaries.last().copied().unwrap_or(0);
        if place <= floor && floor > 0 {
            continue;
        }
        if is_sure(place) {
            boundaries.push(place);
            continue;
        }
        let start = (floor..place).rev().find(|at| is_sure(*at)).unwrap_or(floor);
        let end = (place..text.len()).find(|at| is_sure(*at)).unwrap_or(text.len());
        let stretch = text.get(start..end).unwrap_or_default();
        boundaries.extend(stretch.grapheme_indices(true).map(|(at, _)| start + at));
        boundaries.push(end);
    }
    boundaries
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn boundaries_are_those_of_the_whole_text() {
        let text = "a🇩🇪🇫🇷 e\u{301}x\r\n\r\u{301}👩\u{200d}👧 1\u{fe0f}\u{20e3}한국 zéü\u{301}ß\u{ad}©\u{200d}® z";
        let all: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        for (place, _) in text.char_indices() {
            let near = boundaries(text, std::iter::once(place));
            let before = |among: &[usize]| among.iter().copied().rfind(|at| *at <= place);
            let behind = |among: &[usize]| among.iter().copied().find(|at| *at >= place);
            assert_eq!(before(&near), before(&all), "{place}");
            assert_eq!(behind(&near).filter(|at| *at < text.len()), behind(&all), "{place}");
        }
    }

    #[test]
    fn no_two_characters_below_the_marks_are_one() {
        for one in '\0'..'\u{300}' {
            for other in ['a', 'é', '\n', '\u{85}', '\u{ad}', '©', one] {
                for text in [format!("{one}{other}"), format!("{other}{one}")] {
                    let apart = text.graphemes(true).count() == 2;
                    assert!(apart || !are_apart(&text), "{text:?}");
                }
            }
        }
        assert!(are_apart("Straße, ça"));
        assert!(!are_apart("e\u{301}"));
        assert!(!are_apart("a\r\n"));
    }

    fn span(start: usize, end: usize) -> Span {
        Span::new(start, end).unwrap()
    }

    fn spans(text: &str, reported: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let reported = reported.iter().map(|&(start, end)| (span(start, end), ())).collect();
        SpanSet::new(text, reported).iter().map(|(span, ())| (span.start, span.end)).collect()
    }

    #[test]
    fn touching_spans_stay_apart() {
        assert_eq!(spans("abcdef", &[(0, 2), (2, 4)]), [(0, 2), (2, 4)]);
    }

    #[test]
    fn overlapping_spans_become_one() {
        assert_eq!(spans("abcdef", &[(2, 5), (0, 3)]), [(0, 5)]);
    }

    #[test]
    fn the_longer_span_names_the_union() {
        let set = SpanSet::new("abcdef", vec![(span(0, 2), "short"), (span(1, 6), "long")]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [(span(0, 6), &"long")]);
    }

    #[test]
    fn a_span_takes_the_whole_grapheme() {
        // The digit 1 of a keycap: digit, variation selector, enclosing mark.
        let text = "a1\u{fe0f}\u{20e3}b";
        assert_eq!(spans(text, &[(1, 2)]), [(1, 8)]);
        // Half of a flag of two regional indicators.
        assert_eq!(spans("🇩🇪x", &[(4, 8)]), [(0, 8)]);
        // Half of a letter.
        assert_eq!(spans("A®é", &[(2, 3)]), [(1, 3)]);
        assert_eq!(spans("A®é", &[(1, 4)]), [(1, 5)]);
    }

    #[test]
    fn an_empty_span_cannot_be_made() {
        assert_eq!(Span::new(3, 3), None);
        assert_eq!(Span::new(4, 3), None);
    }

    proptest! {
        #[test]
        fn a_set_is_ordered_disjoint_and_on_grapheme_boundaries(
            text in "[a-z\\PC\u{300}\u{200d}🇩🇪\r\n]{0,40}",
            wanted in prop::collection::vec((0usize..120, 1usize..20), 0..8),
        ) {
            let reported: Vec<_> =
                wanted.iter().map(|&(start, length)| (span(start, start + length), ())).collect();
            let set = SpanSet::new(&text, reported.clone());
            let mut boundaries: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
            boundaries.push(text.len());
            let mut before = 0;
            for (span, ()) in set.iter() {
                prop_assert!(span.start() >= before);
                prop_assert!(boundaries.contains(&span.start()));
                prop_assert!(boundaries.contains(&span.end()));
                before = span.end();
            }
            for (span, ()) in reported {
                for byte in span.start()..span.end().min(text.len()) {
                    prop_assert!(set.iter().any(|(kept, ())| kept.range().contains(&byte)));
                }
            }
        }
    }
}
