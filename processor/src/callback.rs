//! Sends the callback until the service has taken it, once.
//!
//! The SDK repeats neither 409 nor 429, and knows nothing of a callback that was accepted although
//! its response was lost; so its repetitions are off and these take their place.
//!
//! # What a 403 means
//! The service says the same 403 to the second callback for a message, to one after 48 hours and
//! to one without a grant. It counts as *already answered* when
//! - this instance knows that the callback was accepted, or sent one whose response was lost, or
//!   met a 409 (another callback for the message was under way); or
//! - callbacks of this instance for the same app instance were accepted in the last five minutes,
//!   so the grant is there. That explains one, until another is accepted: a grant that was taken
//!   away shows at the second, and costs each instance one message at most.
//!
//! Any other 403 is loud and fails the invocation. If it is a missing grant, Lambda's repetitions
//! and the last resort, which has a grant of its own, still answer the message. If it was a
//! duplicate that met an instance which had not answered anything yet, a repetition a minute later
//! finds the same, or an instance that knows better: noise, and no harm.

use std::time::Duration;

use aws_sdk_chimesdkmessaging::Client;
use aws_sdk_chimesdkmessaging::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chimesdkmessaging::operation::channel_flow_callback::ChannelFlowCallbackError;
use tokio::time::{Instant, sleep, timeout};

use crate::deadline::Deadline;
use crate::event::Event;
use crate::failure::Failure;
use crate::memory::{Known, Memory};
use crate::reply::Reply;

/// The longest one attempt is waited for; half of the time that is left, if that is less.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(3);
/// The shortest; also the time that must be left for another attempt to make sense.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(100);
/// The first pause is at most this long, and each further one at most twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// No pause is longer: the limit is per channel and second, so waiting longer wins nothing.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The most faults that the log names.
const MOST_FAULTS: usize = 10;

/// Sends callbacks, and remembers which were accepted.
#[derive(Debug)]
pub(crate) struct Callbacks {
    client: Client,
    memory: Memory,
}

/// How the service came to have the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It accepted this callback.
    Accepted,
    /// It accepted this callback, and its response was lost: a repetition showed it.
    Confirmed,
    /// The message was answered before: the event was delivered more than once.
    Duplicate(Sign),
}

/// What says that a message was answered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// This instance answered it itself, and made no call.
    Memory,
    /// The service says that the message is not pending.
    NotPending,
    /// A callback from elsewhere was under way.
    Conflict,
    /// A 403, while the grant is known to be there.
    Grant,
}

impl Sign {
    /// Stable name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::NotPending => "not-pending",
            Self::Conflict => "conflict",
            Self::Grant => "grant",
        }
    }
}

/// What happened on the way to an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many calls were made.
    pub count: u32,
    /// What went wrong with them, in order; the first few.
    pub faults: Vec<Fault>,
    /// Whether one may have been accepted without our knowing.
    pub(crate) uncertain: bool,
    /// Whether another callback for the message was met.
    conflict: bool,
}

impl Attempts {
    /// Whether the message may have its answer, so that a refusal to come would be no surprise.
    fn may_be_answered(&self) -> bool {
        self.uncertain || self.conflict
    }
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The service answered with this status.
    Status(u16),
    /// No response in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// The connection broke, or the response was none.
    Broken,
    /// The request could not be made: no region, no credentials.
    NotSent,
}

impl Fault {
    /// Stable name in logs: the status, or a word.
    pub fn name(self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::TimedOut => "timed-out".to_owned(),
            Self::Unreachable => "unreachable".to_owned(),
            Self::Broken => "broken".to_owned(),
            Self::NotSent => "not-sent".to_owned(),
        }
    }
}

/// What is to be done about a call that went wrong.
enum Remedy {
    /// Again; `uncertain` when it may have been accepted all the same.
    Repeat { uncertain: bool },
    /// Again: another callback is under way.
    Conflict,
    /// The service says that the message is not pending.
    NotPending,
    /// A 403 in the words that an answered message gets.
    Forbidden,
    /// A 401, or a 403 that speaks of credentials.
    Unauthorized,
    /// Nothing will make it better.
    Refused,
}

