//! Values that only their names give away: `api_key = …`.

use std::ops::Range;

use super::assignment::{self, begins_word};
use super::entropy::entropy;
use super::placeholder::{is_placeholder, is_wordy};
use super::published::is_published;
use crate::detect::listed::Listed;

/// Words in the names of secrets.
pub(super) const WORDS: Listed = Listed::of(
    "\
     access api auth cred credential credentials creds key keys passwd password pwd secret secrets \
     token tokens",
);

/// Words that also end a name written without gaps: `apikey`, `usertoken`.
const ENDINGS: Listed = Listed::of("key password secret token");

/// The word for a key.
const KEYS: Listed = Listed::of("key keys");

/// What ends like a name of a secret and is none.
const OTHERS: &[&str] =
    &["monkey", "donkey", "turkey", "hockey", "jockey", "whiskey", "lackey", "mickey", "hotkey"];

/// Before the word, what makes it something that is not kept secret.
const BEFORE: Listed = Listed::of(
    "\
     answer bucket cache composite continuation csrf dedup dedupe deduplication foreign gpg group \
     grouping hot idempotence idempotency idempotent idx index lookup natural next object page \
     pagination partition pgp primary pub public random registry row schema sequence shard site \
     sort sorting starting surrogate sync translation unique xsrf",
);

/// Before the word, what does not say which one it is.
const NO_KIND: Listed =
    Listed::of("a an and by for her his its my of or our that the their this with your");

/// Behind it, what makes it something about the secret.
const BEHIND: Listed = Listed::of(
    "\
     address alg algorithm alias audience board call checksum code column contract count date \
     digest dir down endpoint error expiration expires expiry field file fingerprint format frame \
     hash host id identifier ids index iterator label left len length location log logs md mesh \
     mode name names pair path point policy press pressed release report request response right \
     ring selector server sha signature signatures size source status stone store trace ttl type \
     up uri url usage vault version word",
);

/// Lengths of a value, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=150;
/// The fewest bytes that a value has before a sign inside it.
const LEAST_BEFORE_SIGN: usize = 8;
/// The least entropy, in bits per byte.
const BITS: f64 = 3.5;
/// How far below that it may be in a run of letters and digits of at least so many bytes: as one in
/// a hundred random ones is below `log2(n * k / (n + k))`, of `n` bytes from an alphabet of `k`.
const MARGIN: f64 = 0.3;
const LEAST_RUN: usize = 16;
/// The fewest bytes of a value with no sign before it.
const LEAST_LOOSE: usize = 20;
/// The length of an address of Ethereum: `0x` and twenty bytes.
const ADDRESS: usize = 42;
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
        let ends = ENDINGS.has(ending);
        if !ends || OTHERS.iter().any(|other| whole.trim_end_matches('s').ends_with(other)) {
            return None;
        }
    }
    // `cache_key`, and `cache key` too.
    let kind = last_word(before).or_else(|| word_before(text, start));
    if kind.is_some_and(|one| BEFORE.has(one)) {
        return None;
    }
    let is_key = text.get(word.clone()).is_some_and(|word| KEYS.has(word));
    // What a list is looked up by is called a key as well.
    let plain = is_key && kind.is_none_or(|one| NO_KIND.has(one));
    let given = assignment::behind(text, &word);
    let told = given.and_then(|given| {
        let behind = text.get(given.rest)?;
        let value = value(bytes, given.value)?;
        let kept = !split(behind).any(|one| BEHIND.has(one));
        (kept && is_kept(text, &value) && !(plain && is_uuid(text.get(value.clone())?)))
            .then_some(value)
    });
    let value = told.or_else(|| {
        // With no sign between them: `--token …`, `the api key …`.
        let option = before.starts_with("--") && !is_key;
        let which = option || kind.is_some_and(|one| WORDS.has(one));
        let value = value(bytes, behind_spaces(text, &word).filter(|_| which)?)?;
        let kept = value.len() >= LEAST_LOOSE && is_kept(text, &value);
        (kept && !is_uuid(text.get(value.clone())?)).then_some(value)
    })?;
    let value = value.start..quoted_end(bytes, &value);
    Some(Named { name: start..value.start, value })
}

/// Where a value begins that only spaces and a mark part from the word, of those that end a name.
fn behind_spaces(text: &str, word: &Range<usize>) -> Option<usize> {
    let ends = ENDINGS.has(text.get(word.clone())?);
    let rest = text.get(word.end..).filter(|rest| ends && rest.starts_with([' ', '\t']))?;
    let value = rest.trim_start_matches([' ', '\t']);
    let value = value.strip_prefix(['"', '\'', '`', '(']).unwrap_or(value);
    Some(text.len() - value.len())
}

/// Whether the value looks random, and not like what else stands behind such names.
fn is_kept(text: &str, value: &Range<usize>) -> bool {
    let Some(secret) = text.get(value.clone()) else { return false };
    is_random(secret.as_bytes())
        && !is_placeholder(secret)
        && !is_wordy(secret)
        && !is_digest(secret)
        && !is_published(secret)
}

