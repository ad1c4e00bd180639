//! `Custom::ChannelFlowDrain`.

use serde_json::{Value, json};

use crate::{
    chime::Fault,
    names::{channel, flow, user},
    stage::{Stage, reason, scenarios},
};

const DRAIN: &str = "Custom::ChannelFlowDrain";

fn drain(flow_name: &str) -> Value {
    json!({"ServiceToken": "t", "ChannelFlowArn": flow(flow_name), "AdminArn": user("alice")})
}

/// Two flows, the first with this many channels, and an admin.
fn furnish(at: &Stage, count: usize) {
    let mut state = at.chime.state();
    state.one().admins.insert(user("alice"));
    state.one().flows.extend(["first", "second"].map(flow));
    state.channels.extend((0..count).map(|number| (channel(number), Some(flow("first")))));
}

fn left(stage: &Stage) -> usize {
    stage.chime.state().channels_with(&flow("first")).len()
}

scenarios!(
    a_flow_with_120_channels_is_emptied,
    making_and_changing_it_touches_no_channel,
    a_replaced_flow_is_emptied_and_the_new_one_is_not,
    throttling_and_lost_answers_do_not_stop_it,
    a_channel_that_is_refused_is_tried_again_and_then_named,
    an_admin_who_was_demoted_is_made_one_again,
    an_admin_whose_user_was_deleted_is_made_again,
    a_flow_that_is_gone_needs_no_draining,
    when_time_runs_out_the_answer_says_how_far_it_got,
);

async fn a_flow_with_120_channels_is_emptied(mut stage: Stage) {
    furnish(&stage, 120);
    stage.chime.state().channels.insert(channel("other"), Some(flow("second")));
    let made = stage.create(DRAIN, drain("first")).await;
    assert_eq!(made.physical_id, format!("{}/drain", flow("first")));
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
    assert_eq!(stage.chime.count("DisassociateChannelFlow"), 120);
    assert_eq!(stage.chime.state().channels_with(&flow("second")), [channel("other")]);
}

async fn making_and_changing_it_touches_no_channel(mut stage: Stage) {
    furnish(&stage, 3);
    let made = stage.create(DRAIN, drain("first")).await;
    let mut other = drain("first");
    other["AdminArn"] = json!(user("bob"));
    stage.update(DRAIN, &made, other, "UpdatedInPlace").await;
    assert_eq!(stage.chime.state().calls, []);
    assert_eq!(left(&stage), 3);
}

async fn a_replaced_flow_is_emptied_and_the_new_one_is_not(mut stage: Stage) {
    furnish(&stage, 3);
    stage.chime.state().channels.insert(channel("other"), Some(flow("second")));
    let made = stage.create(DRAIN, drain("first")).await;
    stage.update(DRAIN, &made, drain("second"), "Replaced").await;
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
    assert_eq!(stage.chime.state().channels_with(&flow("second")), [channel("other")]);
}

async fn throttling_and_lost_answers_do_not_stop_it(mut stage: Stage) {
    furnish(&stage, 60);
    let made = stage.create(DRAIN, drain("first")).await;
    let faults = [Fault::Refuse(429), Fault::LoseTheAnswer, Fault::Refuse(503), Fault::Refuse(409)];
    for fault in faults {
        stage.chime.order("DisassociateChannelFlow", [fault].into_iter().chain([Fault::Serve; 7]));
        stage.chime.order("ListChannelsAssociatedWithChannelFlow", [Fault::Refuse(429)]);
    }
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
}

async fn a_channel_that_is_refused_is_tried_again_and_then_named(mut stage: Stage) {
    furnish(&stage, 2);
    let made = stage.create(DRAIN, drain("first")).await;
    let event = stage.delete_event(DRAIN, &made);
    // One that passes by itself.
    stage.chime.order("DisassociateChannelFlow", [Fault::Refuse(403); 3]);
    stage.delete(DRAIN, &made).await;
    // One that does not.
    furnish(&stage, 2);
    stage.chime.order("DisassociateChannelFlow", std::iter::repeat_n(Fault::Refuse(403), 5_000));
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("0 channels disassociated, 2 not"), "{answer}");
    assert!(reason(&answer).contains("chime:DisassociateChannelFlow was refused"), "{answer}");
    assert_eq!(left(&stage), 2);
}

async fn an_admin_who_was_demoted_is_made_one_again(mut stage: Stage) {
    furnish(&stage, 3);
    let made = stage.create(DRAIN, drain("first")).await;
    stage.chime.state().one().admins.clear();
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
}

async fn an_admin_whose_user_was_deleted_is_made_again(mut stage: Stage) {
    furnish(&stage, 3);
    let made = stage.create(DRAIN, drain("first")).await;
    stage.chime.state().one().admins.clear();
    stage.chime.state().one().users.remove(&user("alice"));
    // What was made a moment ago may not be known everywhere yet.
    stage.chime.order("CreateAppInstanceAdmin", [Fault::Refuse(403); 3]);
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
}

async fn a_flow_that_is_gone_needs_no_draining(mut stage: Stage) {
    furnish(&stage, 0);
    let made = stage.create(DRAIN, drain("first")).await;
    stage.chime.state().one().flows.remove(&flow("first"));
    stage.delete(DRAIN, &made).await;
    stage.chime.state().instances.remove(crate::names::INSTANCE);
    stage.delete(DRAIN, &made).await;
}

async fn when_time_runs_out_the_answer_says_how_far_it_got(mut stage: Stage) {
    furnish(&stage, 3);
    let made = stage.create(DRAIN, drain("first")).await;
    stage.chime.order("DisassociateChannelFlow", [Fault::Serve]);
    stage.chime.order("DisassociateChannelFlow", [Fault::Hang; 50]);
    let event = stage.delete_event(DRAIN, &made);
    let started = tokio::time::Instant::now();
    let answer = stage.send_once(&event).await;
    assert!(started.elapsed() < Stage::limit(), "answered too late");
    assert!(reason(&answer).contains("the function's time is over"), "{answer}");
    assert!(reason(&answer).contains("1 of 3 channels disassociated"), "{answer}");
    // The same request again goes on from there.
    stage.chime.state().faults.clear();
    stage.delete(DRAIN, &made).await;
    assert_eq!(left(&stage), 0);
}
