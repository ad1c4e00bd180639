//! From method, path and query to the operation.
//!
//! Paths are matched as segments of the raw path: an ARN is one segment, percent-encoded, and would be
//! many once decoded. Some operations share method and path and differ in `operation=` or `scope=`.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::call::Call;
use crate::line::Shears;
use crate::service::Service;
use crate::trouble::{Trouble, Unrest};
use crate::wire::{Answer, Fault};
use crate::{callback, channels, flows, identity, memberships, messages, session};

/// No body of these APIs is larger, even with everything in it escaped.
const BODY_BYTES: usize = 256 * 1024;
/// Scripts for thousands of messages, but no more.
const TROUBLE_BYTES: usize = 16 * 1024 * 1024;

type Operation = fn(&Arc<Service>, &Call) -> Result<Answer, Fault>;

enum Route {
    Operation(Operation),
    ChannelFlowCallback,
    Session,
}

/// Answers whatever comes in.
pub(crate) async fn handle(
    State(service): State<Arc<Service>>,
    ConnectInfo(shears): ConnectInfo<Shears>,
    request: Request,
) -> Response {
    let (mut head, body) = request.into_parts();
    let method = head.method.clone();
    let (path, query) =
        (head.uri.path().to_owned(), head.uri.query().unwrap_or_default().to_owned());
    let own = path.strip_prefix("/local-chime/");
    let limit = if own.is_some() { TROUBLE_BYTES } else { BODY_BYTES };
    let Ok(body) = axum::body::to_bytes(body, limit).await else {
        return Fault::bad_request(format!("the body has more than {limit} bytes, or broke off"))
            .into_response();
    };
    if let Some(own) = own {
        return own_answer(&service, method.as_str(), own, &body);
    }
    let call = match Call::read(&path, &query, bearer(&head.headers), &body) {
        Ok(call) => call,
        Err(fault) => return fault.into_response(),
    };
    match route(method.as_str(), &call.segments(), call.variant()) {
        Some(Route::Operation(operation)) => operation(&service, &call).into_response(),
        Some(Route::ChannelFlowCallback) => {
            let reply = callback::answer(&service, &call).await;
            if let Some(cut) = reply.cut {
                shears.cut(cut);
            }
            reply.result.into_response()
        }
        Some(Route::Session) => session::open(&service, &call, &mut head),
        None => Fault::not_found("local-chime has no operation with this method and path")
            .into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-chime-bearer")?.to_str().ok()
}

fn route(method: &str, path: &[&str], variant: Option<&str>) -> Option<Route> {
    let operation: Operation = match (method, path, variant) {
        ("POST", ["app-instances"], None) => identity::create_app_instance,
        ("GET", ["app-instances"], None) => identity::list_app_instances,
        ("GET", ["app-instances", _], None) => identity::describe_app_instance,
        ("DELETE", ["app-instances", _], None) => identity::delete_app_instance,
        ("POST", ["app-instances", _, "admins"], None) => identity::create_admin,
        ("GET", ["app-instances", _, "admins"], None) => identity::list_admins,
        ("GET", ["app-instances", _, "admins", _], None) => identity::describe_admin,
        ("DELETE", ["app-instances", _, "admins", _], None) => identity::delete_admin,
        ("POST", ["app-instance-users"], None) => identity::create_user,
        ("GET", ["app-instance-users"], None) => identity::list_users,
        ("GET", ["app-instance-users", _], None) => identity::describe_user,
        ("DELETE", ["app-instance-users", _], None) => identity::delete_user,
        ("POST", ["app-instance-bots"], None) => identity::create_bot,
        ("GET", ["app-instance-bots", _], None) => identity::describe_bot,

        ("POST", ["channels"], None) => channels::create_channel,
        ("GET", ["channels"], None) => channels::list_channels,
        ("GET", ["channels"], Some("channel-flow-associations")) => flows::list_associated,
        ("GET", ["channels", _], None) => channels::describe_channel,
        ("DELETE", ["channels", _], None) => channels::delete_channel,
        ("POST", ["channels", _, "memberships"], None) => memberships::create_membership,
        ("GET", ["channels", _, "memberships"], None) => memberships::list_memberships,
        ("GET", ["channels", _, "memberships", _], None) => memberships::describe_membership,
        ("DELETE", ["channels", _, "memberships", _], None) => memberships::delete_membership,
        ("POST", ["channels", _, "moderators"], None) => memberships::create_moderator,

        ("POST", ["channel-flows"], None) => flows::create_flow,
        ("GET", ["channel-flows"], None) => flows::list_flows,
        ("GET", ["channel-flows", _], None) => flows::describe_flow,
        ("PUT", ["channel-flows", _], None) => flows::update_flow,
        ("DELETE", ["channel-flows", _], None) => flows::delete_flow,
        ("PUT", ["channels", _, "channel-flow"], None) => flows::associate,
        ("DELETE", ["channels", _, "channel-flow", _], None) => flows::disassociate,

        ("POST", ["channels", _, "messages"], None) => messages::send,
        ("GET", ["channels", _, "messages"], None) => messages::list,
        ("GET", ["channels", _, "messages", _], None) => messages::get,
        ("GET", ["channels", _, "messages", _], Some("message-status")) => messages::status,
        ("PUT", ["channels", _, "messages", _], None) => messages::update,
        ("POST", ["channels", _, "messages", _], Some("redact")) => messages::redact,
        ("DELETE", ["channels", _, "messages", _], None) => messages::delete,

        ("POST", ["channels", _], Some("channel-flow-callback")) => {
            return Some(Route::ChannelFlowCallback);
        }
        ("GET", ["connect"], None) => return Some(Route::Session),
        ("GET", ["endpoints", "messaging-session"], None) => session_endpoint,
        _ => return None,
    };
    Some(Route::Operation(operation))
}

/// A bare `host:port`: clients put the scheme and path of a messaging session around it.
#[expect(clippy::unnecessary_wraps, reason = "every operation has this signature")]
fn session_endpoint(service: &Arc<Service>, _call: &Call) -> Result<Answer, Fault> {
    Ok(Answer::Ok(json!({ "Endpoint": { "Url": service.host } })))
}

/// What is outside the AWS API: `trouble` to read and set, `books` and `books/MESSAGE-ID` to read.
fn own_answer(service: &Service, method: &str, path: &str, body: &[u8]) -> Response {
    match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["trouble"]) => json_answer(&service.unrest().trouble()),
        ("PUT", ["trouble"]) => match serde_json::from_slice::<Trouble>(body) {
            Ok(trouble) => {
                *service.unrest() = Unrest::new(trouble);
                StatusCode::NO_CONTENT.into_response()
            }
            // It quotes names and positions in the caller's own trouble, which has no message text.
            Err(error) => {
                Fault::bad_request(format!("this is not trouble: {error}")).into_response()
            }
        },
        ("GET", ["books"]) => {
            let books = service.world().books();
            json_answer(&books)
        }
        ("GET", ["books", id]) => {
            let world = service.world();
            match world.messages.get(*id) {
                Some(message) => {
                    json_answer(&message.entry.book(&message.id, &message.channel, message.status))
                }
                None => Fault::not_found("there is no such message").into_response(),
            }
        }
        _ => Fault::not_found("there are `trouble` and `books` here").into_response(),
    }
}

fn json_answer<T: serde::Serialize>(value: &T) -> Response {
    Answer::Ok(serde_json::to_value(value).unwrap_or(Value::Null)).into_response()
}
