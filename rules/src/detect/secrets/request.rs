//! What a request shows who it is with: `curl -u user:password`, `Authorization: Bearer …`.

use std::ops::Range;

use super::address::is_kept_secret;
use super::catalog::{Sign, Signs};
use super::entropy::entropy;
use super::placeholder::{is_placeholder, is_wordy};

/// How far behind `curl` its options are looked for, in bytes.
const MOST_COMMAND: usize = 1000;
/// The longest argument, in bytes.
const MOST_ARGUMENT: usize = 300;
/// The least entropies, in bits per byte.
const BITS_PASSWORD: f64 = 2.0;
const BITS_CREDENTIALS: f64 = 2.75;
/// The fewest bytes of a password behind an option.
const LEAST_PASSWORD: usize = 6;
/// Lengths of credentials in a header, in bytes.
const LEAST_CREDENTIALS: usize = 8;
const MOST_CREDENTIALS: usize = 4000;

/// What sends a request.
pub(super) const COMMAND: &str = "curl";
/// What asks a database.
pub(super) const CLIENT: &str = "mysql";
/// What a code for a wireless network begins with.
pub(super) const NETWORK: &str = "WIFI:";
/// What the header that says who asks ends with.
pub(super) const HEADER: &str = "uthorization";

/// Reports the passwords in `curl -u user:password`.
pub(super) fn commands(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let mut commands = signs.of(Sign::Command).peekable();
    while let Some(command) = commands.next() {
        let start = command.end;
        let next = commands.peek().map_or(bytes.len(), |next| next.start);
        let end = next.min(start + MOST_COMMAND);
        let mut at = start;
        while let Some(hyphen) = bytes.get(at..end).and_then(|rest| memchr::memchr(b'-', rest)) {
            let option = at + hyphen;
            at = option + 1;
            if !bytes.get(option - 1).is_some_and(u8::is_ascii_whitespace) {
                continue;
            }
            let Some(rest) = text.get(option..) else { continue };
            let header = rest.strip_prefix("--header").or_else(|| rest.strip_prefix("-H"));
            if let Some(value) = header {
                let value = value.trim_start_matches([' ', '=', '\t']);
                let argument = argument(text, text.len() - value.len());
                at = argument.end.max(at);
                if let Some(secret) = key(text, argument) {
                    found(secret);
                }
                continue;
            }
            let value = rest.strip_prefix("--user").or_else(|| rest.strip_prefix("-u"));
            let Some(value) = value.filter(|value| value.starts_with([' ', '=', '\t'])) else {
                continue;
            };
            let value = value.trim_start_matches([' ', '=', '\t']);
            let argument = argument(text, text.len() - value.len());
            at = argument.end.max(at);
            if let Some(secret) = password(text, argument) {
                found(secret);
            }
        }
    }
}

/// Reports the passwords in `mysql -u user -ppassword`, on one line.
pub(super) fn clients(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let mut clients = signs.of(Sign::Client).peekable();
    while let Some(client) = clients.next() {
        let next = clients.peek().map_or(text.len(), |next| next.start);
        let end = text.floor_char_boundary(next.min(client.end + MOST_ARGUMENT));
        let line = text.get(client.end..end).and_then(|rest| rest.split('\n').next());
        let Some(line) = line else { continue };
        let Some((before, value)) = line.split_once(" -p") else { continue };
        let start = client.end + before.len() + " -p".len();
        let value = value.split(char::is_whitespace).next().unwrap_or_default();
        let password = value.trim_start_matches(['"', '\'']);
        let start = start + value.len() - password.len();
        let password = password.trim_end_matches(['"', '\'', '`', '.', ',']);
        // A port is no password, nor is a word.
        let mixed = password.bytes().any(|byte| byte.is_ascii_alphabetic())
            && password.bytes().any(|byte| !byte.is_ascii_lowercase());
        if mixed && is_kept_secret(password) && password.len() >= LEAST_PASSWORD {
            found(start..start + password.len());
        }
    }
}

