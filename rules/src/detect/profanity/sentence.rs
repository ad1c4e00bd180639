//! Phrases of the lexicon with a word in disguise: `k1ll yourself`.
//!
//! Looks only near words that something else than plain letters is a part of.

use std::ops::Range;

use super::disguise::Disguised;
use super::glyph::{self, Glyph, Role};
use super::lexicon::{self, BETWEEN, OTHER};
use super::search::{Found, search_phrases};

/// How much is read on both sides of a word in disguise, in bytes; no phrase is longer.
const AROUND: usize = 64;

/// Reports the phrases that have one of the words at `mixed` in them.
pub(super) fn phrases(text: &str, mixed: &[Range<usize>], found: &mut Vec<Disguised>) {
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
        reading.find(found);
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

/// A stretch of text as letters, whatever they are written with; the columns are as long as each
/// other.
#[derive(Default)]
struct Reading {
    /// What each most often stands for, and what it may stand for too: symbols of the automaton.
    symbols: Vec<u8>,
    others: Vec<u8>,
    letters: Vec<Letter>,
    /// Where among the letters the words are that something else than plain letters is a part of.
    words: Vec<Range<usize>>,
    hits: Vec<Found>,
}

#[derive(Clone, Copy)]
struct Letter {
    /// Bytes of the text; it is shorter than four gigabytes.
    start: u32,
    end: u32,
    oddity: Oddity,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Oddity {
    /// It is a plain letter, or stands between words.
    None,
    /// It is something else, which counts where it is read as a letter.
    Replaced,
    /// Something that is not seen stands before it, or it is written as a sequence, or ends a
    /// sentence and may be a letter.
    Odd,
}

impl Letter {
    fn new(range: Range<usize>, oddity: Oddity) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(range.start), end: offset(range.end), oddity }
    }

    /// Whether it stands for another one, where it is read as this symbol.
    fn is_odd(self, symbol: u8) -> bool {
        match self.oddity {
            Oddity::None => false,
            Oddity::Replaced => symbol != BETWEEN,
            Oddity::Odd => true,
        }
    }
}

impl Reading {
    /// Reads `range`, where something else than plain letters is a part of the words at `mixed`.
    fn read(&mut self, text: &str, range: Range<usize>, mixed: &[Range<usize>]) {
        self.symbols.clear();
        self.others.clear();
        self.letters.clear();
        self.words.clear();
        let mut at = range.start;
        for word in mixed {
            self.plain(text, at..word.start);
            let first = self.symbols.len();
            self.word(text, word.clone());
            self.words.push(first..self.symbols.len());
            at = word.end;
        }
        self.plain(text, at..range.end);
    }

    fn push(&mut self, symbol: u8, other: u8, letter: Letter) {
        self.symbols.push(symbol);
        self.others.push(other);
        self.letters.push(letter);
    }

    fn plain(&mut self, text: &str, range: Range<usize>) {
        let mut start = range.start;
        let plain = text.get(range).unwrap_or_default();
        // Stretches of ASCII at once, and what is beyond that one by one.
        for part in plain.split_inclusive(|character: char| !character.is_ascii()) {
            let beyond = part.chars().next_back().filter(|last| !last.is_ascii());
            let length = part.len() - beyond.map_or(0, char::len_utf8);
            let ascii = part.as_bytes().get(..length).unwrap_or_default();
            let before = self.symbols.len();
            self.symbols.extend(ascii.iter().map(|byte| lexicon::symbol_of(*byte)));
            self.others.extend_from_slice(self.symbols.get(before..).unwrap_or_default());
            let first = Letter::new(start..start + 1, Oddity::None);
            let places = (first.start..).zip(first.end..).take(length);
            self.letters.extend(places.map(|(start, end)| Letter { start, end, ..first }));
            let from = start + length;
            start += part.len();
            let Some(character) = beyond else { continue };
            let symbol = match Glyph::of(character) {
                Glyph { role: Role::Letter, symbol, .. } => symbol,
                Glyph { role: Role::Nothing, .. } => continue,
                _ if character.is_alphabetic() => OTHER,
                _ => BETWEEN,
            };
            self.push(symbol, symbol, Letter::new(from..start, Oddity::None));
        }
    }

