use super::checksum::weighted;
use super::context;
use super::identifier::{CHECKED_PLAIN, Grade, Value, identifier};

identifier!(
    UsRoutingNumber, "us-routing-number", "us_routing_number.md", "routing-number", ["payment"], digits 9,
    "routing numbers of banks in the United States", context::ROUTING,
    ["999999999", "9999-9999-9"], routing_number
);

/// A Federal Reserve district, then the check with weights 3, 7, 1 (American Bankers Association).
fn routing_number(value: &Value) -> Option<&'static Grade> {
    let district = matches!(value.number(0..2), 0..=12 | 21..=32 | 61..=72 | 80);
    let sum = weighted(value.values(), &[3, 7, 1, 3, 7, 1, 3, 7, 1]);
    (district && sum > 0 && sum.is_multiple_of(10) && !value.is_one_digit())
        .then_some(&CHECKED_PLAIN)
}
