use std::ops::Range;

use super::listed::Listed;
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
const SOME_NAME: (&str, i16) = ("a house number and a name", 15);
const HOME: (&str, i16) = ("said to be where somebody is", 20);
const BOX: (&str, i16) = ("a post office box", 70);

const LOWER: Evidence = Evidence::of(&[STREET]);
const NAMED: Evidence = Evidence::of(&[STREET, CAPITAL]);
const LOWER_PLACED: Evidence = Evidence::of(&[STREET, LOCALITY]);
const NAMED_PLACED: Evidence = Evidence::of(&[STREET, CAPITAL, LOCALITY]);
const SOME_HOME: Evidence = Evidence::of(&[SOME_NAME, CAPITAL, HOME]);
const SOME_PLACED: Evidence = Evidence::of(&[SOME_NAME, CAPITAL, LOCALITY]);
const MILITARY: Evidence = Evidence::of(&[("a military post office and its code", 80)]);
const POST_BOX: Evidence = Evidence::of(&[BOX]);

/// Kinds of streets, written out or short, in small letters.
const KINDS: Listed = Listed::of(
    "\
     alley ave avenue blvd boulevard cir circle close court courts cove cres crescent ct dr drive \
     expressway gardens grove highway hill hwy lane ln loop mews parade park parkway pike pkwy pl \
     place plaza rd road row sq square st street terrace trail trl turnpike walk way",
);

/// What streets are called, too, but other things more often: they count with a flat or a postal
/// code, with an `s` behind them or without. Source: United States Postal Service, Publication 28,
/// appendix C1.
const RARE_KINDS: Listed = Listed::of(
    "\
     annex arcade bayou beach bend bluff bottom branch bridge brook burg bypass camp canyon cape \
     causeway center circles cliff club common corner course coves creek crest crossing crossroad \
     curve dale dam divide drives estate extension fall ferry field flat ford forest forge fork \
     fort freeway garden gateway glen green groves harbor haven heights hills hollow inlet island \
     isle junction key knoll lake land landing light loaf lock lodge mall manor meadow mill \
     mission motorway mount mountain neck orchard oval overpass parks parkways pass passage path \
     pine plain point port prairie radial ramp ranch rapid rest ridge river roads route rue run \
     shoal shore skyway spring spur squares station stravenue stream streets summit throughway \
     trace track trafficway tunnel underpass union valley via viaduct view village ville vista \
     walks wall ways well",
);

/// What German street names end in.
const ENDINGS: &[&str] = &[
    "straße", "strasse", "str.", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer",
    "chaussee", "steig", "markt",
];

/// Words that end as streets do, and hardly ever are one.
const PLACES: Listed =
    Listed::of("arbeitsplatz heimweg parkplatz sitzplatz stellplatz tennisplatz umweg");

/// What is counted, or told from a clock: no house has that number.
const UNITS: Listed = Listed::of(
    "\
     cent day days eur euro gb hour hours kilometer km leute mal mb meter min minute minuten \
     minutes month months personen prozent std stunde stunden tag tage tb uhr week weeks year \
     years",
);

/// Words before the number of a flat.
const FLATS: &[&str] = &["apt", "apartment", "suite", "ste", "unit", "flat", "floor", "room", "#"];

/// The codes of the United States' states and territories.
const STATES: &[u8] = b"ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYPRGUVIASFMMHMPPWAAAEAP";

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
                .or_else(|| military(scan, run).filter(|(range, _)| range.start >= end))
                .or_else(|| post_box(scan, run).filter(|(range, _)| range.start >= end));
            if let Some((range, evidence)) = found {
                end = range.end;
                hits.push(range, StreetAddress::LABEL, evidence);
            }
        }
    }
}

