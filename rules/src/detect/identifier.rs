//! Identifiers: numbers and codes of a known shape, with a check of their own.
//!
//! Most national identifiers are a few lines of data: how they are written, what makes one valid,
//! which words go with it. What is common to them, finding and judging, is here.

use std::ops::Range;

use super::checksum::base_36;
use super::context::{self, Topics};
use super::scan::{Behind, Forms, Token};
use super::{Evidence, Hits, Scan, TextDetector};

/// How an identifier is found.
pub(crate) struct Identifier {
    label: &'static str,
    shapes: Vec<Shape>,
    /// The forms of tokens with which any of the shapes begins.
    begins: Forms,
    check: fn(&Value) -> Option<&'static Grade>,
    topics: Topics,
}

/// How an identifier is written.
struct Shape {
    written: &'static str,
    /// The forms that its first token may have: all of it, or its groups up to some separator.
    begins: Forms,
}

impl Identifier {
    /// An identifier that a label calls `label`, and with which the words of `topics` go.
    ///
    /// `shapes` say how it is written; the first that fits and is valid counts. `9` is a digit, `A`
    /// a letter, `X` either, `C` a sign of the century (`+`, `-`, a space or a letter), `-` a separator that
    /// may be there: a space, a hyphen, a dot, a slash or a colon, the same each time; `~` one that
    /// need not be the same, `K` what sets a key apart: a slash or the French word for it. `check` says whether one that is written so is valid, and how much
    /// that says.
    pub(crate) fn new(
        label: &'static str,
        shapes: &[&'static str],
        check: fn(&Value) -> Option<&'static Grade>,
        topics: Topics,
    ) -> Self {
        let shapes: Vec<Shape> = shapes.iter().map(|written| Shape::new(written)).collect();
        let begins = shapes.iter().fold(Forms::default(), |all, shape| all.and(shape.begins));
        Self { label, shapes, begins, check, topics }
    }
}

/// How sure an identifier is by where and how it stands.
pub(crate) struct Grade {
    /// With nothing else.
    pub(crate) bare: Evidence,
    /// Written with all its separators.
    pub(crate) grouped: Evidence,
    /// All that the message says.
    pub(crate) alone: Evidence,
    /// Near a word that goes with it.
    pub(crate) named: Evidence,
    /// Right behind a word for something else, such as `order`.
    pub(crate) referred: Evidence,
}

/// A [`Grade`] from what the identifier itself shows, and the points for how it stands: grouped and
/// alone in the message.
macro_rules! grade {
    ($($part:expr),+; grouped $grouped:literal, alone $alone:literal) => {
        $crate::detect::identifier::Grade {
            bare: $crate::detect::Evidence::of(&[$($part),+]),
            grouped: $crate::detect::Evidence::of(&[$($part),+, ("grouped as it is printed", $grouped)]),
            alone: $crate::detect::Evidence::of(&[$($part),+, ("the text holds nothing else", $alone)]),
            named: $crate::detect::Evidence::of(&[$($part),+, ("a word that goes with it is near", 45)]),
            referred: $crate::detect::Evidence::of(&[$($part),+, ("called by a word for something else", -30)]),
        }
    };
}
pub(crate) use grade;

/// Digits without more, as millions of other numbers: `named` alone makes it one.
pub(crate) static DIGITS: Grade = grade!(("its length", 10); grouped 10, alone 15);
/// Letters and digits at fixed places, without a check.
pub(crate) static CODE: Grade =
    grade!(("letters and digits in its places", 20); grouped 10, alone 30);
/// Digits whose check leaves one of about ten.
pub(crate) static CHECKED: Grade =
    grade!(("its length", 15), ("its check digit is right", 20); grouped 20, alone 20);
/// The same, for what is grouped as many other numbers are.
pub(crate) static CHECKED_PLAIN: Grade =
    grade!(("its length", 15), ("its check digit is right", 20); grouped 5, alone 20);
/// Digits with a date or the like inside, and a check that leaves one of about ten.
pub(crate) static CHECKED_DATE: Grade = grade!(
    ("its length", 15), ("a date of birth at its place", 15), ("its check digit is right", 15);
    grouped 20, alone 20
);
/// Digits whose checks leave one of about a hundred.
pub(crate) static CHECKED_TWICE: Grade =
    grade!(("its length", 15), ("both check digits are right", 30); grouped 20, alone 20);
/// The same with a date inside.
pub(crate) static CHECKED_TWICE_DATE: Grade = grade!(
    ("its length", 15), ("a date of birth at its place", 15), ("both check digits are right", 30);
    grouped 20, alone 20
);
/// Letters and digits at fixed places, with a right check character.
pub(crate) static CODE_CHECKED: Grade = grade!(
    ("letters and digits in its places", 30), ("its check character is right", 35);
    grouped 10, alone 10
);

/// The characters of a candidate without separators, capital.
#[derive(Default)]
pub(crate) struct Value {
    text: [u8; MOST],
    values: [u8; MOST],
    length: usize,
}

/// The most characters of an identifier.
const MOST: usize = 20;

impl Value {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.text.get_mut(self.length)? = byte.to_ascii_uppercase();
        *self.values.get_mut(self.length)? = base_36(byte).unwrap_or(0);
        self.length += 1;
        Some(())
    }

