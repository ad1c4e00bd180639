use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, At, Build, Code, OneOrMany};

/// The most bytes a compiled expression may take. A Unicode class takes some kilobytes; this is
/// where a counted repetition of one gets out of hand.
const MOST_BYTES: usize = 256 << 10;

#[doc = include_str!("pattern.md")]
pub(crate) struct Pattern;

/// Options of `pattern`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "PatternOptions")]
pub(crate) struct Options {
    /// A regular expression, or a list of them, in the syntax of Rust's `regex` crate.
    #[schemars(required, with = "OneOrMany")]
    patterns: Option<At<OneOrMany>>,
    /// Whether capital and small letters are told apart; they are not, unless set.
    case_sensitive: bool,
    /// Whether `\w`, `\d`, `\s` and `\b` mean those of ASCII: faster, and a digit is then 0–9.
    ascii: bool,
}

impl Detector for Pattern {
    const NAME: &'static str = "pattern";
    const SUMMARY: &'static str = "what a regular expression matches, in linear time";
    const PAGE: &'static str = include_str!("pattern.md");
    const LABEL: &'static str = "redacted";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const READS_ESCAPES: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let (case_sensitive, ascii) = (options.case_sensitive, options.ascii);
        let patterns = options.patterns.map(At::placed).unwrap_or_default();
        if patterns.is_empty() {
            build.mistake_here(
                Code::MissingKey,
                "`patterns` is missing or empty".to_owned(),
                "add `patterns = ['\\border \\d+']`, for instance".to_owned(),
            );
        }
        let compile = |pattern: At<String>| {
            let regex = compile(&pattern, case_sensitive, ascii, build)?;
            if regex.is_match("") {
                build.mistake(
                    Code::PatternMatchesEmpty,
                    pattern.range,
                    "the expression matches the empty text".to_owned(),
                    "replace a `*` by a `+`, or a `?` by what must be there".to_owned(),
                );
                return None;
            }
            Some(regex)
        };
        Probe::Text(Box::new(Expressions(patterns.into_iter().filter_map(compile).collect())))
    }
}

/// The bounded builder: every expression of a policy is compiled here.
pub(crate) fn compile(
    At { value, range }: &At<String>,
    case_sensitive: bool,
    ascii: bool,
    build: &mut Build<'_>,
) -> Option<Regex> {
    // Without Unicode, `.` and negated classes could match half a character; only the escapes that
    // a user thinks of as ASCII are narrowed, by a flag inside the expression.
    let narrowed;
    let pattern = if ascii {
        narrowed = narrow(value);
        &narrowed
    } else {
        value
    };
    let built = RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(MOST_BYTES)
        .dfa_size_limit(MOST_BYTES)
        .build();
    match built {
        Ok(regex) => Some(regex),
        Err(regex::Error::CompiledTooBig(_)) => {
            build.mistake(
                Code::PatternTooLarge,
                range.clone(),
                format!("the expression takes more than {} KiB compiled", MOST_BYTES >> 10),
                "write smaller counts, or `ascii = true`".to_owned(),
            );
            None
        }
        Err(error) => {
            // The last line says what is wrong; those before draw the expression.
            let text = error.to_string();
            let why = text.lines().last().unwrap_or_default();
            let why = why.strip_prefix("error: ").unwrap_or(why);
            let help = if why.starts_with("look-around") || why.starts_with("backreferences") {
                "they are not there, because they take more than linear time"
            } else {
                "write a backslash before a sign that is meant as it stands"
            };
            build.mistake(
                Code::InvalidPattern,
                range.clone(),
                format!("not a regular expression: {why}"),
                help.to_owned(),
            );
            None
        }
    }
}

/// The expression with `\w`, `\d`, `\s` and `\b`, and their negations, narrowed to ASCII.
fn narrow(pattern: &str) -> String {
    let mut narrowed = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = 0_u32;
    while let Some(character) = characters.next() {
        match character {
            '[' => in_class += 1,
            ']' => in_class = in_class.saturating_sub(1),
            _ => {}
        }
        if character != '\\' {
            narrowed.push(character);
            continue;
        }
        let Some(escaped) = characters.next() else {
            narrowed.push('\\');
            break;
        };
        let class = match escaped {
            'd' => Some("[0-9]"),
            'D' => Some("[^0-9]"),
            'w' => Some("[0-9A-Za-z_]"),
            'W' => Some("[^0-9A-Za-z_]"),
            's' => Some("[\\t\\n\\v\\f\\r ]"),
            'S' => Some("[^\\t\\n\\v\\f\\r ]"),
            // An ASCII word boundary lies between two ASCII bytes or beside one, never inside a
            // character; the negated one could, so it stays as it is.
            'b' if in_class == 0 => Some("(?-u:\\b)"),
            _ => None,
        };
        match class {
            Some(class) => narrowed.push_str(class),
            None => narrowed.extend(['\\', escaped]),
        }
    }
    narrowed
}

/// A match of the user's own expression is what the user says it is.
const MATCHED: Evidence = Evidence::of(&[("the expression matches", 100)]);

struct Expressions(Vec<Regex>);

impl TextDetector for Expressions {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        for regex in &self.0 {
            for found in regex.find_iter(scan.text()) {
                hits.push(found.range(), Pattern::LABEL, MATCHED);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use crate::policy::{Code, NoResources, Policy};

    fn codes(options: &str) -> Vec<Code> {
        let text = format!(
            "[[rule]]\nid = 'r'\ndetect = 'pattern'\naction = 'deny'\noptions = {options}\n"
        );
        Policy::load(&text, &NoResources)
            .err()
            .map(|mistakes| mistakes.0.into_iter().map(|one| one.code).collect())
            .unwrap_or_default()
    }

    #[test]
    fn ascii_leaves_other_scripts_alone() {
        let message = "order ٣٤ and order 34";
        assert_eq!(
            found("pattern", r"{ patterns = 'order \d+', ascii = true }", message),
            ["order 34"]
        );
        assert_eq!(found("pattern", r"{ patterns = 'order \d+' }", message).len(), 2);
    }

    #[test]
    fn an_escaped_class_inside_brackets_is_narrowed_too() {
        assert_eq!(super::narrow(r"[\d\-]\b\\d"), r"[[0-9]\-](?-u:\b)\\d");
        assert_eq!(found("pattern", r"{ patterns = '[\w-]+', ascii = true }", "é a-b"), ["a-b"]);
    }

    #[test]
    fn capitals_are_told_apart_only_when_asked() {
        assert_eq!(found("pattern", "{ patterns = 'ab' }", "AB ab"), ["AB", "ab"]);
        assert_eq!(found("pattern", "{ patterns = 'ab', case-sensitive = true }", "AB ab"), ["ab"]);
    }

    #[test]
    fn every_bad_expression_is_a_mistake_of_its_own() {
        assert_eq!(
            codes(r"{ patterns = ['(a', 'a*', '(?=a)', '\pL{5000}', 'fine'] }"),
            [
                Code::InvalidPattern,
                Code::PatternMatchesEmpty,
                Code::InvalidPattern,
                Code::PatternTooLarge
            ]
        );
        assert_eq!(codes("{ }"), [Code::MissingKey]);
    }
}
