use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, Build, Code};

#[doc = include_str!("capitals_limit.md")]
pub(crate) struct CapitalsLimit;

/// Options of `capitals-limit`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "CapitalsLimitOptions")]
pub(crate) struct Options {
    /// How much of the letters may be capitals, in percent, 70 unless set.
    percent: usize,
    /// How many letters that have a small form a text must hold to be judged, 12 unless set.
    least: usize,
}

impl Detector for CapitalsLimit {
    const NAME: &'static str = "capitals-limit";
    const SUMMARY: &'static str = "texts that are mostly capital letters";
    const PAGE: &'static str = include_str!("capitals_limit.md");
    const LABEL: &'static str = "capitals";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        if options.percent > 100 {
            build.mistake_here(
                Code::InvalidOption,
                "`percent` is more than 100".to_owned(),
                "write `percent = 70`, for instance".to_owned(),
            );
        }
        Probe::Text(Box::new(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { percent: 70, least: 12 }
    }
}

/// The shortest word with a digit in it whose letters say nothing of shouting, in bytes.
const SHORTEST_CODE: usize = 10;

const SHOUTED: Evidence = Evidence::of(&[("a larger part capitals than the limit", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let text = scan.text();
        let mut large = count_bytes(scan.bytes(), u8::is_ascii_uppercase);
        let mut all = count_bytes(scan.bytes(), u8::is_ascii_alphabetic);
        if !scan.landmarks().is_ascii() {
            for character in text.chars().filter(|one| !one.is_ascii() && !has_no_case(*one)) {
                let capital = character.is_uppercase();
                large += u32::from(capital);
                all += u32::from(capital || character.is_lowercase());
            }
        }
        let count = |letters: u32| usize::try_from(letters).unwrap_or(usize::MAX);
        let is_over =
            |large: usize, all: usize| all >= self.least && large * 100 > all * self.percent;
        let (large, all) = (count(large), count(all));
        // Codes are looked for only in what would be shouting with them.
        if !is_over(large, all) {
            return;
        }
        let codes = scan.tokens().iter().filter(|token| token.digits > 0);
        let codes = codes.filter(|token| token.length() >= SHORTEST_CODE);
        let (large, all) = codes.fold((large, all), |(large, all), code| {
            let bytes = scan.bytes().get(code.range()).unwrap_or_default();
            let letters = count_bytes(bytes, u8::is_ascii_alphabetic);
            (large - count(count_bytes(bytes, u8::is_ascii_uppercase)), all - count(letters))
        });
        if !is_over(large, all) {
            return;
        }
        let last = text.char_indices().rev().find(|(_, one)| one.is_uppercase());
        if let (Some(first), Some((last, capital))) = (text.find(char::is_uppercase), last) {
            hits.push(first..last + capital.len_utf8(), CapitalsLimit::LABEL, SHOUTED);
        }
    }
}

/// Whether the character is of the scripts from Hebrew to Myanmar or of East Asia, or an emoji, which
/// have no capitals.
fn has_no_case(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{109f}'
            | '\u{3000}'..='\u{a63f}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{1f200}'..='\u{1faff}'
    )
}

/// How many of the bytes are such. Added up in a byte each, so that the compiler counts as many at
/// once as it can.
fn count_bytes(bytes: &[u8], is_such: impl Fn(&u8) -> bool) -> u32 {
    const MOST: usize = 128;
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(is_such(byte))).sum::<u8>();
    bytes.chunks(MOST).map(|chunk| u32::from(count(chunk))).sum()
}

#[cfg(test)]
mod tests {
    use super::has_no_case;
    use crate::detect::tests::found;

    #[test]
    fn what_has_no_case_is_neither_large_nor_small() {
        for character in ('\0'..=char::MAX).filter(|one| has_no_case(*one)) {
            assert!(!character.is_uppercase() && !character.is_lowercase(), "{character:?}");
        }
    }

    #[test]
    fn a_short_text_is_not_judged() {
        assert!(found("capitals-limit", "{}", "OK NASA FYI").is_empty());
        assert!(found("capitals-limit", "{}", "日本語 12345 !!!").is_empty());
    }

    #[test]
    fn a_code_is_not_shouted() {
        for text in ["see 01KVYN7NZDY4F8MGOSYJPWK4KT", "1ZM2I27SSKK569CD49, 1ZYGLJS7PJYV45Q06N ok"]
        {
            assert!(found("capitals-limit", "{}", text).is_empty(), "{text}");
        }
        for text in ["PLEASE SEND ME 01KVYN7NZDY4F8MGOSYJPWK4KT NOW", "G3T TH1S N0W OR NEV3R"] {
            assert_eq!(found("capitals-limit", "{}", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn shouting_is_found_from_the_first_capital_to_the_last() {
        assert!(found("capitals-limit", "{}", "The NASA and ESA Missions").is_empty());
        assert_eq!(
            found("capitals-limit", "{}", "well, READ THIS RIGHT NOW!"),
            ["READ THIS RIGHT NOW"]
        );
        assert_eq!(found("capitals-limit", "{ least = 3 }", "ПРИВЕТ"), ["ПРИВЕТ"]);
    }
}
