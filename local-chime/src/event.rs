//! The invocation event: written for a processor, and read when one is handed in from outside.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::message::{Body, Message, PushNotification, Version};
use crate::world::Millis;

/// What the documentation leaves open about the event; either answer can be had.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventShape {
    /// `MessageAttributes` are in the event. By default they are not: they are not documented.
    pub attributes: bool,
    /// Timestamps are numbers, seconds since 1970. By default they are RFC 3339 strings.
    pub numeric_timestamps: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(rename = "EventType")]
    kind: &'static str,
    callback_id: &'a str,
    channel_message: ChannelMessage<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChannelMessage<'a> {
    message_id: &'a str,
    channel_arn: &'a str,
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a str>,
    sender: Sender<'a>,
    persistence: &'static str,
    r#type: &'static str,
    created_timestamp: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_edited_timestamp: Option<Value>,
    /// `null` when the message has none.
    push_notification: Option<&'a PushNotification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_attributes: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sender<'a> {
    arn: &'a str,
    name: &'a str,
}

impl EventShape {
    fn timestamp(self, at: Millis) -> Value {
        let time = DateTime::from_millis(at);
        if self.numeric_timestamps {
            return time.as_secs_f64().into();
        }
        // Only years beyond 9999 have no such form.
        time.fmt(Format::DateTime).map_or(Value::Null, Value::String)
    }

    /// The event that tells the processor of `version`.
    pub(crate) fn write(self, message: &Message, callback_id: &str, version: &Version) -> Bytes {
        let body = &version.body;
        let event = Event {
            kind: "CHANNEL_MESSAGE_EVENT",
            callback_id,
            channel_message: ChannelMessage {
                message_id: &message.id,
                channel_arn: &message.channel,
                content: &body.content,
                metadata: body.metadata.as_deref(),
                sender: Sender { arn: &message.sender.arn, name: &message.sender.name },
                persistence: message.persistence.as_str(),
                r#type: message.kind.as_str(),
                created_timestamp: self.timestamp(message.created),
                last_edited_timestamp: version.edited.map(|at| self.timestamp(at)),
                push_notification: body.push_notification.as_ref(),
                message_attributes: if self.attributes { body.attributes_json() } else { None },
            },
        };
        // A struct of strings and numbers always serialises.
        serde_json::to_vec(&event).map(Bytes::from).unwrap_or_default()
    }
}

/// An event from outside, read as far as the service must know it.
pub(crate) struct Incoming {
    pub(crate) callback_id: String,
    pub(crate) message_id: String,
    pub(crate) channel_arn: String,
    pub(crate) sender_arn: Option<String>,
    pub(crate) sender_name: String,
    pub(crate) persistent: bool,
    pub(crate) created: Option<Millis>,
    pub(crate) edited: Option<Millis>,
    pub(crate) body: Body,
}

impl Incoming {
    /// Reads an event. What a processor can do without may be missing; the error names the field that may not.
    pub(crate) fn read(event: &[u8]) -> Result<Self, &'static str> {
        let event: Value = serde_json::from_slice(event).map_err(|_error| "a JSON object")?;
        let message = event.get("ChannelMessage").ok_or("ChannelMessage")?;
        let text = |name: &str| message.get(name).and_then(Value::as_str).map(str::to_owned);
        let sender = |name: &str| {
            message.get("Sender").and_then(|sender| sender.get(name)).and_then(Value::as_str)
        };
        let push = message.get("PushNotification").and_then(Value::as_object).map(|push| {
            let text = |name: &str| push.get(name).and_then(Value::as_str).map(str::to_owned);
            PushNotification { title: text("Title"), body: text("Body"), r#type: text("Type") }
        });
        let attributes =
            message.get("MessageAttributes").and_then(Value::as_object).into_iter().flatten();
        let attributes = attributes
            .map(|(name, value)| {
                let values =
                    value.get("StringValues").and_then(Value::as_array).into_iter().flatten();
                (name.clone(), values.filter_map(Value::as_str).map(str::to_owned).collect())
            })
            .collect();
        Ok(Self {
            callback_id: event
                .get("CallbackId")
                .and_then(Value::as_str)
                .ok_or("CallbackId")?
                .to_owned(),
            message_id: text("MessageId").ok_or("ChannelMessage.MessageId")?,
            channel_arn: text("ChannelArn").ok_or("ChannelMessage.ChannelArn")?,
            sender_arn: sender("Arn").map(str::to_owned),
            sender_name: sender("Name").unwrap_or_default().to_owned(),
            persistent: text("Persistence").as_deref() != Some("NON_PERSISTENT"),
            created: message.get("CreatedTimestamp").and_then(timestamp),
            edited: message.get("LastEditedTimestamp").and_then(timestamp),
            body: Body {
                content: text("Content").unwrap_or_default(),
                metadata: text("Metadata"),
                push_notification: push,
                attributes,
                content_type: text("ContentType"),
            },
        })
    }
}

/// A timestamp in either form.
fn timestamp(value: &Value) -> Option<Millis> {
    let time = match value {
        Value::String(text) => DateTime::from_str(text, Format::DateTime).ok()?,
        // Half a millisecond more, because what follows cuts off and a fraction is seldom exact.
        Value::Number(number) => {
            let seconds = number.as_f64().filter(|seconds| seconds.abs() < 1e11)?;
            DateTime::from_secs_f64(seconds + 0.0005)
        }
        _ => return None,
    };
    time.to_millis().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field_that_is_missing() {
        for (event, field) in [
            ("[", "a JSON object"),
            ("{}", "ChannelMessage"),
            (r#"{"ChannelMessage": {"MessageId": "m", "ChannelArn": "c"}}"#, "CallbackId"),
            (
                r#"{"CallbackId": "x", "ChannelMessage": {"ChannelArn": "c"}}"#,
                "ChannelMessage.MessageId",
            ),
            (
                r#"{"CallbackId": "x", "ChannelMessage": {"MessageId": "m"}}"#,
                "ChannelMessage.ChannelArn",
            ),
        ] {
            assert_eq!(Incoming::read(event.as_bytes()).err(), Some(field), "{event}");
        }
    }

    #[test]
    fn reads_both_forms_of_a_timestamp() {
        assert_eq!(timestamp(&"2026-08-14T10:00:00.123Z".into()), Some(1_786_701_600_123));
        assert_eq!(timestamp(&1_786_701_600.123.into()), Some(1_786_701_600_123));
        for nonsense in [Value::Null, "yesterday".into(), 1e300.into()] {
            assert_eq!(timestamp(&nonsense), None);
        }
    }

    #[test]
    fn reads_an_event_with_only_what_is_needed() {
        let event = r#"{"CallbackId": "x", "New": 1, "ChannelMessage": {"MessageId": "m", "ChannelArn": "c", "Sender": null}}"#;
        let incoming = Incoming::read(event.as_bytes()).unwrap();
        assert!(
            incoming.persistent
                && incoming.body == Body::default()
                && incoming.sender_arn.is_none()
        );
    }
}
