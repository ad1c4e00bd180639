//! `eval`: a line out for each line in.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

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
id = "watched"
detect = "pattern"
action = "deny"
mode = "observe"
options = { patterns = 'hush' }

[[rule]]
id = "words"
detect = "pattern"
action = "deny"
options = { patterns = 'darn' }
unless = { sender = ["*/user/moderator-*"] }

[[rule]]
id = "long"
detect = "size-limit"
action = "abort"
options = { content = 60 }
"#;

fn stage(name: &str) -> Stage {
    Stage::with_policy(name, POLICY)
}

fn judged(name: &str, message: &Value) -> Value {
    let line = message.to_string();
    stage(name).run_with(&["eval"], line.as_bytes()).lines(0).remove(0)
}

#[test]
fn each_line_is_answered_in_order() {
    let input = "{\"content\":\"hi\"}\n{\"content\":\"SEC-1\"}\r\n{\"content\":\"darn\"}\n";
    let long = json!({ "content": "x".repeat(61) });
    let ran = stage("eval-order").run_with(&["eval"], format!("{input}{long}").as_bytes());
    let lines = ran.lines(0);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], json!({"outcome":"pass","content":"hi","rule":null,"findings":[]}));
    assert_eq!(lines[1]["outcome"], "update");
    assert_eq!(lines[1]["content"], "[ticket]");
    assert_eq!(lines[1]["rule"], "tickets");
    assert_eq!(lines[2]["outcome"], "deny");
    assert_eq!(lines[2]["content"], Value::Null);
    assert_eq!(lines[3]["outcome"], "abort");
    assert_eq!(lines[3]["reason"], "rule");
    assert_eq!(
        lines[3]["findings"],
        json!([{"rule":"long","detector":"size-limit","field":"content","start":0,"end":61}]),
        "the whole field is meant"
    );
    assert_eq!(ran.stderr, "");
}

#[test]
fn offsets_are_bytes_of_the_field_as_it_came() {
    let content = "日本 SEC-12 é SEC-3 👩\u{200d}👧";
    let line = judged("eval-offsets", &json!({ "content": content }));
    let findings = line["findings"].as_array().unwrap();
    let found: Vec<&str> = findings
        .iter()
        .map(|one| {
            let at = |key: &str| usize::try_from(one[key].as_u64().unwrap()).unwrap();
            &content[at("start")..at("end")]
        })
        .collect();
    assert_eq!(found, ["SEC-12", "SEC-3"]);
    assert_eq!(line["content"], "日本 [ticket] é [ticket] 👩\u{200d}👧");
}

#[test]
fn every_text_that_came_goes_out() {
    let line = judged(
        "eval-fields",
        &json!({
            "content": "see SEC-1", "metadata": "{\"ref\": \"SEC-22\"}", "sender": {"arn": "arn:a", "name": "A"},
            "push": {"title": "SEC-1", "body": null}, "attributes": {"k": ["x", "SEC-4"]},
        }),
    );
    assert_eq!(line["metadata"], "{\"ref\": \"[ticket]\"}");
    assert_eq!(line["push"], json!({"title": "[ticket]"}));
    assert_eq!(line["attributes"], json!({"k": ["x", "[ticket]"]}));
    let attribute = line["findings"].as_array().unwrap().last().unwrap();
    assert_eq!(
        *attribute,
        json!({"rule":"tickets","detector":"pattern","field":"attributes","name":"k","value":1,"start":0,"end":5})
    );
    // A name that something was found in is told by its number.
    let named =
        judged("eval-named", &json!({"content": "x", "attributes": {"SEC-1": ["SEC-2"], "k": []}}));
    assert_eq!(named["attributes"], json!({"[ticket]": ["[ticket]"], "k": []}));
    assert_eq!(
        named["findings"],
        json!([
            {"rule":"tickets","detector":"pattern","field":"attributes","attribute":0,"value":0,"start":0,"end":5},
            {"rule":"tickets","detector":"pattern","field":"attributes","attribute":0,"start":0,"end":5},
        ])
    );
    let denied =
        judged("eval-denied", &json!({"content": "darn", "metadata": "m", "push": {"body": "b"}}));
    assert_eq!((&denied["metadata"], &denied["push"]), (&Value::Null, &Value::Null));
    assert!(denied.get("attributes").is_none(), "what did not come does not go out");
}

