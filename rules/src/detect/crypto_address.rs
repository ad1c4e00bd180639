use std::ops::Range;

use sha2::{Digest, Sha256};
use sha3::Keccak256;

use super::checksum::{BECH32, bech32_polymod, cash_address_polymod};
use super::scan::Token;
use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, NoOptions, Probe, Scan, TextDetector,
    context,
};
use crate::policy::{Action, Build};

#[doc = include_str!("crypto_address.md")]
pub(crate) struct CryptoAddress;

impl Detector for CryptoAddress {
    const NAME: &'static str = "crypto-address";
    const SUMMARY: &'static str = "addresses of cryptocurrency wallets, with a valid checksum";
    const PAGE: &'static str = include_str!("crypto_address.md");
    const LABEL: &'static str = "wallet";
    const GROUPS: &'static [&'static str] = &["payment", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::LETTER).digits(1);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Addresses)))
    }
}

const CHECKED: Evidence =
    Evidence::of(&[("a currency's prefix and length", 40), ("its checksum is right", 60)]);
const HEXADECIMAL: Evidence = Evidence::of(&[("0x and forty hexadecimal digits", 50)]);
const HEXADECIMAL_NAMED: Evidence =
    Evidence::of(&[("0x and forty hexadecimal digits", 50), ("a word for wallets is near", 30)]);
const WRONG: Evidence =
    Evidence::of(&[("0x and forty hexadecimal digits", 50), ("its capitals are no checksum", -30)]);

/// The first byte of what `Base58Check` encodes.
const VERSIONS: &[u8] = &[
    0x00, 0x05, 0x6f, 0xc4, // Bitcoin, Bitcoin Cash, XRP
    0x30, 0x32, // Litecoin
    0x1e, 0x16, // Dogecoin
    0x4c, 0x10, // Dash
    0x41, // Tron
];

/// What Bech32 addresses begin with.
const PREFIXES: &[&[u8]] = &[
    b"bc",
    b"tb",
    b"ltc",
    b"addr",
    b"stake",
    b"cosmos",
    b"osmo",
    b"terra",
    b"inj",
    b"celestia",
    b"sei",
];

const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
const BECH: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The shortest and the longest address.
const LENGTHS: std::ops::RangeInclusive<usize> = 25..=110;

struct Addresses;

impl TextDetector for Addresses {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        for token in scan.tokens() {
            if LENGTHS.contains(&token.length())
                && let Some(evidence) = address(scan, *token)
                && scan.stands_alone(&token.range())
            {
                let start = token.start - cash_prefix(scan, token.start);
                hits.push(start..token.end, CryptoAddress::LABEL, evidence);
            }
        }
    }
}

fn address(scan: &Scan<'_>, token: Token) -> Option<Evidence> {
    let text = scan.bytes().get(token.range())?;
    let checked = match text.first()? {
        b'0' => return ethereum(scan, text, &token.range()),
        b'r' if base58_check(text, RIPPLE).is_some_and(|version| version == 0) => true,
        _ if text.len() <= 36 => {
            base58_check(text, BITCOIN).is_some_and(|one| VERSIONS.contains(&one))
        }
        b'G' if text.len() == 56 => stellar(text),
        _ => false,
    };
    (checked || bech32(text) || cash_address(text)).then_some(CHECKED)
}

/// EIP-55: the capitals tell the first bits of the hash of the small letters.
fn ethereum(scan: &Scan<'_>, text: &[u8], range: &Range<usize>) -> Option<Evidence> {
    let digits = text.strip_prefix(b"0x").filter(|digits| digits.len() == 40)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let capital = digits.iter().any(u8::is_ascii_uppercase);
    let small = digits.iter().any(u8::is_ascii_lowercase);
    if !(capital && small) {
        let named = scan.speaks_of(context::CRYPTO, range);
        return Some(if named { HEXADECIMAL_NAMED } else { HEXADECIMAL });
    }
    let hash = Keccak256::digest(digits.to_ascii_lowercase());
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let right = digits.iter().zip(nibbles).all(|(digit, nibble)| {
        digit.is_ascii_digit() || digit.is_ascii_uppercase() == (nibble > 7)
    });
    Some(if right { CHECKED } else { WRONG })
}

/// The version byte of a `Base58Check` text of 25 bytes whose checksum is right.
fn base58_check(text: &[u8], alphabet: &[u8; 58]) -> Option<u8> {
    // Least significant byte first.
    let mut number = [0_u8; 25];
    for character in text {
        let value = alphabet.iter().position(|one| one == character)?;
        let mut carry = u32::try_from(value).ok()?;
        for byte in &mut number {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry & 0xff).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            return None;
        }
    }
    number.reverse();
    // A zero byte is written as the first character, and no other way.
    let zero = alphabet.first()?;
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    if text.iter().take_while(|character| *character == zero).count() != zeros {
        return None;
    }
    let (payload, checksum) = number.split_at_checked(21)?;
    let hash = Sha256::digest(Sha256::digest(payload));
    (hash.get(..4) == Some(checksum)).then(|| payload.first().copied()).flatten()
}

