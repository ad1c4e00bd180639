//! Giving the flow to one, some or all channels, and taking it off them.
//!
//! First a plan, which changes nothing and is all of a dry run; then the plan is carried out,
//! channel by channel. One that is refused does not stop the others.

use std::collections::BTreeSet;

use crate::{
    arn::Channel,
    failure::{Kind, Refused},
    service::Session,
    settings::Moderation,
};

/// Which channels are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every channel of the app instance, public and private.
    All,
    /// These.
    These(BTreeSet<Channel>),
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The channels shall have the flow.
    Attach,
    /// They shall not have it.
    Detach,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The wish that it fulfils.
    pub wish: Wish,
    /// The channels to be changed, sorted.
    pub channels: Vec<Channel>,
    /// How many of those that are meant are as wished already.
    pub done_already: usize,
}

/// What became of a channel.
#[derive(Debug)]
pub enum Outcome {
    /// It is as wished.
    Done,
    /// It has another flow, and keeps it: a channel can have one only.
    HasAnotherFlow,
    /// The service refused.
    Refused(Refused),
}

/// A step of the work, for whoever shows progress.
#[derive(Debug)]
pub struct Step<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The channel.
    pub channel: &'a Channel,
    /// What became of it.
    pub outcome: &'a Outcome,
}

/// How it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Channels that are as wished now.
    pub done: usize,
    /// Channels that kept another flow.
    pub with_another_flow: usize,
    /// Channels that were refused.
    pub refused: usize,
}

/// Finds out what there is to do.
///
/// # Errors
/// [`Refused`] if the flow's channels or the app instance's cannot be listed.
pub async fn plan(
    session: &Session<'_>,
    moderation: &Moderation,
    wish: Wish,
    which: &Which,
) -> Result<Plan, Refused> {
    let present: BTreeSet<Channel> =
        session.channels_of(&moderation.flow).await?.into_iter().collect();
    let named = match (which, wish) {
        (Which::These(channels), _) => channels.clone(),
        // What does not have the flow need not be listed to be left alone.
        (Which::All, Wish::Detach) => present.clone(),
        (Which::All, Wish::Attach) => session.channels(&moderation.admin).await?,
    };
    let channels: Vec<Channel> = match wish {
        Wish::Attach => named.difference(&present).cloned().collect(),
        Wish::Detach => named.intersection(&present).cloned().collect(),
    };
    Ok(Plan { wish, done_already: named.len() - channels.len(), channels })
}

/// Carries out a plan, and reports each step.
pub async fn carry_out(
    session: &Session<'_>,
    moderation: &Moderation,
    plan: &Plan,
    mut report: impl FnMut(Step<'_>),
) -> Tally {
    let mut tally = Tally::default();
    for (index, channel) in plan.channels.iter().enumerate() {
        let outcome = match plan.wish {
            Wish::Attach => attach(session, moderation, channel).await,
            Wish::Detach => detach(session, moderation, channel).await,
        };
        match outcome {
            Outcome::Done => tally.done += 1,
            Outcome::HasAnotherFlow => tally.with_another_flow += 1,
            Outcome::Refused(_) => tally.refused += 1,
        }
        report(Step { number: index + 1, of: plan.channels.len(), channel, outcome: &outcome });
    }
    tally
}

async fn attach(session: &Session<'_>, moderation: &Moderation, channel: &Channel) -> Outcome {
    let Moderation { flow, admin } = moderation;
    match session.associate(channel, flow, admin).await {
        Ok(()) => Outcome::Done,
        Err(refused) if matches!(refused.kind, Kind::Conflict | Kind::BadRequest) => {
            match session.flow_of(channel, admin).await {
                Ok(Some(present)) if present == flow.as_str() => Outcome::Done,
                Ok(Some(_)) => Outcome::HasAnotherFlow,
                Ok(None) => Outcome::Refused(refused),
                Err(refused) => Outcome::Refused(refused),
            }
        }
        Err(refused) => Outcome::Refused(refused),
    }
}

async fn detach(session: &Session<'_>, moderation: &Moderation, channel: &Channel) -> Outcome {
    let Moderation { flow, admin } = moderation;
    match session.disassociate(channel, flow, admin).await {
        Ok(()) => Outcome::Done,
        Err(refused) if refused.kind == Kind::NotFound => Outcome::Done,
        Err(refused) => Outcome::Refused(refused),
    }
}
