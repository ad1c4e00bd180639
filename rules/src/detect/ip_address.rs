use std::net::Ipv6Addr;
use std::ops::Range;

use super::transcript::Transcribed;
use super::{ANY_ACTION, Detector, Evidence, Hits, NoOptions, Probe, Scan, TextDetector, context};
use crate::policy::{Action, Build};
use memchr::memchr_iter;

#[doc = include_str!("ip_address.md")]
pub(crate) struct IpAddress;

impl Detector for IpAddress {
    const NAME: &'static str = "ip-address";
    const SUMMARY: &'static str = "internet addresses, of version 4 and 6";
    const PAGE: &'static str = include_str!("ip_address.md");
    const LABEL: &'static str = "ip";
    const GROUPS: &'static [&'static str] = &["network", "personal-data"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = NoOptions;

    fn build(_: NoOptions, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(Transcribed(Addresses)))
    }
}

const DOTTED: (&str, i16) = ("four numbers of 0 to 255 between dots", 70);
const COLONS: (&str, i16) = ("groups of hexadecimal digits between colons", 80);
const SHORT: (&str, i16) = ("so short or without digits that it may be program text", -50);
const NAMED: (&str, i16) = ("a word for addresses is near", 30);
const PREFIX: (&str, i16) = ("a network prefix follows", 30);
const VERSION: (&str, i16) = ("called a version or a section", -60);

const V4: Evidence = Evidence::of(&[DOTTED]);
const V4_VERSION: Evidence = Evidence::of(&[DOTTED, VERSION]);
const V6: Evidence = Evidence::of(&[COLONS]);
const V6_SHORT: Evidence = Evidence::of(&[COLONS, SHORT]);
const V6_SHORT_NAMED: Evidence = Evidence::of(&[COLONS, SHORT, NAMED]);
const V6_SHORT_PREFIX: Evidence = Evidence::of(&[COLONS, SHORT, PREFIX]);

/// The longest text of an address: eight groups, the last two of them as version 4.
const LONGEST: usize = 45;
/// The longest text of a time that has a colon too many.
const LONGEST_TIME: usize = "10::20".len();

struct Addresses;

impl TextDetector for Addresses {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut end = 0;
        for colon in memchr_iter(b':', scan.bytes()) {
            // The next byte decides without more reading whether it can be one.
            if colon >= end
                && let Some((range, evidence)) = version_6(scan, colon)
            {
                end = range.end;
                hits.push(range, IpAddress::LABEL, evidence);
            }
        }
        version_4(scan, hits);
    }
}

/// The address whose first colon is at `colon`.
fn version_6(scan: &Scan<'_>, colon: usize) -> Option<(Range<usize>, Evidence)> {
    let bytes = scan.bytes();
    let next = scan.byte(colon + 1)?;
    if next != b':' && !next.is_ascii_hexdigit() {
        return None;
    }
    let before = bytes.get(colon.saturating_sub(5)..colon)?;
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits > 4 || (digits == 0 && next != b':') {
        return None;
    }
    let start = colon - digits;
    if scan.byte_before(start).is_some_and(|byte| matches!(byte, b':' | b'.'))
        && !scan.is_labelled(start)
        || scan.is_touched_before(start)
    {
        return None;
    }
    let most = bytes.get(start..bytes.len().min(start + LONGEST + 1))?;
    let is_part = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let mut length = most.iter().take_while(is_part).count();
    memchr_iter(b':', most.get(..length)?).nth(1)?;
    // A full stop or a colon may end the sentence, and a colon lead to what the address is about.
    while let Some((last, rest)) = most.get(..length)?.split_last() {
        if *last == b'.' || (*last == b':' && rest.last() != Some(&b':')) {
            length -= 1;
        } else {
            break;
        }
    }
    let text = scan.text().get(start..start + length)?;
    let address: Ipv6Addr = text.parse().ok()?;
    let mut end = start + length;
    let behind = scan.behind(end);
    // A path in code or a rule of a grammar: `f32::<T>`, `Name ::= …`.
    let is_code = text.ends_with("::")
        && (matches!(behind, Some('&' | '='))
            || behind == Some('<') && scan.byte(end + 1) != Some(b'/'));
    let goes_on = behind == Some(':')
        && (text.ends_with("::") || scan.byte(end + 1).is_some_and(|byte| !b" \n".contains(&byte)));
    if scan.is_touched_behind(end) || goes_on || is_code {
        return None;
    }
    if behind == Some('%') {
        end += zone(scan, end);
    }
    let hexadecimal = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let range = start..end;
    let words = !text.bytes().any(|byte| byte.is_ascii_digit());
    // A time: `10::20`.
    let time = text.len() <= LONGEST_TIME && !text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if words || (hexadecimal < 3 || time) && !address.is_loopback() {
        let evidence = if has_prefix(scan, end) {
            V6_SHORT_PREFIX
        } else if scan.speaks_of(context::ADDRESS, &range) {
            V6_SHORT_NAMED
        } else {
            V6_SHORT
        };
        return Some((range, evidence));
    }
    Some((range, V6))
}