/// `1600 Pennsylvania Avenue NW, Apt 4, Washington, DC 20500`; `10 Downing Street, London SW1A 2AA`;
/// `Flat 7, Baker Street`.
fn english(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    let flat = flat_before(scan, run.start);
    let start = flat.unwrap_or(run.start);
    // 221B, 12-14.
    let mut at = run.end;
    if scan.byte(at).is_some_and(|byte| byte.is_ascii_alphabetic()) {
        at += 1;
    }
    if matches!(scan.byte(at)?, b'-' | b'/') {
        at += 1 + count(scan, at + 1, u8::is_ascii_digit);
    }
    let name = Name::of(scan, at, flat.is_some())?;
    let (first, _) = word(scan, at)?;
    if is_unit(scan.text().get(first)?) {
        return None;
    }
    let mut end = name.last.end;
    if name.has_kind && scan.byte(end) == Some(b'.') {
        end += 1;
    }
    let (tail, place) = locality(scan, end);
    let has_flat = flat.is_some() || place == Some(Place::Flat);
    let has_code = place == Some(Place::Code);
    let evidence = if name.has_kind {
        let named = name.capital && !is_part_of_a_work(scan, run);
        match (named, has_flat || has_code) {
            (true, true) => NAMED_PLACED,
            (true, false) => NAMED,
            (false, true) => LOWER_PLACED,
            (false, false) => LOWER,
        }
    } else if has_code {
        SOME_PLACED
    } else if is_rare_kind(scan.text().get(name.last)?) {
        match has_flat {
            true => SOME_PLACED,
            false if is_home(scan, start) => SOME_HOME,
            false => return None,
        }
    } else {
        return None;
    };
    Some((start..tail, evidence))
}

/// The words behind a house number that may name a street.
struct Name {
    /// The last of them.
    last: Range<usize>,
    /// Whether that is a kind of street.
    has_kind: bool,
    /// Whether they are written as names are. Those that end in no kind always are.
    capital: bool,
}

impl Name {
    /// The name behind `at`; behind a flat it may stand on a line of its own.
    fn of(scan: &Scan<'_>, mut at: usize, behind_flat: bool) -> Option<Self> {
        let mut named = false;
        // `2 Lane highway`: the name is nothing but a kind.
        let mut bare = false;
        let (mut kind, mut last) = (None, None);
        for index in 0..=MOST_WORDS {
            let Some((range, gap)) = word(scan, at) else { break };
            let text = scan.text().get(range.clone())?;
            let capital = text.starts_with(|one: char| one.is_uppercase() || one.is_ascii_digit());
            let lower = text.to_ascii_lowercase();
            let is_kind = KINDS.has(&lower);
            let apart = gap.contains([',', '\n']) && (index > 0 || !behind_flat);
            at = range.end;
            if index > 0 && is_kind {
                // The last of several: `Park Lane`, `Court Road`.
                named &= capital || (lower.len() > 2 && !bare);
                kind = Some(range);
            } else if kind.is_some() || apart || FLATS.contains(&lower.as_str()) {
                break;
            } else {
                named = (index == 0 || named) && (capital || index > 0 && is_small(&lower));
                bare = index == 0 && is_kind;
                last = if named { Some(range) } else { last };
                // `N. 4th Street`, `St. James Street`, `Luther King Jr. Blvd`.
                if scan.byte(at) == Some(b'.') && is_shortened(&lower) {
                    at += 1;
                }
            }
        }
        match kind {
            Some(last) => Some(Self { last, has_kind: true, capital: named }),
            None => Some(Self { last: last?, has_kind: false, capital: true }),
        }
    }
}

/// Whether words right before `at` say that somebody is there or gets mail there: `I live at`.
fn is_home(scan: &Scan<'_>, at: usize) -> bool {
    const WORDS: [&[u8]; 8] = [
        b"address",
        b"live at",
        b"lives at",
        b"living at",
        b"move to",
        b"moved to",
        b"send it to",
        b"deliver to",
    ];
    /// No more is looked at, in bytes.
    const MOST: usize = 20;
    let before = scan.bytes().get(at.saturating_sub(MOST)..at).unwrap_or_default();
    WORDS.iter().any(|word| before.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word)))
}

