//! The lexicon as the build compiled it: entries, and an automaton that finds their spellings.

use schemars::JsonSchema;
use serde::Deserialize;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Category {
    /// Swearing.
    Profane,
    /// Sexual words and acts.
    Sexual,
    /// Words that degrade a group of people.
    Slur,
    /// Words that degrade one person.
    Insult,
    /// Threats of violence.
    Threat,
    /// Harming oneself, and calls to it.
    SelfHarm,
}

/// How bad an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    /// Fine among friends and at the doctor's.
    Mild,
    /// Fine in no office.
    #[default]
    Moderate,
    /// Fine nowhere.
    Strong,
}

/// Language of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Language {
    /// German.
    De,
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
}

/// Category, severity and language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) category: Category,
    pub(crate) severity: Severity,
    pub(crate) language: Language,
}

/// Where in a word an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is the word.
    Whole,
    /// The word, or the word without an ending.
    Endings,
    /// The same, or with a part behind it.
    Joined,
    /// The end of a word that begins with a part.
    JoinedEnd,
    /// Whole words behind some that say what is intended.
    Intended,
    /// The word begins with it.
    Prefix,
    /// The word ends with it.
    Suffix,
    /// Anywhere.
    Anywhere,
}

/// One spelling.
pub(super) struct Entry {
    at: u32,
    length: u8,
    pub(super) mode: Mode,
    /// `None` for what is innocent.
    pub(super) kind: Option<Kind>,
}

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// Symbols that the automaton knows. 0 stands for what is between words, 1–26 for letters.
pub(super) const BETWEEN: u8 = 0;
/// Any other part of a word.
pub(super) const OTHER: u8 = 27;
const COLUMNS: usize = 32;

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));
/// The transitions of the dense states.
static ROWS: &[[[u8; 2]; COLUMNS]; DENSE] = match TABLE.as_chunks().0.as_chunks().0.first_chunk() {
    Some(rows) => rows,
    None => panic!("the table has a row for each dense state"),
};

/// A state of the automaton.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct State(u32);

impl State {
    /// Where a text begins: as if behind a space.
    pub(super) fn start() -> Self {
        Self(0).next(BETWEEN)
    }

    /// The state behind this symbol.
    #[inline]
    pub(super) fn next(self, symbol: u8) -> Self {
        if self.0 < FIRST_SPARSE { Self::dense(self.index(), symbol) } else { self.sparse(symbol) }
    }

    #[inline]
    fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    #[inline]
    fn dense(state: usize, symbol: u8) -> Self {
        let row = ROWS.get(state);
        let next = row.and_then(|row| row.get(usize::from(symbol) % COLUMNS));
        Self(next.map_or(0, |bytes| u32::from(u16::from_le_bytes(*bytes))))
    }

    /// The state behind this symbol where few transitions are written down.
    fn sparse(self, symbol: u8) -> Self {
        let index = self.index() - DENSE;
        let block = BLOCKS.get(index / BLOCK).and_then(|first| usize::try_from(*first).ok());
        let count = |head: &u16| usize::from(head >> FALLBACK_BITS);
        let before = HEADS.get(index / BLOCK * BLOCK..index).unwrap_or_default();
        let first = block.unwrap_or(0) + before.iter().map(count).sum::<usize>();
        let head = HEADS.get(index).unwrap_or(&0);
        let symbols = SYMBOLS.get(first..first + count(head)).unwrap_or_default();
        let known = |packed: &u8| packed & ((1 << SYMBOL_BITS) - 1) == symbol;
        if let Some(place) = symbols.iter().position(known) {
            let high = symbols.get(place).map_or(0, |packed| u32::from(packed >> SYMBOL_BITS));
            let low = TARGETS.get(first + place).map_or(0, |low| u32::from(*low));
            return Self(high << u16::BITS | low);
        }
        if OWN.get(index) == Some(&symbol) {
            return self;
        }
        Self::dense(usize::from(head & ((1 << FALLBACK_BITS) - 1)), symbol)
    }

    /// Whether something ends here.
    #[inline]
    pub(super) fn accepts(self) -> bool {
        (FIRST_ACCEPTING..BEHIND_ACCEPTING).contains(&self.0)
    }

