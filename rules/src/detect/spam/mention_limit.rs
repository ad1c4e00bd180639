use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::listed::Listed;
use crate::detect::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, Probe, Scan, TextDetector, word,
};
use crate::policy::{Action, Build};

#[doc = include_str!("mention_limit.md")]
pub(crate) struct MentionLimit;

/// Options of `mention-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "MentionLimitOptions")]
pub(crate) struct Options {
    /// How many mentions a text may have, 10 unless set.
    most: usize,
    /// Whether those of everybody (`@everyone`, `@here`, `@channel`, `@all`) are found whatever
    /// their number; they are not, unless set.
    everyone: bool,
}

impl Detector for MentionLimit {
    const NAME: &'static str = "mention-limit";
    const SUMMARY: &'static str = "more mentions than a message needs";
    const PAGE: &'static str = include_str!("mention_limit.md");
    const LABEL: &'static str = "mention";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::AT);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { most: 10, everyone: false }
    }
}

const SURPLUS: Evidence = Evidence::of(&[("more mentions than the limit", 100)]);
const EVERYONE: Evidence = Evidence::of(&[("a mention of everybody", 100)]);

/// Names that stand for everybody.
const ALL: Listed = Listed::of("all channel everyone here");

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut count = 0;
        let mut at = 0;
        let mut last = 0;
        while let Some(next) = memchr::memchr(b'@', scan.bytes().get(at..).unwrap_or_default()) {
            let sign = at + next;
            at = sign + 1;
            // An address has a name before the sign.
            let before = scan.before(sign);
            if before.is_some_and(|before| word::continues(before) || before == '.') {
                continue;
            }
            // A member's page, unless mentions are parted so: `@ann/@bob`.
            if before == Some('/') && last + 1 != sign {
                continue;
            }
            let Some(name) = scan.text().get(at..).map(name) else { break };
            if name.is_empty() {
                continue;
            }
            let range = sign..at + name.len();
            at = range.end;
            last = range.end;
            // A package of a scope: `@types/node`.
            if let Some([b'/', next, ..]) = scan.bytes().get(at..)
                && (next.is_ascii_lowercase() || next.is_ascii_digit())
            {
                continue;
            }
            count += 1;
            if self.everyone && ALL.has(name) {
                hits.push(range, MentionLimit::LABEL, EVERYONE);
            } else if count > self.most {
                hits.push(range, MentionLimit::LABEL, SURPLUS);
            }
        }
    }
}

/// The name at the beginning of `text`: letters, digits, and what joins them.
fn name(text: &str) -> &str {
    let joins = |one: char| matches!(one, '_' | '-' | '.' | '!' | '&');
    let length = text.find(|one: char| !word::continues(one) && !joins(one)).unwrap_or(text.len());
    text.get(..length).unwrap_or_default().trim_end_matches(joins)
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn addresses_and_lone_signs_are_no_mentions() {
        assert!(
            found("mention-limit", "{ most = 0 }", "a@example.com, @ home, 5 @ 3 @@").is_empty()
        );
        for text in ["https://medium.com/@bob", "npm i @types/node @babel/core", "x.com/@a/@"] {
            assert!(found("mention-limit", "{ most = 0 }", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_above_the_limit_is_found() {
        assert_eq!(
            found("mention-limit", "{ most = 1 }", "@ann, @bob and <@123>."),
            ["@bob", "@123"]
        );
        assert_eq!(
            found("mention-limit", "{ most = 0 }", "@ann/@bob @carol/ @dave/Eve"),
            ["@ann", "@bob", "@carol", "@dave"]
        );
    }

    #[test]
    fn everybody_is_found_when_asked() {
        let text = "@Everyone @ann";
        assert!(found("mention-limit", "{}", text).is_empty());
        assert_eq!(found("mention-limit", "{ everyone = true }", text), ["@Everyone"]);
    }
}
