//! The lexicon as the build compiled it: entries, and an automaton that finds their spellings.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::listed::Listed;

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
    /// Whether it has a decent meaning, too: mild among other words, but moderate
    /// where it is alone, joined to a part or in disguise.
    pub(crate) is_double: bool,
    /// Whether it is also a name that people have.
    pub(crate) is_name: bool,
    /// Whether a reader knows it whatever some of its letters look like: it holds a word that is known
    /// with some of them masked.
    pub(crate) is_known: bool,
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
    /// The word, or the word without an ending, or with a part behind it.
    Respelt,
    /// The end of a word that begins with a part.
    JoinedEnd,
    /// Whole words behind some that say what is intended, or a word behind a call to it.
    Intended,
    /// The word begins with it.
    Prefix,
    /// The word ends with it.
    Suffix,
    /// Anywhere.
    Anywhere,
}

impl Kind {
    /// What it is where nothing decent is meant.
    pub(super) fn meant(self) -> Self {
        let severity = if self.is_double { Severity::Moderate } else { self.severity };
        Self { severity, ..self }
    }

    /// What it is in disguise: who hides a word that everybody knows means it.
    pub(super) fn hidden(self) -> Self {
        let is_slur = self.category == Category::Slur && self.severity == Severity::Moderate;
        if is_slur && self.is_known {
            return Self { severity: Severity::Strong, ..self };
        }
        self.meant()
    }
}

/// One spelling.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    number: usize,
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
///
/// The tables hold the states that texts are almost always in, the dense ones, with all their
/// transitions. Of the others they hold, as small as it packs, in which transitions each is another
/// than the dense state of the longest end of the same text: its fallback, which is carried along.
/// Some of that is found at another of the others, of a shorter end, that is linked to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    number: u32,
    /// Of a dense state itself.
    fallback: u16,
}

impl State {
    /// Where a text begins: as if behind a space.
    pub(super) fn start() -> Self {
        Self { number: 0, fallback: 0 }.next(BETWEEN)
    }

    /// The state behind this symbol.
    #[inline]
    pub(super) fn next(self, symbol: u8) -> Self {
        let row = ROWS.get(usize::from(self.fallback));
        let next = row.and_then(|row| row.get(usize::from(symbol) % COLUMNS));
        let near = Self::near(next.map_or(0, |bytes| u16::from_le_bytes(*bytes)));
        if self.number < FIRST_SPARSE { near } else { self.sparse(symbol, near) }
    }

    /// A state that a dense one leads to.
    #[inline]
    fn near(number: u16) -> Self {
        let behind = usize::from(number).checked_sub(DENSE);
        let fallback = behind.map_or(number, |index| FALLBACKS.get(index).copied().unwrap_or(0));
        Self { number: number.into(), fallback }
    }

    #[inline]
    fn index(self) -> usize {
        wide(self.number)
    }

    /// The state behind this symbol where the fallback goes to `near`. Apart from the usual way, so
    /// that this is short wherever it is taken.
    #[inline(never)]
    fn sparse(self, symbol: u8, near: Self) -> Self {
        let children = |count: u8| count & ((1 << COUNT_BITS) - 1);
        let exceptions = |count: u8| count >> COUNT_BITS;
        let own = |packed: &u8| packed & ((1 << SYMBOL_BITS) - 1);
        let repeats = HEADS.get(self.index()).is_some_and(|head| own(head) == symbol);
        let mut index = self.index() - DENSE;
        loop {
            let before = COUNTS.get(index / BLOCK * BLOCK..index).unwrap_or_default();
            let count = COUNTS.get(index).copied().unwrap_or(0);

            let block = CHILD_BLOCKS.get(index / BLOCK).map_or(0, |first| wide(*first));
            let first = block + sum(before, children);
            let heads = first..first + usize::from(children(count));
            let heads = HEADS.get(heads).unwrap_or_default();
            if let Some(place) = heads.iter().position(|head| own(head) == symbol) {
                let number = u32::try_from(first + place).unwrap_or(0);
                return Self { number, fallback: near.fallback };
            }
            let mut link = None;
            if exceptions(count) > 0 {
                let block = EXCEPTION_BLOCKS.get(index / BLOCK).copied().map_or(0, usize::from);
                let first = block + sum(before, exceptions);
                let symbols = first..first + usize::from(exceptions(count));
                let symbols = SYMBOLS.get(symbols).unwrap_or_default();
                let target = |place: usize, packed: &u8| {
                    let low = TARGETS.get(first + place).copied().unwrap_or(0);
                    (u32::from(packed >> SYMBOL_BITS) << u16::BITS | u32::from(low), low)
                };
                for (place, packed) in symbols.iter().enumerate() {
                    if own(packed) == symbol {
                        let (number, low) = target(place, packed);
                        let is_dense = number < FIRST_SPARSE;
                        let fallback = if is_dense { low } else { near.fallback };
                        return Self { number, fallback };
                    }
                }
                let last = symbols.len().saturating_sub(1);
                let packed = symbols.last().filter(|packed| own(packed) == LINK);
                link = packed.map(|packed| target(last, packed).0);
            }
            if repeats {
                return self;
            }
            match link {
                Some(link) => index = wide(link) - DENSE,
                None => return near,
            }
        }
    }

