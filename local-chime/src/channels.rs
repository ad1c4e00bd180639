//! Channels, and who may do what in them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::arn;
use crate::call::{Call, METADATA, NAME};
use crate::identity::{read_id, summary, times};
use crate::memberships::Membership;
use crate::service::Service;
use crate::wire::{Answer, Fault};
use crate::world::{Identity, Millis, World, now, under};

pub(crate) const PRIVACY: [&str; 2] = ["PUBLIC", "PRIVATE"];

pub(crate) struct Channel {
    pub(crate) instance: String,
    pub(crate) name: String,
    pub(crate) restricted: bool,
    pub(crate) public: bool,
    pub(crate) metadata: Option<String>,
    pub(crate) created_by: Option<Identity>,
    pub(crate) created: Millis,
    pub(crate) members: BTreeMap<String, Membership>,
    pub(crate) moderators: BTreeSet<String>,
    pub(crate) flow: Option<String>,
    /// Its history, by place.
    pub(crate) messages: BTreeMap<u64, Arc<str>>,
    /// The request tokens of its messages.
    pub(crate) tokens: HashSet<String>,
}

impl Channel {
    pub(crate) fn new(instance: &str, name: &str) -> Self {
        Self {
            instance: instance.to_owned(),
            name: name.to_owned(),
            restricted: false,
            public: false,
            metadata: None,
            created_by: None,
            created: now(),
            members: BTreeMap::new(),
            moderators: BTreeSet::new(),
            flow: None,
            messages: BTreeMap::new(),
            tokens: HashSet::new(),
        }
    }

    pub(crate) fn summary(&self, arn: &str) -> Map<String, Value> {
        let mut json = summary("ChannelArn", arn, &self.name, self.metadata.as_deref());
        json.insert(
            "Mode".into(),
            if self.restricted { "RESTRICTED" } else { "UNRESTRICTED" }.into(),
        );
        json.insert("Privacy".into(), if self.public { "PUBLIC" } else { "PRIVATE" }.into());
        json
    }
}

/// What a bearer is in a channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) member: bool,
    pub(crate) moderator: bool,
    pub(crate) admin: bool,
}

impl Standing {
    /// Moderators of the channel and admins of its app instance.
    pub(crate) fn runs_it(self) -> bool {
        self.moderator || self.admin
    }

    /// Whoever may act in it at all.
    pub(crate) fn belongs(self) -> bool {
        self.member || self.runs_it()
    }
}

/// `allowed`, or the error that says no more than that it is not.
pub(crate) fn demand(allowed: bool) -> Result<(), Fault> {
    if allowed { Ok(()) } else { Err(Fault::forbidden()) }
}

impl World {
    /// The channel and what `bearer` is in it. A channel that is not there, and a bearer who is not of
    /// its app instance, are answered alike: forbidden.
    pub(crate) fn standing(
        &self,
        channel: &str,
        bearer: &str,
    ) -> Result<(&Channel, Standing), Fault> {
        let found = self.channels.get(channel).ok_or_else(Fault::forbidden)?;
        let known = self.users.contains_key(bearer) || self.bots.contains_key(bearer);
        demand(known && arn::app_instance(bearer).as_ref() == Some(&found.instance))?;
        let standing = Standing {
            member: found.members.contains_key(bearer),
            moderator: found.moderators.contains(bearer),
            admin: self.is_admin(&found.instance, bearer),
        };
        Ok((found, standing))
    }
}

pub(crate) fn create_channel(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let bearer = call.bearer()?;
    let fields = call.fields();
    let instance = fields.arn("AppInstanceArn")?;
    let mut channel = Channel::new(instance, fields.text("Name", NAME)?);
    channel.restricted =
        fields.optional_choice("Mode", &["UNRESTRICTED", "RESTRICTED"])? == Some("RESTRICTED");
    channel.public = fields.optional_choice("Privacy", &PRIVACY)? == Some("PUBLIC");
    channel.metadata = fields.optional_text("Metadata", METADATA)?.map(str::to_owned);
    let id = read_id(&fields, "ChannelId")?;
    let members = fields.arns("MemberArns", 10)?;
    let moderators = fields.arns("ModeratorArns", 10)?;
    let token = fields.token()?;

    let mut world = service.world();
    world.instance(instance)?;
    let creator = world
        .identity(bearer)
        .filter(|_| arn::app_instance(bearer).as_deref() == Some(instance))
        .ok_or_else(Fault::forbidden)?;
    // Whoever makes a channel moderates it.
    channel.moderators = moderators.into_iter().chain([bearer]).map(str::to_owned).collect();
    for member in members.into_iter().chain([bearer]) {
        let identity = world
            .identity(member)
            .filter(|_| arn::app_instance(member).as_deref() == Some(instance))
            .ok_or_else(|| {
                Fault::bad_request("`MemberArns` has somebody who is not of this app instance")
            })?;
        channel.members.insert(member.to_owned(), Membership::new(identity, Some(creator.clone())));
    }
    channel.created_by = Some(creator);
    let arn = match id {
        Some(id) => format!("{instance}/channel/{id}"),
        None => format!("{instance}/channel/{}", world.uuid()),
    };
    if world.channels.contains_key(&arn) {
        return Err(Fault::conflict("there is a channel with this `ChannelId`"));
    }
    world.spend_token("CreateChannel", token)?;
    world.channels.insert(arn.clone(), channel);
    Ok(Answer::Created(json!({ "ChannelArn": arn })))
}

pub(crate) fn describe_channel(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let world = service.world();
    let (channel, standing) = world.standing(arn, call.bearer()?)?;
    demand(standing.belongs() || channel.public)?;
    let mut json = channel.summary(arn);
    times(&mut json, channel.created);
    if let Some(creator) = &channel.created_by {
        json.insert("CreatedBy".into(), creator.to_json());
    }
    if let Some(flow) = &channel.flow {
        json.insert("ChannelFlowArn".into(), flow.clone().into());
    }
    Ok(Answer::Ok(json!({ "Channel": json })))
}

/// All public channels; private ones too for an admin.
pub(crate) fn list_channels(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let instance = call.required_query("app-instance-arn")?;
    let bearer = call.bearer()?;
    let world = service.world();
    world.instance(instance)?;
    demand(
        world.identity(bearer).is_some() && arn::app_instance(bearer).as_deref() == Some(instance),
    )?;
    let admin = world.is_admin(instance, bearer);
    let (public, private) = match call.query("privacy") {
        None => (true, admin),
        Some("PUBLIC") => (true, false),
        Some("PRIVATE") => {
            demand(admin)?;
            (false, true)
        }
        Some(_) => return Err(Fault::bad_request("`Privacy` must be one of PUBLIC, PRIVATE")),
    };
    let prefix = format!("{instance}/channel/");
    let items = under(&world.channels, &prefix, page.after)
        .filter(|(_, channel)| if channel.public { public } else { private })
        .map(|(arn, channel)| (arn.clone(), channel.summary(arn)));
    let (channels, next) = page.take(items);
    Ok(Answer::Ok(json!({ "Channels": channels, "NextToken": next })))
}

pub(crate) fn delete_channel(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let mut world = service.world();
    let (_, standing) = world.standing(arn, call.bearer()?)?;
    demand(standing.runs_it())?;
    let Some(channel) = world.channels.remove(arn) else { return Err(Fault::forbidden()) };
    if let Some(flow) = channel.flow.and_then(|flow| world.flows.get_mut(&flow)) {
        flow.channels.remove(arn);
    }
    Ok(Answer::Gone)
}
