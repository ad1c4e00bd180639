use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, Probe, Scan, TextDetector,
};
use crate::policy::{Action, Build};

#[doc = include_str!("newline_limit.md")]
pub(crate) struct NewlineLimit;

/// Options of `newline-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewlineLimitOptions")]
pub(crate) struct Options {
    /// How many line breaks a text may have, 30 unless set.
    most: usize,
    /// How many may stand together, with nothing but spaces between, 5 unless set.
    together: usize,
}

impl Detector for NewlineLimit {
    const NAME: &'static str = "newline-limit";
    const SUMMARY: &'static str = "more line breaks than a message needs";
    const PAGE: &'static str = include_str!("newline_limit.md");
    const LABEL: &'static str = "line-break";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::BREAK);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { most: 30, together: 5 }
    }
}

const SURPLUS: Evidence = Evidence::of(&[("more line breaks than the limit", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let (mut all, mut run) = (0, 0);
        let mut characters = scan.text().char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                _ if is_break(character) => {}
                _ if character.is_whitespace() => continue,
                _ => {
                    run = 0;
                    continue;
                }
            }
            let mut end = at + character.len_utf8();
            if character == '\r'
                && let Some((at, _)) = characters.next_if(|(_, next)| *next == '\n')
            {
                end = at + 1;
            }
            all += 1;
            run += 1;
            if all > self.most || run > self.together {
                hits.push(at..end, NewlineLimit::LABEL, SURPLUS);
            }
        }
    }
}

/// Whether a line ends with the character.
pub(in crate::detect) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn lines_with_something_in_them_are_counted_one_by_one() {
        assert!(
            found("newline-limit", "{ most = 3, together = 1 }", "a\nb\r\nc\u{2028}d").is_empty()
        );
        assert_eq!(found("newline-limit", "{ most = 1 }", "a\nb\r\nc"), ["\r\n"]);
    }

    #[test]
    fn breaks_with_only_spaces_between_stand_together() {
        assert_eq!(found("newline-limit", "{ together = 2 }", "a\n \n\t\nb"), ["\n"]);
    }
}