    /// The characters, capital.
    pub(crate) fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    /// What they stand for: digits for themselves, A for 10, and so on.
    pub(crate) fn values(&self) -> &[u8] {
        self.values.get(..self.length).unwrap_or_default()
    }

    /// The values in `range`; none where the identifier is shorter.
    pub(crate) fn part(&self, range: Range<usize>) -> &[u8] {
        self.values().get(range).unwrap_or_default()
    }

    /// The character at `at`; a zero byte behind the end.
    pub(crate) fn letter(&self, at: usize) -> u8 {
        self.text().get(at).copied().unwrap_or(0)
    }

    /// The digit at `at`; 0 behind the end.
    pub(crate) fn digit(&self, at: usize) -> u32 {
        self.values().get(at).copied().map_or(0, u32::from)
    }

    /// The number that the digits in `range` write.
    pub(crate) fn number(&self, range: Range<usize>) -> u64 {
        self.part(range).iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
    }

    /// Whether all characters are the same.
    pub(crate) fn is_one_digit(&self) -> bool {
        let first = self.letter(0);
        self.text().iter().all(|byte| *byte == first)
    }

    /// Whether the digits at these places are a day, a month and the end of a year.
    pub(crate) fn is_date(&self, day: usize, month: usize, year: usize) -> bool {
        let two = |at: usize| self.number(at..at + 2);
        is_date(two(day), two(month), two(year))
    }
}

/// Whether there is such a day in a year that ends in these digits.
pub(crate) fn is_date(day: u64, month: u64, year: u64) -> bool {
    is_day(day, month) && ((day, month) != (29, 2) || year.is_multiple_of(4))
}

/// Whether there is such a day in such a month, in some year.
pub(crate) fn is_day(day: u64, month: u64) -> bool {
    let most = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 29,
        _ => return false,
    };
    (1..=most).contains(&day)
}

impl TextDetector for Identifier {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        if !scan.forms().meet(self.begins) {
            return;
        }
        let mut end = 0;
        for token in scan.tokens().iter().filter(|token| token.form().meet(self.begins)) {
            if token.start >= end
                && let Some((range, evidence)) = self.find(scan, *token)
            {
                end = range.end;
                hits.push(range, self.label, evidence);
            }
        }
    }
}

impl Shape {
    fn new(written: &'static str) -> Self {
        let signs = written.as_bytes();
        let mut begins = Forms::default();
        for at in 0..=signs.len() {
            let (group, rest) = signs.split_at_checked(at).unwrap_or((signs, &[]));
            let next = match rest {
                [] | [b'K', ..] => None,
                [b'-' | b'~' | b'C', next, ..] => Some(next),
                _ => continue,
            };
            let count = |kinds: &[u8]| group.iter().filter(|sign| kinds.contains(sign)).count();
            let (digits, either) = (count(b"9"), count(b"X"));
            let length = digits + either + count(b"AC");
            let fits = |behind: &Behind| match behind {
                Behind::Nothing => next.is_none_or(|next| *next == b'~'),
                Behind::Digit => next != Some(&b'A'),
                Behind::Letter => next != Some(&b'9'),
            };
            for behind in Behind::ALL.into_iter().filter(fits) {
                debug_assert!(length <= Forms::LONGEST, "no token so long has a form");
                for digits in digits..=digits + either {
                    begins = begins.and(Forms::of(length, digits, behind));
                }
            }
        }
        Self { written, begins }
    }
}

