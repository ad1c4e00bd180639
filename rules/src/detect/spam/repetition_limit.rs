use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, Build};

#[doc = include_str!("repetition_limit.md")]
pub(crate) struct RepetitionLimit;

/// Options of `repetition-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "RepetitionLimitOptions")]
pub(crate) struct Options {
    /// How often a character may stand in a row, 10 unless set.
    characters: usize,
    /// How often a word may, 5 unless set.
    words: usize,
}

impl Detector for RepetitionLimit {
    const NAME: &'static str = "repetition-limit";
    const SUMMARY: &'static str = "the same character or word over and over";
    const PAGE: &'static str = include_str!("repetition_limit.md");
    const LABEL: &'static str = "repetition";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { characters: 10, words: 5 }
    }
}

const CHARACTERS: Evidence =
    Evidence::of(&[("a character more often in a row than the limit", 100)]);
const WORDS: Evidence = Evidence::of(&[("a word more often in a row than the limit", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        self.characters(scan.text(), hits);
        // A text beyond ASCII has other spaces, and is read word by word.
        if !scan.landmarks().is_ascii() || most_alike(scan.bytes()) > self.words {
            self.words(scan, hits);
        }
    }
}

impl Options {
    fn characters(&self, text: &str, hits: &mut Hits) {
        // A run that is long enough holds one of each so many bytes.
        let mut floor = 0;
        let mut at = self.characters;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            // Most characters are other ones than both of their neighbours.
            let same = |other: Option<&u8>| other == Some(byte);
            let beside = same(bytes.get(at + 1)) || at > 0 && same(bytes.get(at - 1));
            if byte.is_ascii() && !beside && self.characters > 0 {
                at += 1 + self.characters;
                continue;
            }
            let start = text.floor_char_boundary(at);
            let (Some(before), Some(behind)) = (text.get(floor..start), text.get(start..)) else {
                return;
            };
            let Some(character) = behind.chars().next() else { return };
            let size = character.len_utf8();
            let same = |other: &char| *other == character;
            let end = start + size * behind.chars().take_while(same).count();
            let start = start - size * before.chars().rev().take_while(same).count();
            let surplus = start + size * self.characters;
            let is_fine = |run| is_number(text, run) || is_ruler(text, run);
            if surplus < end && !character.is_whitespace() && !is_fine(&(start..end)) {
                hits.push(surplus..end, RepetitionLimit::LABEL, CHARACTERS);
            }
            floor = end;
            at = end + self.characters;
        }
    }

    fn words(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let bytes = scan.bytes();
        let may_be_space = |byte: &u8| SPACES.get(usize::from(*byte)).is_some_and(|space| *space);
        let next = |at: usize| bytes.get(at..)?.iter().position(may_be_space);
        let (mut start, mut at) = (0, 0);
        let mut last = 0..0;
        let mut count = 0;
        while start < bytes.len() {
            let end = next(at).map_or(bytes.len(), |before| at + before);
            let Some(space) = space(bytes.get(end..).unwrap_or_default()) else {
                at = end + 1;
                continue;
            };
            at = end + space;
            let word = start..end;
            start = at.max(start + 1);
            if word.is_empty() {
                continue;
            }
            // What is in front is told first: few words begin like the one before.
            let plain = behind_punctuation(bytes, &word)..word.end;
            let same = may_be_equal(bytes.get(last.start), bytes.get(plain.start)) && {
                let part = |range: &Range<usize>| scan.text().get(before_punctuation(bytes, range));
                part(&last).zip(part(&plain)).is_some_and(equal)
            };
            count = if same { count + 1 } else { 1 };
            if count > self.words && !is_ruler(scan.text(), &word) {
                hits.push(word, RepetitionLimit::LABEL, WORDS);
            }
            last = plain;
        }
    }
}

/// The most zeros of a number in a row: so many has a decillion, on the long scale less than any
/// number that people write out has.
const MOST_ZEROS: usize = 33;

/// Where the word begins behind punctuation of ASCII, unless it is nothing else.
fn behind_punctuation(bytes: &[u8], word: &Range<usize>) -> usize {
    let mut letters = bytes.get(word.clone()).unwrap_or_default().iter();
    word.start + letters.position(|byte| !byte.is_ascii_punctuation()).unwrap_or(0)
}

/// The word before punctuation of ASCII, unless it is nothing else.
fn before_punctuation(bytes: &[u8], word: &Range<usize>) -> Range<usize> {
    let mut letters = bytes.get(word.clone()).unwrap_or_default().iter();
    let last = letters.rposition(|byte| !byte.is_ascii_punctuation());
    word.start..last.map_or(word.end, |last| word.start + last + 1)
}

/// The longest line that parts what is above it from what is below, in bytes.
const MOST_RULER: usize = 160;

