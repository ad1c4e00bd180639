use schemars::JsonSchema;
use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

use super::{Detector, Evidence, FieldHits, MessageDetector, Probe, Snapshot, WHOLE_MESSAGE};
use crate::message::Field;
use crate::policy::{Action, At, Build, Code};

#[doc = include_str!("size_limit.md")]
pub(crate) struct SizeLimit;

/// Options of `size-limit`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "SizeLimitOptions")]
pub(crate) struct Options {
    /// The most the content may hold.
    #[schemars(with = "Option<usize>", range(min = 1))]
    content: Option<At<usize>>,
    /// The most the metadata may hold.
    #[schemars(with = "Option<usize>")]
    metadata: Option<At<usize>>,
    /// The most all attributes may hold together, names and values.
    #[schemars(with = "Option<usize>")]
    attributes: Option<At<usize>>,
    /// What is counted.
    unit: Unit,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "SizeUnit")]
enum Unit {
    /// UTF-8 bytes.
    #[default]
    Bytes,
    /// What a reader sees as one character: a grapheme cluster.
    Characters,
}

impl Detector for SizeLimit {
    const NAME: &'static str = "size-limit";
    const SUMMARY: &'static str = "content, metadata or attributes larger than allowed";
    const PAGE: &'static str = include_str!("size_limit.md");
    const LABEL: &'static str = "too-large";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = WHOLE_MESSAGE;
    const READS_FIELDS: bool = false;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        if options.content.is_none() && options.metadata.is_none() && options.attributes.is_none() {
            build.mistake_here(
                Code::MissingKey,
                "no size is limited".to_owned(),
                "add `options = { content = 2000 }`, for instance".to_owned(),
            );
        }
        if let Some(content) = options.content.as_ref().filter(|content| content.value == 0) {
            build.mistake(
                Code::InvalidOption,
                content.range.clone(),
                "no message fits into nothing".to_owned(),
                "write a limit of at least 1".to_owned(),
            );
        }
        let value = |limit: Option<At<usize>>| limit.map_or(usize::MAX, |limit| limit.value);
        Probe::Message(Box::new(Limits {
            content: value(options.content),
            metadata: value(options.metadata),
            attributes: value(options.attributes),
            unit: options.unit,
        }))
    }
}

const TOO_LARGE: Evidence = Evidence::of(&[("larger than the limit", 100)]);

struct Limits {
    content: usize,
    metadata: usize,
    attributes: usize,
    unit: Unit,
}

impl MessageDetector for Limits {
    fn examine(&self, snapshot: &Snapshot<'_>, hits: &mut FieldHits) {
        let mut attributes = 0;
        for (field, text) in &snapshot.texts {
            let most = match field {
                Field::Content => self.content,
                Field::Metadata => self.metadata,
                Field::Attribute(_) | Field::AttributeName(_) => {
                    attributes += self.unit.count(text);
                    continue;
                }
                Field::PushTitle | Field::PushBody => continue,
            };
            if text.len() > most && self.unit.count(text) > most {
                hits.push(*field, None, TOO_LARGE);
            }
        }
        if attributes > self.attributes {
            hits.push(Field::Attribute(0), None, TOO_LARGE);
        }
    }
}

impl Unit {
    fn count(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.graphemes(true).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::places;

    fn exceeds(options: &str, content: &str) -> bool {
        !places("size-limit", options, content).is_empty()
    }

    #[test]
    fn a_message_at_the_limit_passes() {
        assert!(!exceeds("{ content = 5 }", "12345"));
        assert!(exceeds("{ content = 5 }", "123456"));
    }

    #[test]
    fn bytes_and_characters_are_not_the_same() {
        assert!(exceeds("{ content = 3 }", "éé"));
        assert!(!exceeds("{ content = 2, unit = 'characters' }", "e\u{301}👩‍👩‍👧"));
        assert!(exceeds("{ content = 2, unit = 'characters' }", "abc"));
    }
}
