//! App instances, their users, admins and bots: the `identity-chime` endpoint.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::arn;
use crate::call::{Call, Fields, Length, METADATA, NAME};
use crate::service::Service;
use crate::wire::{Answer, Fault};
use crate::world::{Millis, World, now, seconds, under};

const USER_NAME: Length = Length::characters(1, 100);
const ID: Length = Length::characters(1, 64);

pub(crate) struct AppInstance {
    pub(crate) name: String,
    pub(crate) metadata: Option<String>,
    pub(crate) created: Millis,
    pub(crate) admins: BTreeSet<String>,
}

pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) metadata: Option<String>,
    pub(crate) created: Millis,
}

pub(crate) struct Bot {
    pub(crate) name: String,
    pub(crate) metadata: Option<String>,
    pub(crate) configuration: Value,
    pub(crate) created: Millis,
}

impl World {
    pub(crate) fn instance(&self, arn: &str) -> Result<&AppInstance, Fault> {
        self.instances.get(arn).ok_or_else(Fault::forbidden)
    }

    pub(crate) fn is_admin(&self, instance: &str, arn: &str) -> bool {
        self.instances.get(instance).is_some_and(|instance| instance.admins.contains(arn))
    }
}

pub(crate) fn create_app_instance(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let fields = call.fields();
    let name = fields.text("Name", NAME)?;
    let metadata = fields.optional_text("Metadata", METADATA)?;
    let token = fields.token()?;
    let mut world = service.world();
    world.spend_token("CreateAppInstance", token)?;
    let id = world.uuid();
    let arn = format!("arn:aws:chime:{}:{}:app-instance/{id}", service.region, service.account);
    world.instances.insert(arn.clone(), AppInstance::new(name, metadata));
    Ok(Answer::Created(json!({ "AppInstanceArn": arn })))
}

impl AppInstance {
    pub(crate) fn new(name: &str, metadata: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            metadata: metadata.map(str::to_owned),
            created: now(),
            admins: BTreeSet::new(),
        }
    }
}

impl User {
    pub(crate) fn new(name: &str, metadata: Option<&str>) -> Self {
        Self { name: name.to_owned(), metadata: metadata.map(str::to_owned), created: now() }
    }
}

pub(crate) fn describe_app_instance(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let world = service.world();
    let instance = world.instance(arn)?;
    let mut json = summary("AppInstanceArn", arn, &instance.name, instance.metadata.as_deref());
    times(&mut json, instance.created);
    Ok(Answer::Ok(json!({ "AppInstance": json })))
}

pub(crate) fn list_app_instances(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let world = service.world();
    let items = under(&world.instances, "arn:", page.after).map(|(arn, instance)| {
        (arn.clone(), summary("AppInstanceArn", arn, &instance.name, instance.metadata.as_deref()))
    });
    let (instances, next) = page.take(items);
    Ok(Answer::Ok(json!({ "AppInstances": instances, "NextToken": next })))
}

pub(crate) fn delete_app_instance(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let mut world = service.world();
    world.instances.remove(arn).ok_or_else(Fault::forbidden)?;
    let prefix = format!("{arn}/");
    world.users.retain(|user, _| !user.starts_with(&prefix));
    world.bots.retain(|bot, _| !bot.starts_with(&prefix));
    world.flows.retain(|flow, _| !flow.starts_with(&prefix));
    world.channels.retain(|channel, _| !channel.starts_with(&prefix));
    Ok(Answer::Gone)
}

pub(crate) fn create_user(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let fields = call.fields();
    let instance = fields.arn("AppInstanceArn")?;
    let id = read_id(&fields, "AppInstanceUserId")?
        .ok_or_else(|| Fault::bad_request("`AppInstanceUserId` is missing"))?;
    let name = fields.text("Name", USER_NAME)?;
    if name.trim().is_empty() {
        return Err(Fault::bad_request("`Name` must have a character that is not a space"));
    }
    let metadata = fields.optional_text("Metadata", METADATA)?;
    let token = fields.token()?;
    let mut world = service.world();
    world.instance(instance)?;
    let arn = format!("{instance}/user/{id}");
    if world.users.contains_key(&arn) {
        return Err(Fault::conflict("there is a user with this `AppInstanceUserId`"));
    }
    world.spend_token("CreateAppInstanceUser", token)?;
    world.users.insert(arn.clone(), User::new(name, metadata));
    Ok(Answer::Created(json!({ "AppInstanceUserArn": arn })))
}

pub(crate) fn describe_user(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let world = service.world();
    let user = world.users.get(arn).ok_or_else(Fault::forbidden)?;
    let mut json = summary("AppInstanceUserArn", arn, &user.name, user.metadata.as_deref());
    times(&mut json, user.created);
    Ok(Answer::Ok(json!({ "AppInstanceUser": json })))
}

pub(crate) fn list_users(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let instance = call.required_query("app-instance-arn")?;
    let world = service.world();
    world.instance(instance)?;
    let prefix = format!("{instance}/user/");
    let items = under(&world.users, &prefix, page.after).map(|(arn, user)| {
        (arn.clone(), summary("AppInstanceUserArn", arn, &user.name, user.metadata.as_deref()))
    });
    let (users, next) = page.take(items);
    Ok(Answer::Ok(
        json!({ "AppInstanceArn": instance, "AppInstanceUsers": users, "NextToken": next }),
    ))
}

