//! Canada.

use crate::detect::checksum::luhn;
use crate::detect::context;
use crate::detect::identifier::{CHECKED_PLAIN, Grade, Value, identifier};

identifier!(
    CaSin, "ca-sin", "ca_sin.md", "sin", ["national-id", "personal-data"], digits 9,
    "social insurance numbers of Canada", context::CA_SIN, ["999-999-999"], sin
);

/// Luhn's check; 0 and 8 begin no person's number.
fn sin(value: &Value) -> Option<&'static Grade> {
    (!matches!(value.digit(0), 0 | 8) && luhn(value.values())).then_some(&CHECKED_PLAIN)
}
