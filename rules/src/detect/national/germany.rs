//! Germany.

use crate::detect::checksum::{mod_11_10, weighted};
use crate::detect::context;
use crate::detect::identifier::{CHECKED, Grade, Value, grade, identifier};

identifier!(
    DeTaxId, "de-tax-id", "de_tax_id.md", "tax-id", ["national-id", "personal-data"], digits 11,
    "tax identification numbers of Germany", context::DE_TAX_ID, ["99-999-999-999"], tax_id
);
identifier!(
    DePassport, "de-passport", "de_passport.md", "passport", ["national-id", "personal-data"], digits 2,
    "passport and identity card numbers of Germany", context::PASSPORT_DE, ["AXXXXXXXX9", "AXXXXXXXX"], passport
);

/// Of the first ten digits one is there twice or three times, the others once at most; ISO 7064's
/// check (Federal Central Tax Office).
fn tax_id(value: &Value) -> Option<&'static Grade> {
    let mut counts = [0_u8; 10];
    for digit in value.part(0..10) {
        *counts.get_mut(usize::from(*digit))? += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count();
    let most = counts.iter().max().copied().unwrap_or(0);
    let valid = value.digit(0) > 0 && repeated == 1 && most <= 3 && mod_11_10(value.values());
    valid.then_some(&CHECKED)
}

static SERIAL: Grade = grade!(("letters and digits in its places", 20); grouped 0, alone 15);
static SERIAL_CHECKED: Grade = grade!(("letters and digits in its places", 20), ("its check digit is right", 20); grouped 0, alone 15);

/// No vowels and none of B, D, Q, S, a first letter of passports (C to K) or identity cards (L to Y);
/// ICAO's check with weights 7, 3, 1, of which the last digit may
/// be the result.
fn passport(value: &Value) -> Option<&'static Grade> {
    let letters = b"CFGHJKLMNPRTVWXYZ";
    let text = value.text();
    let plain = |byte: &u8| byte.is_ascii_digit() || letters.contains(byte);
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    if !b"CFGHJKLMNPRTVWXY".contains(&value.letter(0)) || !text.iter().all(plain) || digits < 2 {
        return None;
    }
    let weights = [7, 3, 1, 7, 3, 1, 7, 3, 1];
    let body = text.len() - 1;
    let sum = weighted(value.part(0..body), &weights);
    let right = value.letter(body).is_ascii_digit() && sum % 10 == value.digit(body);
    match (right, text.len()) {
        (true, _) => Some(&SERIAL_CHECKED),
        (false, 9) => Some(&SERIAL),
        (false, _) => None,
    }
}