    /// The entries that end here.
    pub(super) fn entries(self) -> impl Iterator<Item = &'static Entry> {
        let index = usize::try_from(self.0.wrapping_sub(FIRST_ACCEPTING)).unwrap_or(usize::MAX);
        let at = |index: usize| STARTS.get(index).map(|at| usize::from(*at));
        let range = at(index).unwrap_or(0)..at(index.saturating_add(1)).unwrap_or(0);
        let numbers = OUTPUTS.get(range).unwrap_or_default();
        numbers.iter().filter_map(|number| ENTRIES.get(usize::from(*number)))
    }
}

impl Entry {
    /// How it is spelt: small letters, and spaces between words.
    pub(super) fn text(&self) -> &'static str {
        let at = usize::try_from(self.at).unwrap_or(0);
        TEXT.get(at..at + usize::from(self.length)).unwrap_or_default()
    }
}

/// The symbol of a letter or digit of an ASCII text.
pub(super) const fn symbol(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte - b'a' + 1,
        b'A'..=b'Z' => byte - b'A' + 1,
        b'1' => 28,
        b'4' => 29,
        b'8' => 30,
        b'0'..=b'9' => OTHER,
        _ => BETWEEN,
    }
}

/// The symbol of each byte of an ASCII text.
static SYMBOLS_OF_BYTES: [u8; 256] = {
    let mut symbols = [BETWEEN; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            symbols[byte as usize] = symbol(byte);
        }
        byte += 1;
    }
    symbols
};

/// The symbol of a byte of an ASCII text, looked up.
#[inline]
pub(super) fn symbol_of(byte: u8) -> u8 {
    SYMBOLS_OF_BYTES.get(usize::from(byte)).copied().unwrap_or(BETWEEN)
}

/// The letter of a symbol.
pub(super) fn letter(symbol: u8) -> u8 {
    match symbol {
        1..=26 => symbol - 1 + b'a',
        28 => b'1',
        29 => b'4',
        30 => b'8',
        BETWEEN => b' ',
        _ => b'.',
    }
}

/// Endings that a word may have.
const ENDINGS: &[&str] = &[
    "", "a", "ah", "as", "az", "d", "ed", "er", "ers", "erz", "es", "ez", "ier", "ies", "iest",
    "in", "ing", "ings", "ins", "ish", "or", "ors", "r", "s", "y", "z",
];

/// Whether `rest` is an ending of words.
pub(super) fn is_ending(rest: &str) -> bool {
    ENDINGS.binary_search(&rest).is_ok()
}

/// Whether `rest` is what makes compounds, with or without an ending.
pub(super) fn is_part(rest: &str) -> bool {
    let known = |part: &str| PARTS.binary_search(&part).is_ok();
    let ending = |ending: &&str| rest.strip_suffix(ending).is_some_and(known);
    known(rest) || ["s", "es", "ed", "d", "er", "ers", "ing", "y", "z", "in"].iter().any(ending)
}

/// Whether `before` ends with words that say what is intended.
pub(super) fn is_intent(before: &str) -> bool {
    INTENTS.iter().any(|intent| {
        before.strip_suffix(intent).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
    })
}

/// The words that say what is intended.
pub(super) fn intents() -> impl Iterator<Item = &'static str> {
    INTENTS.iter().copied()
}

/// Words that begin with the letter of this symbol and are recognised with other symbols for some
/// of their letters.
pub(super) fn masked(first: u8) -> &'static [(&'static str, Option<Kind>)] {
    let before = |wanted: u8| {
        MASKED.partition_point(|(word, _)| word.bytes().next().map_or(BETWEEN, symbol) < wanted)
    };
    MASKED.get(before(first)..before(first.saturating_add(1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_sorted() {
        assert!(ENDINGS.is_sorted());
    }

    #[test]
    fn a_state_finds_its_entries() {
        let end = b"shitty".iter().fold(State::start(), |state, byte| state.next(symbol(*byte)));
        assert!(!end.accepts() || end.entries().all(|entry| !entry.text().is_empty()));
        let end = b"shit".iter().fold(State::start(), |state, byte| state.next(symbol(*byte)));
        assert!(end.accepts());
        assert!(end.entries().any(|entry| entry.text() == "shit"));
    }
}