/// The length of a zone id behind an address (RFC 4007), its sign included; 0 without one.
fn zone(scan: &Scan<'_>, at: usize) -> usize {
    let rest = scan.bytes().get(at + 1..).unwrap_or_default();
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let length = rest.iter().take(32).take_while(is_part).count();
    let zone = rest.get(..length).unwrap_or_default();
    let trimmed = zone.iter().rev().take_while(|byte| **byte == b'.').count();
    if length > trimmed { 1 + length - trimmed } else { 0 }
}

fn has_prefix(scan: &Scan<'_>, at: usize) -> bool {
    scan.byte(at) == Some(b'/') && scan.byte(at + 1).is_some_and(|byte| byte.is_ascii_digit())
}

fn version_4(scan: &Scan<'_>, hits: &mut Hits) {
    let mut end = 0;
    // Where the last version ended.
    let mut listed = None;
    for run in scan.digit_runs() {
        if run.start < end || scan.byte(run.end) != Some(b'.') {
            continue;
        }
        let Some(range) = octets(scan, run.start) else { continue };
        end = range.end;
        let version = scan.is_called(context::VERSION, &range)
            || is_suffix(scan, &range)
            || is_suffixed(scan, &range)
            || listed.is_some_and(|listed| goes_on(scan, listed, range.start));
        listed = version.then_some(end);
        hits.push(range, IpAddress::LABEL, if version { V4_VERSION } else { V4 });
    }
}

/// Whether it is written as versions are: `nginx/1.18.0.1`, `1.2.3.4-beta`.
fn is_suffixed(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    const STAGES: &[&[u8]] = &[b"alpha", b"beta", b"rc", b"snapshot", b"dev", b"pre", b"release"];
    let stage = scan.bytes().get(range.end..).and_then(|rest| rest.strip_prefix(b"-"));
    let staged = stage.is_some_and(|stage| {
        let is =
            |one: &&[u8]| stage.get(..one.len()).is_some_and(|it| it.eq_ignore_ascii_case(one));
        STAGES.iter().any(is)
    });
    let letter = |at: usize| scan.byte(at).is_some_and(|byte| byte.is_ascii_alphabetic());
    // `localhost/127.0.0.1` is an address.
    let product = scan.byte_before(range.start) == Some(b'/')
        && range.start.checked_sub(2).is_some_and(letter)
        && scan.byte(range.start + 1) == Some(b'.');
    (staged || product) && !scan.speaks_of(context::ADDRESS, range)
}

/// Whether what begins at `start` is the next of a list: `section 1.2.3.4 and 1.2.3.5`.
fn goes_on(scan: &Scan<'_>, end: usize, start: usize) -> bool {
    const WORDS: &[&str] =
        &["and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", ",", "-", "&", "/"];
    let between = scan.text().get(end..start).unwrap_or_default().trim();
    let between = between.strip_prefix(", ").unwrap_or(between);
    WORDS.contains(&between)
}

/// Whether it is joined to a name as versions are: `linux-2.6.32.4`.
fn is_suffix(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    let name = range.start.checked_sub(2).and_then(|at| scan.byte(at));
    scan.byte_before(range.start) == Some(b'-')
        && name.is_some_and(|last| last.is_ascii_alphabetic())
        && !scan.speaks_of(context::ADDRESS, range)
}

