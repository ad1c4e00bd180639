//! `Custom::ChannelFlowAssociation`: gives a list of channels the flow.
//!
//! | property | |
//! | --- | --- |
//! | `ChannelFlowArn` | the flow |
//! | `AdminArn` | an admin of the app instance, in whose name it is done |
//! | `ChannelArns` | the channels; may be empty |
//!
//! Physical id: the flow's ARN, `/channel-flow-associations/` and the logical id. Other channels or
//! another admin change it in place; another flow replaces it, and moves the channels. While a
//! channel is moved it has no flow for the time of two calls: the service allows only one at a time.

use std::collections::BTreeSet;

use crate::{
    arn::{Channel, ChannelFlow, Member, ParseArn},
    association::{associate_all, disassociate_all},
    failure::Failure,
    properties::Properties,
    resource::Resource,
    service::Session,
};

const MIDDLE: &str = "/channel-flow-associations/";

/// The properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFlowAssociation {
    flow: ChannelFlow,
    admin: Member,
    channels: BTreeSet<Channel>,
}

impl Resource for ChannelFlowAssociation {
    const NAME: &'static str = "Custom::ChannelFlowAssociation";

    fn parse(properties: &mut Properties<'_>) -> Option<Self> {
        let flow: Option<ChannelFlow> = properties.arn("ChannelFlowArn");
        let admin: Option<Member> = properties.arn("AdminArn");
        let channels: Option<BTreeSet<Channel>> = properties.arns("ChannelArns");
        let (flow, admin, channels) = (flow?, admin?, channels?);
        let instance = flow.app_instance();
        if admin.app_instance() != instance {
            return properties.problem("AdminArn", "belongs to another app instance than the flow");
        }
        if let Some(stray) = channels.iter().find(|channel| channel.app_instance() != instance) {
            let message =
                format!("has {stray}, which belongs to another app instance than the flow");
            return properties.problem("ChannelArns", message);
        }
        Some(Self { flow, admin, channels })
    }

    fn physical_id(&self, logical_id: &str) -> String {
        format!("{}{MIDDLE}{logical_id}", self.flow)
    }

    fn recall(physical_id: &str, declared: Option<&Self>) -> Option<Self> {
        let (flow, _) = physical_id.split_once(MIDDLE)?;
        let flow = ChannelFlow::parse(flow).ok()?;
        Some(Self { flow, ..declared?.clone() })
    }

    async fn create(&self, replaced: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        let replaced = replaced.map(|replaced| &replaced.flow);
        associate_all(session, &self.flow, &self.admin, &self.channels, replaced).await
    }

    async fn update(&self, old: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        // New ones first: a channel may be handled a little too long, never too little.
        associate_all(session, &self.flow, &self.admin, &self.channels, None).await?;
        let Some(old) = old else { return Ok(()) };
        let dropped: BTreeSet<_> = old.channels.difference(&self.channels).cloned().collect();
        disassociate_all(session, &self.flow, &self.admin, dropped).await
    }

    async fn delete(&self, session: &Session<'_>) -> Result<(), Failure> {
        disassociate_all(session, &self.flow, &self.admin, self.channels.clone()).await
    }
}
