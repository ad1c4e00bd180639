use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Detector, Evidence, FieldHits, MessageDetector, Probe, Snapshot, WHOLE_MESSAGE};
use crate::message::Field;
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("metadata.md")]
pub(crate) struct Metadata;

/// Options of `metadata`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "MetadataOptions")]
pub(crate) struct Options {
    /// Keys that must be there.
    #[schemars(with = "Option<OneOrMany>")]
    required: Option<At<OneOrMany>>,
    /// Keys that must not be there.
    #[schemars(with = "Option<OneOrMany>")]
    forbidden: Option<At<OneOrMany>>,
    /// The only keys that may be there, besides the required ones.
    #[schemars(with = "Option<OneOrMany>")]
    allowed: Option<At<OneOrMany>>,
}

impl Detector for Metadata {
    const NAME: &'static str = "metadata";
    const SUMMARY: &'static str = "metadata that lacks a key, or has one that it should not have";
    const PAGE: &'static str = include_str!("metadata.md");
    const LABEL: &'static str = "metadata";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = WHOLE_MESSAGE;
    const READS_FIELDS: bool = false;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let nothing =
            options.required.is_none() && options.forbidden.is_none() && options.allowed.is_none();
        if nothing {
            build.mistake_here(
                Code::MissingKey,
                "nothing is asked of the metadata".to_owned(),
                "add `required`, `forbidden` or `allowed` to the options".to_owned(),
            );
        }
        let limits_keys = options.allowed.is_some();
        let placed = |list: Option<At<OneOrMany>>| list.map(At::placed).unwrap_or_default();
        let required = placed(options.required);
        let forbidden = placed(options.forbidden);
        for key in &required {
            if forbidden.iter().any(|other| other.value == key.value) {
                build.mistake(
                    Code::InvalidOption,
                    key.range.clone(),
                    format!("`{}` is both required and forbidden", key.value),
                    "keep it in one of the lists".to_owned(),
                );
            }
        }
        let names = |list: Vec<At<String>>| list.into_iter().map(|key| key.value);
        let allowed = limits_keys.then(|| {
            names(placed(options.allowed))
                .chain(required.iter().map(|key| key.value.clone()))
                .collect()
        });
        Probe::Message(Box::new(Keys {
            required: names(required).collect(),
            forbidden: names(forbidden).collect(),
            allowed,
        }))
    }
}

const LACKS: Evidence = Evidence::of(&[("a required key is missing", 100)]);
const FORBIDDEN: Evidence = Evidence::of(&[("a forbidden key is there", 100)]);
const NOT_ALLOWED: Evidence = Evidence::of(&[("a key is there that is not allowed", 100)]);

struct Keys {
    required: Vec<String>,
    forbidden: HashSet<String>,
    allowed: Option<HashSet<String>>,
}

impl MessageDetector for Keys {
    fn examine(&self, snapshot: &Snapshot<'_>, hits: &mut FieldHits) {
        let metadata = snapshot.texts.iter().find(|(field, _)| *field == Field::Metadata);
        let metadata = metadata.map_or("", |(_, text)| text);
        let parsed = serde_json::from_str::<serde_json::Value>(metadata).unwrap_or_default();
        let empty = serde_json::Map::new();
        let keys = parsed.as_object().unwrap_or(&empty);
        if self.required.iter().any(|key| !keys.contains_key(key)) {
            hits.push(Field::Metadata, None, LACKS);
        }
        if keys.keys().any(|key| self.forbidden.contains(key)) {
            hits.push(Field::Metadata, None, FORBIDDEN);
        }
        if let Some(allowed) = &self.allowed {
            let stray = !metadata.trim().is_empty() && !parsed.is_object();
            if stray || keys.keys().any(|key| !allowed.contains(key)) {
                hits.push(Field::Metadata, None, NOT_ALLOWED);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{Code, NoResources, Policy};

    #[test]
    fn a_key_cannot_be_required_and_forbidden() {
        let text = "[[rule]]\nid = 'r'\ndetect = 'metadata'\naction = 'deny'\noptions = { required = 'a', forbidden = ['b', 'a'] }\n";
        let mistakes = Policy::load(text, &NoResources).unwrap_err();
        assert_eq!(mistakes.0.len(), 1);
        assert_eq!(mistakes.0[0].code, Code::InvalidOption);
    }
}
