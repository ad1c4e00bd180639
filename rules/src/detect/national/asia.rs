//! Korea, Japan, China, Taiwan, Thailand and Singapore.

use crate::detect::checksum::{eleven_less, weighted};
use crate::detect::context;
use crate::detect::identifier::{
    CHECKED, CHECKED_PLAIN, CODE, CODE_CHECKED, Grade, Value, grade, identifier,
};

identifier!(
    KrRrn, "kr-rrn", "kr_rrn.md", "rrn", ["national-id", "personal-data"], digits 13,
    "resident registration numbers of Korea", context::KR_RRN, ["999999-9999999", "999999~~~9999999"], rrn
);
identifier!(
    JpMyNumber, "jp-my-number", "jp_my_number.md", "my-number", ["national-id", "personal-data"], digits 12,
    "individual numbers of Japan", context::JP_MY_NUMBER, ["9999-9999-9999"], my_number
);
identifier!(
    CnResidentId, "cn-resident-id", "cn_resident_id.md", "resident-id", ["national-id", "personal-data"],
    digits 17, "resident identity numbers of China", context::CN_RESIDENT_ID,
    ["999999-99999999-999X"], resident_id
);
identifier!(
    TwNationalId, "tw-national-id", "tw_national_id.md", "national-id", ["national-id", "personal-data"],
    digits 9, "identity numbers of Taiwan", context::TW_NATIONAL_ID, ["A-999999999"], tw_national_id
);
identifier!(
    ThNationalId, "th-national-id", "th_national_id.md", "national-id", ["national-id", "personal-data"],
    digits 13, "identity numbers of Thailand", context::TH_NATIONAL_ID,
    ["9-9999-99999-99-9"], th_national_id
);
identifier!(
    SgNric, "sg-nric", "sg_nric.md", "nric", ["national-id", "personal-data"], digits 7,
    "identity numbers of Singapore", context::SG_NRIC, ["A9999999A"], nric
);

static RRN: Grade =
    grade!(("a date of birth and a digit for sex and century", 35); grouped 25, alone 15);
static RRN_CHECKED: Grade = grade!(
    ("a date of birth and a digit for sex and century", 35), ("its check digit is right", 20);
    grouped 25, alone 15
);

/// A date of birth, 1 to 4 for sex and century; the check digit has not been kept since 2020.
fn rrn(value: &Value) -> Option<&'static Grade> {
    let born = value.is_date(4, 2, 0) && (1..=4).contains(&value.digit(6));
    let sum = weighted(value.values(), &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    let right = (11 - sum % 11) % 10 == value.digit(12);
    born.then_some(if right { &RRN_CHECKED } else { &RRN })
}

fn my_number(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    (eleven_less(sum) == value.digit(11) && !value.is_one_digit()).then_some(&CHECKED_PLAIN)
}

static RESIDENT: Grade = grade!(
    ("a region and a date of birth at their places", 40), ("its check character is right", 30);
    grouped 10, alone 10
);

/// Region, date of birth, serial and ISO 7064's MOD 11-2 (GB 11643).
fn resident_id(value: &Value) -> Option<&'static Grade> {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum = weighted(value.values(), &weights);
    let expected = b"10X98765432".get(usize::try_from(sum % 11).ok()?)?;
    let born = matches!(value.number(6..8), 18..=20) && value.is_date(12, 10, 8);
    let region = matches!(value.digit(0), 1..=6 | 8);
    (region && born && value.letter(17) == *expected).then_some(&RESIDENT)
}

/// A letter for the county, 1 or 2 for sex (8 or 9 for residents from abroad), and a check by 10.
fn tw_national_id(value: &Value) -> Option<&'static Grade> {
    const COUNTIES: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let county = COUNTIES.iter().position(|letter| *letter == value.letter(0))?;
    let county = u32::try_from(county).ok()? + 10;
    let sum =
        county / 10 + county % 10 * 9 + weighted(value.part(1..10), &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    (matches!(value.digit(1), 1 | 2 | 8 | 9) && sum.is_multiple_of(10)).then_some(&CODE_CHECKED)
}

/// A kind of person, a province (ISO 3166-2:TH), serials and a check by 11.
fn th_national_id(value: &Value) -> Option<&'static Grade> {
    let province = matches!(
        value.number(1..3),
        10..=27 | 30..=49 | 50..=58 | 60..=67 | 70..=77 | 80..=86 | 90..=96
    );
    let sum = weighted(value.values(), &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let right = (11 - sum % 11) % 10 == value.digit(12);
    (matches!(value.digit(0), 1..=8) && province && right).then_some(&CHECKED)
}

/// A letter for kind and century, seven digits, and a letter for the weighted sum by 11.
fn nric(value: &Value) -> Option<&'static Grade> {
    let (shift, letters) = match value.letter(0) {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return None,
    };
    let sum = weighted(value.part(1..8), &[2, 7, 6, 5, 4, 3, 2]) + shift;
    let expected = letters.get(usize::try_from(sum % 11).ok()?)?;
    Some(if value.letter(8) == *expected { &CODE_CHECKED } else { &CODE })
}
