use super::checksum::luhn;
use super::context;
use super::identifier::{CHECKED, Grade, Value, identifier};

identifier!(
    Imei, "imei", "imei.md", "imei", ["device", "personal-data"], digits 15,
    "equipment numbers of mobile phones", context::DEVICE,
    ["99-999999-999999-9", "999999-99-999999-9"], imei
);

/// A body that reports to the GSMA in the first two digits (TS.06), and Luhn's check.
fn imei(value: &Value) -> Option<&'static Grade> {
    let reporter =
        matches!(value.number(0..2), 1 | 10 | 30 | 33 | 35 | 44 | 45 | 49..=54 | 86 | 91 | 98 | 99);
    (reporter && luhn(value.values())).then_some(&CHECKED)
}
