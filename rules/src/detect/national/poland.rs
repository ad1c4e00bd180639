//! Poland.

use crate::detect::checksum::weighted;
use crate::detect::context;
use crate::detect::identifier::{CHECKED_DATE, Grade, Value, identifier, is_date};

identifier!(
    PlPesel, "pl-pesel", "pl_pesel.md", "pesel", ["national-id", "personal-data"], digits 11,
    "PESEL numbers of Poland", context::PL_PESEL, ["99999999999"], pesel
);

/// A date of birth whose month tells the century, a serial, and a check with weights 1, 3, 7, 9.
fn pesel(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    let born = is_date(value.number(4..6), value.number(2..4) % 20, value.number(0..2));
    (born && sum.is_multiple_of(10)).then_some(&CHECKED_DATE)
}