/// Reports the passwords in `WIFI:S:name;T:WPA;P:password;;`, as codes for networks hold them.
pub(super) fn networks(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let mut networks = signs.of(Sign::Network).peekable();
    while let Some(network) = networks.next() {
        let next = networks.peek().map_or(text.len(), |next| next.start);
        let end = text.floor_char_boundary(next.min(network.end + MOST_ARGUMENT));
        let Some(rest) = text.get(network.end..end) else { continue };
        let line = rest.split('\n').next().unwrap_or_default();
        // A backslash stands before a sign of the name or the password.
        let mut escaped = false;
        let ends = |byte: &u8| {
            let ends = *byte == b';' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        };
        let mut at = network.end;
        for field in line.as_bytes().split(ends) {
            let range = at + b"P:".len()..at + field.len();
            at += field.len() + 1;
            let ended = at <= network.end + line.len();
            if ended
                && field.starts_with(b"P:")
                && text.get(range.clone()).is_some_and(is_kept_secret)
            {
                found(range);
                break;
            }
        }
    }
}

/// The argument of a shell that begins at `start`, quotes and all.
fn argument(text: &str, start: usize) -> Range<usize> {
    let mut quote = None;
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let length = rest.iter().take(MOST_ARGUMENT).position(|byte| {
        match quote {
            Some(open) if open == *byte => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
            None => return byte.is_ascii_whitespace(),
        }
        false
    });
    start..start + length.unwrap_or(rest.len().min(MOST_ARGUMENT))
}

/// The password in `user:password`; the user, where it is a key that needs none.
fn password(text: &str, argument: Range<usize>) -> Option<Range<usize>> {
    let both = text.get(argument.clone())?;
    let colon = argument.start + both.find(':')?;
    let inner = |range: Range<usize>| {
        let part = text.get(range.clone())?;
        let start = range.end - part.trim_start_matches(['"', '\'']).len();
        let length = part.trim_matches(['"', '\'']).len();
        Some(start..start + length)
    };
    let user = inner(argument.start..colon)?;
    let password = inner(colon + 1..argument.end)?;
    let is_key = password.is_empty();
    let secret = if is_key { user } else { password };
    let value = text.get(secret.clone())?;
    let mixed = value.bytes().any(|byte| byte.is_ascii_digit());
    let kept = is_kept_secret(value) && entropy(value.as_bytes()) > BITS_PASSWORD;
    (kept && !both.starts_with('<') && (mixed || !is_key)).then_some(secret)
}

/// The key in a header such as `X-Api-Key: …`; what stands behind `Authorization` is found anyway.
fn key(text: &str, argument: Range<usize>) -> Option<Range<usize>> {
    const NAMES: &[&str] = &["key", "token", "secret"];
    let (name, value) = text.get(argument.clone())?.split_once(':')?;
    let name = name.trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
    if !NAMES.iter().any(|known| name.ends_with(known)) {
        return None;
    }
    let value = value.trim_start_matches([' ', '\t']);
    let start = argument.end - value.len();
    let secret = credentials(value).filter(|secret| {
        secret.bytes().any(|byte| byte.is_ascii_digit())
            || secret.bytes().any(|byte| byte.is_ascii_uppercase())
    })?;
    Some(start..start + secret.len())
}

/// The credentials at the start of `value`, if they are random enough and nothing goes on behind.
fn credentials(value: &str) -> Option<&str> {
    let holds = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'=' | b'~' | b'@' | b'.' | b'+' | b'/' | b'-')
    };
    let length = value.bytes().take(MOST_CREDENTIALS).take_while(holds).count();
    let ends = value.as_bytes().get(length).is_none_or(|byte| {
        byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b',' | b';')
    });
    let secret = value.get(..length)?;
    let kept = ends
        && length >= LEAST_CREDENTIALS
        && entropy(secret.as_bytes()) > BITS_CREDENTIALS
        && !is_placeholder(secret)
        && !is_wordy(secret);
    kept.then_some(secret)
}

