//! Nothing that a member wrote is ever printed: the word stands in every text there is, every path
//! is taken, every level is on, and then everything that was printed is searched for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use processor::log::Sink;
use processor::{Config, Connections, Evaluate, Fallback, Invocation, Judgement, Processor, quiet};
use rules::{Answer, Inquiry, InquiryFailure, Message};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::function::Function;
use crate::lines::Lines;
use crate::service::{Server, Step};

const CHANNEL: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/i/channel/c";

/// An event with the word in every text, name and unknown place. `number` makes its ids.
fn event(number: usize, content: &str) -> Value {
    json!({
        "EventType": "canary",
        "CallbackId": format!("canary-{number}"),
        "canary": {"canary": "canary"},
        "New": ["canary"],
        "ChannelMessage": {
            "MessageId": format!("m{number}"),
            "ChannelArn": CHANNEL,
            "Content": content,
            "Metadata": "{\"canary\":\"canary\"}",
            "Sender": {"Arn": "arn:canary/user/canary", "Name": "canary"},
            "Persistence": "canary",
            "Type": "canary",
            "CreatedTimestamp": "canary",
            "LastEditedTimestamp": "canary",
            "PushNotification": {"Title": "canary", "Body": "canary", "Type": "canary"},
            "MessageAttributes": {"canary": {"StringValues": ["canary"]}},
            "SubChannelId": "canary",
            "ContentType": "canary",
        },
    })
}

/// Payloads that are not whole events.
fn broken() -> Vec<Vec<u8>> {
    let mut wrong = event(900, "canary");
    wrong["ChannelMessage"]["Content"] = json!({"canary": ["canary"]});
    wrong["ChannelMessage"]["Sender"] = "canary".into();
    wrong["ChannelMessage"]["PushNotification"] = json!(["canary"]);
    wrong["ChannelMessage"]["MessageAttributes"] = json!({"canary": "canary"});
    let mut nameless = event(901, "canary");
    nameless["CallbackId"] = json!({"canary": "canary"});
    vec![
        b"canary".to_vec(),
        br#"{"ChannelMessage":{"Content":"canary"#.to_vec(),
        br#""canary""#.to_vec(),
        b"\"canary\xff\"".to_vec(),
        br#"{"canary":"canary"} canary"#.to_vec(),
        br#"{"CallbackId":"canary","ChannelMessage":{"MessageId":"m902","ChannelArn":"c","Content":"canary\ud800"}}"#.to_vec(),
        wrong.to_string().into_bytes(),
        nameless.to_string().into_bytes(),
    ]
}

/// What the service may say with the request's own words in it.
fn service() -> Vec<Step> {
    let echo = |status, code| Step::Say(status, code, "canary canary canary".to_owned());
    vec![
        echo(500, "ServiceFailure"),
        echo(409, "Conflict"),
        echo(429, "canary"),
        Step::Body(b"canary".to_vec()),
        echo(400, "BadRequest"),
        echo(400, "canary"),
        echo(403, "Forbidden"),
        echo(403, "canary"),
        Step::AcceptAndCut,
        echo(418, "canary"),
    ]
}

