//! Hostile events, through the release binary.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acceptance::platform::{CANARY, Function, Instance, Order, Watch, target};
use acceptance::{release, root};
use bytes::Bytes;
use local_chime::{FallbackAction, Options, Outcome, Server, Status};
use rules::policy::NoResources;
use rules::{Message, Policy, Progress};
use serde_json::{Value, json};

use crate::strings::{fuzzed, naughty};

/// The most memory that a process may ever have held, whatever came: half of what the template gives
/// it.
const MEMORY: u64 = 64 << 20;
const PATIENCE: Duration = Duration::from_mins(1);
const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/i";

/// The service with the release binaries behind it, whose payloads can be put in by hand.
struct Stage {
    server: Server,
    watch: Arc<Watch>,
    processors: Vec<Arc<Instance>>,
    payloads: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Stage {
    async fn set(fallback: FallbackAction) -> Self {
        let options =
            Options { fallback, retry_delay: Duration::from_millis(1), ..Options::default() };
        let server = Server::start(options).await.unwrap();
        let watch = Arc::new(Watch::default());
        let instance = |name: &str| {
            let mut function = Function::new(name, release(name), &server);
            function.environment.push(("LOG_EVENT_SHAPE".to_owned(), "true".to_owned()));
            function.environment.push(("LOG_LEVEL".to_owned(), "trace".to_owned()));
            if fallback == FallbackAction::Continue {
                function.environment.push(("FALLBACK_ACTION".to_owned(), "CONTINUE".to_owned()));
            }
            vec![Instance::new(function, Arc::clone(&watch))]
        };
        let payloads = Arc::<Mutex<BTreeMap<String, Vec<u8>>>>::default();
        let own = Arc::clone(&payloads);
        let processors = instance("processor");
        let processor = target(&processors, move |event| {
            let event: Value = serde_json::from_slice(event).unwrap();
            let id = event["CallbackId"].as_str().unwrap();
            let payload = own.lock().unwrap().get(id).cloned().map(Bytes::from);
            Order { payload, ..Order::default() }
        });
        server.set_default_target(processor);
        server.set_on_failure(target(&instance("last-resort"), |_| Order::default()));
        Self { server, watch, processors, payloads }
    }

    /// Sends a message; with `payload`, the processor gets that in place of the service's event.
    async fn send(&self, event: &Value, payload: Option<Vec<u8>>) -> Outcome {
        if let Some(payload) = payload {
            let id = event["CallbackId"].as_str().unwrap().to_owned();
            self.payloads.lock().unwrap().insert(id, payload);
        }
        let outcome = self.server.deliver(event.to_string(), PATIENCE).await.unwrap();
        assert!(self.server.await_quiet(PATIENCE).await);
        outcome
    }

    /// Nothing of it was printed, and it took little memory.
    async fn has_borne_it(&self) {
        assert_eq!(self.watch.leaks(), [""; 0]);
        assert!(self.watch.lines() > 0, "each decision has its line");
        for processor in &self.processors {
            let memory = processor.memory().await.unwrap();
            assert!(memory.peak <= MEMORY, "{memory:?} is more than {MEMORY}");
        }
    }
}

fn event(number: usize, content: &str) -> Value {
    json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": format!("callback-{number:027}"),
        "ChannelMessage": {
            "MessageId": format!("message-{number}"),
            "ChannelArn": format!("{INSTANCE}/channel/c"),
            "Content": content,
            "Sender": { "Arn": format!("{INSTANCE}/user/alice"), "Name": CANARY },
            "Persistence": "PERSISTENT",
            "Type": "STANDARD",
        },
    })
}

/// The event as JSON text with `raw` where its content is.
fn with_content(number: usize, raw: &str) -> Vec<u8> {
    event(number, "CONTENT").to_string().replace("\"CONTENT\"", raw).into_bytes()
}

/// What members see of a message, by the default policy: its content and its metadata.
fn seen(policy: &Policy, content: &str, metadata: &str) -> Option<(String, String)> {
    let message = Message { metadata: Some(metadata.into()), ..Message::text(content) };
    let Progress::Done(verdict) = policy.evaluate(&message) else {
        unreachable!("nobody is asked")
    };
    match verdict.outcome {
        rules::Outcome::Pass => Some((content.to_owned(), metadata.to_owned())),
        rules::Outcome::Update(after) => {
            Some((after.content.into_string(), after.metadata.unwrap().into_string()))
        }
        rules::Outcome::Deny | rules::Outcome::Abort(_) => None,
    }
}

fn default_policy() -> Policy {
    let text = std::fs::read_to_string(root().join("policy.toml")).unwrap();
    Policy::load(&text, &NoResources).unwrap()
}

fn what_members_see(outcome: &Outcome) -> Option<&str> {
    outcome.seen.as_ref().map(|body| body.content.as_str())
}