    /// Whether something ends here.
    #[inline]
    pub(super) fn accepts(self) -> bool {
        self.number >= FIRST_ACCEPTING && self.outputs() > 0
    }

    /// Whether an entry of several words may end here.
    #[inline]
    pub(super) fn may_accept_phrase(self) -> bool {
        self.outputs() > 2
    }

    /// What is said of the entries that end here, see [`count`].
    #[inline]
    fn outputs(self) -> u8 {
        HEADS.get(self.index()).map_or(0, |head| head >> SYMBOL_BITS)
    }

    /// The entries that end here.
    pub(super) fn entries(self) -> impl Iterator<Item = Entry> {
        let index = self.index();
        let before = HEADS.get(index / LARGE_BLOCK * LARGE_BLOCK..index).unwrap_or_default();
        let block = OUTPUT_BLOCKS.get(index / LARGE_BLOCK).copied().map_or(0, usize::from);
        let first = block + sum(before, |head| count(head >> SYMBOL_BITS));
        let places = first..first + usize::from(count(self.outputs()));
        let low = LOW_OUTPUTS.get(places.clone()).unwrap_or_default();
        let high = HIGH_OUTPUTS.get(places).unwrap_or_default();
        let numbers = low.iter().zip(high).map(|(low, high)| u16::from_le_bytes([*low, *high]));
        numbers.filter_map(|number| Entry::of(usize::from(number)))
    }
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// How many entries end where a head says this of its outputs: up to five; from three on there may be
/// phrases among them, and 6 and 7 are one and two with one.
#[inline]
fn count(outputs: u8) -> u8 {
    if outputs > 5 { outputs - 5 } else { outputs }
}

/// The sum over less than a block: of so few bytes it fits in two, of which many are added at once.
#[inline]
fn sum(block: &[u8], part: impl Fn(u8) -> u8) -> usize {
    usize::from(block.iter().map(|byte| u16::from(part(*byte))).sum::<u16>())
}

impl Entry {
    /// All of them, innocent ones too.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..LENGTHS.len()).filter_map(Self::of)
    }

    fn of(number: usize) -> Option<Self> {
        let (mode, kind) = *USES.get(usize::from(*USE_OF_ENTRIES.get(number)?))?;
        Some(Self { number, mode, kind })
    }

    /// Whether it is more than one word.
    pub(super) fn is_phrase(self) -> bool {
        self.number >= FIRST_PHRASE
    }

    /// How it is spelt: small letters, and spaces between words.
    pub(super) fn text(self) -> &'static str {
        let block = self.number / LARGE_BLOCK;
        let before = LENGTHS.get(block * LARGE_BLOCK..self.number).unwrap_or_default();
        let first = TEXT_BLOCKS.get(block).and_then(|first| usize::try_from(*first).ok());
        let at = first.unwrap_or(0) + sum(before, |length| length);
        let length = LENGTHS.get(self.number).copied().map_or(0, usize::from);
        TEXT.get(at..at + length).unwrap_or_default()
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

/// What each byte of what is searched is: a symbol.
pub(super) type Table = [u8; 256];

/// Of what is symbols already: itself.
pub(super) static ITSELF: Table = {
    let mut symbols = [BETWEEN; 256];
    let mut byte: u8 = 0;
    while byte < 255 {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            symbols[byte as usize] = byte;
        }
        byte += 1;
    }
    symbols
};

