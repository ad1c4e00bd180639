//! `Custom::MessageRetention`: for how many days the service keeps messages.
//!
//! | property | |
//! | --- | --- |
//! | `AppInstanceArn` | the app instance |
//! | `RetentionDays` | 1 to 5475 |
//!
//! Physical id: the app instance's ARN and `/retention-settings`. Other days change it in place;
//! another app instance replaces it. Deleting empties the setting, so that messages are kept for
//! good again, unless somebody has set other days in the meantime. What has become too old is
//! deleted by the service 30 days after the setting was made.

use crate::{
    arn::{AppInstance, ParseArn},
    failure::Failure,
    properties::Properties,
    resource::Resource,
    service::Session,
};

const SUFFIX: &str = "/retention-settings";

/// The properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRetention {
    instance: AppInstance,
    /// Unknown when only the physical id is known.
    days: Option<i32>,
}

impl Resource for MessageRetention {
    const NAME: &'static str = "Custom::MessageRetention";

    fn parse(properties: &mut Properties<'_>) -> Option<Self> {
        let instance = properties.arn::<AppInstance>("AppInstanceArn");
        let days = properties.integer("RetentionDays", 1..=5475);
        Some(Self { instance: instance?, days: Some(days?) })
    }

    fn physical_id(&self, _logical_id: &str) -> String {
        format!("{}{SUFFIX}", self.instance)
    }

    fn recall(physical_id: &str, declared: Option<&Self>) -> Option<Self> {
        let instance = AppInstance::parse(physical_id.strip_suffix(SUFFIX)?).ok()?;
        Some(Self { instance, days: declared.and_then(|declared| declared.days) })
    }

    async fn create(&self, _replaced: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        let put = async || session.put_retention(&self.instance, self.days).await;
        Ok(session.settled(put).await?)
    }

    async fn update(&self, _old: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        self.create(None, session).await
    }

    async fn delete(&self, session: &Session<'_>) -> Result<(), Failure> {
        let present = match session.retention(&self.instance).await {
            Ok(present) => present,
            Err(refused) => {
                session.gone_with(&self.instance, refused).await?;
                return Ok(());
            }
        };
        let somebody_elses = matches!((present, self.days), (Some(one), Some(ours)) if one != ours);
        if somebody_elses {
            tracing::info!("the retention was changed outside the stack and is left as it is");
        } else if let Err(refused) = session.put_retention(&self.instance, None).await {
            session.gone_with(&self.instance, refused).await?;
        }
        Ok(())
    }
}
