//! Australia.

use crate::detect::checksum::weighted;
use crate::detect::context;
use crate::detect::identifier::{CHECKED, CHECKED_PLAIN, CHECKED_TWICE, Grade, Value, identifier};

identifier!(
    AuTfn, "au-tfn", "au_tfn.md", "tfn", ["national-id", "personal-data"], digits 8,
    "tax file numbers of Australia", context::AU_TFN, ["999-999-999", "99-999-999"], tfn
);
identifier!(
    AuAbn, "au-abn", "au_abn.md", "abn", ["national-id", "personal-data"], digits 11,
    "business numbers of Australia", context::AU_ABN, ["99-999-999-999"], abn
);
identifier!(
    AuAcn, "au-acn", "au_acn.md", "acn", ["national-id", "personal-data"], digits 9,
    "company numbers of Australia", context::AU_ACN, ["999-999-999"], acn
);
identifier!(
    AuMedicare, "au-medicare", "au_medicare.md", "medicare", ["national-id", "personal-data"], digits 10,
    "Medicare card numbers of Australia", context::AU_MEDICARE, ["9999-99999-9-9", "9999-99999-9"], medicare
);

fn tfn(value: &Value) -> Option<&'static Grade> {
    let weights: &[u32] = match value.text().len() {
        9 => &[1, 4, 3, 7, 5, 8, 6, 9, 10],
        _ => &[10, 7, 8, 4, 6, 3, 5, 1],
    };
    let valid = weighted(value.values(), weights).is_multiple_of(11) && !value.is_one_digit();
    valid.then_some(&CHECKED_PLAIN)
}

/// The first digit less one; the remainder by 89 is 0.
fn abn(value: &Value) -> Option<&'static Grade> {
    let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    let sum = weighted(value.values(), &weights);
    (value.digit(0) > 0 && (sum - 10).is_multiple_of(89)).then_some(&CHECKED_TWICE)
}

fn acn(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    (sum.is_multiple_of(10) && !value.is_one_digit()).then_some(&CHECKED_PLAIN)
}

/// The ninth digit checks the eight before it; then the issue, then the person.
fn medicare(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[1, 3, 7, 9, 1, 3, 7, 9]);
    let valid = sum % 10 == value.digit(8) && value.digit(9) > 0;
    (valid && (2..=6).contains(&value.digit(0))).then_some(&CHECKED)
}
