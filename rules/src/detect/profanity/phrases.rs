//! The policy's own phrases, in disguise or not.

use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};

use super::glyph::{self, Glyph, Role, Written};
use super::lexicon;
use crate::order;

/// Phrases to look for.
pub(super) struct Phrases {
    automaton: AhoCorasick,
    /// As the policy writes them.
    written: Vec<String>,
    /// What is known of the letters of all, one behind the other.
    letters: Vec<Wanted>,
    /// Where in them those of each begin.
    starts: Vec<usize>,
}

/// A letter of a phrase: how often it stands in a row, and whether it is written oddly. There are
/// many of them.
#[derive(Clone, Copy)]
struct Wanted {
    run: u8,
    odd: bool,
}

/// A phrase that stands in a text: bytes of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) range: Range<usize>,
    /// Whether it was read with letters replaced, repeated, apart or hidden.
    pub(super) disguised: bool,
    /// Which it is.
    pub(super) number: usize,
}

/// Whether the phrase has a letter by which it can be found.
pub(super) fn is_readable(phrase: &str) -> bool {
    !Reading::of(phrase, false).letters.is_empty()
}

impl Phrases {
    pub(super) fn new(phrases: Vec<String>) -> Result<Self, BuildError> {
        let mut texts = Vec::with_capacity(phrases.len());
        let mut letters = Vec::new();
        let mut starts = vec![0];
        for phrase in &phrases {
            let reading = Reading::of(phrase, false);
            texts.push(reading.text);
            letters.extend(reading.letters.iter().map(Letter::wanted));
            starts.push(letters.len());
        }
        Ok(Self { automaton: AhoCorasick::new(texts)?, written: phrases, letters, starts })
    }

    /// The phrase of this number.
    pub(super) fn phrase(&self, number: usize) -> Option<&str> {
        self.written.get(number).map(String::as_str)
    }

    /// Every phrase in the text, as whole words.
    pub(super) fn find(&self, text: &str) -> Vec<Phrase> {
        let reading = Reading::of(text, false);
        let mut found = Vec::new();
        self.look(&reading, &mut found);
        if reading.ambiguous {
            self.look(&Reading::of(text, true), &mut found);
        }
        order::by_place(&mut found, |one| (one.range.start, one.range.end, 0));
        found.dedup_by(|one, before| one.range.end <= before.range.end);
        found
    }

    fn look(&self, reading: &Reading, found: &mut Vec<Phrase>) {
        for hit in self.automaton.find_overlapping_iter(&reading.text) {
            let number = hit.pattern().as_usize();
            let wanted = self.starts.get(number..).unwrap_or_default();
            let [from, to, ..] = wanted else { continue };
            let Some(wanted) = self.letters.get(*from..*to) else { continue };
            let first = reading.letter_at.partition_point(|at| *at < hit.start());
            let Some(seen) = reading.letters.get(first..first + wanted.len()) else { continue };
            // Repeated once more is another word; more often is a disguise.
            let fits = |(seen, wanted): (&Letter, &Wanted)| {
                let run = usize::from(wanted.run);
                seen.run == run || seen.run > 2.max(run)
            };
            if !seen.iter().zip(wanted).all(fits) {
                continue;
            }
            if let ([first, ..], [.., last]) = (seen, seen) {
                let odd = |(seen, wanted): (&Letter, &Wanted)| {
                    seen.odd && !wanted.odd || seen.run != usize::from(wanted.run)
                };
                let disguised = seen.iter().zip(wanted).any(odd);
                found.push(Phrase { range: first.start..last.end, disguised, number });
            }
        }
    }
}

/// A text as words of letters, whatever they are written with, each letter once in a row, and one
/// space before, between and behind the words.
#[derive(Default)]
struct Reading {
    text: String,
    letters: Vec<Letter>,
    /// Where in `text` each of the letters stands.
    letter_at: Vec<usize>,
    /// Whether a glyph stands for either of two letters.
    ambiguous: bool,
}

/// A letter, and those like it behind it: bytes of the text, from the first to the last.
struct Letter {
    start: usize,
    end: usize,
    run: usize,
    odd: bool,
}

impl Letter {
    fn wanted(&self) -> Wanted {
        Wanted { run: u8::try_from(self.run).unwrap_or(u8::MAX), odd: self.odd }
    }
}

/// A glyph of a word that is being read.
struct Part {
    letter: Option<char>,
    /// How many of the letter it is: `ß` is written `ss` in capitals.
    run: usize,
    range: Range<usize>,
    odd: bool,
}

impl Reading {
    /// Reads the text; glyphs that stand for either of two letters as the `other` one.
    fn of(text: &str, other: bool) -> Self {
        let mut reading = Self { text: " ".to_owned(), ..Self::default() };
        // Single letters that stand apart, as one word if they are enough.
        let mut apart: Vec<Part> = Vec::new();
        for (start, token) in tokens(text) {
            let parts = reading.parts(token, start, other);
            let mut letters = parts.iter().filter(|part| part.letter.is_some());
            let single = letters.next().is_some() && letters.next().is_none();
            if single {
                apart.extend(parts.into_iter().filter(|part| part.letter.is_some()));
                continue;
            }
            reading.add_apart(&mut apart);
            reading.add(&parts);
        }
        reading.add_apart(&mut apart);
        reading
    }

