use std::ops::Range;

use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, NoOptions, Probe, Scan, TextDetector,
};
use crate::policy::{Action, Build};

#[doc = include_str!("street_address.md")]
pub(crate) struct StreetAddress;

impl Detector for StreetAddress {
    const NAME: &'static str = "street-address";
    const SUMMARY: &'static str = "streets with house numbers: American, British, German";
    const PAGE: &'static str = include_str!("street_address.md");
    const LABEL: &'static str = "address";
    const GROUPS: &'static [&'static str] = &["contact"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::LETTER).digits(1);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Addresses)))
    }
}

const STREET: (&str, i16) = ("a house number and a kind of street", 30);
const CAPITAL: (&str, i16) = ("the street has a name in capitals", 25);
const LOCALITY: (&str, i16) = ("a postal code or a flat follows", 35);
const BOX: (&str, i16) = ("a post office box", 70);

const LOWER: Evidence = Evidence::of(&[STREET]);
const NAMED: Evidence = Evidence::of(&[STREET, CAPITAL]);
const LOWER_PLACED: Evidence = Evidence::of(&[STREET, LOCALITY]);
const NAMED_PLACED: Evidence = Evidence::of(&[STREET, CAPITAL, LOCALITY]);
const POST_BOX: Evidence = Evidence::of(&[BOX]);

/// Kinds of streets, written out or short, in small letters.
const KINDS: &[&str] = &[
    "alley",
    "ave",
    "avenue",
    "blvd",
    "boulevard",
    "circle",
    "cir",
    "close",
    "court",
    "courts",
    "cove",
    "crescent",
    "cres",
    "ct",
    "dr",
    "drive",
    "expressway",
    "gardens",
    "grove",
    "highway",
    "hill",
    "hwy",
    "lane",
    "ln",
    "loop",
    "mews",
    "parade",
    "park",
    "parkway",
    "pike",
    "pkwy",
    "pl",
    "place",
    "plaza",
    "rd",
    "road",
    "row",
    "sq",
    "square",
    "st",
    "street",
    "terrace",
    "trail",
    "trl",
    "turnpike",
    "walk",
    "way",
];

/// What German street names end in.
const ENDINGS: &[&str] = &[
    "straße", "strasse", "str.", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer",
    "chaussee", "steig", "markt",
];

/// Words before the number of a flat.
const FLATS: &[&str] = &["apt", "apartment", "suite", "ste", "unit", "flat", "floor", "room", "#"];

/// The codes of the United States' states and territories.
const STATES: &[u8] = b"ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYPRGUVIAAAEAP";

/// The most words between a house number and the kind of street, and of a town's name.
const MOST_WORDS: usize = 4;

struct Addresses;

impl TextDetector for Addresses {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut end = 0;
        for run in scan.digit_runs() {
            if run.start < end
                || run.len() > 6
                || scan.before(run.start).is_some_and(char::is_alphanumeric)
            {
                continue;
            }
            let found = english(scan, run)
                .or_else(|| german(scan, run).filter(|(range, _)| range.start >= end))
                .or_else(|| post_box(scan, run).filter(|(range, _)| range.start >= end));
            if let Some((range, evidence)) = found {
                end = range.end;
                hits.push(range, StreetAddress::LABEL, evidence);
            }
        }
    }
}

/// `1600 Pennsylvania Avenue NW, Apt 4, Washington, DC 20500`; `10 Downing Street, London SW1A 2AA`.
fn english(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    // 221B, 12-14.
    let mut at = run.end;
    if scan.byte(at).is_some_and(|byte| byte.is_ascii_alphabetic()) {
        at += 1;
    }
    if scan.byte(at)? == b'-' {
        at += 1 + count(scan, at + 1, u8::is_ascii_digit);
    }
    let mut named = false;
    let mut end = None;
    for index in 0..=MOST_WORDS {
        let Some((range, gap)) = word(scan, at) else { break };
        let text = scan.text().get(range.clone())?;
        let capital = text.starts_with(|one: char| one.is_uppercase() || one.is_ascii_digit());
        let lower = text.to_ascii_lowercase();
        if index > 0 && KINDS.contains(&lower.as_str()) {
            end = Some(range.end);
            // The last of several: `Park Lane`, `Court Road`.
            named &= capital || lower.len() > 2;
        } else if end.is_some() || gap.contains(',') {
            break;
        } else {
            named = if index == 0 { capital } else { named && (capital || is_small(&lower)) };
        }
        at = range.end;
    }
    let mut end = end?;
    if scan.byte(end) == Some(b'.') {
        end += 1;
    }
    let (tail, placed) = locality(scan, end);
    Some((
        run.start..tail,
        match (named, placed) {
            (true, true) => NAMED_PLACED,
            (true, false) => NAMED,
            (false, true) => LOWER_PLACED,
            (false, false) => LOWER,
        },
    ))
}

