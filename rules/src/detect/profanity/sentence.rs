//! Phrases of the lexicon with a word in disguise: `k1ll yourself`.
//!
//! Looks only near words that something else than plain letters is a part of.

use std::ops::Range;

use super::disguise::Disguised;
use super::glyph::{self, Glyph, Role};
use super::lexicon::{self, BETWEEN, Kind, OTHER};
use super::search::search;

/// How much is read on both sides of a word in disguise, in bytes; no phrase is longer.
const AROUND: usize = 64;

/// Reports the phrases that have one of the words at `mixed` in them.
pub(super) fn phrases(
    text: &str,
    mixed: &[Range<usize>],
    wanted: impl Fn(Kind) -> bool + Copy,
    found: &mut Vec<Disguised>,
) {
    let mut index = 0;
    while let Some(first) = mixed.get(index) {
        let start = index;
        let mut end = first.end;
        // Words that are near each other are read together.
        while let Some(next) = mixed.get(index).filter(|next| next.start <= end + AROUND) {
            end = next.end;
            index += 1;
        }
        let words = mixed.get(start..index).unwrap_or_default();
        let around = around(text, first.start, end);
        for other in [false, true] {
            let reading = Reading::of(text, around.clone(), words, other);
            if reading.letters.len() > 1 && (!other || reading.ambiguous) {
                reading.find(wanted, found);
            }
        }
    }
}

/// The words around this stretch of text.
fn around(text: &str, start: usize, end: usize) -> Range<usize> {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let bytes = text.as_bytes();
    let least = start.saturating_sub(AROUND);
    let before = bytes.get(least..start).unwrap_or_default();
    let from = if least == 0 {
        0
    } else {
        before.iter().position(is_space).map_or(start, |space| least + space)
    };
    let behind = bytes.get(end..text.len().min(end + AROUND)).unwrap_or_default();
    let to = if end + AROUND >= text.len() {
        text.len()
    } else {
        behind.iter().rposition(is_space).map_or(end, |space| end + space)
    };
    from..to
}

/// A symbol of the automaton with its place.
struct Letter {
    symbol: u8,
    range: Range<usize>,
    /// Whether it stands for another one.
    odd: bool,
}

/// A stretch of text as letters, whatever they are written with.
struct Reading {
    letters: Vec<Letter>,
    /// Whether a glyph stands for either of two letters.
    ambiguous: bool,
}

impl Reading {
    /// Reads the words of `range`; of those at `mixed`, glyphs that stand for either of two letters
    /// as the `other` one.
    fn of(text: &str, range: Range<usize>, mixed: &[Range<usize>], other: bool) -> Self {
        let mut reading = Self { letters: Vec::new(), ambiguous: false };
        let mut at = range.start;
        for word in mixed {
            reading.plain(text, at..word.start);
            reading.word(text, word.clone(), other);
            at = word.end;
        }
        reading.plain(text, at..range.end);
        reading
    }

    fn plain(&mut self, text: &str, range: Range<usize>) {
        for (at, character) in text.get(range.clone()).unwrap_or_default().char_indices() {
            let start = range.start + at;
            let symbol = match u8::try_from(character).ok().filter(u8::is_ascii) {
                Some(ascii) => lexicon::symbol_of(ascii),
                None => match Glyph::of(character) {
                    Glyph { role: Role::Letter, symbol, .. } => symbol,
                    Glyph { role: Role::Nothing, .. } => continue,
                    _ if character.is_alphabetic() => OTHER,
                    _ => BETWEEN,
                },
            };
            let range = start..start + character.len_utf8();
            self.letters.push(Letter { symbol, range, odd: false });
        }
    }

