//! `Custom::ChannelFlowAssociation`.

use serde_json::{Value, json};

use crate::{
    chime::Fault,
    names::{OTHER_INSTANCE, channel, flow, user},
    stage::{Remembered, Stage, reason, scenarios, succeeded},
};

const ASSOCIATION: &str = "Custom::ChannelFlowAssociation";

fn association(flow_name: &str, channels: &[&str]) -> Value {
    let channels: Vec<_> = channels.iter().map(channel).collect();
    json!({
        "ServiceToken": "t", "ChannelFlowArn": flow(flow_name), "AdminArn": user("alice"),
        "ChannelArns": channels,
    })
}

/// Two flows, an admin, and channels without a flow.
fn furnish(at: &Stage) {
    let mut state = at.chime.state();
    state.one().admins.insert(user("alice"));
    state.one().flows.extend(["first", "second"].map(flow));
    state.channels.extend(["a", "b", "c", "d"].map(|name| (channel(name), None)));
}

fn with(stage: &Stage, flow_name: &str) -> Vec<String> {
    stage.chime.state().channels_with(&flow(flow_name))
}

fn channels<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(channel)
}

scenarios!(
    is_made_changed_replaced_and_deleted,
    a_channel_with_another_flow_fails_and_keeps_it,
    a_create_that_fails_halfway_is_cleaned_up,
    all_that_is_wrong_with_the_properties_is_said_at_once,
    an_empty_list_is_allowed,
    a_fresh_flow_is_waited_for_and_a_missing_one_is_named,
    a_delete_that_is_forbidden_fails,
    a_delete_makes_an_admin_who_was_demoted_one_again,
    a_delete_makes_an_admin_whose_user_is_gone_again,
    a_demoted_admin_who_cannot_be_promoted_fails_a_delete_with_the_reason,
    a_delete_of_what_is_gone_succeeds,
    every_call_may_be_throttled,
);

async fn is_made_changed_replaced_and_deleted(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a", "b"])).await;
    let id = format!("{}/channel-flow-associations/ChannelFlowAssociation", flow("first"));
    assert_eq!(made.physical_id, id);
    assert_eq!(with(&stage, "first"), channels(["a", "b"]));

    let other = association("first", &["b", "c"]);
    let changed = stage.update(ASSOCIATION, &made, other, "UpdatedInPlace").await;
    assert_eq!(with(&stage, "first"), channels(["b", "c"]));

    let moved = association("second", &["b", "c", "d"]);
    let moved = stage.update(ASSOCIATION, &changed, moved, "Replaced").await;
    stage.delete(ASSOCIATION, &changed).await;
    assert_eq!(with(&stage, "first"), channels([]));
    assert_eq!(with(&stage, "second"), channels(["b", "c", "d"]));
    stage.delete(ASSOCIATION, &moved).await;
    assert_eq!(with(&stage, "second"), channels([]));
}

async fn a_channel_with_another_flow_fails_and_keeps_it(mut stage: Stage) {
    furnish(&stage);
    stage.chime.state().channels.insert(channel("b"), Some(flow("second")));
    let answer = stage.fail_to_create(ASSOCIATION, &association("first", &["b"])).await;
    assert!(reason(&answer).contains("is associated with another channel flow"), "{answer}");
    let answer = stage.roll_back_create(ASSOCIATION, &answer, association("first", &["b"])).await;
    succeeded(&answer, "NothingToDelete");
    assert_eq!(with(&stage, "second"), channels(["b"]));
}

async fn a_create_that_fails_halfway_is_cleaned_up(mut stage: Stage) {
    furnish(&stage);
    stage.chime.order("AssociateChannelFlow", [Fault::Serve, Fault::Refuse(400)]);
    let properties = association("first", &["a", "b"]);
    let answer = stage.fail_to_create(ASSOCIATION, &properties).await;
    assert!(reason(&answer).contains("1 channels associated, 1 not"), "{answer}");
    assert_eq!(with(&stage, "first"), channels(["a"]));
    let answer = stage.roll_back_create(ASSOCIATION, &answer, properties).await;
    succeeded(&answer, "Deleted");
    assert_eq!(with(&stage, "first"), channels([]));
}

async fn all_that_is_wrong_with_the_properties_is_said_at_once(mut stage: Stage) {
    let properties = json!({
        "ChannelFlowArn": user("alice"), "ChannelArns": [channel("a"), "b", "c"], "Channels": "",
    });
    let answer = stage.fail_to_create(ASSOCIATION, &properties).await;
    for part in [
        "`ChannelFlowArn` is not an ARN",
        "`AdminArn` is missing",
        "`ChannelArns` entry 2 is not an ARN",
        "`ChannelArns` entry 3 is not an ARN",
        "`Channels` is unknown",
    ] {
        assert!(reason(&answer).contains(part), "{part:?} is not in {answer}");
    }
    let mut strangers = association("first", &[]);
    strangers["ChannelArns"] = json!([format!("{OTHER_INSTANCE}/channel/x")]);
    let answer = stage.fail_to_create(ASSOCIATION, &strangers).await;
    assert!(reason(&answer).contains("belongs to another app instance than the flow"), "{answer}");
    assert_eq!(stage.chime.state().calls, []);
}