/// Where the word begins that makes the number at `at` one of a flat: `Flat 7`.
fn flat_before(scan: &Scan<'_>, at: usize) -> Option<usize> {
    const WORDS: [&str; 4] = ["flat", "studio", "apartment", "unit"];
    let before = scan.text().get(..at)?.strip_suffix(' ')?;
    let begins = |word: &&str| {
        let start = before.len().checked_sub(word.len())?;
        before.get(start..)?.eq_ignore_ascii_case(word).then_some(start)
    };
    let start = WORDS.iter().find_map(begins)?;
    (!scan.before(start).is_some_and(char::is_alphanumeric)).then_some(start)
}

/// Whether few streets are called so.
fn is_rare_kind(word: &str) -> bool {
    let one = word.strip_suffix(['s', 'S']).unwrap_or(word);
    RARE_KINDS.has(word) || RARE_KINDS.has(one)
}

/// Words of street names that are written short, with a full stop.
fn is_shortened(word: &str) -> bool {
    matches!(
        word,
        "n" | "s"
            | "e"
            | "w"
            | "ne"
            | "nw"
            | "se"
            | "sw"
            | "st"
            | "ste"
            | "mt"
            | "ft"
            | "dr"
            | "jr"
            | "sr"
    )
}

/// Whether something is counted in this.
#[inline(never)]
fn is_unit(word: &str) -> bool {
    UNITS.has(word)
}

/// Whether the number is that of a chapter or the like or a year, or counts things:
/// `Chapter 5 The Way`, `In 2008 Wall Street`, `the 2 Sesame Street episodes`.
#[inline(never)]
fn is_part_of_a_work(scan: &Scan<'_>, run: &Range<usize>) -> bool {
    const YEARS: Listed = Listed::of("by in since until");
    const PARTS: Listed = Listed::of(
        "act book chapter episode level page part scene season section the verse vol volume",
    );
    let before = scan.bytes().get(..run.start).and_then(|before| before.strip_suffix(b" "));
    let Some(before) = before else { return false };
    let letters = before.iter().rev().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = before.get(before.len() - letters..).unwrap_or_default();
    let year = scan.text().get(run.clone()).filter(|year| year.len() == 4);
    PARTS.has(word)
        || year.is_some_and(|year| year.starts_with("19") || year.starts_with("20"))
            && YEARS.has(word)
}

/// Words of street names that are written small.
fn is_small(word: &str) -> bool {
    matches!(word, "of" | "the" | "and" | "de" | "la" | "le" | "on" | "van" | "der" | "del")
}

/// `Hauptstraße 5`, `Am Alten Markt 12a, 10115 Berlin`: the name stands before the number.
fn german(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    let before = scan.text().get(..run.start)?;
    // `Hauptstr.5`.
    let short = || before.ends_with("tr.").then_some(before);
    let before = before.strip_suffix(' ').or_else(short)?;
    let letters = |text: &str| -> usize {
        let part = |one: &char| one.is_alphabetic() || matches!(one, '-' | '.');
        text.chars().rev().take(40).take_while(part).map(char::len_utf8).sum()
    };
    let mut start = before.len() - letters(before);
    let name = before.get(start..)?;
    let lower = name.to_lowercase();
    let Some(ending) = ENDINGS.iter().find(|ending| lower.ends_with(*ending)) else {
        return german_square(scan, before, run);
    };
    let joined = lower.len() > ending.len();
    if !joined {
        // `Frankfurter Allee 5`: the kind is a word of its own.
        let ahead = before.get(..start)?.strip_suffix(' ')?;
        let size = letters(ahead);
        start = ahead.len() - size;
        ahead.get(start..)?.starts_with(char::is_uppercase).then_some(())?;
    }
    let capital = name.starts_with(char::is_uppercase);
    let (tail, placed) = german_house(scan, run)?;
    // `Spring 5`, `Supermarkt 3`: these end other words, too.
    let other = matches!(*ending, "ring" | "str" | "markt" | "steig") && !name.contains('-')
        || PLACES.has(&lower);
    let evidence = match (capital && !other, placed) {
        (true, true) => NAMED_PLACED,
        (true, false) => NAMED,
        (false, true) => LOWER_PLACED,
        (false, false) => LOWER,
    };
    Some((start..tail, evidence))
}

