use std::ops::Range;

use super::checksum::remainder_97;
use super::transcript::Transcribed;
use super::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, NoOptions, Probe, Scan, TextDetector,
};
use crate::policy::{Action, Build};

#[doc = include_str!("iban.md")]
pub(crate) struct Iban;

impl Detector for Iban {
    const NAME: &'static str = "iban";
    const SUMMARY: &'static str = "international bank account numbers, with valid check digits";
    const PAGE: &'static str = include_str!("iban.md");
    const LABEL: &'static str = "iban";
    const GROUPS: &'static [&'static str] = &["payment", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::LETTER).digits(4);
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Ibans)))
    }
}

/// Two check digits and a length: one in some thousands of random codes passes.
const VALID: Evidence =
    Evidence::of(&[("a country's code and length", 40), ("the check digits are right", 60)]);

/// Lengths by country (SWIFT's IBAN registry, and the countries that use one without being in it),
/// sorted.
const LENGTHS: &[([u8; 2], usize)] = &[
    (*b"AD", 24),
    (*b"AE", 23),
    (*b"AL", 28),
    (*b"AO", 25),
    (*b"AT", 20),
    (*b"AZ", 28),
    (*b"BA", 20),
    (*b"BE", 16),
    (*b"BF", 28),
    (*b"BG", 22),
    (*b"BH", 22),
    (*b"BI", 27),
    (*b"BJ", 28),
    (*b"BR", 29),
    (*b"BY", 28),
    (*b"CF", 27),
    (*b"CG", 27),
    (*b"CH", 21),
    (*b"CI", 28),
    (*b"CM", 27),
    (*b"CR", 22),
    (*b"CV", 25),
    (*b"CY", 28),
    (*b"CZ", 24),
    (*b"DE", 22),
    (*b"DJ", 27),
    (*b"DK", 18),
    (*b"DO", 28),
    (*b"DZ", 26),
    (*b"EE", 20),
    (*b"EG", 29),
    (*b"ES", 24),
    (*b"FI", 18),
    (*b"FK", 18),
    (*b"FO", 18),
    (*b"FR", 27),
    (*b"GA", 27),
    (*b"GB", 22),
    (*b"GE", 22),
    (*b"GI", 23),
    (*b"GL", 18),
    (*b"GQ", 27),
    (*b"GR", 27),
    (*b"GT", 28),
    (*b"GW", 25),
    (*b"HN", 28),
    (*b"HR", 21),
    (*b"HU", 28),
    (*b"IE", 22),
    (*b"IL", 23),
    (*b"IQ", 23),
    (*b"IR", 26),
    (*b"IS", 26),
    (*b"IT", 27),
    (*b"JO", 30),
    (*b"KM", 27),
    (*b"KW", 30),
    (*b"KZ", 20),
    (*b"LB", 28),
    (*b"LC", 32),
    (*b"LI", 21),
    (*b"LT", 20),
    (*b"LU", 20),
    (*b"LV", 21),
    (*b"LY", 25),
    (*b"MA", 28),
    (*b"MC", 27),
    (*b"MD", 24),
    (*b"ME", 22),
    (*b"MG", 27),
    (*b"MK", 19),
    (*b"ML", 28),
    (*b"MN", 20),
    (*b"MR", 27),
    (*b"MT", 31),
    (*b"MU", 30),
    (*b"MZ", 25),
    (*b"NE", 28),
    (*b"NI", 28),
    (*b"NL", 18),
    (*b"NO", 15),
    (*b"OM", 23),
    (*b"PK", 24),
    (*b"PL", 28),
    (*b"PS", 29),
    (*b"PT", 25),
    (*b"QA", 29),
    (*b"RO", 24),
    (*b"RS", 22),
    (*b"RU", 33),
    (*b"SA", 24),
    (*b"SC", 31),
    (*b"SD", 18),
    (*b"SE", 24),
    (*b"SI", 19),
    (*b"SK", 24),
    (*b"SM", 27),
    (*b"SN", 28),
    (*b"SO", 23),
    (*b"ST", 25),
    (*b"SV", 28),
    (*b"TD", 27),
    (*b"TG", 28),
    (*b"TL", 23),
    (*b"TN", 24),
    (*b"TR", 26),
    (*b"UA", 29),
    (*b"VA", 22),
    (*b"VG", 24),
    (*b"XK", 20),
    (*b"YE", 30),
];

