//! What is remembered of a field's text while it changes.
//!
//! A text is read again after each redaction, once more where its percent signs may or may not be
//! escapes, and what floods a channel says the same over and over. Most pieces of a text were there
//! before: what is costly to find out about a piece alone is found out once.

use std::cell::RefCell;

use super::{link, profanity};

/// What was found out about the pieces of a field's text.
///
/// Holds what members wrote, so it has no `Debug`.
#[derive(Default)]
pub(crate) struct Memory {
    /// Words that are written with more than letters.
    pub(super) tokens: Remembered<profanity::Judged, 32>,
    /// Hosts, as they are written.
    pub(super) hosts: Remembered<link::Judged, 4>,
}

/// Pieces of text, each with what was found out about it. The first so many that are asked for are
/// not remembered: most messages have no more.
pub(super) struct Remembered<T, const FIRST: usize>(RefCell<Known<T>>);

struct Known<T> {
    /// In the order of the pieces, each behind how it begins: few begin alike.
    pieces: Vec<(u64, Box<str>, T)>,
    /// How many were asked for, up to those that are not remembered.
    asked: usize,
}

/// The most pieces that are remembered; whoever writes more that differ does not repeat himself.
const MOST: usize = 256;

impl<T, const FIRST: usize> Default for Remembered<T, FIRST> {
    fn default() -> Self {
        Self(RefCell::new(Known { pieces: Vec::new(), asked: 0 }))
    }
}

impl<T, const FIRST: usize> Remembered<T, FIRST> {
    /// What is known of a piece, or what `find` finds out about it now, as `tell` takes it.
    pub(super) fn recall<R>(
        &self,
        piece: &str,
        find: impl FnOnce() -> T,
        tell: impl FnOnce(&T) -> R,
    ) -> R {
        // Nobody asks for a piece while finding out about another of its kind.
        let mut known = self.0.borrow_mut();
        let Known { pieces, asked } = &mut *known;
        if *asked < FIRST {
            *asked += 1;
            return tell(&find());
        }
        let begin = begin(piece);
        let place = pieces.partition_point(|(known, whole, _)| {
            *known < begin || *known == begin && **whole < *piece
        });
        if let Some((_, _, found)) = pieces.get(place).filter(|(_, known, _)| **known == *piece) {
            return tell(found);
        }
        let found = find();
        let told = tell(&found);
        if pieces.len() < MOST {
            pieces.insert(place, (begin, piece.into(), found));
        }
        told
    }
}

/// The first bytes of a piece, as a number that is in the order of the pieces.
fn begin(piece: &str) -> u64 {
    let mut first = [0; 8];
    for (place, byte) in first.iter_mut().zip(piece.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::link::search::{Form, Links};
    use super::super::{Scan, Shared};
    use super::*;

    /// What is found in a text: words with where they are, links with their hosts.
    fn found(scan: &Scan<'_>) -> (Vec<String>, Vec<(String, Form)>) {
        let words = profanity::find(scan).iter().map(|one| format!("{one:?}")).collect();
        let links = Links::of(scan).map(|link| (link.host, link.form)).collect();
        (words, links)
    }

    #[test]
    fn the_first_pieces_are_forgotten() {
        let memory: Remembered<usize, 2> = Remembered::default();
        let mut looks = 0;
        let mut ask = || {
            memory.recall(
                "piece",
                || {
                    looks += 1;
                    looks
                },
                |known| *known,
            )
        };
        assert_eq!([ask(), ask(), ask(), ask(), ask()], [1, 2, 3, 3, 3]);
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let memory: Remembered<(), 0> = Remembered::default();
        let mut looks = 0;
        for _ in 0..2 {
            for number in 0..MOST + 10 {
                memory.recall(&number.to_string(), || looks += 1, |()| ());
            }
        }
        assert_eq!(looks, MOST + 20);
    }

    proptest! {
        /// Both texts are long enough that pieces are remembered.
        #[test]
        fn what_is_remembered_is_what_would_be_found(
            pieces in prop::collection::vec(
                "[aſ@s$5]{2,5}|f[*u\u{200b}v-]{1,2}[ck.]{1,3}|[a-d1%.]{1,6}\\.(com|de|%2e|c%6fm)|[a-z] |[!(]?sh[i1!|]t[)*]?",
                1..12,
            ),
            cut in 0..100_usize,
        ) {
            let text = pieces.join(" ").repeat(12);
            let other: String = text.chars().skip(cut).filter(|one| *one != 'a').collect();
            let memory = Memory::default();
            for text in [text.as_str(), other.as_str(), text.as_str()] {
                let shared = Shared::of(text);
                let scan = Scan::new(text, &shared);
                prop_assert_eq!(found(&scan.remembering(&memory)), found(&scan));
            }
        }
    }
}
