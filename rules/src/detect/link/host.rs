//! Hosts as browsers read them: many spellings, one name.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use psl2::compat;

/// The longest host that is looked at, in bytes as it is written. A name has at most 253; each
/// byte of it may be percent-encoded.
const MOST: usize = 3 * 253;

/// The one spelling of a host: small ASCII letters, `xn--` for what is not ASCII, a plain dot
/// between labels, four decimal parts for an IPv4 address. `None` where it cannot be a host.
pub(super) fn canonical(written: &str) -> Option<String> {
    if written.len() > MOST {
        return None;
    }
    let decoded = percent_decoded(written)?;
    let host = decoded.trim_end_matches('.');
    let mut host = if host.is_ascii() && !host.contains("--") {
        host.to_ascii_lowercase()
    } else {
        // What no registry would accept is still what a browser may open.
        idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_lowercase())
    };
    while host.ends_with('.') {
        host.pop();
    }
    if host.is_empty() || host.split('.').any(str::is_empty) {
        return None;
    }
    Some(ipv4(&host).map_or(host, |address| address.to_string()))
}

/// The text with `%41` read as `A`. `None` where what comes out is not UTF-8.
fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'%', [high, low, behind @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                bytes.push(hexadecimal(*high) << 4 | hexadecimal(*low));
                rest = behind;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a') + 10,
    }
}

/// An IPv4 address in any of the forms that browsers take: one to four parts, each decimal, octal
/// or hexadecimal, the last filling the rest. Source: the WHATWG URL standard, "IPv4 parser".
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let mut parts = [0_u64; 4];
    let mut count = 0;
    for part in host.split('.') {
        let value = match part.as_bytes() {
            [b'0', b'x' | b'X'] => Some(0),
            [b'0', b'x' | b'X', ..] => u64::from_str_radix(part.get(2..)?, 16).ok(),
            [b'0', _, ..] => u64::from_str_radix(part, 8).ok(),
            _ => part.parse().ok(),
        };
        *parts.get_mut(count)? = value.filter(|_| !part.starts_with('+'))?;
        count += 1;
    }
    let (last, leading) = parts.get(..count)?.split_last()?;
    let mut address: u64 = 0;
    for part in leading {
        if *part > 255 {
            return None;
        }
        address = address << 8 | part;
    }
    let width = 8 * (5 - u32::try_from(count).ok()?);
    if *last >= 1 << width {
        return None;
    }
    u32::try_from(address << width | last).ok().map(Ipv4Addr::from)
}

/// Whether the host is an address and not a name.
pub(super) fn is_address(canonical: &str) -> bool {
    canonical.parse::<Ipv4Addr>().is_ok() || canonical.starts_with('[')
}

/// Whether the name ends in a public suffix that exists, and is more than that.
pub(super) fn is_registrable(canonical: &str) -> bool {
    if let Some(names) = canonical.strip_suffix(".onion") {
        return is_onion(names.rsplit('.').next().unwrap_or_default());
    }
    compat::domain_str(canonical).is_some_and(|domain| domain.suffix().is_known())
}

/// What a host is to who looks for links, whatever stands around it.
#[derive(Clone)]
pub(in crate::detect) enum Judged {
    /// Its one spelling, where it is an address or ends in a public suffix.
    Listed(String),
    /// What its last label may be, where it is neither.
    Unlisted(Top),
    /// It cannot be a host.
    None,
}

impl Judged {
    /// That of a host as it is written. Long, and there are two who call it.
    #[inline(never)]
    pub(super) fn of(written: &str) -> Self {
        let top = Top::of(written);
        if is_unlisted(written, &top) {
            return Self::Unlisted(top);
        }
        match canonical(written) {
            Some(host) if is_address(&host) || is_registrable(&host) => Self::Listed(host),
            Some(_) => Self::Unlisted(top),
            None => Self::None,
        }
    }
}

/// What the last label of a host may be in the host's one spelling. It is known without the other
/// labels, which take long to spell where they are of other scripts.
///
/// Holds what members wrote, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::detect) enum Top {
    /// One of these: the spelling of a name, and that of what is none.
    Label([String; 2]),
    /// One with signs that neither names nor addresses have.
    Odd,
    /// That cannot be told.
    Unknown,
}

