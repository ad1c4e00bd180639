//! Messaging sessions: the WebSocket that a client of the JavaScript SDK's `MessagingSession` reads.
//!
//! A session belongs to a user and gets what that user may see: `CREATE_` and `UPDATE_CHANNEL_MESSAGE`
//! of every channel that the user is a member of, and `PENDING_`, `FAILED_` and `DENIED_` of the user's
//! own messages. The address is presigned; the signature is not looked at.

use std::collections::HashMap;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use axum::body::Body;
use axum::http::{StatusCode, header, request, response};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::call::Call;
use crate::message::{Message, Status, Version};
use crate::service::Service;
use crate::wire::Fault;
use crate::world::{Millis, World, now, under};

/// How many frames may wait for a slow client. One that falls further behind is disconnected.
const BACKLOG: usize = 1024;

/// What there is to tell about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Pending,
    Delivered,
    Denied,
    Failed,
    Redacted,
    Deleted,
}

impl News {
    fn event_type(self, is_edit: bool) -> &'static str {
        match (self, is_edit) {
            (Self::Pending, false) => "PENDING_CREATE_CHANNEL_MESSAGE",
            (Self::Pending, true) => "PENDING_UPDATE_CHANNEL_MESSAGE",
            (Self::Delivered, false) => "CREATE_CHANNEL_MESSAGE",
            (Self::Delivered, true) => "UPDATE_CHANNEL_MESSAGE",
            (Self::Denied, false) => "DENIED_CREATE_CHANNEL_MESSAGE",
            (Self::Denied, true) => "DENIED_UPDATE_CHANNEL_MESSAGE",
            (Self::Failed, false) => "FAILED_CREATE_CHANNEL_MESSAGE",
            (Self::Failed, true) => "FAILED_UPDATE_CHANNEL_MESSAGE",
            (Self::Redacted, _) => "REDACT_CHANNEL_MESSAGE",
            (Self::Deleted, _) => "DELETE_CHANNEL_MESSAGE",
        }
    }

    /// Whether it concerns the sender alone.
    fn is_private(self) -> bool {
        matches!(self, Self::Pending | Self::Denied | Self::Failed)
    }

    fn status(self) -> Status {
        match self {
            Self::Pending => Status::Pending,
            Self::Denied => Status::Denied,
            Self::Failed => Status::Failed,
            Self::Delivered | Self::Redacted | Self::Deleted => Status::Sent,
        }
    }
}

/// The open sessions of each user.
#[derive(Default)]
pub(crate) struct Sessions(HashMap<String, Vec<mpsc::Sender<String>>>);

impl Sessions {
    fn join(&mut self, user: &str) -> mpsc::Receiver<String> {
        let (session, frames) = mpsc::channel(BACKLOG);
        let sessions = self.0.entry(user.to_owned()).or_default();
        sessions.retain(|session| !session.is_closed());
        sessions.push(session);
        frames
    }

    /// Sends a frame to all sessions of a user; those that are closed or too slow are let go.
    fn tell(&mut self, user: &str, frame: &str) {
        if let Some(sessions) = self.0.get_mut(user) {
            sessions.retain(|session| session.try_send(frame.to_owned()).is_ok());
            if sessions.is_empty() {
                self.0.remove(user);
            }
        }
    }
}

impl World {
    /// Tells the sessions of everybody concerned.
    pub(crate) fn announce(&mut self, message_id: &str, news: News) {
        if self.sessions.0.is_empty() {
            return;
        }
        let Some(message) = self.messages.get(message_id) else { return };
        let frame =
            frame(news.event_type(message.is_edit), message.kind.as_str(), &payload(message, news));
        let sender = &*message.sender.arn;
        if news.is_private() {
            self.sessions.tell(sender, &frame);
        } else if let Some(addressee) = &message.addressee {
            self.sessions.tell(sender, &frame);
            if addressee != sender {
                self.sessions.tell(addressee, &frame);
            }
        } else if let Some(channel) = self.channels.get(&*message.channel) {
            for member in channel.members.keys() {
                self.sessions.tell(member, &frame);
            }
        }
    }
}

/// A frame: the payload is JSON within a JSON string.
fn frame(event_type: &str, message_type: &str, payload: &Value) -> String {
    let headers =
        json!({ "x-amz-chime-event-type": event_type, "x-amz-chime-message-type": message_type });
    json!({ "Headers": headers, "Payload": payload.to_string() }).to_string()
}

