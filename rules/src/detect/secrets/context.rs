//! Passwords that only what stands before them gives away.

use std::cmp::Reverse;
use std::ops::Range;

use super::catalog::{Sign, Signs};
use super::placeholder::is_placeholder;
use super::published::is_published;
use crate::detect::word;

/// Words for a password, in small letters.
pub(super) const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
    "contraseña",
    "contrasena",
    "mot de passe",
    "senha",
];

/// What joins the word and the password, besides punctuation.
const LINKS: &[&str] = &["is now", "is", "was", "ist", "es", "est", "é", "è", "für", "for"];

/// Lengths of a password, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=64;

/// Reports passwords behind their word: `password: …`, `my password is …`.
pub(super) fn passwords(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let mut names: Vec<Range<usize>> = signs.of(Sign::Password).collect();
    // Of two that begin together the longer.
    names.sort_unstable_by_key(|name| (name.start, Reverse(name.end)));
    let mut at = 0;
    for name in names {
        if name.start < at {
            continue;
        }
        at = name.start + 1;
        let before = text.get(..name.start).and_then(|before| before.chars().next_back());
        if before.is_some_and(word::continues) {
            continue;
        }
        at = name.end;
        if let Some(range) = value(text, name.end) {
            at = range.end;
            found(range);
        }
    }
}

/// The password behind the name that ends at `end`.
fn value(text: &str, end: usize) -> Option<Range<usize>> {
    let mut rest = text.get(end..)?;
    // An element of XML: `<add key="Password" value="…"/>`.
    if let Some(value) = rest.strip_prefix("\" value") {
        rest = value;
    }
    let mut joined = false;
    let trimmed = rest.trim_start_matches([' ', '\t', '"', '\'', '`']);
    let link = LINKS.iter().find_map(|link| {
        let behind = trimmed.strip_prefix(link)?;
        behind.starts_with([' ', ':', '=']).then_some(behind)
    });
    if let Some(behind) = link.filter(|_| rest.starts_with(' ')) {
        rest = behind;
        joined = true;
    }
    let behind = rest.trim_start_matches([' ', '\t', ':', '=', '>', '"', '\'', '`']);
    joined |= rest.get(..rest.len() - behind.len())?.contains([':', '=']);
    let ends = |one: char| one.is_whitespace() || matches!(one, '"' | '\'' | '`' | '<');
    // No further than a password can be long, however far the text goes on.
    let length = behind
        .char_indices()
        .take_while(|(at, one)| *at <= *LENGTHS.end() && !ends(*one))
        .last()
        .map_or(0, |(at, one)| at + one.len_utf8());
    let password = behind.get(..length)?.trim_end_matches(['.', ',', ';', ')', '?']);
    let start = text.len() - behind.len();
    (joined && is_password(password)).then(|| start..start + password.len())
}

/// Whether the text is a mixture that nobody says.
fn is_password(text: &str) -> bool {
    let letters = text.chars().any(char::is_alphabetic);
    let digits = text.chars().any(|one| one.is_ascii_digit());
    let symbols = text
        .chars()
        .any(|one| one.is_ascii_punctuation() && !matches!(one, '-' | '\'' | '.' | '/' | '_'));
    let placeholder = text.starts_with(['[', '<', '{', '$', '*', '%', '(']) || text.contains("://");
    let kept = letters && (digits || symbols) && !placeholder && !is_placeholder(text);
    LENGTHS.contains(&text.len()) && kept && !is_published(text)
}

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
        if text.get(range.clone()).is_some_and(is_kept_secret) {
            found(range);
        }
    }
}

/// Longest user, password and host together, in bytes.
const MOST_AUTHORITY: usize = 512;

/// Whether a password is one, and not what documentation writes in its place.
pub(super) fn is_kept_secret(text: &str) -> bool {
    const PLACEHOLDERS: &[&str] =
        &["password", "passwd", "pass", "pwd", "secret", "token", "test", "changeme"];
    let common = PLACEHOLDERS.iter().any(|one| text.eq_ignore_ascii_case(one));
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

    fn in_context(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        passwords(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn what_people_say_of_passwords_is_not_one() {
        for text in [
            "password is required",
            "password reset: see below",
            "the password is the same-as-before",
            "password: ********",
            "password policy: 12 characters",
            "pwd: <password>",
            "password=$PASSWORD",
            "password = \"YOUR_PASSWORD\"",
            "passwords: none",
        ] {
            assert_eq!(in_context(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_password_is_found_in_several_languages() {
        assert_eq!(in_context("Passwort: Sommer#24."), ["Sommer#24"]);
        assert_eq!(in_context("la contraseña es gato1234"), ["gato1234"]);
        assert_eq!(in_context("Mot de passe : chat1234"), ["chat1234"]);
        assert_eq!(in_context("la password è Gatto#12"), ["Gatto#12"]);
    }

    #[test]
    fn placeholders_in_addresses_are_not_secrets() {
        assert_eq!(
            in_addresses("mysql://root:password@localhost redis://u:$PW@h a://b:****@c"),
            [""; 0]
        );
        assert_eq!(in_addresses("amqps://u:p4ss@w0rd@h/v?x"), ["p4ss@w0rd"]);
    }
}