    fn word(&mut self, text: &str, range: Range<usize>, other: bool) {
        let first = self.letters.len();
        let token = text.get(range.clone()).unwrap_or_default();
        let mut hidden = false;
        for written in glyph::written(token) {
            let Glyph { role, symbol, other: second } = written.glyph;
            let symbol = match role {
                Role::Nothing => {
                    hidden = true;
                    continue;
                }
                Role::Opaque => OTHER,
                _ if other => second,
                _ => symbol,
            };
            let range = range.start + written.range.start..range.start + written.range.end;
            let replaced = !matches!(role, Role::Letter) && symbol != BETWEEN;
            let odd = replaced || hidden || written.is_sequence;
            hidden = false;
            self.ambiguous |= written.glyph.symbol != second;
            self.letters.push(Letter { symbol, range, odd });
        }
        self.unmask(first);
        // What ends the sentence is no letter.
        let sentence = self
            .letters
            .iter()
            .rposition(|letter| letter.symbol != lexicon::symbol(b'i') || !letter.odd);
        let end = sentence.map_or(first, |last| last + 1).max(first);
        for letter in self.letters.get_mut(end..).unwrap_or_default() {
            letter.symbol = BETWEEN;
        }
    }

    /// Puts its letters into a word that is masked, where it can be told: `k*ll`.
    fn unmask(&mut self, first: usize) {
        let letters = self.letters.get_mut(first..).unwrap_or_default();
        let fits = |word: &&&str| {
            let seen = letters.iter().zip(word.bytes());
            let masked = seen.clone().filter(|(letter, _)| letter.symbol == BETWEEN).count();
            let same = seen.filter(|(letter, own)| letter.symbol == lexicon::symbol(*own)).count();
            let rest = letters.get(word.len()..).unwrap_or_default();
            let ends = rest.iter().all(|letter| letter.symbol == BETWEEN);
            masked > 0 && same >= 2 && masked + same == word.len() && ends
        };
        let Some(word) = MASKED.iter().find(fits) else { return };
        for (letter, own) in letters.iter_mut().zip(word.bytes()) {
            letter.odd |= letter.symbol == BETWEEN;
            letter.symbol = lexicon::symbol(own);
        }
    }

    fn find(&self, wanted: impl Fn(Kind) -> bool, found: &mut Vec<Disguised>) {
        let mut hits = Vec::new();
        search(&self.letters, |letter| letter.symbol, wanted, &mut hits);
        for hit in hits {
            let core = self.letters.get(hit.core).unwrap_or_default();
            let is_phrase = core.iter().any(|letter| letter.symbol == BETWEEN);
            if let ([first, ..], [.., last]) = (core, core)
                && is_phrase
                && core.iter().any(|letter| letter.odd)
            {
                let range = first.range.start..last.range.end;
                found.push(Disguised { range, kind: hit.kind, masked: false });
            }
        }
    }
}

/// Words of phrases that are known with some of their letters masked.
const MASKED: &[&str] = &[
    "kill", "murder", "shoot", "stab", "rape", "hang", "behead", "lynch", "suicide", "killing",
    "bomb", "yourself", "urself", "myself",
];

#[cfg(test)]
mod tests {
    use super::super::disguise;
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mixed = disguise::disguised(text, |_| true, &mut Vec::new());
        phrases(text, &mixed, |_| true, &mut found);
        found.into_iter().map(|found| text.get(found.range).unwrap()).collect()
    }

    #[test]
    fn words_of_latin_letters_are_not_in_disguise() {
        let mixed = |text| disguise::disguised(text, |_| true, &mut Vec::new());
        assert_eq!(mixed("größer, Straße! naïve"), [0..0; 0]);
        assert_eq!(mixed("k1ll gr\u{43e}ßer"), [0..4, 5..13]);
    }

    #[test]
    fn other_phrases_are_let_go() {
        for text in [
            "k1ll your darlings",
            "sk1ll yourself up",
            "kill the lights @ home",
            "I will meet you at 7",
            "k1ll",
            "the k*ll switch yourself",
            "go to bed at 10, die Katze",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn phrases_with_a_word_in_disguise_are_found() {
        for text in [
            "k1ll yourself",
            "k!ll urself",
            "kіll yourself",
            "kill y0urself",
            "k*ll yourself",
            "g0 die",
            "k!ll y0ur$elf",
            "ki\u{200b}ll yourself",
        ] {
            assert_eq!(found(&format!("oh {text}!")), [text], "{text}");
        }
        assert_eq!(found("I will k1ll you").len(), 1);
    }
}
