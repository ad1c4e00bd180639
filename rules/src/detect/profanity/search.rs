//! The search for the lexicon's entries in a sequence of symbols.

use std::ops::Range;

use super::super::lanes;
use super::lexicon::{self, BETWEEN, Entry, Kind, LONGEST_ENDING, Mode, OTHER, State, Table};

/// An entry that was found. Places are indices of symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The entry's own letters.
    pub(super) core: Range<usize>,
    pub(super) kind: Kind,
    /// How the entry is spelt.
    pub(super) text: &'static str,
}

/// Longest ending or part that is looked at, in letters.
const MOST_REST: usize = 24;

/// Words of so many letters are the same word with a vowel doubled.
const LONG: usize = 4;

/// Every entry in the symbols of a word or a few that no innocent word holds. Allocates only when
/// something is found.
pub(super) fn search(symbols: &[u8], found: &mut Vec<Found>) {
    let mut finds = Finds::new(symbols, &lexicon::ITSELF, found);
    let mut state = State::start();
    for (at, symbol) in symbols.iter().enumerate() {
        state = state.next(*symbol);
        if state.accepts() {
            finds.end(state, at, found);
        }
    }
    finds.end(state.next(BETWEEN), symbols.len(), found);
}

/// The same in a whole text; `symbols` says what each of its bytes is.
pub(super) fn search_text(items: &[u8], symbols: &'static Table, found: &mut Vec<Found>) {
    Finds::new(items, symbols, found).all(ends(items, symbols, false), found);
}

/// The same for the entries of several words. What is innocent and of one word holds none of them.
pub(super) fn search_phrases(symbols: &[u8], found: &mut Vec<Found>) {
    let finds = Finds { phrases: true, ..Finds::new(symbols, &lexicon::ITSELF, found) };
    finds.all(ends(symbols, &lexicon::ITSELF, true), found);
}

/// The states in which something ends, or only where a phrase may, and where; and the last one.
#[inline(never)]
fn ends(items: &[u8], symbols: &'static Table, phrases: bool) -> (Vec<(State, usize)>, State) {
    let accepts = |state: State| state.accepts() && (!phrases || state.may_accept_phrase());
    let step = |state: State, item: &u8| state.next(symbol(symbols, *item));
    lanes::walk(items, State::start(), step, accepts)
}

#[inline]
fn symbol(symbols: &Table, item: u8) -> u8 {
    symbols.get(usize::from(item)).copied().unwrap_or(BETWEEN)
}

/// What was found in the symbols so far.
struct Finds<'i> {
    reading: Reading<'i>,
    /// Whether entries of one word are let go.
    phrases: bool,
    /// Which of all that was found is the first of these symbols.
    first: usize,
    /// The innocent word that reaches furthest.
    excused: Range<usize>,
}

impl<'i> Finds<'i> {
    fn new(items: &'i [u8], symbols: &'static Table, found: &[Found]) -> Self {
        let reading = Reading { items, symbols };
        Self { reading, phrases: false, first: found.len(), excused: 0..0 }
    }

    /// Takes in what ends where, and behind the last symbol.
    fn all(mut self, (ends, last): (Vec<(State, usize)>, State), found: &mut Vec<Found>) {
        for (state, at) in ends {
            self.end(state, at, found);
        }
        let behind = self.reading.items.len();
        self.end(last.next(BETWEEN), behind, found);
    }

    /// Takes in what ends in `state`, behind the symbol at `at`.
    fn end(&mut self, state: State, at: usize, found: &mut Vec<Found>) {
        for entry in state.entries() {
            if self.phrases && !entry.is_phrase() {
                continue;
            }
            let Some((core, text)) = self.reading.confirm(&entry, at) else { continue };
            match entry.kind {
                Some(kind) => {
                    let inside = self.excused.start <= core.start && core.end <= self.excused.end;
                    if !inside {
                        found.push(Found { core, kind, text });
                    }
                }
                None => {
                    let mut index = found.len();
                    while index > self.first {
                        index -= 1;
                        let Some(last) = found.get(index) else { break };
                        if last.core.end <= core.start {
                            break;
                        }
                        if core.start <= last.core.start && last.core.end <= core.end {
                            found.remove(index);
                        }
                    }
                    if core.end > self.excused.end {
                        self.excused = core;
                    }
                }
            }
        }
    }
}

