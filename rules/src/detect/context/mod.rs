//! Words that say what a number near them is: found in one pass for all detectors.
//!
//! A number of nine digits may be anything; behind `SSN:` it is one thing. The vocabulary is
//! grouped by topic; a word may belong to several.

mod vocabulary;

use std::sync::LazyLock;

use vocabulary::VOCABULARY;
pub(crate) use vocabulary::*;

use crate::order;

/// A set of topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topics(u128);

impl Topics {
    /// No topic.
    pub(crate) const NONE: Self = Self(0);

    const fn number(bit: u32) -> Self {
        Self(1 << bit)
    }

    /// Both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the two have a topic in common.
    pub(crate) fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A word of the vocabulary in a text.
pub(crate) struct Cue {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) topics: Topics,
}

/// The words of the vocabulary that a text holds, in order.
pub(crate) struct Cues {
    pub(crate) items: Vec<Cue>,
    /// The topics of all of them.
    pub(crate) topics: Topics,
}

impl Cues {
    /// Reads `text` once: at each place where a word begins, the few entries that begin alike are
    /// compared.
    pub(crate) fn of(text: &str) -> Self {
        let mut cues = Self { items: Vec::new(), topics: Topics::NONE };
        let mut before = Letter::None;
        for (at, byte) in text.bytes().enumerate() {
            let letter = match byte {
                b'a'..=b'z' => Letter::Small,
                b'A'..=b'Z' => Letter::Capital,
                0..0x80 => Letter::None,
                // Not the first byte of a character.
                0x80..0xc0 => continue,
                _ => text
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(Letter::None, Letter::of),
            };
            let begins = match (before, letter) {
                (_, Letter::None) => false,
                (Letter::None | Letter::Unspaced, _) | (_, Letter::Unspaced) => true,
                (before, letter) => before == Letter::Small && letter == Letter::Capital,
            };
            before = letter;
            if begins && let Some(rest) = text.get(at..) {
                let bracketed = letter == Letter::Small
                    && text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'[');
                cues.read(at, rest, bracketed);
            }
        }
        cues
    }

    fn read(&mut self, at: usize, rest: &str, bracketed: bool) {
        let mut found: Option<(usize, Topics)> = None;
        for Entry { word, topics, .. } in INDEX.entries(rest) {
            let Some(length) = matched(word, rest) else { continue };
            let (longest, all) = found.unwrap_or((0, Topics::NONE));
            found = Some((longest.max(length), all.and(*topics)));
        }
        // What a redaction left says nothing of the digits beside it: `[phone], 1234567 people`.
        let label = |length| bracketed && rest.as_bytes().get(length) == Some(&b']');
        if let Some((length, topics)) = found.filter(|(length, _)| !label(*length)) {
            self.items.push(Cue { start: at, end: at + length, topics });
            self.topics = self.topics.and(topics);
        }
    }
}

/// What a character is to the beginning of words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    None,
    Small,
    Capital,
    /// Neither small nor a capital.
    Other,
    /// Of a script that writes no spaces between words.
    Unspaced,
}

impl Letter {
    fn of(character: char) -> Self {
        match character {
            _ if !character.is_alphabetic() => Self::None,
            _ if is_unspaced(character) => Self::Unspaced,
            _ if character.is_lowercase() => Self::Small,
            _ if character.is_uppercase() => Self::Capital,
            _ => Self::Other,
        }
    }
}

/// How many bytes at the beginning of `rest` are `word`, where it ends there or is a stem; one with a
/// space at its end is none.
fn matched(word: &str, rest: &str) -> Option<usize> {
    let whole = word.strip_suffix(' ');
    let word = whole.unwrap_or(word);
    let mut characters = rest.char_indices().peekable();
    let mut end = 0;
    let mut last = None;
    for wanted in word.chars() {
        if wanted == ' ' {
            for _ in 0..MOST_SEPARATORS {
                if characters.next_if(|(_, one)| !one.is_alphanumeric()).is_none() {
                    break;
                }
            }
            continue;
        }
        let (at, character) = characters.next()?;
        let same = if character.is_ascii() {
            character.to_ascii_lowercase() == wanted
        } else {
            character == wanted || character.to_lowercase().eq([wanted])
        };
        if !same {
            return None;
        }
        end = at + character.len_utf8();
        last = Some(character);
    }
    let last = last?;
    if is_unspaced(last) || whole.is_none() && word.chars().nth(STEM - 1).is_some() {
        return Some(end);
    }
    // A short word ends where the text's does, but for a plural.
    let mut behind = characters.map(|(_, one)| one);
    let ends = |next: Option<char>| {
        next.is_none_or(|next| {
            !next.is_alphabetic()
                || is_unspaced(next)
                || (last.is_lowercase() && next.is_uppercase())
        })
    };
    let next = behind.next();
    (ends(next) || (next == Some('s') && ends(behind.next()))).then_some(end)
}

