//! A message's way through the real SDK, over real connections, to exactly one accepted callback.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use processor::callback::{Sent, Sign};
use processor::log::Silence;
use processor::{
    Abort, Config, Connections, Decision, Evaluate, Failure, Fallback, Invocation, Judgement,
    LastResort, Outcome, Processor, policy,
};
use rules::policy::NoResources;
use rules::{Answer, Inquiry, InquiryFailure, Message, Policy};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::lines::Lines;
use crate::service::{Server, Step};

const CHANNEL: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/i/channel/c";
const RULES: &str = r#"
    [[rule]]
    id = "tickets"
    detect = "pattern"
    action = "redact"
    with = "fixed"
    fixed = "[ticket]"
    options = { patterns = '\bSEC-\d+\b' }

    [[rule]]
    id = "secrets"
    detect = "pattern"
    action = "deny"
    options = { patterns = 'secret' }
"#;

fn rules(text: &str) -> Arc<dyn Evaluate> {
    Arc::new(Policy::load(text, &NoResources).unwrap())
}

fn processor(server: &Server, policy: Arc<dyn Evaluate>, fallback: Fallback) -> (Processor, Lines) {
    let lines = Lines::default();
    let processor = Processor::new(Config {
        policy: Ok(policy),
        fallback,
        connections: Connections::to(&server.url()),
        sink: Arc::new(lines.clone()),
        function: Some("f".to_owned()),
        log_event_shape: false,
    });
    (processor, lines)
}

fn event(callback: &str, content: &str) -> Value {
    json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": callback,
        "ChannelMessage": {
            "MessageId": "m",
            "ChannelArn": CHANNEL,
            "Content": content,
            "Metadata": "{\"k\":1}",
            "Sender": {"Arn": "arn:aws:chime:us-east-1:111122223333:app-instance/i/user/u"},
            "PushNotification": {"Title": "t", "Body": "about SEC-7", "Type": "VOIP"},
            "MessageAttributes": {"tag": {"StringValues": ["a", "b"]}},
            "SubChannelId": "sub",
            "ContentType": "text/plain",
        },
    })
}

async fn answer(processor: &Processor, event: &Value, time: u64) -> Result<Decision, Failure> {
    let payload = event.to_string();
    let end = Instant::now() + Duration::from_millis(time);
    let invocation = Invocation { payload: payload.as_bytes(), end, request_id: Some("request") };
    processor.answer(invocation).await
}