/// Whether the run is a line that somebody drew, or a part of one: `====`, `|-----|---|`.
fn is_ruler(text: &str, run: &Range<usize>) -> bool {
    let drawn = |byte: Option<u8>| byte.is_some_and(|byte| b"-=_~|+".contains(&byte));
    let ends = |byte: Option<u8>| {
        drawn(byte)
            || byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b':' | b'`'))
    };
    let bytes = text.as_bytes();
    let before = run.start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    drawn(bytes.get(run.start).copied())
        && run.len() <= MOST_RULER
        && ends(before)
        && ends(bytes.get(run.end).copied())
}

/// Whether the run is the zeros of a number: `1000000000000000`, `0.0000000000001`; or of the UUID
/// that stands for none.
fn is_number(text: &str, run: &Range<usize>) -> bool {
    let mut before = text.get(..run.start).unwrap_or_default().bytes().rev();
    let behind = text.get(run.end..).and_then(|behind| behind.bytes().next());
    let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    let tail = match before.next() {
        Some(b'.' | b',') => digit(before.next()) && digit(behind),
        Some(b'-') => run.len() <= 12 && before.take(5).eq(b"0000-".iter().copied()),
        byte => digit(byte),
    };
    let zeros = text.as_bytes().get(run.start) == Some(&b'0');
    zeros && tail && run.len() <= MOST_ZEROS
}

/// Which bytes may begin a space: those outside ASCII are U+0085, U+00A0, U+1680, some of U+2000 to
/// U+205F, and U+3000.
static SPACES: [bool; 256] = {
    let mut spaces = [false; 256];
    let mut rest: &[u8] = b" \t\n\x0b\x0c\r\xc2\xe1\xe2\xe3";
    while let Some((space, behind)) = rest.split_first() {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            spaces[*space as usize] = true;
        }
        rest = behind;
    }
    spaces
};

/// How many bytes the space takes that the text begins with: none where there is no text, and `None`
/// where another character is.
fn space(text: &[u8]) -> Option<usize> {
    match text {
        [] => Some(0),
        [b'\t'..=b'\r' | b' ', ..] => Some(1),
        [0xc2, 0x85 | 0xa0, ..] => Some(2),
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => Some(3),
        _ => None,
    }
}

/// The most words of an ASCII text in a row that begin with the same letter: of those that are the
/// same there are no more. Eight bytes are looked at at once, and a word's first letter alone.
fn most_alike(bytes: &[u8]) -> usize {
    const SIZE: usize = size_of::<u64>();
    const EACH: u64 = u64::from_ne_bytes([1; SIZE]);
    const HIGH: u64 = EACH << 7;
    const LOWEST: u64 = 0xff;
    // The high bit of each byte that is no less than this.
    let least = |bytes: u64, least: u8| bytes + EACH * u64::from(0x80 - least);
    let (mut most, mut count, mut last) = (0, 0, 0);
    // Before the text there is a space.
    let mut before = HIGH & LOWEST;
    let mut look = |chunk: [u8; SIZE]| {
        let bytes = u64::from_le_bytes(chunk);
        let breaks = least(bytes, b'\t') & !least(bytes, b'\r' + 1);
        let spaces = (breaks | least(bytes, b' ') & !least(bytes, b' ' + 1)) & HIGH;
        let mut starts = (spaces << 8 | before) & !spaces;
        before = spaces >> (u64::BITS - 8);
        while starts != 0 {
            let letter = (bytes >> (starts.trailing_zeros() - 7)) & LOWEST | 0x20;
            starts &= starts - 1;
            count = if letter == last { count + 1 } else { 1 };
            last = letter;
            most = most.max(count);
        }
    };
    let (chunks, rest) = bytes.as_chunks();
    for chunk in chunks {
        look(*chunk);
    }
    let mut end = [b' '; SIZE];
    for (place, byte) in end.iter_mut().zip(rest) {
        *place = *byte;
    }
    look(end);
    most
}

/// Whether words with these first bytes may be the same but for their case.
fn may_be_equal(one: Option<&u8>, other: Option<&u8>) -> bool {
    // East Asia has no capitals.
    let has_case = |byte: &u8| !matches!(byte, 0xe3..=0xe9 | 0xed);
    one.zip(other).is_some_and(|(one, other)| match (one.is_ascii(), other.is_ascii()) {
        (true, true) => one.eq_ignore_ascii_case(other),
        // The signs of Kelvin and `İ` are capitals of letters of ASCII.
        (true, false) => matches!(other, 0xc4 | 0xe2),
        (false, true) => matches!(one, 0xc4 | 0xe2),
        (false, false) => one == other || has_case(one) && has_case(other),
    })
}