/// Words of street names that are written small.
fn is_small(word: &str) -> bool {
    matches!(word, "of" | "the" | "and" | "de" | "la" | "le" | "on" | "van" | "der" | "del")
}

/// `Hauptstraße 5`, `Am Alten Markt 12a, 10115 Berlin`: the name stands before the number.
fn german(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    let before = scan.text().get(..run.start)?.strip_suffix(' ')?;
    let letters = |text: &str| -> usize {
        let part = |one: &char| one.is_alphabetic() || matches!(one, '-' | '.');
        text.chars().rev().take(40).take_while(part).map(char::len_utf8).sum()
    };
    let mut start = before.len() - letters(before);
    let name = before.get(start..)?;
    let lower = name.to_lowercase();
    let ending = ENDINGS.iter().find(|ending| lower.ends_with(*ending))?;
    let joined = lower.len() > ending.len();
    if !joined {
        // `Frankfurter Allee 5`: the kind is a word of its own.
        let ahead = before.get(..start)?.strip_suffix(' ')?;
        let size = letters(ahead);
        start = ahead.len() - size;
        ahead.get(start..)?.starts_with(char::is_uppercase).then_some(())?;
    }
    let capital = name.starts_with(char::is_uppercase);
    let mut end = run.end;
    if scan.byte(end).is_some_and(|byte| byte.is_ascii_lowercase()) {
        end += 1;
    }
    if run.len() > 3 || scan.behind(end).is_some_and(char::is_alphanumeric) {
        return None;
    }
    // `Spring 5`, `Supermarkt 3`: these end other words, too.
    let sure = capital && !matches!(*ending, "ring" | "str" | "markt" | "steig");
    let (tail, placed) = german_town(scan, end);
    let evidence = match (sure, placed) {
        (true, true) => NAMED_PLACED,
        (true, false) => NAMED,
        (false, true) => LOWER_PLACED,
        (false, false) => LOWER,
    };
    Some((start..tail, evidence))
}

/// `P.O. Box 123`.
fn post_box(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    let before = scan.text().get(..run.start)?;
    let tail = before
        .get(before.len().checked_sub(9)?..)
        .or_else(|| before.get(before.len().checked_sub(8)?..))?;
    let lower = tail.to_ascii_lowercase();
    let words = ["p.o. box ", "po box ", "p o box ", "postfach "];
    let word = words.iter().find(|word| lower.ends_with(*word))?;
    let start = run.start - word.len();
    (!scan.before(start).is_some_and(char::is_alphanumeric)).then_some((start..run.end, POST_BOX))
}

/// Where a flat, a town and its postal code behind a street end, and whether there is a flat or a
/// code.
fn locality(scan: &Scan<'_>, end: usize) -> (usize, bool) {
    let mut at = end;
    let mut placed = false;
    if let Some(flat) = flat(scan, at) {
        at = flat;
        placed = true;
    }
    // A town of some words, then the code; nothing is taken where there is no code.
    let mut ahead = at;
    for _ in 0..=MOST_WORDS + 1 {
        let Some((range, _)) = word(scan, ahead) else { break };
        if let Some(code) = postal_code(scan, &range) {
            return (code, true);
        }
        let Some(text) = scan.text().get(range.clone()) else { break };
        if !text.starts_with(char::is_uppercase) {
            break;
        }
        ahead = range.end;
    }
    (at, placed)
}

/// Where the flat behind `at` ends.
fn flat(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let rest = scan.text().get(at..)?;
    let lead = rest.bytes().take(3).take_while(|byte| b" ,\n".contains(byte)).count();
    let rest = rest.get(lead..)?;
    let word = FLATS
        .iter()
        .find(|word| rest.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))?;
    let rest = rest.get(word.len()..)?;
    let gap = rest.bytes().take(2).take_while(|byte| b" .".contains(byte)).count();
    let number = rest.bytes().skip(gap).take(6).take_while(u8::is_ascii_alphanumeric).count();
    let digit = rest.bytes().skip(gap).take(number).any(|byte| byte.is_ascii_digit());
    (lead > 0 && digit).then_some(at + lead + word.len() + gap + number)
}