fn policy(hook: &Server, name: &str) -> PathBuf {
    let url = format!("{}/canary", hook.url());
    let text = format!(
        r#"
        [[rule]]
        id = "hook"
        detect = "webhook"
        action = "deny"
        on-error = "continue"
        options = {{ url = "{url}", timeout-ms = 500 }}

        [[rule]]
        id = "redacts"
        detect = "pattern"
        action = "redact"
        options = {{ patterns = "canary-redact" }}

        [[rule]]
        id = "denies"
        detect = "pattern"
        action = "deny"
        options = {{ patterns = "canary-deny" }}

        [[rule]]
        id = "aborts"
        detect = "pattern"
        action = "abort"
        options = {{ patterns = "canary-abort" }}
        "#
    );
    let path =
        std::env::temp_dir().join(format!("channel-flow-{name}-{}.toml", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

fn hook() -> Server {
    let script = [
        Step::Body(br#"{"flagged":true,"reason":"canary"}"#.to_vec()),
        Step::Body(b"canary".to_vec()),
        Step::Say(500, "canary", "canary".to_owned()),
        Step::Say(302, "canary", "canary".to_owned()),
        Step::Stall(Duration::from_secs(2)),
    ];
    let script = script.iter().cycle().take(15).cloned();
    Server::then(script, Step::Body(br#"{"flagged":false,"reason":"canary"}"#.to_vec()))
}

const CONTENTS: &[&str] = &["canary", "canary-redact", "canary-deny", "canary-abort"];

fn has_no_canary(output: &str) {
    let leak = output.lines().find(|line| line.to_lowercase().contains("canary"));
    assert_eq!(leak, None);
}

#[test]
fn the_processors_binary_prints_none_of_it() {
    for fallback in ["ABORT", "CONTINUE"] {
        let service = Server::new(service());
        let policy = policy(&hook(), fallback);
        let function = Function::start(
            Path::new(env!("CARGO_BIN_EXE_processor")),
            &[
                ("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", &service.url()),
                ("RUST_LOG", "trace"),
                ("LOG_LEVEL", "trace"),
                ("LOG_EVENT_SHAPE", "true"),
                ("FALLBACK_ACTION", fallback),
                ("POLICY_FILE", policy.to_str().unwrap()),
            ],
        );
        let mut ended = Vec::new();
        for (number, content) in CONTENTS.iter().cycle().take(20).enumerate() {
            ended.push(function.invoke(event(number, content).to_string().as_bytes()));
        }
        for payload in broken() {
            ended.push(function.invoke(&payload));
        }
        let output = function.stop();
        std::fs::remove_file(policy).unwrap();
        // Every way was taken.
        for outcome in ["pass", "update", "deny", "abort"] {
            assert!(output.contains(&format!(r#""outcome":"{outcome}""#)), "{outcome}");
        }
        for word in ["shape", "library", "EventUnreadable", "CallbackForbidden", "not-understood"] {
            assert!(output.contains(word), "{word}");
        }
        assert!(ended.iter().any(Result::is_ok));
        assert!(ended.iter().any(Result::is_err));
        // Neither is the runtime told any of it.
        has_no_canary(&format!("{ended:?}"));
        has_no_canary(&output);
    }
}

#[test]
fn the_last_resorts_binary_prints_none_of_it() {
    let service = Server::new(service());
    let function = Function::start(
        Path::new(env!("CARGO_BIN_EXE_last-resort")),
        &[
            ("AWS_ENDPOINT_URL", &service.url()),
            ("RUST_LOG", "trace"),
            ("FALLBACK_ACTION", "CONTINUE"),
        ],
    );
    let mut ended = Vec::new();
    for (number, content) in CONTENTS.iter().cycle().take(12).enumerate() {
        let record = json!({
            "requestPayload": event(number, content),
            "responsePayload": {"errorType": "canary", "errorMessage": "canary"},
        });
        ended.push(function.invoke(record.to_string().as_bytes()));
    }
    for payload in broken() {
        ended.push(function.invoke(&payload));
    }
    let output = function.stop();
    assert!(output.contains(r#""event":"last-resort""#));
    assert!(output.contains("LastResortFailed"));
    has_no_canary(&format!("{ended:?}"));
    has_no_canary(&output);
}

/// Panics, on a thread of its own or at once.
struct Panics {
    is_quick: bool,
}

impl Evaluate for Panics {
    fn revision(&self) -> &'static str {
        "test"
    }

    fn is_quick(&self, _: &Message) -> bool {
        self.is_quick
    }

    fn evaluate(
        &self,
        message: &Message,
        _: &mut dyn FnMut(&Inquiry) -> Result<Answer, InquiryFailure>,
    ) -> Judgement {
        let (_, behind) = message.content.split_at(message.content.len() - 1);
        std::panic::panic_any(behind.to_owned())
    }
}

#[tokio::test]
async fn a_panic_prints_its_place_alone() {
    let lines = Lines::default();
    let sink: Arc<dyn Sink> = Arc::new(lines.clone());
    quiet::install(&sink, "trace".parse().unwrap());
    let service = Server::new([]);
    let processor = |is_quick| {
        Processor::new(Config {
            policy: Ok(Arc::new(Panics { is_quick })),
            fallback: Fallback::Continue,
            connections: Connections::to(&service.url()),
            sink: Arc::clone(&sink),
            function: Some("f".to_owned()),
            log_event_shape: true,
        })
    };
    // Cutting this text in the middle of its last character panics in words that quote it.
    let contents = [("canary", false), ("canary 😀", false), ("canary", true), ("canary 😀", true)];
    for (number, (content, is_quick)) in contents.into_iter().enumerate() {
        let processor = processor(is_quick);
        let payload = event(number, content).to_string();
        let end = Instant::now() + Duration::from_secs(5);
        let invocation = Invocation { payload: payload.as_bytes(), end, request_id: None };
        processor.answer(invocation).await.unwrap();
    }
    // From here on a panic is a failed test, and may speak.
    drop(std::panic::take_hook());
    assert_eq!(service.accepted().len(), 4);
    let output = lines.all();
    assert_eq!(output.matches(r#""event":"panic""#).count(), 4);
    assert_eq!(output.matches(r#""reason":"panic""#).count(), 4);
    assert!(output.contains(r#""detail":"trace""#), "the SDK's own lines are there");
    has_no_canary(&output);
}