/// Where a house number that begins with the digits of `run` (`5`, `12a`, `12 b`, `5-7`, `35/93`) ends, or
/// the town behind it, and whether there is one.
fn german_house(scan: &Scan<'_>, run: &Range<usize>) -> Option<(usize, bool)> {
    /// The most digits of one.
    const MOST: usize = 4;
    /// The same where no town follows: more is a year.
    const USUAL: usize = 3;
    let letter =
        |at: usize| usize::from(scan.byte(at).is_some_and(|byte| byte.is_ascii_lowercase()));
    let mut end = run.end + letter(run.end);
    let apart = scan.byte(end) == Some(b' ')
        && letter(end + 1) > 0
        && !scan.is_touched_behind(end + 2)
        && !(scan.byte(end + 2) == Some(b'.') && scan.is_touched_behind(end + 3));
    if end == run.end && apart {
        end += 2;
    }
    if matches!(scan.byte(end), Some(b'-' | b'/')) {
        let digits = count(scan, end + 1, u8::is_ascii_digit);
        if (1..=MOST).contains(&digits) {
            end += 1 + digits;
            end += letter(end);
        }
    }
    if run.len() > MOST || scan.is_touched_behind(end) {
        return None;
    }
    let (tail, placed) = german_town(scan, end);
    let counted = || {
        let next = word(scan, end).and_then(|(word, _)| scan.text().get(word));
        next.is_some_and(is_unit)
    };
    (placed || run.len() <= USUAL && !counted()).then_some((tail, placed))
}

/// `Platz der Republik 1`, `Straße des Friedens 5`, `Unter den Linden 77`: the kind stands first.
fn german_square(
    scan: &Scan<'_>,
    before: &str,
    run: &Range<usize>,
) -> Option<(Range<usize>, Evidence)> {
    const KINDS: &[&str] = &["Platz", "Straße", "Strasse", "Allee", "Weg", "Ufer"];
    let mut words = before.rsplitn(4, ' ');
    let (name, article, kind) = (words.next()?, words.next()?, words.next()?);
    let first = kind.trim_start_matches(|one: char| !one.is_alphanumeric());
    let is_square = KINDS.contains(&first) && matches!(article, "der" | "des" | "den" | "dem");
    let is_linden = (first, article, name) == ("Unter", "den", "Linden");
    let capital = name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphabetic);
    if !(is_square && capital || is_linden) {
        return None;
    }
    let start = before.len() - first.len() - article.len() - name.len() - 2;
    let (tail, placed) = german_house(scan, run)?;
    Some((start..tail, if placed { NAMED_PLACED } else { NAMED }))
}

/// `P.O. Box 123`.
fn post_box(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    let before = scan.text().get(..run.start)?;
    let ends_in = |word: &&&str| {
        let tail = before.len().checked_sub(word.len()).and_then(|at| before.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(word))
    };
    let words = ["p.o. box ", "po box ", "p o box ", "post office box ", "postfach "];
    let start = run.start - words.iter().find(ends_in)?.len();
    (!scan.before(start).is_some_and(char::is_alphanumeric)).then_some((start..run.end, POST_BOX))
}

