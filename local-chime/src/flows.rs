//! Channel flows and their association with channels.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::arn;
use crate::call::{Call, Fields, Length, NAME};
use crate::channels::demand;
use crate::identity::{summary, times};
use crate::service::Service;
use crate::wire::{Answer, Fault, FaultKind};
use crate::world::{Millis, World, now, seconds, under};

/// How many flows an app instance may have.
const FLOWS: usize = 100;

/// What becomes of a message whose processor cannot be invoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum FallbackAction {
    /// It is delivered as it was sent.
    Continue,
    /// It fails, and nobody gets it.
    #[default]
    Abort,
}

pub(crate) struct Flow {
    name: String,
    processor: Processor,
    created: Millis,
    updated: Millis,
    pub(crate) channels: BTreeSet<String>,
}

/// A flow's one processor.
#[derive(Clone)]
pub(crate) struct Processor {
    name: String,
    pub(crate) function_arn: String,
    pub(crate) fallback: FallbackAction,
}

impl Processor {
    pub(crate) fn new(name: &str, function_arn: &str, fallback: FallbackAction) -> Self {
        Self { name: name.to_owned(), function_arn: function_arn.to_owned(), fallback }
    }

    /// Reads `Processors`. The model allows three of them, the service's quota one.
    fn read(fields: &Fields<'_>) -> Result<Self, Fault> {
        let list = fields
            .list("Processors", 1, 3)?
            .ok_or_else(|| Fault::bad_request("`Processors` is missing"))?;
        let [processor] = list else {
            return Err(Fault::new(
                FaultKind::ResourceLimitExceeded,
                "a flow has one processor, unless AWS support grants more",
            ));
        };
        let processor = Fields::of(processor, "Processors[0]")?;
        processor.number("ExecutionOrder", 1, 3)?;
        let lambda = processor.object("Configuration")?.object("Lambda")?;
        lambda.choice("InvocationType", &["ASYNC"])?;
        let function_arn = lambda.text("ResourceArn", Length::characters(15, 2048))?;
        if !arn::is_function(function_arn) {
            return Err(Fault::bad_request(
                "`Processors[0].Configuration.Lambda.ResourceArn` is not the ARN of a Lambda function",
            ));
        }
        let fallback = match processor.choice("FallbackAction", &["CONTINUE", "ABORT"])? {
            "CONTINUE" => FallbackAction::Continue,
            _ => FallbackAction::Abort,
        };
        Ok(Self::new(processor.text("Name", NAME)?, function_arn, fallback))
    }

    fn to_json(&self) -> Value {
        json!([{
            "Name": self.name,
            "ExecutionOrder": 1,
            "FallbackAction": self.fallback,
            "Configuration": { "Lambda": { "ResourceArn": self.function_arn, "InvocationType": "ASYNC" } },
        }])
    }
}

impl Flow {
    pub(crate) fn new(name: &str, processor: Processor) -> Self {
        let now = now();
        Self {
            name: name.to_owned(),
            processor,
            created: now,
            updated: now,
            channels: BTreeSet::new(),
        }
    }

    fn summary(&self, arn: &str) -> Map<String, Value> {
        let mut json = summary("ChannelFlowArn", arn, &self.name, None);
        json.insert("Processors".into(), self.processor.to_json());
        json
    }
}

impl World {
    /// The processor of the channel's flow, if it has one.
    pub(crate) fn processor(&self, channel: &str) -> Option<Processor> {
        let flow = self.channels.get(channel)?.flow.as_ref()?;
        self.flows.get(flow).map(|flow| flow.processor.clone())
    }
}

pub(crate) fn create_flow(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let fields = call.fields();
    let instance = fields.arn("AppInstanceArn")?;
    let flow = Flow::new(fields.text("Name", NAME)?, Processor::read(&fields)?);
    let token = fields.token()?;
    let mut world = service.world();
    world.instance(instance)?;
    let prefix = format!("{instance}/channel-flow/");
    if under(&world.flows, &prefix, None).nth(FLOWS - 1).is_some() {
        return Err(Fault::new(
            FaultKind::ResourceLimitExceeded,
            format!("an app instance has at most {FLOWS} flows"),
        ));
    }
    world.spend_token("CreateChannelFlow", token)?;
    let arn = format!("{prefix}{}", world.uuid());
    world.flows.insert(arn.clone(), flow);
    Ok(Answer::Created(json!({ "ChannelFlowArn": arn })))
}

