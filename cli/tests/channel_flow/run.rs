//! `run`: events through the processor and back to the service.

use serde_json::{Value, json};

use crate::listener::Listener;
use crate::stage::Stage;

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

[[rule]]
id = "unsure"
detect = "pattern"
action = "abort"
options = { patterns = 'hm+' }
"#;

/// An event; its ids are made of `id`, one character.
fn event(id: char, content: &str) -> Value {
    let instance =
        "arn:aws:chime:us-east-1:111122223333:app-instance/5f3b0a2c-8f0e-4b57-9f4e-1b2c3d4e5f60";
    json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": id.to_string().repeat(36),
        "ChannelMessage": {
            "MessageId": format!("message-{id}"),
            "ChannelArn": format!("{instance}/channel/lobby"),
            "Content": content,
            "Metadata": "{\"ref\":\"SEC-7\"}",
            "Sender": {"Arn": format!("{instance}/user/alice"), "Name": "Alice"},
            "Persistence": "PERSISTENT",
            "Type": "STANDARD",
            "CreatedTimestamp": "2026-08-14T10:00:00.123Z",
            "PushNotification": {"Title": "from Alice", "Body": "SEC-8", "Type": "DEFAULT"},
        },
    })
}

fn stage(name: &str) -> Stage {
    let stage = Stage::with_policy(name, POLICY);
    stage.file("update.json", &event('a', "see SEC-12").to_string());
    stage.file("deny.json", &event('b', "darn \u{1b}[2J").to_string());
    stage.file("abort.json", &event('c', "hmm").to_string());
    stage
}

#[test]
fn each_event_tells_what_was_sent_and_what_members_see() {
    let lines = stage("run-json").run(&["run", "--json", "update.json", "deny.json"]).lines(0);
    let update = &lines[0];
    assert_eq!(update["event"], "update.json");
    assert_eq!((&update["outcome"], &update["rule"]), (&json!("update"), &json!("tickets")));
    assert_eq!(update["status"], "SENT");
    assert_eq!(update["sent"]["content"], "see SEC-12");
    assert_eq!(
        update["members"],
        json!({
            "content": "see [ticket]",
            "metadata": "{\"ref\":\"[ticket]\"}",
            "push": {"title": "from Alice", "body": "[ticket]"},
        })
    );
    assert!(update["milliseconds"].as_f64().unwrap() > 0.0);
    let deny = &lines[1];
    assert_eq!((&deny["outcome"], &deny["rule"]), (&json!("deny"), &json!("words")));
    assert_eq!((&deny["status"], &deny["members"]), (&json!("DENIED"), &Value::Null));
}

#[test]
fn people_read_it_in_a_few_lines() {
    let ran = stage("run-text").run(&["run", "update.json", "deny.json"]);
    let out = ran.out(0);
    assert!(out.starts_with("update.json  update by tickets  "), "{out}");
    assert!(out.contains("  sent     content  \"see SEC-12\"\n"), "{out}");
    assert!(out.contains("  members  content  \"see [ticket]\"\n"), "{out}");
    assert!(out.contains("  members  nothing (DENIED)\n"), "{out}");
    assert!(out.ends_with("2 events: 1 deny, 1 update\n"), "{out}");
    assert!(!out.contains('\u{1b}'), "a message cannot play tricks on the terminal");
    assert_eq!(ran.stderr, "");
}

#[test]
fn the_fallback_decides_what_members_see_of_an_unjudged_message() {
    let stage = stage("run-fallback");
    let line = stage.run(&["run", "--json", "abort.json"]).lines(0).remove(0);
    assert_eq!((&line["outcome"], &line["reason"]), (&json!("abort"), &json!("rule")));
    assert_eq!(line["members"], Value::Null);
    let line =
        stage.run(&["run", "--json", "--fallback", "CONTINUE", "abort.json"]).lines(0).remove(0);
    assert_eq!((&line["outcome"], &line["status"]), (&json!("abort"), &json!("SENT")));
    assert_eq!(line["members"]["content"], "hmm");
}

#[test]
fn a_broken_event_is_told_and_the_rest_is_run() {
    let stage = stage("run-broken");
    stage.file("no-ids.json", r#"{"ChannelMessage":{"MessageId":"m","Content":"canary"}}"#);
    stage.file("no-json.json", "canary");
    let mut short = event('d', "canary");
    short["CallbackId"] = json!("short");
    stage.file("short.json", &short.to_string());
    let files =
        ["run", "--json", "no-ids.json", "no-json.json", "gone.json", "short.json", "update.json"];
    let ran = stage.run(&files);
    let lines = ran.lines(3);
    let error = |index: usize| lines[index]["error"].as_str().unwrap();
    assert_eq!(lines.len(), 5);
    assert!(error(0).contains("`CallbackId`, `ChannelMessage.ChannelArn`"), "{lines:?}");
    assert_eq!(error(1), "the event is not JSON");
    assert!(error(2).starts_with("it cannot be read: "), "{lines:?}");
    assert!(error(3).contains("`CallbackId` must have 32 to 64 characters"), "{lines:?}");
    assert_eq!(lines[4]["outcome"], "update");
    assert!(!ran.stdout.contains("canary") && !ran.stderr.contains("canary"), "{ran:?}");
    // For people, what is wrong is no part of the results.
    let ran = stage.run(&["run", "gone.json", "update.json"]);
    assert!(ran.out(3).starts_with("update.json"), "{ran:?}");
    assert!(ran.stderr.starts_with("gone.json  not an event: it cannot be read: "), "{ran:?}");
}

#[test]
fn times_are_told_in_whole_microseconds() {
    let line = stage("run-time").run(&["run", "--json", "update.json"]).lines(0).remove(0);
    let text = line["milliseconds"].to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    assert!(digits <= 3, "{text}");
}

#[test]
fn events_with_the_same_ids_are_each_an_event() {
    let lines = stage("run-twice").run(&["run", "--json", "update.json", "update.json"]).lines(0);
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["outcome"] == "update"), "{lines:?}");
}

