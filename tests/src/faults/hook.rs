//! A webhook that is up, down, slow or lying, as the plan says for the message that it is asked
//! about.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::http::{read, response};
use super::plan::{Hook, Plan};

/// The webhook. It ends when this is dropped.
pub(crate) struct Webhook {
    url: String,
    state: Arc<State>,
    _work: JoinSet<()>,
}

struct State {
    hooks: Vec<Hook>,
    /// Processes that are to be killed while they wait for an answer, by the message's number.
    notices: Mutex<HashMap<usize, Arc<Notify>>>,
    unredacted: Mutex<u32>,
}

impl Webhook {
    pub(crate) async fn start(plan: &Plan) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State {
            hooks: plan.fates.iter().map(|fate| fate.hook).collect(),
            notices: Mutex::default(),
            unredacted: Mutex::default(),
        });
        let mut work = JoinSet::new();
        work.spawn(serve(listener, Arc::clone(&state)));
        Self { url: format!("http://{address}/check"), state, _work: work }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Has `notice` told, instead of an answer given, when it is asked about this message next.
    pub(crate) fn expect(&self, number: usize, notice: Arc<Notify>) {
        self.state.notices.lock().unwrap_or_else(PoisonError::into_inner).insert(number, notice);
    }

    /// How often it was sent what a rule before it should have hidden.
    pub(crate) fn unredacted(&self) -> u32 {
        *self.state.unredacted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let state = Arc::clone(&state);
        connections.spawn(async move {
            answer(stream, &state).await;
        });
    }
}

async fn answer(stream: TcpStream, state: &State) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    let json = [("content-type", "application/json")];
    while let Some(body) = read(&mut stream).await.ok()? {
        let asked: Value = serde_json::from_slice(&body).ok()?;
        let content = asked.get("content").and_then(Value::as_str).unwrap_or_default();
        if content.contains("SEC-") {
            *state.unredacted.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
        let number = content.strip_prefix('m').and_then(|rest| rest.split(':').next());
        let number: usize = number.and_then(|number| number.parse().ok())?;
        let notice = state.notices.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        if let Some(notice) = notice {
            notice.notify_one();
            std::future::pending::<()>().await;
        }
        let reply = match state.hooks.get(number)? {
            Hook::Clear => response(200, &json, br#"{"flagged":false,"reason":"canary"}"#),
            Hook::Flagged => response(200, &json, br#"{"flagged":true,"reason":"canary"}"#),
            Hook::FlaggedAsText => {
                response(200, &[("content-type", "text/html")], br#"{"flagged":true}"#)
            }
            Hook::Hang => std::future::pending().await,
            Hook::HangUp => return None,
            Hook::CutOff => {
                let whole = response(200, &json, br#"{"flagged":true,"reason":"canary"}"#);
                let most = whole.get(..whole.len() - 9)?;
                stream.get_mut().write_all(most).await.ok()?;
                return None;
            }
            Hook::Garbage => response(200, &json, b"canary \xff{{{"),
            Hook::WrongShape => response(200, &json, br#"{"flagged":"yes"}"#),
            Hook::Huge => {
                let body = format!(r#"{{"flagged":true,"reason":"{}"}}"#, "x".repeat(1 << 20));
                response(200, &json, body.as_bytes())
            }
            Hook::Fail => response(500, &json, br#"{"flagged":true}"#),
            Hook::Redirect => response(302, &[("location", "/elsewhere")], b""),
        };
        stream.get_mut().write_all(&reply).await.ok()?;
    }
    Some(())
}
