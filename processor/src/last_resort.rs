//! The last resort: answers, as the fallback says, the messages that the processor could not.
//!
//! It is the processor's `OnFailure` destination. Lambda hands it a record of the invocation whose
//! repetitions were used up, with the event in it.

use std::sync::Arc;
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::callback::{Attempts, Callbacks, Sent};
use crate::client::Connections;
use crate::deadline::Deadline;
use crate::event::{Event, Fields, Unreadable, fields_of, text_of};
use crate::failure::Failure;
use crate::log::{Level, Line, Sink, milliseconds};
use crate::metrics::{Metric, embedded};
use crate::processor::{Invocation, attempted, retries};
use crate::reply::{Fallback, Reply};

/// How many records an event is wrapped in at most: the processor's, the last resort's own, and one
/// more for each time that somebody handed an entry of the queue to the last resort in vain.
const RECORDS: usize = 16;

/// Answers messages with the fallback.
pub struct LastResort {
    fallback: Fallback,
    callbacks: Callbacks,
    sink: Arc<dyn Sink>,
    function: Option<String>,
}

/// What Lambda says of the invocation that failed.
struct Record {
    event: Event,
    /// Whether a callback of the processor may have been accepted.
    uncertain: bool,
}

impl LastResort {
    /// A last resort that answers as `fallback` says; `function` is its name, when metrics are
    /// wanted.
    pub fn new(
        fallback: Fallback,
        connections: Connections,
        sink: Arc<dyn Sink>,
        function: Option<String>,
    ) -> Self {
        Self { fallback, callbacks: Callbacks::new(connections.chime), sink, function }
    }

    /// Answers the message of a destination record. One that is answered already is a success.
    ///
    /// # Errors
    /// Why it still has no answer: now only a person can help.
    pub async fn answer(&self, invocation: Invocation<'_>) -> Result<Sent, Failure> {
        let began = Instant::now();
        let mut attempts = Attempts::default();
        let record = Record::read(invocation.payload);
        let result = match &record {
            Ok(record) => {
                attempts.uncertain = record.uncertain;
                let deadline = Deadline::new(began, invocation.end);
                let reply = Reply::fallback(&record.event, self.fallback);
                self.callbacks.send(&record.event, &reply, &deadline, &mut attempts).await
            }
            Err(why) => Err(Failure::EventUnreadable(why.clone())),
        };
        let event = record.as_ref().ok().map(|record| &record.event);
        self.report(&invocation, event, &result, &attempts, began);
        result
    }

    fn report(
        &self,
        invocation: &Invocation<'_>,
        event: Option<&Event>,
        result: &Result<Sent, Failure>,
        attempts: &Attempts,
        began: Instant,
    ) {
        let now = SystemTime::now();
        let mut metrics = vec![(Metric::LastResortUsed, 1.0)];
        metrics.extend(retries(attempts));
        let mut line = Line::new(Level::Error, "last-resort", now).request(invocation.request_id);
        if let Some(event) = event {
            line = line.about(event);
        }
        line = match result {
            Ok(sent) => line
                .with("fallback", self.fallback.name())
                .with("duplicate", !matches!(sent, Sent::Accepted)),
            Err(failure) => {
                metrics.push((Metric::LastResortFailed, 1.0));
                if *failure == Failure::CallbackForbidden {
                    metrics.push((Metric::CallbackForbidden, 1.0));
                }
                line.with("failure", failure.name()).with("why", failure.to_string())
            }
        };
        line = attempted(line, attempts).with("total_ms", milliseconds(began.elapsed()));
        if let Some(function) = &self.function {
            line = line.members(embedded(function, now, &metrics));
        }
        line.write(&*self.sink);
    }
}

impl Record {
    /// Reads a destination record; an event that comes bare, sent by hand from a queue, is one too,
    /// and so is the record of this function's own failure, which holds the one that it was given.
    fn read(payload: &[u8]) -> Result<Self, Unreadable> {
        let text = text_of(payload);
        let mut record = fields_of(&text)?;
        let mut uncertain = false;
        for _ in 0..RECORDS {
            let Some(request) = record.get("requestPayload").copied() else { break };
            uncertain |= may_have_answered(&record);
            record = fields_of(request.get())?;
        }
        Ok(Self { event: Event::from_fields(&record)?, uncertain })
    }
}

/// Whether the function whose invocation failed may have answered the message all the same. A refusal
/// then means that it did; where it cannot have, a refusal is a missing grant or the 48 hours, and
/// must be heard. So what says nothing of the kind counts as not answered.
fn may_have_answered(record: &Fields<'_>) -> bool {
    if let Some(error) = error_type(record) {
        return !Failure::NOT_ANSWERED.contains(&error.as_str());
    }
    // An event that grew too old may have waited for a free instance all its life; one whose
    // retries are used up was given to an instance, unless Lambda counts none.
    let context: Option<Context> =
        record.get("requestContext").and_then(|context| serde_json::from_str(context.get()).ok());
    context.is_some_and(|context| {
        context.condition == "RetriesExhausted" && context.approximate_invoke_count != Some(0)
    })
}

