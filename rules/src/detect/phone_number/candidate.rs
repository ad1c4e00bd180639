//! Digits that may be a telephone number, and how they are written.

use crate::detect::scan::Token;
use crate::detect::{Scan, word};

/// The most digits of a number (E.164).
pub(super) const MOST_DIGITS: usize = 15;
pub(super) const LEAST_DIGITS: usize = 7;
const MOST_GROUPS: usize = 7;
/// So many pairs are numbers somewhere; fewer and more are none.
const LEAST_PAIRS: usize = 4;
const MOST_PAIRS: usize = 5;
/// The fewest digits that are a number because the message says nothing else.
pub(super) const LEAST_ALONE: usize = 9;
/// The most digits of an extension.
const MOST_EXTENSION: usize = 6;

/// How the digits of a candidate stand together.
#[derive(Default)]
pub(super) struct Candidate {
    digits: [u8; MOST_DIGITS],
    pub(super) length: usize,
    sizes: [usize; MOST_GROUPS],
    pub(super) groups: usize,
    pub(super) plus: bool,
    /// Whether a space, or a sign with none beside it, stands between two groups.
    pub(super) tight: bool,
    /// Whether a slash stands between two groups.
    pub(super) slashes: bool,
    pub(super) between: Separators,
}

/// What stands between a candidate's groups, besides spaces.
#[derive(Default)]
pub(super) struct Separators {
    pub(super) brackets: bool,
    pub(super) dots: bool,
    pub(super) hyphens: bool,
}

/// What stands between two groups.
#[derive(Clone, Copy)]
pub(super) struct Joint {
    pub(super) sign: u8,
    /// Whether it is a sign with a space beside it.
    pub(super) is_loose: bool,
}

impl Candidate {
    /// One without a digit.
    pub(super) fn new(plus: bool, between: Separators) -> Self {
        Self { plus, between, ..Self::default() }
    }

    /// Adds a group; `None` when that is more than a number has.
    pub(super) fn push(&mut self, group: &[u8]) -> Option<()> {
        if self.length + group.len() > MOST_DIGITS {
            return None;
        }
        *self.sizes.get_mut(self.groups)? = group.len();
        self.groups += 1;
        for byte in group {
            *self.digits.get_mut(self.length)? = byte - b'0';
            self.length += 1;
        }
        Some(())
    }

    /// Whether the number goes on behind this: a sign with spaces parts it from something else,
    /// unless it stands behind the code of a country or an area, or between all groups; and a
    /// bracket is opened before it is closed.
    pub(super) fn goes_on(&self, joint: Joint) -> bool {
        if joint.is_loose {
            let single = self.sizes().first() == Some(&1);
            // `0 30 / 123456` and `+49 (0) 171 / 123456`, but no list.
            let area = joint.sign == b'/'
                && self.length < LEAST_DIGITS
                && (self.plus || single && self.digits.first() == Some(&0));
            return area || !self.tight && (self.plus || !single);
        }
        joint.sign != b')' || self.between.brackets || self.plus
    }

    /// Whether no further digits belong to it where it ends at `end`, and the emphasis before it ends
    /// there, too.
    pub(super) fn ends(
        &self,
        scan: &Scan<'_>,
        end: usize,
        joint: Option<Joint>,
        emphasis: usize,
    ) -> bool {
        if emphasis > 0 {
            let behind = scan.bytes().get(end..).unwrap_or_default();
            let closing =
                behind.iter().take(emphasis + 1).take_while(|byte| **byte == b'*').count();
            let touched = scan.is_touched_behind(end + closing);
            return emphasis <= MOST_EMPHASIS && closing == emphasis && !touched;
        }
        if let Some(joint) = joint {
            // Another number may follow behind a slash where none is in this one.
            return match joint.sign {
                b' ' | b'(' => true,
                b'/' if !self.slashes => true,
                _ => joint.is_loose,
            };
        }
        let digit = |at: usize| scan.byte(end + at).is_some_and(|byte| byte.is_ascii_digit());
        match scan.behind(end) {
            // What has a decimal or thousands behind it is an amount; what cannot is one of a list.
            Some(',') => {
                !digit(1)
                    || digit(4) && (self.groups > 1 || digit(LEAST_DIGITS))
                    || self.is_no_amount()
            }
            Some(':') => !digit(1),
            Some('%' | '€' | '$' | '@' | '*') => false,
            Some(one) => !word::touches(one),
            None => true,
        }
    }

    /// Whether an amount is never written so.
    pub(super) fn is_no_amount(&self) -> bool {
        let Separators { brackets, hyphens, .. } = self.between;
        self.plus || self.groups > 1 && (brackets || hyphens || self.slashes)
    }

    /// Whether it is some pairs, and nothing else.
    #[inline(never)]
    pub(super) fn is_pairs(&self) -> bool {
        self.groups >= LEAST_PAIRS && self.sizes().iter().all(|size| *size == 2)
    }

    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    pub(super) fn sizes(&self) -> &[usize] {
        self.sizes.get(..self.groups).unwrap_or_default()
    }

