//! Italy.

use crate::detect::checksum::luhn;
use crate::detect::context;
use crate::detect::identifier::{CHECKED, Grade, Value, grade, identifier};

identifier!(
    ItFiscalCode, "it-fiscal-code", "it_fiscal_code.md", "fiscal-code", ["national-id", "personal-data"], digits 2,
    "fiscal codes of Italy", context::IT_FISCAL_CODE, ["AAAAAAXXAXXAXXXA"], fiscal_code
);
identifier!(
    ItVat, "it-vat", "it_vat.md", "vat", ["national-id", "personal-data"], digits 11,
    "VAT numbers of Italy", context::IT_VAT, ["AA99999999999", "AA-99999999999", "99999999999"], vat
);

static CODE: Grade =
    grade!(("names, a date and a place in their places", 60); grouped 10, alone 10);
static CODE_CHECKED: Grade = grade!(
    ("names, a date and a place in their places", 60), ("its check character is right", 30);
    grouped 10, alone 10
);

/// What a digit, or the letter of the same number, counts at an odd place (Ministry of Finance,
/// 1976). Ten and more are letters that stand for no digit.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// The letters that take a digit's place where two people would have the same code.
const DIGITS: &[u8; 10] = b"LMNPQRSTUV";

/// Three letters of the surname, three of the name, year, month, day, place, check.
fn fiscal_code(value: &Value) -> Option<&'static Grade> {
    let digit = |at: usize| {
        let letter = value.letter(at);
        if letter.is_ascii_digit() {
            Some(usize::from(letter - b'0'))
        } else {
            DIGITS.iter().position(|one| *one == letter)
        }
    };
    for at in [6, 7, 9, 10, 12, 13, 14] {
        digit(at)?;
    }
    let day = digit(9)? * 10 + digit(10)?;
    if !b"ABCDEHLMPRST".contains(&value.letter(8)) || !matches!(day, 1..=31 | 41..=71) {
        return None;
    }
    let sum: u32 = value
        .part(0..15)
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let number = if *value < 10 { *value } else { *value - 10 };
            if at % 2 == 0 {
                ODD.get(usize::from(number)).copied().unwrap_or(0)
            } else {
                u32::from(number)
            }
        })
        .sum();
    let valid = u32::from(value.letter(15)) == u32::from(b'A') + sum % 26;
    Some(if valid { &CODE_CHECKED } else { &CODE })
}

static VAT_PREFIXED: Grade =
    grade!(("IT before eleven digits", 40), ("its check digit is right", 30); grouped 0, alone 10);

/// Luhn's check; the office in the last three digits but one is 1 to 121, or a few more.
fn vat(value: &Value) -> Option<&'static Grade> {
    let prefixed = value.text().len() == 13;
    let digits = value.part(if prefixed { 2..13 } else { 0..11 });
    let start = usize::from(prefixed) * 2;
    let office = value.number(start + 7..start + 10);
    let valid = luhn(digits)
        && value.number(start..start + 7) > 0
        && matches!(office, 1..=100 | 120 | 121 | 888 | 999);
    if prefixed && value.text().get(..2) != Some(b"IT") {
        return None;
    }
    valid.then_some(if prefixed { &VAT_PREFIXED } else { &CHECKED })
}
