//! The function that gives new channels the flow.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use provisioner::{arn::ParseArn, settings::Moderation};
use serde_json::{Value, json};

use crate::{
    chime::{Chime, Fault},
    emulator::Emulator,
    in_process::associate,
    names::{OTHER_INSTANCE, channel, flow, user},
};

const TEXT: &str = "a message that nobody may log";

fn moderation() -> Moderation {
    Moderation {
        flow: ParseArn::parse(&flow("first")).unwrap(),
        admin: ParseArn::parse(&user("alice")).unwrap(),
    }
}

fn furnished() -> Arc<Chime> {
    let chime = Arc::new(Chime::new());
    let mut state = chime.state();
    state.one().admins.insert(user("alice"));
    state.one().flows.extend(["first", "second"].map(flow));
    state.channels.extend(["a", "b", "c"].map(|name| (channel(name), None)));
    drop(state);
    chime
}

fn event(records: &[Value]) -> Value {
    let records = records.iter().enumerate().map(|(number, record)| {
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0", "partitionKey": "p",
                "sequenceNumber": number.to_string(),
                "data": BASE64_STANDARD.encode(record.to_string()),
                "approximateArrivalTimestamp": 1_545_084_650.987,
            },
            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": format!("shardId-0:{number}"),
            "eventName": "aws:kinesis:record", "awsRegion": "us-east-1",
            "invokeIdentityArn": "arn", "eventSourceARN": "arn",
        })
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

fn created(name: &str) -> Value {
    json!({"EventType": "CREATE_CHANNEL", "Version": 1, "Payload": {"ChannelArn": channel(name), "Name": "n"}})
}

fn message(name: &str, kind: &str) -> Value {
    json!({
        "EventType": "CREATE_CHANNEL_MESSAGE",
        "Payload": {"ChannelArn": channel(name), "Content": TEXT, "Type": kind},
    })
}

fn with_first(chime: &Chime) -> Vec<String> {
    chime.state().channels_with(&flow("first"))
}

fn failures(response: &Value) -> Vec<&str> {
    let failures = response["batchItemFailures"].as_array().expect("a partial batch response");
    failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn messages_and_strangers_cause_no_call() {
    let chime = furnished();
    let stranger = json!({
        "EventType": "CREATE_CHANNEL", "Payload": {"ChannelArn": format!("{OTHER_INSTANCE}/channel/x")},
    });
    let records =
        [message("a", "STANDARD"), message("a", "SYSTEM"), stranger, json!("not an object")];
    let response = associate(&chime, event(&records), &moderation()).await;
    assert_eq!(failures(&response), Vec::<&str>::new());
    assert_eq!(chime.state().calls, []);
}

#[tokio::test(start_paused = true)]
async fn a_new_channel_gets_the_flow_once_and_a_repetition_changes_nothing() {
    let chime = furnished();
    let records = [created("a"), message("a", "STANDARD"), created("a"), created("b")];
    for _ in 0..2 {
        let response = associate(&chime, event(&records), &moderation()).await;
        assert_eq!(failures(&response), Vec::<&str>::new());
        assert_eq!(with_first(&chime), [channel("a"), channel("b")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_with_another_flow_keeps_it() {
    let chime = furnished();
    chime.state().channels.insert(channel("a"), Some(flow("second")));
    let response = associate(&chime, event(&[created("a")]), &moderation()).await;
    assert_eq!(failures(&response), Vec::<&str>::new());
    assert_eq!(chime.state().channels_with(&flow("second")), [channel("a")]);
}

#[tokio::test(start_paused = true)]
async fn throttling_and_a_late_channel_are_waited_for() {
    let chime = furnished();
    let faults = [Fault::Refuse(429), Fault::Refuse(403), Fault::Refuse(503), Fault::LoseTheAnswer];
    chime.order("AssociateChannelFlow", faults);
    let response = associate(&chime, event(&[created("a")]), &moderation()).await;
    assert_eq!(failures(&response), Vec::<&str>::new());
    assert_eq!(with_first(&chime), [channel("a")]);
}

#[tokio::test(start_paused = true)]
async fn what_fails_comes_again_and_does_not_keep_the_others_waiting() {
    let chime = furnished();
    let records = [created("a"), created("missing"), created("b")];
    let response = associate(&chime, event(&records), &moderation()).await;
    assert_eq!(failures(&response), ["1"]);
    assert_eq!(with_first(&chime), [channel("a"), channel("b")]);
}

#[tokio::test(start_paused = true)]
async fn when_time_runs_out_the_rest_of_the_batch_comes_again() {
    let chime = furnished();
    chime.order("AssociateChannelFlow", [Fault::Serve]);
    chime.order("AssociateChannelFlow", [Fault::Hang; 50]);
    let records = [created("a"), created("b"), created("c")];
    let started = tokio::time::Instant::now();
    let response = associate(&chime, event(&records), &moderation()).await;
    assert!(started.elapsed() < crate::stage::Stage::limit());
    assert_eq!(failures(&response), ["1"]);
    chime.state().faults.clear();
    let response = associate(&chime, event(&records[1..]), &moderation()).await;
    assert_eq!(failures(&response), Vec::<&str>::new());
    assert_eq!(with_first(&chime), ["a", "b", "c"].map(channel));
}

#[tokio::test(start_paused = true)]
async fn an_event_of_another_kind_is_an_error_that_says_nothing_of_it() {
    let chime = furnished();
    let result = associate(&chime, json!({"Records": TEXT}), &moderation()).await;
    assert_eq!(result, "the event is not one of a Kinesis stream");
}

#[tokio::test]
async fn the_built_function_associates_and_logs_no_message() {
    let chime = furnished();
    let address = crate::server::start(Arc::clone(&chime)).await;
    let variables =
        BTreeMap::from([("CHANNEL_FLOW_ARN", flow("first")), ("ADMIN_ARN", user("alice"))]);
    let Some(mut emulator) = Emulator::start("channel-associator", &address, &variables).await
    else {
        return;
    };
    let records = [message("a", "STANDARD"), created("a"), created("missing"), created("b")];
    let response = emulator.invoke(&event(&records)).await;
    assert_eq!(failures(&response), ["2"]);
    assert_eq!(with_first(&chime), [channel("a"), channel("b")]);
    let broken = json!({"Records": [{"kinesis": {"data": TEXT}}]});
    let error = emulator.invoke(&broken).await;
    assert_eq!(error["errorType"], "NotAStreamEvent");
    let log = emulator.log();
    assert!(log.contains("Unmoderated"), "{log}");
    assert!(!log.contains(TEXT) && !log.contains(&BASE64_STANDARD.encode(TEXT)), "{log}");
}
