//! The release binary under AWS's own runtime interface emulator, called back over HTTP: one
//! accepted answer for each message, whatever the service does.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::time::Duration;

use acceptance::{Emulator, events, release, root};
use local_chime::{CallbackFault, Options, Outcome, Server, Status, Trouble};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(40);

/// The service, and the processor behind its flows.
struct Stage {
    server: Server,
    emulator: Emulator,
}

impl Stage {
    async fn set(environment: &[(&str, &str)]) -> Self {
        let server = Server::start(Options::default()).await.unwrap();
        let url = server.url();
        let mut all = vec![("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", url.as_str())];
        all.extend_from_slice(environment);
        let emulator = Emulator::start(&release("processor"), &all).await;
        server.set_default_target(emulator.target());
        Self { server, emulator }
    }

    async fn deliver(&self, event: &Value) -> Outcome {
        let outcome =
            self.server.deliver(serde_json::to_vec(event).unwrap(), PATIENCE).await.unwrap();
        assert!(self.server.await_quiet(PATIENCE).await, "deliveries are still under way");
        outcome
    }
}

/// An event of its own message.
fn event(number: u32, content: &str) -> Value {
    let instance = "arn:aws:chime:us-east-1:111122223333:app-instance/i";
    json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": format!("callback-{number:032}"),
        "ChannelMessage": {
            "MessageId": format!("message-{number:032}"),
            "ChannelArn": format!("{instance}/channel/c"),
            "Content": content,
            "Metadata": "{\"k\":\"v\"}",
            "Sender": { "Arn": format!("{instance}/user/alice"), "Name": "Alice" },
            "Persistence": "PERSISTENT",
            "Type": "STANDARD",
            "CreatedTimestamp": "2026-08-14T10:00:00.123Z",
        },
    })
}

#[tokio::test]
async fn every_sample_event_ends_as_the_policy_says() {
    let stage = Stage::set(&[]).await;
    for (name, bytes) in events() {
        let outcome = stage.server.deliver(bytes, PATIENCE).await.unwrap();
        let seen = outcome.seen.as_ref().map(|body| body.content.as_str());
        assert_eq!(outcome.book.accepted, 1, "{name}");
        match name.as_str() {
            "denied" => assert_eq!((outcome.status, seen), (Status::Denied, None), "{name}"),
            "card" => assert_eq!(
                seen,
                Some("My card is **** **** **** 1111, valid until 12/28."),
                "{name}"
            ),
            _ => assert_eq!(outcome.status, Status::Sent, "{name}"),
        }
    }
}

#[tokio::test]
async fn each_fault_ends_in_exactly_one_accepted_callback() {
    let stage = Stage::set(&[]).await;
    let faults = [
        CallbackFault::Conflict,
        CallbackFault::Throttle,
        CallbackFault::Failure,
        CallbackFault::Unavailable,
        CallbackFault::HangUp,
        CallbackFault::LoseAnswer,
        CallbackFault::SlowMs(1_500),
        CallbackFault::LateMs(1_500),
    ];
    for (number, fault) in (100..).zip(faults) {
        stage.server.set_trouble(Trouble { script: vec![fault, fault], ..Trouble::default() });
        let outcome = stage.deliver(&event(number, "hello")).await;
        let book = stage.server.book(&outcome.message_id).unwrap();
        assert_eq!((outcome.status, book.accepted), (Status::Sent, 1), "{fault:?}: {book:?}");
        assert_eq!(book.dead_lettered, 0, "{fault:?}: {book:?}");
        assert_eq!(outcome.seen.unwrap().content, "hello");
    }
}

#[tokio::test]
async fn a_duplicate_delivery_is_answered_once_and_fails_nothing() {
    let stage = Stage::set(&[]).await;
    stage.server.set_trouble(Trouble {
        duplicates: 2,
        duplicate_delay_ms: 5,
        ..Trouble::default()
    });
    let outcome = stage.deliver(&event(200, "hello")).await;
    let book = stage.server.book(&outcome.message_id).unwrap();
    assert_eq!((book.invocations, book.accepted, book.failed_invocations), (3, 1, 0), "{book:?}");
}

#[tokio::test]
async fn a_service_that_is_down_for_good_leaves_the_event_to_the_queue() {
    let stage = Stage::set(&[("AWS_LAMBDA_FUNCTION_TIMEOUT", "2")]).await;
    stage.server.set_trouble(Trouble {
        script: vec![CallbackFault::Unavailable; 1_000],
        ..Trouble::default()
    });
    let outcome = stage.deliver(&event(300, "hello")).await;
    let book = stage.server.book(&outcome.message_id).unwrap();
    assert_eq!((book.invocations, book.accepted, book.dead_lettered), (3, 0, 1), "{book:?}");
}

