use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::{
    ANY_ACTION, Detector, Evidence, Hits, Landmarks, Needs, Probe, Scan, TextDetector, word,
};
use crate::policy::{Action, Build};

#[doc = include_str!("invisible_text.md")]
pub(crate) struct InvisibleText;

/// Options of `invisible-text`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "InvisibleTextOptions")]
pub(crate) struct Options {
    /// How many a text may have, none unless set.
    most: usize,
}

impl Detector for InvisibleText {
    const NAME: &'static str = "invisible-text";
    const SUMMARY: &'static str = "characters that are drawn as nothing";
    const PAGE: &'static str = include_str!("invisible_text.md");
    const LABEL: &'static str = "invisible";
    const GROUPS: &'static [&'static str] = &["spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const NEEDS: Needs = Needs::kinds(Landmarks::INVISIBLE);
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, _: &mut Build<'_>) -> Probe {
        Probe::Text(Box::new(options))
    }
}

#[expect(clippy::derivable_impls, reason = "the page and the schema name this default")]
impl Default for Options {
    fn default() -> Self {
        Self { most: 0 }
    }
}

const INVISIBLE: Evidence = Evidence::of(&[("drawn as nothing", 100)]);

impl TextDetector for Options {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let mut count = 0;
        let mut flag = 0;
        for (at, character) in scan.text().char_indices() {
            if !is_invisible(character) {
                // The flags of England, Scotland and Wales are spelt with tags.
                if character == '\u{1f3f4}' {
                    let tags = scan.text().get(at + character.len_utf8()..).unwrap_or_default();
                    flag = at + character.len_utf8() + region(tags);
                }
                continue;
            }
            let range = at..at + character.len_utf8();
            if at < flag {
                continue;
            }
            if !is_needed(character, scan.before(at), scan.behind(range.end)) {
                count += 1;
                if count > self.most {
                    hits.push(range, InvisibleText::LABEL, INVISIBLE);
                }
            }
        }
    }
}

/// Length of the tags at the beginning of `text`, if they are a region's: at most six small letters
/// and digits, and the tag that ends them. Others carry text.
fn region(text: &str) -> usize {
    const MOST: usize = 6;
    // Each tag has four bytes.
    let mut tags = text.as_bytes().chunks(4);
    let in_name = |tag: &&[u8]| {
        matches!(tag, [0xf3, 0xa0, 0x80, 0xb0..=0xb9] | [0xf3, 0xa0, 0x81, 0xa1..=0xba])
    };
    let length = tags.clone().take(MOST).take_while(in_name).count();
    let ended = tags.nth(length) == Some("\u{e007f}".as_bytes());
    if length > 0 && ended { (length + 1) * 4 } else { 0 }
}

/// Whether the character is drawn as nothing.
pub(in crate::detect) fn is_invisible(character: char) -> bool {
    // Most characters are told at a glance.
    !matches!(character, ' '..='~')
        && matches!(character,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'
        | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the character does something where it stands: joins emoji, or shapes or directs the
/// letters of scripts that need it.
fn is_needed(character: char, before: Option<char>, behind: Option<char>) -> bool {
    let joins = |one: Option<char>| {
        one.is_some_and(|one| {
            matches!(one, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}'
                | '\u{1780}'..='\u{17ff}' | '\u{1800}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe0f}'
                | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
        })
    };
    let right_to_left = |one: Option<char>| {
        one.is_some_and(|one| matches!(one, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
    };
    match character {
        '\u{200c}' | '\u{200d}' => joins(before),
        // A place to break a line, and variants of ideographs.
        '\u{200b}' | '\u{e0100}'..='\u{e01ef}' => before.is_some_and(word::is_unspaced),
        // Marks of direction, and what isolates a name in a text of another direction.
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2066}'..='\u{2069}' => {
            right_to_left(before) || right_to_left(behind)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn what_scripts_and_emoji_need_is_fine() {
        for text in [
            "👩\u{200d}👩\u{200d}👧",
            "می\u{200c}خواهم",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "שלום\u{200e}!",
            "a\tb\r\n",
        ] {
            assert!(found("invisible-text", "{}", text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn what_hides_is_found() {
        assert_eq!(
            found("invisible-text", "{}", "fr\u{200b}ee\u{202e}x\u{e0041}\u{2800}"),
            ["\u{200b}", "\u{202e}", "\u{e0041}", "\u{2800}"]
        );
        assert_eq!(found("invisible-text", "{ most = 1 }", "\u{ad}a\u{ad}"), ["\u{ad}"]);
        let tags = |text: &str| -> String {
            text.chars().filter_map(|one| char::from_u32(0xe0000 + u32::from(one))).collect()
        };
        let end = '\u{e007f}';
        for (hidden, count) in [
            (format!("{}{end}", tags("ignore")), 0),
            (format!("{}{end}", tags("ignore1")), 8),
            (format!("{}{end}", tags("go on")), 6),
            (format!("{}{end}", tags("GBENG")), 6),
            (tags("gbeng"), 5),
            (end.to_string(), 1),
            (format!("{}{end}{}", tags("gbsct"), tags("x")), 1),
        ] {
            let text = format!("\u{1f3f4}{hidden}!");
            assert_eq!(found("invisible-text", "{}", &text).len(), count, "{text:?}");
        }
    }
}
