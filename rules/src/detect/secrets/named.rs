//! Values that only their names give away: `api_key = …`.

use std::ops::Range;

use super::assignment::{self, begins_word};
use super::entropy::entropy;
use super::placeholder::{is_placeholder, is_wordy};
use super::published::is_published;

/// Words in the names of secrets.
pub(super) const WORDS: &[&str] = &[
    "access",
    "api",
    "auth",
    "cred",
    "creds",
    "credential",
    "credentials",
    "key",
    "keys",
    "passwd",
    "password",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// Words that also end a name written without gaps: `apikey`, `usertoken`.
const ENDINGS: &[&str] = &["key", "token", "secret", "password"];

/// What ends like a name of a secret and is none.
const OTHERS: &[&str] =
    &["monkey", "donkey", "turkey", "hockey", "jockey", "whiskey", "lackey", "mickey", "hotkey"];

/// Before the word, what makes it something that is not kept secret.
const BEFORE: &[&str] = &[
    "answer",
    "bucket",
    "cache",
    "composite",
    "continuation",
    "csrf",
    "dedup",
    "dedupe",
    "deduplication",
    "foreign",
    "gpg",
    "group",
    "grouping",
    "hot",
    "idempotency",
    "idempotence",
    "idempotent",
    "idx",
    "index",
    "lookup",
    "natural",
    "next",
    "object",
    "page",
    "pagination",
    "partition",
    "pgp",
    "primary",
    "pub",
    "public",
    "random",
    "registry",
    "row",
    "schema",
    "sequence",
    "shard",
    "site",
    "sort",
    "sorting",
    "surrogate",
    "sync",
    "translation",
    "unique",
    "xsrf",
];

/// Before the word, what does not say which one it is.
const NO_KIND: &[&str] = &[
    "a", "an", "and", "by", "for", "her", "his", "its", "my", "of", "or", "our", "that", "the",
    "their", "this", "with", "your",
];

/// Behind it, what makes it something about the secret.
const BEHIND: &[&str] = &[
    "alg",
    "algorithm",
    "alias",
    "audience",
    "board",
    "call",
    "checksum",
    "code",
    "column",
    "count",
    "date",
    "digest",
    "dir",
    "down",
    "endpoint",
    "error",
    "expires",
    "expiration",
    "expiry",
    "field",
    "file",
    "fingerprint",
    "format",
    "frame",
    "hash",
    "host",
    "id",
    "identifier",
    "ids",
    "index",
    "iterator",
    "label",
    "left",
    "len",
    "length",
    "location",
    "log",
    "logs",
    "md",
    "mesh",
    "mode",
    "name",
    "names",
    "pair",
    "path",
    "point",
    "policy",
    "press",
    "pressed",
    "release",
    "report",
    "request",
    "response",
    "right",
    "ring",
    "selector",
    "server",
    "sha",
    "signature",
    "signatures",
    "size",
    "source",
    "status",
    "stone",
    "store",
    "trace",
    "ttl",
    "type",
    "up",
    "uri",
    "url",
    "usage",
    "vault",
    "version",
    "word",
];

/// Lengths of a value, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=150;
/// The fewest bytes that a value has before a sign inside it.
const LEAST_BEFORE_SIGN: usize = 8;
/// The least entropy, in bits per byte.
const BITS: f64 = 3.5;
/// How much of a name is looked at before the word, in bytes.
const MOST_BEFORE: usize = 40;

/// A value and the name it is given to.
pub(super) struct Named {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The secret that is given to the name in which one of [`WORDS`] stands at `word`.
pub(super) fn secret(text: &str, word: Range<usize>) -> Option<Named> {
    let bytes = text.as_bytes();
    if goes_on(bytes, word.end) {
        return None;
    }
    let start = name_start(bytes, word.start);
    let before = text.get(start..word.start)?;
    if !begins_word(bytes, &word) {
        let ending = text.get(word.clone())?.trim_end_matches(['s', 'S']);
        let whole = text.get(start..word.end)?.to_ascii_lowercase();
        let ends = ENDINGS.iter().any(|one| one.eq_ignore_ascii_case(ending));
        if !ends || OTHERS.iter().any(|other| whole.trim_end_matches('s').ends_with(other)) {
            return None;
        }
    }
    let given = assignment::behind(text, word.end)?;
    let behind = text.get(given.rest.clone())?;
    // `cache_key`, and `cache key` too.
    let kind = last_word(before).or_else(|| word_before(text, start));
    if kind.is_some_and(|one| is_in(BEFORE, one)) || split(behind).any(|one| is_in(BEHIND, one)) {
        return None;
    }
    let value = value(bytes, given.value)?;
    let secret = text.get(value.clone())?;
    let mixed = secret.bytes().any(|byte| byte.is_ascii_digit())
        && secret.bytes().any(|byte| byte.is_ascii_alphabetic());
    let random = mixed && entropy(secret.as_bytes()) > BITS;
    // What a list is looked up by is called a key as well.
    let plain = text.get(word).is_some_and(|word| is_in(&["key", "keys"], word))
        && kind.is_none_or(|one| is_in(NO_KIND, one));
    let kept = random && !is_placeholder(secret) && !is_wordy(secret) && !is_published(secret);
    let kept = kept && !(plain && is_uuid(secret)) && !is_digest(secret);
    let value = value.start..quoted_end(bytes, &value);
    kept.then_some(Named { name: start..given.value, value })
}

/// Whether the word goes on at `end`: `author`, but not `authToken`.
fn goes_on(bytes: &[u8], end: usize) -> bool {
    let last = end.checked_sub(1).and_then(|at| bytes.get(at));
    let next = bytes.get(end);
    next.is_some_and(|next| {
        let hump = next.is_ascii_uppercase() && last.is_some_and(u8::is_ascii_lowercase);
        next.is_ascii_alphabetic() && !hump
    })
}

fn name_start(bytes: &[u8], word: usize) -> usize {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = bytes.get(..word).unwrap_or_default();
    word - before.iter().rev().take(MOST_BEFORE).take_while(is_name).count()
}

/// The word that one space parts from the name at `start`.
fn word_before(text: &str, start: usize) -> Option<&str> {
    let before = text.get(..start)?.strip_suffix(' ')?;
    let from = name_start(before.as_bytes(), before.len());
    let word = before.get(from..)?;
    // A number, or what ends a sentence, is of something else.
    word.ends_with(|last: char| last.is_ascii_alphabetic()).then(|| last_word(word)).flatten()
}

fn is_uuid(value: &str) -> bool {
    let parts = value.split('-').map(str::len);
    parts.eq([8, 4, 4, 4, 12]) && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether it is written like the hash of a file: `sha384-…`.
fn is_digest(value: &str) -> bool {
    let algorithm = value.split('-').next().unwrap_or_default();
    ["sha1", "sha256", "sha384", "sha512", "md5"].contains(&algorithm) && algorithm != value
}

/// The run of a secret's characters at `start`, if nothing else follows it.
fn value(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = bytes.get(start..)?;
    let holds = |byte: &&u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'.' | b'-' | b'+' | b'/' | b'~' | b'=')
    };
    let run = rest.iter().take(LENGTHS.end() + 1).take_while(holds).count();
    let ends = rest.get(run).is_none_or(|byte| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'"' | b'\'' | b'`' | b';' | b',' | b')' | b']' | b'}' | b'<' | b'\\')
            || matches!(byte, b'!' | b'?' | b'&')
    });
    let value = rest.get(..run)?;
    let value = value.strip_suffix(b".").unwrap_or(value);
    let unpadded = value.trim_ascii_end().split(|byte| *byte == b'=').next()?;
    let padded = value.get(unpadded.len()..)?;
    // What stands before a sign inside is a name, unless it looks random itself.
    let single = padded.len() <= 3 && padded.iter().all(|byte| *byte == b'=')
        || unpadded.len() >= LEAST_BEFORE_SIGN
            && unpadded.iter().any(u8::is_ascii_digit)
            && unpadded.iter().any(u8::is_ascii_alphabetic);
    (ends && single && LENGTHS.contains(&value.len())).then_some(start..start + value.len())
}