#[tokio::test]
async fn what_the_processor_cannot_answer_the_last_resort_does() {
    for (number, fallback, status) in
        [(350, "ABORT", Status::Denied), (351, "CONTINUE", Status::Sent)]
    {
        let server = Server::start(Options::default()).await.unwrap();
        // Nobody listens where this processor calls back.
        let lost =
            [("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_LAMBDA_FUNCTION_TIMEOUT", "2")];
        let processor = Emulator::start(&release("processor"), &lost).await;
        let url = server.url();
        let found = [("AWS_ENDPOINT_URL", url.as_str()), ("FALLBACK_ACTION", fallback)];
        let last_resort = Emulator::start(&release("last-resort"), &found).await;
        server.set_default_target(processor.target());
        server.set_on_failure(last_resort.target());
        let event = serde_json::to_vec(&event(number, "hello")).unwrap();
        let outcome = server.deliver(event, PATIENCE).await.unwrap();
        let book = &outcome.book;
        assert_eq!((outcome.status, book.accepted), (status, 1), "{fallback}: {book:?}");
        assert_eq!(
            (book.failed_invocations, book.last_resorts, book.dead_lettered),
            (3, 1, 0),
            "{book:?}"
        );
    }
}

#[tokio::test]
async fn a_broken_policy_answers_as_the_fallback_says() {
    let folder = std::env::temp_dir().join(format!("policies-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let policy = folder.join("broken.toml");
    std::fs::write(&policy, "[[rule]]\nid = 'r'\n").unwrap();
    let path = policy.to_string_lossy().into_owned();
    for (number, fallback, status) in
        [(400, "ABORT", Status::Denied), (401, "CONTINUE", Status::Sent)]
    {
        let stage = Stage::set(&[("POLICY_FILE", &path), ("FALLBACK_ACTION", fallback)]).await;
        let outcome = stage.deliver(&event(number, "card 4111 1111 1111 1111")).await;
        assert_eq!((outcome.status, outcome.book.accepted), (status, 1), "{fallback}");
        assert!(stage.emulator.output().contains("missing-key"), "the log names the mistake");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_webhook_that_hangs_is_cut_off_before_lambda_cuts_off_the_processor() {
    // It takes connections and never answers.
    let hook = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = hook.local_addr().unwrap().port();
    let policy = std::env::temp_dir().join(format!("hook-{}.toml", std::process::id()));
    let text = format!(
        "[[rule]]\nid = 'hook'\ndetect = 'webhook'\naction = 'deny'\noptions = {{ url = 'http://127.0.0.1:{port}/', timeout-ms = 60000 }}\n"
    );
    std::fs::write(&policy, text).unwrap();
    let path = policy.to_string_lossy().into_owned();
    let environment = [
        ("POLICY_FILE", path.as_str()),
        ("FALLBACK_ACTION", "CONTINUE"),
        ("AWS_LAMBDA_FUNCTION_TIMEOUT", "3"),
    ];
    let stage = Stage::set(&environment).await;
    let outcome = stage.deliver(&event(500, "hello")).await;
    let book = stage.server.book(&outcome.message_id).unwrap();
    assert_eq!((outcome.status, book.accepted, book.invocations), (Status::Sent, 1, 1), "{book:?}");
    std::fs::remove_file(&policy).unwrap();
}

#[tokio::test]
async fn no_text_of_a_message_is_printed() {
    let environment = [("RUST_LOG", "trace"), ("LOG_LEVEL", "TRACE"), ("LOG_EVENT_SHAPE", "true")];
    let stage = Stage::set(&environment).await;
    let mut message = event(600, "canary-content 4111 1111 1111 1111");
    message["ChannelMessage"]["Sender"]["Name"] = "canary-name".into();
    message["ChannelMessage"]["Metadata"] = "{\"k\":\"canary-metadata\"}".into();
    message["ChannelMessage"]["PushNotification"] =
        json!({ "Title": "canary-title", "Body": "canary-body", "Type": "DEFAULT" });
    message["ChannelMessage"]["MessageAttributes"] =
        json!({ "k": { "StringValues": ["canary-value"] } });
    stage.server.set_trouble(Trouble {
        script: vec![CallbackFault::Failure, CallbackFault::Conflict, CallbackFault::HangUp],
        ..Trouble::default()
    });
    let outcome = stage.deliver(&message).await;
    assert_eq!(outcome.book.accepted, 1);
    // And one that cannot be read.
    message["CallbackId"] = Value::Null;
    drop(stage.server.deliver(serde_json::to_vec(&message).unwrap(), PATIENCE).await);
    let output = stage.emulator.output();
    assert!(
        output.contains(message["ChannelMessage"]["MessageId"].as_str().unwrap()),
        "the decision is logged"
    );
    assert!(
        !output.contains("canary"),
        "{}",
        output.lines().find(|line| line.contains("canary")).unwrap()
    );
    // Four digits alone stand in many an id.
    assert!(!output.contains("1111 1111"), "a card number was printed");
}

#[test]
fn the_default_policy_passes_its_own_tests() {
    let text = std::fs::read_to_string(root().join("policy.toml")).unwrap();
    let policy = rules::Policy::load(&text, &rules::policy::NoResources).unwrap();
    assert!(!policy.tests().is_empty());
    for test in policy.tests() {
        assert_eq!(test.run(&policy), rules::test_case::TestResult::Passed, "{}", test.name());
    }
}