impl Top {
    /// That of a host as it is written.
    pub(super) fn of(written: &str) -> Self {
        let Some(decoded) = percent_decoded(written.rsplit('.').next().unwrap_or_default()) else {
            return Self::Odd;
        };
        let is_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || !byte.is_ascii();
        if decoded.is_empty() || decoded.contains(['.', '+']) {
            Self::Unknown
        } else if !decoded.bytes().all(is_label) {
            // Spelling leaves signs of ASCII as they are.
            Self::Odd
        } else if decoded.is_ascii() && !decoded.contains("--") {
            let small = decoded.to_ascii_lowercase();
            Self::Label([small.clone(), small])
        } else {
            let small = decoded.to_lowercase();
            match idna::domain_to_ascii(&decoded) {
                Ok(name) if name.contains('.') => Self::Unknown,
                Ok(name) => Self::Label([name, small]),
                Err(_) => Self::Label([small.clone(), small]),
            }
        }
    }
}

/// Whether the host, as it is written and with this last label, is certainly neither an address nor
/// registrable.
fn is_unlisted(written: &str, top: &Top) -> bool {
    // An address has at most four parts, each of which begins with a digit.
    let short = written.split('.').count() <= 4;
    let known = |top: &String| {
        // Below some top-level domains all names are suffixes, so one is put before it.
        short && top.starts_with(|one: char| one.is_ascii_digit())
            || compat::suffix_str(&format!("x.{top}")).is_some_and(|suffix| suffix.is_known())
    };
    match top {
        _ if begins_address(written) => false,
        Top::Label([name, other]) => !known(name) && (name == other || !known(other)),
        Top::Odd => true,
        Top::Unknown => false,
    }
}

/// Whether the host begins with the bracket of an address, which it may only percent-encoded.
fn begins_address(written: &str) -> bool {
    written.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("%5b"))
}

/// Whether it is the name of an onion service: a key or a part of its hash, in base32. Source: the
/// Tor specifications, "Special hostnames in Tor".
fn is_onion(label: &str) -> bool {
    matches!(label.len(), 16 | 56)
        && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(written: &str) -> Option<String> {
        canonical(written)
    }

    #[test]
    fn every_spelling_is_one_name() {
        for written in
            ["ExAmple.com", "example.com.", "ex%61mple%2Ecom", "ｅxample。com", "𝐞xample.com"]
        {
            assert_eq!(host(written).as_deref(), Some("example.com"), "{written}");
        }
        assert_eq!(host("Bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(host("xn--BCHER-kva.example").as_deref(), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn an_address_has_many_forms() {
        for written in ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7F000001"] {
            assert_eq!(host(written).as_deref(), Some("127.0.0.1"), "{written}");
        }
        for written in ["256.1.1.1", "1.2.3.4.5", "1.2.3.256", "08.1", "+1.2.3.4", "4294967296"] {
            assert!(host(written).is_none_or(|host| !is_address(&host)), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_a_host_is_none() {
        assert_eq!(host("a..b"), None);
        assert_eq!(host("."), None);
        assert_eq!(host("%ff.com"), None);
        assert_eq!(host(&"a".repeat(1_000)), None);
    }

    #[test]
    fn a_last_label_tells_what_is_neither_address_nor_registrable() {
        for written in [
            "é.1.2.a",
            "readme.TXT",
            "1.2.x3",
            "a.ä%k",
            "a.c_m",
            "a.ä",
            "a.xn--",
            "a.א1",
            "1.2.3.4.5",
        ] {
            let host = canonical(written).unwrap();
            assert!(
                is_unlisted(written, &Top::of(written))
                    && !is_registrable(&host)
                    && !is_address(&host)
            );
        }
        for written in [
            "example.COM",
            "a.co.uk",
            "x.name.ck",
            "1.2.3.4",
            "0x7f.1",
            "a.公司",
            "a.c%6fm",
            "א.com",
            "a.РФ",
            "1.2.3.４",
            "a.b%E3%80%82com",
            "a.xn--P1AI",
        ] {
            assert!(!is_unlisted(written, &Top::of(written)), "{written}");
        }
    }

    #[test]
    fn a_suffix_alone_is_not_registrable() {
        assert!(is_registrable("example.co.uk"));
        assert!(is_registrable("xn--fsqu00a.xn--fiqs8s"));
        assert!(is_registrable("a.b.kawasaki.jp") && !is_registrable("b.kawasaki.jp"), "*");
        assert!(is_registrable("city.kawasaki.jp"), "an exception from it");
        assert!(is_registrable("me.github.io") && !is_registrable("github.io"), "a private one");
        assert!(!is_registrable("co.uk"));
        assert!(!is_registrable("readme.txt"));
    }
}
