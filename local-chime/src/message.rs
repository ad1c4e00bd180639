//! Messages: what was said, by whom, and what there is to see of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use crate::books::Entry;
use crate::call::{Fields, Length, METADATA};
use crate::flight::Flight;
use crate::wire::Fault;
use crate::world::{Identity, Millis, seconds};

/// The longest content of a STANDARD message, in UTF-8 bytes.
const CONTENT_BYTES: usize = 4096;
/// The longest content of a CONTROL message, in UTF-8 bytes.
const CONTROL_BYTES: usize = 30;
/// The most that all attributes together may have, names and values, in UTF-8 bytes.
const ATTRIBUTES_BYTES: usize = 1024;

pub(crate) const CONTENT: Length = Length::bytes(1, CONTENT_BYTES);
pub(crate) const CONTROL_CONTENT: Length = Length::bytes(1, CONTROL_BYTES);
pub(crate) const CONTENT_TYPE: Length = Length::characters(0, 45);

/// Where a message stands, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// With the flow's processor; only the sender sees it.
    Pending,
    /// Delivered to all members.
    Sent,
    /// Refused by the processor: delivered to nobody, stored nowhere.
    Denied,
    /// The processor could not be invoked and the flow's fallback action is `ABORT`.
    Failed,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Sent => "SENT",
            Self::Denied => "DENIED",
            Self::Failed => "FAILED",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Control,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Control => "CONTROL",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persistence {
    Persistent,
    NonPersistent,
}

impl Persistence {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Persistent => "PERSISTENT",
            Self::NonPersistent => "NON_PERSISTENT",
        }
    }
}

/// What shows on the members' phones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PushNotification {
    /// 1 to 50 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 1 to 150 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `DEFAULT` or `VOIP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

impl fmt::Debug for PushNotification {
    /// Says how much there is, never what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = |text: &Option<String>| text.as_ref().map(String::len);
        f.debug_struct("PushNotification")
            .field("title_bytes", &bytes(&self.title))
            .field("body_bytes", &bytes(&self.body))
            .field("type", &self.r#type)
            .finish()
    }
}

/// Everything in a message that is text of its sender's.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Body {
    /// The message itself; empty when redacted.
    pub content: String,
    /// Absent when never set, which is another thing than empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// Absent when the message has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_notification: Option<PushNotification>,
    /// `MessageAttributes`: a name's list of values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// `ContentType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

impl fmt::Debug for Body {
    /// Says how much there is, never what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("content_bytes", &self.content.len())
            .field("metadata_bytes", &self.metadata.as_ref().map(String::len))
            .field("push_notification", &self.push_notification)
            .field("attributes", &self.attributes.len())
            .finish_non_exhaustive()
    }
}

impl Body {
    /// `MessageAttributes` as the APIs write them.
    pub(crate) fn attributes_json(&self) -> Option<Value> {
        let attributes: Map<String, Value> = self
            .attributes
            .iter()
            .map(|(name, values)| (name.clone(), json!({ "StringValues": values })))
            .collect();
        (!attributes.is_empty()).then_some(Value::Object(attributes))
    }
}

pub(crate) fn read_push(fields: &Fields<'_>) -> Result<Option<PushNotification>, Fault> {
    let Some(push) = fields.optional_object("PushNotification")? else { return Ok(None) };
    Ok(Some(PushNotification {
        title: push.optional_text("Title", Length::characters(1, 50))?.map(str::to_owned),
        body: push.optional_text("Body", Length::characters(1, 150))?.map(str::to_owned),
        r#type: push.optional_choice("Type", &["DEFAULT", "VOIP"])?.map(str::to_owned),
    }))
}

pub(crate) fn read_metadata(fields: &Fields<'_>) -> Result<Option<String>, Fault> {
    Ok(fields.optional_text("Metadata", METADATA)?.map(str::to_owned))
}

pub(crate) fn read_content_type(fields: &Fields<'_>) -> Result<Option<String>, Fault> {
    Ok(fields.optional_text("ContentType", CONTENT_TYPE)?.map(str::to_owned))
}

