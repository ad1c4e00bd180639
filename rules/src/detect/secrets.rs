mod address;
mod assignment;
mod automaton;
mod block;
mod catalog;
mod entropy;
mod form;
mod manifest;
mod named;
mod password;
mod placeholder;
mod published;
mod request;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use self::catalog::Known;
pub(super) use self::placeholder::is_made_of_words;
use super::transcript::Transcribed;
use super::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, Build};

#[doc = include_str!("secrets.md")]
pub(crate) struct Secrets;

/// Options of `secrets`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "SecretsOptions")]
pub(crate) struct Options {}

impl Detector for Secrets {
    const NAME: &'static str = "secrets";
    const SUMMARY: &'static str =
        "keys and tokens of some 200 services, private keys, passwords in context";
    const PAGE: &'static str = include_str!("secrets.md");
    const LABEL: &'static str = "secret";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const READS_ESCAPES: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(_: Options, _: &mut Build<'_>) -> Probe {
        // Read now, so that the first message does not wait for it.
        let _: &catalog::Catalog = &catalog::CATALOG;
        Probe::Text(Box::new(Search))
    }
}

const PROVIDER: Evidence = Evidence::of(&[("the form of a service's keys", 95)]);
const BESIDE: Evidence = Evidence::of(&[
    ("the form of a service's keys", 50),
    ("the service's name stands before it", 40),
]);
const NAMED: Evidence = Evidence::of(&[("named like a secret", 50), ("looks random", 25)]);
const PASSWORD: Evidence =
    Evidence::of(&[("behind the word for it", 50), ("letters mixed with other characters", 20)]);
const IN_URL: Evidence = Evidence::of(&[("a password in an address", 85)]);
const IN_REQUEST: Evidence = Evidence::of(&[("credentials of a request", 85)]);
const IN_FILE: Evidence = Evidence::of(&[("a file that keeps keys", 95)]);

struct Search;

impl TextDetector for Search {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        // What a document calls a value says as much as what stands before it in a sentence.
        match scan.name() {
            // Disguised words and signs are read as they look.
            None => Transcribed(Plain).scan(scan, hits),
            Some(name) => {
                let named = format!("\"{name}\":\"{}\"", scan.text());
                look(&named, name.len() + r#""":""#.len(), hits);
            }
        }
    }
}

/// Looks in a text that nothing names.
struct Plain;

impl TextDetector for Plain {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        look(scan.text(), 0, hits);
    }
}

