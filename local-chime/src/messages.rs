//! The calls on messages: send, edit, redact, delete, read.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::books::Entry;
use crate::call::Call;
use crate::channels::{Channel, demand};
use crate::message::{
    Body, CONTENT, CONTROL_CONTENT, Kind, Message, Persistence, Status, Version, read_attributes,
    read_content_type, read_metadata, read_push,
};
use crate::service::Service;
use crate::session::News;
use crate::wire::{Answer, Fault};
use crate::world::{Millis, World, now};

/// STANDARD messages to a channel with a flow are `PENDING`; all others are `SENT` at once.
pub(crate) fn send(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let bearer = call.bearer()?;
    let fields = call.fields();
    let kind = match fields.choice("Type", &["STANDARD", "CONTROL"])? {
        "CONTROL" => Kind::Control,
        _ => Kind::Standard,
    };
    let persistence = match fields.choice("Persistence", &["PERSISTENT", "NON_PERSISTENT"])? {
        "NON_PERSISTENT" => Persistence::NonPersistent,
        _ => Persistence::Persistent,
    };
    let length = if kind == Kind::Control { CONTROL_CONTENT } else { CONTENT };
    let body = Body {
        content: fields.text("Content", length)?.to_owned(),
        metadata: read_metadata(&fields)?,
        push_notification: read_push(&fields)?,
        attributes: read_attributes(&fields)?.unwrap_or_default(),
        content_type: read_content_type(&fields)?,
    };
    if kind == Kind::Control
        && body.metadata.as_deref().is_some_and(|metadata| !metadata.is_empty())
    {
        return Err(Fault::bad_request("a CONTROL message has no `Metadata`"));
    }
    let addressee = read_target(call)?;
    let token = fields.token()?;

    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs())?;
    if addressee.is_some_and(|addressee| !channel.members.contains_key(addressee)) {
        return Err(Fault::bad_request("`Target` is not a member of the channel"));
    }
    if channel.tokens.contains(token) {
        return Err(Fault::conflict("`ClientRequestToken` has been used before"));
    }
    let sender = world.identity(bearer).ok_or_else(Fault::forbidden)?;
    let created = now();
    let message = Message {
        id: world.message_id(),
        channel: channel_arn.into(),
        sequence: world.next_sequence(),
        sender,
        kind,
        persistence,
        addressee: addressee.map(str::to_owned),
        created,
        token: Some(token.to_owned()),
        delivered: None,
        flight: None,
        sent: Body::default(),
        status: Status::Pending,
        redacted: false,
        is_edit: false,
        entry: Entry::default(),
        changed: Arc::new(Notify::new()),
    };
    let id = message.id.clone();
    world.admit(message);
    let version = Version { body, edited: None, updated: created };
    let status = pass_on(service, &mut world, &id, version);
    Ok(Answer::Created(answer(channel_arn, &id, status)))
}

/// Hands a version to the channel's flow, or delivers it where there is none.
fn pass_on(service: &Arc<Service>, world: &mut World, id: &Arc<str>, version: Version) -> Status {
    let Some(message) = world.messages.get_mut(id) else { return Status::Failed };
    let (standard, channel) = (message.kind == Kind::Standard, message.channel.clone());
    if standard && let Some(processor) = world.processor(&channel) {
        if let Some(delivery) = world.open_round(id, version, processor, service.shape) {
            service.start(world, &delivery);
        }
        world.announce(id, News::Pending);
        return Status::Pending;
    }
    if let Some(message) = world.messages.get_mut(id) {
        message.deliver(version);
    }
    world.announce(id, News::Delivered);
    Status::Sent
}

fn answer(channel_arn: &str, message_id: &str, status: Status) -> Value {
    json!({ "ChannelArn": channel_arn, "MessageId": message_id, "Status": { "Value": status.as_str() } })
}

fn read_target(call: &Call) -> Result<Option<&str>, Fault> {
    let wrong =
        || Fault::bad_request("`Target` must be a list of one `{\"MemberArn\": \"arn:…\"}`");
    let Some(targets) = call.fields().list("Target", 1, 1)? else { return Ok(None) };
    let member = targets.first().and_then(|target| target.get("MemberArn")).and_then(Value::as_str);
    member.filter(|arn| arn.starts_with("arn:")).map(Some).ok_or_else(wrong)
}

/// An edit goes through the flow like a new message, under the same id.
pub(crate) fn update(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, id) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let fields = call.fields();
    let content = fields.text("Content", CONTENT)?.to_owned();
    let metadata = read_metadata(&fields)?;
    let content_type = read_content_type(&fields)?;

    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs())?;
    let message = listed(&world, channel, id).ok_or_else(Fault::forbidden)?;
    demand(standing.admin || *message.sender.arn == *bearer)?;
    if message.kind == Kind::Control {
        CONTROL_CONTENT.check("Content", &content)?;
    }
    let delivered = settled(message)?;
    if message.redacted {
        return Err(Fault::bad_request("a redacted message cannot be edited"));
    }
    let now = now();
    let body = Body {
        content,
        metadata,
        push_notification: None,
        attributes: delivered.body.attributes.clone(),
        content_type: content_type.or_else(|| delivered.body.content_type.clone()),
    };
    let id = message.id.clone();
    let status =
        pass_on(service, &mut world, &id, Version { body, edited: Some(now), updated: now });
    Ok(Answer::Ok(answer(channel_arn, &id, status)))
}