impl Identifier {
    fn find(&self, scan: &Scan<'_>, token: Token) -> Option<(Range<usize>, Evidence)> {
        let form = token.form();
        self.shapes.iter().filter(|shape| shape.begins.meet(form)).find_map(|shape| {
            let fit = fit(scan, token.start, shape.written)?;
            let range = token.start..fit.end;
            let end = End::of(scan, range.end, fit.separator);
            if end == End::GoesOn {
                return None;
            }
            let grade = (self.check)(&fit.value(scan, token.start)?)?;
            let is_apart = !scan.is_touched_before(range.start) && !is_hash(scan, &range);
            (is_apart && (end == End::Ends || scan.is_called(self.topics, &range)))
                .then(|| (range.clone(), grade.at(scan, &range, self.topics, &fit)))
        })
    }
}

impl Grade {
    fn at(&self, scan: &Scan<'_>, range: &Range<usize>, topics: Topics, fit: &Fit) -> Evidence {
        if scan.speaks_of(topics, range) {
            // The word for something else is nearer: `passport tracking number 123456789`.
            let is_other =
                fit.separator.is_none() && scan.is_called_rather(context::REFERENCE, topics, range);
            return if is_other { self.referred } else { self.named };
        }
        if scan.is_called(context::REFERENCE, range) {
            return self.referred;
        }
        let grouped = if fit.grouped { self.grouped } else { self.bare };
        let alone = if scan.is_all(range) { self.alone } else { self.bare };
        if alone.confidence() > grouped.confidence() { alone } else { grouped }
    }
}

/// A text that is written as a shape says.
struct Fit {
    end: usize,
    separator: Option<u8>,
    /// Whether each separator is there, and there is one.
    grouped: bool,
    /// Where a sign stands that is a character of the identifier.
    sign: Option<usize>,
    /// What sets a key apart, which is no part of the identifier.
    key: Range<usize>,
}

impl Fit {
    fn value(&self, scan: &Scan<'_>, start: usize) -> Option<Value> {
        let mut value = Value::default();
        for (at, byte) in scan.bytes().get(start..self.end)?.iter().enumerate() {
            let is_part = byte.is_ascii_alphanumeric() && !self.key.contains(&(start + at));
            if is_part || self.sign == Some(start + at) {
                value.push(*byte)?;
            }
        }
        Some(value)
    }
}

fn fit(scan: &Scan<'_>, start: usize, shape: &str) -> Option<Fit> {
    let mut at = start;
    let mut separator = None;
    let mut sign = None;
    let mut apart = 0..0;
    let (mut written, mut left_out, mut gap) = (false, false, false);
    for wanted in shape.bytes() {
        if wanted == b'K' {
            apart = at..at + key(scan, at)?;
            at = apart.end;
            continue;
        }
        let byte = scan.byte(at)?;
        let fits = match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            b'X' => byte.is_ascii_alphanumeric(),
            b'C' => {
                sign = Some(at);
                matches!(byte, b'+' | b'-' | b' ' | b'A'..=b'F' | b'U'..=b'Y' | b'a'..=b'f' | b'u'..=b'y')
            }
            // A decimal, not a number of which some groups have their dots.
            _ if gap => return None,
            _ if b" -./:".contains(&byte) => {
                if wanted == b'-' && separator.is_some_and(|one| one != byte) {
                    return None;
                }
                separator = Some(byte);
                written = true;
                true
            }
            _ => {
                left_out = true;
                gap = separator == Some(b'.');
                continue;
            }
        };
        if !fits {
            return None;
        }
        at += 1;
    }
    Some(Fit { end: at, separator, grouped: written && !left_out, sign, key: apart })
}