#[test]
fn an_edit_of_a_message_that_was_sent_before_is_run() {
    let stage = stage("run-edit");
    let mut edit = event('a', "now SEC-99");
    edit["CallbackId"] = json!("e".repeat(36));
    edit["ChannelMessage"]["LastEditedTimestamp"] = json!("2026-08-14T10:01:00.000Z");
    stage.file("edit.json", &edit.to_string());
    let lines = stage.run(&["run", "--json", "update.json", "edit.json"]).lines(0);
    assert_eq!(lines[1]["members"]["content"], "now [ticket]");
}

#[test]
fn an_event_may_come_from_standard_input() {
    let event = event('a', "hello").to_string();
    let line =
        stage("run-stdin").run_with(&["run", "--json", "-"], event.as_bytes()).lines(0).remove(0);
    assert_eq!((&line["event"], &line["members"]["content"]), (&json!("-"), &json!("hello")));
}

#[test]
fn outcomes_are_no_failure_unless_asked_for() {
    let stage = stage("run-fail-on");
    assert_eq!(stage.run(&["run", "deny.json"]).code, 0);
    assert_eq!(stage.run(&["run", "--fail-on", "deny", "deny.json"]).code, 1);
    assert_eq!(stage.run(&["run", "--fail-on", "deny", "update.json"]).code, 0);
    assert_eq!(stage.run(&["run"]).code, 3, "an event is needed");
}

#[test]
fn a_broken_policy_runs_nothing() {
    let stage = stage("run-policy");
    stage.file("policy.toml", "[[rule]]\n");
    let ran = stage.run(&["run", "update.json"]);
    assert_eq!(ran.out(2), "");
    assert!(ran.stderr.contains("error[missing-key]"), "{ran:?}");
}

#[test]
fn the_log_on_standard_error_holds_no_text() {
    let ran = stage("run-log").run(&["run", "-v", "update.json"]);
    ran.out(0);
    assert!(ran.stderr.contains("\"outcome\":\"update\""), "{ran:?}");
    assert!(!ran.stderr.contains("SEC-12") && !ran.stderr.contains("Alice"), "{ran:?}");
}

#[test]
fn the_built_in_policy_serves_where_there_is_no_other() {
    let stage = Stage::new("run-built-in");
    stage.file("event.json", &event('a', "hello").to_string());
    let ran = stage.run(&["run", "-v", "--json", "event.json"]);
    assert_eq!(ran.lines(0)[0]["status"], "SENT");
    assert!(ran.stderr.starts_with("policy: built-in policy\n"), "{ran:?}");
    assert!(stage.run(&["test"]).out(0).contains("built-in policy: "));
}

#[test]
fn an_event_is_explained() {
    let ran = stage("explain-event").run(&["explain", "--event", "update.json"]);
    assert!(ran.out(0).contains("content 4..10 \"SEC-12\"  counts"), "{ran:?}");
    let ran = stage("explain-no-event").run(&["explain", "--event", "policy.toml"]);
    assert!(ran.stderr.starts_with("error: `policy.toml` is not an event: "), "{ran:?}");
    assert_eq!(ran.code, 3);
}

/// The policy, and behind it a rule that asks a service at `url`.
fn asking(url: &str) -> String {
    format!(
        "{POLICY}\n[[rule]]\nid = 'hook'\ndetect = 'webhook'\naction = 'deny'\noptions = {{ url = '{url}/x', timeout-ms = 30000 }}\n"
    )
}

#[test]
fn webhooks_are_really_asked_and_see_what_the_rules_before_left() {
    let message = json!({ "content": "see SEC-1" }).to_string();
    let event = event('a', "see SEC-1").to_string();
    for (name, arguments, input) in [
        ("hook-eval", &["eval"][..], &message),
        ("hook-explain", &["explain", "--json"], &message),
        ("hook-run", &["run", "--json", "-"], &event),
    ] {
        let listener = Listener::answering(r#"{"flagged":true}"#);
        let stage = Stage::with_policy(name, &asking(&listener.url));
        let answer = stage.run_with(arguments, input.as_bytes()).json(0);
        assert_eq!(
            (&answer["outcome"], &answer["rule"]),
            (&json!("deny"), &json!("hook")),
            "{name}"
        );
        let request = listener.request();
        assert!(request.starts_with("POST /x HTTP/1.1\r\n"), "{name}: {request}");
        assert!(
            request.contains("see [ticket]") && !request.contains("SEC-1"),
            "{name}: {request}"
        );
    }
}