/// Bech32 or Bech32m under one of the known prefixes, all in one case.
fn bech32(text: &[u8]) -> bool {
    let mixed = text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase);
    let Some(at) = text.iter().take(9).position(|byte| *byte == b'1').filter(|_| !mixed) else {
        return false;
    };
    let Some((prefix, data)) = text.split_at_checked(at) else { return false };
    let lower = |byte: &u8| byte.to_ascii_lowercase();
    if !PREFIXES.iter().any(|known| known.eq_ignore_ascii_case(prefix)) || data.len() < 8 {
        return false;
    }
    let value = |byte: &u8| BECH.iter().position(|one| *one == lower(byte));
    let Some(values) = data
        .iter()
        .skip(1)
        .map(|byte| value(byte).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<Vec<u8>>>()
    else {
        return false;
    };
    let high = prefix.iter().map(|byte| lower(byte) >> 5);
    let low = prefix.iter().map(|byte| lower(byte) & 31);
    BECH32.contains(&bech32_polymod(high.chain([0]).chain(low).chain(values)))
}

/// What may stand before an address of Bitcoin Cash, and always counts in its checksum.
const CASH: &[u8] = b"bitcoincash";

/// The length of Bitcoin Cash's prefix before `at`, its colon included; 0 without one.
fn cash_prefix(scan: &Scan<'_>, at: usize) -> usize {
    let before = scan.bytes().get(..at).and_then(|before| before.strip_suffix(b":"));
    let tail = before.and_then(|before| before.get(before.len().checked_sub(CASH.len())?..));
    if tail.is_some_and(|tail| tail.eq_ignore_ascii_case(CASH)) { CASH.len() + 1 } else { 0 }
}

/// Bitcoin Cash's `CashAddr` of 20 bytes, all in one case.
fn cash_address(text: &[u8]) -> bool {
    let mixed = text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase);
    if text.len() != 42 || mixed || !matches!(text.first(), Some(b'q' | b'p' | b'Q' | b'P')) {
        return false;
    }
    let value = |byte: &u8| BECH.iter().position(|one| *one == byte.to_ascii_lowercase());
    let values = text.iter().map(|byte| value(byte).and_then(|value| u8::try_from(value).ok()));
    let Some(values) = values.collect::<Option<Vec<u8>>>() else { return false };
    let prefix = CASH.iter().map(|byte| byte & 31).chain([0]);
    cash_address_polymod(prefix.chain(values)) == 0
}

/// Stellar's accounts: base 32, a CRC-16 (XMODEM) in the last two of 35 bytes.
fn stellar(text: &[u8]) -> bool {
    let mut bytes = [0_u8; 35];
    let (mut bits, mut held, mut at) = (0_u32, 0_u32, 0);
    for character in text {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return false,
        };
        held = (held << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            if let (Some(byte), Ok(value)) = (bytes.get_mut(at), u8::try_from(held >> bits & 0xff))
            {
                *byte = value;
            }
            at += 1;
        }
    }
    let Some((payload, checksum)) = bytes.split_at_checked(33) else { return false };
    let crc = payload.iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
        })
    });
    checksum == crc.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn addresses(text: &str) -> Vec<&str> {
        found("crypto-address", "{}", text)
    }

    #[test]
    fn keeps_a_wrong_checksum() {
        for text in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "rf1BiGeXwwQoi8Z2ueFYTEXSwuJYfV2Jpm",
            "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuz",
            "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfyu",
        ] {
            assert!(addresses(&format!("wallet {text}")).is_empty(), "{text}");
        }
    }

    #[test]
    fn keeps_hashes_and_codes() {
        for text in [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "0xda39a3ee5e6b4b0d3255bfef95601890afd8070",
            "x0xda39a3ee5e6b4b0d3255bfef95601890afd80709",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_the_addresses_of_each_currency() {
        for text in [
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
            "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xde709f2102306220921060314715629080e2fb77",
            "rf1BiGeXwwQoi8Z2ueFYTEXSwuJYfV2Jpn",
            "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
            "pqr3zxe99uu5xn2hv94h2lufjww60vdmc5mrcfr8eh",
            "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
            "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
        ] {
            assert_eq!(addresses(&format!("send to {text}, thanks")), [text]);
        }
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["1", "1A", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 ", "bc1q", "0xA0", "a1 "] {
            grows_linearly("crypto-address", part);
        }
    }
}
