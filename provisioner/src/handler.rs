//! One request in, exactly one answer out.
//!
//! Bad events, refusals, panics and a deadline that comes near all end in an answer; only an event
//! that names no address to answer, or an address that takes none, ends in an error, and then
//! Lambda runs the request again, which is harmless.

use std::{fmt, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use lambda_runtime::Diagnostic;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::{
    answer::Answer,
    courier::{Courier, Undelivered, deliver},
    failure::Failure,
    pace::Pace,
    request::{Envelope, Request, Unanswerable, Verb},
    resource::{Definition, nothing_made},
    service::Session,
};

/// CloudFormation was not answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The event does not say how.
    Unanswerable(Unanswerable),
    /// The answer did not arrive.
    Undelivered(Undelivered),
}

impl fmt::Display for Unanswered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswerable(cause) => cause.fmt(formatter),
            Self::Undelivered(cause) => cause.fmt(formatter),
        }
    }
}

impl From<Unanswered> for Diagnostic {
    fn from(unanswered: Unanswered) -> Self {
        Self { error_type: "Unanswered".to_owned(), error_message: unanswered.to_string() }
    }
}

impl std::error::Error for Unanswered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unanswerable(cause) => Some(cause),
            Self::Undelivered(cause) => Some(cause),
        }
    }
}

/// What a request is served with.
#[derive(Debug)]
pub struct Desk<'a, C> {
    /// The resources it knows.
    pub registry: &'a [Definition],
    /// Who carries the answer.
    pub courier: &'a C,
    /// Patience with the address that takes the answer.
    pub pace: Pace,
    /// Named in each answer.
    pub log_stream: &'a str,
}

/// Serves one request of CloudFormation within `time`, and answers it.
///
/// # Errors
/// [`Unanswered`] if CloudFormation could not be told how it went.
pub async fn handle<C: Courier>(
    event: Value,
    time: Duration,
    session: &Session<'_>,
    desk: &Desk<'_, C>,
) -> Result<(), Unanswered> {
    let end = Instant::now() + time;
    let envelope = Envelope::read(&event).map_err(Unanswered::Unanswerable)?;
    let answer = answer(event, &envelope, end - reserve(time), session, desk.registry).await;
    let Ok(body) = answer.body(&envelope, desk.log_stream) else {
        return Err(Unanswered::Undelivered(Undelivered::Unwritable));
    };
    // Giving up has to be reported in time as well, or Lambda would not know what happened.
    let left = end.saturating_duration_since(Instant::now()).saturating_sub(reserve(time) / 5);
    deliver(desk.courier, &envelope.response_url, &body, desk.pace, left)
        .await
        .map_err(Unanswered::Undelivered)
}

/// What is kept of the time for the answer itself.
fn reserve(time: Duration) -> Duration {
    (time / 4).min(Duration::from_secs(20))
}

async fn answer(
    event: Value,
    envelope: &Envelope,
    end: Instant,
    session: &Session<'_>,
    registry: &[Definition],
) -> Answer {
    let request = match Request::read(event) {
        Ok(request) => request,
        Err(failure) => {
            log_failure(envelope, "unknown", &failure);
            return Answer::failed(present_id(envelope), &failure);
        }
    };
    let verb = request.verb.name();
    let definition = registry.iter().find(|definition| definition.name == request.resource_type);
    let result = match definition {
        None => Err(Failure::UnknownType(request.resource_type.clone())),
        Some(definition) => {
            let work = AssertUnwindSafe(async { (definition.serve)(&request, session).await });
            let work = work.catch_unwind();
            match timeout_at(end, work).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(Failure::Panicked),
                Err(_) => Err(Failure::Deadline { progress: session.progress() }),
            }
        }
    };
    match (result, &request.verb) {
        (Ok(done), _) => {
            tracing::info!(
                request = envelope.request_id,
                resource = envelope.logical_resource_id,
                kind = envelope.resource_type,
                verb,
                change = done.change.name(),
                physical_id = done.physical_id,
                "done"
            );
            Answer::success(&done)
        }
        // Nothing can have been made with a resource that nobody knows.
        (Err(Failure::UnknownType(_)), Verb::Delete { physical_id })
            if *physical_id == nothing_made(&request.logical_id) =>
        {
            Answer::success(&crate::resource::Done {
                physical_id: physical_id.clone(),
                change: crate::resource::Change::NothingToDelete,
            })
        }
        (Err(failure), verb_data) => {
            log_failure(envelope, verb, &failure);
            let made = matches!(verb_data, Verb::Create) && session.changed();
            let physical_id = definition
                .filter(|_| made)
                .and_then(|definition| (definition.physical_id)(&request))
                .unwrap_or_else(|| present_id(envelope));
            Answer::failed(physical_id, &failure)
        }
    }
}

/// The id of a failed request's resource: what it was before, if it was.
///
/// After a failed update as well: another one would make CloudFormation delete the old resource.
fn present_id(envelope: &Envelope) -> String {
    let present = envelope.physical_resource_id.clone().filter(|id| !id.is_empty());
    present.unwrap_or_else(|| nothing_made(&envelope.logical_resource_id))
}

fn log_failure(envelope: &Envelope, verb: &str, failure: &Failure) {
    tracing::error!(
        request = envelope.request_id,
        resource = envelope.logical_resource_id,
        kind = envelope.resource_type,
        verb,
        failure = failure.name(),
        reason = %failure,
        "failed"
    );
}
