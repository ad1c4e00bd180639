//! Short lists of words.

use std::cmp::Ordering;

/// Words in order, as one text: an address for each would take more room than the words do. ASCII's
/// letters are small in it and of either case in what is looked up.
#[derive(Clone, Copy)]
pub(super) struct Listed(&'static str);

impl Listed {
    /// The words of a text, which is in order and has a space between two. Where a list is a
    /// constant, one that is not like this does not compile.
    pub(super) const fn of(words: &'static str) -> Self {
        assert!(is_in_order(words.as_bytes()), "in small letters, each word before the next");
        Self(words)
    }

    /// Whether this is one of the words.
    pub(super) fn has(self, word: impl AsRef<[u8]>) -> bool {
        self.finds(word.as_ref())
    }

    #[inline(never)]
    fn finds(self, word: &[u8]) -> bool {
        let list = self.0.as_bytes();
        let is_space = |byte: &u8| *byte == b' ';
        let (mut low, mut high) = (0, list.len());
        while low < high {
            let middle = low.midpoint(high);
            let before = list.get(low..middle).unwrap_or_default();
            let behind = list.get(middle..high).unwrap_or_default();
            let start = before.iter().rposition(is_space).map_or(low, |at| low + at + 1);
            let end = behind.iter().position(is_space).map_or(high, |at| middle + at);
            let one = list.get(start..end).unwrap_or_default();
            match one.iter().copied().cmp(word.iter().map(u8::to_ascii_lowercase)) {
                Ordering::Less => low = end + 1,
                Ordering::Equal => return true,
                Ordering::Greater => high = start.saturating_sub(1).max(low),
            }
        }
        false
    }

    /// The words.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        self.0.split(' ')
    }
}

/// Whether each word is before the next, in small letters.
const fn is_in_order(words: &[u8]) -> bool {
    if matches!(words, [b' ', ..]) {
        return false;
    }
    let (mut word, mut rest) = (words, words);
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if byte.is_ascii_uppercase() {
            return false;
        }
        if *byte == b' ' {
            if !is_before(word, rest) {
                return false;
            }
            word = rest;
        }
    }
    true
}

/// Whether the word that `one` begins with is before that of `next`: a space is before all letters.
const fn is_before(mut one: &[u8], mut next: &[u8]) -> bool {
    while let ([byte, behind @ ..], [other, beyond @ ..]) = (one, next) {
        if *byte != *other {
            return *byte < *other;
        }
        if *byte == b' ' {
            return false;
        }
        (one, next) = (behind, beyond);
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_out_of_order_is_no_list() {
        for words in
            ["b a", "a a", "ab a", "a A", "a  b", "a ", " ", " a", "é z", "a b aa", "a b b"]
        {
            assert!(!is_in_order(words.as_bytes()), "{words}");
        }
        for words in ["a", "a aa b", "a ab abc b", "z é", "für to ж", ""] {
            assert!(is_in_order(words.as_bytes()), "{words}");
        }
    }

    proptest! {
        #[test]
        fn a_word_is_found_where_it_is_in_the_list(
            words in prop::collection::btree_set("[a-cé]{1,3}", 1..12),
            word in "[a-cA-Cé ]{0,4}",
        ) {
            let text: Vec<&str> = words.iter().map(String::as_str).collect();
            let list = Listed::of(text.join(" ").leak());
            prop_assert!(words.iter().all(|one| list.has(one) && list.has(one.to_ascii_uppercase())));
            prop_assert_eq!(list.has(&word), words.contains(&word.to_ascii_lowercase()));
        }
    }
}