/// The symbol of each byte of an ASCII text.
pub(super) static SYMBOLS_OF_BYTES: Table = {
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
const ENDINGS: Listed =
    Listed::of("a ah as az d ed er ers erz es ez ier ies iest in ing ings ins ish or ors r s y z");

/// The longest of them.
pub(super) const LONGEST_ENDING: usize = 4;

/// Whether `rest` is an ending of words.
pub(super) fn is_ending(rest: &str) -> bool {
    rest.len() <= LONGEST_ENDING && (rest.is_empty() || ENDINGS.has(rest))
}

/// Whether `rest` is what makes compounds, with or without an ending.
pub(super) fn is_part(rest: &str) -> bool {
    // Few beginnings of words are those of a part.
    let Some((from, bit)) = rest.as_bytes().first_chunk().copied().and_then(first_letters) else {
        return false;
    };
    if SECONDS_OF_PARTS.get(from).is_none_or(|seconds| seconds & bit == 0) {
        return false;
    }
    let known =
        |part: &str| PART_PLACES.binary_search_by(|place| part_at(*place).cmp(part)).is_ok();
    let endings: &[&str] = match rest.as_bytes().last() {
        Some(b'd') => &["d", "ed"],
        Some(b'g') => &["ing"],
        Some(b'n') => &["in"],
        Some(b'r') => &["er"],
        Some(b's') => &["s", "es", "ers"],
        Some(b'y') => &["y"],
        Some(b'z') => &["z"],
        _ => &[],
    };
    known(rest) || endings.iter().any(|ending| rest.strip_suffix(ending).is_some_and(known))
}

/// The part at a place of [`PARTS`].
fn part_at(place: [u16; 2]) -> &'static str {
    let [start, end] = place.map(usize::from);
    PARTS.get(start..end).unwrap_or_default()
}

/// Whether what is behind a word and begins with these symbols may be one of its plurals, or a part
/// of a compound.
pub(super) fn may_begin_rest(first: u8, second: u8) -> bool {
    match [first, second] {
        letters @ [1..=26, 1..=26] => {
            let letters = letters.map(letter);
            let is_part = |(from, bit): (usize, u32)| {
                SECONDS_OF_PARTS.get(from).is_some_and(|seconds| seconds & bit != 0)
            };
            letters == *b"es" || first_letters(letters).is_some_and(is_part)
        }
        _ => true,
    }
}

/// For each first letter of a part the letters that may be its second, as bits.
static SECONDS_OF_PARTS: [u32; 26] = {
    let mut seconds = [0; 26];
    let mut rest = PART_PLACES;
    while let Some(([start, _], behind)) = rest.split_first() {
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        let (_, part) = PARTS.as_bytes().split_at(*start as usize);
        let letters = match part.first_chunk() {
            Some(letters) => first_letters(*letters),
            None => None,
        };
        match letters {
            #[expect(clippy::indexing_slicing, reason = "there is one for each letter")]
            Some((at, bit)) => seconds[at] |= bit,
            None => panic!("a part begins with two letters"),
        }
        rest = behind;
    }
    seconds
};

/// The place of the first letter, and the bit of the second.
const fn first_letters(letters: [u8; 2]) -> Option<(usize, u32)> {
    let [first @ b'a'..=b'z', second @ b'a'..=b'z'] = letters else { return None };
    #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
    Some(((first - b'a') as usize, 1 << (second - b'a')))
}

