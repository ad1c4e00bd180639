//! What speaks for a candidate and against it: plans, groups, and words near it.

use std::ops::Range;

use super::candidate::{Candidate, LEAST_ALONE};
use super::plans::{self, PLANS, Plan};
use super::{Numbers, codes};
use crate::detect::context::{self, Topics};
use crate::detect::{Evidence, Scan};

/// What may be found near a number, added to what the number itself shows.
pub(super) struct Grade {
    pub(super) bare: Evidence,
    reach: Evidence,
    phone: Evidence,
    referred: Evidence,
    /// All that the message says; `None` where that says nothing of such digits.
    alone: Option<Evidence>,
}

macro_rules! grade {
    ($($part:expr),+; alone) => {
        Grade {
            alone: Some(Evidence::of(&[$($part),+, ("the text holds nothing else", 20)])),
            ..grade!($($part),+)
        }
    };
    ($($part:expr),+) => {
        Grade {
            alone: None,
            bare: Evidence::of(&[$($part),+]),
            reach: Evidence::of(&[$($part),+, ("a word for messages or contact is near", 25)]),
            phone: Evidence::of(&[$($part),+, ("a word for telephones is near", 45)]),
            referred: Evidence::of(&[$($part),+, ("called by a word for something else", -60)]),
        }
    };
}

const PLUS: (&str, i16) = ("an assigned country code behind a plus sign", 60);
const PLAN: (&str, i16) = ("the country's plan has such numbers", 25);
const ODD_LENGTH: (&str, i16) = ("the country has no numbers of this length", -40);
const EXIT: (&str, i16) = ("an assigned country code behind 00", 35);
const CODE: (&str, i16) = ("a country code without its sign", 15);
const NATIONAL: (&str, i16) = ("a country's plan has such numbers", 25);
const TRUNK: (&str, i16) = ("begins as national numbers are dialled", 15);
const USUAL: (&str, i16) = ("grouped as numbers are there", 20);
const BRACKETS: (&str, i16) = ("an area code in brackets", 20);
const IN_BRACKETS: (&str, i16) = ("the code in brackets", 25);
const DISTINCT: (&str, i16) = ("hardly anything else is grouped so", 15);
const CHOSEN: (&str, i16) = ("the policy names the country", 10);
const SIGNED: (&str, i16) = ("grouped as hardly anything behind a plus sign is", 30);
const GROUPED: (&str, i16) = ("7 to 13 digits in groups", 15);
const AMERICAN: (&str, i16) = ("grouped as North America's numbers are", 20);
const DIGITS: (&str, i16) = ("7 to 12 digits", 10);
const ZERO: (&str, i16) = ("begins with 0", 15);

const PLUS_PLAN: Grade = grade!(PLUS, PLAN);
const PLUS_CODE: Grade = grade!(PLUS);
const PLUS_ODD: Grade = grade!(PLUS, ODD_LENGTH);
const PLUS_ODD_GROUPS: Grade = grade!(PLUS, ODD_LENGTH, SIGNED);
const EXIT_PLAN: Grade = grade!(EXIT, PLAN);
const EXIT_CODE: Grade = grade!(EXIT);
const CODE_PLAN: Grade = grade!(CODE, PLAN);
const CODE_USUAL: Grade = grade!(CODE, PLAN, USUAL);
const CODE_BRACKETS: Grade = grade!(CODE, PLAN, IN_BRACKETS);
const NATIONAL_BRACKETS: Grade = grade!(NATIONAL, USUAL, BRACKETS);
const NATIONAL_DISTINCT: Grade = grade!(NATIONAL, USUAL, DISTINCT);
const NATIONAL_TRUNK: Grade = grade!(NATIONAL, USUAL, TRUNK; alone);
const NATIONAL_USUAL: Grade = grade!(NATIONAL, USUAL; alone);
const NATIONAL_USUAL_CHOSEN: Grade = grade!(NATIONAL, USUAL, CHOSEN; alone);
const NATIONAL_COMPACT: Grade = grade!(NATIONAL);
const NATIONAL_COMPACT_TRUNK: Grade = grade!(NATIONAL, TRUNK; alone);
const NATIONAL_COMPACT_ONE: Grade = grade!(NATIONAL, TRUNK);
const NATIONAL_COMPACT_CHOSEN: Grade = grade!(NATIONAL, TRUNK, CHOSEN; alone);
pub(super) const SOME_GROUPS: Grade = grade!(GROUPED);
const SOME_AMERICAN: Grade = grade!(GROUPED, AMERICAN, DISTINCT);
const SOME_GROUPS_ZERO: Grade = grade!(GROUPED, ZERO);
const SOME_DIGITS: Grade = grade!(DIGITS);