pub(crate) fn describe_flow(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let world = service.world();
    let flow = world.flows.get(arn).ok_or_else(Fault::forbidden)?;
    let mut json = flow.summary(arn);
    times(&mut json, flow.created);
    json.insert("LastUpdatedTimestamp".into(), seconds(flow.updated));
    Ok(Answer::Ok(json!({ "ChannelFlow": json })))
}

pub(crate) fn update_flow(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let fields = call.fields();
    let name = fields.text("Name", NAME)?;
    let processor = Processor::read(&fields)?;
    let mut world = service.world();
    let flow = world.flows.get_mut(arn).ok_or_else(Fault::forbidden)?;
    name.clone_into(&mut flow.name);
    flow.processor = processor;
    flow.updated = now();
    Ok(Answer::Ok(json!({ "ChannelFlowArn": arn })))
}

pub(crate) fn list_flows(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let instance = call.required_query("app-instance-arn")?;
    let world = service.world();
    world.instance(instance)?;
    let prefix = format!("{instance}/channel-flow/");
    let items = under(&world.flows, &prefix, page.after)
        .map(|(arn, flow)| (arn.clone(), flow.summary(arn)));
    let (flows, next) = page.take(items);
    Ok(Answer::Ok(json!({ "ChannelFlows": flows, "NextToken": next })))
}

/// Refused while a channel is associated: whoever deletes a flow has to drain it first.
pub(crate) fn delete_flow(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let arn = call.segment(1);
    let mut world = service.world();
    let flow = world.flows.get(arn).ok_or_else(Fault::forbidden)?;
    if !flow.channels.is_empty() {
        return Err(Fault::conflict("the flow is associated with channels"));
    }
    world.flows.remove(arn);
    Ok(Answer::Gone)
}

pub(crate) fn associate(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let channel_arn = call.segment(1);
    let flow_arn = call.fields().arn("ChannelFlowArn")?;
    let bearer = call.bearer()?;
    let mut world = service.world();
    find_channel(&world, channel_arn)?;
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.runs_it())?;
    let same_instance = arn::app_instance(flow_arn).as_ref() == Some(&channel.instance);
    if !same_instance || !world.flows.contains_key(flow_arn) {
        return Err(Fault::not_found(
            "there is no such channel flow in the channel's app instance",
        ));
    }
    if channel.flow.as_deref().is_some_and(|other| other != flow_arn) {
        return Err(Fault::conflict("the channel has another flow; disassociate that one first"));
    }
    world.associate(channel_arn, flow_arn);
    Ok(Answer::Ok(json!({})))
}

impl World {
    pub(crate) fn associate(&mut self, channel_arn: &str, flow_arn: &str) {
        if let (Some(channel), Some(flow)) =
            (self.channels.get_mut(channel_arn), self.flows.get_mut(flow_arn))
        {
            channel.flow = Some(flow_arn.to_owned());
            flow.channels.insert(channel_arn.to_owned());
        }
    }
}

pub(crate) fn disassociate(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let (channel_arn, flow_arn) = (call.segment(1), call.segment(3));
    let bearer = call.bearer()?;
    let mut world = service.world();
    find_channel(&world, channel_arn)?;
    let (channel, standing) = world.standing(channel_arn, bearer)?;
    demand(standing.runs_it())?;
    if channel.flow.as_deref() != Some(flow_arn) {
        return Err(Fault::not_found("the channel does not have this flow"));
    }
    if let Some(channel) = world.channels.get_mut(channel_arn) {
        channel.flow = None;
    }
    if let Some(flow) = world.flows.get_mut(flow_arn) {
        flow.channels.remove(channel_arn);
    }
    Ok(Answer::Gone)
}

pub(crate) fn list_associated(service: &Arc<Service>, call: &Call) -> Result<Answer, Fault> {
    let page = call.page()?;
    let flow_arn = call.required_query("channel-flow-arn")?;
    let world = service.world();
    let flow = world.flows.get(flow_arn).ok_or_else(Fault::forbidden)?;
    let items = flow
        .channels
        .iter()
        .filter(|arn| page.after.is_none_or(|after| arn.as_str() > after))
        .filter_map(|arn| Some((arn.clone(), world.channels.get(arn)?.summary(arn))));
    let (channels, next) = page.take(items);
    Ok(Answer::Ok(json!({ "Channels": channels, "NextToken": next })))
}

/// These two operations know `NotFound`, unlike most.
fn find_channel(world: &World, arn: &str) -> Result<(), Fault> {
    if world.channels.contains_key(arn) {
        return Ok(());
    }
    Err(Fault::not_found("there is no such channel"))
}
