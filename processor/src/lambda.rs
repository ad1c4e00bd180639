//! What both Lambda binaries share: the start, the payload as it came, and panics outside the
//! rules.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::client::Connections;
use crate::failure::Failure;
use crate::log::{Level, Line, Sink, Stdout};
use crate::processor::Invocation;
use crate::quiet;
use crate::settings::Settings;

/// What a binary has after its start.
pub struct Start {
    /// The settings.
    pub settings: Settings,
    /// Standard output.
    pub sink: Arc<dyn Sink>,
    /// The way to the service.
    pub connections: Connections,
}

/// Reads the settings and makes the process quiet.
pub fn start() -> Start {
    let (settings, misunderstood) = Settings::from_environment();
    let sink: Arc<dyn Sink> = Arc::new(Stdout);
    quiet::install(&sink, settings.levels.clone());
    for setting in misunderstood {
        Line::new(Level::Error, "setting", SystemTime::now())
            .with("variable", setting.variable)
            .with("why", setting.to_string())
            .write(&*sink);
    }
    let connections = Connections::new(&settings);
    Start { settings, sink, connections }
}

impl Start {
    /// Makes the connection that the first callback will use, when it goes over TLS.
    pub async fn connect(&self) {
        if let Some(url) = self.settings.warm_up() {
            self.connections.warm_up(&url).await;
        }
    }
}

/// Takes invocations from Lambda's runtime interface and answers them, one at a time, forever.
///
/// # Errors
/// The runtime interface cannot be reached.
pub async fn run<T>(
    answer: impl AsyncFn(Invocation<'_>) -> Result<T, Failure>,
) -> Result<(), Error> {
    let answer = &answer;
    let handler = service_fn(move |event: LambdaEvent<Payload>| async move {
        let left = event.context.deadline().duration_since(SystemTime::now());
        let invocation = Invocation {
            payload: event.payload.0.as_bytes(),
            end: Instant::now() + left.unwrap_or(Duration::ZERO),
            request_id: Some(&event.context.request_id),
        };
        // A panic that reaches the runtime is reported with its message, which may quote a text.
        let answered = AssertUnwindSafe(answer(invocation)).catch_unwind().await;
        answered.unwrap_or(Err(Failure::Panicked)).map(|_| ())
    });
    lambda_runtime::run(handler).await
}

/// An invocation's payload, unread. It is always taken, so that what is wrong with it is reported
/// in our words; the runtime's may quote it.
struct Payload(String);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer);
        Ok(Self(raw.map(|raw| raw.get().to_owned()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(bytes: &[u8]) -> String {
        serde_json::from_slice::<Payload>(bytes).unwrap().0
    }

    #[test]
    fn a_payload_is_taken_as_it_comes() {
        assert_eq!(payload(br#"{"a": "\ud800"}"#), r#"{"a": "\ud800"}"#);
        assert_eq!(payload(b"7"), "7");
    }

    #[test]
    fn what_is_not_json_is_taken_too() {
        let mut reader = serde_json::Deserializer::from_slice(b"{canary");
        assert_eq!(Payload::deserialize(&mut reader).unwrap().0, "");
        let mut reader = serde_json::Deserializer::from_slice(b"\"\xff\"");
        assert_eq!(Payload::deserialize(&mut reader).unwrap().0, "");
    }
}