/// The fewest of one with its country code.
const LEAST_INTERNATIONAL: usize = 8;
/// In so many groups hardly anything stands behind a plus sign but a number.
const SIGNED_GROUPS: usize = 4;
/// The fewest digits of one whose country code stands in brackets.
const LEAST_BRACKETED: usize = 11;
/// The most digits of an extension behind a hyphen, and fewer than the number before it has.
const LONGEST_INSIDE: usize = 4;

impl Numbers {
    /// What the digits show; `None` where they are no number. `is_whole` where none are left behind them.
    pub(super) fn grade(&self, candidate: &Candidate, is_whole: bool) -> Option<&'static Grade> {
        let digits = candidate.digits();
        if candidate.plus {
            return international(candidate);
        }
        if candidate.is_other() || digits.iter().all(|digit| *digit == 0) {
            return None;
        }
        // India dials 0 before its own country code.
        let home = candidate.sizes().first() == Some(&3) && digits.starts_with(&[0, 9, 1]);
        let abroad = plans::behind(digits, if home { "0" } else { "00" })
            .filter(|number| number.len() >= LEAST_INTERNATIONAL);
        if abroad.is_some_and(is_planned) {
            return Some(&EXIT_PLAN);
        }
        let national =
            self.plans.may_have(digits).filter_map(|plan| self.national(plan, candidate));
        if let Some(grade) = national.max_by_key(|grade| grade.bare.confidence()) {
            return Some(grade);
        }
        // `(1) 4155550132` may be a list.
        let bracketed = candidate.between.brackets && candidate.length >= LEAST_BRACKETED;
        if (candidate.groups > 2 || candidate.groups == 2 && bracketed)
            && let Some(plan) = PLANS.iter().find(|plan| {
                candidate.sizes().first() == Some(&plan.code.len())
                    && plans::behind(digits, plan.code).is_some_and(|number| plan.has(number))
            })
        {
            return Some(match candidate.sizes() {
                _ if bracketed => &CODE_BRACKETS,
                [_, national @ ..] if plan.is_usual_abroad(national) => &CODE_USUAL,
                _ => &CODE_PLAN,
            });
        }
        // What no plan knows counts only by what is said around it, and only as a whole.
        let zero = digits.first() == Some(&0);
        match candidate.groups {
            _ if !is_whole => None,
            _ if abroad.and_then(codes::is_valid) == Some(true) => Some(&EXIT_CODE),
            1 => (candidate.length <= 12).then_some(&SOME_DIGITS),
            3 | 4 if candidate.is_american() && self.plans.has_code("1") => Some(&SOME_AMERICAN),
            _ if candidate.length > 13 => None,
            2 if candidate.length > 10 => None,
            3.. if zero && candidate.length >= 9 => Some(&SOME_GROUPS_ZERO),
            _ => Some(&SOME_GROUPS),
        }
    }

    fn national(&self, plan: &Plan, candidate: &Candidate) -> Option<&'static Grade> {
        let digits = candidate.digits();
        let number = match plans::behind(digits, plan.trunk) {
            Some(behind) if plan.has(behind) => behind,
            _ if plan.trunk_is_written => return None,
            _ => digits,
        };
        if !plan.has(number) {
            return None;
        }
        let trunk =
            number.len() < digits.len() || (plan.region == "IT" && digits.first() == Some(&0));
        // `02632-7962` is a postal code of the United States, too.
        let postal = !self.chosen && candidate.between.hyphens && candidate.sizes() == [5, 4];
        let sizes = match candidate.sizes() {
            // `06221/12345-0`: an extension, dialled right behind the number.
            [main @ .., last]
                if candidate.slashes
                    && candidate.between.hyphens
                    && *last <= LONGEST_INSIDE
                    && matches!(main, [_, number] if *number > LONGEST_INSIDE) =>
            {
                main
            }
            sizes => sizes,
        };
        let usual = !postal && plan.groups.contains(&sizes);
        Some(match (usual, trunk) {
            _ if candidate.groups == 1 && trunk && self.chosen => &NATIONAL_COMPACT_CHOSEN,
            // Any number may begin with North America's 1.
            _ if candidate.groups == 1 && trunk && plan.trunk == "1" => &NATIONAL_COMPACT_ONE,
            _ if candidate.groups == 1 && trunk => &NATIONAL_COMPACT_TRUNK,
            (false, true) => &SOME_GROUPS_ZERO,
            (false, false) if candidate.groups > 1 => return None,
            (false, false) => &NATIONAL_COMPACT,
            (true, _) if candidate.between.brackets => &NATIONAL_BRACKETS,
            (true, _) if is_distinct(candidate.sizes()) => &NATIONAL_DISTINCT,
            // Two groups are what two numbers beside each other look like, too.
            (true, true) if candidate.groups > 2 => &NATIONAL_TRUNK,
            (true, true) => &NATIONAL_USUAL_CHOSEN,
            (true, false) if self.chosen => &NATIONAL_USUAL_CHOSEN,
            (true, false) => &NATIONAL_USUAL,
        })
    }
}