    fn parts(&mut self, token: &str, start: usize, other: bool) -> Vec<Part> {
        let mut glyphs = Vec::new();
        let mut hidden = false;
        for Written { glyph, own, range, is_sequence } in glyph::written(token) {
            if glyph.role == Role::Nothing {
                hidden = true;
            } else {
                let range = start + range.start..start + range.end;
                glyphs.push((glyph, own, range, hidden || is_sequence));
                hidden = false;
            }
        }
        let has_letters =
            glyphs.iter().any(|(glyph, ..)| matches!(glyph.role, Role::Letter | Role::Foreign));
        // An exclamation mark at the end ends the sentence.
        let quiet = |glyph: &Glyph| {
            glyph.is_break() || glyph.role == Role::Symbol && glyph.is(lexicon::symbol(b'i'))
        };
        let end = glyphs.iter().rposition(|(glyph, ..)| !quiet(glyph)).map_or(0, |last| last + 1);
        glyphs.truncate(end);
        let read = |(glyph, own, range, hidden): (Glyph, char, Range<usize>, bool)| {
            let symbol = if other { glyph.other } else { glyph.symbol };
            let seen = char::from(lexicon::letter(symbol));
            let is_double = matches!(own, 'ß' | 'ẞ') && !other;
            let letter = match glyph.role {
                _ if is_double => Some('s'),
                Role::Letter | Role::Foreign => Some(seen),
                Role::Digit | Role::Symbol if has_letters => Some(seen),
                Role::Digit => Some(own),
                Role::Opaque => own.to_lowercase().next(),
                _ => None,
            };
            self.ambiguous |= letter.is_some() && has_letters && glyph.symbol != glyph.other;
            let plain = is_double || matches!(glyph.role, Role::Letter | Role::Opaque);
            let run = if is_double { 2 } else { 1 };
            Part { letter, run, range, odd: hidden || !plain }
        };
        glyphs.into_iter().map(read).collect()
    }

    /// Adds single letters as one word, if they are three or more.
    fn add_apart(&mut self, apart: &mut Vec<Part>) {
        if apart.len() >= LEAST_APART {
            for part in apart.iter_mut() {
                part.odd = true;
            }
            self.word(apart);
        } else {
            for part in apart.iter() {
                self.word(std::slice::from_ref(part));
            }
        }
        apart.clear();
    }

    /// Adds the words of a token: one, where what stands between its pieces keeps letters apart.
    fn add(&mut self, parts: &[Part]) {
        let pieces = || parts.split(|part| part.letter.is_none()).filter(|one| !one.is_empty());
        if pieces().count() >= LEAST_APART && pieces().all(|piece| piece.len() <= 2) {
            let joined: Vec<Part> = pieces()
                .flatten()
                .map(|part| Part { range: part.range.clone(), odd: true, ..*part })
                .collect();
            self.word(&joined);
        } else {
            pieces().for_each(|piece| self.word(piece));
        }
    }

    fn word(&mut self, parts: &[Part]) {
        let mut before = None;
        for part in parts {
            let Some(letter) = part.letter else { continue };
            if before == Some(letter)
                && let Some(last) = self.letters.last_mut()
            {
                last.end = part.range.end;
                last.run += part.run;
                last.odd |= part.odd;
                continue;
            }
            before = Some(letter);
            self.letter_at.push(self.text.len());
            self.text.push(letter);
            self.letters.push(Letter {
                start: part.range.start,
                end: part.range.end,
                run: part.run,
                odd: part.odd,
            });
        }
        if before.is_some() {
            self.text.push(' ');
        }
    }
}

/// So many letters apart are a word.
const LEAST_APART: usize = 3;

/// The runs of text between spaces, with where they begin.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(|character: char| character.is_whitespace() || matches!(character, ',' | '"'))
        .map(move |token| {
            let start = at;
            at += token.len();
            let behind = text.get(at..).and_then(|rest| rest.chars().next());
            at += behind.map_or(0, char::len_utf8);
            (start, token)
        })
        .filter(|(_, token)| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(phrases: &[&str], text: &'a str) -> Vec<(&'a str, bool)> {
        let phrases: Vec<_> = phrases.iter().map(|one| (*one).to_owned()).collect();
        let phrases = Phrases::new(phrases).unwrap();
        let found = phrases.find(text).into_iter();
        found.map(|one| (text.get(one.range).unwrap(), one.disguised)).collect()
    }

    #[test]
    fn other_words_are_let_go() {
        let phrases = ["find your god", "go home", "ü50"];
        for text in [
            "find your goods",
            "find your good",
            "I find yourself",
            "gohome",
            "go, homes",
            "ago home",
            "find god",
            "50",
            "",
            "! ? -",
        ] {
            assert_eq!(found(&phrases, text), [], "{text}");
        }
    }

    #[test]
    fn phrases_are_found_in_good_order() {
        let phrases = ["find your god", "go home", "иди домой", "回家"];
        for text in
            ["Find your GOD", "go home", "go, home", "Go... home", "go-home", "回家", "Иди домой"]
        {
            assert_eq!(found(&phrases, &format!("oh {text}!")), [(text, false)], "{text}");
        }
    }

    #[test]
    fn a_sharp_s_is_two() {
        let phrases = ["straße frei", "messe"];
        for text in ["Straße frei", "STRASSE FREI", "strasse frei", "STRAẞE FREI", "Meße"] {
            assert_eq!(found(&phrases, text), [(text, false)], "{text}");
        }
        assert_eq!(found(&phrases, "strase frei"), []);
    }

    #[test]
    fn disguises_are_seen_through() {
        let phrases = ["go home", "kill"];
        for text in [
            "g0 h0me",
            "goooo home",
            "go hоmе",
            "k1ll",
            "k i l l",
            "k.i.l.l",
            "k-i-l-l",
            "g&#111; home",
            "ki\u{200b}ll",
            "KIЛL",
        ] {
            let all = found(&phrases, text);
            if text == "KIЛL" {
                assert_eq!(all, []);
            } else {
                assert_eq!(all, [(text, true)], "{text}");
            }
        }
    }
}