/// The four numbers that begin at `start`.
fn octets(scan: &Scan<'_>, start: usize) -> Option<Range<usize>> {
    let before = scan.before(start);
    let ahead = scan.bytes().get(..start)?;
    let section = ahead.strip_suffix(b" ").unwrap_or(ahead).ends_with("§".as_bytes());
    if scan.is_touched_before(start) || before == Some('.') || section {
        return None;
    }
    let bytes = scan.bytes();
    let mut at = start;
    let mut padded = 0;
    for index in 0..4 {
        if index > 0 {
            if scan.byte(at) != Some(b'.') {
                return None;
            }
            at += 1;
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        let number = scan.text().get(at..at + length).filter(|number| number.len() <= 3)?;
        number.parse::<u8>().ok()?;
        padded += usize::from(length == 3);
        if length > 1 && number.starts_with('0') && (length < 3 || padded <= index) {
            return None;
        }
        at += length;
    }
    let behind = scan.behind(at);
    if scan.is_touched_behind(at) {
        return None;
    }
    let more = behind == Some('.') && scan.byte(at + 1).is_some_and(|byte| byte.is_ascii_digit());
    // `::ffff:192.0.2.1` has been found as a whole, or is not an address.
    let inside = before == Some(':') && scan.byte_before(start - 1) == Some(b':');
    let hexadecimal = before == Some(':')
        && scan.byte_before(start - 1).is_some_and(|byte| byte.is_ascii_hexdigit())
        && is_behind_colons(scan, start);
    (!more && !inside && !hexadecimal).then_some(start..at)
}

/// Whether what stands before `start` reads like the beginning of a version 6 address.
fn is_behind_colons(scan: &Scan<'_>, start: usize) -> bool {
    let before = scan.bytes().get(start.saturating_sub(12)..start).unwrap_or_default();
    let is_part = |byte: &&u8| byte.is_ascii_hexdigit() || **byte == b':';
    before.iter().rev().take_while(is_part).filter(|byte| **byte == b':').count() > 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, grows_linearly};

    fn addresses(text: &str) -> Vec<&str> {
        found("ip-address", "{}", text)
    }

    #[test]
    fn finds_what_only_stands_beside_code() {
        assert_eq!(addresses("<td>fe80::</td>"), ["fe80::"]);
        assert_eq!(addresses("server host-10.1.2.3"), ["10.1.2.3"]);
        assert_eq!(addresses("2001:db8::1: refused"), ["2001:db8::1"]);
        assert!(addresses("2001:db8::1:x").is_empty());
    }

    #[test]
    fn keeps_versions_sections_and_times() {
        for text in [
            "v1.2.3.4",
            "version 1.2.3.4",
            "Chrome/120.0.0.1 section 1.2.3.4",
            "§1.2.3.4",
            "§ 4.2.1.3",
            "BIOS 1.2.3.4",
            "at 12:34:56",
            "1.2.3",
            "1.2.3.4.5",
            "10:20",
            "1:2:3",
            "10::20",
            "at 5::30",
            "iOS 17.1.2.3",
            "nginx/1.18.0.1",
            "1.2.3.4-beta",
            "1.2.3.4-RC1",
            "Art. 4.1.2.3",
            "chapter 1.2.3.4 and 1.2.3.5, 1.2.3.6",
            "linux-2.6.32.4",
            "f32::<u8>",
            "Reason ::= ENUMERATED",
            "In core::<wbr>f64::<wbr>consts",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn keeps_numbers_out_of_range_and_glued_words() {
        for text in [
            "256.1.1.1",
            "999.999.999.999",
            "1.2.3.4567",
            "text192.168.1.1",
            "192.168.1.1text",
            "192.168.01.1",
            "::ffff:256.0.0.1",
            "2001:db8::256.1.1.1",
            "2001::25de::cade",
            "2001:db8:1:22:333:4444:77",
            "fe80::1text",
            "text2001:db8::1",
        ] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn keeps_colons_that_are_no_address() {
        for text in ["std::cout", "MyClass::toString", ":::", "a :: b", "Vec::<u8>", "abc::def()"] {
            assert!(addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn finds_every_short_form() {
        for text in [
            "192.0.2.44",
            "0.0.0.0",
            "010.001.002.003",
            "2001:db8:85a3:0:0:8a2e:370:7334",
            "2001:db8::1",
            "::1",
            "fe80::1%eth0",
            "::ffff:192.0.2.44",
            "64:ff9b::192.0.2.1",
            "2001:DB8::",
            "1::8",
        ] {
            let called = format!("ip {text}");
            assert_eq!(addresses(&called), [text]);
        }
        assert_eq!(addresses("listen on ::/0"), ["::"]);
        assert_eq!(addresses("ip 10::20"), ["10::20"]);
        for text in ["localhost/127.0.0.1", "1.2.3.4-host", "so 1.2.3.4 and 1.2.3.5", "a/10.0.0.1"]
        {
            assert!(!addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn ports_prefixes_and_punctuation_stay_out() {
        assert_eq!(addresses("http://192.0.2.44:8080/x"), ["192.0.2.44"]);
        assert_eq!(addresses("[2001:db8::1]:80"), ["2001:db8::1"]);
        assert_eq!(addresses("client_ip=192.0.2.44."), ["192.0.2.44"]);
        assert_eq!(addresses("10.0.0.0/8, then 2001:db8::1."), ["2001:db8::1", "10.0.0.0"]);
        assert_eq!(addresses("eve@mail.example.com@198.51.100.7"), ["198.51.100.7"]);
        assert_eq!(addresses("1９2.0.2.44"), ["1９2.0.2.44"]);
    }

    #[test]
    fn letters_of_scripts_without_spaces_do_not_touch() {
        assert!(addresses("ж192.0.2.10").is_empty());
        assert_eq!(addresses("サーバは192.0.2.10です"), ["192.0.2.10"]);
        assert_eq!(addresses("地址2001:db8::1。"), ["2001:db8::1"]);
    }

    #[test]
    fn finds_an_address_right_behind_its_label() {
        for text in ["ffff1:2001:db8::1:x", "1:::2001:db8::1", "time:10:20:30", "a::b::2001:1"] {
            assert!(addresses(text).is_empty(), "{text}");
        }
        for text in ["IP:2001:db8::1", "ipv6:2001:db8::1", "IP:192.0.2.10 2001:db8::1"] {
            assert!(addresses(text).contains(&"2001:db8::1"), "{text}");
        }
    }

    #[test]
    fn time_grows_with_the_length_alone() {
        for part in ["1.", "1:", ":", "::", ".", "ffff:", "1.2.3.4.", "a::"] {
            grows_linearly("ip-address", part);
        }
    }
}