/// Where the postal code that begins with the word at `range` ends: a state and its ZIP code, or a
/// British postcode in two words.
fn postal_code(scan: &Scan<'_>, range: &Range<usize>) -> Option<usize> {
    let bytes = scan.bytes().get(range.clone())?;
    let (next, _) = word(scan, range.end)?;
    let behind = scan.bytes().get(next.clone())?;
    if STATES.chunks(2).any(|state| state == bytes) {
        let (zip, more) = behind.split_at_checked(5)?;
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let plus_four =
            matches!(more, [] | [b'-', _, _, _, _]) && digits(more.get(1..).unwrap_or_default());
        return (digits(zip) && plus_four).then_some(next.end);
    }
    let outward = (2..=4).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    let inward = matches!(behind, [digit, first, second]
        if digit.is_ascii_digit() && first.is_ascii_uppercase() && second.is_ascii_uppercase());
    (outward && inward).then_some(next.end)
}

/// `, 10115 Berlin` behind a German street.
fn german_town(scan: &Scan<'_>, end: usize) -> (usize, bool) {
    let rest = scan.bytes().get(end..).unwrap_or_default();
    let lead = rest.iter().take(2).take_while(|byte| b", \n".contains(byte)).count();
    let digits = count(scan, end + lead, u8::is_ascii_digit);
    let town = word(scan, end + lead + digits)
        .map(|(range, _)| range)
        .filter(|range| scan.behind(range.start).is_some_and(char::is_uppercase));
    match town {
        Some(town) if lead > 0 && digits == 5 => (town.end, true),
        _ => (end, false),
    }
}

/// The word behind at most two spaces, commas or line breaks at `at`, and what lies between.
fn word<'a>(scan: &Scan<'a>, at: usize) -> Option<(Range<usize>, &'a str)> {
    let rest = scan.text().get(at..)?;
    let gap = rest.bytes().take(3).take_while(|byte| b" ,\n".contains(byte)).count();
    let inside = |one: &char| one.is_alphanumeric() || matches!(one, '\'' | '’' | '-');
    let length: usize =
        rest.get(gap..)?.chars().take(30).take_while(inside).map(char::len_utf8).sum();
    (gap > 0 && length > 0).then_some((at + gap..at + gap + length, rest.get(..gap)?))
}

fn count(scan: &Scan<'_>, at: usize, is: impl Fn(&u8) -> bool) -> usize {
    scan.bytes().get(at..).unwrap_or_default().iter().take(6).take_while(|byte| is(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn addresses(text: &str) -> Vec<&str> {
        found("street-address", "{}", text)
    }

    #[test]
    fn keeps_numbers_before_other_words() {
        for text in [
            "it is a 2 way street",
            "5 minutes by car, then drive",
            "a 3 star place",
            "the 4 of us walk",
            "in 2024 Park opened",
            "on weg 3 of the hike",
            "Boxing ring 5",
        ] {
            assert!(addresses(text).is_empty(), "{text}: {:?}", addresses(text));
        }
    }

    #[test]
    fn finds_american_streets() {
        for text in [
            "1600 Pennsylvania Avenue",
            "123 Main St.",
            "221B Baker Street",
            "742 Evergreen Terrace, Springfield, OR 97477",
            "350 5th Ave Apt 12",
            "1 Infinite Loop, Cupertino, CA 95014-2083",
            "123 main street, apt 4",
            "P.O. Box 123",
        ] {
            assert_eq!(addresses(&format!("come to {text} now")), [text]);
        }
    }

    #[test]
    fn finds_british_streets() {
        let text = "10 Downing Street, London SW1A 2AA";
        assert_eq!(addresses(&format!("from {text}!")), [text]);
    }

    #[test]
    fn finds_german_streets() {
        for text in [
            "Hauptstraße 5",
            "Musterstr. 12a, 10115 Berlin",
            "Frankfurter Allee 77",
            "Bahnhofsplatz 1",
        ] {
            assert_eq!(addresses(&format!("wohnt {text}.")), [text]);
        }
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["1 ", "1 a ", "1 A B C ", "1 Main St ", "aweg 1 ", "po box 1"] {
            grows_linearly("street-address", part);
        }
    }
}