struct Reading<'i> {
    items: &'i [u8],
    /// What each item is.
    symbols: &'static Table,
}

impl Reading<'_> {
    /// The symbol at an index; behind the end there is nothing.
    #[inline]
    fn at(&self, index: usize) -> u8 {
        self.items.get(index).map_or(BETWEEN, |item| symbol(self.symbols, *item))
    }

    fn before(&self, index: usize) -> u8 {
        index.checked_sub(1).map_or(BETWEEN, |index| self.at(index))
    }

    /// The place of `entry`, whose last symbol is at `last`, and how it is spelt, if what is around it
    /// is as its mode wants it.
    fn confirm(&self, entry: &Entry, last: usize) -> Option<(Range<usize>, &'static str)> {
        let end = match entry.mode {
            Mode::Whole | Mode::Intended | Mode::JoinedEnd | Mode::Suffix => {
                if self.before(last) == BETWEEN {
                    return None;
                }
                last
            }
            Mode::Endings | Mode::Joined | Mode::Respelt | Mode::Prefix | Mode::Anywhere => {
                // Only behind the last of a letter's repetitions.
                if self.at(last + 1) == self.at(last) {
                    return None;
                }
                last + 1
            }
        };
        let text = entry.text();
        let start = self.start(entry, text, end)?;
        let fits = match entry.mode {
            Mode::Whole | Mode::Prefix | Mode::Suffix | Mode::Anywhere => true,
            Mode::Endings => self.has_ending(end) && (text.len() >= LONG || !self.is_numbered(end)),
            Mode::Respelt => {
                self.rest(end, MOST_REST, |rest| lexicon::is_ending(rest) || lexicon::is_part(rest))
            }
            Mode::Joined => {
                let hisses = matches!(lexicon::letter(self.before(end)), b's' | b'x' | b'z');
                let plural = |rest: &str| matches!(rest, "" | "s" | "z") || hisses && rest == "es";
                let fits = |rest: &str| plural(rest) || lexicon::is_part(rest);
                // The last letter may also be the first of the part: `ass` + `sucker`.
                let may_fit = |at: usize| lexicon::may_begin_rest(self.at(at), self.at(at + 1));
                may_fit(end) && self.rest(end, MOST_REST, fits)
                    || self.before(end) == self.before(end - 1)
                        && may_fit(end - 1)
                        && self.rest(end - 1, MOST_REST, fits)
            }
            Mode::JoinedEnd => self.head(start),
            Mode::Intended => self.intended(start, !entry.is_phrase()),
        };
        // What begins an innocent word excuses its ending, too: `garden hoe*`, garden hoes.
        let ends = entry.kind.is_none() && entry.mode == Mode::Prefix && self.has_ending(end);
        let length = if ends { self.length_of_rest(end) } else { 0 };
        fits.then_some((start..end + length, text))
    }

    /// Whether the word goes on behind `end` with an ending, or ends there.
    fn has_ending(&self, end: usize) -> bool {
        self.rest(end, LONGEST_ENDING, lexicon::is_ending)
    }

    /// How many symbols the word goes on for behind `end`, up to the longest rest.
    fn length_of_rest(&self, end: usize) -> usize {
        (0..MOST_REST).take_while(|at| self.at(end + at) != BETWEEN).count()
    }

    /// Where the entry begins that ends at `end`, its letters repeated or not.
    ///
    /// Twice where the entry has a letter once is a disguise only in words that stand for
    /// nothing else, and where hardly a word has a pair: `fuuck`, but not `seeks`. A last letter
    /// may be doubled before an ending.
    /// Innocent words are not repeated.
    fn start(&self, entry: &Entry, text: &str, end: usize) -> Option<usize> {
        // Mostly it is written as it is spelt.
        if let Some(start) = self.spelt(text.as_bytes(), end) {
            return Some(start);
        }
        let mut at = end;
        let mut letters = text.bytes().rev().peekable();
        let (mut wanted, mut doubled, mut usual) = (0, 0, 0);
        while let Some(letter) = letters.next() {
            let symbol = if letter == b' ' { BETWEEN } else { lexicon::symbol(letter) };
            if at == 0 || self.before(at) != symbol {
                return None;
            }
            at -= 1;
            wanted += 1;
            if letters.peek() == Some(&letter) {
                continue;
            }
            let once = at;
            while at > 0 && self.before(at) == symbol {
                at -= 1;
            }
            let surplus = once - at;
            let run = wanted + surplus;
            let last = once + wanted == end && self.at(end) != BETWEEN;
            let tells = match entry.mode {
                _ if surplus == 0 || symbol == BETWEEN => true,
                // Nor is a letter that is there thrice: `kkkkk` is laughter.
                _ if entry.kind.is_none() || wanted > 2 => return None,
                Mode::Anywhere => true,
                // Any word begins so that goes on.
                Mode::Prefix if once + wanted == end => true,
                _ => run > 2 || last,
            };
            doubled += usize::from(!tells);
            usual += usize::from(!tells && !self.is_odd_pair(letter, &(at..once + wanted)));
            wanted = 0;
        }
        let is_word = !entry.is_phrase();
        let tells = doubled == 0 || doubled > 1 || text.len() >= LONG && usual == 0;
        (doubled == 0 || is_word && tells).then_some(at)
    }

    /// Whether hardly a word has this letter twice where it stands at `run`: some vowels, and
    /// consonants where a word begins (`sshit`), before others than in `apple` (`cocck`) or behind
    /// others at its end (`dickk`).
    fn is_odd_pair(&self, letter: u8, run: &Range<usize>) -> bool {
        match letter {
            b'a' | b'i' | b'u' => true,
            b'e' | b'l' | b'o' | b'y' => false,
            b'a'..=b'z' if self.before(run.start) == BETWEEN => true,
            b'a'..=b'z' if self.at(run.end) == BETWEEN => {
                let before = lexicon::letter(self.before(run.start));
                before.is_ascii_lowercase() && !b"aeiouy".contains(&before)
            }
            b'a'..=b'z' => {
                !b"aeiloursy".contains(&lexicon::letter(self.at(run.end)))
                    && matches!(self.at(run.end), 1..=26)
            }
            _ => false,
        }
    }

    /// Where the text begins that ends at `end`, if each of its letters is there as often as it has
    /// it.
    fn spelt(&self, text: &[u8], end: usize) -> Option<usize> {
        let start = end.checked_sub(text.len())?;
        let symbols = self.items.get(start..end)?.iter().map(|item| symbol(self.symbols, *item));
        let same = symbols.zip(text).all(|(symbol, letter)| symbol == lexicon::symbol_of(*letter));
        let first = text.first().map_or(BETWEEN, |letter| lexicon::symbol_of(*letter));
        // The same letter before it is a repetition; what is before the text is none.
        let repeated = start > 0 && self.before(start) == first;
        (same && !repeated).then_some(start)
    }

    /// Whether the rest of the word behind `end`, without digits at its end, has at most so many
    /// letters and is as `fits` says.
    fn rest(&self, end: usize, most: usize, fits: impl Fn(&str) -> bool) -> bool {
        if self.at(end) == BETWEEN {
            return fits("");
        }
        let mut buffer = [0_u8; MOST_REST];
        let mut length = 0;
        let mut at = end;
        let mut digits = false;
        loop {
            match self.at(at) {
                BETWEEN => break,
                symbol @ 1..=26 if !digits => {
                    let place = buffer.get_mut(length).filter(|_| length < most);
                    let Some(place) = place else { return false };
                    *place = lexicon::letter(symbol);
                    length += 1;
                }
                1..=26 => return false,
                _ => digits = true,
            }
            at += 1;
            if at > end + 2 * MOST_REST {
                return false;
            }
        }
        buffer.get(..length).and_then(|rest| str::from_utf8(rest).ok()).is_some_and(fits)
    }

    /// Whether the word that goes on at `end` ends with a digit: what few letters have behind them
    /// is most often the number of a part, `SHT31`.
    fn is_numbered(&self, end: usize) -> bool {
        (end..end + self.length_of_rest(end)).any(|at| self.at(at) >= OTHER)
    }

    /// Whether words before `start` say what is intended, or call to it.
    fn intended(&self, start: usize, is_call: bool) -> bool {
        let mut buffer = [0_u8; MOST_REST];
        let mut free = MOST_REST;
        let mut at = start;
        let mut last = BETWEEN;
        while at > 0 && free > 0 && start - at < 2 * MOST_REST {
            at -= 1;
            let symbol = self.at(at);
            if symbol == BETWEEN && last == BETWEEN {
                continue;
            }
            last = symbol;
            free -= 1;
            let Some(place) = buffer.get_mut(free) else { break };
            *place = lexicon::letter(symbol);
        }
        let before = buffer.get(free..).and_then(|before| str::from_utf8(before).ok());
        before.is_some_and(|before| lexicon::is_intent(before.trim_end(), is_call))
    }

    /// Whether the word begins with a part that ends at `start`.
    fn head(&self, start: usize) -> bool {
        let mut buffer = [0_u8; MOST_REST];
        let mut free = MOST_REST;
        let mut at = start;
        while self.before(at) != BETWEEN {
            at -= 1;
            free = match free.checked_sub(1) {
                Some(free) => free,
                None => return false,
            };
            let Some(place) = buffer.get_mut(free) else { return false };
            *place = lexicon::letter(self.at(at));
        }
        free < MOST_REST
            && buffer
                .get(free..)
                .and_then(|head| str::from_utf8(head).ok())
                .is_some_and(lexicon::is_part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        search_text(text.as_bytes(), &lexicon::SYMBOLS_OF_BYTES, &mut found);
        found.into_iter().map(|found| text.get(found.core).unwrap()).collect()
    }

    #[test]
    fn innocent_words_are_left_alone() {
        for text in [
            "Scunthorpe",
            "assess the class",
            "cockpit",
            "a peacock",
            "Dickens",
            "Penistone",
            "saltwater",
            "mass hit",
            "analysis",
            "document",
            "therapist",
            "grape",
            "hello",
            "rapper rapping",
            "basement",
            "he rapped in the annals of fodder",
            "a number of 11488",
            "tihs is a typo",
            "kkkkkkk",
            "Twatt and Conn, Pitt, dress, a class",
            "Mannskopp, Schmidtt, Kruppstahl",
            "je pars en retard au pique-nique, laisse-moi me doucher",
            "catarse do FGTS",
            "Dyckman, the sultana, Kuntala, Phukets",
            "Kunta Kinte works for Cummins",
            "westward ho, ho ho ho, heave ho",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_compounds_and_repetitions_are_found() {
        for text in [
            "shit",
            "shiiiit",
            "bullshitting",
            "assholes",
            "dickhead",
            "fuckfaces",
            "jackass",
            "cockmonkeys",
            "sshit",
            "shitt",
            "dickk",
            "retardd",
            "wankk",
            "cuntt",
            "cocck",
            "basstard",
            "kcuf",
            "nggrs",
            "sheeeit",
            "dickridin",
            "these hos",
            "phuckface",
            "kuntlicker",
            "shytehead",
            "holyshit",
            "smartarse",
            "bareass",
        ] {
            assert!(!found(text).is_empty(), "{text}");
        }
    }
}