pub(crate) fn read_attributes(
    fields: &Fields<'_>,
) -> Result<Option<BTreeMap<String, Vec<String>>>, Fault> {
    const FIELD: &str = "MessageAttributes";
    let wrong = || {
        Fault::bad_request("`MessageAttributes` must map names to `{\"StringValues\": [\"…\"]}`")
    };
    let Some(value) = fields.value(FIELD) else { return Ok(None) };
    let mut attributes = BTreeMap::new();
    let mut bytes = 0;
    for (name, value) in value.as_object().ok_or_else(wrong)? {
        Length::characters(1, 64).check("the name of an attribute", name)?;
        bytes += name.len();
        let mut texts = Vec::new();
        for text in value.get("StringValues").and_then(Value::as_array).into_iter().flatten() {
            let text = text.as_str().ok_or_else(wrong)?;
            Length::characters(1, 512).check("the value of an attribute", text)?;
            bytes += text.len();
            texts.push(text.to_owned());
        }
        attributes.insert(name.clone(), texts);
    }
    if bytes > ATTRIBUTES_BYTES {
        return Err(Fault::bad_request(format!(
            "`{FIELD}` must have at most {ATTRIBUTES_BYTES} bytes in all, they have {bytes}"
        )));
    }
    Ok(Some(attributes))
}

/// A body with the times that go with it.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) body: Body,
    /// When it was edited, if it is an edit.
    pub(crate) edited: Option<Millis>,
    pub(crate) updated: Millis,
}

/// A message as the service keeps it.
pub(crate) struct Message {
    pub(crate) id: Arc<str>,
    pub(crate) channel: Arc<str>,
    /// Its place in the channel.
    pub(crate) sequence: u64,
    pub(crate) sender: Identity,
    pub(crate) kind: Kind,
    pub(crate) persistence: Persistence,
    /// The one member, besides the sender, who sees a targeted message.
    pub(crate) addressee: Option<String>,
    pub(crate) created: Millis,
    pub(crate) token: Option<String>,
    /// What the members see.
    pub(crate) delivered: Option<Version>,
    /// What is with the processor.
    pub(crate) flight: Option<Flight>,
    /// What the sender last sent.
    pub(crate) sent: Body,
    pub(crate) status: Status,
    pub(crate) redacted: bool,
    /// The version that was last sent, delivered, denied or failed is an edit.
    pub(crate) is_edit: bool,
    pub(crate) entry: Entry,
    /// Told of every change.
    pub(crate) changed: Arc<Notify>,
}

impl Message {
    /// What `reader`, who may read the channel, gets to see: the sender also what is in flight.
    pub(crate) fn seen_by(&self, reader: &str) -> Option<(&Version, Status)> {
        let is_sender = reader == &*self.sender.arn;
        if !is_sender && self.addressee.as_deref().is_some_and(|addressee| addressee != reader) {
            return None;
        }
        if is_sender {
            if let Some(flight) = &self.flight {
                return Some((&flight.version, Status::Pending));
            }
            if self.delivered.is_none() && self.status == Status::Failed {
                return self.entry.failed.as_ref().map(|version| (version, Status::Failed));
            }
        }
        self.delivered.as_ref().map(|version| (version, Status::Sent))
    }

    /// The message as `GetChannelMessage` and `ListChannelMessages` write it.
    pub(crate) fn to_json(&self, version: &Version, status: Status) -> Map<String, Value> {
        let body = &version.body;
        let mut json = Map::new();
        let mut set = |name: &str, value: Value| json.insert(name.to_owned(), value);
        set("MessageId", (*self.id).into());
        set("Content", body.content.clone().into());
        set("Type", self.kind.as_str().into());
        set("CreatedTimestamp", seconds(self.created));
        set("LastUpdatedTimestamp", seconds(version.updated));
        set("Sender", self.sender.to_json());
        set("Redacted", self.redacted.into());
        set("Status", json!({ "Value": status.as_str() }));
        if let Some(metadata) = &body.metadata {
            set("Metadata", metadata.clone().into());
        }
        if let Some(edited) = version.edited {
            set("LastEditedTimestamp", seconds(edited));
        }
        if let Some(attributes) = body.attributes_json() {
            set("MessageAttributes", attributes);
        }
        if let Some(content_type) = &body.content_type {
            set("ContentType", content_type.clone().into());
        }
        if let Some(addressee) = &self.addressee {
            set("Target", json!([{ "MemberArn": addressee }]));
        }
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_has_no_text() {
        let body = Body {
            content: "canary".into(),
            metadata: Some("canary".into()),
            push_notification: Some(PushNotification {
                title: Some("canary".into()),
                body: Some("canary".into()),
                r#type: None,
            }),
            attributes: BTreeMap::from([("canary".into(), vec!["canary".into()])]),
            content_type: Some("canary".into()),
        };
        let version = Version { body, edited: None, updated: 0 };
        assert!(!format!("{version:?} {version:#?}").contains("canary"));
    }
}
