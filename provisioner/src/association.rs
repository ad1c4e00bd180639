//! Giving a flow to channels and taking it off them: many, repeatedly, and told apart from each other.

use std::collections::BTreeSet;

use tokio::time::sleep;

use crate::{
    arn::{Channel, ChannelFlow, Member},
    failure::{Failure, Kind, Refused},
    grant::Call,
    service::Session,
};

/// How often a refusal is tried again at least, even when all else has long settled: draining a
/// large flow takes longer than that, and one refused channel must not fail it.
const ROUNDS: usize = 3;
/// The name of an admin user who is made again; the template's.
const ADMIN_NAME: &str = "Channel flow admin";

/// Associates the flow with those of the channels that do not have it. A channel that still has
/// the flow `replaced` is moved; one with any other flow is left alone and fails the whole.
///
/// # Errors
/// The first refusal that does not pass.
pub(crate) async fn associate_all(
    session: &Session<'_>,
    flow: &ChannelFlow,
    bearer: &Member,
    channels: &BTreeSet<Channel>,
    replaced: Option<&ChannelFlow>,
) -> Result<(), Failure> {
    // Asked even for no channels: it proves that the flow is there and may be read.
    let there = session.settled(async || present(session, flow).await).await?;
    let missing: Vec<&Channel> = channels.difference(&there).collect();
    for (done, channel) in missing.iter().enumerate() {
        session.note_progress(format!("{done} of {} channels associated", missing.len()));
        let associate = async || session.associate(channel, flow, bearer).await;
        match session.settled(associate).await {
            Ok(()) => {}
            Err(refused) if refused.kind == Kind::Conflict => {
                settle_conflict(session, flow, bearer, channel, replaced).await?;
            }
            Err(cause) if done > 0 => {
                let left = missing.len() - done;
                return Err(Failure::Incomplete { what: "associated", done, left, cause });
            }
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(())
}

/// Takes the flow off the channels. One that does not have it, or no longer exists, is done.
///
/// Only an admin may do it, so an admin whom somebody demoted or deleted by hand is made one again,
/// once: without one, the stack could never be deleted. The admin's own resource demotes it again,
/// later in the deletion.
///
/// # Errors
/// A refusal for a channel that the flow's own listing still shows when there is no more hope that
/// it only needs time; or the refusal to make the bearer an admin again.
pub(crate) async fn disassociate_all(
    session: &Session<'_>,
    flow: &ChannelFlow,
    bearer: &Member,
    channels: BTreeSet<Channel>,
) -> Result<(), Failure> {
    let total = channels.len();
    let mut left = channels;
    let mut reinstated = false;
    for (round, wait) in session.waits().enumerate() {
        let mut refusals = Vec::new();
        let done_before = total - left.len();
        for (tried, channel) in left.into_iter().enumerate() {
            let done = done_before + tried - refusals.len();
            session.note_progress(format!("{done} of {total} channels disassociated"));
            match session.disassociate(&channel, flow, bearer).await {
                Ok(()) => {}
                Err(refused) if refused.kind == Kind::NotFound => {}
                Err(refused) if refused.may_mean_missing() || refused.kind == Kind::Conflict => {
                    refusals.push((channel, refused));
                }
                Err(refused) => return Err(refused.into()),
            }
        }
        if refusals.is_empty() {
            break;
        }
        // One look for all refusals of the round: forbidden, or simply no longer there?
        let Some(there) = session.associated(flow).await? else { break };
        refusals.retain(|(channel, _)| there.contains(channel));
        let Some((_, cause)) = refusals.first() else { break };
        if cause.kind == Kind::Forbidden && !reinstated && session.admin_is_gone(bearer).await? {
            reinstate(session, bearer).await?;
            reinstated = true;
        } else if round >= ROUNDS && !session.may_settle_after(wait) {
            return Err(Failure::Incomplete {
                what: "disassociated",
                done: total - refusals.len(),
                left: refusals.len(),
                cause: Refused::new(cause.call, cause.kind, cause.reason.clone()),
            });
        }
        left = refusals.into_iter().map(|(channel, _)| channel).collect();
        sleep(wait).await;
    }
    Ok(())
}

/// Makes the bearer an admin, and the user before that if there is none any more.
async fn reinstate(session: &Session<'_>, bearer: &Member) -> Result<(), Refused> {
    tracing::warn!(admin = %bearer, "the admin is none any more, and is made one again");
    let mut made = false;
    // At least so often, even when all else has long settled: a user who was made a moment ago may
    // not be known everywhere.
    for (round, wait) in session.waits().enumerate() {
        match session.promote(bearer).await {
            // Somebody else was faster.
            Err(refused) if refused.kind == Kind::Conflict => return Ok(()),
            // Not allowed, or no such user? Making the user tells: a conflict is one who is there.
            Err(refused) if refused.may_mean_missing() => {
                let hopeless = round >= ROUNDS && !session.may_settle_after(wait);
                match bearer.user_id() {
                    Some(id) if !made => {
                        made = true;
                        match session.make_user(&bearer.app_instance(), id, ADMIN_NAME).await {
                            Ok(()) => tracing::warn!(admin = %bearer, "and the user, who was gone"),
                            Err(refused) if refused.kind == Kind::Conflict => {}
                            Err(refused) => return Err(refused),
                        }
                    }
                    _ if hopeless => return Err(refused),
                    _ => sleep(wait).await,
                }
            }
            result => return result,
        }
    }
    Ok(())
}

/// The channels of a flow that must be there: a flow that is gone is a refusal here.
async fn present(session: &Session<'_>, flow: &ChannelFlow) -> Result<BTreeSet<Channel>, Refused> {
    session.associated(flow).await?.ok_or_else(|| {
        Refused::new(
            Call::ListChannelsAssociatedWithChannelFlow,
            Kind::NotFound,
            format!("there is no channel flow {flow}"),
        )
    })
}

/// A conflict says that the channel has a flow already: this one, the one it replaces, or another.
async fn settle_conflict(
    session: &Session<'_>,
    flow: &ChannelFlow,
    bearer: &Member,
    channel: &Channel,
    replaced: Option<&ChannelFlow>,
) -> Result<(), Failure> {
    if present(session, flow).await?.contains(channel) {
        return Ok(());
    }
    if let Some(replaced) = replaced
        && session.associated(replaced).await?.is_some_and(|there| there.contains(channel))
    {
        tracing::info!(%channel, "moved from the replaced flow");
        session.disassociate(channel, replaced, bearer).await?;
    } else if let Some(wait) = session.waits().next() {
        // Two requests at once conflict as well; the second time it is another flow.
        sleep(wait).await;
    }
    let associate = async || session.associate(channel, flow, bearer).await;
    match session.settled(associate).await {
        Err(refused) if refused.kind == Kind::Conflict => Err(Failure::OtherFlow(channel.clone())),
        result => Ok(result?),
    }
}
