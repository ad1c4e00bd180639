use schemars::JsonSchema;
use serde::Deserialize;

use unicode_normalization::char::is_combining_mark;

use crate::detect::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, Probe, Scan, TextDetector,
};
use crate::policy::{Action, Build};

#[doc = include_str!("combining_mark_limit.md")]
pub(crate) struct CombiningMarkLimit;

/// Options of `combining-mark-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "CombiningMarkLimitOptions")]
pub(crate) struct Options {
    /// How many combining marks one letter may carry, 4 unless set. No language writes more.
    most: usize,
}

impl Detector for CombiningMarkLimit {
    const NAME: &'static str = "combining-mark-limit";
    const SUMMARY: &'static str = "letters under heaps of marks";
    const PAGE: &'static str = include_str!("combining_mark_limit.md");
    const LABEL: &'static str = "marks";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::MARK);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { most: 4 }
    }
}

const SURPLUS: Evidence = Evidence::of(&[("more marks on a letter than the limit", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut heap: Option<(usize, usize)> = None;
        let (mut letter, mut end) = (0, 0);
        let mut close = |heap: &mut Option<(usize, usize)>, end: usize| {
            if let Some((start, _)) = heap.take().filter(|(_, count)| *count > self.most) {
                hits.push(start..end, CombiningMarkLimit::LABEL, SURPLUS);
            }
        };
        for (at, character) in scan.text().char_indices() {
            if !character.is_ascii() && is_combining_mark(character) {
                // Selectors choose a drawing; they are not drawn.
                if !matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') {
                    let (start, count) = heap.unwrap_or((letter, 0));
                    heap = Some((start, count + 1));
                }
            } else {
                close(&mut heap, at);
                letter = at;
            }
            end = at + character.len_utf8();
        }
        close(&mut heap, end);
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn languages_with_many_marks_are_fine() {
        for text in ["Tiếng Việt", "בְּרֵאשִׁית", "ที่นี่", "é e\u{301}\u{302}", "नमस्ते", "❤️"]
        {
            assert!(found("combining-mark-limit", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_heap_is_found_with_its_letter() {
        let heap = format!("a{}", "\u{300}\u{316}".repeat(5));
        assert_eq!(found("combining-mark-limit", "{}", &format!("x{heap}y")), [heap.as_str()]);
    }
}
