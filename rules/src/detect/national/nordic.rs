//! Sweden, Finland, Norway and Denmark.

use crate::detect::checksum::{luhn, weighted};
use crate::detect::context;
use crate::detect::identifier::{
    CHECKED_DATE, CHECKED_TWICE_DATE, CODE_CHECKED, Grade, Value, grade, identifier, is_date,
};

identifier!(
    SePersonalNumber, "se-personal-number", "se_personal_number.md", "personal-number", ["national-id", "personal-data"],
    digits 10, "personal identity numbers of Sweden", context::SE_PERSONAL_NUMBER,
    ["99999999C9999", "999999999999", "999999C9999", "9999999999"], se_personal_number
);
identifier!(
    FiHetu, "fi-hetu", "fi_hetu.md", "hetu", ["national-id", "personal-data"], digits 9,
    "personal identity codes of Finland", context::FI_HETU, ["999999C999X"], hetu
);
identifier!(
    NoNationalId, "no-national-id", "no_national_id.md", "national-id", ["national-id", "personal-data"],
    digits 11, "birth and D numbers of Norway", context::NO_NATIONAL_ID,
    ["999999-99999", "99-99-99-99999"], no_national_id
);
identifier!(
    DkCpr, "dk-cpr", "dk_cpr.md", "cpr", ["national-id", "personal-data"], digits 10,
    "civil registration numbers of Denmark", context::DK_CPR, ["999999-9999"], cpr
);

static SIGNED: Grade = grade!(
    ("a date of birth, a sign and four digits", 40), ("its check digit is right", 25);
    grouped 0, alone 10
);

/// A date of birth with or without its century, `-` or, from a hundred years on, `+`, a serial and
/// Luhn's check over ten digits. Days 60 higher are coordination numbers.
fn se_personal_number(value: &Value) -> Option<&'static Grade> {
    let text = value.text();
    let sign = text.iter().position(|byte| !byte.is_ascii_digit());
    if sign.is_some_and(|at| !matches!(value.letter(at), b'-' | b'+' | b' ')) {
        return None;
    }
    let long = text.len() > 11;
    if long && !matches!(value.number(0..2), 18..=20) {
        return None;
    }
    let start = if long { 2 } else { 0 };
    let mut digits = [0; 10];
    let body = value.values().iter().zip(text).filter(|(_, byte)| byte.is_ascii_digit());
    for (place, (digit, _)) in digits.iter_mut().zip(body.skip(start)) {
        *place = *digit;
    }
    let day = value.number(start + 4..start + 6);
    let day = if day > 60 { day - 60 } else { day };
    if !is_date(day, value.number(start + 2..start + 4), value.number(start..start + 2))
        || !luhn(&digits)
    {
        return None;
    }
    // A space may as well stand between a day and an hour.
    let signed = sign.is_some_and(|at| value.letter(at) != b' ');
    Some(if signed { &SIGNED } else { &CHECKED_DATE })
}

/// A date of birth, the century's sign, a number and a character for the remainder by 31.
fn hetu(value: &Value) -> Option<&'static Grade> {
    let number = value.number(0..6) * 1000 + value.number(7..10);
    let expected = b"0123456789ABCDEFHJKLMNPRSTUVWXY".get(usize::try_from(number % 31).ok()?)?;
    (value.is_date(0, 2, 4)
        && value.letter(6) != b' '
        && value.number(7..10) > 1
        && value.letter(10) == *expected)
        .then_some(&CODE_CHECKED)
}

/// A date of birth (day 40 higher in a D number, month 40 or 80 in others), a serial, two checks.
fn no_national_id(value: &Value) -> Option<&'static Grade> {
    let (day, month) = (value.number(0..2), value.number(2..4));
    let day = if day > 40 { day - 40 } else { day };
    let first = weighted(value.values(), &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
    let second = weighted(value.values(), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    let valid = is_date(day, month % 40, value.number(4..6))
        && first.is_multiple_of(11)
        && second.is_multiple_of(11);
    valid.then_some(&CHECKED_TWICE_DATE)
}

static CPR: Grade = grade!(("a date of birth and four digits", 25); grouped 25, alone 15);
static CPR_OR_HOUR: Grade = grade!(("a date of birth and four digits", 25); grouped 10, alone 15);
static CPR_CHECKED: Grade = grade!(
    ("a date of birth and four digits", 25), ("its check digit is right", 15);
    grouped 25, alone 15
);

/// A date of birth and four digits; the check by 11 has not been kept since 2007. Where the digits may
/// be an hour and the check is not right, it may be a time stamp.
fn cpr(value: &Value) -> Option<&'static Grade> {
    let day = value.number(0..2);
    let day = if day > 60 { day - 60 } else { day };
    let sum = weighted(value.values(), &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    let is_hour = value.number(6..8) < 24 && value.number(8..10) < 60;
    is_date(day, value.number(2..4), value.number(4..6)).then_some(if sum.is_multiple_of(11) {
        &CPR_CHECKED
    } else if is_hour {
        &CPR_OR_HOUR
    } else {
        &CPR
    })
}
