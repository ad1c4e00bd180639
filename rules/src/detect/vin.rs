use super::context;
use super::identifier::{Grade, Value, grade, identifier};

identifier!(
    Vin, "vin", "vin.md", "vin", ["device", "personal-data"], digits 4,
    "identification numbers of vehicles", context::VEHICLE, ["XXXXXXXXXXXXX9999"], vin
);

static CHECKED: Grade = grade!(
    ("seventeen letters and digits, none of I, O and Q", 25), ("its check character is right", 40);
    grouped 0, alone 10
);
static UNCHECKED: Grade =
    grade!(("seventeen letters and digits, none of I, O and Q", 25); grouped 0, alone 25);

/// ISO 3779; the check character at the ninth place is North America's and China's rule alone.
fn vin(value: &Value) -> Option<&'static Grade> {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let text = value.text();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    // No region has a zero.
    if letters < 2 || value.letter(0) == b'0' || text.iter().any(|byte| b"IOQ".contains(byte)) {
        return None;
    }
    let sum: u32 = text.iter().zip(WEIGHTS).map(|(byte, weight)| worth(*byte) * weight).sum();
    let expected = match sum % 11 {
        10 => u32::from(b'X'),
        digit => u32::from(b'0') + digit,
    };
    Some(if u32::from(value.letter(8)) == expected { &CHECKED } else { &UNCHECKED })
}

/// What a character counts in the check.
fn worth(byte: u8) -> u32 {
    u32::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'R' => byte - b'J' + 1,
        b'S'..=b'Z' => byte - b'S' + 2,
        _ => 0,
    })
}