    fn word(&mut self, text: &str, range: Range<usize>) {
        let token = text.get(range.clone()).unwrap_or_default();
        let mut hidden = false;
        for written in glyph::written(token) {
            let Glyph { role, symbol, other } = written.glyph;
            let oddity = match role {
                Role::Nothing => {
                    hidden = true;
                    continue;
                }
                _ if hidden || written.is_sequence => Oddity::Odd,
                Role::Letter => Oddity::None,
                _ => Oddity::Replaced,
            };
            hidden = false;
            let own = range.start + written.range.start..range.start + written.range.end;
            self.push(symbol, other, Letter::new(own, oddity));
        }
    }

    /// Reports the phrases in both readings of the letters.
    fn find(&mut self, found: &mut Vec<Disguised>) {
        if self.symbols.len() < 2 {
            return;
        }
        let is_ambiguous = self.symbols != self.others;
        self.find_symbols(found);
        if is_ambiguous {
            std::mem::swap(&mut self.symbols, &mut self.others);
            self.find_symbols(found);
        }
    }

    fn find_symbols(&mut self, found: &mut Vec<Disguised>) {
        let Self { symbols, letters, words, hits, .. } = self;
        for word in words {
            let parts = (symbols.get_mut(word.clone()), letters.get_mut(word.clone()));
            let (Some(symbols), Some(letters)) = parts else { continue };
            unmask(symbols);
            // What ends the sentence is no letter.
            for (symbol, letter) in symbols.iter_mut().zip(letters).rev() {
                if *symbol != lexicon::symbol(b'i') || !letter.is_odd(*symbol) {
                    break;
                }
                *symbol = BETWEEN;
                letter.oddity = Oddity::Odd;
            }
        }
        search_phrases(symbols, hits);
        for hit in hits.drain(..) {
            let parts = (symbols.get(hit.core.clone()), letters.get(hit.core));
            let (Some(symbols), Some(core @ [first, .., last])) = parts else { continue };
            if core.iter().zip(symbols).any(|(letter, symbol)| letter.is_odd(*symbol)) {
                let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
                let range = place(first.start)..place(last.end);
                found.push(Disguised { range, kind: hit.kind, masked: false });
            }
        }
    }
}

/// Puts the letters into a word that is masked, where it can be told: `k*ll`.
fn unmask(symbols: &mut [u8]) {
    let end = symbols.iter().rposition(|symbol| *symbol != BETWEEN).map_or(0, |last| last + 1);
    // No word has so many letters, and most have none to put in.
    if end > LONGEST_MASKED || !symbols.iter().take(LONGEST_MASKED).any(|one| *one == BETWEEN) {
        return;
    }
    let fits = |word: &&&str| {
        let is_letter = |symbol: u8, own: u8| symbol == lexicon::symbol_of(own);
        let seen = || symbols.iter().copied().zip(word.bytes());
        (end..=symbols.len()).contains(&word.len())
            && seen().all(|(symbol, own)| symbol == BETWEEN || is_letter(symbol, own))
            && seen().filter(|(symbol, _)| *symbol != BETWEEN).count() >= 2
            && seen().any(|(symbol, _)| symbol == BETWEEN)
    };
    let Some(word) = MASKED.iter().find(fits) else { return };
    for (symbol, own) in symbols.iter_mut().zip(word.bytes()) {
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
        let mixed = disguise::disguised(text, &[], None, &mut Vec::new());
        phrases(text, &mixed, &mut found);
        found.into_iter().map(|found| text.get(found.range).unwrap()).collect()
    }

    #[test]
    fn words_of_latin_letters_are_not_in_disguise() {
        let mixed = |text| disguise::disguised(text, &[], None, &mut Vec::new());
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