/// Where a value ends that began behind a quotation mark: before the next of the kind, where no
/// space is between them.
fn quoted_end(bytes: &[u8], value: &Range<usize>) -> usize {
    let quote = value.start.checked_sub(1).and_then(|at| bytes.get(at));
    let Some(quote) = quote.filter(|byte| matches!(byte, b'"' | b'\'' | b'`')) else {
        return value.end;
    };
    let rest = bytes.get(value.end..).unwrap_or_default().iter().take(*LENGTHS.end());
    let length = rest.clone().take_while(|byte| byte.is_ascii_graphic() && *byte != quote).count();
    if rest.clone().nth(length) != Some(quote) {
        return value.end;
    }
    // A backslash before the closing mark escapes it.
    value.end + length - rest.take(length).rev().take_while(|byte| **byte == b'\\').count()
}

fn is_in(list: &[&str], word: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// The words of an identifier: `privateKey_id` has three.
fn split(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|one: char| !one.is_ascii_alphabetic());
        let bytes = rest.as_bytes();
        let length = (1..bytes.len())
            .find(|at| {
                let (Some(before), Some(here)) = (bytes.get(at - 1), bytes.get(*at)) else {
                    return true;
                };
                !here.is_ascii_alphabetic()
                    || before.is_ascii_lowercase() && here.is_ascii_uppercase()
            })
            .unwrap_or(bytes.len());
        let (word, behind) = rest.split_at_checked(length)?;
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

fn last_word(name: &str) -> Option<&str> {
    split(name).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<'a>(text: &'a str, word: &str) -> Option<&'a str> {
        let at = text.find(word).unwrap();
        secret(text, at..at + word.len()).map(|named| text.get(named.value).unwrap())
    }

    #[test]
    fn names_of_other_things_give_nothing_away() {
        const VALUE: &str = "7Bwqx3k8VJdTGz2Nm5RcYHfSpLa6EuXo";
        for (name, word) in [
            ("author", "auth"),
            ("accessor", "access"),
            ("monkey", "key"),
            ("rapid", "api"),
            ("public_key", "key"),
            ("primaryKey", "Key"),
            ("csrf-token", "token"),
            ("key_id", "key"),
            ("apiVersion", "api"),
            ("tokenUrl", "token"),
            ("KEYFILE", "KEY"),
            ("site_key", "key"),
        ] {
            assert_eq!(named(&format!("{name} = {VALUE}"), word), None, "{name}");
        }
        for (name, word) in [
            ("api_key", "key"),
            ("authToken", "Token"),
            ("SECRETKEY", "KEY"),
            ("mySecretText", "Secret"),
        ] {
            assert_eq!(named(&format!("{name}: '{VALUE}'."), word), Some(VALUE), "{name}");
        }
        assert_eq!(named(&format!("the key is {VALUE}."), "key"), None, "a link needs its word");
        assert_eq!(named(&format!("my api key is {VALUE}."), "api"), Some(VALUE));
        assert_eq!(named(&format!("refresh_token={VALUE}&x=1"), "token"), Some(VALUE));
        assert_eq!(named(&format!("some_key::{VALUE}"), "key"), None, "a path");
        assert_eq!(named(&format!("KEY ::= {VALUE}"), "KEY"), Some(VALUE));
        assert_eq!(named(&format!("config['SECRET_KEY'] = '{VALUE}'"), "KEY"), Some(VALUE));
        assert_eq!(named(&format!("cache[key] = '{VALUE}'"), "key"), None);
        assert_eq!(named(&format!("PGP key: {VALUE}"), "key"), None);
    }

    #[test]
    fn names_of_two_words_are_read_like_joined_ones() {
        const HASH: &str = "9c1185a5c5e9fc54612808977ee8f548b2258d31";
        const UUID: &str = "5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954";
        for (name, word) in [
            ("cache key", "key"),
            ("the primary key", "key"),
            ("Public Key", "Key"),
            ("sort key", "key"),
            ("partition key", "key"),
            ("page token", "token"),
            ("CSRF token", "token"),
            ("sync token", "token"),
            ("access log", "access"),
            ("Idempotency-Key", "Key"),
            ("object key", "key"),
            ("row_key", "key"),
            ("lookup key", "key"),
            ("registry key", "key"),
            ("translation key", "key"),
            ("answer key", "key"),
            ("group key", "key"),
            ("dedupe key", "key"),
        ] {
            for value in [HASH, UUID] {
                assert_eq!(named(&format!("{name}: {value}"), word), None, "{name}");
            }
        }
        for (name, word) in [
            ("license key", "key"),
            ("public  key", "key"),
            ("the row. Key", "Key"),
            ("the public api key", "key"),
            ("page 3 token", "token"),
        ] {
            assert_eq!(named(&format!("{name}: {HASH}"), word), Some(HASH), "{name}");
        }
    }

    #[test]
    fn a_uuid_behind_a_plain_key_is_an_id() {
        const UUID: &str = "5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954";
        for name in ["key", "Key", "the key", "\"key\"", "found it. keys"] {
            let word = if name.contains("Key") { "Key" } else { "key" };
            assert_eq!(named(&format!("{name}: {UUID}"), word), None, "{name}");
        }
        for (name, word) in [("api key", "api"), ("license key", "key"), ("token", "token")] {
            assert_eq!(named(&format!("{name}: {UUID}"), word), Some(UUID), "{name}");
        }
        let hash = UUID.replace('-', "");
        assert_eq!(named(&format!("key: {hash}"), "key"), Some(hash.as_str()));
    }

    #[test]
    fn a_value_goes_to_its_closing_quote_and_may_hold_signs() {
        let value = "abc123DEF456ghi789,jkl0";
        assert_eq!(named(&format!("token=\"{value}\", x"), "token"), Some(value));
        assert_eq!(named(&format!("token={value}"), "token"), Some("abc123DEF456ghi789"));
        let value = "abcDEF123456=ghiJKL7890mno";
        assert_eq!(named(&format!("api_key={value}"), "key"), Some(value));
        assert_eq!(named(&format!("the api key is {value} ok"), "api"), Some(value));
        let value = "abc123DEF456ghi789";
        for text in [
            format!(r#""{{\"api_key\": \"{value}\"}}""#),
            format!(r#"curl -d "{{\\\"api_key\\\":\\\"{value}\\\"}}""#),
        ] {
            assert_eq!(named(&text, "api"), Some(value), "{text}");
        }
        for text in ["token: user_id=4f9a8b7c6d5e", "token, \"a1b2c3d4e5,f6\" and 'x"] {
            assert_eq!(named(text, "token"), None, "{text}");
        }
    }

    #[test]
    fn values_that_are_not_random_are_let_go() {
        for text in [
            "token: AnnualReports-2.3",
            "token = a1b2-123456789",
            "token = id=4f9a8b7c6d5e",
            "token = 2031-10-31-12-45-59",
            "token = ${TOKEN_2_FROM_VAULT}",
            "token: 7Bwqx3k8V,",
            "token: jjwt-api:0.11.2-x9q8z7",
            "token: sha384-6Mpobt12GXU8LDC7U8/k3coZlN2VnJZTkb9XWeBXAm+i4qXDnFeyGtqD/3mWDCmn",
            "token sha256: 7fd3a1c9e2b84f60557bdd29",
            "token md5=7fd3a1c9e2b84f60557bdd29",
        ] {
            assert_eq!(named(text, "token"), None, "{text}");
        }
    }
}