/// The length of what sets a key apart at `at`: ` / `, ` clé : `.
fn key(scan: &Scan<'_>, at: usize) -> Option<usize> {
    const SIGNS: &[&str] = &["/", "clé", "cle", "clef"];
    let spaces = |text: &str| text.bytes().take(2).take_while(|byte| b" :".contains(byte)).count();
    let rest = scan.text().get(at..)?;
    let before = spaces(rest);
    let rest = rest.get(before..)?;
    let is = |sign: &&&str| {
        let part = rest.get(..sign.len());
        part.is_some_and(|part| part.to_lowercase() == **sign)
    };
    let sign = SIGNS.iter().rev().find(is)?.len();
    let after = rest.get(sign..)?;
    let after = after.bytes().take(3).take_while(|byte| b" :".contains(byte)).count();
    Some(before + sign + after)
}

/// What stands behind an identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing that belongs to a number that ends there.
    Ends,
    /// Another number, which may as well be one of its own.
    Perhaps,
    /// More of the same number.
    GoesOn,
}

impl End {
    /// What stands behind the number with this separator that ends at `end`.
    fn of(scan: &Scan<'_>, end: usize, separator: Option<u8>) -> Self {
        let rest = scan.bytes().get(end..).unwrap_or_default();
        let Some((sign, rest)) = rest.split_first() else { return Self::Ends };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_number = scan.byte_before(end).is_some_and(|last| last.is_ascii_digit());
        let behind = rest.get(digits..).unwrap_or_default();
        let goes_on = |goes_on: bool| if goes_on { Self::GoesOn } else { Self::Ends };
        match sign {
            b'-' => goes_on(holds_digit(scan, end + 1)),
            b'.' => goes_on(digits > 0),
            // Cents; in a list of values another comma follows.
            b',' => {
                let is_last = behind.first().is_none_or(|byte| *byte != b',');
                goes_on(separator.is_none() && is_number && matches!(digits, 1 | 2) && is_last)
            }
            b'/' | b'+' if digits > 0 => Self::Perhaps,
            b' ' if separator == Some(b' ') && is_number && digits > 0 => {
                // A date, an hour, an amount, a word: `5919 14:30`, `5919 2nd`.
                let is_another = match behind {
                    [b':' | b'/' | b'.' | b'-' | b',', next, ..] => next.is_ascii_digit(),
                    [first, ..] => first.is_ascii_alphabetic(),
                    [] => false,
                };
                if is_another { Self::Ends } else { Self::Perhaps }
            }
            b'/' | b'+' | b' ' => Self::Ends,
            _ => goes_on(scan.is_touched_behind(end)),
        }
    }
}

/// Whether the token that begins at `at` holds a digit.
fn holds_digit(scan: &Scan<'_>, at: usize) -> bool {
    /// The longest group of a UUID.
    const MOST: usize = 12;
    let token = scan.bytes().get(at..).unwrap_or_default().iter().take(MOST);
    token.take_while(|byte| byte.is_ascii_alphanumeric()).any(u8::is_ascii_digit)
}

/// Whether `range` is the hexadecimal name of a resource behind its kind: `ami-3ac8310e4db1f7132`.
fn is_hash(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    /// No shorter token is a hash.
    const SHORTEST: usize = 16;
    let bytes = scan.bytes().get(range.clone()).unwrap_or_default();
    matches!(scan.byte_before(range.start), Some(b'-' | b'_'))
        && bytes.len() >= SHORTEST
        && bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && bytes.iter().any(u8::is_ascii_lowercase)
}

