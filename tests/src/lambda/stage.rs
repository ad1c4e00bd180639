//! What a function sees of Lambda and of the service: the runtime API over HTTP, and the callback
//! endpoint over HTTPS.
//!
//! Both tell the time of everything that happens to them, to one listener and in order.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::authority::Authority;
use crate::runtime::{self, Call, Handover};

/// How long an invocation may take; the function reads its deadline from it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a handshake may take. The next connection waits for it.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Something that happened.
#[derive(Debug)]
pub struct Report {
    /// When.
    pub at: Instant,
    /// What.
    pub seen: Seen,
}

/// What can happen.
#[derive(Debug)]
pub enum Seen {
    /// The function asked for an event.
    Polled,
    /// It was given one.
    Handed,
    /// It called back.
    CalledBack(Callback),
    /// It said that it is done with the event; or why it is not.
    Ended(Result<(), String>),
    /// It said that it cannot start, and why.
    Unstarted(String),
}

/// A callback as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// The channel that the path names, still percent-encoded.
    pub channel: String,
    /// The body.
    pub body: Value,
}

/// The two servers, on a thread of their own. They end with this value.
#[derive(Debug)]
pub struct Stage {
    /// Where the runtime API listens.
    pub runtime_api: SocketAddr,
    /// The callback endpoint's URL.
    pub endpoint: String,
    reports: Receiver<Report>,
    events: mpsc::UnboundedSender<Bytes>,
    thread: u32,
}

/// Where everything is told.
#[derive(Clone)]
struct Desk {
    reports: Sender<Report>,
}

impl Stage {
    /// Starts both servers.
    pub fn set(authority: &Authority) -> Self {
        let runtime_api = listener();
        let endpoint = listener();
        let address = |listener: &StdListener| listener.local_addr().expect("it has an address");
        let (tell, reports) = channel();
        let (events, waiting) = mpsc::unbounded_channel();
        let (own, thread) = channel();
        let at = (address(&runtime_api), address(&endpoint).port());
        let desk = Desk { reports: tell };
        let acceptor = TlsAcceptor::from(Arc::clone(&authority.server));
        let stop = events.clone();
        std::thread::spawn(move || {
            own.send(thread_id()).expect("the stage waits");
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be made");
            runtime.block_on(serve(runtime_api, endpoint, acceptor, desk, waiting, stop));
        });
        Self {
            runtime_api: at.0,
            endpoint: format!("https://localhost:{}", at.1),
            reports,
            events,
            thread: thread.recv().expect("the servers start"),
        }
    }

    /// The servers' thread, for `taskset`.
    pub fn thread(&self) -> u32 {
        self.thread
    }

    /// Gives the function an event, as soon as it asks for one.
    pub fn give(&self, event: &Value) {
        let event = Bytes::from(event.to_string());
        self.events.send(event).expect("the servers run");
    }

    /// What happens next, if it happens in time.
    pub fn next(&self, within: Duration) -> Option<Report> {
        self.reports.recv_timeout(within).ok()
    }
}

/// A thread's number, as the system knows it.
pub fn thread_id() -> u32 {
    let link = std::fs::read_link("/proc/thread-self").expect("this is Linux");
    let name = link.file_name().and_then(|name| name.to_str()).expect("it names a thread");
    name.parse().expect("a thread has a number")
}

fn listener() -> StdListener {
    let listener = StdListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.set_nonblocking(true).expect("a listener can wait");
    listener
}

async fn serve(
    runtime_api: StdListener,
    endpoint: StdListener,
    acceptor: TlsAcceptor,
    desk: Desk,
    waiting: mpsc::UnboundedReceiver<Bytes>,
    stop: mpsc::UnboundedSender<Bytes>,
) {
    let listener = |listener| TcpListener::from_std(listener).expect("a runtime takes listeners");
    let (tell, calls) = mpsc::unbounded_channel();
    // The path is read raw: the channel's ARN is percent-encoded in it.
    let endpoint_routes = Router::new().fallback(callback).with_state(desk.clone());
    let secure = Secure { listener: listener(endpoint), acceptor };
    tokio::select! {
        () = runtime::serve(listener(runtime_api), tell) => {}
        () = attend(calls, waiting, desk) => {}
        _ = axum::serve(secure, endpoint_routes) => {}
        () = stop.closed() => {}
    }
}

/// A listener that speaks TLS.
struct Secure {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // A write that waits for an acknowledgement would cost more than what is measured.
            drop(stream.set_nodelay(true));
            let handshake = tokio::time::timeout(HANDSHAKE, self.acceptor.accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl Desk {
    fn report(&self, seen: Seen) {
        // Nobody listens any more when the stage is being taken down.
        drop(self.reports.send(Report { at: Instant::now(), seen }));
    }
}

/// Answers the function: with events as they are given, and with thanks.
async fn attend(
    mut calls: mpsc::UnboundedReceiver<Call>,
    mut events: mpsc::UnboundedReceiver<Bytes>,
    desk: Desk,
) {
    while let Some(call) = calls.recv().await {
        // A function that is gone hears of nothing any more.
        let _gone = match call {
            Call::Poll(hand) => {
                desk.report(Seen::Polled);
                let Some(event) = events.recv().await else { return };
                let deadline = SystemTime::now() + TIMEOUT;
                desk.report(Seen::Handed);
                hand.send(Handover { event, deadline }).is_err()
            }
            Call::Ended(result, acknowledge) => {
                desk.report(Seen::Ended(result));
                acknowledge.send(()).is_err()
            }
            Call::Unstarted(why) => {
                desk.report(Seen::Unstarted(why));
                false
            }
        };
    }
}

async fn callback(
    State(desk): State<Desk>,
    request: axum::http::Request<axum::body::Body>,
) -> Response {
    let uri = request.uri().clone();
    let channel = uri.path().strip_prefix("/channels/").map(str::to_owned);
    let is_callback = uri.query() == Some("operation=channel-flow-callback");
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let (Some(channel), true, Ok(body)) =
        (channel, is_callback, serde_json::from_slice::<Value>(&body))
    else {
        // Such as the request that makes the first connection.
        return StatusCode::NOT_FOUND.into_response();
    };
    let answer = json!({ "ChannelArn": channel, "CallbackId": body.get("CallbackId") });
    desk.report(Seen::CalledBack(Callback { channel, body }));
    ([("content-type", "application/json")], answer.to_string()).into_response()
}
