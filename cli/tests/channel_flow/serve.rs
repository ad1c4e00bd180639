//! `serve`: the messaging API on this machine, driven by the real SDK.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command};
use std::time::Duration;

use aws_sdk_chimesdkmessaging::Client;
use aws_sdk_chimesdkmessaging::config::{BehaviorVersion, Config, Region};
use aws_sdk_chimesdkmessaging::types::{
    ChannelMessageCallback, ChannelMessagePersistenceType, ChannelMessageType,
    MessageAttributeValue,
};
use aws_smithy_http_client::Builder;
use serde_json::{Value, json};

use crate::listener::Listener;
use crate::stage::{Stage, end};

const POLICY: &str = r#"
[[rule]]
id = "tickets"
detect = "pattern"
action = "redact"
with = "fixed"
fixed = "[ticket]"
options = { patterns = '\bSEC-\d+\b' }

[[rule]]
id = "words"
detect = "pattern"
action = "deny"
options = { patterns = 'darn' }
"#;

/// A service that runs, and what it said of itself.
struct Served {
    child: Child,
    output: BufReader<ChildStdout>,
    ready: Value,
}

impl Served {
    fn start(stage: &Stage, arguments: &[&str]) -> Self {
        let mut child = stage.command(arguments).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut served = Self { child, output, ready: Value::Null };
        served.ready = served.line();
        served
    }

    /// The next line that it prints.
    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn arn(&self, pointer: &str) -> &str {
        self.ready.pointer(pointer).and_then(Value::as_str).unwrap()
    }

