//! India.

use crate::detect::checksum::verhoeff;
use crate::detect::context;
use crate::detect::identifier::{CHECKED_PLAIN, CODE, Grade, Value, grade, identifier};

identifier!(
    InAadhaar, "in-aadhaar", "in_aadhaar.md", "aadhaar", ["national-id", "personal-data"], digits 12,
    "Aadhaar numbers of India", context::IN_AADHAAR, ["9999-9999-9999"], aadhaar
);
identifier!(
    InPan, "in-pan", "in_pan.md", "pan", ["national-id", "personal-data"], digits 4,
    "permanent account numbers of India", context::IN_PAN, ["AAAAA9999A"], pan
);
identifier!(
    InPassport, "in-passport", "in_passport.md", "passport", ["national-id", "personal-data"], digits 7,
    "passport numbers of India", context::PASSPORT, ["A99-99999", "A-9999999"], passport
);
identifier!(
    InGstin, "in-gstin", "in_gstin.md", "gstin", ["national-id", "personal-data"], digits 6,
    "goods and services tax numbers of India", context::IN_GSTIN, ["99AAAAA9999AXAX"], gstin
);

static PAN: Grade = grade!(("five letters, of which the fourth tells a kind of holder, four digits, a letter", 60); grouped 0, alone 10);
static GSTIN: Grade =
    grade!(("a state, an account number and Z in its place", 65); grouped 0, alone 10);
static GSTIN_CHECKED: Grade = grade!(
    ("a state, an account number and Z in its place", 65), ("its check character is right", 25);
    grouped 0, alone 10
);

/// Verhoeff's check; 0 and 1 begin none.
fn aadhaar(value: &Value) -> Option<&'static Grade> {
    (value.digit(0) > 1 && verhoeff(value.values())).then_some(&CHECKED_PLAIN)
}

#[expect(clippy::unnecessary_wraps, reason = "a check may find a value invalid; this one cannot")]
fn pan(value: &Value) -> Option<&'static Grade> {
    Some(if is_holder(value.letter(3)) { &PAN } else { &CODE })
}

/// The letters for person, company, family, firm and so on (Income Tax Department).
fn is_holder(letter: u8) -> bool {
    b"ABCEFGHJKLPT".contains(&letter)
}

fn passport(value: &Value) -> Option<&'static Grade> {
    let letter = value.letter(0);
    (value.digit(1) > 0 && !b"QXZ".contains(&letter)).then_some(&CODE)
}

/// State, permanent account number, registration, Z, and a check by 36.
fn gstin(value: &Value) -> Option<&'static Grade> {
    let state = value.number(0..2);
    if !matches!(state, 1..=38 | 97 | 99) || value.letter(13) != b'Z' || value.letter(12) == b'0' {
        return None;
    }
    let sum: u32 = value
        .part(0..14)
        .iter()
        .zip([1, 2].into_iter().cycle())
        .map(|(value, factor)| u32::from(*value) * factor)
        .map(|product| product / 36 + product % 36)
        .sum();
    let valid = (36 - sum % 36) % 36 == value.digit(14);
    Some(if valid { &GSTIN_CHECKED } else { &GSTIN })
}
