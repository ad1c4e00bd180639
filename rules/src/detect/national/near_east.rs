//! Turkey and Israel.

use crate::detect::checksum::luhn;
use crate::detect::context;
use crate::detect::identifier::{CHECKED_PLAIN, CHECKED_TWICE, Grade, Value, identifier};

identifier!(
    TrNationalId, "tr-national-id", "tr_national_id.md", "national-id", ["national-id", "personal-data"],
    digits 11, "identity numbers of Turkey", context::TR_NATIONAL_ID, ["99999999999"], tr_national_id
);
identifier!(
    IlId, "il-id", "il_id.md", "id", ["national-id", "personal-data"], digits 9,
    "identity numbers of Israel", context::IL_ID, ["99999999-9"], il_id
);

/// The tenth digit checks those at odd and even places, the eleventh all.
fn tr_national_id(value: &Value) -> Option<&'static Grade> {
    let at = |places: [usize; 5]| places.iter().map(|place| value.digit(*place)).sum::<u32>();
    let odd = at([0, 2, 4, 6, 8]);
    let even: u32 = [1, 3, 5, 7].iter().map(|place| value.digit(*place)).sum();
    let tenth = (odd * 7 + 100 - even) % 10;
    let eleventh = (odd + even + value.digit(9)) % 10;
    let valid = value.digit(0) > 0 && tenth == value.digit(9) && eleventh == value.digit(10);
    valid.then_some(&CHECKED_TWICE)
}

fn il_id(value: &Value) -> Option<&'static Grade> {
    (value.number(0..9) > 0 && luhn(value.values())).then_some(&CHECKED_PLAIN)
}