    fn client(&self) -> Client {
        let variable = |name| self.arn(&format!("/environment/{name}")).to_owned();
        let credentials = aws_credential_types::Credentials::new(
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
            None,
            None,
            "test",
        );
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(variable("AWS_REGION")))
            .endpoint_url(variable("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING"))
            .credentials_provider(credentials)
            .http_client(Builder::new().build_http())
            .build();
        Client::from_conf(config)
    }

    async fn send(&self, client: &Client, content: &str) -> String {
        let sent = client
            .send_channel_message()
            .channel_arn(self.arn("/channel_arn"))
            .content(content)
            .r#type(ChannelMessageType::Standard)
            .persistence(ChannelMessagePersistenceType::Persistent)
            .client_request_token(format!("token-{}", content.len()))
            .chime_bearer(self.arn("/user_arns/0"))
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status.unwrap().value.unwrap().as_str(), "PENDING");
        sent.message_id.unwrap()
    }

    /// What Bob reads, once there is something.
    async fn read(&self, client: &Client) -> Vec<String> {
        for _ in 0..500 {
            let listed = client
                .list_channel_messages()
                .channel_arn(self.arn("/channel_arn"))
                .chime_bearer(self.arn("/user_arns/1"))
                .send()
                .await
                .unwrap();
            let messages = listed.channel_messages.unwrap_or_default();
            if !messages.is_empty() {
                return messages.into_iter().filter_map(|message| message.content).collect();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Vec::new()
    }

    /// Asks it to end, as Ctrl-C does; gives back what it said on standard error.
    fn stop(self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let ran = end(self.child);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stderr
    }
}

#[tokio::test]
async fn a_message_goes_through_the_flow() {
    let stage = Stage::with_policy("serve", POLICY);
    let served = Served::start(&stage, &["serve", "--json"]);
    let client = served.client();
    served.send(&client, "darn").await;
    served.send(&client, "see SEC-12").await;
    assert_eq!(served.read(&client).await, ["see [ticket]"], "the denied one is read by nobody");
    let told = served.stop();
    assert!(told.contains("deny by words") && told.contains("update by tickets"), "{told}");
    assert!(!told.contains("SEC-12"), "{told}");
}

#[tokio::test]
async fn the_processor_may_be_a_lambda_elsewhere() {
    let listener = Listener::answering("null");
    let stage = Stage::new("serve-lambda");
    let arguments = ["serve", "--json", "--lambda", &listener.url, "--function", "mine"];
    let served = Served::start(&stage, &arguments);
    served.send(&served.client(), "hello").await;
    let request = listener.request();
    let path = "POST /2015-03-31/functions/mine/invocations HTTP/1.1\r\n";
    assert!(request.starts_with(path), "{request}");
    assert!(request.contains("CHANNEL_MESSAGE_EVENT"), "{request}");
    served.stop();
}

#[test]
fn what_is_no_url_is_no_lambda_endpoint() {
    let stage = Stage::new("serve-no-url");
    for url in ["nonsense", "127.0.0.1:9000", "ftp://127.0.0.1:9000"] {
        let ran = stage.run(&["serve", "--lambda", url]);
        assert_eq!(ran.out(3), "");
        assert!(ran.stderr.contains(&format!("`{url}` is not a URL")), "{ran:?}");
    }
}

#[tokio::test]
async fn an_invocation_that_comes_to_nothing_is_told_with_its_reason() {
    let stage = Stage::new("serve-nowhere");
    // The port was free a moment ago.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    let served =
        Served::start(&stage, &["serve", "--json", "--lambda", &url, "--fallback", "CONTINUE"]);
    let client = served.client();
    let id = served.send(&client, "hello").await;
    assert_eq!(served.read(&client).await, ["hello"]);
    let told = served.stop();
    let line = "failed: the processor cannot be invoked: no connection; the flow's fallback action decides";
    assert!(told.contains(&id) && told.contains(line), "{told}");
}

#[tokio::test]
async fn the_event_can_have_the_other_undocumented_shape() {
    let listener = Listener::answering("null");
    let stage = Stage::new("serve-shape");
    let arguments = [
        "serve",
        "--json",
        "--lambda",
        &listener.url,
        "--event-attributes",
        "--numeric-timestamps",
    ];
    let served = Served::start(&stage, &arguments);
    let client = served.client();
    let attribute = MessageAttributeValue::builder().string_values("v").build();
    client
        .send_channel_message()
        .channel_arn(served.arn("/channel_arn"))
        .content("hello")
        .r#type(ChannelMessageType::Standard)
        .persistence(ChannelMessagePersistenceType::Persistent)
        .client_request_token("token")
        .chime_bearer(served.arn("/user_arns/0"))
        .message_attributes("key", attribute)
        .send()
        .await
        .unwrap();
    let request = listener.request();
    let (_, event) = request.split_once("\r\n\r\n").unwrap();
    let event: Value = serde_json::from_str(event).unwrap();
    let message = &event["ChannelMessage"];
    assert!(message["CreatedTimestamp"].is_number(), "{event}");
    assert_eq!(message["MessageAttributes"], json!({"key": {"StringValues": ["v"]}}));
    served.stop();
}

#[tokio::test]
async fn a_pending_event_waits_for_the_callback_of_a_processor_invoked_by_hand() {
    let stage = Stage::new("serve-pending");
    let channel = "arn:aws:chime:us-east-1:111122223333:app-instance/i/channel/c";
    let callback = "callback-0000000000000000000000001";
    let event = json!({
        "EventType": "CHANNEL_MESSAGE_EVENT", "CallbackId": callback,
        "ChannelMessage": {"MessageId": "m", "ChannelArn": channel, "Content": "see SEC-12"},
    });
    stage.file("event.json", &event.to_string());
    let mut served = Served::start(&stage, &["serve", "--json", "--pending", "event.json"]);
    let message =
        ChannelMessageCallback::builder().message_id("m").content("see it").build().unwrap();
    let client = served.client();
    let answer = || {
        let request = client.channel_flow_callback().callback_id(callback).channel_arn(channel);
        request.channel_message(message.clone()).send()
    };
    answer().await.unwrap();
    let line = served.line();
    assert_eq!((&line["event"], &line["outcome"]), (&json!("event.json"), &json!("update")));
    assert_eq!(line["sent"]["content"], "see SEC-12");
    assert_eq!(line["members"]["content"], "see it");
    assert!(answer().await.is_err(), "a callback id is good for one answer");
    served.stop();
}

#[test]
fn a_pending_event_that_is_none_or_is_there_twice_is_an_error() {
    let stage = Stage::new("serve-not-pending");
    stage.file("none.json", "{}");
    let ran = stage.run(&["serve", "--pending", "none.json"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("none.json: "), "{ran:?}");
    let event = include_str!("../../../events/card.json");
    stage.file("card.json", event);
    let ran = stage.run(&["serve", "--pending", "card.json", "card.json"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("card.json: the event's `CallbackId` was in an event"), "{ran:?}");
}

#[test]
fn what_it_prints_can_be_sourced() {
    let stage = Stage::with_policy("serve-text", POLICY);
    let mut child = stage.command(&["serve"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let mut script = String::new();
    while !script.contains("CHANNEL_FLOW_ARN") {
        script.push_str(&lines.next().unwrap().unwrap());
        script.push('\n');
    }
    script
        .push_str("echo $AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING $ALICE_ARN $BOB_ARN $CHANNEL_ARN\n");
    let mut shell = Command::new("sh");
    let said = shell.args(["-euc", &script]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let words: Vec<&str> = said.split_whitespace().collect();
    assert!(words[0].starts_with("http://127.0.0.1:"), "{said}");
    assert!(words[1].ends_with("/user/alice") && words[2].ends_with("/user/bob"), "{said}");
    assert!(words[3].contains("/channel/"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = Stage::with_policy("serve-taken", POLICY).run(&["serve", "--port", &port]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{ran:?}");
}
