//! Messaging sessions: who is told what, over a real WebSocket.

use std::time::Duration;

use futures_util::StreamExt;
use local_chime::{FallbackAction, Status, Trouble};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;

use crate::stage::{PATIENCE, Stage, answered, error_code};

struct Session(WebSocketStream<TcpStream>);

impl Session {
    async fn open(stage: &Stage, user: &str) -> Self {
        let stream = TcpStream::connect(stage.server.address()).await.unwrap();
        let user = user.replace(':', "%3A").replace('/', "%2F");
        let endpoint = stage
            .client
            .get_messaging_session_endpoint()
            .send()
            .await
            .unwrap()
            .endpoint
            .unwrap()
            .url
            .unwrap();
        let url = format!(
            "ws://{endpoint}/connect?userArn={user}&sessionId=s&prefetch-on=connect&X-Amz-Signature=0"
        );
        Self(tokio_tungstenite::client_async(url, stream).await.unwrap().0)
    }

    /// The next frame's event type and payload; `None` if none comes soon.
    async fn next(&mut self, patience: Duration) -> Option<(String, Value)> {
        let frame = tokio::time::timeout(patience, self.0.next()).await.ok()?.unwrap().unwrap();
        assert!(frame.is_text());
        let frame: Value = serde_json::from_str(frame.to_text().unwrap()).unwrap();
        let payload = serde_json::from_str(frame["Payload"].as_str().unwrap()).unwrap();
        Some((frame["Headers"]["x-amz-chime-event-type"].as_str().unwrap().to_owned(), payload))
    }

    async fn expect(&mut self, event_type: &str) -> Value {
        let (found, payload) = self.next(PATIENCE).await.unwrap();
        assert_eq!(found, event_type);
        payload
    }

    async fn greeted(stage: &Stage, user: &str) -> Self {
        let mut session = Self::open(stage, user).await;
        session.expect("SESSION_ESTABLISHED").await;
        let details = session.expect("CHANNEL_DETAILS").await;
        assert_eq!(details["Channel"]["ChannelArn"], stage.scene.channel_arn);
        session
    }
}

#[tokio::test]
async fn members_are_told_what_was_delivered_and_the_sender_of_everything() {
    let stage = answered(|_| {}).await;
    let mut alice = Session::greeted(&stage, stage.alice()).await;
    let mut bob = Session::greeted(&stage, stage.bob()).await;

    let denied = stage.send("deny").await;
    assert_eq!(alice.expect("PENDING_CREATE_CHANNEL_MESSAGE").await["Content"], "deny");
    assert_eq!(alice.expect("DENIED_CREATE_CHANNEL_MESSAGE").await["MessageId"], denied);

    let id = stage.send("hello").await;
    assert_eq!(alice.expect("PENDING_CREATE_CHANNEL_MESSAGE").await["Status"]["Value"], "PENDING");
    assert_eq!(alice.expect("CREATE_CHANNEL_MESSAGE").await["Content"], "HELLO");
    let seen = bob.expect("CREATE_CHANNEL_MESSAGE").await;
    assert_eq!((&seen["Content"], &seen["MessageId"]), (&"HELLO".into(), &id.clone().into()));
    assert!(seen["CreatedTimestamp"].as_str().unwrap().ends_with('Z'));

    let edit =
        stage.client.update_channel_message().channel_arn(&stage.scene.channel_arn).message_id(&id);
    edit.chime_bearer(stage.alice()).content("edited").send().await.unwrap();
    alice.expect("PENDING_UPDATE_CHANNEL_MESSAGE").await;
    assert_eq!(bob.expect("UPDATE_CHANNEL_MESSAGE").await["Content"], "EDITED");

    stage.server.set_trouble(Trouble { unreachable: true, ..Trouble::default() });
    let failed = stage.send("lost").await;
    assert_eq!(stage.settle(&failed).await, Status::Failed);
    alice.expect("UPDATE_CHANNEL_MESSAGE").await;
    alice.expect("PENDING_CREATE_CHANNEL_MESSAGE").await;
    alice.expect("FAILED_CREATE_CHANNEL_MESSAGE").await;
    assert_eq!(
        bob.next(Duration::from_millis(100)).await,
        None,
        "a member was told of what is the sender's"
    );
}

#[tokio::test]
async fn a_prefetch_has_nothing_in_flight_and_no_session_is_for_strangers() {
    let stage = answered(|options| options.trouble.missing_grant = true).await;
    stage.send("hello").await;
    let mut bob = Session::open(&stage, stage.bob()).await;
    bob.expect("SESSION_ESTABLISHED").await;
    let details = bob.expect("CHANNEL_DETAILS").await;
    assert_eq!(details["ChannelMessages"], serde_json::json!([]));
    assert_eq!(details["ChannelMemberships"].as_array().unwrap().len(), 4);

    let stream = TcpStream::connect(stage.server.address()).await.unwrap();
    let url = format!("ws://{}/connect?userArn=arn%3Anobody&sessionId=s", stage.server.address());
    assert!(tokio_tungstenite::client_async(url, stream).await.is_err());
    let elsewhere =
        stage.server.furnish(&["mallory"], crate::stage::FUNCTION, FallbackAction::Abort);
    let send = stage.message("hi").chime_bearer(&elsewhere.user_arns[0]).send().await.unwrap_err();
    assert_eq!(error_code(&send), "ForbiddenException");
}
