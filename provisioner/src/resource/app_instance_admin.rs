//! `Custom::AppInstanceAdmin`: makes a user of the app instance an admin.
//!
//! | property | |
//! | --- | --- |
//! | `AppInstanceArn` | the app instance |
//! | `AppInstanceUserArn` | the user; must belong to that app instance |
//!
//! Physical id (`Ref`): the user's ARN, which is the admin's ARN as well. Another user or app
//! instance replaces it. Deleting demotes the user; the user itself stays. A user who was an admin
//! before is adopted: what a template declares, the stack owns.

use crate::{
    arn::{AppInstance, Member, ParseArn},
    failure::{Failure, Kind, Refused},
    properties::Properties,
    resource::Resource,
    service::Session,
};

/// The properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppInstanceAdmin {
    admin: Member,
}

impl Resource for AppInstanceAdmin {
    const NAME: &'static str = "Custom::AppInstanceAdmin";

    fn parse(properties: &mut Properties<'_>) -> Option<Self> {
        let instance: Option<AppInstance> = properties.arn("AppInstanceArn");
        let admin: Option<Member> = properties.arn("AppInstanceUserArn");
        let (instance, admin) = (instance?, admin?);
        if admin.app_instance() == instance {
            Some(Self { admin })
        } else {
            let message = format!("is not a user of the app instance {instance}");
            properties.problem("AppInstanceUserArn", message)
        }
    }

    fn physical_id(&self, _logical_id: &str) -> String {
        self.admin.as_str().to_owned()
    }

    fn recall(physical_id: &str, _declared: Option<&Self>) -> Option<Self> {
        Member::parse(physical_id).ok().map(|admin| Self { admin })
    }

    async fn create(&self, _replaced: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        let promote = async || session.promote(&self.admin).await;
        match session.settled(promote).await {
            Ok(()) => Ok(()),
            // The operation takes no token that would let the service recognise a repetition.
            Err(refused) if refused.kind == Kind::Conflict => {
                if session.admin_is_gone(&self.admin).await? {
                    return Err(refused.into());
                }
                Ok(())
            }
            Err(refused) => Err(refused.into()),
        }
    }

    async fn update(&self, _old: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        self.create(None, session).await
    }

    async fn delete(&self, session: &Session<'_>) -> Result<(), Failure> {
        let demote = async || {
            match session.demote(&self.admin).await {
                // Not there, or not allowed? A listing that shows no such admin decides, and a
                // refusal stands until it has had time to settle.
                Err(refused)
                    if could_be_gone(&refused) && session.admin_is_gone(&self.admin).await? =>
                {
                    Ok(())
                }
                result => result,
            }
        };
        Ok(session.settled(demote).await?)
    }
}

fn could_be_gone(refused: &Refused) -> bool {
    refused.may_mean_missing() || refused.kind == Kind::Conflict
}
