//! Events that are handed in from outside.

use std::time::Duration;

use bytes::Bytes;
use local_chime::{Options, Server, Status, Target};
use serde_json::{Value, json};

use crate::stage::{PATIENCE, client, processor};

const CHANNEL: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a/channel/c";
const SENDER: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a/user/alice";

fn event(number: u32, content: &str) -> Value {
    json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": format!("{number:036}"),
        "ChannelMessage": {
            "MessageId": format!("message-{number}"),
            "ChannelArn": CHANNEL,
            "Content": content,
            "Metadata": "{}",
            "Sender": { "Arn": SENDER, "Name": "Alice" },
            "CreatedTimestamp": "2026-08-14T10:00:00.123Z",
        },
    })
}

async fn answered() -> Server {
    let server = Server::start(Options::default()).await.unwrap();
    server.set_default_target(processor(&server.url()));
    server
}

#[tokio::test]
async fn the_outcome_tells_what_was_sent_and_what_is_seen() {
    let server = answered().await;
    let outcome = server.deliver(event(1, "hello").to_string(), PATIENCE).await.unwrap();
    assert_eq!((outcome.status, outcome.sent.content.as_str()), (Status::Sent, "hello"));
    let seen = outcome.seen.as_ref().unwrap();
    assert_eq!((seen.content.as_str(), seen.metadata.as_deref()), ("HELLO", Some("{}")));
    assert_eq!((outcome.book.accepted, outcome.message_id.as_str()), (1, "message-1"));
    assert!(!format!("{outcome:?}").to_lowercase().contains("hello"), "text in debug output");

    let denied = server.deliver(event(2, "deny").to_string(), PATIENCE).await.unwrap();
    assert_eq!((denied.status, denied.seen), (Status::Denied, None));
    let crashed = server.deliver(event(3, "crash").to_string(), PATIENCE).await.unwrap();
    assert_eq!((crashed.status, crashed.book.dead_lettered), (Status::Pending, 1));
}

#[tokio::test]
async fn what_the_event_names_can_be_read_through_the_api() {
    let server = answered().await;
    server.deliver(event(1, "hello").to_string(), PATIENCE).await.unwrap();
    let got = client(&server.url())
        .get_channel_message()
        .channel_arn(CHANNEL)
        .message_id("message-1")
        .chime_bearer(SENDER);
    let message = got.send().await.unwrap().channel_message.unwrap();
    assert_eq!(message.content.as_deref(), Some("HELLO"));
    assert_eq!(message.sender.unwrap().name.as_deref(), Some("Alice"));
    assert_eq!(message.created_timestamp.unwrap().secs(), 1_786_701_600);
}

#[tokio::test]
async fn the_processor_gets_the_very_bytes() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let target = Target::in_process(move |event: Bytes| {
        tell.send(event).unwrap();
        std::future::ready(Ok(()))
    });
    let server = Server::start(Options { default_target: Some(target), ..Options::default() })
        .await
        .unwrap();
    let event = format!("  {} ", event(1, "hello"));
    let outcome = server.deliver(event.clone(), Duration::from_millis(50)).await.unwrap();
    assert_eq!(outcome.status, Status::Pending, "nobody has answered");
    assert_eq!(told.recv().await.unwrap(), event.as_bytes());
}

#[tokio::test]
async fn an_edit_follows_its_message() {
    let server = answered().await;
    server.deliver(event(1, "first").to_string(), PATIENCE).await.unwrap();
    let mut edit = event(2, "second");
    edit["ChannelMessage"]["MessageId"] = "message-1".into();
    edit["ChannelMessage"]["LastEditedTimestamp"] = json!(1_786_701_700.5);
    let outcome = server.deliver(edit.to_string(), PATIENCE).await.unwrap();
    assert_eq!(
        (outcome.seen.unwrap().content.as_str(), outcome.book.rounds, outcome.book.accepted),
        ("SECOND", 2, 2)
    );
}

#[tokio::test]
async fn an_event_without_a_sender_has_an_unknown_one() {
    let server = answered().await;
    let mut event = event(1, "hello");
    event["ChannelMessage"].as_object_mut().unwrap().remove("Sender");
    let outcome = server.deliver(event.to_string(), PATIENCE).await.unwrap();
    assert_eq!(outcome.status, Status::Sent);
}
