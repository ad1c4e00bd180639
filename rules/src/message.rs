//! A message as the rules see it.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A channel message: the texts that other members get to see, and what conditions ask about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The body. Empty when the event carried none.
    pub content: Text,
    /// Free text, most often JSON; `None` when unset.
    pub metadata: Option<Text>,
    /// What members' phones show.
    pub push: Option<Push>,
    /// Message attributes: a name and its values.
    pub attributes: BTreeMap<String, Vec<Text>>,
    /// Who sent it.
    pub sender: Sender,
    /// The channel's ARN; empty when unknown.
    pub channel: String,
    /// Whether the service stores it; `None` when the event does not say.
    pub persistence: Option<Persistence>,
    /// Whether this is an edit of a message that was already sent.
    pub edited: bool,
}

impl Message {
    /// A message with this content and nothing else.
    pub fn text(content: impl Into<Text>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Every field that another member gets to see, in a fixed order: content, metadata, push
    /// title, push body, attribute values by name.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &Text)> {
        let content = std::iter::once((Field::Content, &self.content));
        let metadata = self.metadata.iter().map(|text| (Field::Metadata, text));
        let push = self.push.iter().flat_map(|push| {
            let title = push.title.iter().map(|text| (Field::PushTitle, text));
            title.chain(push.body.iter().map(|text| (Field::PushBody, text)))
        });
        let attributes = self
            .attributes
            .values()
            .flatten()
            .enumerate()
            .map(|(index, text)| (Field::Attribute(index), text));
        content.chain(metadata).chain(push).chain(attributes)
    }

    /// The same fields, to be replaced.
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = (Field, &mut Text)> {
        let content = std::iter::once((Field::Content, &mut self.content));
        let metadata = self.metadata.iter_mut().map(|text| (Field::Metadata, text));
        let push = self.push.iter_mut().flat_map(|push| {
            let title = push.title.iter_mut().map(|text| (Field::PushTitle, text));
            title.chain(push.body.iter_mut().map(|text| (Field::PushBody, text)))
        });
        let attributes = self
            .attributes
            .values_mut()
            .flatten()
            .enumerate()
            .map(|(index, text)| (Field::Attribute(index), text));
        content.chain(metadata).chain(push).chain(attributes)
    }

    /// The name of the attribute that holds the value numbered `index` in [`Field::Attribute`].
    pub fn attribute_name(&self, index: usize) -> Option<&str> {
        let mut before = 0;
        self.attributes.iter().find_map(|(name, values)| {
            before += values.len();
            (index < before).then_some(name.as_str())
        })
    }
}

/// The push notification's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Push {
    /// 1–50 characters in the service's model.
    pub title: Option<Text>,
    /// 1–150 characters in the service's model.
    pub body: Option<Text>,
}

/// Who sent a message.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// ARN of an app instance user or bot; empty when unknown.
    pub arn: String,
    /// The display name, which no rule reads and no log shows.
    pub name: Option<Text>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sender")
    }
}

impl Sender {
    /// Whether an app instance bot sent it, as its ARN says.
    pub fn is_bot(&self) -> bool {
        self.arn.contains("/bot/")
    }
}

/// Whether the service keeps a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Persistence {
    /// Stored and listed.
    Persistent,
    /// Delivered to who is connected, stored nowhere.
    NonPersistent,
}

/// A text of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The body.
    Content,
    /// The metadata.
    Metadata,
    /// The push notification's title.
    PushTitle,
    /// The push notification's body.
    PushBody,
    /// The n-th attribute value, counted over all attributes in the order of their names.
    Attribute(usize),
}

impl Field {
    /// The name in policies, logs and findings. Attribute values share one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Metadata => "metadata",
            Self::PushTitle => "push-title",
            Self::PushBody => "push-body",
            Self::Attribute(_) => "attributes",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Message {
        Message {
            content: "c".into(),
            metadata: Some("m".into()),
            push: Some(Push { title: Some("t".into()), body: Some("b".into()) }),
            attributes: BTreeMap::from([
                ("one".to_owned(), vec!["1".into(), "2".into()]),
                ("two".to_owned(), vec!["3".into()]),
            ]),
            ..Message::default()
        }
    }

    #[test]
    fn both_walks_over_the_fields_agree() {
        let mut message = full();
        let read: Vec<_> = full().fields().map(|(field, text)| (field, text.clone())).collect();
        let written: Vec<_> =
            message.fields_mut().map(|(field, text)| (field, text.clone())).collect();
        assert_eq!(read, written);
        assert_eq!(read.len(), 7);
    }

    #[test]
    fn an_attribute_value_knows_its_name() {
        let message = full();
        assert_eq!(message.attribute_name(1), Some("one"));
        assert_eq!(message.attribute_name(2), Some("two"));
        assert_eq!(message.attribute_name(3), None);
    }

    #[test]
    fn debug_of_a_message_shows_no_text() {
        let mut message = full();
        message.sender = Sender { arn: "arn:canary".into(), name: Some("canary".into()) };
        assert!(!format!("{message:?}").contains("canary"));
    }
}
