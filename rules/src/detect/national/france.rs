//! France.

use crate::detect::context;
use crate::detect::identifier::{CHECKED, CHECKED_TWICE_DATE, Grade, Value, identifier};

identifier!(
    FrNir, "fr-nir", "fr_nir.md", "nir", ["national-id", "personal-data"], digits 14,
    "social security numbers of France", context::FR_NIR,
    ["9-99-99-9X-999-999-99", "9-99-99-9X-999-999~99", "9-99-99-9X-999-999K99"], nir
);

/// Sex, year, month, department, commune, order, and 97 less the remainder by 97. Corsica's 2A and
/// 2B count as 19 and 18.
fn nir(value: &Value) -> Option<&'static Grade> {
    let department = match (value.letter(5), value.letter(6)) {
        (b'2', b'A') => 19,
        (b'2', b'B') => 18,
        (_, b'0'..=b'9') => value.number(5..7),
        _ => return None,
    };
    let month = value.number(3..5);
    if !matches!(value.digit(0), 1..=4 | 7 | 8)
        || !matches!(month, 1..=12 | 20..=42 | 50..=99)
        || department == 0
    {
        return None;
    }
    let number = (value.number(0..5) * 100 + department) * 1_000_000 + value.number(7..13);
    // Other first digits are those of people whose registration is not complete.
    let grade = if matches!(value.digit(0), 1 | 2) { &CHECKED_TWICE_DATE } else { &CHECKED };
    (97 - number % 97 == value.number(13..15)).then_some(grade)
}
