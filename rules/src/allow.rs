//! What is not to be found, though a detector finds it.

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::order;
use crate::span::Span;

/// An allow list, ready to ask. An empty one excuses nothing.
#[derive(Default)]
pub(crate) struct Allow {
    /// In small letters.
    exact: Vec<String>,
    patterns: Vec<Regex>,
    words: Option<AhoCorasick>,
}

impl Allow {
    /// A list of these texts, of expressions that match from end to end, and of words.
    pub(crate) fn new(exact: Vec<String>, patterns: Vec<Regex>, words: &[String]) -> Self {
        let words = (!words.is_empty())
            .then(|| AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok());
        let exact = exact.into_iter().map(|text| text.to_lowercase()).collect();
        Self { exact, patterns, words: words.flatten() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.patterns.is_empty() && self.words.is_none()
    }

    /// Whether it has expressions, each of which is tried on what was found.
    pub(crate) fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// The words of the list that stand in `text`, once for all that is found in it.
    pub(crate) fn places(&self, text: &str) -> Vec<Span> {
        let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        let whole = |span: &Span| {
            let before = text.get(..span.start()).and_then(|before| before.chars().next_back());
            let behind = text.get(span.end()..).and_then(|behind| behind.chars().next());
            !is_word(before) && !is_word(behind)
        };
        let mut places: Vec<Span> = self
            .words
            .iter()
            .flat_map(|words| words.find_overlapping_iter(text))
            .filter_map(|found| Span::new(found.start(), found.end()))
            .filter(whole)
            .collect();
        order::by_place(&mut places, |place| (place.start(), place.end(), 0));
        // What lies inside another excuses nothing more; so starts and ends both grow.
        let mut widest: Vec<Span> = Vec::with_capacity(places.len());
        for place in places {
            if widest.last().is_none_or(|last| last.end() < place.end()) {
                widest.push(place);
            }
        }
        widest
    }

    /// Whether what was found at `span` of `text` is on the list; `places` are those of the text.
    pub(crate) fn excuses(&self, text: &str, span: Span, places: &[Span]) -> bool {
        let inside = places
            .get(places.partition_point(|place| place.end() < span.end()))
            .is_some_and(|place| place.start() <= span.start());
        if inside {
            return true;
        }
        let Some(found) = text.get(span.range()) else { return false };
        let exact = !self.exact.is_empty() && {
            let found = found.to_lowercase();
            self.exact.contains(&found)
        };
        exact || self.patterns.iter().any(|pattern| pattern.is_match(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excused(allow: &Allow, text: &str, part: &str) -> bool {
        let start = text.find(part).unwrap();
        let span = Span::new(start, start + part.len()).unwrap();
        allow.excuses(text, span, &allow.places(text))
    }

    #[test]
    fn a_text_excuses_itself_alone() {
        let allow = Allow::new(vec!["Help@Example.com".to_owned()], Vec::new(), &[]);
        assert!(excused(&allow, "to help@example.com", "help@example.com"));
        assert!(!excused(&allow, "to xhelp@example.com", "xhelp@example.com"));
    }

    #[test]
    fn a_word_excuses_what_lies_inside_it() {
        let words = ["cock".to_owned(), "cockpit crew".to_owned(), "pit".to_owned()];
        let allow = Allow::new(Vec::new(), Vec::new(), &words);
        assert!(excused(&allow, "the Cockpit crew", "Cock"));
        assert!(!excused(&allow, "the cockpits", "cock"), "the word is another");
        assert!(excused(&allow, "a pit", "pit"));
    }
}
