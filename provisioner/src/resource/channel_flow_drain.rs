//! `Custom::ChannelFlowDrain`: empties a flow before it is deleted.
//!
//! | property | |
//! | --- | --- |
//! | `ChannelFlowArn` | the flow |
//! | `AdminArn` | an admin of the app instance, in whose name it is done |
//!
//! Physical id: the flow's ARN and `/drain`. It makes nothing. Deleting it takes the flow off every
//! channel that has it, because `DeleteChannelFlow` is a conflict while one has and the native
//! `AWS::Chime::ChannelFlow` does not do it. Since it refers to flow and admin, CloudFormation
//! deletes it before either. Another flow replaces it, so the old flow is drained before its end.

use tokio::time::sleep;

use crate::{
    arn::{ChannelFlow, Member, ParseArn},
    association::disassociate_all,
    failure::Failure,
    properties::Properties,
    resource::Resource,
    service::Session,
};

const SUFFIX: &str = "/drain";

/// The properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFlowDrain {
    flow: ChannelFlow,
    admin: Member,
}

impl Resource for ChannelFlowDrain {
    const NAME: &'static str = "Custom::ChannelFlowDrain";

    fn parse(properties: &mut Properties<'_>) -> Option<Self> {
        let flow: Option<ChannelFlow> = properties.arn("ChannelFlowArn");
        let admin: Option<Member> = properties.arn("AdminArn");
        let (flow, admin) = (flow?, admin?);
        if admin.app_instance() == flow.app_instance() {
            Some(Self { flow, admin })
        } else {
            properties.problem("AdminArn", "belongs to another app instance than the flow")
        }
    }

    fn physical_id(&self, _logical_id: &str) -> String {
        format!("{}{SUFFIX}", self.flow)
    }

    fn recall(physical_id: &str, declared: Option<&Self>) -> Option<Self> {
        let flow = ChannelFlow::parse(physical_id.strip_suffix(SUFFIX)?).ok()?;
        let admin = declared?.admin.clone();
        (admin.app_instance() == flow.app_instance()).then_some(Self { flow, admin })
    }

    async fn create(
        &self,
        _replaced: Option<&Self>,
        _session: &Session<'_>,
    ) -> Result<(), Failure> {
        Ok(())
    }

    async fn update(&self, _old: Option<&Self>, _session: &Session<'_>) -> Result<(), Failure> {
        Ok(())
    }

    async fn delete(&self, session: &Session<'_>) -> Result<(), Failure> {
        // Again until the listing is empty: a channel may have been given the flow meanwhile.
        for (round, wait) in session.waits().enumerate() {
            let Some(channels) = session.associated(&self.flow).await? else { break };
            if channels.is_empty() {
                break;
            }
            if round > 0 {
                sleep(wait).await;
            }
            disassociate_all(session, &self.flow, &self.admin, channels).await?;
        }
        Ok(())
    }
}
