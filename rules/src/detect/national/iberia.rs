//! Spain and Portugal.

use crate::detect::checksum::{eleven_less, weighted};
use crate::detect::context;
use crate::detect::identifier::{CHECKED_PLAIN, CODE, CODE_CHECKED, Grade, Value, identifier};

identifier!(
    EsNif, "es-nif", "es_nif.md", "nif", ["national-id", "personal-data"], digits 7,
    "tax numbers of Spanish citizens", context::ES_NIF, ["99999999-A", "99~999~999~A", "A-9999999-A", "9999999-A"], nif
);
identifier!(
    EsNie, "es-nie", "es_nie.md", "nie", ["national-id", "personal-data"], digits 7,
    "identity numbers of foreigners in Spain", context::ES_NIE, ["A-9999999-A"], nie
);
identifier!(
    PtNif, "pt-nif", "pt_nif.md", "nif", ["national-id", "personal-data"], digits 9,
    "tax numbers of Portugal", context::PT_NIF, ["999-999-999", "AA999999999"], pt_nif
);

/// The letter for a number by 23.
fn letter(number: u64) -> Option<u8> {
    b"TRWAGMYFPDXBNJZSQVHLCKE".get(usize::try_from(number % 23).ok()?).copied()
}

/// Eight digits and a letter; seven behind K, L or M for those without an identity card. The first
/// zero may be left out, but then many other codes look alike.
fn nif(value: &Value) -> Option<&'static Grade> {
    if value.text().len() == 8 {
        let number = value.number(0..7);
        return (number > 0 && letter(number) == Some(value.letter(7))).then_some(&CODE);
    }
    let number = match value.letter(0) {
        b'K' | b'L' | b'M' => value.number(1..8),
        b'0'..=b'9' => value.number(0..8),
        _ => return None,
    };
    (number > 0 && letter(number) == Some(value.letter(8))).then_some(&CODE_CHECKED)
}

/// X, Y or Z stands for 0, 1 or 2 in front.
fn nie(value: &Value) -> Option<&'static Grade> {
    let first = match value.letter(0) {
        letter @ b'X'..=b'Z' => u64::from(letter - b'X'),
        _ => return None,
    };
    let number = first * 10_000_000 + value.number(1..8);
    (letter(number) == Some(value.letter(8))).then_some(&CODE_CHECKED)
}

fn pt_nif(value: &Value) -> Option<&'static Grade> {
    let digits = match value.text() {
        [b'P', b'T', ..] => value.part(2..11),
        [b'A'..=b'Z', ..] => return None,
        _ => value.values(),
    };
    let digit = |at: usize| digits.get(at).copied().map_or(0, u32::from);
    let kind = matches!(digit(0), 1 | 2 | 3 | 5 | 6 | 8 | 9)
        || matches!(digit(0) * 10 + digit(1), 45 | 70..=79);
    let sum = weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
    (kind && eleven_less(sum) == digit(8) && !value.is_one_digit()).then_some(&CHECKED_PLAIN)
}