/// Whether letters and digits are mixed as chance does it. What is one run of them in one case, or a
/// UUID, may have as little entropy as a random one of its length and alphabet.
fn is_random(value: &[u8]) -> bool {
    let any = |is: fn(&u8) -> bool| value.iter().any(is);
    let all = |is: fn(&u8) -> bool| value.iter().all(|byte| is(byte) || *byte == b'-');
    if !any(u8::is_ascii_digit) || !any(u8::is_ascii_alphabetic) {
        return false;
    }
    let bits = entropy(value);
    let run = !value.contains(&b'-') || std::str::from_utf8(value).is_ok_and(is_uuid);
    if bits > BITS || value.len() < LEAST_RUN || !run || !all(u8::is_ascii_alphanumeric) {
        return bits > BITS;
    }
    // Capitals inside are what identifiers have.
    if any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase) {
        return false;
    }
    let alphabet = if all(u8::is_ascii_hexdigit) { 16.0 } else { 36.0 };
    let length = u8::try_from(value.len()).map_or(f64::INFINITY, f64::from);
    bits > (length * alphabet / (length + alphabet)).log2() - MARGIN
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
    // An account or a contract of a blockchain is public.
    ["sha1", "sha256", "sha384", "sha512", "md5"].contains(&algorithm) && algorithm != value
        || value.len() == ADDRESS && value.starts_with("0x")
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
            || matches!(byte, b'!' | b'?' | b'&' | b'*')
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
            ("token_contract", "token"),
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
    fn random_letters_and_digits_may_have_as_little_entropy_as_their_length_allows() {
        for value in [
            "0a0a1b1b0a0a1b1b0a0a1b1b",
            "00000000deadbeef",
            "20241031t124559z",
            "customerorder2024",
            "staging2cluster1",
            "PrivateSec1KeyDer",
            "my-app-2024-test",
            "7fd3a1c9e2b",
            "a0a0a0a0-b1b1-a0a0-b1b1-a0a0a0a0b1b1",
        ] {
            assert_eq!(named(&format!("api_key: {value}"), "api"), None, "{value}");
        }
        for value in [
            "7fd3a1c9e2b84f60",
            "f3a3c9c1f9a0c8e03a8f1c97",
            "9c1185a5c5e9fc548b2258d3115c598a",
            "kq7tkz2mq7xbv1ck",
            "5d0d7b1d-9db4-4b86-bdd7-6d1b08d3b954",
        ] {
            assert!(entropy(value.as_bytes()) < BITS || value.len() < 20, "{value}");
            assert_eq!(named(&format!("api_key: {value}"), "api"), Some(value), "{value}");
        }
    }

    #[test]
    fn a_token_that_is_said_to_be_one_is_found() {
        const VALUE: &str = "vT7q2XkLm9Rw4Bz8Nc5H";
        for (text, word) in [
            ("the token is expired2024-10-12", "token"),
            ("the secret is in the sauce2024 recipe", "secret"),
            ("the csrf token is vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("the token id is vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("the key is vT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("the token is: not `vT7q2XkLm9Rw4Bz8Nc5H`", "token"),
            ("param Ed25519PrivateKey|Ed25519PublicKey|x", "Key"),
            ("token: 0x52908400098527886E0F7030069857D2E4169EE7", "token"),
            ("token: ****vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("api key=**** vT7q2XkLm9Rw4Bz8Nc5H", "key"),
        ] {
            assert_eq!(named(text, word), None, "{text}");
        }
        for (text, word) in [
            ("the token is vT7q2XkLm9Rw4Bz8Nc5H.", "token"),
            ("the token is `vT7q2XkLm9Rw4Bz8Nc5H`", "token"),
            ("the client secret is vT7q2XkLm9Rw4Bz8Nc5H", "secret"),
            ("Token for the bot is vT7q2XkLm9Rw4Bz8Nc5H", "Token"),
            ("the api key is `vT7q2XkLm9Rw4Bz8Nc5H`", "api"),
            ("**API key:** vT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("API key: **vT7q2XkLm9Rw4Bz8Nc5H**", "key"),
            ("| API key | vT7q2XkLm9Rw4Bz8Nc5H |", "key"),
        ] {
            assert_eq!(named(text, word), Some(VALUE), "{text}");
        }
    }

    #[test]
    fn a_value_without_a_sign_before_it_needs_an_option_or_the_kind_of_key() {
        const VALUE: &str = "vT7q2XkLm9Rw4Bz8Nc5H";
        for (text, word) in [
            ("use the key vT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("the key `vT7q2XkLm9Rw4Bz8Nc5H`", "key"),
            ("buy token EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "token"),
            ("api key rotation-2024-plan-q3-east1-x", "key"),
            ("auth token middleware_v2_handler_2024", "token"),
            ("api key vT7q2XkLm9Rw4", "key"),
            ("api key id vT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("api keyvT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("access granted to vT7q2XkLm9Rw4Bz8Nc5H", "access"),
            ("aws --starting-token vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("aws --next-token vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("aws --client-token 5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954", "token"),
            ("apt --key vT7q2XkLm9Rw4Bz8Nc5H", "key"),
        ] {
            assert_eq!(named(text, word), None, "{text}");
        }
        for (text, word) in [
            ("use this api key vT7q2XkLm9Rw4Bz8Nc5H, thanks", "key"),
            ("api key `vT7q2XkLm9Rw4Bz8Nc5H`", "key"),
            ("the api key (vT7q2XkLm9Rw4Bz8Nc5H)", "key"),
            ("here's the access token vT7q2XkLm9Rw4Bz8Nc5H", "token"),
            ("x --token vT7q2XkLm9Rw4Bz8Nc5H -v", "token"),
            ("x --api-key vT7q2XkLm9Rw4Bz8Nc5H", "key"),
            ("#define API_KEY \"vT7q2XkLm9Rw4Bz8Nc5H\"", "KEY"),
        ] {
            assert_eq!(named(text, word), Some(VALUE), "{text}");
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