impl Callbacks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, memory: Memory::default() }
    }

    /// Whether this instance has answered the message.
    pub(crate) fn knows(&self, event: &Event) -> bool {
        self.memory.of(&event.callback_id) == Some(Known::Answered)
    }

    /// Sends a reply until it is accepted or time is up.
    ///
    /// # Errors
    /// Why it was not. [`Failure::CallbackRefused`] leaves room for another reply.
    pub(crate) async fn send(
        &self,
        event: &Event,
        reply: &Reply,
        deadline: &Deadline,
        attempts: &mut Attempts,
    ) -> Result<Sent, Failure> {
        attempts.uncertain |= self.memory.of(&event.callback_id) == Some(Known::Uncertain);
        let ended = self.attempt_until(event, reply, deadline, attempts).await;
        match ended {
            Ok(Sent::Accepted) => {
                self.memory.accepted(&event.callback_id, event.app_instance(), Instant::now());
            }
            Ok(_) => self.memory.answered(&event.callback_id),
            Err(_) if attempts.may_be_answered() => self.memory.uncertain(&event.callback_id),
            Err(_) => {}
        }
        ended
    }

    async fn attempt_until(
        &self,
        event: &Event,
        reply: &Reply,
        deadline: &Deadline,
        attempts: &mut Attempts,
    ) -> Result<Sent, Failure> {
        let mut longest_pause = FIRST_PAUSE;
        loop {
            let Err((fault, remedy)) = self.attempt(event, reply, deadline, attempts).await else {
                return Ok(Sent::Accepted);
            };
            if attempts.faults.len() < MOST_FAULTS {
                attempts.faults.push(fault);
            }
            match remedy {
                Remedy::Repeat { uncertain } => attempts.uncertain |= uncertain,
                Remedy::Conflict => attempts.conflict = true,
                Remedy::NotPending if attempts.uncertain => return Ok(Sent::Confirmed),
                Remedy::NotPending => return Ok(Sent::Duplicate(Sign::NotPending)),
                Remedy::Forbidden => return self.forbidden(event, attempts),
                Remedy::Unauthorized => return Err(Failure::CallbackForbidden),
                Remedy::Refused => return Err(Failure::CallbackRefused),
            }
            let left = deadline.answer_by.saturating_duration_since(Instant::now());
            let room = left.checked_sub(SHORTEST_ATTEMPT).filter(|_| fault != Fault::NotSent);
            let Some(room) = room else {
                return Err(if attempts.may_be_answered() {
                    Failure::CallbackUnconfirmed
                } else {
                    Failure::CallbackExhausted
                });
            };
            // A pause that would outlast the invocation leaves room for one last attempt.
            let pause = room.min(longest_pause.mul_f64(fastrand::f64()));
            sleep(pause).await;
            longest_pause = LONGEST_PAUSE.min(longest_pause * 2);
        }
    }

    /// What a 403 means, in the words of this module's documentation.
    fn forbidden(&self, event: &Event, attempts: &Attempts) -> Result<Sent, Failure> {
        if attempts.uncertain {
            Ok(Sent::Confirmed)
        } else if self.knows(event) {
            Ok(Sent::Duplicate(Sign::Memory))
        } else if attempts.conflict {
            Ok(Sent::Duplicate(Sign::Conflict))
        } else if self.memory.grant_explains(event.app_instance(), Instant::now()) {
            Ok(Sent::Duplicate(Sign::Grant))
        } else {
            Err(Failure::CallbackForbidden)
        }
    }

    async fn attempt(
        &self,
        event: &Event,
        reply: &Reply,
        deadline: &Deadline,
        attempts: &mut Attempts,
    ) -> Result<(), (Fault, Remedy)> {
        attempts.count = attempts.count.saturating_add(1);
        let left = deadline.answer_by.saturating_duration_since(Instant::now());
        let call = self
            .client
            .channel_flow_callback()
            .callback_id(&event.callback_id)
            .channel_arn(&event.channel_arn)
            .set_delete_resource(reply.deletes().then_some(true))
            .channel_message(reply.message(event))
            .send();
        // Boxed, because the SDK's future is so deep a type that whoever awaits it runs into the
        // compiler's limits.
        let call = Box::pin(call);
        match timeout((left / 2).clamp(SHORTEST_ATTEMPT, LONGEST_ATTEMPT), call).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => diagnose(&error),
            Err(_) => Err((Fault::TimedOut, Remedy::Repeat { uncertain: true })),
        }
    }
}

/// What went wrong and what to do; a success when the service accepted the callback in words that
/// the SDK does not understand.
fn diagnose(error: &SdkError<ChannelFlowCallbackError>) -> Result<(), (Fault, Remedy)> {
    let Some(response) = error.raw_response() else {
        return Err(match error {
            SdkError::ConstructionFailure(_) => {
                (Fault::NotSent, Remedy::Repeat { uncertain: false })
            }
            SdkError::DispatchFailure(failure) if failure.is_user() => {
                (Fault::NotSent, Remedy::Repeat { uncertain: false })
            }
            SdkError::DispatchFailure(_) if never_connected(error) => {
                (Fault::Unreachable, Remedy::Repeat { uncertain: false })
            }
            SdkError::TimeoutError(_) => (Fault::TimedOut, Remedy::Repeat { uncertain: true }),
            _ => (Fault::Broken, Remedy::Repeat { uncertain: true }),
        });
    };
    let status = response.status().as_u16();
    // What the service says is compared, and never shown: an error may echo the request.
    let service = error.as_service_error();
    let code = service.and_then(ProvideErrorMetadata::code);
    let said = service.and_then(ProvideErrorMetadata::message).unwrap_or_default();
    let remedy = match status {
        200..=299 => return Ok(()),
        400 if says_not_pending(said) => Remedy::NotPending,
        403 if matches!(code, None | Some("Forbidden" | "ForbiddenException")) => Remedy::Forbidden,
        401 | 403 => Remedy::Unauthorized,
        408 | 429 => Remedy::Repeat { uncertain: false },
        409 => Remedy::Conflict,
        500..=599 => Remedy::Repeat { uncertain: true },
        _ => Remedy::Refused,
    };
    Err((Fault::Status(status), remedy))
}

fn says_not_pending(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["non-pending", "non pending", "not pending"].iter().any(|words| said.contains(words))
}

/// Whether the other side refused the connection, or has no address, so that it cannot have
/// accepted anything.
fn never_connected(error: &(dyn std::error::Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.filter_map(|error| error.downcast_ref::<std::io::Error>()).any(|error| {
        matches!(
            error.kind(),
            std::io::ErrorKind::ConnectionRefused
                | std::io::ErrorKind::HostUnreachable
                | std::io::ErrorKind::NetworkUnreachable
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_request_about_something_else_is_not_an_answered_message() {
        assert!(!says_not_pending("Content is too long"));
        assert!(says_not_pending("Callback on a non-pending message is not allowed"));
    }
}
