use schemars::JsonSchema;
use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

use crate::detect::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, Probe, Scan, TextDetector,
};
use crate::policy::{Action, Build};

#[doc = include_str!("emoji_limit.md")]
pub(crate) struct EmojiLimit;

/// Options of `emoji-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "EmojiLimitOptions")]
pub(crate) struct Options {
    /// How many emoji a text may have, 20 unless set.
    most: usize,
}

impl Detector for EmojiLimit {
    const NAME: &'static str = "emoji-limit";
    const SUMMARY: &'static str = "more emoji than a message needs";
    const PAGE: &'static str = include_str!("emoji_limit.md");
    const LABEL: &'static str = "emoji";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::EMOJI);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { most: 20 }
    }
}

const SURPLUS: Evidence = Evidence::of(&[("more emoji than the limit", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        // Each has such a character: where they are few, there is nothing to divide.
        if usize::try_from(scan.landmarks().emoji()).is_ok_and(|emoji| emoji <= self.most) {
            return;
        }
        let mut count = 0;
        for (start, stretch) in stretches(scan.text()) {
            // They begin with one of these bytes, as few other characters do.
            let chance = stretch.bytes().any(|byte| matches!(byte, 0xe2 | 0xef | 0xf0));
            if !chance || !stretch.contains(is_part) {
                continue;
            }
            for (at, part) in stretch.grapheme_indices(true).filter(|(_, part)| is_emoji(part)) {
                count += 1;
                if count > self.most {
                    let start = start + at;
                    hits.push(start..start + part.len(), EmojiLimit::LABEL, SURPLUS);
                }
            }
        }
    }
}

/// The stretches of a text outside ASCII, each with the character before it, which may be the first
/// of a cluster.
fn stretches(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..)?;
        let first = at + rest.iter().position(|byte| !byte.is_ascii())?;
        let behind = text.as_bytes().get(first..)?;
        let end = first + behind.iter().position(u8::is_ascii).unwrap_or(behind.len());
        let start = if first > at { first - 1 } else { first };
        at = end;
        Some((start, text.get(start..end)?))
    })
}

/// Whether a grapheme cluster is drawn as an emoji: one that is so by itself, or any character
/// with the selector for it or the keycap.
fn is_emoji(part: &str) -> bool {
    part.chars().next().is_some_and(is_pictorial) || part.contains(is_selector)
}

/// Whether the character is drawn as an emoji, or makes another one.
pub(in crate::detect) fn is_part(character: char) -> bool {
    is_pictorial(character) || is_selector(character)
}

fn is_pictorial(character: char) -> bool {
    matches!(character,
        '\u{1f300}'..='\u{1faff}' | '\u{1f000}'..='\u{1f2ff}' | '\u{2600}'..='\u{27bf}' | '\u{231a}' | '\u{231b}'
        | '\u{23e9}'..='\u{23fa}' | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe0f}' | '\u{20e3}')
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn letters_and_signs_are_no_emoji() {
        assert!(found("emoji-limit", "{ most = 0 }", "é 日本 © → 5 :) ½").is_empty());
    }

    #[test]
    fn a_family_or_a_flag_is_one() {
        let text = "👩‍👩‍👧 🇩🇪 1️⃣ ❤️ 👍🏽";
        assert!(found("emoji-limit", "{ most = 5 }", text).is_empty());
        assert_eq!(found("emoji-limit", "{ most = 3 }", text), ["❤️", "👍🏽"]);
    }
}