#[tokio::test]
async fn every_naughty_string_is_answered_once_as_the_policy_says() {
    let stage = Stage::set(FallbackAction::Abort).await;
    let policy = default_policy();
    let strings = naughty();
    assert!(strings.len() > 200, "{}", strings.len());
    for (number, text) in strings.iter().enumerate() {
        let content = format!("{text} {CANARY}");
        let mut event = event(number, &content);
        // The same everywhere else that a member can write.
        let some = text.chars().take(90).collect::<String>();
        let metadata = json!({ CANARY: some }).to_string();
        event["ChannelMessage"]["Metadata"] = metadata.as_str().into();
        event["ChannelMessage"]["Sender"]["Name"] = content.as_str().into();
        let outcome = stage.send(&event, None).await;
        let book = &outcome.book;
        assert_eq!((book.accepted, book.callback_attempts), (1, 1), "{number}: {book:?}");
        let body = outcome.seen.map(|body| (body.content, body.metadata.unwrap()));
        assert_eq!(body, seen(&policy, &content, &metadata), "{number}");
    }
    stage.has_borne_it().await;
}

#[tokio::test]
async fn half_a_surrogate_pair_is_delivered_as_it_was_judged() {
    let stage = Stage::set(FallbackAction::Abort).await;
    let cases = [
        // Near misses: whole pairs, and backslashes that begin no escape.
        (r#""\ud83d\ude00 canary""#, Some("😀 canary")),
        (r#""\\ud800 canary""#, Some("\\ud800 canary")),
        (r#""\ud800 canary""#, Some("\u{fffd} canary")),
        (r#""\udc00\ud800 canary""#, Some("\u{fffd}\u{fffd} canary")),
        (r#""\ud83d\ud83d\ude00 canary""#, Some("\u{fffd}😀 canary")),
        (r#""\uD800\u0041 canary""#, Some("\u{fffd}A canary")),
        (r#""\ud800\\udc00 canary""#, Some("\u{fffd}\\udc00 canary")),
        // What is forbidden beside one is found.
        (r#""\ud800I will kill you\udfff canary""#, None),
        (
            r#""card 4111 1111 1111 1111 \ud800 canary""#,
            Some("card **** **** **** 1111 \u{fffd} canary"),
        ),
    ];
    for (number, (raw, expected)) in cases.into_iter().enumerate() {
        let outcome = stage.send(&event(number, "replaced"), Some(with_content(number, raw))).await;
        assert_eq!(outcome.book.accepted, 1, "{raw}: {:?}", outcome.book);
        assert_eq!(what_members_see(&outcome), expected, "{raw}");
    }
    stage.has_borne_it().await;
}

#[tokio::test]
async fn of_a_key_that_comes_twice_the_last_is_judged_and_delivered() {
    let stage = Stage::set(FallbackAction::Abort).await;
    let cases = [
        (r#""I will kill you","Content":"hello canary""#, Some("hello canary")),
        (r#""hello canary","Content":"I will kill you""#, None),
        (r#""hello","\u0043ontent":"card 4111111111111111""#, Some("card ************1111")),
    ];
    for (number, (raw, expected)) in cases.into_iter().enumerate() {
        let outcome = stage.send(&event(number, "replaced"), Some(with_content(number, raw))).await;
        assert_eq!((outcome.book.accepted, what_members_see(&outcome)), (1, expected), "{raw}");
    }
    stage.has_borne_it().await;
}

#[tokio::test]
async fn what_is_beside_the_text_can_be_anything() {
    let stage = Stage::set(FallbackAction::Abort).await;
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let beside = [
        r#""CreatedTimestamp":1e999"#.to_owned(),
        r#""CreatedTimestamp":-1e999,"LastEditedTimestamp":123456789012345678901234567890"#
            .to_owned(),
        r#""CreatedTimestamp":-0.0e-999999999"#.to_owned(),
        r#""CreatedTimestamp":"canary","Persistence":"canary","Type":["canary"]"#.to_owned(),
        format!(r#""New":{deep}"#),
        format!(r#""New":{objects}"#),
        format!(r#""New":"{CANARY}{}""#, "x".repeat(1 << 20)),
        format!(r#""{CANARY}{}":1"#, "x".repeat(1 << 20)),
        (0..20_000).map(|number| format!(r#""k{number}":null"#)).collect::<Vec<_>>().join(","),
        r#""\ud800":"\udc00","\u0000":"\u0000""#.to_owned(),
        format!(r#""Sender":{{"Arn":"{CANARY}","Name":"{}"}}"#, "😀".repeat(200_000)),
        format!(r#""Sender":{deep}"#),
        format!(r#""PushNotification":{objects},"MessageAttributes":{deep}"#),
    ];
    for (number, more) in beside.iter().enumerate() {
        let raw = format!(r#""hello canary",{more}"#);
        let outcome =
            stage.send(&event(number, "replaced"), Some(with_content(number, &raw))).await;
        let shown: String = more.chars().take(60).collect();
        assert_eq!(outcome.book.accepted, 1, "{shown}: {:?}", outcome.book);
        assert_eq!(what_members_see(&outcome), Some("hello canary"), "{shown}");
    }
    stage.has_borne_it().await;
}

#[tokio::test]
async fn texts_too_long_for_the_service_are_denied_and_not_retried() {
    let stage = Stage::set(FallbackAction::Abort).await;
    let deep = format!("{}4111111111111111{}", "[".repeat(10_000), "]".repeat(10_000));
    let cases = [
        (format!(r#""{}""#, "x".repeat(1 << 20)), "content of a megabyte"),
        (format!(r#""{}""#, "\\u0000".repeat(170_000)), "a megabyte of escapes"),
        (format!(r#""{}""#, "\\ud800".repeat(170_000)), "a megabyte of half pairs"),
        (deep.clone(), "content that is a list of 10,000 levels"),
        (format!(r#""hello","Metadata":{deep}"#), "metadata that is such a list"),
        (format!(r#""hello","Metadata":"{deep}""#), "metadata with such a list in it"),
        (format!(r#""hello","Metadata":"{}""#, "{\\\"a\\\":".repeat(10_000)), "open objects"),
        ("1e999".to_owned() + &"9".repeat(1 << 20), "a number of a megabyte"),
    ];
    for (number, (raw, what)) in cases.into_iter().enumerate() {
        let outcome =
            stage.send(&event(number, "replaced"), Some(with_content(number, &raw))).await;
        let book = &outcome.book;
        assert_eq!((outcome.status, book.accepted), (Status::Denied, 1), "{what}: {book:?}");
        assert_eq!(book.callback_attempts, 1, "{what}: {book:?}");
    }
    stage.has_borne_it().await;
}

#[tokio::test]
async fn what_nobody_can_answer_is_named_and_kept() {
    let stage = Stage::set(FallbackAction::Continue).await;
    let whole = event(0, CANARY).to_string();
    let long_id = event(1, CANARY).to_string().replace("callback-", &"canary".repeat(100_000));
    let elsewhere = event(2, CANARY)
        .to_string()
        .replace("/channel/c", "/channel/../../x?operation=y#z\\r\\nx-header: 1\\r\\n");
    let payloads: Vec<Vec<u8>> = vec![
        whole.replace(CANARY, "canary\\x").into_bytes(),
        whole.replace(CANARY, "canary\\uZZZZ").into_bytes(),
        whole.replace(CANARY, "canary\\ud8").into_bytes(),
        whole.replace(CANARY, "canary\u{0}").into_bytes(),
        whole.replace(CANARY, "canary\n").into_bytes(),
        whole.get(..whole.len() / 2).unwrap().into(),
        b"\xff\xfecanary".to_vec(),
        vec![b'['; 1 << 20],
        long_id.into_bytes(),
        elsewhere.into_bytes(),
        whole.replace("\"message-0\"", "null").into_bytes(),
        whole.replace("\"message-0\"", "\"message-\\ud800\"").into_bytes(),
    ];
    let count = payloads.len();
    for (number, payload) in payloads.into_iter().enumerate() {
        // The last resort gets the service's own event, and answers that.
        let outcome = stage.send(&event(10 + number, CANARY), Some(payload)).await;
        let book = &outcome.book;
        assert_eq!((outcome.status, book.accepted), (Status::Sent, 1), "{number}: {book:?}");
        assert_eq!((book.failed_invocations, book.last_resorts), (3, 1), "{number}: {book:?}");
    }
    // Not even the last resort has more than this to go by.
    let nameless = event(99, CANARY).to_string().replace("message-99", "");
    let outcome = stage.server.deliver(nameless, PATIENCE).await.unwrap();
    assert_eq!((outcome.book.accepted, outcome.book.dead_lettered), (0, 1), "{:?}", outcome.book);
    assert!(stage.watch.lines() > u64::try_from(count).unwrap());
    stage.has_borne_it().await;
}

#[tokio::test]
async fn whatever_fuzzing_found_is_answered_once() {
    let stage = Stage::set(FallbackAction::Abort).await;
    for (number, (name, payload)) in fuzzed("event").into_iter().enumerate() {
        let event = event(number, "hello canary");
        // With ids that the service knows, so that the processor's answer is for this message.
        let id = event["CallbackId"].as_str().unwrap();
        let payload =
            ["k-1", "k-2"].iter().fold(payload, |payload, own| replaced(&payload, own, id));
        let message = event["ChannelMessage"]["MessageId"].as_str().unwrap();
        let payload = replaced(&payload, "m-1", message);
        let book = stage.send(&event, Some(payload)).await.book;
        let unreadable = ["missing.json", "no-text.json"].contains(&name.as_str());
        let expected = (1, u32::from(unreadable));
        assert_eq!((book.accepted, book.last_resorts), expected, "{name}: {book:?}");
    }
    stage.has_borne_it().await;
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|part| part == from.as_bytes()) {
        all.extend_from_slice(&rest[..at]);
        all.extend_from_slice(to.as_bytes());
        rest = &rest[at + from.len()..];
    }
    all.extend_from_slice(rest);
    all
}
