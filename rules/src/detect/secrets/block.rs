//! Private keys as they stand in files.

use std::ops::Range;

use super::catalog::{Sign, Signs};

/// The most bytes of what kind of key it is: `RSA `, `OPENSSH `.
const MOST_KIND: usize = 100;
/// Less between the first and the last line is no key, in bytes.
const LEAST_BODY: usize = 64;
/// Where there is no last line, a line of base64 that is as long shows that a key begins, in bytes,
/// and so far behind the first line: headers may stand between.
const LEAST_LINE: usize = 32;
const MOST_HEADERS: usize = 512;

/// How the first line of a key begins, and the last.
pub(super) const BEGIN: &str = "-----BEGIN ";
pub(super) const END: &str = "-----END ";
/// By which a key of a service account of Google's is known.
pub(super) const ACCOUNT: &str = "\"service_account\"";

/// Reports private keys from their first line to their last, or to the end of a text that is cut
/// before it.
pub(super) fn private_keys(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let ends: Vec<usize> = signs.of(Sign::BlockEnd).map(|end| end.start).collect();
    let mut at = 0;
    for begin in signs.of(Sign::BlockBegin) {
        let line = line_end(text, begin.end).filter(|(_, private)| *private);
        let Some((body, _)) = line.filter(|_| begin.start >= at) else { continue };
        // Without a last line here there is none further on either.
        let Some(end) = ends.get(ends.partition_point(|end| *end < body)) else {
            if !begins_key(text, body) {
                continue;
            }
            return found(begin.start..text.len());
        };
        let length = end - body;
        let Some((end, _)) = line_end(text, end + END.len()) else { continue };
        at = end;
        if length >= LEAST_BODY {
            found(begin.start..end);
        }
    }
}

/// Whether a line of a key stands near the beginning of what follows `body`.
fn begins_key(text: &str, body: usize) -> bool {
    let rest = text.as_bytes().get(body..).unwrap_or_default();
    let near = rest.get(..MOST_HEADERS).unwrap_or(rest);
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    near.split(|byte| !is_base64(byte)).any(|run| run.len() >= LEAST_LINE)
}

/// Where the line ends whose kind of key begins at `at`, and whether the key is a private one.
fn line_end(text: &str, at: usize) -> Option<(usize, bool)> {
    let rest = text.as_bytes().get(at..)?;
    let is_kind = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_');
    let kind = rest.iter().take(MOST_KIND).take_while(is_kind).count();
    let closed = rest.get(kind..)?.starts_with(b"-----");
    let name = text.get(at..at + kind)?.to_ascii_uppercase();
    closed.then_some((at + kind + 5, name.contains("PRIVATE KEY")))
}

/// Reports the line by which a file is known to be a key of a service account of Google's.
pub(super) fn service_accounts(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    const TYPE: &str = "\"type\"";
    for value in signs.of(Sign::Account) {
        let before = text.get(..value.start).unwrap_or_default().trim_ascii_end();
        let name = before.strip_suffix(':').map(str::trim_ascii_end);
        if let Some(name) = name.and_then(|name| name.strip_suffix(TYPE)) {
            found(name.len()..value.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        private_keys(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn only_private_keys_with_a_body_are_found() {
        let block = |kind: &str, body: &str| {
            format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----")
        };
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(3);
        assert_eq!(keys(&block("PRIVATE KEY", "anything")), [""; 0]);
        assert_eq!(keys(&block("PUBLIC KEY", &body)), [""; 0]);
        assert_eq!(keys(&block("CERTIFICATE", &body)), [""; 0]);
        for kind in ["PRIVATE KEY", "RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
            let key = block(kind, &body);
            let text = format!("{}\n{key}\n", block("CERTIFICATE", &body));
            assert_eq!(keys(&text), [key.as_str()]);
        }
    }

    #[test]
    fn a_key_that_is_cut_goes_to_the_end() {
        for text in [
            "-----BEGIN PRIVATE KEY----- is how the file begins, and then there is a lot of base64",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
            &format!("-----BEGIN PUBLIC KEY-----\n{}", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
        ] {
            assert_eq!(keys(text), [""; 0], "{text}");
        }
        let line = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
        let cut = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{line}\n{line}\nQyNTUx");
        assert_eq!(keys(&format!("mine:\n{cut}")), [cut.as_str()]);
        let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,7FD3A1C9E2B84F60\n";
        let cut = format!("-----BEGIN RSA PRIVATE KEY-----\n{headers}\n{line}");
        assert_eq!(keys(&cut), [cut.as_str()]);
    }

    #[test]
    fn a_service_account_is_known_by_its_type() {
        let mut all = Vec::new();
        let text = r#"{"kind": "service_account", "type" : "service_account"}"#;
        service_accounts(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        assert_eq!(all, [r#""type" : "service_account""#]);
    }
}