/// Takes the text away and leaves the message; no flow looks at it.
pub(crate) fn redact(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, id) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs())?;
    let message = listed(&world, channel, id).ok_or_else(Fault::forbidden)?;
    demand(standing.runs_it() || *message.sender.arn == *bearer)?;
    settled(message)?;
    if let Some(message) = world.messages.get_mut(id) {
        message.redact(now());
    }
    world.announce(id, News::Redacted);
    Ok(Answer::Ok(json!({ "ChannelArn": channel_arn, "MessageId": id })))
}

/// Only admins may; no flow looks at it.
pub(crate) fn delete(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, id) = (call.segment(1), call.segment(3));
    let mut world = service.world();
    let (channel, standing) = world.standing(channel_arn, call.bearer()?)?;
    demand(standing.admin)?;
    let message = listed(&world, channel, id).ok_or_else(Fault::forbidden)?;
    if message.flight.is_some() {
        return Err(Fault::bad_request("the message is being processed by the channel flow"));
    }
    world.announce(id, News::Deleted);
    world.unlist(id);
    Ok(Answer::Gone)
}

pub(crate) fn get(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, id) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs())?;
    let not_found = || Fault::not_found("there is no such message");
    let message = listed(&world, channel, id).ok_or_else(not_found)?;
    let (version, status) = message.seen_by(bearer).ok_or_else(not_found)?;
    let mut json = message.to_json(version, status);
    json.insert("ChannelArn".into(), channel_arn.into());
    json.insert("Persistence".into(), message.persistence.as_str().into());
    Ok(Answer::Ok(json!({ "ChannelMessage": json })))
}

/// Newest first unless asked otherwise. Members of a public channel and others of its app instance may read it.
pub(crate) fn list(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let bearer = call.bearer()?;
    let page = call.page()?;
    let after: Option<u64> = page
        .after
        .map(|token| {
            token
                .parse()
                .map_err(|_error| Fault::bad_request("`NextToken` is not one of this service's"))
        })
        .transpose()?;
    let ascending = match call.query("sort-order") {
        None | Some("DESCENDING") => false,
        Some("ASCENDING") => true,
        Some(_) => {
            return Err(Fault::bad_request("`SortOrder` must be one of ASCENDING, DESCENDING"));
        }
    };
    let (not_before, not_after) = (time(call, "not-before")?, time(call, "not-after")?);

    let world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs() || channel.public)?;
    let ids: Box<dyn Iterator<Item = (&u64, &Arc<str>)>> = match (ascending, after) {
        (true, Some(after)) => Box::new(channel.messages.range(after.saturating_add(1)..)),
        (true, None) => Box::new(channel.messages.iter()),
        (false, Some(after)) => Box::new(channel.messages.range(..after).rev()),
        (false, None) => Box::new(channel.messages.iter().rev()),
    };
    let items = ids.filter_map(|(sequence, id)| {
        let message = world.messages.get(id)?;
        let in_time = not_before.is_none_or(|from| message.created >= from)
            && not_after.is_none_or(|to| message.created <= to);
        let (version, status) = message.seen_by(bearer).filter(|_| in_time)?;
        Some((sequence.to_string(), Value::Object(message.to_json(version, status))))
    });
    let (messages, next) = page.take(items);
    Ok(Answer::Ok(
        json!({ "ChannelArn": channel_arn, "ChannelMessages": messages, "NextToken": next }),
    ))
}

/// Only the sender may ask, and nothing is told of denied messages: they are stored nowhere.
pub(crate) fn status(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, id) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let world = service.world();
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.belongs())?;
    let not_found = || Fault::not_found("there is no such message");
    let message = world
        .messages
        .get(id)
        .filter(|message| *message.channel == *channel_arn)
        .ok_or_else(not_found)?;
    demand(*message.sender.arn == *bearer)?;
    if message.persistence == Persistence::Persistent && listed(&world, channel, id).is_none() {
        return Err(not_found());
    }
    let status = match message.status {
        // An edit that was denied leaves the message as it stood before.
        Status::Denied if message.delivered.is_some() => Status::Sent,
        Status::Denied => return Err(not_found()),
        status => status,
    };
    Ok(Answer::Ok(json!({ "Status": { "Value": status.as_str() } })))
}

/// The message, if it is in the channel's history.
fn listed<'w>(world: &'w World, channel: &Channel, id: &str) -> Option<&'w Message> {
    let message = world.messages.get(id)?;
    (channel.messages.get(&message.sequence) == Some(&message.id)).then_some(message)
}

/// What was delivered of a message that is not in flight.
fn settled(message: &Message) -> Result<&Version, Fault> {
    message
        .delivered
        .as_ref()
        .filter(|_| message.flight.is_none())
        .ok_or_else(|| Fault::conflict("the message is not SENT"))
}

fn time(call: &Call, name: &str) -> Result<Option<Millis>, Fault> {
    let Some(text) = call.query(name) else { return Ok(None) };
    DateTime::from_str(text, Format::DateTime)
        .ok()
        .and_then(|time| time.to_millis().ok())
        .map(Some)
        .ok_or_else(|| {
            Fault::bad_request(format!("`{name}` must be a time like 2026-08-14T10:00:00Z"))
        })
}
