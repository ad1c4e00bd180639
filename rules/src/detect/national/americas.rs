//! Brazil, Mexico, Chile and Argentina.

use crate::detect::checksum::{eleven_less, weighted};
use crate::detect::context;
use crate::detect::identifier::{CHECKED_TWICE, CODE_CHECKED, Grade, Value, grade, identifier};

identifier!(
    BrCpf, "br-cpf", "br_cpf.md", "cpf", ["national-id", "personal-data"], digits 11,
    "taxpayer numbers of Brazil's people", context::BR_CPF, ["999~999~999~99"], cpf
);
identifier!(
    BrCnpj, "br-cnpj", "br_cnpj.md", "cnpj", ["national-id", "personal-data"], digits 2,
    "taxpayer numbers of Brazil's companies", context::BR_CNPJ, ["XX~XXX~XXX~XXXX~99"], cnpj
);
identifier!(
    MxCurp, "mx-curp", "mx_curp.md", "curp", ["national-id", "personal-data"], digits 7,
    "population registry codes of Mexico", context::MX_CURP, ["AAAA999999AAAAAAX9"], curp
);
identifier!(
    ClRut, "cl-rut", "cl_rut.md", "rut", ["national-id", "personal-data"], digits 7,
    "tax and identity numbers of Chile", context::CL_RUT, ["99~999~999~X", "9~999~999~X"], rut
);
identifier!(
    ArCuit, "ar-cuit", "ar_cuit.md", "cuit", ["national-id", "personal-data"], digits 11,
    "tax and labour numbers of Argentina", context::AR_CUIT, ["99-99999999-9", "99~99~999~999~9"], cuit
);

/// Two check digits by 11; one digit eleven times passes, and is none.
fn cpf(value: &Value) -> Option<&'static Grade> {
    let first = weighted(value.values(), &[10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let second = weighted(value.values(), &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let valid = eleven_less(first) == value.digit(9) && eleven_less(second) == value.digit(10);
    (valid && !value.is_one_digit()).then_some(&CHECKED_TWICE)
}

/// The same with other weights; since 2026 letters are issued too, and count as in ASCII less 48.
fn cnpj(value: &Value) -> Option<&'static Grade> {
    let mut values = [0; 14];
    for (place, byte) in values.iter_mut().zip(value.text()) {
        *place = byte - b'0';
    }
    let first = weighted(&values, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let second = weighted(&values, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let valid = eleven_less(first) == value.digit(12) && eleven_less(second) == value.digit(13);
    (valid && !value.is_one_digit()).then_some(&CHECKED_TWICE)
}

/// Initials, a date of birth, sex, state, consonants, and a check by 10.
fn curp(value: &Value) -> Option<&'static Grade> {
    if !b"HMX".contains(&value.letter(10)) || !value.is_date(8, 6, 4) {
        return None;
    }
    // The alphabet has an Ñ between N and O.
    let sum: u32 = value
        .part(0..17)
        .iter()
        .zip((2..=18_u32).rev())
        .map(|(value, weight)| u32::from(*value + u8::from(*value > 23)) * weight)
        .sum();
    ((10 - sum % 10) % 10 == value.digit(17)).then_some(&CODE_CHECKED)
}

static RUT: Grade =
    grade!(("its length", 15), ("its check character is right", 25); grouped 30, alone 15);

/// Weights 2 to 7 from the right; 10 is written as K.
fn rut(value: &Value) -> Option<&'static Grade> {
    let (check, body) = value.values().split_last()?;
    let sum: u32 = body
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].into_iter().cycle())
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    let expected = match 11 - sum % 11 {
        11 => 0,
        10 => u32::from(b'K' - b'A') + 10,
        digit => digit,
    };
    (u32::from(*check) == expected && !value.is_one_digit()).then_some(&RUT)
}

static CUIT: Grade = grade!(("a kind of holder, eight digits", 25), ("its check digit is right", 20); grouped 25, alone 15);

fn cuit(value: &Value) -> Option<&'static Grade> {
    let kind = matches!(value.number(0..2), 20 | 23..=27 | 30 | 33 | 34);
    let sum = weighted(value.values(), &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    let expected = match 11 - sum % 11 {
        11 => 0,
        10 => 9,
        digit => digit,
    };
    (kind && expected == value.digit(10)).then_some(&CUIT)
}
