//! Members and moderators of channels.

use std::sync::Arc;

use serde_json::json;

use crate::arn;
use crate::call::Call;
use crate::channels::{Channel, demand};
use crate::service::Service;
use crate::wire::{Answer, Fault};
use crate::world::{Identity, Millis, World, now, seconds, under};

const KINDS: [&str; 2] = ["DEFAULT", "HIDDEN"];

pub(crate) struct Membership {
    pub(crate) identity: Identity,
    pub(crate) hidden: bool,
    pub(crate) invited_by: Option<Identity>,
    pub(crate) created: Millis,
}

impl Membership {
    pub(crate) fn new(identity: Identity, invited_by: Option<Identity>) -> Self {
        Self { identity, hidden: false, invited_by, created: now() }
    }

    fn kind(&self) -> &'static str {
        if self.hidden { "HIDDEN" } else { "DEFAULT" }
    }
}

impl World {
    fn channel_mut(&mut self, arn: &str) -> Result<&mut Channel, Fault> {
        self.channels.get_mut(arn).ok_or_else(Fault::forbidden)
    }
}

pub(crate) fn create_membership(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let bearer = call.bearer()?;
    let fields = call.fields();
    let member = fields.arn("MemberArn")?;
    let hidden = fields.choice("Type", &KINDS)? == "HIDDEN";
    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    // Members may bring others along, except where only moderators may; anyone may join what is public.
    let joins = channel.public && bearer == member;
    demand(standing.runs_it() || (!channel.restricted && (standing.member || joins)))?;
    if channel.members.contains_key(member) {
        return Err(Fault::conflict("this user is a member already"));
    }
    let identity = world
        .identity(member)
        .filter(|_| arn::app_instance(member).as_ref() == Some(&channel.instance))
        .ok_or_else(|| Fault::not_found("`MemberArn` is not of this app instance"))?;
    let answer = json!({ "ChannelArn": channel_arn, "Member": identity.to_json() });
    let invited_by = world.identity(bearer);
    let membership = Membership { hidden, ..Membership::new(identity, invited_by) };
    world.channel_mut(channel_arn)?.members.insert(member.to_owned(), membership);
    Ok(Answer::Created(answer))
}

pub(crate) fn describe_membership(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, member) = (call.segment(1), call.segment(3));
    let world = service.world();
    let (channel, standing) = world.standing(channel_arn, call.bearer()?)?;
    demand(standing.belongs())?;
    let membership =
        channel.members.get(member).ok_or_else(|| Fault::not_found("there is no such member"))?;
    let inviter = membership.invited_by.as_ref().map(Identity::to_json);
    Ok(Answer::Ok(json!({ "ChannelMembership": {
        "ChannelArn": channel_arn,
        "CreatedTimestamp": seconds(membership.created),
        "InvitedBy": inviter,
        "LastUpdatedTimestamp": seconds(membership.created),
        "Member": membership.identity.to_json(),
        "Type": membership.kind(),
    } })))
}

pub(crate) fn list_memberships(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let page = call.page()?;
    let hidden = match call.query("type") {
        None | Some("DEFAULT") => false,
        Some("HIDDEN") => true,
        Some(_) => return Err(Fault::bad_request("`Type` must be one of DEFAULT, HIDDEN")),
    };
    let world = service.world();
    let (channel, standing) = world.standing(channel_arn, call.bearer()?)?;
    demand(standing.belongs())?;
    let items = under(&channel.members, "", page.after)
        .filter(|(_, member)| member.hidden == hidden)
        .map(|(arn, member)| (arn.clone(), json!({ "Member": member.identity.to_json() })));
    let (members, next) = page.take(items);
    Ok(Answer::Ok(
        json!({ "ChannelArn": channel_arn, "ChannelMemberships": members, "NextToken": next }),
    ))
}

pub(crate) fn delete_membership(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, member) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let mut world = service.world();
    let (_, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.runs_it() || (standing.member && bearer == member))?;
    world.channel_mut(channel_arn)?.members.remove(member).ok_or_else(Fault::forbidden)?;
    Ok(Answer::Gone)
}

pub(crate) fn create_moderator(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let moderator = call.fields().arn("ChannelModeratorArn")?;
    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, call.bearer()?)?;
    demand(standing.runs_it())?;
    let identity = world
        .identity(moderator)
        .filter(|_| arn::app_instance(moderator).as_ref() == Some(&channel.instance))
        .ok_or_else(|| Fault::bad_request("`ChannelModeratorArn` is not of this app instance"))?;
    if !world.channel_mut(channel_arn)?.moderators.insert(moderator.to_owned()) {
        return Err(Fault::conflict("this user is a moderator already"));
    }
    Ok(Answer::Created(
        json!({ "ChannelArn": channel_arn, "ChannelModerator": identity.to_json() }),
    ))
}
