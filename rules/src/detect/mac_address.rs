use std::ops::Range;

use memchr::memchr3_iter;

use super::transcript::Transcribed;
use super::{ANY_ACTION, Detector, Evidence, Hits, NoOptions, Probe, Scan, TextDetector, context};
use crate::policy::{Action, Build};

#[doc = include_str!("mac_address.md")]
pub(crate) struct MacAddress;

impl Detector for MacAddress {
    const NAME: &'static str = "mac-address";
    const SUMMARY: &'static str = "hardware addresses of network devices";
    const PAGE: &'static str = include_str!("mac_address.md");
    const LABEL: &'static str = "mac";
    const GROUPS: &'static [&'static str] = &["device", "network", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Addresses)))
    }
}

const SIX: (&str, i16) = ("six pairs of hexadecimal digits, evenly separated", 80);
const EIGHT: (&str, i16) = ("eight pairs of hexadecimal digits, evenly separated", 70);
const THREE: (&str, i16) = ("three fours of hexadecimal digits between dots", 60);
const DECIMAL: (&str, i16) = ("no letters and no colons, as in dates and numbers of orders", -60);

const PAIRS: Evidence = Evidence::of(&[SIX]);
const LONG: Evidence = Evidence::of(&[EIGHT]);
const FOURS: Evidence = Evidence::of(&[THREE]);
const DECIMAL_PAIRS: Evidence = Evidence::of(&[SIX, DECIMAL]);
const DECIMAL_LONG: Evidence = Evidence::of(&[EIGHT, DECIMAL]);
const DECIMAL_FOURS: Evidence = Evidence::of(&[THREE, DECIMAL]);

struct Addresses;

impl TextDetector for Addresses {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut end = 0;
        for at in memchr3_iter(b':', b'-', b'.', scan.bytes()) {
            let Some(separator) = scan.byte(at) else { break };
            let size = if separator == b'.' { 4 } else { 2 };
            let Some(start) = at.checked_sub(size).filter(|start| *start >= end) else { continue };
            if let Some((range, evidence)) = address(scan, start, size, separator) {
                end = range.end;
                hits.push(range, MacAddress::LABEL, evidence);
            }
        }
    }
}

/// The address of groups of `size` digits that begins at `start`.
fn address(
    scan: &Scan<'_>,
    start: usize,
    size: usize,
    separator: u8,
) -> Option<(Range<usize>, Evidence)> {
    let before = scan.byte_before(start);
    if before == Some(separator) && !scan.is_labelled(start) || scan.is_touched_before(start) {
        return None;
    }
    let most = if size == 4 { 3 } else { 8 };
    let mut at = start;
    let mut groups = 0;
    let mut first = None;
    let mut same = true;
    loop {
        let group = scan.bytes().get(at..at + size)?;
        if !group.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        for byte in group {
            same &= *first.get_or_insert(byte.to_ascii_lowercase()) == byte.to_ascii_lowercase();
        }
        at += size;
        groups += 1;
        if groups == most || scan.byte(at) != Some(separator) {
            break;
        }
        at += 1;
    }
    let further = scan.byte(at) == Some(separator)
        && scan.byte(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    // All zeros is nobody's, all ones is everybody's.
    let void = same && matches!(first, Some(b'0' | b'f'));
    if further || void || scan.is_touched_behind(at) {
        return None;
    }
    let text = scan.bytes().get(start..at)?;
    let is_decimal = separator != b':'
        && !text.iter().any(u8::is_ascii_alphabetic)
        && !scan.speaks_of(context::HARDWARE, &(start..at));
    let evidence = match (size, groups, is_decimal) {
        (2, 6, false) => PAIRS,
        (2, 8, false) => LONG,
        (4, 3, false) => FOURS,
        (2, 6, true) => DECIMAL_PAIRS,
        (2, 8, true) => DECIMAL_LONG,
        (4, 3, true) => DECIMAL_FOURS,
        _ => return None,
    };
    (!counts_up(text, separator)).then_some((start..at, evidence))
}

/// Whether pairs count up, as in a list of numbers: `01-02-03-04-05-06`.
fn counts_up(text: &[u8], separator: u8) -> bool {
    let pair = |group: &[u8]| std::str::from_utf8(group).ok()?.parse::<u32>().ok();
    let mut pairs = text.split(|byte| *byte == separator).map(pair);
    let first = pairs.next().flatten();
    first.is_some_and(|first| (first + 1..).zip(pairs).all(|(next, pair)| pair == Some(next)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn addresses(text: &str) -> Vec<&str> {
        found("mac-address", "{}", text)
    }

    #[test]
    fn keeps_what_is_no_address() {
        for text in [
            "00:1A:2B:3C:4D",
            "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "10:2F:33-AC-29-C3",
            "00:11:22:33:44:55:66",
            "x00:11:22:33:44:55",
            "00:11:22:33:44:555",
            "12:34:56 on 12-11-2020",
            "01-02-03-04-05-06",
            "10-11-12-13-14-15",
            "0255.0256.0257",
            "order 1234.5678.9012",
            "lotto 05-12-23-34-41-49",
            "backup 20-24-05-12-10-30",
            "11-22-33-44-55-66-77-88",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_pairs_and_fours() {
        for text in
            ["00:1A:2b:3C:4d:5E", "00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e", "00-11-22-FF-FE-33-44-55"]
        {
            assert_eq!(addresses(&format!("device={text}.")), [text]);
        }
        for text in ["00:11:22:33:44:55", "00-11-22-33-44-55", "0011.2233.4455"] {
            assert_eq!(addresses(&format!("my MAC is {text}")), [text]);
        }
        assert_eq!(addresses("so 00:11:22:33:44:55 there"), ["00:11:22:33:44:55"]);
    }

    #[test]
    fn finds_an_address_right_behind_its_label() {
        for text in ["::00:1A:2B:3C:4D:5E", "f:00:1A:2B:3C:4D:5E", "-00-1A-2B-3C-4D-5E"] {
            assert!(addresses(text).is_empty(), "{text}");
        }
        for text in ["MAC:00:1A:2B:3C:4D:5E", "bssid:00:1A:2B:3C:4D:5E", "地址00:1A:2B:3C:4D:5E。"]
        {
            assert_eq!(addresses(text), ["00:1A:2B:3C:4D:5E"], "{text}");
        }
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in [":", "-", "00:", "0011.", "00-11-22-33-44-5"] {
            grows_linearly("mac-address", part);
        }
    }
}