/// What Lambda says of the invocation: [reference][D].
///
/// [D]: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    condition: String,
    approximate_invoke_count: Option<u64>,
}

/// The name of the failure that the function gave, or that Lambda gave for it.
fn error_type(record: &Fields<'_>) -> Option<String> {
    let response: &RawValue = record.get("responsePayload")?;
    let response = fields_of(response.get()).ok()?;
    serde_json::from_str(response.get("errorType")?.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"CallbackId":"k","ChannelMessage":{"MessageId":"m","ChannelArn":"c","Content":"\ud800"}}"#;

    fn record(response: &str) -> Result<Record, Unreadable> {
        let json = format!(
            r#"{{"version":"1.0","timestamp":"2026-08-14T10:00:00.123Z",
                "requestContext":{{"requestId":"r","functionArn":"f","condition":"RetriesExhausted",
                "approximateInvokeCount":3}},"requestPayload":{EVENT}{response}}}"#
        );
        Record::read(json.as_bytes())
    }

    #[test]
    fn the_event_is_in_the_record() {
        let record = record("").unwrap();
        assert_eq!(record.event.callback_id, "k");
        assert_eq!(record.event.message.content.as_str(), "\u{fffd}");
    }

    #[test]
    fn only_a_failure_that_says_so_rules_out_an_accepted_callback() {
        let said = |name| record(&format!(r#","responsePayload":{{"errorType":"{name}"}}"#));
        assert!(!said("CallbackForbidden").unwrap().uncertain);
        assert!(!said("CallbackExhausted").unwrap().uncertain);
        assert!(said("CallbackUnconfirmed").unwrap().uncertain);
        assert!(said("Sandbox.Timedout").unwrap().uncertain);
        assert!(record(r#","responsePayload":null"#).unwrap().uncertain);
        assert!(record("").unwrap().uncertain);
    }

    #[test]
    fn an_event_that_no_instance_was_seen_to_get_was_not_answered() {
        let of = |context: &str| {
            let json = format!(r#"{{"requestContext":{context},"requestPayload":{EVENT}}}"#);
            Record::read(json.as_bytes()).unwrap().uncertain
        };
        assert!(!of(r#"{"condition":"EventAgeExceeded","approximateInvokeCount":1}"#));
        assert!(!of(r#"{"condition":"EventAgeExceeded"}"#));
        assert!(!of(r#"{"condition":"RetriesExhausted","approximateInvokeCount":0}"#));
        assert!(!of("{}"));
        assert!(!of("null"));
        assert!(of(r#"{"condition":"RetriesExhausted"}"#));
        // What the last instance said counts, whatever ended the repetitions.
        let json = format!(
            r#"{{"requestContext":{{"condition":"EventAgeExceeded"}},"requestPayload":{EVENT},
                "responsePayload":{{"errorType":"CallbackUnconfirmed"}}}}"#
        );
        assert!(Record::read(json.as_bytes()).unwrap().uncertain);
    }

    #[test]
    fn a_bare_event_is_taken_too_and_nobody_has_answered_it() {
        let record = Record::read(EVENT.as_bytes()).unwrap();
        assert_eq!(record.event.message_id, "m");
        assert!(!record.uncertain);
    }

    #[test]
    fn an_entry_of_the_queue_is_taken_as_it_lies_there() {
        let entry = |inner: &str, outer: &str| {
            let json = format!(
                r#"{{"requestContext":{{"condition":"RetriesExhausted","approximateInvokeCount":3}},
                    "requestPayload":{{"requestPayload":{EVENT},
                    "responsePayload":{{"errorType":"{inner}"}}}},
                    "responsePayload":{{"errorType":"{outer}"}}}}"#
            );
            Record::read(json.as_bytes()).unwrap()
        };
        assert_eq!(entry("Sandbox.Timedout", "CallbackForbidden").event.message_id, "m");
        assert!(!entry("CallbackForbidden", "CallbackForbidden").uncertain);
        assert!(entry("CallbackUnconfirmed", "CallbackForbidden").uncertain);
        assert!(entry("CallbackForbidden", "CallbackUnconfirmed").uncertain);
    }

    #[test]
    fn an_entry_that_came_back_to_the_queue_is_taken_again_and_not_without_end() {
        let wrapped = |times| {
            let record = |event: String, _| format!(r#"{{"requestPayload":{event}}}"#);
            Record::read((0..times).fold(EVENT.to_owned(), record).as_bytes())
        };
        assert_eq!(wrapped(RECORDS).unwrap().event.message_id, "m");
        assert!(wrapped(RECORDS + 1).is_err());
        assert!(wrapped(10_000).is_err());
    }

    #[test]
    fn a_record_without_an_event_is_unreadable() {
        assert!(Record::read(br#"{"requestPayload":7}"#).is_err());
        assert!(Record::read(br#"{"version":"1.0"}"#).is_err());
    }
}
