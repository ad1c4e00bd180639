//! What makes an invocation fail. Each variant is a consequence, with a name that alarms match.

use std::fmt;

use lambda_runtime::Diagnostic;

use crate::event::Unreadable;

/// Why a message got no answer from this invocation. Lambda repeats a failed one twice, then hands
/// the event to the last resort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The event cannot be answered by anybody: it lacks an id.
    EventUnreadable(Unreadable),
    /// The service forbids the callback, and nothing says that the message is answered already.
    CallbackForbidden,
    /// The service finds fault with the callback itself, even with the fallback's.
    CallbackRefused,
    /// The time was used up, and no callback can have been accepted.
    CallbackExhausted,
    /// The time was used up, and a callback may have been accepted: one whose response was lost, or
    /// one of another delivery that was under way.
    CallbackUnconfirmed,
    /// The processor panicked outside the rules: a bug.
    Panicked,
}

impl Failure {
    /// The names of those failures in which no callback can have been accepted.
    pub(crate) const NOT_ANSWERED: &[&str] =
        &["EventUnreadable", "CallbackForbidden", "CallbackRefused", "CallbackExhausted"];

    /// Stable name: the invocation's error type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EventUnreadable(_) => "EventUnreadable",
            Self::CallbackForbidden => "CallbackForbidden",
            Self::CallbackRefused => "CallbackRefused",
            Self::CallbackExhausted => "CallbackExhausted",
            Self::CallbackUnconfirmed => "CallbackUnconfirmed",
            Self::Panicked => "Panicked",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventUnreadable(why) => write!(formatter, "{why}"),
            Self::CallbackForbidden => formatter.write_str(
                "the service forbids the callback: is `chime:ChannelFlowCallback` granted on the \
                 app instance's channels, and is the message younger than 48 hours",
            ),
            Self::CallbackRefused => {
                formatter.write_str("the service refuses the callback as a bad request")
            }
            Self::CallbackExhausted => {
                formatter.write_str("the service did not take the callback before the deadline")
            }
            Self::CallbackUnconfirmed => {
                formatter.write_str("the service did not confirm the callback before the deadline")
            }
            Self::Panicked => formatter.write_str("the processor panicked"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::EventUnreadable(why) => Some(why),
            _ => None,
        }
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: failure.name().to_owned(), error_message: failure.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_told_the_stable_name() {
        let failure = Failure::EventUnreadable(Unreadable::Missing(vec!["CallbackId"]));
        let diagnostic = Diagnostic::from(failure);
        assert_eq!(diagnostic.error_type, "EventUnreadable");
        assert_eq!(diagnostic.error_message, "the event has no text at `CallbackId`");
    }

    #[test]
    fn each_name_that_says_not_answered_is_one() {
        let all = [
            Failure::EventUnreadable(Unreadable::NotJson),
            Failure::CallbackForbidden,
            Failure::CallbackRefused,
            Failure::CallbackExhausted,
        ];
        assert_eq!(all.map(|one| one.name()), Failure::NOT_ANSWERED);
    }
}
