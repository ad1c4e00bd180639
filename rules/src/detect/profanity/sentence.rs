//! Phrases of the lexicon with a word in disguise: `k1ll yourself`.
//!
//! Looks only near words that something else than plain letters is a part of.

use std::ops::Range;

use super::disguise::Disguised;
use super::glyph::{self, Glyph, Role};
use super::lexicon::{self, BETWEEN, Kind, OTHER};
use super::search::{Found, search_phrases};

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
    let mut reading = Reading::default();
    while let Some(first) = mixed.get(index) {
        let start = index;
        let mut end = first.end;
        // Words that are near each other are read together.
        while let Some(next) = mixed.get(index).filter(|next| next.start <= end + AROUND) {
            end = next.end;
            index += 1;
        }
        let words = mixed.get(start..index).unwrap_or_default();
        reading.read(text, around(text, first.start, end), words);
        reading.find(|letter| letter.symbol, wanted, found);
        if reading.letters.iter().any(|letter| letter.symbol != letter.other) {
            reading.find(|letter| letter.other, wanted, found);
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

/// What may be a letter, with its place in the text, which is shorter than four gigabytes.
#[derive(Clone, Copy)]
struct Letter {
    /// What it most often stands for, and what it may stand for too: symbols of the automaton.
    symbol: u8,
    other: u8,
    /// Whether it is no plain letter.
    is_replaced: bool,
    /// Whether something that is not seen stands before it, or it is written as a sequence.
    is_hidden: bool,
    start: u32,
    end: u32,
}

/// A stretch of text as letters, whatever they are written with.
#[derive(Default)]
struct Reading {
    letters: Vec<Letter>,
    /// Where among the letters the words are that something else than plain letters is a part of.
    words: Vec<Range<usize>>,
    /// The symbols as they are searched, and which of them stand for another one.
    symbols: Vec<u8>,
    odd: Vec<bool>,
    hits: Vec<Found>,
}

impl Reading {
    /// Reads `range`, where something else than plain letters is a part of the words at `mixed`.
    fn read(&mut self, text: &str, range: Range<usize>, mixed: &[Range<usize>]) {
        self.letters.clear();
        self.words.clear();
        let mut at = range.start;
        for word in mixed {
            self.plain(text, at..word.start);
            let first = self.letters.len();
            self.word(text, word.clone());
            self.words.push(first..self.letters.len());
            at = word.end;
        }
        self.plain(text, at..range.end);
    }

    fn push(&mut self, letter: Letter, range: Range<usize>) {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (start, end) = (offset(range.start), offset(range.end));
        self.letters.push(Letter { start, end, ..letter });
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
            self.push(Letter { symbol, other: symbol, ..Letter::NONE }, {
                start..start + character.len_utf8()
            });
        }
    }

    fn word(&mut self, text: &str, range: Range<usize>) {
        let token = text.get(range.clone()).unwrap_or_default();
        let mut hidden = false;
        for written in glyph::written(token) {
            let Glyph { role, symbol, other } = written.glyph;
            if role == Role::Nothing {
                hidden = true;
                continue;
            }
            let is_replaced = role != Role::Letter;
            let is_hidden = hidden || written.is_sequence;
            hidden = false;
            self.push(Letter { symbol, other, is_replaced, is_hidden, ..Letter::NONE }, {
                range.start + written.range.start..range.start + written.range.end
            });
        }
    }

    /// Reports the phrases in one reading of the letters.
    fn find(
        &mut self,
        symbol: impl Fn(&Letter) -> u8,
        wanted: impl Fn(Kind) -> bool,
        found: &mut Vec<Disguised>,
    ) {
        if self.letters.len() < 2 {
            return;
        }
        self.symbols.clear();
        self.symbols.extend(self.letters.iter().map(&symbol));
        self.odd.clear();
        self.odd.extend(
            self.letters
                .iter()
                .map(|letter| letter.is_hidden || letter.is_replaced && symbol(letter) != BETWEEN),
        );
        for word in &self.words {
            let parts = (self.symbols.get_mut(word.clone()), self.odd.get_mut(word.clone()));
            let (Some(symbols), Some(odd)) = parts else { continue };
            unmask(symbols, odd);
            // What ends the sentence is no letter.
            let sign = |(symbol, odd): (&u8, &bool)| *symbol == lexicon::symbol(b'i') && *odd;
            let length = symbols.iter().zip(odd.iter()).rev().take_while(|end| sign(*end)).count();
            symbols.iter_mut().rev().take(length).for_each(|symbol| *symbol = BETWEEN);
        }
        search_phrases(&self.symbols, wanted, &mut self.hits);
        for hit in self.hits.drain(..) {
            let odd = self.odd.get(hit.core.clone()).unwrap_or_default();
            if let Some([first, .., last]) = self.letters.get(hit.core)
                && odd.contains(&true)
            {
                let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
                let range = place(first.start)..place(last.end);
                found.push(Disguised { range, kind: hit.kind, masked: false });
            }
        }
    }
}

impl Letter {
    const NONE: Self = Self {
        symbol: BETWEEN,
        other: BETWEEN,
        is_replaced: false,
        is_hidden: false,
        start: 0,
        end: 0,
    };
}

/// Puts the letters into a word that is masked, where it can be told: `k*ll`.
fn unmask(symbols: &mut [u8], odd: &mut [bool]) {
    let end = symbols.iter().rposition(|symbol| *symbol != BETWEEN).map_or(0, |last| last + 1);
    // No word has so many letters, and most have none to put in.
    if end > LONGEST_MASKED || !symbols.iter().take(LONGEST_MASKED).any(|one| *one == BETWEEN) {
        return;
    }
    let fits = |word: &&&str| {
        let seen = symbols.iter().zip(word.bytes());
        let masked = seen.clone().filter(|(symbol, _)| **symbol == BETWEEN).count();
        let same = seen.filter(|(symbol, own)| **symbol == lexicon::symbol(*own)).count();
        masked > 0 && same >= 2 && masked + same == word.len() && end <= word.len()
    };
    let Some(word) = MASKED.iter().find(fits) else { return };
    for ((symbol, odd), own) in symbols.iter_mut().zip(odd).zip(word.bytes()) {
        *odd |= *symbol == BETWEEN;
        *symbol = lexicon::symbol(own);
    }
}

/// Words of phrases that are known with some of their letters masked.
const MASKED: &[&str] = &[
    "kill", "murder", "shoot", "stab", "rape", "hang", "behead", "lynch", "suicide", "killing",
    "bomb", "yourself", "urself", "myself",
];
/// Letters of the longest of them.
const LONGEST_MASKED: usize = 8;

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
    fn no_masked_word_is_longer_than_that() {
        assert_eq!(MASKED.iter().map(|word| word.len()).max(), Some(LONGEST_MASKED));
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