struct Ibans;

impl TextDetector for Ibans {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut end = 0;
        for token in scan.tokens() {
            if token.start < end || token.digits < 2 && token.length() != 2 {
                continue;
            }
            if let Some(range) = iban(scan, token.start) {
                end = range.end;
                hits.push(range, Iban::LABEL, VALID);
            }
        }
    }
}

/// The account number that begins at `start`. At most 34 characters and their separators are read.
fn iban(scan: &Scan<'_>, start: usize) -> Option<Range<usize>> {
    let country =
        [scan.byte(start)?.to_ascii_uppercase(), scan.byte(start + 1)?.to_ascii_uppercase()];
    let at = LENGTHS.binary_search_by_key(&country, |(country, _)| *country).ok()?;
    let (_, length) = LENGTHS.get(at)?;
    let mut characters = [0; 34];
    let mut at = start;
    let mut separator = None;
    for (index, place) in characters.iter_mut().take(*length).enumerate() {
        let mut byte = scan.byte(at)?;
        if matches!(byte, b' ' | b'-' | b'.') && index >= 2 {
            if *separator.get_or_insert(byte) != byte {
                return None;
            }
            at += 1;
            // Typed by hand, a space may be there twice.
            if byte == b' ' && scan.byte(at) == Some(b' ') {
                at += 1;
            }
            byte = scan.byte(at)?;
        }
        if !byte.is_ascii_alphanumeric() || ((2..4).contains(&index) && !byte.is_ascii_digit()) {
            return None;
        }
        *place = byte;
        at += 1;
    }
    let characters = characters.get(..*length)?;
    let (head, body) = characters.split_at_checked(4)?;
    let valid = remainder_97(body.iter().chain(head).copied()) == Some(1);
    (valid && scan.stands_alone(&(start..at))).then_some(start..at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};
    use super::LENGTHS;

    fn ibans(text: &str) -> Vec<&str> {
        found("iban", "{}", text)
    }

    #[test]
    fn the_countries_are_sorted() {
        assert!(LENGTHS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn keeps_wrong_digits_lengths_and_countries() {
        for text in [
            "GB82WEST12345698765431",
            "GB82WEST1234569876543",
            "GB82WEST123456987654321",
            "XX82WEST12345698765432",
            "xGB82WEST12345698765432",
            "GBA2WEST12345698765432",
        ] {
            assert!(ibans(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_compact_and_grouped_numbers_in_any_case() {
        for text in [
            "GB82WEST12345698765432",
            "gb82west12345698765432",
            "GB82 WEST 1234 5698 7654 32",
            "GB82-WEST-1234-5698-7654-32",
            "DE89 3704 0044 0532 0130 00",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "FR14 2004 1010 0505 0001 3M02 606",
            "GB 82 WEST 1234 5698 7654 32",
            "ＧＢ82WEST12345698765432",
            "DE89  3704  0044  0532  0130  00",
        ] {
            assert_eq!(ibans(text), [text]);
        }
    }

    #[test]
    fn what_follows_is_not_part_of_it() {
        assert_eq!(ibans("IBAN DE89370400440532013000, BIC COBADEFF"), ["DE89370400440532013000"]);
        assert_eq!(ibans("DE89 3704 0044 0532 0130 00 by 5 pm"), ["DE89 3704 0044 0532 0130 00"]);
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["GB82", "GB82 WEST 1234 ", "gb8 "] {
            grows_linearly("iban", part);
        }
    }
}