/// Whether two words are the same but for their case.
fn equal((one, other): (&str, &str)) -> bool {
    one.eq_ignore_ascii_case(other)
        || !one.is_ascii()
            && one
                .chars()
                .flat_map(char::to_lowercase)
                .eq(other.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{SPACES, may_be_equal, most_alike, space};
    use crate::detect::tests::found;

    proptest! {
        #[test]
        fn words_that_begin_alike_are_counted_as_one_by_one(
            text in "[ab.A\u{1}\u{e}\u{1f}~]{0,3}([ \t-\r]{0,9}[aAb]?[aAb.\u{1c}~\u{7f}]{0,6}){0,9}",
        ) {
            let first = |word: &str| word.as_bytes()[0] | 0x20;
            let words: Vec<u8> = text.split_whitespace().map(first).collect();
            let plain = words.chunk_by(|one, other| one == other).map(<[u8]>::len).max();
            prop_assert_eq!(most_alike(text.as_bytes()), plain.unwrap_or(0), "{:?}", text);
        }
    }

    #[test]
    fn spaces_are_told_by_their_bytes() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let length = character.is_whitespace().then_some(text.len());
            assert_eq!(space(text.as_bytes()), length, "{character:?}");
            assert!(length.is_none() || SPACES[usize::from(text.as_bytes()[0])], "{character:?}");
        }
    }

    #[test]
    fn letters_that_differ_in_case_may_be_equal() {
        let mut alike: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let is_small = |one: &char| one.to_lowercase().eq([*one]);
        for character in ('\0'..=char::MAX).filter(|one| !is_small(one)) {
            let small: String = character.to_lowercase().collect();
            let bytes = [small.as_bytes()[0], character.to_string().as_bytes()[0]];
            alike.entry(small).or_default().extend(bytes);
        }
        assert!(alike.len() > 1_000);
        for (small, bytes) in alike {
            for (one, other) in bytes.iter().flat_map(|one| bytes.iter().map(move |two| (one, two)))
            {
                assert!(may_be_equal(Some(one), Some(other)), "{small}");
            }
        }
        // A small letter may be several, of which the first is compared.
        assert!(may_be_equal("İ".as_bytes().first(), Some(&b'i')));
        assert!(!may_be_equal(Some(&b'a'), "д".as_bytes().first()));
        assert!(!may_be_equal("日".as_bytes().first(), "д".as_bytes().first()));
    }

    #[test]
    fn emphasis_is_fine() {
        assert!(
            found("repetition-limit", "{}", "sooooo good!!!!! ha ha ha ha ha ----------")
                .is_empty()
        );
        assert!(found("repetition-limit", "{}", "a                        b").is_empty());
    }

    #[test]
    fn rulers_are_no_floods() {
        let line = "=".repeat(60);
        for text in [
            line.as_str(),
            "a\n--------------------\nb",
            "| a | b |\n|--------------------|:---------------|",
            "----------- Original Message -----------",
            "+-------------+-------------+",
            "- - - - - - - - - -",
            "| | | | | | | |",
            "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-000000000001",
        ] {
            assert!(found("repetition-limit", "{}", text).is_empty(), "{text}");
        }
        let flood = "-".repeat(400);
        for text in [
            flood.as_str(),
            "wow------------wow",
            "!!!!!!!!!!!!!!!!!!!!",
            "0-000000000000",
            "00000000-0000-0000-0000-0000000000000",
        ] {
            assert_eq!(found("repetition-limit", "{}", text).len(), 1, "{text}");
        }
        assert_eq!(found("repetition-limit", "{}", "! ! ! ! ! ! !").len(), 2);
    }

    #[test]
    fn punctuation_makes_no_difference_between_words() {
        let options = "{ words = 3 }";
        for text in ["buy, buy, buy", "buy a, b, c, d", "1. 2. 3. 4.", "(a) (b) (c) (d)", "; , . !"]
        {
            assert!(found("repetition-limit", options, text).is_empty(), "{text}");
        }
        assert_eq!(found("repetition-limit", options, "buy, Buy! buy. buy, now"), ["buy,"]);
        assert_eq!(
            found("repetition-limit", options, "\"да\", да да, да, да! да"),
            ["да,", "да!", "да"]
        );
    }

    #[test]
    fn a_number_is_no_flood() {
        for text in
            ["1000000000000000", "it has 3000000000000000€", "0.0000000000000012", "0,000000000001"]
        {
            assert!(found("repetition-limit", "{}", text).is_empty(), "{text}");
        }
        let many = format!("1{}", "0".repeat(34));
        for text in ["000000000000000", "111111111111111", "x0.000000000000000", many.as_str()] {
            assert_eq!(found("repetition-limit", "{}", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_is_above_the_limit_is_found() {
        assert_eq!(found("repetition-limit", "{ characters = 3 }", "aaaaab ééééé"), ["aa", "éé"]);
        assert_eq!(
            found("repetition-limit", "{ words = 2 }", "spam Spam SPAM spam ok Äh äh ÄH"),
            ["SPAM", "spam", "ÄH"]
        );
    }
}