#[tokio::test]
async fn a_message_that_passes_is_echoed_whole() {
    let server = Server::new([]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    let mut event = event("k", "hi\n“there” 😀");
    event["ChannelMessage"]["PushNotification"]["Body"] = "b".into();
    let decision = answer(&processor, &event, 10_000).await.unwrap();
    assert_eq!(decision.judgement.unwrap().outcome, Outcome::Pass);
    assert_eq!(
        server.accepted(),
        [json!({
            "CallbackId": "k",
            "ChannelMessage": {
                "MessageId": "m",
                "Content": "hi\n“there” 😀",
                "Metadata": "{\"k\":1}",
                "PushNotification": {"Title": "t", "Body": "b", "Type": "VOIP"},
                "MessageAttributes": {"tag": {"StringValues": ["a", "b"]}},
                "SubChannelId": "sub",
                "ContentType": "text/plain",
            },
        })]
    );
    let request = &server.requests()[0];
    assert_eq!(request.method, "POST");
    assert!(request.path.ends_with("operation=channel-flow-callback"), "{}", request.path);
    assert!(request.headers.iter().all(|(name, _)| name != "x-amz-chime-bearer"));
    let line = lines.last();
    assert_eq!(line["level"], "info");
    assert_eq!(line["message_id"], "m");
    assert_eq!(line["channel"], CHANNEL);
    assert_eq!(line["request_id"], "request");
    assert_eq!(line["outcome"], "pass");
    assert_eq!(line["duplicate"], false);
    assert_eq!((&line["Messages"], &line["Passed"]), (&json!(1.0), &json!(1.0)));
}

#[tokio::test]
async fn what_a_rule_rewrites_is_rewritten_and_the_rest_echoed() {
    let server = Server::new([]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("k", "see SEC-12 and SEC-3"), 10_000).await.unwrap();
    let sent = &server.accepted()[0]["ChannelMessage"];
    assert_eq!(sent["Content"], "see [ticket] and [ticket]");
    assert_eq!(sent["PushNotification"]["Body"], "about [ticket]");
    assert_eq!(sent["PushNotification"]["Title"], "t");
    assert_eq!(sent["Metadata"], "{\"k\":1}");
    assert_eq!(sent["SubChannelId"], "sub");
    let line = lines.last();
    assert_eq!(line["outcome"], "update");
    assert_eq!(line["rule"], "tickets");
    assert_eq!(
        line["findings"],
        json!([
            {"rule": "tickets", "detector": "pattern", "field": "content", "count": 2, "observed": false},
            {"rule": "tickets", "detector": "pattern", "field": "push-body", "count": 1, "observed": false},
        ])
    );
    assert_eq!(line["Updated"], 1.0);
}

#[tokio::test]
async fn a_denial_sends_the_id_alone() {
    let server = Server::new([]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Continue);
    let decision = answer(&processor, &event("k", "a secret"), 10_000).await.unwrap();
    assert!(decision.deleted);
    let denial =
        json!({"CallbackId": "k", "DeleteResource": true, "ChannelMessage": {"MessageId": "m"}});
    assert_eq!(server.accepted(), [denial]);
    assert_eq!(lines.last()["Denied"], 1.0);
}

#[tokio::test]
async fn the_first_callback_uses_the_connection_that_the_start_has_made() {
    let server = Server::new([Step::Body(Vec::new())]);
    let connections = Connections::to(&server.url());
    connections.warm_up(&server.url()).await;
    let processor = Processor::new(Config {
        policy: Ok(rules(RULES)),
        fallback: Fallback::Abort,
        connections,
        sink: Arc::new(Silence),
        function: None,
        log_event_shape: false,
    });
    answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    let methods: Vec<_> = server.requests().into_iter().map(|request| request.method).collect();
    assert_eq!(methods, ["HEAD", "POST"]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_event_without_an_id_makes_no_call() {
    let server = Server::new([]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    let mut event = event("k", "hi");
    event.as_object_mut().unwrap().remove("CallbackId");
    let failure = answer(&processor, &event, 1_000).await.unwrap_err();
    assert_eq!(failure.to_string(), "the event has no text at `CallbackId`");
    assert!(server.requests().is_empty());
    assert_eq!(lines.last()["failure"], "EventUnreadable");
}

#[tokio::test]
async fn a_second_delivery_is_no_second_callback() {
    let server = Server::new([]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    let second = answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(second.sent, Sent::Duplicate(Sign::Memory));
    assert_eq!(server.requests().len(), 1);
    let line = lines.last();
    assert_eq!(line["duplicate"], true);
    assert_eq!((&line["Duplicates"], &line["Passed"]), (&json!(1.0), &Value::Null));
}

#[tokio::test]
async fn two_deliveries_at_once_end_in_one_accepted_callback() {
    let server = Server::new([]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let event = event("k", "hi");
    let both = tokio::join!(answer(&processor, &event, 10_000), answer(&processor, &event, 10_000));
    assert_eq!(both.0.unwrap().sent, Sent::Accepted);
    assert_eq!(both.1.unwrap().sent, Sent::Duplicate(Sign::Memory));
    assert_eq!(server.accepted().len(), 1);
}

#[tokio::test]
async fn an_edit_of_an_answered_message_is_answered_again() {
    let server = Server::new([]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("one", "hi"), 10_000).await.unwrap();
    answer(&processor, &event("two", "ho"), 10_000).await.unwrap();
    assert_eq!(server.accepted().len(), 2);
}

#[tokio::test]
async fn a_403_fails_loudly_while_nothing_explains_it() {
    let server = Server::always(Step::forbidden());
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    let failed = answer(&processor, &event("k", "hi"), 10_000).await;
    assert_eq!(failed, Err(Failure::CallbackForbidden));
    assert_eq!(server.requests().len(), 1, "a 403 is not repeated");
    let line = lines.last();
    assert_eq!((&line["level"], &line["CallbackForbidden"]), (&json!("error"), &json!(1.0)));
}

#[tokio::test]
async fn a_403_is_a_duplicate_while_the_grant_is_known_to_be_there() {
    let server = Server::new([]);
    let (first, _) = processor(&server, rules(RULES), Fallback::Abort);
    let (second, lines) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&first, &event("k", "hi"), 10_000).await.unwrap();
    answer(&second, &event("other", "hi"), 10_000).await.unwrap();
    let decision = answer(&second, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(decision.sent, Sent::Duplicate(Sign::Grant));
    assert_eq!(lines.last()["level"], "warn");
    assert_eq!(server.accepted().len(), 2);
}

#[tokio::test]
async fn a_grant_that_is_taken_away_costs_an_instance_one_message_at_most() {
    let server = Server::then([Step::Accept], Step::forbidden());
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("other", "hi"), 10_000).await.unwrap();
    let mut lost = 0;
    for number in 0..5 {
        let failed = answer(&processor, &event(&format!("k{number}"), "hi"), 10_000).await;
        lost += u32::from(failed.is_ok());
    }
    assert_eq!(lost, 1);
}

#[tokio::test]
async fn a_403_that_speaks_of_credentials_is_never_a_duplicate() {
    for code in ["ExpiredToken", "InvalidSignature", "AccessDenied"] {
        let server = Server::new([
            Step::Accept,
            Step::status(503, "ServiceUnavailable"),
            Step::status(403, code),
        ]);
        let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
        answer(&processor, &event("other", "hi"), 10_000).await.unwrap();
        let failed = answer(&processor, &event("k", "hi"), 10_000).await;
        assert_eq!(failed, Err(Failure::CallbackForbidden), "{code}");
    }
}

#[tokio::test]
async fn a_message_that_is_not_pending_is_a_duplicate() {
    let said = "Callback on a non-pending message is not allowed.".to_owned();
    let server = Server::always(Step::Say(400, "BadRequest", said));
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let decision = answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(decision.sent, Sent::Duplicate(Sign::NotPending));
}

#[tokio::test]
async fn trouble_on_the_services_side_is_sat_out() {
    for (status, code) in [
        (409, "Conflict"),
        (429, "ThrottledClient"),
        (500, "ServiceFailure"),
        (503, "ServiceUnavailable"),
    ] {
        let server = Server::new(vec![Step::status(status, code); 3]);
        let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
        let decision = answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
        assert_eq!(decision.sent, Sent::Accepted);
        assert_eq!(server.accepted().len(), 1, "{status}");
        assert_eq!(server.requests().len(), 4, "{status}");
        let line = lines.last();
        assert_eq!(line["faults"], json!(vec![status.to_string(); 3]));
        assert_eq!((&line["attempts"], &line["CallbackRetries"]), (&json!(4), &json!(3.0)));
    }
}

#[tokio::test]
async fn a_conflict_that_ends_in_a_403_is_a_duplicate() {
    let server = Server::new([Step::status(409, "Conflict"), Step::forbidden()]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let decision = answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(decision.sent, Sent::Duplicate(Sign::Conflict));
}

#[tokio::test]
async fn a_conflict_that_did_not_end_in_time_explains_the_403_of_the_next_delivery() {
    let server = Server::always(Step::status(409, "Conflict"));
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let failed = answer(&processor, &event("k", "hi"), 500).await;
    assert_eq!(failed, Err(Failure::CallbackUnconfirmed));
    server.change(Step::forbidden());
    answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
}

#[tokio::test]
async fn a_delivery_whose_turn_does_not_come_does_not_know_that_nobody_answers() {
    let server = Server::new([Step::AcceptAndStall(Duration::from_millis(900))]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let event = event("k", "hi");
    let (first, second) =
        tokio::join!(answer(&processor, &event, 10_000), answer(&processor, &event, 300));
    assert_eq!(first.unwrap().sent, Sent::Confirmed);
    assert_eq!(second, Err(Failure::CallbackUnconfirmed));
    assert_eq!(server.accepted().len(), 1);
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let server = Server::late(Duration::from_millis(400));
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(lines.last()["faults"][0], "unreachable");
}

#[tokio::test]
async fn a_slow_answer_is_not_waited_for_to_the_end() {
    let server = Server::new([Step::Stall(Duration::from_secs(8))]);
    let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("k", "hi"), 3_000).await.unwrap();
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(lines.last()["faults"], json!(["timed-out"]));
}

#[tokio::test]
async fn an_accepted_callback_whose_response_is_lost_is_the_one() {
    for lost in [Step::AcceptAndCut, Step::AcceptAndStall(Duration::from_secs(8))] {
        let server = Server::new([lost]);
        let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
        let decision = answer(&processor, &event("k", "secret"), 3_000).await.unwrap();
        assert_eq!(decision.sent, Sent::Confirmed);
        assert_eq!(server.accepted().len(), 1);
        let line = lines.last();
        assert_eq!((&line["duplicate"], &line["Denied"]), (&json!(false), &json!(1.0)));
    }
}

#[tokio::test]
async fn a_lost_response_is_remembered_by_the_next_delivery() {
    let cut = Step::AcceptAndStall(Duration::from_secs(8));
    let stall = Step::Stall(Duration::from_secs(8));
    let server = Server::new([cut, stall.clone(), stall.clone(), stall.clone(), stall]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    let failed = answer(&processor, &event("k", "hi"), 500).await;
    assert_eq!(failed, Err(Failure::CallbackUnconfirmed));
    let decision = loop {
        match answer(&processor, &event("k", "hi"), 3_000).await {
            Ok(decision) => break decision,
            Err(failure) => assert_eq!(failure, Failure::CallbackUnconfirmed),
        }
    };
    assert_eq!(decision.sent, Sent::Confirmed);
    assert_eq!(server.accepted().len(), 1);
}

#[tokio::test]
async fn only_when_repetitions_are_used_up_does_the_invocation_fail_and_in_time() {
    for (step, failure) in [
        (Step::status(429, "ThrottledClient"), Failure::CallbackExhausted),
        (Step::status(503, "ServiceUnavailable"), Failure::CallbackUnconfirmed),
        // Whose callback it is that is under way, and what becomes of it, nobody knows.
        (Step::status(409, "Conflict"), Failure::CallbackUnconfirmed),
    ] {
        let server = Server::always(step);
        let (processor, lines) = processor(&server, rules(RULES), Fallback::Abort);
        let began = Instant::now();
        let failed = answer(&processor, &event("k", "hi"), 2_000).await;
        assert!(began.elapsed() < Duration::from_secs(2));
        assert!(began.elapsed() > Duration::from_millis(1_650), "the time is used");
        assert!(server.requests().len() > 4);
        assert_eq!(lines.last()["failure"], failure.name());
        assert_eq!(failed, Err(failure));
    }
}

#[tokio::test]
async fn what_the_service_refuses_is_answered_with_the_fallback() {
    let refused = || Step::status(400, "BadRequest");
    let server = Server::new([refused()]);
    let (deleting, lines) = processor(&server, rules(RULES), Fallback::Abort);
    let decision = answer(&deleting, &event("k", "see SEC-1"), 10_000).await.unwrap();
    assert_eq!(decision.judgement.unwrap().outcome, Outcome::Abort(Abort::Refused));
    assert_eq!(server.accepted()[0]["DeleteResource"], true);
    let line = lines.last();
    assert_eq!((&line["reason"], &line["fallback"]), (&json!("refused"), &json!("ABORT")));

    let server = Server::new([refused()]);
    let (echoing, _) = processor(&server, rules(RULES), Fallback::Continue);
    answer(&echoing, &event("k", "see SEC-1"), 10_000).await.unwrap();
    assert_eq!(server.accepted()[0]["ChannelMessage"]["Content"], "see SEC-1");

    let server = Server::always(refused());
    let (failing, _) = processor(&server, rules(RULES), Fallback::Abort);
    let failed = answer(&failing, &event("k", "hi"), 10_000).await;
    assert_eq!(failed, Err(Failure::CallbackRefused));
    assert_eq!(server.requests().len(), 2);
}

/// A judge that does what a test needs.
struct Judge<F>(F);

impl<F> Evaluate for Judge<F>
where
    F: Fn() -> Judgement + Send + Sync + 'static,
{
    fn revision(&self) -> &'static str {
        "test"
    }

    fn evaluate(
        &self,
        _: &Message,
        _: &mut dyn FnMut(&Inquiry) -> Result<Answer, InquiryFailure>,
    ) -> Judgement {
        (self.0)()
    }
}

#[tokio::test]
async fn a_panic_in_a_rule_is_answered_with_the_fallback() {
    let panics = || -> Judgement { std::panic::panic_any("a rule panics") };
    let server = Server::new([]);
    let (deleting, lines) = processor(&server, Arc::new(Judge(panics)), Fallback::Abort);
    let decision = answer(&deleting, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(decision.judgement.unwrap().outcome, Outcome::Abort(Abort::Panic));
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(server.accepted()[0]["DeleteResource"], true);
    let line = lines.last();
    assert_eq!((&line["level"], &line["reason"]), (&json!("error"), &json!("panic")));
    assert_eq!(line["Aborted"], 1.0);

    let server = Server::new([]);
    let (echoing, _) = processor(&server, Arc::new(Judge(panics)), Fallback::Continue);
    answer(&echoing, &event("k", "hi SEC-1"), 10_000).await.unwrap();
    assert_eq!(server.accepted()[0]["ChannelMessage"]["Content"], "hi SEC-1");
}

#[tokio::test]
async fn an_evaluation_that_takes_too_long_is_cut() {
    let dawdles = || {
        thread::sleep(Duration::from_secs(3));
        Judgement::abort(Abort::Panic)
    };
    let server = Server::new([]);
    let (processor, lines) = processor(&server, Arc::new(Judge(dawdles)), Fallback::Abort);
    let began = Instant::now();
    let decision = answer(&processor, &event("k", "hi"), 1_000).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(decision.judgement.unwrap().outcome, Outcome::Abort(Abort::Deadline));
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(lines.last()["reason"], "deadline");
}

#[tokio::test]
async fn a_deadline_that_has_passed_still_gets_one_try() {
    let server = Server::new([]);
    let (processor, _) = processor(&server, rules(RULES), Fallback::Abort);
    answer(&processor, &event("k", "hi"), 0).await.unwrap();
    assert_eq!(server.accepted().len(), 1);
}

#[tokio::test]
async fn a_broken_policy_leaves_no_message_pending() {
    let server = Server::new([]);
    let lines = Lines::default();
    let missing = std::path::Path::new("no/such/policy.toml");
    let processor = Processor::new(Config {
        policy: policy::load(Some(missing)).map(|policy| -> Arc<dyn Evaluate> { Arc::new(policy) }),
        fallback: Fallback::Continue,
        connections: Connections::to(&server.url()),
        sink: Arc::new(lines.clone()),
        function: None,
        log_event_shape: true,
    });
    assert_eq!(lines.last()["event"], "broken-policy");
    answer(&processor, &event("k", "hi"), 10_000).await.unwrap();
    assert_eq!(server.accepted()[0]["ChannelMessage"]["Content"], "hi");
    let line = lines.last();
    assert_eq!((&line["reason"], &line["level"]), (&json!("broken-policy"), &json!("error")));
}

fn asks(server: &Server, on_error: &str, timeout: u64) -> Arc<dyn Evaluate> {
    rules(&format!(
        "[[rule]]\nid = \"hook\"\ndetect = \"webhook\"\naction = \"deny\"\non-error = \"{on_error}\"\n\
         options = {{ url = \"{}/check\", timeout-ms = {timeout} }}",
        server.url()
    ))
}

async fn asked(hook: Step, on_error: &str, time: u64) -> (Outcome, Value) {
    let hook = Server::always(hook);
    let server = Server::new([]);
    let (processor, lines) = processor(&server, asks(&hook, on_error, 60_000), Fallback::Abort);
    let began = Instant::now();
    let decision = answer(&processor, &event("k", "hi"), time).await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(time));
    assert_eq!(server.accepted().len(), 1);
    let request = &hook.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/check"));
    assert_eq!(request.json()["content"], "hi");
    (decision.judgement.unwrap().outcome, lines.last())
}

#[tokio::test]
async fn a_webhook_decides() {
    let says = |body: &str| Step::Body(body.as_bytes().to_vec());
    assert_eq!(asked(says(r#"{"flagged":false}"#), "abort", 10_000).await.0, Outcome::Pass);
    assert_eq!(asked(says(r#"{"flagged":true}"#), "abort", 10_000).await.0, Outcome::Deny);
}

#[tokio::test]
async fn a_webhook_that_fails_is_what_its_rule_says() {
    let flood = Step::Body(vec![b' '; 1 << 20]);
    for (hook, name) in [
        (Step::status(500, "Error"), "refused"),
        (Step::status(302, "Moved"), "refused"),
        (Step::Body(b"yes".to_vec()), "not-understood"),
        (flood, "not-understood"),
        (Step::Stall(Duration::from_secs(8)), "timed-out"),
    ] {
        let (outcome, line) = asked(hook.clone(), "continue", 2_000).await;
        assert_eq!(outcome, Outcome::Pass, "{name}");
        assert_eq!(line["inquiry_failures"], json!([{"rule": "hook", "failure": name}]));
        let (outcome, line) = asked(hook, "abort", 2_000).await;
        assert_eq!(outcome.name(), "abort", "{name}");
        assert_eq!(line["reason"], name);
    }
}

fn record(error: &str) -> Vec<u8> {
    let record = json!({
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": event("k", "hi SEC-1"),
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": {"errorType": error, "errorMessage": ""},
    });
    record.to_string().into_bytes()
}

async fn last_resort(
    server: &Server,
    error: &str,
    fallback: Fallback,
) -> (Result<Sent, Failure>, Value) {
    let lines = Lines::default();
    let sink = Arc::new(lines.clone());
    let connections = Connections::to(&server.url());
    let last = LastResort::new(fallback, connections, sink, Some("last".to_owned()));
    let payload = record(error);
    let end = Instant::now() + Duration::from_secs(2);
    let sent = last.answer(Invocation { payload: &payload, end, request_id: None }).await;
    (sent, lines.last())
}

#[tokio::test]
async fn the_last_resort_answers_with_the_fallback() {
    let server = Server::new([Step::status(503, "ServiceUnavailable")]);
    let (sent, line) = last_resort(&server, "Sandbox.Timedout", Fallback::Abort).await;
    assert_eq!(sent, Ok(Sent::Accepted));
    assert_eq!(server.accepted()[0]["DeleteResource"], true);
    assert_eq!((&line["level"], &line["LastResortUsed"]), (&json!("error"), &json!(1.0)));

    let server = Server::new([]);
    last_resort(&server, "CallbackForbidden", Fallback::Continue).await.0.unwrap();
    assert_eq!(server.accepted()[0]["ChannelMessage"]["Content"], "hi SEC-1");
}

#[tokio::test]
async fn the_last_resort_takes_an_answered_message_for_a_success() {
    let server = Server::always(Step::forbidden());
    let (sent, _) = last_resort(&server, "CallbackUnconfirmed", Fallback::Abort).await;
    assert_eq!(sent, Ok(Sent::Confirmed));
}

#[tokio::test]
async fn the_last_resort_fails_when_it_cannot_answer() {
    let server = Server::always(Step::forbidden());
    let (sent, line) = last_resort(&server, "CallbackForbidden", Fallback::Abort).await;
    assert_eq!(sent, Err(Failure::CallbackForbidden));
    assert_eq!((&line["LastResortFailed"], &line["CallbackForbidden"]), (&json!(1.0), &json!(1.0)));
}
