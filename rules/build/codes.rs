//! What the telephone number library says of the world's country codes, as a table.

use std::collections::BTreeSet;
use std::iter;

/// The longest number behind a country code, in digits: E.164 has 15 in all.
const MOST: usize = 14;

/// The country codes, each with a bit for each length that a number behind it may have, where its
/// first digit is a zero and where it is another, as Rust.
///
/// The library is asked about numbers that begin with any digit, and takes a length only where it
/// takes it for all of them: some begin with a trunk prefix, which is none of the number.
pub(crate) fn source() -> String {
    // North America's countries share one code, and are told by the area codes behind it.
    let code = |prefix: u32| if prefix / 1_000 == 1 { 1 } else { prefix };
    let codes: BTreeSet<u32> =
        phonelib::countries().iter().map(|country| code(country.prefix)).collect();
    let lengths = |code: u32, first: &[char]| {
        let lengths = (1..=MOST).filter(|length| {
            first.iter().all(|first| {
                ('1'..='9').all(|second| {
                    let digits = [*first, second].into_iter().chain(iter::repeat('0'));
                    is_valid(code, &digits.take(*length).collect::<String>())
                })
            })
        });
        lengths.fold(0_u16, |all, length| all | 1 << length)
    };
    let others: Vec<char> = ('1'..='9').collect();
    let codes: Vec<(u32, u16, u16)> = codes
        .into_iter()
        .map(|code| match code {
            // Whatever its length, it has an area code, which no such number has.
            1 => (code, 0, 1 << 10),
            _ => (code, lengths(code, &['0']), lengths(code, &others)),
        })
        .collect();
    format!("static CODES: &[(u16, u16, u16)] = &{codes:?};\n")
}

fn is_valid(code: u32, number: &str) -> bool {
    phonelib::is_valid_phone_number(&format!("+{code}{number}"))
}
