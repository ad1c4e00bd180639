use std::ops::Range;

use super::identifier::is_day;
use super::scan::{BEFORE, BEHIND};
use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Needs, NoOptions, Probe, Scan, TextDetector, context,
};
use crate::policy::{Action, Build};

#[doc = include_str!("date_of_birth.md")]
pub(crate) struct DateOfBirth;

impl Detector for DateOfBirth {
    const NAME: &'static str = "date-of-birth";
    const SUMMARY: &'static str = "dates that are said to be somebody's birthday";
    const PAGE: &'static str = include_str!("date_of_birth.md");
    const LABEL: &'static str = "date-of-birth";
    const GROUPS: &'static [&'static str] = &["dates", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::NOTHING.digits(3);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Dates)))
    }
}

const DATE: (&str, i16) = ("a date", 20);
const BORN: (&str, i16) = ("a word for births is near", 50);

const SOME_DATE: Evidence = Evidence::of(&[DATE]);
const BIRTHDAY: Evidence = Evidence::of(&[DATE, BORN]);

/// The beginnings of month names in the languages of the detector's words, in lower case, with the
/// month. Longer ones first where one begins another.
const MONTHS: &[(&str, u64)] = &[
    ("jan", 1),
    ("ene", 1),
    ("gen", 1),
    ("janv", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrt", 3),
    ("maart", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mei", 5),
    ("mag", 5),
    ("maj", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("jui", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("май", 5),
    ("мая", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
];

/// How many numbers are looked at before it is asked whether births are spoken of.
const FEW: usize = 8;

struct Dates;

impl TextDetector for Dates {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut dates: Vec<Range<usize>> = Vec::new();
        let mut end = 0;
        for (index, run) in scan.digit_runs().iter().enumerate() {
            if run.start < end || run.len() > 8 {
                continue;
            }
            // Where nothing is said of births, dates need not be looked for.
            if index >= FEW && !scan.mentions(context::BIRTH) {
                return;
            }
            let Some(range) = date(scan, run) else { continue };
            if !scan.mentions(context::BIRTH) {
                return;
            }
            end = range.end;
            dates.push(range);
        }
        for (range, born) in dates.iter().zip(births(scan, &dates)) {
            let evidence = if born { BIRTHDAY } else { SOME_DATE };
            hits.push(range.clone(), DateOfBirth::LABEL, evidence);
        }
    }
}

/// Which of these dates are of births: for each word, the nearest date on either side, and those
/// that are listed right behind such a date.
fn births(scan: &Scan<'_>, dates: &[Range<usize>]) -> Vec<bool> {
    if scan.named().meet(context::BIRTH) {
        return vec![true; dates.len()];
    }
    let mut born = vec![false; dates.len()];
    for word in scan.words_for(context::BIRTH) {
        let next = dates.partition_point(|date| date.start < word.end);
        let ahead = dates.get(next).map(|date| date.start - word.end).filter(|distance| {
            let between = scan.text().get(word.end..word.end + distance);
            *distance <= BEFORE && !between.is_some_and(speaks_of_else)
        });
        let last = next.checked_sub(1);
        let behind = last.and_then(|last| word.start.checked_sub(dates.get(last)?.end));
        let behind = behind.filter(|distance| *distance <= BEHIND);
        let at = match (behind, ahead) {
            (Some(behind), Some(ahead)) if behind < ahead => last,
            (_, Some(_)) => Some(next),
            (Some(_), None) => last,
            (None, None) => None,
        };
        if let Some(born) = at.and_then(|at| born.get_mut(at)) {
            *born = true;
        }
    }
    let mut before: Option<(usize, bool)> = None;
    for (date, born) in dates.iter().zip(&mut born) {
        if let Some((end, true)) = before
            && let Some(between) = scan.text().get(end..date.start)
        {
            let between = between.trim_matches(|one: char| !one.is_alphanumeric());
            *born |= ["", "and", "or", "und", "oder", "et", "ou", "y", "o", "e"].contains(&between);
        }
        before = Some((date.end, *born));
    }
    born
}

/// Whether what stands between a word for births and a date has come to something else: a clause of
/// its own before the date.
fn speaks_of_else(between: &str) -> bool {
    /// So many words are a clause.
    const CLAUSE: usize = 3;
    // What is done on a birthday, some year, and how a life ends.
    const EVENTS: &[&str] = &[
        "party", "parties", "see you", "celebrat", "dinner", "invit", "gift", "arriv", "wedding",
        "mariage", "died", "death",
    ];
    let small = between.to_ascii_lowercase();
    if EVENTS.iter().any(|event| small.contains(event)) {
        return true;
    }
    let Some((_, clause)) = between.rsplit_once([',', ';', '.', '!', '?']) else { return false };
    let mut words =
        clause.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    // `My birthday? It is …`
    let first = words.clone().next().unwrap_or_default();
    let same =
        ["it", "its", "that", "which", "on"].iter().any(|one| one.eq_ignore_ascii_case(first));
    !same && words.nth(CLAUSE - 1).is_some()
}

/// The date whose first digits are `run`.
fn date(scan: &Scan<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    let before = scan.before(run.start);
    if scan.is_touched_before(run.start) {
        return None;
    }
    let range =
        numeric(scan, run).or_else(|| day_first(scan, run)).or_else(|| month_first(scan, run))?;
    let joined = matches!(before, Some('-' | '/' | '.'))
        && scan.before(run.start - 1).is_some_and(|one| one.is_ascii_digit());
    (!joined && !scan.behind(range.end).is_some_and(|one| one.is_ascii_digit())).then_some(range)
}

/// Digits between signs, in any order that a date can have: `1985-03-12`, `12.3.85`, `3/12/1985`.
fn numeric(scan: &Scan<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    let (first, at) = number(scan, run.start)?;
    if run.len() == 8 {
        let (year, rest) = (first / 10_000, first % 10_000);
        let day_first = is_day(first / 1_000_000, first / 10_000 % 100) && is_year(rest, 4);
        return (day_first || (is_year(year, 4) && is_day(rest % 100, rest / 100)))
            .then(|| run.clone());
    }
    if run.len() == 6 {
        return is_short(scan, run, first).then(|| run.clone());
    }
    // `12 / 03 / 1985`.
    let wide = usize::from(
        scan.byte(at) == Some(b' ') && scan.byte(at + 1).is_some_and(|sign| b"-/.".contains(&sign)),
    );
    let at = at + wide;
    let sign = scan.byte(at).filter(|byte| b"-/. ".contains(byte));
    if sign.is_none() {
        return eastern(scan, run);
    }
    let spaced = |at: usize| at + usize::from(sign != Some(b' ') && scan.byte(at) == Some(b' '));
    let (second, behind) = number(scan, spaced(at + 1))?;
    let behind = behind + wide;
    if scan.byte(behind) != sign || wide > 0 && scan.byte(behind - 1) != Some(b' ') {
        return None;
    }
    let last = spaced(behind + 1);
    let (third, end) = number(scan, last)?;
    let (size, third_size) = (run.len(), end - last);
    let day_and_month = |day, month| is_day(day, month) || is_day(month, day);
    let fits = match size {
        4 => is_year(first, 4) && is_day(third, second) && third_size <= 2,
        1 | 2 => is_year(third, third_size) && day_and_month(first, second),
        _ => false,
    };
    fits.then_some(run.start..end)
}

/// Whether six digits are a date, which only a word for births right before them can make them:
/// `850312`, `120385`.
fn is_short(scan: &Scan<'_>, run: &Range<usize>, digits: u64) -> bool {
    /// So many letters stand at most between the two: `is`, `er`, `은`.
    const MOST: usize = 2;
    let (first, second, third) = (digits / 10_000, digits / 100 % 100, digits % 100);
    let called = || {
        let word = scan.called(context::BIRTH, run.start)?;
        let between = scan.text().get(word.end..run.start)?;
        Some(between.chars().filter(|one| one.is_alphanumeric()).count() <= MOST)
    };
    (is_day(third, second) || is_day(first, second))
        && (scan.named().meet(context::BIRTH) || called() == Some(true))
}

/// `1985年3月12日`, `1985년 3월 12일`.
fn eastern(scan: &Scan<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    let (year, at) = number(scan, run.start)?;
    let step = |at: usize, signs: [char; 2]| {
        let sign = scan.behind(at).filter(|sign| signs.contains(sign))?;
        let at = at + sign.len_utf8();
        Some(at + usize::from(scan.byte(at) == Some(b' ')))
    };
    let (month, at) = number(scan, step(at, ['年', '년'])?)?;
    let (day, at) = number(scan, step(at, ['月', '월'])?)?;
    let end = at + scan.behind(at).filter(|sign| ['日', '일'].contains(sign))?.len_utf8();
    (is_year(year, 4) && is_day(day, month)).then_some(run.start..end)
}

/// `12 March 1985`, `12. März 1985`, `12th of March, 1985`, `12 de marzo de 1985`, `12-Mar-85`.
fn day_first(scan: &Scan<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    if run.len() > 2 {
        return None;
    }
    let (day, at) = number(scan, run.start)?;
    let at = skip(scan, at, &["st", "nd", "rd", "th", "er", "º", "."]);
    // `01JAN1990` has nothing between.
    let joined = scan.behind(at).is_some_and(char::is_alphabetic);
    let at = if joined { at } else { skip(scan, gap(scan, at)?, &["of ", "de "]) };
    let (month, at) = month(scan, at)?;
    let at = if joined && scan.byte(at).is_some_and(|byte| byte.is_ascii_digit()) {
        at
    } else {
        skip(scan, gap(scan, at)?, &["de ", "del "])
    };
    let (year, end) = number(scan, skip(scan, at, &["'"]))?;
    (is_day(day, month) && is_year(year, end - at)).then_some(run.start..end)
}

/// `March 12, 1985`, `Mar 12th 1985`: the month stands right before the digits.
fn month_first(scan: &Scan<'_>, run: &Range<usize>) -> Option<Range<usize>> {
    if run.len() > 2 {
        return None;
    }
    let before = scan.text().get(..run.start)?.trim_end_matches([' ', '.', '-']);
    if run.start - before.len() > 2 {
        return None;
    }
    let letters: usize = before
        .chars()
        .rev()
        .take(LONGEST_MONTH + 1)
        .take_while(|one| one.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let start = before.len() - letters;
    let (month, _) = month(scan, start)?;
    let (day, at) = number(scan, run.start)?;
    let at = skip(scan, at, &["st", "nd", "rd", "th"]);
    let at = gap(scan, at)?;
    let (year, end) = number(scan, at)?;
    (is_day(day, month) && is_year(year, end - at)).then_some(start..end)
}

/// The longest name of a month, in characters.
const LONGEST_MONTH: usize = 10;

/// The month whose name begins at `at`, and where the name ends.
fn month(scan: &Scan<'_>, at: usize) -> Option<(u64, usize)> {
    let rest = scan.text().get(at..)?;
    let length: usize = rest
        .chars()
        .take(LONGEST_MONTH + 1)
        .take_while(|one| one.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let name = rest.get(..length)?;
    let is = |beginning: &str| {
        let mut letters = name.chars().flat_map(char::to_lowercase);
        beginning.chars().all(|one| letters.next() == Some(one))
    };
    let (_, month) = MONTHS.iter().rev().find(|(beginning, _)| is(beginning))?;
    (name.chars().count() <= LONGEST_MONTH).then_some((*month, at + length))
}

/// The number of at most eight digits at `at`, and where it ends.
fn number(scan: &Scan<'_>, at: usize) -> Option<(u64, usize)> {
    let rest = scan.bytes().get(at..)?;
    let length = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = scan.text().get(at..at + length).filter(|digits| digits.len() <= 8)?;
    Some((digits.parse().ok()?, at + length))
}

/// Behind one of `parts` where it stands at `at`, in any case; `at` where none does.
#[inline(never)]
fn skip(scan: &Scan<'_>, at: usize, parts: &[&str]) -> usize {
    let Some(rest) = scan.text().get(at..) else { return at };
    let is =
        |part: &&&str| rest.get(..part.len()).is_some_and(|text| text.eq_ignore_ascii_case(part));
    at + parts.iter().find(is).map_or(0, |part| part.len())
}

/// Behind one to three signs that stand between the parts of a written date.
#[inline(never)]
fn gap(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let rest = scan.bytes().get(at..)?;
    let length = rest.iter().take(3).take_while(|byte| b" ,.-/".contains(byte)).count();
    (length > 0).then_some(at + length)
}

/// Whether somebody alive may be born in this year, written with so many digits.
fn is_year(year: u64, digits: usize) -> bool {
    match digits {
        4 => (1900..2100).contains(&year),
        2 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn dates(text: &str) -> Vec<&str> {
        found("date-of-birth", "{}", text)
    }

    #[test]
    fn keeps_dates_of_other_things() {
        for text in [
            "we meet on 12/03/1985",
            "invoice of 1985-03-12",
            "born in 1985",
            "born at 12.30",
            "dob 45/67/1985",
            "born in room 12-13",
        ] {
            assert!(dates(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_every_way_to_write_a_birthday() {
        for text in [
            "1985-03-12",
            "12.03.1985",
            "12. 3. 1985",
            "12 / 03 / 1985",
            "12 - 3 - 85",
            "3/12/85",
            "31/12/1985",
            "12 March 1985",
            "12. März 1985",
            "12 de marzo de 1985",
            "1er mars 1985",
            "March 12, 1985",
            "Mar 12th 1985",
            "12-Mar-1985",
            "19850312",
            "01JAN1990",
            "12 марта 1985",
            "1985年3月12日",
        ] {
            assert_eq!(dates(&format!("born: {text}")), [text]);
        }
    }

    #[test]
    fn six_digits_need_the_word_right_before_them() {
        for text in [
            "born with 100000 followers",
            "my birthday cost 120512",
            "birth rate 120385",
            "dob 123456",
            "850312 is my birthday",
        ] {
            assert!(dates(text).is_empty(), "{text}");
        }
        for (text, date) in [
            ("생년월일: 850312", "850312"),
            ("생년월일은 850312", "850312"),
            ("fødselsdato 120385", "120385"),
            ("my DOB is 120385", "120385"),
        ] {
            assert_eq!(dates(text), [date], "{text}");
        }
    }

    #[test]
    fn letters_of_scripts_without_spaces_do_not_touch() {
        assert_eq!(dates("生年月日は1990年5月12日です"), ["1990年5月12日"]);
        assert_eq!(dates("生日1990-05-12吧"), ["1990-05-12"]);
    }

    #[test]
    fn keeps_the_dates_beside_a_birthday() {
        assert!(dates("the baby was born, we met on 12/03/2025").is_empty());
        for text in [
            "happy birthday! see you 12/03/2025",
            "birthday party on 12/03/2025",
            "my birthday: we celebrate on 12/03/2025",
            "birthday gift arrives 12/03/2024",
            "Born in 1985, died 12/03/2020",
            "anniversaire de mariage 12/03/2020",
            "NATO summit 12/03/2020",
            "и др. 12.03.2024",
        ] {
            assert!(dates(text).is_empty(), "{text}");
        }
        for (text, date) in [
            ("born 12/03/1985, moved 01/01/2000", "12/03/1985"),
            ("moved 01/01/2000, born 12/03/1985", "12/03/1985"),
            ("since 01/01/2000; 12/03/1985 is my birthday", "12/03/1985"),
            ("my birthday, it is the 12/03/1985", "12/03/1985"),
            ("born in Paris, on 12/03/1985", "12/03/1985"),
        ] {
            assert_eq!(dates(text), [date], "{text}");
        }
        assert_eq!(dates("birthdays: 12/03/1985, 13/04/1986 and 14/05/1987").len(), 3);
    }

    #[test]
    fn reads_the_word_in_several_languages() {
        for word in [
            "DOB",
            "родился",
            "geboren am",
            "née le",
            "nacido el",
            "nato il",
            "nato a Roma il",
            "syntynyt",
            "ur.",
            "д.р.",
            "F. Nac.",
            "nasc.",
            "nascida em",
            "生年月日",
        ] {
            assert_eq!(dates(&format!("{word} 12.03.1985")), ["12.03.1985"], "{word}");
        }
        assert_eq!(dates("12.03.1985 is my birthday"), ["12.03.1985"]);
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["1", "1/", "12 ", "12 mar", "born 12/12/", "jan 1"] {
            grows_linearly("date-of-birth", part);
        }
    }
}