async fn an_empty_list_is_allowed(mut stage: Stage) {
    furnish(&stage);
    let mut nothing = association("first", &[]);
    nothing["ChannelArns"] = json!([""]);
    let made = stage.create(ASSOCIATION, nothing).await;
    stage.delete(ASSOCIATION, &made).await;
    assert_eq!(stage.chime.count("AssociateChannelFlow"), 0);
}

async fn a_fresh_flow_is_waited_for_and_a_missing_one_is_named(mut stage: Stage) {
    furnish(&stage);
    stage.chime.order("ListChannelsAssociatedWithChannelFlow", [Fault::Refuse(403); 2]);
    stage.chime.order("AssociateChannelFlow", [Fault::Refuse(403); 2]);
    stage.create(ASSOCIATION, association("first", &["a"])).await;
    assert_eq!(with(&stage, "first"), channels(["a"]));
    let answer = stage.fail_to_create(ASSOCIATION, &association("third", &["b"])).await;
    assert!(
        reason(&answer).contains(&format!("there is no channel flow {}", flow("third"))),
        "{answer}"
    );
}

async fn a_delete_that_is_forbidden_fails(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a", "b"])).await;
    let event = stage.delete_event(ASSOCIATION, &made);
    stage.chime.order("DisassociateChannelFlow", vec![Fault::Refuse(403); 5_000]);
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("0 channels disassociated, 2 not"), "{answer}");
    assert!(reason(&answer).contains("chime:DisassociateChannelFlow was refused"), "{answer}");
    assert_eq!(stage.chime.count("CreateAppInstanceAdmin"), 0, "the admin is one");
    // A listing that cannot be read proves nothing either.
    stage.chime.order("ListChannelsAssociatedWithChannelFlow", [Fault::Refuse(403); 500]);
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("was refused"), "{answer}");
    assert_eq!(with(&stage, "first"), channels(["a", "b"]));
}

async fn a_delete_makes_an_admin_who_was_demoted_one_again(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a", "b"])).await;
    stage.chime.state().one().admins.clear();
    stage.delete(ASSOCIATION, &made).await;
    assert_eq!(with(&stage, "first"), channels([]));
    assert_eq!(stage.chime.count("CreateAppInstanceAdmin"), 1);
    assert_eq!(stage.chime.count("CreateAppInstanceUser"), 0, "the user is there");
    assert_eq!(stage.chime.state().one().admins, [user("alice")].into());
}

async fn a_delete_makes_an_admin_whose_user_is_gone_again(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a", "b"])).await;
    stage.chime.state().one().admins.clear();
    stage.chime.state().one().users.remove(&user("alice"));
    stage.delete(ASSOCIATION, &made).await;
    assert_eq!(with(&stage, "first"), channels([]));
    assert!(stage.chime.state().one().users.contains(&user("alice")));
}

async fn a_demoted_admin_who_cannot_be_promoted_fails_a_delete_with_the_reason(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a"])).await;
    let event = stage.delete_event(ASSOCIATION, &made);
    stage.chime.state().one().admins.clear();
    stage.chime.order("CreateAppInstanceAdmin", vec![Fault::Refuse(403); 5_000]);
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("chime:CreateAppInstanceAdmin was refused"), "{answer}");
    assert_eq!(with(&stage, "first"), channels(["a"]));
}

async fn a_delete_of_what_is_gone_succeeds(mut stage: Stage) {
    furnish(&stage);
    let made = stage.create(ASSOCIATION, association("first", &["a", "b", "c"])).await;
    stage.chime.state().channels.remove(&channel("a"));
    stage.chime.state().channels.insert(channel("b"), Some(flow("second")));
    stage.delete(ASSOCIATION, &made).await;
    assert_eq!(with(&stage, "second"), channels(["b"]));
    stage.chime.state().one().flows.clear();
    stage.delete(ASSOCIATION, &made).await;
    let gone = Remembered { physical_id: made.physical_id.clone(), ..made };
    stage.chime.state().instances.remove(crate::names::INSTANCE);
    stage.delete(ASSOCIATION, &gone).await;
}

async fn every_call_may_be_throttled(mut stage: Stage) {
    furnish(&stage);
    stage.chime.state().throttles_every_first_call = true;
    let made = stage.create(ASSOCIATION, association("first", &["a", "b"])).await;
    let moved =
        stage.update(ASSOCIATION, &made, association("second", &["a", "c"]), "Replaced").await;
    stage.delete(ASSOCIATION, &made).await;
    assert_eq!(with(&stage, "second"), channels(["a", "c"]));
    stage.delete(ASSOCIATION, &moved).await;
    assert_eq!(with(&stage, "second"), channels([]));
    assert_eq!(with(&stage, "first"), channels([]));
}
