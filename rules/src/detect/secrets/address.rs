//! Passwords in addresses: `scheme://user:password@host`.

use std::ops::Range;

use super::catalog::{Sign, Signs};
use super::placeholder::is_placeholder;
use crate::detect::listed::Listed;

/// What stands behind the scheme of an address.
pub(super) const SCHEME_END: &str = "://";

/// Reports passwords in addresses: `scheme://user:password@host`.
pub(super) fn addresses(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    for start in signs.of(Sign::Address).map(|sign| sign.end) {
        let Some(authority) = text.get(start..) else { break };
        let length = authority
            .bytes()
            .take(MOST_AUTHORITY)
            .position(|byte| {
                byte.is_ascii_whitespace()
                    || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>')
            })
            .unwrap_or(authority.len().min(MOST_AUTHORITY));
        let Some(authority) = bytes.get(start..start + length) else { continue };
        let Some(host) = memchr::memrchr(b'@', authority) else { continue };
        let Some(colon) = memchr::memchr(b':', authority.get(..host).unwrap_or_default()) else {
            continue;
        };
        let range = start + colon + 1..start + host;
        if text.get(range.clone()).is_some_and(|one| is_kept_secret(one) && !is_hosts(one)) {
            found(range);
        }
    }
}

/// Whether it is the rest of hosts with their ports: `9092,broker-2:9092`.
fn is_hosts(text: &str) -> bool {
    text.split_once(',').is_some_and(|(port, hosts)| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && hosts.contains(':')
    })
}

/// Longest user, password and host together, in bytes.
const MOST_AUTHORITY: usize = 512;

/// Whether a password is one, and not what documentation writes in its place.
pub(super) fn is_kept_secret(text: &str) -> bool {
    const PLACEHOLDERS: Listed = Listed::of("changeme pass passwd password pwd secret test token");
    let common = PLACEHOLDERS.has(text);
    text.len() >= 3 && !common && !is_placeholder(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_addresses(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        addresses(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn placeholders_in_addresses_are_not_secrets() {
        assert_eq!(
            in_addresses("mysql://root:password@localhost redis://u:$PW@h a://b:****@c"),
            [""; 0]
        );
        assert_eq!(in_addresses("amqps://u:p4ss@w0rd@h/v?x"), ["p4ss@w0rd"]);
    }

    #[test]
    fn ports_of_hosts_are_not_passwords() {
        assert_eq!(in_addresses("kafka://broker-1:9092,broker-2:9092@cluster"), [""; 0]);
        assert_eq!(in_addresses("kafka://ann:90,2@broker-1:9092,broker-2:9092"), ["90,2"]);
    }
}
