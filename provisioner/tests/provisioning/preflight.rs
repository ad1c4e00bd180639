//! What an operator does from a laptop.

use std::sync::Arc;

use provisioner::{
    arn::{Channel, ParseArn},
    grant::OPERATOR,
    preflight::{
        channels::{Outcome, Plan, Step, Tally, Which, Wish, carry_out, plan},
        doctor::examine,
    },
    settings::Moderation,
};

use crate::{
    chime::{Chime, Fault},
    in_process::service,
    names::{channel, flow, user},
};

fn moderation() -> Moderation {
    Moderation {
        flow: ParseArn::parse(&flow("first")).unwrap(),
        admin: ParseArn::parse(&user("alice")).unwrap(),
    }
}

/// An admin, two flows, and this many channels, the first of which has the first flow.
fn furnished(count: usize) -> Arc<Chime> {
    let chime = Arc::new(Chime::new());
    let mut state = chime.state();
    state.one().admins.insert(user("alice"));
    state.one().flows.extend(["first", "second"].map(flow));
    let channels = (0..count).map(|number| (channel(format!("{number:03}")), None));
    state.channels.extend(channels);
    state.channels.insert(channel("000"), Some(flow("first")));
    drop(state);
    chime
}

async fn made(chime: &Arc<Chime>, wish: Wish, which: Which) -> (Plan, Tally, Vec<String>) {
    let service = service(chime, &OPERATOR);
    let session = service.session();
    let plan = plan(&session, &moderation(), wish, &which).await.unwrap();
    let mut steps = Vec::new();
    let moderation = moderation();
    let report = |step: Step<'_>| {
        let refused = matches!(step.outcome, Outcome::Refused(_));
        steps.push(format!("{}/{}{}", step.number, step.of, if refused { " refused" } else { "" }));
    };
    let tally = carry_out(&session, &moderation, &plan, report).await;
    (plan, tally, steps)
}

fn with_first(chime: &Chime) -> usize {
    chime.state().channels_with(&flow("first")).len()
}

#[tokio::test(start_paused = true)]
async fn a_plan_changes_nothing() {
    let chime = furnished(120);
    let service = service(&chime, &OPERATOR);
    let plan = plan(&service.session(), &moderation(), Wish::Attach, &Which::All).await.unwrap();
    assert_eq!((plan.channels.len(), plan.done_already), (119, 1));
    assert_eq!(with_first(&chime), 1);
}

#[tokio::test(start_paused = true)]
async fn all_channels_public_and_private_get_the_flow_and_lose_it() {
    let chime = furnished(120);
    let (_, tally, steps) = made(&chime, Wish::Attach, Which::All).await;
    assert_eq!(tally, Tally { done: 119, ..Tally::default() });
    assert_eq!((steps.len(), steps[0].as_str(), steps[118].as_str()), (119, "1/119", "119/119"));
    assert_eq!(with_first(&chime), 120);
    let (plan, tally, _) = made(&chime, Wish::Detach, Which::All).await;
    assert_eq!((plan.done_already, tally.done, with_first(&chime)), (0, 120, 0));
}

#[tokio::test(start_paused = true)]
async fn some_channels_are_changed_and_the_others_left_alone() {
    let chime = furnished(5);
    let these = |names: &[&str]| {
        Which::These(names.iter().map(|name| Channel::parse(&channel(name)).unwrap()).collect())
    };
    let (plan, tally, _) = made(&chime, Wish::Attach, these(&["000", "001", "002"])).await;
    assert_eq!((plan.done_already, tally.done, with_first(&chime)), (1, 2, 3));
    let (plan, tally, _) = made(&chime, Wish::Detach, these(&["001", "004"])).await;
    assert_eq!((plan.done_already, tally.done, with_first(&chime)), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_refused_or_has_another_flow_does_not_stop_the_others() {
    let chime = furnished(5);
    chime.state().channels.insert(channel("001"), Some(flow("second")));
    chime.order("AssociateChannelFlow", [Fault::Serve, Fault::Refuse(403)]);
    let (_, tally, steps) = made(&chime, Wish::Attach, Which::All).await;
    assert_eq!(tally, Tally { done: 2, with_another_flow: 1, refused: 1 });
    assert_eq!(steps, ["1/4", "2/4 refused", "3/4", "4/4"]);
    assert_eq!(chime.state().channels_with(&flow("second")), [channel("001")]);
}

#[tokio::test(start_paused = true)]
async fn an_examination_sees_what_the_service_knows_even_without_an_admin() {
    let chime = furnished(4);
    let service = service(&chime, &OPERATOR);
    let seen = examine(&service.session(), &moderation()).await.unwrap();
    assert_eq!((seen.admin_is_admin, seen.channels_without_the_flow.len()), (true, 3));
    assert_eq!(seen.processors[0].fallback, "ABORT");
    assert_eq!(seen.processors[0].function, "arn:aws:lambda:f");
    chime.state().one().admins.clear();
    let seen = examine(&service.session(), &moderation()).await.unwrap();
    assert!(!seen.admin_is_admin);
}
