//! South Africa.

use crate::detect::checksum::luhn;
use crate::detect::context;
use crate::detect::identifier::{Grade, Value, grade, identifier};

identifier!(
    ZaId, "za-id", "za_id.md", "id", ["national-id", "personal-data"], digits 13,
    "identity numbers of South Africa", context::ZA_ID, ["999999-9999-999", "999999-9999-99-9"], za_id
);

static ID: Grade = grade!(
    ("a date of birth and a citizenship at their places", 35), ("its check digit is right", 20);
    grouped 20, alone 20
);

/// A date of birth, a serial, citizenship, 8 or 9, and Luhn's check.
fn za_id(value: &Value) -> Option<&'static Grade> {
    let born = value.is_date(4, 2, 0);
    let kind = value.digit(10) <= 2 && matches!(value.digit(11), 8 | 9);
    (born && kind && luhn(value.values())).then_some(&ID)
}
