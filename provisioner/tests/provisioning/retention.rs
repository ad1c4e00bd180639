//! `Custom::MessageRetention`.

use serde_json::{Value, json};

use crate::{
    chime::Fault,
    names::{INSTANCE, OTHER_INSTANCE},
    stage::{Remembered, Stage, reason, scenarios, succeeded},
};

const RETENTION: &str = "Custom::MessageRetention";

fn retention(instance: &str, days: impl Into<Value>) -> Value {
    json!({"ServiceToken": "t", "AppInstanceArn": instance, "RetentionDays": days.into()})
}

fn days(stage: &Stage, instance: &str) -> Option<i64> {
    stage.chime.state().instances[instance].retention
}

scenarios!(
    is_made_changed_replaced_and_deleted,
    bad_days_are_refused_without_a_call,
    days_that_somebody_else_set_stay,
    a_refused_update_keeps_the_id_and_can_be_rolled_back,
    the_physical_id_decides_what_is_deleted,
    a_delete_that_is_forbidden_fails,
    a_delete_of_what_is_gone_succeeds,
    every_call_may_be_throttled,
);

async fn is_made_changed_replaced_and_deleted(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    assert_eq!(month.physical_id, format!("{INSTANCE}/retention-settings"));
    assert_eq!(days(&stage, INSTANCE), Some(30));
    let year = stage.update(RETENTION, &month, retention(INSTANCE, 365), "UpdatedInPlace").await;
    assert_eq!(days(&stage, INSTANCE), Some(365));
    let moved = stage.update(RETENTION, &year, retention(OTHER_INSTANCE, "365"), "Replaced").await;
    stage.delete(RETENTION, &year).await;
    assert_eq!((days(&stage, INSTANCE), days(&stage, OTHER_INSTANCE)), (None, Some(365)));
    stage.delete(RETENTION, &moved).await;
    assert_eq!(days(&stage, OTHER_INSTANCE), None);
}

async fn bad_days_are_refused_without_a_call(mut stage: Stage) {
    for bad in ["0", "5476", "1.5", "", "a month"] {
        let answer = stage.fail_to_create(RETENTION, &retention(INSTANCE, bad)).await;
        let wanted = "`RetentionDays` must be a whole number from 1 to 5475";
        assert!(reason(&answer).contains(wanted), "{answer}");
        let answer = stage.roll_back_create(RETENTION, &answer, retention(INSTANCE, bad)).await;
        succeeded(&answer, "NothingToDelete");
    }
    assert_eq!(stage.chime.state().calls, []);
}

async fn days_that_somebody_else_set_stay(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    stage.chime.state().one().retention = Some(90);
    stage.delete(RETENTION, &month).await;
    assert_eq!(days(&stage, INSTANCE), Some(90));
}

async fn a_refused_update_keeps_the_id_and_can_be_rolled_back(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    stage
        .chime
        .order("PutAppInstanceRetentionSettings", [Fault::LoseTheAnswer, Fault::Refuse(400)]);
    let event = stage.update_event(RETENTION, &month, &retention(INSTANCE, "60"));
    let answer = stage.send_once(&event).await;
    reason(&answer);
    assert_eq!(answer["PhysicalResourceId"], month.physical_id);
    assert_eq!(days(&stage, INSTANCE), Some(60));
    let attempted = Remembered { properties: retention(INSTANCE, "60"), ..month };
    stage.update(RETENTION, &attempted, retention(INSTANCE, "30"), "UpdatedInPlace").await;
    assert_eq!(days(&stage, INSTANCE), Some(30));
}

async fn the_physical_id_decides_what_is_deleted(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    stage.chime.state().instances.get_mut(OTHER_INSTANCE).unwrap().retention = Some(30);
    // After a failed replacement the properties may name what was never made.
    stage
        .delete(RETENTION, &Remembered { properties: retention(OTHER_INSTANCE, "30"), ..month })
        .await;
    assert_eq!((days(&stage, INSTANCE), days(&stage, OTHER_INSTANCE)), (None, Some(30)));
}

async fn a_delete_that_is_forbidden_fails(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    let event = stage.delete_event(RETENTION, &month);
    for operation in ["GetAppInstanceRetentionSettings", "PutAppInstanceRetentionSettings"] {
        stage.chime.order(operation, [Fault::Refuse(403)]);
        let answer = stage.send_once(&event).await;
        assert!(reason(&answer).contains(&format!("chime:{operation} was refused")), "{answer}");
    }
    assert_eq!(days(&stage, INSTANCE), Some(30));
}

async fn a_delete_of_what_is_gone_succeeds(mut stage: Stage) {
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    stage.chime.state().one().retention = None;
    stage.delete(RETENTION, &month).await;
    stage.chime.state().instances.remove(INSTANCE);
    stage.delete(RETENTION, &month).await;
}

async fn every_call_may_be_throttled(mut stage: Stage) {
    stage.chime.state().throttles_every_first_call = true;
    let month = stage.create(RETENTION, retention(INSTANCE, "30")).await;
    let year = stage.update(RETENTION, &month, retention(INSTANCE, "365"), "UpdatedInPlace").await;
    stage.delete(RETENTION, &year).await;
    assert_eq!(days(&stage, INSTANCE), None);
}