/// Reports the credentials in `Authorization: scheme credentials`.
pub(super) fn headers(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    const SCHEMES: &[&str] = &["basic", "bearer", "token", "api-token", "apikey"];
    for name in signs.of(Sign::Header) {
        let Some(rest) = text.get(name.end..) else { continue };
        let value = rest.trim_start_matches(['"', '\'', ' ', '\t']);
        let Some(value) = value.strip_prefix([':', '=']) else { continue };
        let value = value.trim_start_matches(['"', '\'', ' ', '\t']);
        let scheme = SCHEMES.iter().find_map(|scheme| {
            let (name, behind) = value.split_at_checked(scheme.len())?;
            let apart = behind.starts_with([' ', '\t']);
            (name.eq_ignore_ascii_case(scheme) && apart).then_some(behind)
        });
        let value = scheme.unwrap_or(value).trim_start_matches([' ', '\t']);
        let start = text.len() - value.len();
        // The name of a way to sign, whose parts follow.
        let secret = credentials(value)
            .filter(|secret| !secret.starts_with("AWS4-"))
            .filter(|secret| scheme.is_some() || secret.bytes().any(|byte| byte.is_ascii_digit()));
        if let Some(secret) = secret {
            found(start..start + secret.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        commands(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        clients(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        networks(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        headers(text, &Signs::of_text(text), |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn what_documentation_writes_is_let_go() {
        for text in [
            "curl -u user:password https://a.example",
            "curl -u <name:secret1> https://a.example",
            "curl --user \"${NAME}\":\"${WORD_1}\"",
            "curl --user \"{{ .a.name }}:{{ .a.word1 }}\"",
            "curl --user \"$(cat a):$(cat b1)\"",
            "curl -u \":\" -F from=a1:b2c3",
            "use -u me:s3cret9 with it",
            "curl -H 'Authorization: Bearer <token>'",
            "curl -H \"Authorization: Bearer $(print-token)\"",
            "Authorization: Token **********",
            "curl -H 'X-Api-Key: $KEY_1' x",
            "curl -H 'X-Api-Key: <your key 1>' x",
            "curl -H 'Idempotency: 7fd3a1c9e2b84f60' x",
            "curl -u me:$WORD_1 x",
            "Authorization: required",
            "docker run mysql -p3306:3306 x",
            "mysql -u root -p S3cret1",
            "mysql -u root -p$PASS_1",
            "mysql -u root\n -pS3cret1",
            "mysql -please",
            "WIFI:S:home;T:WPA;P:<password>;;",
            "WIFI:S:home;T:WPA;P:",
            "WIFI: P:hello",
            "WIFI:S:P\\;P:home;;",
            "Authorization: AWS4-HMAC-SHA256 Credential=x",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn passwords_and_credentials_are_found() {
        assert_eq!(all("mysql -u root -pS3cret1 db"), ["S3cret1"]);
        assert_eq!(all("mysqldump -h db -p'S3cret1' > x"), ["S3cret1"]);
        assert_eq!(all("WIFI:S:Home\\;Net;T:WPA;P:Secret\\;123;;"), ["Secret\\;123"]);
        assert_eq!(all("WIFI:P:lemon tree;T:WPA;S:x;;"), ["lemon tree"]);
        assert_eq!(all("$ curl https://a.example \\\n -u me:s3cr3t-9"), ["s3cr3t-9"]);
        assert_eq!(all("curl --user='me':'a b1 c2' x"), ["a b1 c2"]);
        assert_eq!(all("curl -u 'k9Lm2Qx7:' x"), ["k9Lm2Qx7"]);
        let header = "Authorization: Bearer 7fd3a1c9e2b84f60";
        assert_eq!(all(header), ["7fd3a1c9e2b84f60"]);
        assert_eq!(all("curl --header \"X-Api-Key: Qx7k9Lm2w\" x"), ["Qx7k9Lm2w"]);
        assert_eq!(all("\"authorization\": \"basic bWU6czNjcjN0LTk=\""), ["bWU6czNjcjN0LTk="]);
    }
}
