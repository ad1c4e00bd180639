//! `Custom::MessagingStreaming`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    chime::Fault,
    names::{INSTANCE, OTHER_INSTANCE, OTHER_STREAM, STREAM},
    stage::{Stage, reason, scenarios, succeeded},
};

const STREAMING: &str = "Custom::MessagingStreaming";

fn streaming(instance: &str, stream: &str, kinds: &[&str]) -> Value {
    json!({"ServiceToken": "t", "AppInstanceArn": instance, "StreamArn": stream, "DataTypes": kinds})
}

fn configured(stage: &Stage, instance: &str) -> BTreeMap<String, String> {
    stage.chime.state().instances[instance].streaming.clone()
}

fn to<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.map(|(kind, stream)| (kind.to_owned(), stream.to_owned())).into()
}

scenarios!(
    is_made_changed_replaced_and_deleted,
    what_somebody_else_configured_stays,
    a_create_that_was_refused_deletes_nothing,
    a_delete_that_is_forbidden_fails,
    a_delete_of_what_is_gone_succeeds,
    every_call_may_be_throttled,
);

async fn is_made_changed_replaced_and_deleted(mut stage: Stage) {
    let both = streaming(INSTANCE, STREAM, &["Channel", "ChannelMessage"]);
    let made = stage.create(STREAMING, both).await;
    assert_eq!(made.physical_id, format!("{INSTANCE}/streaming-configurations"));
    assert_eq!(configured(&stage, INSTANCE), to([("Channel", STREAM), ("ChannelMessage", STREAM)]));

    let fewer = streaming(INSTANCE, OTHER_STREAM, &["ChannelMessage"]);
    let changed = stage.update(STREAMING, &made, fewer, "UpdatedInPlace").await;
    assert_eq!(configured(&stage, INSTANCE), to([("ChannelMessage", OTHER_STREAM)]));

    let elsewhere = streaming(OTHER_INSTANCE, OTHER_STREAM, &["ChannelMessage"]);
    let moved = stage.update(STREAMING, &changed, elsewhere, "Replaced").await;
    stage.delete(STREAMING, &changed).await;
    assert_eq!(configured(&stage, INSTANCE), to([]));
    assert_eq!(configured(&stage, OTHER_INSTANCE), to([("ChannelMessage", OTHER_STREAM)]));
    stage.delete(STREAMING, &moved).await;
    assert_eq!(configured(&stage, OTHER_INSTANCE), to([]));
}

async fn what_somebody_else_configured_stays(mut stage: Stage) {
    let made = stage.create(STREAMING, streaming(INSTANCE, STREAM, &["Channel"])).await;
    let theirs = ("ChannelMessage".to_owned(), OTHER_STREAM.to_owned());
    stage.chime.state().one().streaming.extend([theirs]);
    stage.delete(STREAMING, &made).await;
    assert_eq!(configured(&stage, INSTANCE), to([("ChannelMessage", OTHER_STREAM)]));
}

async fn a_create_that_was_refused_deletes_nothing(mut stage: Stage) {
    let theirs = to([("Channel", STREAM)]);
    stage.chime.state().one().streaming = theirs.clone();
    stage.chime.order("PutMessagingStreamingConfigurations", [Fault::Refuse(400)]);
    let properties = streaming(INSTANCE, STREAM, &["Channel"]);
    let answer = stage.fail_to_create(STREAMING, &properties).await;
    let answer = stage.roll_back_create(STREAMING, &answer, properties).await;
    succeeded(&answer, "NothingToDelete");
    assert_eq!(configured(&stage, INSTANCE), theirs);
}

async fn a_delete_that_is_forbidden_fails(mut stage: Stage) {
    let made = stage.create(STREAMING, streaming(INSTANCE, STREAM, &["Channel"])).await;
    let event = stage.delete_event(STREAMING, &made);
    for operation in
        ["GetMessagingStreamingConfigurations", "DeleteMessagingStreamingConfigurations"]
    {
        stage.chime.order(operation, [Fault::Refuse(403)]);
        let answer = stage.send_once(&event).await;
        assert!(reason(&answer).contains(&format!("chime:{operation} was refused")), "{answer}");
    }
    assert_eq!(configured(&stage, INSTANCE), to([("Channel", STREAM)]));
}

async fn a_delete_of_what_is_gone_succeeds(mut stage: Stage) {
    let made = stage.create(STREAMING, streaming(INSTANCE, STREAM, &["Channel"])).await;
    stage.chime.state().one().streaming.clear();
    stage.delete(STREAMING, &made).await;
    stage.chime.state().instances.remove(INSTANCE);
    stage.delete(STREAMING, &made).await;
}

async fn every_call_may_be_throttled(mut stage: Stage) {
    stage.chime.state().throttles_every_first_call = true;
    let made = stage.create(STREAMING, streaming(INSTANCE, STREAM, &["Channel"])).await;
    let more = streaming(INSTANCE, STREAM, &["Channel", "ChannelMessage"]);
    let made = stage.update(STREAMING, &made, more, "UpdatedInPlace").await;
    stage.delete(STREAMING, &made).await;
    assert_eq!(configured(&stage, INSTANCE), to([]));
}
