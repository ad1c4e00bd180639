//! Answers to the inquiries of rules that ask the outside.

use std::cell::OnceCell;
use std::time::Duration;

use processor::webhook::Webhooks;
use rules::{Answer, Inquiry, InquiryFailure, Progress, Verdict};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::exit::Failure;
use crate::stage;

/// Longer than any inquiry's own timeout, which is what counts here: nobody's deadline is near.
const NEVER: Duration = Duration::from_hours(1);

/// Who answers.
pub(crate) enum Answers {
    /// Nobody: each inquiry fails, as if the other side could not be reached.
    Offline,
    /// The services that the policy names, asked as the processor asks them.
    Online(Box<Online>),
}

/// Asks services, one after the other.
pub(crate) struct Online {
    runtime: Runtime,
    /// Made when a rule first asks: reading the system's certificates takes its time.
    webhooks: OnceCell<Webhooks>,
}

impl Answers {
    /// Answers that are really asked for, or none.
    pub(crate) fn new(offline: bool) -> Result<Self, Failure> {
        if offline {
            return Ok(Self::Offline);
        }
        let online = Online { runtime: stage::runtime()?, webhooks: OnceCell::new() };
        Ok(Self::Online(Box::new(online)))
    }

    /// Carries an evaluation to its end.
    pub(crate) fn finish<'p>(&self, mut progress: Progress<'p, '_>) -> Verdict<'p> {
        loop {
            match progress {
                Progress::Done(verdict) => return verdict,
                Progress::Asks(pending) => {
                    let answer = self.answer(pending.inquiry());
                    progress = pending.resume(answer);
                }
            }
        }
    }

    fn answer(&self, inquiry: &Inquiry) -> Result<Answer, InquiryFailure> {
        let Self::Online(online) = self else { return Err(InquiryFailure::Unreachable) };
        let webhooks = online.webhooks.get_or_init(Webhooks::alone);
        online.runtime.block_on(async { webhooks.answer(inquiry, Instant::now() + NEVER).await })
    }
}