pub(crate) fn delete_user(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let mut world = service.world();
    world.users.remove(arn).ok_or_else(Fault::forbidden)?;
    let instance = arn::app_instance(arn).unwrap_or_default();
    if let Some(instance) = world.instances.get_mut(&instance) {
        instance.admins.remove(arn);
    }
    let prefix = format!("{instance}/channel/");
    for (_, channel) in world
        .channels
        .range_mut(prefix.clone()..)
        .take_while(|(channel, _)| channel.starts_with(&prefix))
    {
        channel.members.remove(arn);
        channel.moderators.remove(arn);
    }
    Ok(Answer::Gone)
}

pub(crate) fn create_admin(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let instance = call.segment(1);
    let fields = call.fields();
    let admin = fields.arn("AppInstanceAdminArn")?;
    let mut world = service.world();
    world.instance(instance)?;
    let identity = world
        .identity(admin)
        .filter(|_| arn::app_instance(admin).as_deref() == Some(instance))
        .ok_or_else(|| {
            Fault::bad_request("`AppInstanceAdminArn` is not a user of this app instance")
        })?;
    let admins = world.instances.get_mut(instance).map(|instance| &mut instance.admins);
    if !admins.is_some_and(|admins| admins.insert(admin.to_owned())) {
        return Err(Fault::conflict("this user is an admin already"));
    }
    Ok(Answer::Created(
        json!({ "AppInstanceAdmin": identity.to_json(), "AppInstanceArn": instance }),
    ))
}

pub(crate) fn describe_admin(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (instance, admin) = (call.segment(1), call.segment(3));
    let world = service.world();
    let created = world.instance(instance)?.created;
    let identity = world
        .identity(admin)
        .filter(|_| world.is_admin(instance, admin))
        .ok_or_else(Fault::forbidden)?;
    Ok(Answer::Ok(json!({ "AppInstanceAdmin": {
        "Admin": identity.to_json(),
        "AppInstanceArn": instance,
        "CreatedTimestamp": seconds(created),
    } })))
}

pub(crate) fn list_admins(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let arn = call.segment(1);
    let world = service.world();
    let admins = world.instance(arn)?.admins.iter();
    let items =
        admins.filter(|admin| page.after.is_none_or(|after| admin.as_str() > after)).filter_map(
            |admin| Some((admin.clone(), json!({ "Admin": world.identity(admin)?.to_json() }))),
        );
    let (admins, next) = page.take(items);
    Ok(Answer::Ok(json!({ "AppInstanceArn": arn, "AppInstanceAdmins": admins, "NextToken": next })))
}

/// Takes the role away; the user stays.
pub(crate) fn delete_admin(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (instance, admin) = (call.segment(1), call.segment(3));
    let mut world = service.world();
    let instance = world.instances.get_mut(instance).ok_or_else(Fault::forbidden)?;
    if instance.admins.remove(admin) { Ok(Answer::Gone) } else { Err(Fault::forbidden()) }
}

pub(crate) fn create_bot(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let fields = call.fields();
    let instance = fields.arn("AppInstanceArn")?;
    let name = fields.optional_text("Name", Length::characters(0, 256))?.unwrap_or_default();
    let metadata = fields.optional_text("Metadata", METADATA)?;
    let lex = fields.object("Configuration")?.object("Lex")?;
    lex.text("LexBotAliasArn", Length::characters(15, 2048))?;
    lex.text("LocaleId", Length::characters(1, 64))?;
    let token = fields.token()?;
    let mut world = service.world();
    world.instance(instance)?;
    world.spend_token("CreateAppInstanceBot", token)?;
    let arn = format!("{instance}/bot/{}", world.uuid());
    let bot = Bot {
        name: name.to_owned(),
        metadata: metadata.map(str::to_owned),
        configuration: fields.value("Configuration").cloned().unwrap_or_default(),
        created: now(),
    };
    world.bots.insert(arn.clone(), bot);
    Ok(Answer::Created(json!({ "AppInstanceBotArn": arn })))
}

pub(crate) fn describe_bot(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let world = service.world();
    let bot = world.bots.get(arn).ok_or_else(|| Fault::not_found("there is no such bot"))?;
    let mut json = summary("AppInstanceBotArn", arn, &bot.name, bot.metadata.as_deref());
    json.insert("Configuration".into(), bot.configuration.clone());
    times(&mut json, bot.created);
    Ok(Answer::Ok(json!({ "AppInstanceBot": json })))
}

/// An id that a caller may choose: letters, digits and `:-_.@`, not at its ends.
pub(crate) fn read_id<'a>(fields: &Fields<'a>, name: &str) -> Result<Option<&'a str>, Fault> {
    let Some(id) = fields.optional_text(name, ID)? else { return Ok(None) };
    let inner = |c: char| c.is_ascii_alphanumeric() || ":-_.@".contains(c);
    let outer = |c: char| c.is_ascii_alphanumeric();
    if id.chars().all(inner) && id.starts_with(outer) && id.ends_with(outer) {
        return Ok(Some(id));
    }
    Err(Fault::bad_request(format!(
        "`{name}` may have letters and digits, and `:-_.@` between them"
    )))
}

/// What the summaries of all these things have in common.
pub(crate) fn summary(
    key: &str,
    arn: &str,
    name: &str,
    metadata: Option<&str>,
) -> Map<String, Value> {
    let mut json = Map::new();
    json.insert(key.to_owned(), arn.into());
    json.insert("Name".to_owned(), name.into());
    if let Some(metadata) = metadata {
        json.insert("Metadata".to_owned(), metadata.into());
    }
    json
}

/// Adds the timestamps. Nothing here can be updated, so both are the same.
pub(crate) fn times(json: &mut Map<String, Value>, created: Millis) {
    json.insert("CreatedTimestamp".to_owned(), seconds(created));
    json.insert("LastUpdatedTimestamp".to_owned(), seconds(created));
}