    /// Whether it is written as people in North America write their numbers, whatever the digits
    /// are: most that are made up for an example have an area code that there is not.
    pub(super) fn is_american(&self) -> bool {
        let joined = self.between.hyphens || self.between.dots || self.between.brackets;
        let one = self.digits.first() == Some(&1);
        joined && (self.sizes() == [3, 3, 4] || one && self.sizes() == [1, 3, 3, 4])
    }

    /// Whether digits grouped so are a date, an internet address, a decimal or a number of another
    /// well-known kind.
    pub(super) fn is_other(&self) -> bool {
        let digit = |at: usize| self.digits.get(at).copied().unwrap_or(0);
        let pair = |at: usize| digit(at) * 10 + digit(at + 1);
        let is_year = |at: usize| matches!(pair(at), 19 | 20);
        match self.sizes() {
            // Dates, alone or with an hour behind them.
            [2, 2, 4] | [2, 2, 4, 2] => pair(0) <= 31 && pair(2) <= 31 && is_year(4),
            [1, 2, 4] | [2, 1, 4] => is_year(3),
            [4, 4] => is_year(0) && is_year(4),
            // Years, a day with its hour.
            [8, 4 | 6] => is_year(0),
            [8] | [4, 2, 2] | [4, 2, 2, 2] => is_year(0) && pair(4) <= 12 && pair(6) <= 31,
            // United States social security numbers.
            [3, 2, 4] => !self.between.brackets,
            // A number of old; a decimal has but one digit with a zero before its point.
            [a, _] if self.between.dots => *a < 2 || digit(0) > 0 || self.length < LEAST_ALONE,
            // No part of an address is 300 or more.
            [3, 2, 2, 2] if digit(0) > 2 => false,
            [a, b, c, d] if self.between.dots && !self.slashes => {
                [a, b, c, d].iter().all(|size| **size <= 3)
            }
            sizes if sizes.len() > MOST_PAIRS && self.is_pairs() => true,
            // Digits one by one.
            sizes => sizes.len() > 1 && sizes.iter().filter(|size| **size == 1).count() > 2,
        }
    }
}

/// Where the digits of a token end before an extension (`3560x4587`), and whether there is one.
/// `None` for what is not a number.
pub(super) fn main_part(scan: &Scan<'_>, token: Token) -> Option<(usize, bool)> {
    if token.is_number() {
        return Some((token.end, false));
    }
    let bytes = scan.bytes().get(token.range())?;
    let x = bytes.iter().position(|byte| !byte.is_ascii_digit()).filter(|x| *x > 0)?;
    let (_, extension) = bytes.split_at_checked(x)?;
    let digits = extension.strip_prefix(b"x").or(extension.strip_prefix(b"ext"))?;
    let is_extension =
        (1..=MOST_EXTENSION).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    is_extension.then_some((token.start + x, true))
}

/// What separates a group that ends at `end` from `next`, where only separators do: a bracket, a
/// dot, a hyphen or a space, the first that is there. A full stop before a space ends a sentence.
pub(super) fn joint(scan: &Scan<'_>, end: usize, next: Token) -> Option<Joint> {
    let between = match scan.text().get(end..next.start)? {
        // Japanese keyboards have it where others have the hyphen.
        "ー" => b"-",
        between => between.as_bytes(),
    };
    if between.len() > 3
        || between.starts_with(b". ")
        || !between.iter().all(|byte| b" -./()".contains(byte))
    {
        return None;
    }
    let sign = b"(.)/-".iter().copied().find(|sign| between.contains(sign)).unwrap_or(b' ');
    let is_loose = matches!(sign, b'.' | b'/' | b'-') && between.contains(&b' ');
    Some(Joint { sign, is_loose })
}

/// How many asterisks emphasise what begins at `start`: `**415-555-0132**`.
pub(super) fn emphasis(scan: &Scan<'_>, start: usize) -> usize {
    let before = scan.bytes().get(..start).unwrap_or_default();
    before.iter().rev().take(MOST_EMPHASIS + 1).take_while(|byte| **byte == b'*').count()
}

/// More asterisks are a mask.
const MOST_EMPHASIS: usize = 3;

/// Where a number that ends at `end` ends with its extension.
pub(super) fn extension(scan: &Scan<'_>, end: usize) -> usize {
    const WORDS: &[&str] = &["extension", "ext.", "ext", "x", "#"];
    let Some(rest) = scan.bytes().get(end..) else { return end };
    let spaces =
        |bytes: &[u8]| bytes.iter().take(2).take_while(|byte| b" ,".contains(byte)).count();
    let before = spaces(rest);
    let Some(rest) = rest.get(before..) else { return end };
    let word = WORDS.iter().find(|word| {
        rest.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    });
    let Some(word) = word else { return end };
    let Some(rest) = rest.get(word.len()..) else { return end };
    let after = spaces(rest);
    let digits = rest
        .iter()
        .skip(after)
        .take(MOST_EXTENSION + 1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let behind = rest.get(after + digits);
    if (1..=MOST_EXTENSION).contains(&digits) && !behind.is_some_and(u8::is_ascii_alphanumeric) {
        end + before + word.len() + after + digits
    } else {
        end
    }
}
