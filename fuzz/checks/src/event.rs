//! The invocation event, over a payload.

use processor::event::{Event, Unreadable};
use processor::reply::{Fallback, Reply};
use processor::{Outcome, shape};
use serde_json::Value;

/// A payload is an event, whose ids stand in it, or it says what is missing; either way its shape
/// can be told.
///
/// # Panics
/// Where that does not hold.
pub fn check(data: &[u8]) {
    let shape = shape::of(data).to_string();
    // What the payload holds, where a plain reader agrees that it is JSON.
    let plain: Option<Value> = serde_json::from_slice(data).ok();
    match Event::read(data) {
        Ok(event) => {
            for id in [&event.callback_id, &event.message_id, &event.channel_arn] {
                assert!(!id.is_empty(), "an id is empty");
            }
            if let Some(plain) = &plain {
                let inner = |name| plain.get("ChannelMessage")?.get(name)?.as_str();
                let callback = plain.get("CallbackId").and_then(Value::as_str);
                assert_eq!(callback, Some(event.callback_id.as_str()), "an invented CallbackId");
                assert_eq!(inner("MessageId"), Some(event.message_id.as_str()));
                assert_eq!(inner("ChannelArn"), Some(event.channel_arn.as_str()));
                if let Some(content) = inner("Content") {
                    assert!(event.message.content.as_str() == content, "another content");
                }
            }
            let passed = Reply::to(&event, &Outcome::Pass, Fallback::Abort);
            assert!(passed == Reply::Deliver(Box::new(event.message.clone())), "not echoed");
            quiet(&event, &shape);
        }
        Err(Unreadable::Missing(paths)) => assert!(!paths.is_empty(), "nothing is missing"),
        Err(Unreadable::NotAnObject) => {
            assert!(plain.is_none_or(|plain| !plain.is_object()), "an object was not read");
        }
        Err(Unreadable::NotJson) => assert!(plain.is_none(), "JSON was not read"),
    }
}

/// What may be logged of an event shows no text that a member wrote.
fn quiet(event: &Event, shape: &str) {
    let shown = format!("{event:?} {shape}");
    let ids = format!("{} {}", event.message_id, event.channel_arn);
    for (field, text) in event.message.fields() {
        // What is no word of ours, and none of the ids, can only have come from the text.
        let own = text.len() > 24 && !ids.contains(text.as_str());
        assert!(!own || !shown.contains(text.as_str()), "{} is shown", field.name());
    }
}
