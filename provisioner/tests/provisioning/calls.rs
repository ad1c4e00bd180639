//! The table of calls against what is really called.

use std::{collections::BTreeSet, iter::repeat_n, sync::Arc};

use provisioner::{
    grant::{CHANNEL_ASSOCIATOR, Function, PROVISIONER},
    settings::Moderation,
};
use serde_json::json;

use crate::{
    chime::{Chime, Fault},
    in_process::associate,
    names::{INSTANCE, STREAM, channel, flow, user},
    stage::{Stage, reason},
};

fn called(chime: &Chime) -> BTreeSet<String> {
    chime.state().calls.iter().map(|(operation, _)| operation.clone()).collect()
}

fn declared(function: &Function) -> BTreeSet<String> {
    function.calls.iter().map(|call| call.operation().to_owned()).collect()
}

/// The life of every resource, including what is only asked when something is refused.
#[tokio::test(start_paused = true)]
async fn the_provisioner_makes_every_call_of_its_row_and_no_other() {
    let mut stage = Stage::in_process();
    stage.chime.state().one().flows.insert(flow("first"));
    stage.chime.state().channels.insert(channel("a"), None);
    let resources = [
        (
            "Custom::AppInstanceAdmin",
            json!({"AppInstanceArn": INSTANCE, "AppInstanceUserArn": user("alice")}),
        ),
        ("Custom::MessageRetention", json!({"AppInstanceArn": INSTANCE, "RetentionDays": "1"})),
        (
            "Custom::MessagingStreaming",
            json!({"AppInstanceArn": INSTANCE, "StreamArn": STREAM, "DataTypes": ["Channel"]}),
        ),
        (
            "Custom::ChannelFlowDrain",
            json!({"ChannelFlowArn": flow("first"), "AdminArn": user("alice")}),
        ),
        (
            "Custom::ChannelFlowAssociation",
            json!({"ChannelFlowArn": flow("first"), "AdminArn": user("alice"), "ChannelArns": [channel("a")]}),
        ),
    ];
    let mut made = Vec::new();
    for (resource, properties) in resources {
        made.push((resource, stage.create(resource, properties).await));
    }
    stage.chime.state().one().admins.clear();
    stage.chime.state().one().users.clear();
    for (resource, present) in made.iter().rev() {
        stage.delete(resource, present).await;
    }
    stage.chime.state().instances.clear();
    for (resource, present) in made.iter().rev() {
        stage.delete(resource, present).await;
    }
    assert_eq!(called(&stage.chime), declared(&PROVISIONER));
}

#[tokio::test(start_paused = true)]
async fn the_associator_makes_every_call_of_its_row_and_no_other() {
    let chime = Arc::new(Chime::new());
    chime.state().one().admins.insert(user("alice"));
    chime.state().one().flows.insert(flow("first"));
    chime.state().channels.insert(channel("a"), Some(flow("first")));
    let data = json!({"EventType": "CREATE_CHANNEL", "Payload": {"ChannelArn": channel("a")}});
    let data = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, data.to_string());
    let event = json!({"Records": [{"kinesis": {
        "data": data, "sequenceNumber": "1", "approximateArrivalTimestamp": 1.0,
    }}]});
    let moderation = Moderation {
        flow: provisioner::arn::ParseArn::parse(&flow("first")).unwrap(),
        admin: provisioner::arn::ParseArn::parse(&user("alice")).unwrap(),
    };
    associate(&chime, event, &moderation).await;
    assert_eq!(called(&chime), declared(&CHANNEL_ASSOCIATOR));
}

#[tokio::test(start_paused = true)]
async fn no_outage_is_taken_for_a_sign_that_an_admin_is_gone() {
    for call in PROVISIONER.calls {
        let mut stage = Stage::in_process();
        stage.chime.order(call.operation(), repeat_n(Fault::Refuse(503), 5_000));
        stage.chime.order("DeleteAppInstanceAdmin", repeat_n(Fault::Refuse(403), 5_000));
        stage.chime.state().one().admins.insert(user("alice"));
        let properties = json!({"AppInstanceArn": INSTANCE, "AppInstanceUserArn": user("alice")});
        let physical_id = user("alice");
        let fields = json!({"PhysicalResourceId": physical_id, "ResourceProperties": properties});
        let event = stage.event("Delete", "Custom::AppInstanceAdmin", fields);
        let answer = stage.send_once(&event).await;
        reason(&answer);
        assert!(stage.chime.state().one().admins.contains(&physical_id));
    }
}
