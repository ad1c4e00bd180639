//! Lambda's runtime interface, as the process of a function sees it over HTTP. What it is given, and
//! when, is up to whoever listens.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

/// The only id that invocations have: a process has one at a time, and nobody compares them.
const REQUEST: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
/// The function that they are of.
const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:processor";
/// Their trace.
const TRACE: &str = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700";

/// What a process says.
#[derive(Debug)]
pub(crate) enum Call {
    /// It waits for an event, which is to be put here.
    Poll(oneshot::Sender<Handover>),
    /// The invocation's result, or the error as the function wrote it; the process goes on when it
    /// is acknowledged.
    Ended(Result<(), String>, oneshot::Sender<()>),
    /// It cannot start, and this is what it wrote of it.
    Unstarted(String),
}

/// An event as a process gets it.
#[derive(Debug)]
pub(crate) struct Handover {
    pub(crate) event: Bytes,
    /// When the invocation's time is up.
    pub(crate) deadline: SystemTime,
}

type Tell = Arc<dyn Fn(Call) + Send + Sync>;

/// Serves one process, and tells what it says. A call that nobody listens to any more, or whose
/// answer is dropped, is answered with 410.
pub(crate) async fn serve<T: From<Call> + Send + 'static>(
    listener: TcpListener,
    tell: UnboundedSender<T>,
) {
    // Without a listener the call is dropped, and with it what it waits for.
    let tell: Tell = Arc::new(move |call| drop(tell.send(call.into())));
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(tell);
    let at_once = listener.tap_io(|stream: &mut TcpStream| {
        // Some calls would take 40 ms longer without it. A socket that is gone needs no option.
        drop(stream.set_nodelay(true));
    });
    let Err(error) = axum::serve(at_once, routes).await else { return };
    panic!("the runtime interface ended: {error}");
}

async fn next(State(tell): State<Tell>) -> Response {
    let (hand, handed) = oneshot::channel();
    tell(Call::Poll(hand));
    let Ok(Handover { event, deadline }) = handed.await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", REQUEST.to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", FUNCTION.to_owned()),
        ("lambda-runtime-trace-id", TRACE.to_owned()),
    ];
    (headers.map(|(name, value)| (HeaderName::from_static(name), value)), event).into_response()
}

async fn response(State(tell): State<Tell>) -> StatusCode {
    ended(&tell, Ok(())).await
}

async fn error(State(tell): State<Tell>, body: Bytes) -> StatusCode {
    ended(&tell, Err(String::from_utf8_lossy(&body).into_owned())).await
}

async fn ended(tell: &Tell, result: Result<(), String>) -> StatusCode {
    let (acknowledge, acknowledged) = oneshot::channel();
    tell(Call::Ended(result, acknowledge));
    acknowledged.await.map_or(StatusCode::GONE, |()| StatusCode::ACCEPTED)
}

async fn init_error(State(tell): State<Tell>, body: Bytes) -> StatusCode {
    tell(Call::Unstarted(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}
