//! Check digits: the arithmetic that tells a number from one that only looks like it.
//!
//! All functions take the values of the characters, check digit last unless they say otherwise.

/// Luhn's sum (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(*digit);
            match (at % 2 == 1, digit) {
                (false, _) => digit,
                (true, 0..5) => digit * 2,
                (true, _) => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The sum of each value times its weight; values behind the last weight do not count.
pub(crate) fn weighted(values: &[u8], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| u32::from(*value) * weight).sum()
}

/// The remainder by 97 of a number written in digits and letters, A standing for 10 (ISO 7064
/// MOD 97-10); `None` where there is another character.
pub(crate) fn remainder_97(characters: impl Iterator<Item = u8>) -> Option<u32> {
    characters.into_iter().try_fold(0, |remainder, character| {
        let value = u32::from(base_36(character)?);
        Some(if value < 10 { remainder * 10 + value } else { remainder * 100 + value } % 97)
    })
}

/// What a digit or a letter stands for in base 36.
pub(crate) fn base_36(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'z' => Some(character - b'a' + 10),
        b'A'..=b'Z' => Some(character - b'A' + 10),
        _ => None,
    }
}

/// The remainder of a `CashAddr` over its five-bit values, check included (Bitcoin Cash,
/// specification `cashaddr`): 0 where it is right.
pub(crate) fn cash_address_polymod(values: impl Iterator<Item = u8>) -> u64 {
    const GENERATOR: [u64; 5] =
        [0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470];
    let remainder = values.fold(1_u64, |remainder, value| {
        let top = remainder >> 35;
        let shifted = (remainder & 0x07_ffff_ffff) << 5 ^ u64::from(value);
        GENERATOR.iter().enumerate().fold(shifted, |remainder, (bit, generator)| {
            if top >> bit & 1 == 1 { remainder ^ generator } else { remainder }
        })
    });
    remainder ^ 1
}

/// Verhoeff's check: the dihedral group of order ten.
pub(crate) fn verhoeff(digits: &[u8]) -> bool {
    /// What the permutation makes of a digit at each of eight positions.
    const PERMUTED: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let product = digits.iter().rev().enumerate().try_fold(0, |product, (at, digit)| {
        let row = PERMUTED.get(at % 8)?;
        Some(dihedral(product, *row.get(usize::from(*digit))?))
    });
    product == Some(0)
}

/// The product of two elements of the dihedral group of order ten: 0–4 turn a pentagon, 5–9 turn
/// and flip it.
fn dihedral(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left + 5 - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    }
}

/// The check digit that a remainder by 11 of a weighted sum stands for where 10 is written as 0.
pub(crate) fn eleven_less(sum: u32) -> u32 {
    match 11 - sum % 11 {
        10 | 11 => 0,
        digit => digit,
    }
}

/// ISO 7064 MOD 11,10.
pub(crate) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, digit| {
        let sum = match (u32::from(*digit) + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10 == u32::from(*check)
}

/// The constants that Bech32 (BIP 173) and Bech32m (BIP 350) end in.
pub(crate) const BECH32: [u32; 2] = [1, 0x2bc8_30a3];

/// The checksum register of Bech32 over five-bit values (BIP 173).
pub(crate) fn bech32_polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |register: u32, value| {
        let top = register >> 25;
        let shifted = ((register & 0x01ff_ffff) << 5) ^ u32::from(value);
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| (top >> bit) & 1 == 1)
            .fold(shifted, |register, (_, generator)| register ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    /// How many of the ten last digits pass.
    fn passing(body: &str, check: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        (0..10).filter(|last| check(&[digits(body), vec![*last]].concat())).collect()
    }

    #[test]
    fn one_digit_alone_completes_a_number() {
        assert_eq!(passing("411111111111111", luhn), [1]);
        assert_eq!(passing("39987654321", verhoeff), [1]);
        assert_eq!(passing("8609574271", mod_11_10), [9]);
    }

    #[test]
    fn verhoeff_sees_two_digits_swapped() {
        assert!(verhoeff(&digits("2363")));
        assert!(!verhoeff(&digits("2633")));
    }

    #[test]
    fn letters_stand_for_two_digits() {
        assert_eq!(remainder_97("WEST12345698765432GB82".bytes()), Some(1));
        assert_eq!(remainder_97("west12345698765432gb82".bytes()), Some(1));
        assert_eq!(remainder_97("1 2".bytes()), None);
    }
}
