//! `Custom::AppInstanceAdmin`.

use serde_json::{Value, json};

use crate::{
    chime::Fault,
    names::{INSTANCE, OTHER_INSTANCE, user},
    stage::{Remembered, Stage, reason, scenarios, succeeded},
};

const ADMIN: &str = "Custom::AppInstanceAdmin";

fn admin(name: &str) -> Value {
    json!({"ServiceToken": "t", "AppInstanceArn": INSTANCE, "AppInstanceUserArn": user(name)})
}

fn admins(stage: &Stage) -> Vec<String> {
    stage.chime.state().one().admins.iter().cloned().collect()
}

scenarios!(
    is_made_replaced_and_deleted,
    a_rolled_back_replacement_ends_with_the_first_admin_alone,
    a_failed_replacement_keeps_the_first_admin_and_its_rollback_removes_the_second,
    a_create_that_was_refused_leaves_an_admin_of_before_alone,
    a_create_whose_answer_got_lost_is_cleaned_up,
    a_create_that_was_never_answered_is_cleaned_up_by_its_properties,
    a_fresh_user_is_waited_for,
    a_delete_that_is_forbidden_fails,
    a_delete_of_what_is_gone_succeeds,
    every_call_may_be_throttled,
);

async fn is_made_replaced_and_deleted(mut stage: Stage) {
    let alice = stage.create(ADMIN, admin("alice")).await;
    assert_eq!(alice.physical_id, user("alice"));
    let same = stage.update(ADMIN, &alice, admin("alice"), "UpdatedInPlace").await;
    let bob = stage.update(ADMIN, &same, admin("bob"), "Replaced").await;
    assert_eq!(admins(&stage), [user("alice"), user("bob")]);
    stage.delete(ADMIN, &same).await;
    assert_eq!(admins(&stage), [user("bob")]);
    stage.delete(ADMIN, &bob).await;
    assert_eq!(admins(&stage), Vec::<String>::new());
}

async fn a_rolled_back_replacement_ends_with_the_first_admin_alone(mut stage: Stage) {
    let alice = stage.create(ADMIN, admin("alice")).await;
    let bob = stage.update(ADMIN, &alice, admin("bob"), "Replaced").await;
    // Another resource of the stack failed: CloudFormation goes back, then deletes the second one.
    let back = stage.update(ADMIN, &bob, admin("alice"), "Replaced").await;
    assert_eq!(back.physical_id, alice.physical_id);
    stage.delete(ADMIN, &bob).await;
    assert_eq!(admins(&stage), [user("alice")]);
}

async fn a_failed_replacement_keeps_the_first_admin_and_its_rollback_removes_the_second(
    mut stage: Stage,
) {
    let alice = stage.create(ADMIN, admin("alice")).await;
    // It is done, and every answer gets lost.
    stage.chime.order("CreateAppInstanceAdmin", [Fault::LoseTheAnswer]);
    stage.chime.order("CreateAppInstanceAdmin", [Fault::Refuse(400)]);
    let event = stage.update_event(ADMIN, &alice, &admin("bob"));
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("chime:CreateAppInstanceAdmin"), "{answer}");
    assert_eq!(
        answer["PhysicalResourceId"], alice.physical_id,
        "CloudFormation would delete alice"
    );
    assert_eq!(admins(&stage), [user("alice"), user("bob")]);

    let attempted = Remembered { physical_id: alice.physical_id, properties: admin("bob") };
    stage.update(ADMIN, &attempted, admin("alice"), "UpdatedInPlace").await;
    assert_eq!(admins(&stage), [user("alice")]);
}

async fn a_create_that_was_refused_leaves_an_admin_of_before_alone(mut stage: Stage) {
    stage.chime.state().one().admins.insert(user("alice"));
    stage.chime.order("CreateAppInstanceAdmin", [Fault::Refuse(400)]);
    let answer = stage.fail_to_create(ADMIN, &admin("alice")).await;
    let answer = stage.roll_back_create(ADMIN, &answer, admin("alice")).await;
    succeeded(&answer, "NothingToDelete");
    assert_eq!(admins(&stage), [user("alice")]);
}

async fn a_create_whose_answer_got_lost_is_cleaned_up(mut stage: Stage) {
    stage.chime.order("CreateAppInstanceAdmin", [Fault::LoseTheAnswer, Fault::Refuse(400)]);
    let answer = stage.fail_to_create(ADMIN, &admin("alice")).await;
    assert_eq!(admins(&stage), [user("alice")]);
    let answer = stage.roll_back_create(ADMIN, &answer, admin("alice")).await;
    succeeded(&answer, "Deleted");
    assert_eq!(admins(&stage), Vec::<String>::new());
}

async fn a_create_that_was_never_answered_is_cleaned_up_by_its_properties(mut stage: Stage) {
    stage.chime.state().one().admins.insert(user("alice"));
    let made_up =
        Remembered { physical_id: "moderation-Admin-1A2B".into(), properties: admin("alice") };
    stage.delete(ADMIN, &made_up).await;
    assert_eq!(admins(&stage), Vec::<String>::new());
    // And with properties that nothing can have been made with, there is nothing to do.
    let properties = json!({"AppInstanceArn": "nonsense"});
    let event = stage.delete_event(ADMIN, &Remembered { properties, ..made_up });
    succeeded(&stage.send(&event).await, "NothingToDelete");
}

async fn a_fresh_user_is_waited_for(mut stage: Stage) {
    let forbidden = [Fault::Refuse(403), Fault::Refuse(404), Fault::Refuse(403)];
    stage.chime.order("CreateAppInstanceAdmin", forbidden);
    stage.create(ADMIN, admin("alice")).await;
    assert_eq!(admins(&stage), [user("alice")]);
}

async fn a_delete_that_is_forbidden_fails(mut stage: Stage) {
    let alice = stage.create(ADMIN, admin("alice")).await;
    stage.chime.order("DeleteAppInstanceAdmin", [Fault::Refuse(403); 500]);
    let event = stage.delete_event(ADMIN, &alice);
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("chime:DeleteAppInstanceAdmin was refused"), "{answer}");
    // Nor is a listing that is forbidden as well a proof that the admin is gone.
    stage.chime.order("ListAppInstanceAdmins", [Fault::Refuse(403); 500]);
    let answer = stage.send_once(&event).await;
    assert!(reason(&answer).contains("was refused"), "{answer}");
    assert_eq!(admins(&stage), [user("alice")]);
}

async fn a_delete_of_what_is_gone_succeeds(mut stage: Stage) {
    let alice = stage.create(ADMIN, admin("alice")).await;
    stage.chime.state().one().admins.clear();
    stage.delete(ADMIN, &alice).await;
    stage.chime.state().instances.remove(INSTANCE);
    stage.delete(ADMIN, &alice).await;
    assert!(stage.chime.state().instances.contains_key(OTHER_INSTANCE));
}

async fn every_call_may_be_throttled(mut stage: Stage) {
    stage.chime.state().throttles_every_first_call = true;
    let alice = stage.create(ADMIN, admin("alice")).await;
    let bob = stage.update(ADMIN, &alice, admin("bob"), "Replaced").await;
    stage.delete(ADMIN, &alice).await;
    stage.delete(ADMIN, &bob).await;
    assert_eq!(admins(&stage), Vec::<String>::new());
}