fn is_distinct(sizes: &[usize]) -> bool {
    matches!(sizes, [3, 3, 4] | [1, 3, 3, 4] | [3, 2, 2, 2])
}

fn international(candidate: &Candidate) -> Option<&'static Grade> {
    let digits = candidate.digits();
    if digits.len() < LEAST_INTERNATIONAL {
        return None;
    }
    let grouped = candidate.groups >= SIGNED_GROUPS
        || candidate.groups > 2 && candidate.between.brackets && !candidate.between.dots;
    Some(match codes::is_valid(digits)? {
        _ if is_planned(digits) => &PLUS_PLAN,
        true => &PLUS_CODE,
        false if grouped => &PLUS_ODD_GROUPS,
        false => &PLUS_ODD,
    })
}

/// Whether digits that begin with a country code are a number of that country's plan.
#[inline(never)]
fn is_planned(digits: &[u8]) -> bool {
    let of_country =
        |plan: &Plan| plans::behind(digits, plan.code).is_some_and(|one| plan.has(one));
    PLANS.iter().any(of_country)
}

impl Grade {
    /// The same with what is around the number.
    pub(super) fn at(&self, scan: &Scan<'_>, range: &Range<usize>) -> Evidence {
        // Somebody's account or id may well be their number with its country code.
        let plus = scan.byte(range.start) == Some(b'+') || scan.byte(range.start + 1) == Some(b'+');
        let other =
            if plus { context::REFERENCE } else { context::REFERENCE.and(context::OTHER_NUMBER) };
        if is_referred(scan, other, range, plus) {
            self.referred
        } else if is_amount(scan, range) {
            self.bare
        } else if scan.speaks_of(context::PHONE, range) {
            self.phone
        } else if scan.speaks_of(context::REACH, range) {
            self.reach
        } else if let Some(alone) = self.alone
            && scan.is_all(range)
            && digits(scan, range) >= LEAST_ALONE
        {
            alone
        } else {
            self.bare
        }
    }
}

/// Whether the nearest word right before the number is one for something else (`phone order 12345`),
/// which the number is not there for: `WhatsApp for orders`. Behind a plus sign any word for telephones
/// says more.
fn is_referred(scan: &Scan<'_>, other: Topics, range: &Range<usize>, plus: bool) -> bool {
    let phone = scan.called(context::PHONE, range.start);
    let Some(word) = scan.called(other, range.start) else {
        return phone.is_none() && scan.named().meet(other) && !scan.named().meet(context::PHONE);
    };
    phone.is_none_or(|phone| {
        let between = scan.text().get(phone.end..word.start);
        !plus
            && phone.end <= word.end
            && !between.is_some_and(|text| text.ends_with("for ") || text.ends_with("to "))
    })
}

/// Whether the digits are an amount, by how they are grouped and by a word right before or behind
/// them: `my phone has 10 000 000 photos`.
fn is_amount(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    let text = scan.bytes().get(range.clone()).unwrap_or_default();
    let mut length = 0;
    let grouped = text.iter().rev().all(|byte| {
        let sign = matches!(byte, b' ' | b'.');
        let fits = if sign { length == 3 } else { byte.is_ascii_digit() };
        length = if sign { 0 } else { length + 1 };
        fits
    });
    grouped
        && !text.starts_with(b"0")
        && (scan.is_counted_in(context::AMOUNT, range)
            || scan.called(context::AMOUNT, range.start).is_some_and(|amount| {
                let word = scan.called(context::PHONE.and(context::REACH), range.start);
                word.is_none_or(|word| word.end <= amount.end)
            }))
}

fn digits(scan: &Scan<'_>, range: &Range<usize>) -> usize {
    let bytes = scan.bytes().get(range.clone()).unwrap_or_default();
    bytes.iter().filter(|byte| byte.is_ascii_digit()).count()
}
