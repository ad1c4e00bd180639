//! From what is to become of a message to the callback that says so.

use aws_sdk_chimesdkmessaging::types::{
    ChannelMessageCallback, MessageAttributeValue, PushNotificationConfiguration,
    PushNotificationType,
};
use rules::{Message, Text};

use crate::event::Event;
use crate::judge::Outcome;

/// What the flow does with a message that could not be judged. The processor must answer as the
/// flow itself is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// It is not delivered.
    #[default]
    Abort,
    /// It is delivered as it came.
    Continue,
}

impl Fallback {
    /// The name that the service and the environment use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Abort => "ABORT",
            Self::Continue => "CONTINUE",
        }
    }
}

/// A callback's content.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// The message goes to its channel like this.
    Deliver(Box<Message>),
    /// The message is denied.
    Delete,
}

impl Reply {
    /// The answer to a message.
    pub fn to(event: &Event, outcome: &Outcome, fallback: Fallback) -> Self {
        match outcome {
            Outcome::Pass => Self::Deliver(Box::new(event.message.clone())),
            Outcome::Update(after) => Self::Deliver(after.clone()),
            Outcome::Deny => Self::Delete,
            Outcome::Abort(_) => Self::fallback(event, fallback),
        }
    }

    /// The answer to a message that could not be judged.
    pub fn fallback(event: &Event, fallback: Fallback) -> Self {
        match fallback {
            Fallback::Abort => Self::Delete,
            Fallback::Continue => Self::Deliver(Box::new(event.message.clone())),
        }
    }

    /// The name in logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deliver(_) => "deliver",
            Self::Delete => "delete",
        }
    }

    pub(crate) fn deletes(&self) -> bool {
        matches!(self, Self::Delete)
    }

    /// The message part of the callback: everything echoed that this reply does not change.
    pub(crate) fn message(&self, event: &Event) -> ChannelMessageCallback {
        let builder = ChannelMessageCallback::builder().message_id(&event.message_id);
        let builder = match self {
            Self::Delete => builder,
            Self::Deliver(message) => builder
                .set_content(not_empty(Some(&message.content)))
                .set_metadata(message.metadata.as_deref().map(str::to_owned))
                .set_push_notification(push(event, message))
                .set_message_attributes(attributes(message))
                .set_sub_channel_id(event.echo.sub_channel_id.clone())
                .set_content_type(event.echo.content_type.clone()),
        };
        match builder.build() {
            Ok(message) => message,
            Err(_) => unreachable!("the one required member is set above"),
        }
    }
}

/// A text, unless the service would refuse it for having no character.
fn not_empty(text: Option<&Text>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(|text| text.as_str().to_owned())
}

fn push(event: &Event, message: &Message) -> Option<PushNotificationConfiguration> {
    let push = message.push.as_ref()?;
    let kind = event.echo.push_type.as_deref().map(PushNotificationType::from);
    Some(
        PushNotificationConfiguration::builder()
            .set_title(not_empty(push.title.as_ref()))
            .set_body(not_empty(push.body.as_ref()))
            .set_type(kind)
            .build(),
    )
}

fn attributes(
    message: &Message,
) -> Option<std::collections::HashMap<String, MessageAttributeValue>> {
    let all = message.attributes.iter().map(|(name, values)| {
        let values = values.iter().map(|value| value.as_str().to_owned()).collect();
        let name = name.as_str().to_owned();
        (name, MessageAttributeValue::builder().set_string_values(Some(values)).build())
    });
    (!message.attributes.is_empty()).then(|| all.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Abort;

    fn event(inner: &str) -> Event {
        let ids = r#""MessageId":"m","ChannelArn":"c""#;
        let json = format!(r#"{{"CallbackId":"k","ChannelMessage":{{{ids}{inner}}}}}"#);
        Event::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn what_did_not_come_is_not_sent() {
        let event = event("");
        let message = Reply::to(&event, &Outcome::Pass, Fallback::Abort).message(&event);
        let alone = ChannelMessageCallback::builder().message_id("m").build().unwrap();
        assert_eq!(message, alone);
    }

    #[test]
    fn what_the_service_refuses_for_being_empty_is_not_sent() {
        let push = r#""PushNotification":{"Title":"","Body":"b"}"#;
        let event = event(&format!(r#","Content":"","Metadata":"",{push}"#));
        let message = Reply::to(&event, &Outcome::Pass, Fallback::Abort).message(&event);
        assert_eq!(message.content(), None);
        assert_eq!(message.metadata(), Some(""), "the service takes empty metadata");
        let push = message.push_notification().unwrap();
        assert_eq!((push.title(), push.body()), (None, Some("b")));
    }

    #[test]
    fn an_abort_is_answered_as_the_fallback_says() {
        let event = event(r#","Content":"hi""#);
        let outcome = Outcome::Abort(Abort::Deadline);
        assert!(Reply::to(&event, &outcome, Fallback::Abort) == Reply::Delete);
        let echoed = Reply::to(&event, &outcome, Fallback::Continue);
        assert!(echoed == Reply::to(&event, &Outcome::Pass, Fallback::Abort));
    }
}
