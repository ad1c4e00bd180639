//! The Netherlands and Belgium.

use crate::detect::checksum::weighted;
use crate::detect::context;
use crate::detect::identifier::{
    CHECKED_PLAIN, CHECKED_TWICE_DATE, Grade, Value, identifier, is_date,
};

identifier!(
    NlBsn, "nl-bsn", "nl_bsn.md", "bsn", ["national-id", "personal-data"], digits 9,
    "citizen service numbers of the Netherlands", context::NL_BSN,
    ["9999-99-999", "999-999-999", "999999999"], bsn
);
identifier!(
    BeNationalNumber, "be-national-number", "be_national_number.md", "national-number", ["national-id", "personal-data"],
    digits 11, "national register numbers of Belgium", context::BE_NATIONAL_NUMBER,
    ["99~99~99~999~99", "99~99~99~~~999~99"], national_number
);

/// The eleven test: weights 9 to 2, the last digit taken away.
fn bsn(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[9, 8, 7, 6, 5, 4, 3, 2]);
    let valid = sum > 0 && sum % 11 == value.digit(8) && !value.is_one_digit();
    valid.then_some(&CHECKED_PLAIN)
}

/// A date of birth (months 20 or 40 higher for those whose sex or birth is not registered), a
/// serial, and 97 less the remainder by 97; those born since 2000 have a 2 in front for that.
fn national_number(value: &Value) -> Option<&'static Grade> {
    let (month, day) = (value.number(2..4) % 20, value.number(4..6));
    let number = value.number(0..9);
    let key = value.number(9..11);
    let right = |number: u64| 97 - number % 97 == key;
    let born = is_date(day, month, value.number(0..2)) || (month == 0 && day <= 31);
    (born && (right(number) || right(2_000_000_000 + number))).then_some(&CHECKED_TWICE_DATE)
}
