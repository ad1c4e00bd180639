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
    pub attributes: BTreeMap<Text, Vec<Text>>,
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
    /// title, push body, attribute values by name, attribute names.
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
        let names = self.attributes.keys().enumerate();
        let names = names.map(|(index, text)| (Field::AttributeName(index), text));
        content.chain(metadata).chain(push).chain(attributes).chain(names)
    }

    /// The same fields, to be replaced; without the attributes' names, the last of them.
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

    /// Gives the attributes these names, in their order. Those that have the same name then are
    /// one, with the values of all.
    pub(crate) fn rename_attributes(&mut self, names: impl Iterator<Item = Text>) {
        let before = std::mem::take(&mut self.attributes);
        for (name, mut values) in names.zip(before.into_values()) {
            self.attributes.entry(name).or_default().append(&mut values);
        }
    }

    /// Where the value numbered `index` in [`Field::Attribute`] is: the number of its attribute, as
    /// in [`Field::AttributeName`], that attribute's name, and the value's number under it.
    pub fn attribute(&self, index: usize) -> Option<(usize, &Text, usize)> {
        let mut before = 0;
        self.attributes.iter().enumerate().find_map(|(number, (name, values))| {
            let own = index.checked_sub(before).filter(|own| *own < values.len());
            before += values.len();
            own.map(|own| (number, name, own))
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
    /// The name of the n-th attribute, in the order of their names.
    AttributeName(usize),
}

impl Field {
    /// The name in policies, logs and findings. Attribute names and values share one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Metadata => "metadata",
            Self::PushTitle => "push-title",
            Self::PushBody => "push-body",
            Self::Attribute(_) | Self::AttributeName(_) => "attributes",
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
                ("one".into(), vec!["1".into(), "2".into()]),
                ("three".into(), Vec::new()),
                ("two".into(), vec!["3".into()]),
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
        let (read, names) = read.split_at(7);
        assert_eq!(read, written);
        let names: Vec<_> = names.iter().map(|(field, text)| (*field, text.as_str())).collect();
        let name = Field::AttributeName;
        assert_eq!(names, [(name(0), "one"), (name(1), "three"), (name(2), "two")]);
    }

    #[test]
    fn an_attribute_value_knows_its_name() {
        let message = full();
        assert_eq!(message.attribute(1), Some((0, &"one".into(), 1)));
        assert_eq!(message.attribute(2), Some((2, &"two".into(), 0)));
        assert_eq!(message.attribute(3), None);
    }

    #[test]
    fn attributes_that_get_one_name_keep_the_values_of_all() {
        let mut message = full();
        message.rename_attributes(["x", "a", "x"].map(Text::from).into_iter());
        let values = |name: &str| message.attributes[name].iter().map(Text::as_str);
        assert_eq!(message.attributes.len(), 2);
        assert_eq!(values("x").collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(values("a").count(), 0);
    }

    #[test]
    fn debug_of_a_message_shows_no_text() {
        let mut message = full();
        message.sender = Sender { arn: "arn:canary".into(), name: Some("canary".into()) };
        message.attributes.insert("canary".into(), Vec::new());
        assert!(!format!("{message:?}").contains("canary"));
    }
}
