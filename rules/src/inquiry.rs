//! Questions that an evaluation asks of the outside, and what may come back.

use std::time::Duration;

use crate::text::Text;

/// A question the evaluation waits for. It carries the text as the rules before left it: what they
/// redacted is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Id of the rule that asks.
    pub rule: String,
    /// The longest the answer may take; the asker's own deadline may be nearer.
    pub timeout: Duration,
    /// What to do.
    pub request: Request,
}

/// What an inquiry wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// POST `body` as `application/json` to `url`; the answer is the body of a 2xx response.
    Post {
        /// `http` or `https`.
        url: String,
        /// JSON.
        body: Text,
    },
}

/// What the outside said. Untrusted, and perhaps with members' words in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The response's body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InquiryFailure {
    /// Nothing came within the timeout or the deadline.
    TimedOut,
    /// The other side could not be reached, or cut the connection.
    Unreachable,
    /// It answered with another status than 2xx.
    Refused,
    /// It answered, but not in the form that the detector's page describes.
    NotUnderstood,
}

impl InquiryFailure {
    /// Stable name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimedOut => "timed-out",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::NotUnderstood => "not-understood",
        }
    }
}