/// Looks in `text`, where the message's own text begins at `offset`: before it stands its name, and
/// behind it a quotation mark.
fn look(text: &str, offset: usize, hits: &mut Hits) {
    let end = text.len() - usize::from(offset > 0);
    let mut report = |range: Range<usize>, evidence: Evidence| {
        // What goes to the end of the text does not hold the mark behind it.
        let range = range.start..range.end.min(end);
        if range.start >= offset && !range.is_empty() {
            hits.push(range.start - offset..range.end - offset, Secrets::LABEL, evidence);
        }
    };
    let signs = catalog::CATALOG.search(text, |range, known| {
        let evidence = match known {
            Known::ByForm => PROVIDER,
            Known::BesideProvider => BESIDE,
            Known::ByName => NAMED,
        };
        report(range, evidence);
    });
    block::private_keys(text, &signs, |range| report(range, IN_FILE));
    block::service_accounts(text, &signs, |range| report(range, IN_FILE));
    manifest::values(text, &signs, |range| report(range, IN_FILE));
    request::commands(text, &signs, |range| report(range, IN_REQUEST));
    request::clients(text, &signs, |range| report(range, IN_REQUEST));
    request::networks(text, &signs, |range| report(range, IN_REQUEST));
    request::headers(text, &signs, |range| report(range, IN_REQUEST));
    address::addresses(text, &signs, |range| report(range, IN_URL));
    password::passwords(text, &signs, |range| report(range, PASSWORD));
    password::pairs(text, &signs, |range| report(range, PASSWORD));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_linear, found, grows_linearly};

    fn secrets(text: &str) -> Vec<&str> {
        found("secrets", "{}", text)
    }

    #[test]
    fn hashes_ids_and_codes_are_not_secrets() {
        for text in [
            "commit 9c1185a5c5e9fc54612808977ee8f548b2258d31",
            "id 5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954, order SKU-88213-XK-2211-AA",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "the key to success is hard work",
            "my password is incorrect",
            "password: [secret]",
            "token: ********",
            "forgot the password again?",
            "API keys are in the vault",
            "api_key = YOUR_API_KEY_HERE",
            "http://user@example.com/",
            "https://example.com:8080/a@b",
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn keys_of_services_are_found() {
        // Put together here, so that no scanner takes this file for a leak.
        let github = format!("gh{}_{}", "p", "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5");
        let aws = format!("AK{}{}", "IA", "Z7QK2LWX5VNR3TYP");
        for key in [github, aws] {
            assert_eq!(secrets(&format!("use {key} please")), [key.as_str()]);
        }
        let block = format!(
            "-----BEGIN {} KEY-----\n{}\n-----END {0} KEY-----",
            "PRIVATE",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCq7Wm2Zr9Tk4Xv1Bn8Lc5Jd3Hs6".repeat(2)
        );
        assert_eq!(secrets(&format!("here:\n{block}\n")), [block.as_str()]);
    }

    #[test]
    fn forms_beyond_gitleaks_are_found() {
        // Put together here, so that no scanner takes this file for a leak.
        let random = "kT7wqP2xLm9zR4vB8nC1jH5dG3sF6aY0eUiOoWpXrQcVtMbNzJlKgSfDhA2e4r6t8y1u3i5o7p9";
        let part = |length: usize| random.get(..length).unwrap().to_owned();
        let hex = "9c1185a5c5e9fc54612808977ee8f548b2258d31e3b0c44298fc1c149afbf4c8";
        let hex = |length: usize| hex.get(..length).unwrap().to_owned();
        for (begin, rest) in [
            ("gsk_", part(52)),
            ("xai-", format!("{}4f8Kq", part(75))),
            ("r8_", part(37)),
            ("nvapi-", part(64)),
            ("figd_", part(40)),
            ("sbp_", hex(40)),
            ("dckr_pat_", part(27)),
            ("ya29.", part(70)),
            ("1//0", part(60)),
            ("whsec_", part(32)),
            ("sk-or-v1-", hex(64)),
            ("discord.com/api/webhooks/", format!("1183120467829612345/{}", part(68))),
            ("sig=", format!("{}%2B{}%3D", part(20), part(22))),
            ("123456789:", format!("AA{}", part(33))),
            ("GOCSPX-", part(28)),
            ("api.telegram.org/bot123456789:", format!("AA{}", part(33))),
            ("sk-ant-oat01-", format!("{}{}AA", part(75), part(18))),
            ("tskey-auth-", format!("{}-{}", part(17), part(32))),
            ("squ_", hex(40)),
            ("nfp_", part(36)),
            ("CCIPAT_", format!("{}_{}", part(22), hex(40))),
            ("CFPAT-", part(43)),
            ("lin_oauth_", hex(64)),
            ("dp.st.prd.", part(43)),
            ("xoxc-", format!("123456789012-123456789012-1234567890123-{}", hex(64))),
            ("xoxd-", format!("{}{}%3D", part(75), part(41))),
            ("access_token$production$", format!("kt7wqp2xlm9zr4vb${}", hex(32))),
            ("tfp_", part(59)),
            ("9c1185a5c5e9fc54612808977ee8f548-", "us14".to_owned()),
            ("pat-na1-", "5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954".to_owned()),
            ("sk.eyJ1Ijoi", format!("{}.{}", part(40), part(22))),
            ("sk-", hex(32)),
        ] {
            let key = format!("{begin}{rest}");
            assert_eq!(secrets(&format!("use {key} here")), [key.as_str()]);
            let short = format!("use {begin}{} here", part(9));
            assert_eq!(secrets(&short), [""; 0], "{short}");
        }
        let routable = format!("glpat-{}.01.{}", part(27), hex(9));
        assert!(secrets(&format!("use {routable} here")).contains(&routable.as_str()));
        let signed = format!(
            "https://a.blob.core.windows.net/b?sv=2024-11-04&sr=b&sig={}%3D&sp=r",
            part(43)
        );
        assert_eq!(secrets(&signed), [format!("sig={}%3D", part(43)).as_str()]);
        assert_eq!(
            secrets(&format!("https://cdn.example.com/v?expire=17&sig={}", hex(64))),
            [""; 0]
        );
    }

    #[test]
    fn passwords_are_found_in_context() {
        assert_eq!(secrets("the password is Summer2024! ok"), ["Summer2024!"]);
        assert_eq!(secrets("pwd: hunter2x"), ["hunter2x"]);
        assert_eq!(secrets("the pw is Blue_182zz"), ["Blue_182zz"]);
        assert_eq!(secrets("<password>hunter@66Rr9</password>"), ["hunter@66Rr9"]);
        assert_eq!(secrets("<input name=password> see b2!"), [""; 0]);
        assert_eq!(secrets("postgres://app:s3cr3t-9@db.internal:5432/x"), ["s3cr3t-9"]);
    }

    #[test]
    fn disguised_words_for_passwords_are_seen_through() {
        for text in ["pass\u{200b}word: S3cret!x", "p\u{ff41}ssword: S3cret!x"] {
            assert_eq!(secrets(text), ["S3cret!x"], "{text}");
        }
        assert_eq!(secrets("password: S3\u{200b}cret!x."), ["S3\u{200b}cret!x"]);
        assert_eq!(secrets("密码是abc12345。谢谢"), ["abc12345"]);
    }

    /// Put together here, so that no scanner takes this file for a leak.
    const RANDOM: &str = "4fK9wZt2Qm7XbV1cR8nL5pJ3hD6gYsA0";

    #[test]
    fn a_form_that_tells_little_needs_its_service_before_it() {
        let key = RANDOM;
        for text in [
            format!("the order {key} was sent"),
            format!("adafruitish talk, then {key}"),
            format!("badafruit_id = {key}"),
            format!("data:image/png;base64,{key}{key}{key}AKIAZ7QK2LWX5VNR3TYP{key}"),
        ] {
            assert_eq!(secrets(&text), [""; 0], "{text}");
        }
        for text in [
            format!("adafruit_io: {key}"),
            format!("AdafruitToken := `{key}`"),
            format!("our adafruit key is {key}."),
            format!("<adafruit>{key}</adafruit>"),
        ] {
            assert_eq!(secrets(&text), [key], "{text}");
        }
    }

    #[test]
    fn what_a_service_gives_ids_to_is_no_secret_of_it() {
        for text in [
            "discord user id: 123456789012345678",
            "hubspot contact: 5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954",
            "datadog trace id: 9c1185a5c5e9fc54612808977ee8f548b2258d31",
            "bitbucket pipeline: 9c1185a5c5e9fc54612808977ee8f548",
            "heroku app id: 5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954",
            "linkedin post: abcdefgh12345678",
            "dropbox link: a1b2c3d4e5f6g7h",
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
        for text in [
            "heroku api key: {}",
            "HEROKU_KEY={}",
            "heroku_prod = {}",
            "heroku: {}",
            "the hubspot token is {}",
        ] {
            let key = "5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954";
            assert_eq!(secrets(&text.replace("{}", key)), [key], "{text}");
        }
    }

    #[test]
    fn what_only_begins_like_a_key_is_a_sample() {
        for text in [
            format!("api_key = glpat-{}", "a1B2c3D4e5"),
            format!("NPM_TOKEN=npm_{}", "a1B2c3D4e5f6g7H8"),
            format!("api_key = AIza{}", "x".repeat(45)),
            "STRIPE_KEY_ID=4fK9wZt2Qm7XbV1c".to_owned(),
            "adobe_token = 9c1185a5c5e9fc54612808977ee8f548b2258d31".to_owned(),
            format!("adafruit_key = a.{RANDOM}"),
            "okta_token = 4fK9wZt2Qm7XbV1c".to_owned(),
        ] {
            assert_eq!(secrets(&text), [""; 0], "{text}");
        }
        assert_eq!(secrets(&format!("api_key = {RANDOM}")), [RANDOM]);
    }

    #[test]
    fn a_form_that_the_table_does_not_know_is_found_by_its_name() {
        const UUID: &str = "5d0c7b1e-93f4-4a86-b2d7-6e1f08c3a954";
        for (name, value) in [
            ("DATADOG_API_KEY=", "9c1185a5c5e9fc54612808977ee8f548".to_owned()),
            ("CODECOV_TOKEN=", UUID.to_owned()),
            ("HUBSPOT_TOKEN=", format!("pat-na1-{UUID}")),
            ("DISCORD_TOKEN=", format!("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.{RANDOM}")),
            ("MAPBOX_TOKEN=", format!("sk.eyJ1Ijoi{RANDOM}.4fK9wZt2Qm7XbV1cR8nL5p")),
            ("adafruit_key = ", format!("{RANDOM}x")),
            ("OKTA_CLIENT_SECRET=", RANDOM.to_owned()),
            ("NPM_TOKEN=", format!("npm_{RANDOM}a1B2c3D4")),
            ("SLACK_TOKEN=", format!("xoxb-{RANDOM}a1B2c3D4")),
            ("api_key: ", format!("AIza{RANDOM}a1B2c3D4e5F6g")),
            ("SENTRY_AUTH_TOKEN=", format!("sntrys_{RANDOM}")),
        ] {
            assert_eq!(secrets(&format!("{name}{value}")), [value.as_str()], "{name}");
        }
    }

    #[test]
    fn time_grows_with_the_text_alone() {
        for part in [
            "eyJ",
            "s.",
            "key = ",
            "password=",
            "pwd:",
            "adafruit ",
            "curl -u a:",
            "mysql ",
            "mysql -p",
            "WIFI:",
            "WIFI:S:x;",
            "password: \"a",
            "password: (",
            "password1",
            "token=\"a1",
            "token ",
            "--token  ",
            "api key ",
            "token is ",
            "token is `",
            "password=\\\"",
            "password&",
            "password=a&",
            "password **",
            "password_prod",
            "password should ",
            "set password to ",
            "a1 as the password ",
            "clave ",
            "-----BEGIN PRIVATE KEY-----",
            "password for ",
            "password (",
            "password is now ",
            "creds: ",
            "creds:a ",
            "pass - ",
            "密码",
        ] {
            grows_linearly("secrets", part);
        }
    }

    #[test]
    fn time_is_linear_within_the_longest_token() {
        assert_linear(
            "secrets",
            "{}",
            &["eyJ", "-eyJ", "EAAM", ".EAAM", "-eyJ-.", "=ZXlKMGVYQWlP"],
        );
    }

    #[test]
    fn a_token_behind_the_beginning_of_another_is_found() {
        let token = "eyJhbGciOiJIUzI1NiJ9aZ4.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x9Qk2Vb7Nm4Rt6Yp1Wd3Fh5J";
        assert_eq!(secrets(&format!("eyJ-eyJ-eyJ {token}")), [token]);
        assert_eq!(secrets(&format!("eyJ.{token}")), [token]);
    }

    #[test]
    fn what_escapes_a_mark_is_no_part_of_a_token() {
        let token = "eyJhbGciOiJIUzI1NiJ9aZ4.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x9Qk2Vb7Nm4Rt6Yp1Wd3Fh5J";
        assert_eq!(secrets(&format!(r#""{{\"token\":\"{token}\"}}""#)), [token]);
        assert_eq!(secrets(&format!(r#"x=\"{token}\""#)), [token]);
    }

    #[test]
    fn the_key_of_a_document_names_its_value() {
        let field = r#"{"user": "ann", "password": "hunter2x", "note": "the password"}"#;
        assert_eq!(secrets(field), ["hunter2x"]);
        assert_eq!(secrets(r#"{"password_policy": "hunter2x", "id": "a1b2c3d4e5f6"}"#), [""; 0]);
    }
}
