//! `Custom::MessagingStreaming`: sends the app instance's data to a Kinesis stream.
//!
//! | property | |
//! | --- | --- |
//! | `AppInstanceArn` | the app instance |
//! | `StreamArn` | the stream; its name begins with `chime-messaging-` |
//! | `DataTypes` | a list of `Channel`, `ChannelMessage` or both |
//!
//! Physical id: the app instance's ARN and `/streaming-configurations`. An app instance has one
//! configuration, so another stream or other data types change it in place; another app instance
//! replaces it. Deleting takes away what this resource put there; what somebody else configured
//! beside it stays.

use crate::{
    arn::{AppInstance, ParseArn, Stream},
    failure::{Failure, Kind},
    properties::Properties,
    resource::Resource,
    service::{DataType, Session, Streaming, streaming_to},
};

const SUFFIX: &str = "/streaming-configurations";

/// The properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagingStreaming {
    instance: AppInstance,
    streaming: Streaming,
}

impl Resource for MessagingStreaming {
    const NAME: &'static str = "Custom::MessagingStreaming";

    fn parse(properties: &mut Properties<'_>) -> Option<Self> {
        let instance = properties.arn::<AppInstance>("AppInstanceArn");
        let stream = properties.arn::<Stream>("StreamArn");
        let kinds = data_types(properties);
        Some(Self { instance: instance?, streaming: streaming_to(&stream?, &kinds?) })
    }

    fn physical_id(&self, _logical_id: &str) -> String {
        format!("{}{SUFFIX}", self.instance)
    }

    fn recall(physical_id: &str, declared: Option<&Self>) -> Option<Self> {
        let instance = AppInstance::parse(physical_id.strip_suffix(SUFFIX)?).ok()?;
        Some(Self { instance, streaming: declared?.streaming.clone() })
    }

    async fn create(&self, _replaced: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        let put = async || session.put_streaming(&self.instance, &self.streaming).await;
        Ok(session.settled(put).await?)
    }

    async fn update(&self, _old: Option<&Self>, session: &Session<'_>) -> Result<(), Failure> {
        self.create(None, session).await
    }

    async fn delete(&self, session: &Session<'_>) -> Result<(), Failure> {
        let present = match session.streaming(&self.instance).await {
            Ok(present) => present,
            Err(refused) if refused.kind == Kind::NotFound => Streaming::new(),
            Err(refused) => {
                session.gone_with(&self.instance, refused).await?;
                return Ok(());
            }
        };
        let mut others = present.clone();
        others.retain(|kind, stream| self.streaming.get(kind) != Some(stream));
        if others.is_empty() {
            // Even if nothing was seen: the listing may lag behind a put of a moment ago.
            match session.delete_streaming(&self.instance).await {
                Err(refused) if refused.kind == Kind::NotFound => {}
                Err(refused) => {
                    session.gone_with(&self.instance, refused).await?;
                }
                Ok(()) => {}
            }
        } else if others != present {
            session.put_streaming(&self.instance, &others).await?;
        }
        Ok(())
    }
}

fn data_types(properties: &mut Properties<'_>) -> Option<Vec<DataType>> {
    let names = properties.texts("DataTypes")?;
    let kinds: Option<Vec<_>> = names.iter().map(|name| DataType::named(name)).collect();
    match kinds {
        Some(kinds) if !kinds.is_empty() => Some(kinds),
        _ => properties.problem("DataTypes", "must list `Channel`, `ChannelMessage` or both"),
    }
}
