//! Gives every new channel the flow, as soon as the stream tells of it.
//!
//! The stream carries messages as well, with their text. Of each record only the type is read, and
//! of a new channel its ARN; nothing of a record is logged but that ARN.

use std::{collections::BTreeSet, fmt, time::Duration};

use aws_lambda_events::{kinesis::KinesisEvent, streams::KinesisEventResponse};
use lambda_runtime::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::{
    arn::{Channel, ParseArn},
    failure::{Kind, Refused},
    service::Session,
    settings::Moderation,
};

/// What is kept of the time for the function's answer.
const RESERVE: Duration = Duration::from_secs(2);

/// The event is not one of a Kinesis stream. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAStreamEvent;

impl fmt::Display for NotAStreamEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the event is not one of a Kinesis stream")
    }
}

impl std::error::Error for NotAStreamEvent {}

impl From<NotAStreamEvent> for Diagnostic {
    fn from(error: NotAStreamEvent) -> Self {
        Self { error_type: "NotAStreamEvent".to_owned(), error_message: error.to_string() }
    }
}

/// What becomes of a new channel.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Associated,
    HasItAlready,
    HasAnother,
    Gone,
}

/// Handles a batch of records, and names the first record that has to come again.
///
/// All new channels of the batch are tried, also after one failed: what a repetition finds done, it
/// leaves alone. When `time` is nearly over, the channel at hand has failed and the rest waits.
///
/// # Errors
/// [`NotAStreamEvent`].
pub async fn handle(
    event: Value,
    time: Duration,
    session: &Session<'_>,
    moderation: &Moderation,
) -> Result<KinesisEventResponse, NotAStreamEvent> {
    let Ok(event) = serde_json::from_value::<KinesisEvent>(event) else {
        // Without the cause: it would show the data that could not be read.
        return Err(NotAStreamEvent);
    };
    let end = Instant::now() + time.saturating_sub(RESERVE);
    let mut response = KinesisEventResponse::default();
    let mut done = BTreeSet::new();
    for record in event.records {
        let Some(channel) = new_channel(&record.kinesis.data.0) else { continue };
        if channel.app_instance() != moderation.flow.app_instance() {
            tracing::warn!(%channel, "a channel of another app instance is none of ours");
            continue;
        }
        if done.contains(&channel) {
            continue;
        }
        match timeout_at(end, moderate(session, moderation, &channel)).await {
            Ok(Ok(outcome)) => {
                tracing::info!(%channel, outcome = ?outcome, "new channel");
                done.insert(channel);
            }
            Ok(Err(refused)) => {
                tracing::error!(%channel, failure = "Unmoderated", reason = %refused, "new channel");
                has_failed(&mut response, record.kinesis.sequence_number);
            }
            Err(_) => {
                tracing::error!(%channel, failure = "Deadline", "new channel");
                has_failed(&mut response, record.kinesis.sequence_number);
                break;
            }
        }
    }
    Ok(response)
}

/// Lambda comes back with everything from the first failure on.
fn has_failed(response: &mut KinesisEventResponse, sequence_number: String) {
    if response.batch_item_failures.is_empty() {
        response.add_failure(sequence_number);
    }
}

async fn moderate(
    session: &Session<'_>,
    moderation: &Moderation,
    channel: &Channel,
) -> Result<Outcome, Refused> {
    let Moderation { flow, admin } = moderation;
    let associate = async || session.associate(channel, flow, admin).await;
    match session.settled(associate).await {
        Ok(()) => Ok(Outcome::Associated),
        Err(refused) if refused.kind == Kind::NotFound => Ok(Outcome::Gone),
        Err(refused) if matches!(refused.kind, Kind::Conflict | Kind::BadRequest) => {
            match session.flow_of(channel, admin).await? {
                Some(present) if present == flow.as_str() => Ok(Outcome::HasItAlready),
                // Somebody chose another flow for it: the channel is not unmoderated.
                Some(_) => Ok(Outcome::HasAnother),
                None => Err(refused),
            }
        }
        Err(refused) => Err(refused),
    }
}

/// The channel that a record says was made.
fn new_channel(data: &[u8]) -> Option<Channel> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Kind {
        event_type: String,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Record {
        payload: Payload,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Payload {
        channel_arn: String,
    }

    let kind: Kind = serde_json::from_slice(data).ok()?;
    if kind.event_type != "CREATE_CHANNEL" {
        return None;
    }
    let channel = serde_json::from_slice::<Record>(data)
        .ok()
        .and_then(|record| Channel::parse(&record.payload.channel_arn).ok());
    if channel.is_none() {
        tracing::error!(failure = "UnreadableRecord", "a new channel's record has no channel ARN");
    }
    channel
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a/channel/c";

    #[test]
    fn messages_and_other_records_are_no_new_channels() {
        for data in [
            format!(
                r#"{{"EventType":"CREATE_CHANNEL_MESSAGE","Payload":{{"ChannelArn":"{CHANNEL}","Content":"hello","Type":"SYSTEM"}}}}"#
            ),
            format!(r#"{{"EventType":"DELETE_CHANNEL","Payload":{{"ChannelArn":"{CHANNEL}"}}}}"#),
            format!(
                r#"{{"EventType":"CREATE_CHANNEL_MEMBERSHIP","Payload":{{"ChannelArn":"{CHANNEL}"}}}}"#
            ),
            r#"{"EventType":"CREATE_CHANNEL","Payload":{"ChannelArn":"nonsense"}}"#.to_owned(),
            r#"{"EventType":"CREATE_CHANNEL","Payload":null}"#.to_owned(),
            r#"{"EventType":7}"#.to_owned(),
            "not JSON".to_owned(),
            String::new(),
        ] {
            assert_eq!(new_channel(data.as_bytes()), None, "{data}");
        }
    }

    #[test]
    fn a_new_channel_is_read_with_all_that_may_come_beside_it() {
        let data = format!(
            r#"{{"EventType":"CREATE_CHANNEL","Version":1,"Payload":{{"Name":"n","ChannelArn":"{CHANNEL}","Mode":"RESTRICTED"}}}}"#
        );
        assert_eq!(new_channel(data.as_bytes()).unwrap().as_str(), CHANNEL);
    }
}
