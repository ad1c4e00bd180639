//! `when` and `unless`: to which messages a rule applies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::message::{Message, Persistence};
use crate::policy::OneOrMany;

/// A condition as it is written: every key given must hold; of a list, one entry is enough.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Condition")]
pub struct ConditionSource {
    /// Patterns for the sender's ARN; `*` stands for any run of characters.
    pub sender: Option<OneOrMany>,
    /// Patterns for the channel's ARN.
    pub channel: Option<OneOrMany>,
    /// Keys of the message's JSON metadata (`a.b` for a nested one) and patterns for their values.
    /// Numbers and booleans are compared as they are written in JSON.
    pub metadata: Option<BTreeMap<String, OneOrMany>>,
    /// Whether the service stores the message.
    pub persistence: Option<Persistence>,
    /// Whether a bot or a user sent it.
    pub sender_kind: Option<SenderKind>,
    /// Whether the message is new or an edit.
    pub event: Option<EventKind>,
}

impl ConditionSource {
    /// Whether it asks about nothing.
    pub(crate) fn is_empty(&self) -> bool {
        let metadata = self.metadata.as_ref().is_none_or(BTreeMap::is_empty);
        self.sender.is_none()
            && self.channel.is_none()
            && metadata
            && self.persistence.is_none()
            && self.sender_kind.is_none()
            && self.event.is_none()
    }
}

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SenderKind {
    /// An app instance user.
    User,
    /// An app instance bot.
    Bot,
}

/// What happened to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// It was sent.
    New,
    /// It was edited.
    Edit,
}

/// A condition ready to ask. One without any key holds for every message.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    sender: Option<Vec<Glob>>,
    channel: Option<Vec<Glob>>,
    metadata: Vec<(String, Vec<Glob>)>,
    persistence: Option<Persistence>,
    sender_kind: Option<SenderKind>,
    event: Option<EventKind>,
}

impl From<ConditionSource> for Condition {
    fn from(source: ConditionSource) -> Self {
        let globs = |patterns: OneOrMany| -> Vec<Glob> {
            patterns.0.into_iter().map(|pattern| Glob::new(&pattern.value)).collect()
        };
        Self {
            sender: source.sender.map(globs),
            channel: source.channel.map(globs),
            metadata: source
                .metadata
                .into_iter()
                .flatten()
                .map(|(key, patterns)| (key, globs(patterns)))
                .collect(),
            persistence: source.persistence,
            sender_kind: source.sender_kind,
            event: source.event,
        }
    }
}

impl Condition {
    /// Whether it holds for a message as it was sent.
    pub fn holds(&self, message: &Message) -> bool {
        let any = |globs: &Option<Vec<Glob>>, text: &str| {
            globs.as_ref().is_none_or(|globs| globs.iter().any(|glob| glob.matches(text)))
        };
        any(&self.sender, &message.sender.arn)
            && any(&self.channel, &message.channel)
            && self.persistence.is_none_or(|wanted| message.persistence == Some(wanted))
            && self.sender_kind.is_none_or(|kind| {
                // Who is not named is neither.
                !message.sender.arn.is_empty()
                    && (kind == SenderKind::Bot) == message.sender.is_bot()
            })
            && self.event.is_none_or(|kind| (kind == EventKind::Edit) == message.edited)
            && self.metadata_holds(message)
    }

    fn metadata_holds(&self, message: &Message) -> bool {
        if self.metadata.is_empty() {
            return true;
        }
        let metadata = message.metadata.as_deref().unwrap_or_default();
        let Ok(metadata) = serde_json::from_str::<serde_json::Value>(metadata) else {
            return false;
        };
        self.metadata.iter().all(|(key, globs)| {
            let value = metadata
                .get(key)
                .or_else(|| key.split('.').try_fold(&metadata, |value, part| value.get(part)));
            let text = match value {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => return false,
            };
            globs.iter().any(|glob| glob.matches(&text))
        })
    }
}

/// A pattern in which `*` stands for any run of characters, the empty one too. It must match the
/// whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// The parts between the stars.
    parts: Vec<String>,
}

impl Glob {
    /// Every text is a pattern.
    pub fn new(pattern: &str) -> Self {
        Self { parts: pattern.split('*').map(str::to_owned).collect() }
    }

    /// Linear in the text for each part: each is looked for once, from where the last one ended.
    pub fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_some_and(|whole| whole == text);
        };
        let Some(mut rest) =
            text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        middle.iter().all(|part| match rest.split_once(part.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Glob::new(pattern).matches(text)
    }

    #[test]
    fn a_glob_matches_the_whole_text() {
        assert!(!matches("user", "user/alice"));
        assert!(matches("user", "user"));
        assert!(matches("*/user/mod-*", "arn:x/user/mod-7"));
        assert!(!matches("*/user/mod-*", "arn:x/user/alice"));
        assert!(matches("*", ""));
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(!matches("ab*bc", "abc"));
        assert!(!matches("a*b*c", "acb"));
    }

    fn condition(text: &str) -> Condition {
        Condition::from(toml::from_str::<ConditionSource>(text).unwrap())
    }

    #[test]
    fn a_metadata_condition_reads_json() {
        let mut message = Message::text("x");
        let vip = condition("metadata = { 'user.vip' = 'true' }");
        assert!(!vip.holds(&message));
        message.metadata = Some(r#"{"user":{"vip":true}}"#.into());
        assert!(vip.holds(&message));
        message.metadata = Some(r#"{"user":{"vip":"trueish"}}"#.into());
        assert!(!vip.holds(&message));
        message.metadata = Some("not json".into());
        assert!(!vip.holds(&message));
    }

    #[test]
    fn an_unknown_sender_is_neither_user_nor_bot() {
        let mut message = Message::text("x");
        assert!(!condition("sender-kind = 'user'").holds(&message));
        assert!(!condition("sender-kind = 'bot'").holds(&message));
        message.sender.arn = "arn:aws:chime:us-east-1:1:app-instance/i/bot/b".to_owned();
        assert!(condition("sender-kind = 'bot'").holds(&message));
        assert!(!condition("sender-kind = 'user'").holds(&message));
    }

    #[test]
    fn every_key_must_hold() {
        let message = Message { edited: true, ..Message::text("x") };
        assert!(condition("event = 'edit'").holds(&message));
        assert!(!condition("event = 'edit'\npersistence = 'PERSISTENT'").holds(&message));
        assert!(!condition("event = 'new'").holds(&message));
    }
}
