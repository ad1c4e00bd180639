//! The United Kingdom, and Ireland.

use crate::detect::checksum::weighted;
use crate::detect::context;
use crate::detect::identifier::{
    CHECKED_PLAIN, CODE, CODE_CHECKED, DIGITS, Grade, Value, grade, identifier,
};

identifier!(
    GbNino, "gb-nino", "gb_nino.md", "nino", ["national-id", "personal-data"], digits 6,
    "national insurance numbers of the United Kingdom", context::GB_NINO, ["AA~99~99~99~A"], nino
);
identifier!(
    GbNhs, "gb-nhs", "gb_nhs.md", "nhs", ["national-id", "personal-data"], digits 10,
    "patients' numbers of the British National Health Service", context::GB_NHS, ["999-999-9999"], nhs
);
identifier!(
    GbPassport, "gb-passport", "gb_passport.md", "passport", ["national-id", "personal-data"], digits 7,
    "passport numbers of the United Kingdom", context::PASSPORT, ["AA9999999", "999999999"], passport
);
identifier!(
    IePps, "ie-pps", "ie_pps.md", "pps", ["national-id", "personal-data"], digits 7,
    "personal public service numbers of Ireland", context::IE_PPS, ["9999999-AA", "9999999-A"], pps
);

static NINO: Grade =
    grade!(("two letters that are issued, six digits, A to D", 55); grouped 20, alone 20);

/// The letters that are not issued (HMRC, NIM39110).
fn nino(value: &Value) -> Option<&'static Grade> {
    let (first, second, last) = (value.letter(0), value.letter(1), value.letter(8));
    let prefix = [first, second];
    let void = [*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"];
    let issued =
        !b"DFIQUV".contains(&first) && !b"DFIOQUV".contains(&second) && !void.contains(&prefix);
    (issued && (b'A'..=b'D').contains(&last)).then_some(&NINO)
}

/// Weights 10 to 2; the check digit is what is missing to a multiple of 11.
fn nhs(value: &Value) -> Option<&'static Grade> {
    let sum = weighted(value.values(), &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    (sum.is_multiple_of(11) && !value.is_one_digit()).then_some(&CHECKED_PLAIN)
}

#[expect(clippy::unnecessary_wraps, reason = "a check may find a value invalid; this one cannot")]
fn passport(value: &Value) -> Option<&'static Grade> {
    Some(if value.letter(0).is_ascii_alphabetic() { &CODE } else { &DIGITS })
}

/// Weights 8 to 2, the second letter (A to I, W for 0) weighs 9; the first is the sum by 23.
fn pps(value: &Value) -> Option<&'static Grade> {
    let second = match value.letter(8) {
        0 | b'W' => 0,
        letter @ b'A'..=b'I' => u32::from(letter - b'A') + 1,
        _ => return None,
    };
    let sum = (weighted(value.values(), &[8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23;
    let expected = if sum == 0 { u32::from(b'W') } else { u32::from(b'A') + sum - 1 };
    (u32::from(value.letter(7)) == expected).then_some(&CODE_CHECKED)
}