/// The message as sessions get it: as the REST API writes it, but for timestamps, which are texts.
fn payload(message: &Message, news: News) -> Value {
    let in_flight =
        message.flight.as_ref().map(|flight| &flight.version).filter(|_| news == News::Pending);
    let sent = Version { body: message.sent.clone(), edited: None, updated: now() };
    let version = match (in_flight, &message.delivered) {
        (Some(version), _) => version,
        (None, Some(version)) if !news.is_private() => version,
        _ => &sent,
    };
    let mut json = message.to_json(version, news.status());
    json.insert("ChannelArn".into(), (*message.channel).into());
    json.insert("Persistence".into(), message.persistence.as_str().into());
    let mut time = |name: &str, at: Millis| {
        json.insert(
            name.into(),
            DateTime::from_millis(at).fmt(Format::DateTime).map_or(Value::Null, Value::String),
        );
    };
    time("CreatedTimestamp", message.created);
    time("LastUpdatedTimestamp", version.updated);
    if let Some(edited) = version.edited {
        time("LastEditedTimestamp", edited);
    }
    Value::Object(json)
}

/// `GET /connect?userArn=…&sessionId=…`: opens a session for a user that exists.
pub(crate) fn open(service: &Arc<Service>, call: &Call, head: &mut request::Parts) -> Response {
    let upgrade = head.extensions.remove::<OnUpgrade>();
    let key =
        head.headers.get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let (Some(upgrade), Some(key)) = (upgrade, key) else {
        return Fault::bad_request("`/connect` is for WebSockets").into_response();
    };
    let (user, session) = match (call.required_query("userArn"), call.required_query("sessionId")) {
        (Ok(user), Ok(session)) => (user.to_owned(), session.to_owned()),
        (Err(fault), _) | (_, Err(fault)) => return fault.into_response(),
    };
    let frames = {
        let mut world = service.world();
        if world.identity(&user).is_none() {
            return Fault::forbidden().into_response();
        }
        let first = greeting(&world, &user, &session, call.query("prefetch-on") == Some("connect"));
        (first, world.sessions.join(&user))
    };
    service.spawn(async move {
        if let Ok(connection) = upgrade.await {
            let socket =
                WebSocketStream::from_raw_socket(TokioIo::new(connection), Role::Server, None)
                    .await;
            let (first, rest) = frames;
            serve(socket, first, rest).await;
        }
    });
    response::Builder::new()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, key)
        .body(Body::empty())
        .unwrap_or_else(|_error| {
            Fault::bad_request("`Sec-WebSocket-Key` is malformed").into_response()
        })
}

/// What a session begins with: that it is established, and the user's channels if they were asked for.
fn greeting(world: &World, user: &str, session: &str, prefetch: bool) -> Vec<String> {
    let mut frames = vec![frame("SESSION_ESTABLISHED", "SYSTEM", &json!({ "SessionId": session }))];
    let instance = crate::arn::app_instance(user).unwrap_or_default();
    let prefix = format!("{instance}/channel/");
    let channels = under(&world.channels, &prefix, None)
        .filter(|(_, channel)| prefetch && channel.members.contains_key(user));
    for (arn, channel) in channels {
        let messages = channel.messages.values().rev().filter_map(|id| {
            let message = world.messages.get(id).filter(|message| message.delivered.is_some())?;
            message.seen_by(user).map(|_| payload(message, News::Delivered))
        });
        let details = json!({
            "Channel": channel.summary(arn),
            "ChannelMessages": messages.take(20).collect::<Vec<_>>(),
            "ChannelMemberships": channel.members.values().map(|member| json!({ "Member": member.identity.to_json() })).collect::<Vec<_>>(),
        });
        frames.push(frame("CHANNEL_DETAILS", "SYSTEM", &details));
    }
    frames
}

/// Sends frames until the client closes, is gone, or has been let go.
async fn serve(
    mut socket: WebSocketStream<TokioIo<Upgraded>>,
    first: Vec<String>,
    mut frames: mpsc::Receiver<String>,
) {
    for frame in first {
        if socket.send(Frame::text(frame)).await.is_err() {
            return;
        }
    }
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let Some(frame) = frame else { break };
                if socket.send(Frame::text(frame)).await.is_err() {
                    return;
                }
            }
            // Clients have nothing to say but pings, which are answered on reading, and goodbye.
            said = socket.next() => match said {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    // The client may be gone already; then there is nobody to say goodbye to.
    let _gone = socket.close(None).await;
}