/// A detector that is one [`Identifier`].
macro_rules! identifier {
    (
        $type:ident, $name:literal, $page:literal, $label:literal, [$($group:literal),*], digits $digits:literal,
        $summary:literal, $topics:expr, [$($shape:literal),+], $check:expr
    ) => {
        #[doc = include_str!($page)]
        pub(crate) struct $type;

        impl $crate::detect::Detector for $type {
            const NAME: &'static str = $name;
            const SUMMARY: &'static str = $summary;
            const PAGE: &'static str = include_str!($page);
            const LABEL: &'static str = $label;
            const GROUPS: &'static [&'static str] = &[$($group),*];
            const ACTIONS: &'static [$crate::policy::Action] = $crate::detect::ANY_ACTION;
            const NEEDS: $crate::detect::Needs = $crate::detect::Needs::NOTHING.digits($digits);
            const SINCE: &'static str = "0.1.0";
            type Options = $crate::detect::NoOptions;

            fn build(
                _: Self::Options,
                _: &mut $crate::policy::Build<'_>,
            ) -> $crate::detect::Probe {
                $crate::detect::Probe::Text(Box::new($crate::detect::transcript::Transcribed(
                    $crate::detect::identifier::Identifier::new(
                        $label,
                        &[$($shape),+],
                        $check,
                        $topics,
                    ),
                )))
            }
        }
    };
}
pub(crate) use identifier;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Shared;

    fn with<T>(text: &str, look: impl FnOnce(&Scan<'_>) -> T) -> T {
        look(&Scan::new(text, &Shared::of(text)))
    }

    #[test]
    fn separators_may_be_left_out_but_not_mixed() {
        with("12-34-5 12345 12-34.5 1234-5", |scan| {
            assert!(fit(scan, 0, "99-99-9").unwrap().grouped);
            assert!(!fit(scan, 8, "99-99-9").unwrap().grouped);
            assert!(fit(scan, 14, "99-99-9").is_none());
            assert!(fit(scan, 14, "99~99~9").is_some());
            assert!(!fit(scan, 22, "99-99-9").unwrap().grouped);
        });
    }

    #[test]
    fn a_token_tells_what_it_may_begin() {
        for (shape, text, begins) in [
            ("99-99-9", "12-34-5", true),
            ("99-99-9", "12345", true),
            ("99-99-9", "12 345", true),
            ("99-99-9", "123-4", false),
            ("99-99-9", "12-a", false),
            ("99-99-9", "12, 3", false),
            ("99-99-9", "1234a", false),
            ("A~999", "A.123", true),
            ("A~999", "AB 123", false),
            ("99~~~9", "12 - 3", true),
            ("999999C999X", "123456+789A", true),
            ("999999C999X", "123456A789A", true),
            ("XX-9", "1A 2", true),
        ] {
            with(text, |scan| {
                let form = scan.tokens().first().unwrap().form();
                assert_eq!(Shape::new(shape).begins.meet(form), begins, "{shape}: {text}");
            });
        }
    }

    #[test]
    fn a_value_is_capital_and_without_separators() {
        with("ab 1-2", |scan| {
            let value = fit(scan, 0, "AA~9~9").unwrap().value(scan, 0).unwrap();
            assert_eq!(value.text(), b"AB12");
            assert_eq!(value.values(), [10, 11, 1, 2]);
            assert_eq!(value.number(2..4), 12);
        });
    }

    #[test]
    fn digits_joined_to_others_are_not_apart() {
        for (text, apart) in [
            ("12", true),
            ("3-12", false),
            ("12.5", false),
            ("3 12 4", true),
            ("3 12-4", false),
            ("12. Then", true),
            ("a3-12", false),
            ("12-a3", false),
            ("a-12", true),
            ("12-a", true),
            ("12,50 paid", false),
            ("12,50,x", true),
            ("1,12,3,x", true),
        ] {
            with(text, |scan| {
                let start = text.find("12").unwrap();
                let token = scan.tokens().iter().find(|token| token.start == start).unwrap();
                let begins = Shape::new("99").begins.meet(token.form());
                let ends = End::of(scan, start + 2, None) == End::Ends;
                assert_eq!(begins && ends, apart, "{text}");
            });
        }
        with("3 12 4, 3.12 4", |scan| {
            let begins: Vec<bool> = scan
                .tokens()
                .iter()
                .map(|token| Shape::new("99-9").begins.meet(token.form()))
                .collect();
            assert_eq!(begins, [false; 6], "a space joins what is grouped by spaces");
        });
        with("3, 12 4", |scan| {
            let token = scan.tokens().get(1).unwrap();
            assert!(Shape::new("99-9").begins.meet(token.form()));
        });
    }

    #[test]
    fn the_29th_of_february_is_a_day_of_leap_years() {
        assert!(is_day(29, 2) && !is_day(30, 2) && !is_day(0, 1) && !is_day(1, 13));
        assert!(is_date(29, 2, 96) && is_date(29, 2, 0) && !is_date(29, 2, 99));
        assert!(is_date(28, 2, 99) && is_date(29, 3, 99));
    }
}
