//! The two binaries, fed by a runtime interface.

use std::path::Path;

use serde_json::{Value, json};

use crate::function::Function;
use crate::service::{Server, Step};

const PROCESSOR: &str = env!("CARGO_BIN_EXE_processor");
const LAST_RESORT: &str = env!("CARGO_BIN_EXE_last-resort");

fn event(callback: &str) -> Value {
    json!({"CallbackId": callback, "ChannelMessage": {
        "MessageId": "m",
        "ChannelArn": "arn:aws:chime:us-east-1:111122223333:app-instance/i/channel/c",
        "Content": "hello",
    }})
}

fn start(binary: &str, service: &Server, more: &[(&str, &str)]) -> Function {
    let url = service.url();
    let mut environment = vec![("AWS_ENDPOINT_URL", url.as_str())];
    environment.extend_from_slice(more);
    Function::start(Path::new(binary), &environment)
}

fn lines(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_processor_answers_with_the_policy_that_is_built_in() {
    let service = Server::new([]);
    let function = start(PROCESSOR, &service, &[]);
    function.invoke(event("one").to_string().as_bytes()).unwrap();
    function.invoke(event("one").to_string().as_bytes()).unwrap();
    function.invoke(event("two").to_string().as_bytes()).unwrap();
    let lines = lines(&function.stop());
    assert_eq!(service.accepted().len(), 2);
    assert_eq!(service.accepted()[0]["ChannelMessage"]["Content"], "hello");
    // One line for each decision, and none besides.
    let outcomes: Vec<_> = lines.iter().map(|line| (&line["event"], &line["duplicate"])).collect();
    let decision = json!("decision");
    assert_eq!(
        outcomes,
        [(&decision, &json!(false)), (&decision, &json!(true)), (&decision, &json!(false))]
    );
    assert_eq!(lines[0]["FunctionName"], "f");
    assert_eq!(lines[0]["request_id"], "request");
}

#[test]
fn a_failed_invocation_has_a_stable_name() {
    let service = Server::always(Step::forbidden());
    let function = start(PROCESSOR, &service, &[]);
    let error = |payload: &[u8]| function.invoke(payload).unwrap_err();
    let failed = error(event("k").to_string().as_bytes());
    assert_eq!(failed["errorType"], "CallbackForbidden");
    assert_eq!(
        error(br#"{"ChannelMessage":{}}"#),
        json!({
            "errorType": "EventUnreadable",
            "errorMessage": "the event has no text at `CallbackId`, \
                             `ChannelMessage.MessageId`, `ChannelMessage.ChannelArn`",
        })
    );
    assert_eq!(error(b"{")["errorMessage"], "the event is not JSON");
    function.stop();
}

#[test]
fn a_policy_file_takes_the_built_in_policys_place_even_when_it_is_broken() {
    let folder = std::env::temp_dir().join(format!("channel-flow-task-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let rule = |pattern| {
        format!(
            "[[rule]]\nid = 'r'\ndetect = 'pattern'\naction = 'deny'\noptions = {{ patterns = '{pattern}' }}"
        )
    };
    for (policy, fallback, denied) in [
        (rule("bye"), "ABORT", Value::Null),
        (rule("hello"), "ABORT", json!(true)),
        (rule("("), "ABORT", json!(true)),
        (rule("("), "CONTINUE", Value::Null),
        (rule("hello"), "continue", json!(true)),
    ] {
        std::fs::write(folder.join("mine.toml"), &policy).unwrap();
        let service = Server::new([]);
        let more = [
            ("LAMBDA_TASK_ROOT", folder.to_str().unwrap()),
            ("POLICY_FILE", "mine.toml"),
            ("FALLBACK_ACTION", fallback),
        ];
        let function = start(PROCESSOR, &service, &more);
        function.invoke(event("k").to_string().as_bytes()).unwrap();
        let lines = lines(&function.stop());
        assert_eq!(service.accepted()[0]["DeleteResource"], denied, "{policy} {fallback}");
        let first = lines[0]["event"].as_str().unwrap();
        let expected = match (policy.contains('('), fallback) {
            (true, _) => "broken-policy",
            (false, "continue") => "setting",
            _ => "decision",
        };
        assert_eq!(first, expected);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_last_resort_answers_or_fails() {
    let record = json!({
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted"},
        "requestPayload": event("k"),
        "responsePayload": {"errorType": "CallbackForbidden"},
    });
    let payload = record.to_string();
    let service = Server::new([]);
    let function = start(LAST_RESORT, &service, &[("FALLBACK_ACTION", "CONTINUE")]);
    function.invoke(payload.as_bytes()).unwrap();
    function.stop();
    assert_eq!(service.accepted()[0]["ChannelMessage"]["Content"], "hello");

    let service = Server::always(Step::forbidden());
    let function = start(LAST_RESORT, &service, &[]);
    let error = function.invoke(payload.as_bytes()).unwrap_err();
    assert_eq!(error["errorType"], "CallbackForbidden");
    let lines = lines(&function.stop());
    assert_eq!(lines[0]["LastResortFailed"], 1.0);
}