#[test]
fn metadata_may_be_any_json_value() {
    let stage = stage("eval-metadata");
    let ran = stage.run_with(&["eval"], br#"{"content":"a","metadata":{"z": 1.0, "a":"SEC-1"}}"#);
    let line = ran.lines(0).remove(0);
    assert_eq!(line["metadata"], r#"{"z": 1.0, "a":"[ticket]"}"#);
    assert_eq!(
        (&line["findings"][0]["start"], &line["findings"][0]["end"]),
        (&json!(16), &json!(21))
    );
}

#[test]
fn conditions_see_the_sender_in_both_forms() {
    let moderator = "arn:aws:chime:us-east-1:111122223333:app-instance/a/user/moderator-7";
    let stage = stage("eval-sender");
    for sender in [json!(moderator), json!({"arn": moderator, "name": "M"})] {
        let line = json!({"content": "darn", "sender": sender}).to_string();
        assert_eq!(stage.run_with(&["eval"], line.as_bytes()).lines(0)[0]["outcome"], "pass");
    }
}

#[test]
fn what_is_only_observed_is_marked() {
    let line = judged("eval-observed", &json!({"content": "hush"}));
    assert_eq!(line["outcome"], "pass");
    assert_eq!(line["rule"], Value::Null);
    assert_eq!(line["findings"][0]["observed"], true);
}

#[test]
fn a_broken_line_is_answered_without_quoting_it_and_the_rest_goes_on() {
    let mut input: Vec<u8> = Vec::new();
    for line in [
        b"canary".as_slice(),
        b"",
        b"{\"content\":\"canary",
        b"{\"content\":[\"canary\"]}",
        b"{\"content\":\"canary \\ud83d\"}",
        b"{\"content\":\"canary \xff\"}",
        b"{\"content\":\"ok\"}",
        b"\"canary\"",
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    let ran = stage("eval-broken").run_with(&["eval"], &input);
    let lines = ran.lines(3);
    assert_eq!(lines.len(), 8);
    for (index, line) in lines.iter().enumerate() {
        if index == 6 {
            assert_eq!(line["outcome"], "pass");
        } else {
            assert_eq!(line["error"]["line"], index + 1);
            assert!(!line["error"]["message"].as_str().unwrap().is_empty());
        }
    }
    assert!(!ran.stdout.contains("canary") && !ran.stderr.contains("canary"), "{ran:?}");
}

#[test]
fn ten_thousand_lines_come_back_in_order() {
    let mut input = String::new();
    for number in 0..10_000 {
        writeln!(input, "{{\"content\":\"number {number} SEC-{number}\"}}").unwrap();
    }
    let ran = stage("eval-many").run_with(&["eval"], input.as_bytes());
    let lines = ran.out(0).lines();
    let mut count = 0;
    for (number, line) in lines.enumerate() {
        let start = format!("{{\"outcome\":\"update\",\"content\":\"number {number} [ticket]\"");
        assert!(line.starts_with(&start), "{line}");
        count += 1;
    }
    assert_eq!(count, 10_000);
}

#[test]
fn an_answer_comes_before_the_next_line_is_sent() {
    let mut child = stage("eval-conversation").command(&["eval"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let (answers, answered) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut line = String::new();
        while stdout.read_line(&mut line).unwrap() > 0 {
            answers.send(std::mem::take(&mut line)).unwrap();
        }
    });
    let patience = Duration::from_mins(1);
    stdin.write_all(b"{\"content\":\"one\"}\n").unwrap();
    assert!(answered.recv_timeout(patience).unwrap().contains("one"));
    // The beginning of the next line must not hold back the answer to this one.
    stdin.write_all(b"{\"content\":\"two\"}\n{\"content\":").unwrap();
    assert!(answered.recv_timeout(patience).unwrap().contains("two"));
    stdin.write_all(b"\"three\"}").unwrap();
    drop(stdin);
    assert!(answered.recv_timeout(patience).unwrap().contains("three"));
    reader.join().unwrap();
    assert_eq!(end(child).code, 0);
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let mut child = stage("eval-closed").command(&["eval"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        for _ in 0..50_000 {
            if stdin.write_all(b"{\"content\":\"some text to answer\"}\n").is_err() {
                break;
            }
        }
    });
    let ran = end(child);
    writer.join().unwrap();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn denials_are_no_failure_unless_asked_for() {
    let stage = stage("eval-fail-on");
    let input = b"{\"content\":\"darn\"}\n{\"content\":\"hush\"}\n";
    assert_eq!(stage.run_with(&["eval"], input).code, 0);
    assert_eq!(stage.run_with(&["eval", "--fail-on", "deny"], input).code, 1);
    assert_eq!(stage.run_with(&["eval", "--fail-on", "update,abort"], input).code, 0);
    assert_eq!(
        stage.run_with(&["eval", "--fail-on", "finding"], b"{\"content\":\"hush\"}").code,
        1
    );
    assert_eq!(
        stage.run_with(&["eval", "--fail-on", "deny"], b"oops\n{\"content\":\"darn\"}").code,
        3
    );
}

const HOOK: &str = r#"
[[rule]]
id = "hook"
detect = "webhook"
action = "deny"
on-error = "deny"
options = { url = "http://127.0.0.1:9/", timeout-ms = 60000 }
"#;

#[test]
fn offline_nothing_is_asked_and_the_rule_says_what_then() {
    let stage = Stage::with_policy("eval-offline", HOOK);
    let line = stage.run_with(&["eval", "--offline"], b"{\"content\":\"a\"}").lines(0).remove(0);
    assert_eq!((&line["outcome"], &line["rule"]), (&json!("deny"), &json!("hook")));
    assert_eq!(line["findings"], json!([]));
}