/// How many letters an entry has that matches longer words.
const STEM: usize = 5;
/// How many separators may stand between the words of an entry.
const MOST_SEPARATORS: usize = 3;

/// Whether words of this script stand without spaces between them.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The vocabulary by first letters, made when the first number needs it.
static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

struct Entry {
    bucket: usize,
    word: &'static str,
    topics: Topics,
}

struct Index {
    /// Sorted by bucket.
    entries: Vec<Entry>,
    /// Where each bucket begins.
    starts: Vec<usize>,
}

/// About as many as there are words: many words of a text meet an empty bucket.
const BUCKETS: usize = 1024;

impl Index {
    fn new() -> Self {
        let mut entries = Vec::new();
        for (topics, words) in VOCABULARY {
            for word in words.lines() {
                let entry = |bucket| Entry { bucket, word, topics: *topics };
                entries.push(entry(bucket(word)));
                // Two letters may have a plural's third.
                if word.len() == 2 {
                    entries.push(entry(bucket(&format!("{word}s"))));
                }
            }
        }
        order::by_place(&mut entries, |entry| (entry.bucket, 0, 0));
        let starts = (0..=BUCKETS)
            .map(|bucket| entries.partition_point(|entry| entry.bucket < bucket))
            .collect();
        Self { entries, starts }
    }

    /// The entries that begin as `rest` does, and a few others.
    fn entries(&self, rest: &str) -> &[Entry] {
        let bucket = bucket(rest);
        let places = self.starts.get(bucket).zip(self.starts.get(bucket + 1));
        places.and_then(|(start, end)| self.entries.get(*start..*end)).unwrap_or_default()
    }
}

/// The bucket for a word's first letters: up to three of ASCII, or the first where another is
/// among them.
fn bucket(text: &str) -> usize {
    let mut hash = 0;
    let mut before = b'A';
    for (at, byte) in text.bytes().take(3).enumerate() {
        if !byte.is_ascii() {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            if at > 0 && character.is_some_and(is_unspaced) {
                break;
            }
            let first = text.chars().next().into_iter().flat_map(char::to_lowercase).next();
            let code = usize::try_from(first.map_or(0, u32::from)).unwrap_or(0);
            return (code * 7 + 3) % BUCKETS;
        }
        let ends = before.is_ascii_lowercase() && byte.is_ascii_uppercase();
        if ends || !byte.is_ascii_alphabetic() {
            break;
        }
        hash = hash * 37 + usize::from(byte.to_ascii_lowercase());
        before = byte;
    }
    hash % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, topics: Topics) -> Vec<&str> {
        let cues = Cues::of(text);
        let ours = cues.items.iter().filter(|cue| cue.topics.meet(topics));
        ours.map(|cue| text.get(cue.start..cue.end).unwrap()).collect()
    }

    #[test]
    fn a_short_word_is_not_found_inside_another() {
        assert!(words("skip ipsum", ADDRESS).is_empty());
        assert_eq!(words("IP, ips; client_ip", ADDRESS), ["IP", "ips", "client", "ip"]);
    }

    #[test]
    fn a_long_word_is_found_with_an_ending() {
        assert_eq!(words("Passports, Reisepassnummer", PASSPORT), ["Passport", "Reisepass"]);
    }

    #[test]
    fn phrases_and_joined_words_are_one() {
        assert_eq!(words("travel  document", PASSPORT), ["travel  document"]);
        assert_eq!(words("travelDocument travel_document", PASSPORT).len(), 2);
        assert_eq!(words("my no. is, my nose, my NOs", PHONE), ["my no", "my NO"]);
    }

    #[test]
    fn a_label_is_no_word() {
        assert!(words("[phone] [passport]", PHONE.and(PASSPORT)).is_empty());
        assert_eq!(words("[my phone] [phone 12] phone] [Phone]", PHONE).len(), 4);
    }

    #[test]
    fn scripts_without_spaces_are_read() {
        assert_eq!(words("私の電話は", PHONE), ["電話"]);
        assert_eq!(words("私のIPは", ADDRESS), ["IP"]);
    }

    #[test]
    fn the_vocabulary_is_lower_case_and_without_repeats() {
        for (_, words) in VOCABULARY {
            let words: Vec<&str> = words.lines().collect();
            for (at, word) in words.iter().enumerate() {
                assert_eq!(*word, word.to_lowercase());
                assert!(!words[..at].contains(word), "{word}");
            }
        }
    }
}
