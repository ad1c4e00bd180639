//! The United States.

use crate::detect::checksum::luhn;
use crate::detect::context;
use crate::detect::identifier::{CODE, DIGITS, Grade, Value, grade, identifier};

identifier!(
    UsSsn, "us-ssn", "us_ssn.md", "ssn", ["national-id", "personal-data"], digits 9,
    "social security numbers of the United States", context::US_SSN, ["999-99-9999"], ssn
);
identifier!(
    UsItin, "us-itin", "us_itin.md", "itin", ["national-id", "personal-data"], digits 9,
    "individual taxpayer identification numbers of the United States", context::US_ITIN,
    ["999-99-9999"], itin
);
identifier!(
    UsNpi, "us-npi", "us_npi.md", "npi", ["national-id", "personal-data"], digits 10,
    "national provider identifiers of the United States' health care", context::US_NPI,
    ["9999999999", "9999-999-999"], npi
);
identifier!(
    UsPassport, "us-passport", "us_passport.md", "passport", ["national-id", "personal-data"], digits 8,
    "passport numbers of the United States", context::PASSPORT, ["A99999999", "999999999"], passport
);
identifier!(
    UsDriverLicense, "us-driver-license", "us_driver_license.md", "driver-license", ["national-id", "personal-data"],
    digits 3, "driver's license numbers of the United States, where they are called so",
    context::DRIVER_LICENSE,
    [
        "A999-999-99-999-9", "A999-9999-9999-99", "A9999-9999-9999", "A9999-99999-99999", "A999-9999-9999",
        "A99999999999999", "A9999999999999", "A999999999999", "A99-99-9999", "A99999999", "A9999999", "A999999", "A99999",
        "A-999-999-999-999", "A99-999-999", "A999999999", "999999999A", "9999999A", "AA999999", "AAA-99-9999",
        "AAA99999999", "AAAAAAA999AA", "999AA9999", "99-999-9999", "999-99-9999",
        "AA999999A", "AA9999999", "AAA999999", "9999-99-9999", "99-999-999", "999-999-999", "999999999999", "99999999999", "9999999999", "999999999",
        "99999999", "9999999", "99AAA99999", "9AAA99999"
    ], license
);

const STRUCTURE: Grade =
    grade!(("nine digits of a range that is issued", 15); grouped 45, alone 20);
/// One of fifteen numbers of nine digits is in the ranges.
const NARROW: Grade = grade!(("nine digits of a narrow range", 30); grouped 35, alone 20);

/// Codes of other things have letters in several places, too: alone they are none.
static LICENSE: Grade = grade!(("letters and digits in its places", 20); grouped 10, alone 10);

static SSN: Grade = STRUCTURE;
static ITIN: Grade = NARROW;

/// Area, group and serial (Social Security Administration, randomised since 2011).
fn ssn(value: &Value) -> Option<&'static Grade> {
    let (area, group, serial) = (value.number(0..3), value.number(3..5), value.number(5..9));
    // An advertisement's, used by thousands.
    let void = value.number(0..9) == 78_051_120;
    let issued = !matches!(area, 0 | 666 | 900..) && group > 0 && serial > 0;
    (issued && !void && !value.is_one_digit()).then_some(&SSN)
}

/// Begins with 9; the fourth and fifth digit are of these ranges (Internal Revenue Service).
fn itin(value: &Value) -> Option<&'static Grade> {
    let group = value.number(3..5);
    (value.digit(0) == 9 && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)).then_some(&ITIN)
}

/// Begins with 1 or 2; Luhn's check with 80840 before it (ISO's prefix of United States health).
fn npi(value: &Value) -> Option<&'static Grade> {
    let mut all = [8, 0, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (place, digit) in all.iter_mut().skip(5).zip(value.values()) {
        *place = *digit;
    }
    let same = value.part(0..9).iter().all(|digit| u32::from(*digit) == value.digit(0));
    (matches!(value.digit(0), 1 | 2) && luhn(&all) && !same)
        .then_some(&crate::detect::identifier::CHECKED_PLAIN)
}

#[expect(clippy::unnecessary_wraps, reason = "a check may find a value invalid; this one cannot")]
fn passport(value: &Value) -> Option<&'static Grade> {
    Some(if value.letter(0).is_ascii_alphabetic() { &CODE } else { &DIGITS })
}

fn license(value: &Value) -> Option<&'static Grade> {
    if value.is_one_digit() {
        return None;
    }
    let letter = value.letter(0).is_ascii_alphabetic();
    let digits = value.text().iter().skip(1).all(u8::is_ascii_digit);
    Some(match letter && value.text().len() > 8 {
        true if digits => &CODE,
        true => &LICENSE,
        false => &DIGITS,
    })
}