/// `PSC 1234, Box 5678, APO AP 96350`: the post offices of the United States' forces and
/// embassies, told by what stands before the code.
fn military(scan: &Scan<'_>, run: &Range<usize>) -> Option<(Range<usize>, Evidence)> {
    /// The longest address before the post office, in bytes.
    const MOST: usize = 40;
    let before = scan.bytes().get(..run.start).filter(|_| run.len() == 5)?;
    let office = before.len().checked_sub(" APO AP ".len())?;
    let (ahead, office) = before.split_at_checked(office)?;
    let (b' ' | b'\n', office) = office.split_first()? else { return None };
    let known = [b"APO", b"FPO", b"DPO"].iter().any(|kind| office.starts_with(*kind))
        && [b" AA ", b" AE ", b" AP "].iter().any(|state| office.ends_with(*state));
    let ahead = ahead.get(ahead.len().saturating_sub(MOST)..).filter(|_| known)?;
    let line = |byte: &&u8| byte.is_ascii_alphanumeric() || b" ,-\n".contains(byte);
    let length = ahead.iter().rev().take_while(line).count();
    let ahead = ahead.get(ahead.len() - length..)?;
    let begins = |at: &usize| {
        let words: [&[u8]; 6] = [b"PSC ", b"CMR ", b"Unit ", b"UNIT ", b"USS ", b"USNS "];
        let apart = at.checked_sub(1).and_then(|at| ahead.get(at));
        !apart.is_some_and(u8::is_ascii_alphanumeric)
            && words.iter().any(|word| ahead.get(*at..).is_some_and(|rest| rest.starts_with(word)))
    };
    let at = (0..ahead.len()).find(begins)?;
    let start = run.start - " APO AP ".len() - (ahead.len() - at);
    let plus_four =
        scan.byte(run.end) == Some(b'-') && count(scan, run.end + 1, u8::is_ascii_digit) == 4;
    Some((start..run.end + if plus_four { 5 } else { 0 }, MILITARY))
}

/// What follows a street.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Flat,
    /// A postal code, with a flat before it or without.
    Code,
}

/// Where a flat, a town and its postal code behind a street end, and which of them there are.
fn locality(scan: &Scan<'_>, end: usize) -> (usize, Option<Place>) {
    let mut at = end;
    let mut place = None;
    if let Some(flat) = flat(scan, at) {
        at = flat;
        place = Some(Place::Flat);
    }
    // A town of some words, then the code; nothing is taken where there is no code.
    let mut ahead = at;
    for _ in 0..=MOST_WORDS + 1 {
        let Some((range, _)) = word(scan, ahead) else { break };
        if let Some(code) = postal_code(scan, &range) {
            return (code, Some(Place::Code));
        }
        let Some(text) = scan.text().get(range.clone()) else { break };
        if !text.starts_with(char::is_uppercase) {
            break;
        }
        ahead = range.end;
    }
    (at, place)
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
#[inline(never)]
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
        && bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    // In small letters neither `5pm` nor `1st`: some letters are in no code's second half.
    let small = |one: &u8| one.is_ascii_lowercase() && !b"cikmov".contains(one);
    let inward = match behind {
        [digit, letters @ ..] if digit.is_ascii_digit() && letters.len() == 2 => {
            letters.iter().all(u8::is_ascii_uppercase)
                || letters.iter().all(small) && !matches!(letters, b"st" | b"nd" | b"rd" | b"th")
        }
        _ => false,
    };
    (outward && inward).then_some(next.end)
}

/// `, 10115 Berlin` behind a German street.
fn german_town(scan: &Scan<'_>, end: usize) -> (usize, bool) {
    let rest = scan.bytes().get(end..).unwrap_or_default();
    let lead = rest.iter().take(2).take_while(|byte| b", \n".contains(byte)).count();
    // `D-10115`.
    let country = [b"D-".as_slice(), b"DE-"]
        .into_iter()
        .find(|country| rest.get(lead..).is_some_and(|rest| rest.starts_with(country)));
    let lead = lead + if lead > 0 { country.map_or(0, <[u8]>::len) } else { 0 };
    let digits = count(scan, end + lead, u8::is_ascii_digit);
    match german_town_name(scan, end + lead + digits) {
        Some(town) if lead > 0 && digits == 5 => (town, true),
        _ => (end, false),
    }
}