/// Whether `before` ends with words that say what is intended, or that call to it.
pub(super) fn is_intent(before: &str, is_call: bool) -> bool {
    let words = if is_call { CALLS } else { INTENTS };
    words.iter().any(|intent| {
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
    let from = |symbol: u8| MASKED_FROM.get(usize::from(symbol)).copied().map(usize::from);
    let range = from(first).zip(from(first.saturating_add(1)));
    range.and_then(|(from, to)| MASKED.get(from..to)).unwrap_or_default()
}

/// How many of these words begin with the letter of a smaller symbol.
static MASKED_FROM: [u16; COLUMNS + 1] = {
    let mut from = [0; COLUMNS + 1];
    let mut wanted = 0;
    while wanted <= COLUMNS {
        let mut rest = MASKED;
        while let Some(((word, _), behind)) = rest.split_first() {
            let first = match word.as_bytes().first() {
                Some(letter) => symbol(*letter),
                None => BETWEEN,
            };
            #[expect(clippy::indexing_slicing, reason = "there is one for each symbol")]
            #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
            if (first as usize) < wanted {
                from[wanted] += 1;
            }
            rest = behind;
        }
        wanted += 1;
    }
    from
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Symbols, each with how often it stands in a row.
    fn runs(symbols: impl Iterator<Item = u8>) -> Vec<(u8, usize)> {
        let mut runs: Vec<(u8, usize)> = Vec::new();
        for symbol in symbols {
            match runs.last_mut() {
                Some((last, count)) if *last == symbol => *count += 1,
                _ => runs.push((symbol, 1)),
            }
        }
        runs
    }

    /// What the automaton reads an entry as.
    fn spelling(entry: Entry) -> Vec<(u8, usize)> {
        let (before, behind) = match entry.mode {
            Mode::Whole | Mode::Intended => (" ", " "),
            Mode::Endings | Mode::Joined | Mode::Respelt | Mode::Prefix => (" ", ""),
            Mode::JoinedEnd | Mode::Suffix => ("", " "),
            Mode::Anywhere => ("", ""),
        };
        let text = [before, entry.text(), behind].concat();
        runs(text.bytes().map(symbol))
    }

    /// Whether the text ends with the spelling, its symbols repeated or not.
    fn ends_with(text: &[(u8, usize)], spelling: &[(u8, usize)]) -> bool {
        let end = text.len().checked_sub(spelling.len()).and_then(|from| text.get(from..));
        end.is_some_and(|end| {
            end.iter().zip(spelling).all(|(own, wanted)| own.0 == wanted.0 && own.1 >= wanted.1)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_automaton_finds_what_a_look_at_each_entry_finds(
            parts in proptest::collection::vec((0..LENGTHS.len(), 1..16_usize, 0..3_usize), 1..6),
        ) {
            let mut text = String::new();
            for (number, length, spaces) in parts {
                let entry = Entry::of(number).unwrap().text();
                text.push_str(entry.get(..length.min(entry.len())).unwrap());
                // Once in three times the next part runs on, once its first letter is repeated.
                text.push_str(["", " ", entry.get(..1).unwrap()].get(spaces).unwrap());
            }
            let entries: Vec<Entry> = (0..LENGTHS.len()).filter_map(Entry::of).collect();
            let spellings: Vec<_> = entries.iter().map(|entry| spelling(*entry)).collect();
            let mut read = vec![BETWEEN];
            let mut state = State::start();
            for symbol in text.bytes().map(symbol).chain([BETWEEN]) {
                read.push(symbol);
                state = state.next(symbol);
                let own = runs(read.iter().copied());
                let looked = spellings.iter().zip(&entries);
                let looked = looked.filter(|(spelling, _)| ends_with(&own, spelling));
                let looked: BTreeSet<usize> = looked.map(|(_, entry)| entry.number).collect();
                let found: BTreeSet<usize> = state.entries().map(|entry| entry.number).collect();
                prop_assert_eq!(found, looked, "{} of {}", read.len(), text);
            }
        }
    }

    #[test]
    fn no_ending_is_longer() {
        assert_eq!(ENDINGS.words().map(str::len).max(), Some(LONGEST_ENDING));
    }

    #[test]
    fn masked_words_are_those_with_this_first_letter() {
        for first in 0..=u8::MAX {
            let begins = |word: &str| word.bytes().next().map_or(BETWEEN, symbol) == first;
            let plain = MASKED.iter().filter(|(word, _)| begins(word));
            assert!(masked(first).iter().eq(plain), "{first}");
        }
    }

    fn parts() -> impl Iterator<Item = &'static str> {
        PART_PLACES.iter().map(|place| part_at(*place))
    }

    #[test]
    fn a_part_is_one_with_or_without_an_ending() {
        let plain = |rest: &str| {
            let endings = ["", "s", "es", "ed", "d", "er", "ers", "ing", "y", "z", "in"];
            endings.iter().any(|ending| {
                rest.strip_suffix(ending).is_some_and(|part| parts().any(|one| one == part))
            })
        };
        let mut count = 0;
        for part in parts().flat_map(|part| [part.to_owned(), format!("{part}ers")]) {
            for first in 'a'..='z' {
                for from in [1, 2] {
                    let rest = format!("{first}{}", part.get(from..).unwrap());
                    assert_eq!(is_part(&rest), plain(&rest), "{rest}");
                    let mut begin = rest.bytes().map(symbol).chain([BETWEEN; 2]);
                    let may = may_begin_rest(begin.next().unwrap(), begin.next().unwrap());
                    assert!(may || !is_part(&rest) && rest != "es", "{rest}");
                    count += usize::from(is_part(&rest));
                }
            }
        }
        assert!(count > PART_PLACES.len());
        assert!(["", "s", "é", "a"].iter().all(|rest| !is_part(rest)));
    }

    #[test]
    fn every_entry_is_found_where_its_spelling_ends() {
        for number in 0..LENGTHS.len() {
            let entry = Entry::of(number).unwrap();
            let text = entry.text();
            assert!(!text.is_empty());
            assert_eq!(entry.is_phrase(), text.contains(' '), "{text}");
            let letters = text.bytes().map(symbol);
            let inside = letters.fold(State::start(), State::next);
            let behind = inside.next(BETWEEN);
            let ends = |state: State| state.entries().any(|found| found.number == number);
            assert!(ends(inside) || ends(behind), "{text}");
        }
    }

    #[test]
    fn a_state_finds_its_entries() {
        let end = b"shit".iter().fold(State::start(), |state, byte| state.next(symbol(*byte)));
        assert!(end.accepts());
        assert!(end.entries().any(|entry| entry.text() == "shit"));
    }
}
