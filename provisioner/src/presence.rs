//! Is it gone, or is it only forbidden?
//!
//! The service says *Forbidden* for both, so a refusal alone proves nothing. What proves it is a
//! listing that may be read and does not show the thing. Each thing is looked up in its owner's
//! listing; if that is refused as well, the owner may be gone, and so on up to the account's app
//! instances, whose listing is refused only by a missing permission.

use std::collections::BTreeSet;

use crate::{
    arn::{AppInstance, Channel, ChannelFlow, Member},
    failure::Refused,
    service::Session,
};

impl Session<'_> {
    /// Whether the app instance no longer exists.
    pub(crate) async fn app_instance_is_gone(
        &self,
        instance: &AppInstance,
    ) -> Result<bool, Refused> {
        let instances = self.app_instances().await?;
        Ok(!instances.iter().any(|one| one == instance.as_str()))
    }

    /// Whether the user is not, or no longer, an admin of its app instance.
    pub(crate) async fn admin_is_gone(&self, admin: &Member) -> Result<bool, Refused> {
        let instance = admin.app_instance();
        match self.admins(&instance).await {
            Ok(admins) => Ok(!admins.iter().any(|one| one == admin.as_str())),
            Err(refused) => self.gone_with(&instance, refused).await,
        }
    }

    /// The channels that the flow handles, or `None` if the flow no longer exists.
    pub(crate) async fn associated(
        &self,
        flow: &ChannelFlow,
    ) -> Result<Option<BTreeSet<Channel>>, Refused> {
        let refused = match self.channels_of(flow).await {
            Ok(channels) => return Ok(Some(channels.into_iter().collect())),
            Err(refused) if refused.may_mean_missing() => refused,
            Err(refused) => return Err(refused),
        };
        let instance = flow.app_instance();
        let gone = match self.flows(&instance).await {
            Ok(flows) => !flows.iter().any(|one| one == flow.as_str()),
            Err(refused) => self.gone_with(&instance, refused).await?,
        };
        if gone { Ok(None) } else { Err(refused) }
    }

    /// What a refusal means for something inside an app instance: it is gone if the app instance
    /// is, and otherwise the refusal stands.
    pub(crate) async fn gone_with(
        &self,
        instance: &AppInstance,
        refused: Refused,
    ) -> Result<bool, Refused> {
        if refused.may_mean_missing() && self.app_instance_is_gone(instance).await? {
            return Ok(true);
        }
        Err(refused)
    }
}