/// Where the name of a town behind `at` ends: `Berlin`, `Bad Homburg`, `Frankfurt an der Oder`.
fn german_town_name(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let next = |at: usize| {
        let (range, gap) = word(scan, at)?;
        Some((range.end, scan.text().get(range)?, gap))
    };
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let (mut end, first, _) = next(at).filter(|(_, first, _)| capital(first))?;
    if matches!(first, "Bad" | "Sankt" | "Hansestadt")
        && let Some((behind, name, " ")) = next(end)
        && capital(name)
    {
        end = behind;
    }
    let Some((behind, "am" | "an" | "im" | "in" | "ob" | "vor", " ")) = next(end) else {
        return Some(end);
    };
    let behind = match next(behind) {
        Some((article, "der", " ")) => next(article),
        other => other,
    };
    match behind {
        Some((behind, name, " ")) if capital(name) => Some(behind),
        _ => Some(end),
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
            "Chapter 5 The Way",
            "the 2 Sesame Street episodes",
            "a 2 Lane highway",
            "auf dem Platz der 5",
            "Unter den Top 10",
            "leap ZIP APO AP 96350",
            "30 Rachel Forge",
            "I live at 30 Different Places",
            "Studio 54, New York",
            "Flat 7, Great Success",
            "5 Big Rooms Suite B",
            "Spring 5-7",
            "Waldweg 1984",
            "won 3 Gold Medals, Tokyo, OR 2021",
            "Treffen am Marktplatz 18 Uhr",
            "Parkplatz 20 Euro am Tag",
            "Mein Heimweg 20 min",
            "Hauptstraße 5 km lang",
            "Tennisplatz 4",
            "500 GB Hard Drive",
            "10 Minute Drive from here",
            "In 2008 Wall Street collapsed",
            "the 2 way street b4 5pm",
            "a 2 way street no1 1st",
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
            "Post Office Box 45",
            "123 N. 4th Street",
            "123 St. James Street",
            "12 Martin Luther King Jr. Blvd",
            "PSC 1234, Box 5678, APO AP 96350",
            "Unit 1234 Box 5678 DPO AE 09876",
            "USNS Smith FPO AA 34012-0001",
            "92 Rachel Forge Suite 890\nSpringfield, VA 55890",
            "18 Rachel Forge Apt. 12",
            "18 Clark Whatever, Springfield, PW 18935",
        ] {
            assert_eq!(addresses(&format!("come to {text} now")), [text]);
        }
        assert_eq!(addresses("PO Box 45"), ["PO Box 45"]);
    }

    #[test]
    fn finds_british_streets() {
        for text in [
            "10 Downing Street, London SW1A 2AA",
            "Flat 7, Baker Street",
            "Flat 51n, 221B Baker Street",
            "Studio 4\nAdams Cliff\nNew Paulville\nPH2 0SW",
            "65 Harper Port, Lake Barry, N9 0BG",
            "14 high street sw1a 2aa",
            "12/14 King Street",
            "1/23 Smith St",
            "8 Mile Road",
        ] {
            assert_eq!(addresses(&format!("from {text}!")), [text]);
        }
        for lead in ["my address: ", "I live at ", "we moved to "] {
            assert_eq!(addresses(&format!("{lead}30 Adams Ridge now")), ["30 Adams Ridge"]);
        }
    }

    #[test]
    fn finds_german_streets() {
        for text in [
            "Hauptstraße 5",
            "Musterstr. 12a, 10115 Berlin",
            "Frankfurter Allee 77",
            "Bahnhofsplatz 1",
            "Platz der Republik 1, 11011 Berlin",
            "Unter den Linden 77",
            "Musterweg 12, D-12345 Musterstadt",
            "Uta-Thies-Ring 5-7",
            "Hauptstr.5",
            "Frankfurter Str.12a, 10115 Berlin",
            "Rosenweg 12 b",
            "Rosenweg 12 b, 10115 Berlin",
            "Marktplatz 18",
            "Musterweg 35/93, 61348 Bad Homburg",
            "Musterweg 3a-5b\n15230 Frankfurt an der Oder",
            "Musterweg 1984, 84453 Mühldorf am Inn",
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
