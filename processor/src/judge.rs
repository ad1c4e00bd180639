//! Judging a message: the policy's evaluation, its inquiries, and what happens when it does not
//! come to an end.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rules::policy::Mode;
use rules::{AbortReason, Answer, Inquiry, InquiryFailure, Message, Policy, Progress, Verdict};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio::task;
use tokio::time::{Instant, timeout_at};

use crate::deadline::Deadline;
use crate::webhook::Webhooks;

/// The most bytes that are read at once, each counted for every detector that reads it. The time of
/// a detector is linear in what it reads: this is some milliseconds of the slowest text.
const MOST_AT_ONCE: usize = 1 << 20;

/// What judges messages. [`Policy`] does; tests put a judge in its place that panics or dawdles.
pub trait Evaluate: Send + Sync + 'static {
    /// Names the version of the rules, for the log.
    fn revision(&self) -> &str;

    /// Whether judging this message is sure to end at once: what it takes is bounded, and there is
    /// little to read.
    fn is_quick(&self, _message: &Message) -> bool {
        false
    }

    /// Judges a message; `ask` waits until an inquiry is answered or has failed.
    fn evaluate(
        &self,
        message: &Message,
        ask: &mut dyn FnMut(&Inquiry) -> Result<Answer, InquiryFailure>,
    ) -> Judgement;
}

impl Evaluate for Policy {
    fn revision(&self) -> &str {
        self.revision()
    }

    fn is_quick(&self, message: &Message) -> bool {
        let detectors: usize = self.rules().iter().map(|rule| rule.detectors().count()).sum();
        let bytes: usize = message.fields().map(|(_, text)| text.as_str().len()).sum();
        self.is_bounded() && detectors.saturating_mul(bytes) <= MOST_AT_ONCE
    }

    fn evaluate(
        &self,
        message: &Message,
        ask: &mut dyn FnMut(&Inquiry) -> Result<Answer, InquiryFailure>,
    ) -> Judgement {
        let mut progress = Policy::evaluate(self, message);
        loop {
            match progress {
                Progress::Asks(pending) => {
                    let answer = ask(pending.inquiry());
                    progress = pending.resume(answer);
                }
                Progress::Done(verdict) => return verdict.into(),
            }
        }
    }
}

/// What is to become of a message, and why. Holds no text but the rewritten message, which its
/// `Debug` does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Id of the rule that decided.
    pub rule: Option<String>,
    /// What was found, summed up.
    pub findings: Vec<Found>,
    /// Inquiries that got no answer, with the rule that asked.
    pub failures: Vec<(String, InquiryFailure)>,
}

/// What becomes of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Delivered as it came.
    Pass,
    /// Delivered like this.
    Update(Box<Message>),
    /// Stopped.
    Deny,
    /// It could not be judged, and is answered as the flow's fallback says.
    Abort(Abort),
}

impl Outcome {
    /// The name in logs and output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Update(_) => "update",
            Self::Deny => "deny",
            Self::Abort(_) => "abort",
        }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abort(why) => formatter.debug_tuple("Abort").field(why).finish(),
            _ => formatter.write_str(self.name()),
        }
    }
}

/// Why a message could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// The evaluation ended so.
    Rules(AbortReason),
    /// The evaluation panicked.
    Panic,
    /// The invocation's time was nearly up.
    Deadline,
    /// The policy has mistakes, or cannot be read.
    BrokenPolicy,
    /// The service refused the message that the rules had made, or that had come.
    Refused,
}

impl Abort {
    /// Stable name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules(reason) => reason.name(),
            Self::Panic => "panic",
            Self::Deadline => "deadline",
            Self::BrokenPolicy => "broken-policy",
            Self::Refused => "refused",
        }
    }
}

/// What one detector of one rule found in one field: how often, never what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Id of the rule.
    pub rule: String,
    /// Name of the detector.
    pub detector: &'static str,
    /// Name of the field.
    pub field: &'static str,
    /// How many places.
    pub count: usize,
    /// Whether the rule only observes.
    pub observed: bool,
}

impl Judgement {
    /// A message that could not be judged.
    pub fn abort(why: Abort) -> Self {
        Self {
            outcome: Outcome::Abort(why),
            rule: None,
            findings: Vec::new(),
            failures: Vec::new(),
        }
    }
}

impl From<Verdict<'_>> for Judgement {
    fn from(verdict: Verdict<'_>) -> Self {
        let mut findings: Vec<Found> = Vec::new();
        for finding in verdict.findings {
            let field = finding.field.name();
            let observed = finding.mode == Mode::Observe;
            // Findings come rule by rule and field by field: those of one place are neighbours.
            let same = |found: &&mut Found| {
                found.rule == finding.rule
                    && found.detector == finding.detector
                    && found.field == field
            };
            match findings.last_mut().filter(same) {
                Some(found) => found.count += 1,
                None => findings.push(Found {
                    rule: finding.rule.to_owned(),
                    detector: finding.detector,
                    field,
                    count: 1,
                    observed,
                }),
            }
        }
        Self {
            outcome: match verdict.outcome {
                rules::Outcome::Pass => Outcome::Pass,
                rules::Outcome::Update(after) => Outcome::Update(after),
                rules::Outcome::Deny => Outcome::Deny,
                rules::Outcome::Abort(reason) => Outcome::Abort(Abort::Rules(reason)),
            },
            rule: verdict.rule.map(str::to_owned),
            findings,
            failures: verdict
                .failures
                .iter()
                .map(|(rule, why)| ((*rule).to_owned(), *why))
                .collect(),
        }
    }
}

struct Question {
    inquiry: Inquiry,
    reply: oneshot::Sender<Result<Answer, InquiryFailure>>,
}

/// Judges a message and answers the inquiries, until the deadline.
///
/// An evaluation can neither take the callback down with it when it panics, nor keep it from going
/// out when it is still at work at the deadline: unless it is sure to end at once, it runs on a
/// thread of its own.
pub(crate) async fn judge(
    evaluator: &Arc<dyn Evaluate>,
    message: &Message,
    webhooks: &Webhooks,
    deadline: &Deadline,
) -> Judgement {
    if Instant::now() < deadline.judge_by && evaluator.is_quick(message) {
        let mut ask = |_: &Inquiry| Err(InquiryFailure::TimedOut);
        let judged = catch_unwind(AssertUnwindSafe(|| evaluator.evaluate(message, &mut ask)));
        // The panic's payload may hold message text: it is dropped unread.
        return judged.unwrap_or_else(|_| Judgement::abort(Abort::Panic));
    }
    let (evaluator, message) = (Arc::clone(evaluator), message.clone());
    let (questions, mut asked) = mpsc::unbounded_channel::<Question>();
    let work = task::spawn_blocking(move || {
        evaluator.evaluate(&message, &mut |inquiry| {
            let (reply, answer) = oneshot::channel();
            let question = Question { inquiry: inquiry.clone(), reply };
            // Nobody listens any more: the deadline has passed.
            if questions.send(question).is_err() {
                return Err(InquiryFailure::TimedOut);
            }
            answer.blocking_recv().unwrap_or(Err(InquiryFailure::TimedOut))
        })
    });
    let conversation = async {
        while let Some(Question { inquiry, reply }) = asked.recv().await {
            let answer = webhooks.answer(&inquiry, deadline.ask_by).await;
            // Whether anybody still waits for it is the evaluation's affair.
            drop(reply.send(answer));
        }
        work.await
    };
    match timeout_at(deadline.judge_by, conversation).await {
        Ok(Ok(judgement)) => judgement,
        // The panic's payload may hold message text: it is dropped unread.
        Ok(Err(_)) => Judgement::abort(Abort::Panic),
        Err(_) => Judgement::abort(Abort::Deadline),
    }
}

#[cfg(test)]
mod tests {
    use rules::policy::NoResources;

    use super::*;

    #[test]
    fn what_asks_nobody_and_reads_little_is_quick() {
        let rule = |id: usize, detect: &str| {
            format!("[[rule]]\nid = 'r{id}'\ndetect = {detect}\naction = 'flag'\n")
        };
        let policy = |text: String| Policy::load(&text, &NoResources).unwrap();
        let usual = policy(rule(0, "['personal-data', 'secrets', 'profanity', 'spam']"));
        assert!(usual.is_quick(&Message::text("word ".repeat(800))));
        assert!(!usual.is_quick(&Message::text("word ".repeat(8_000))));
        let many = policy((0..1_000).map(|id| rule(id, "'iban'")).collect());
        assert!(many.is_quick(&Message::text("word ".repeat(200))));
        assert!(!many.is_quick(&Message::text("word ".repeat(800))));
        let asks = "'webhook'\noptions = { url = 'https://example.com/' }";
        assert!(!policy(rule(0, asks)).is_quick(&Message::text("word")));
        let expressions = "'pattern'\noptions = { patterns = 'a' }";
        assert!(!policy(rule(0, expressions)).is_quick(&Message::text("word")));
        let excused = "'iban'\nallow = { patterns = 'a' }";
        assert!(!policy(rule(0, excused)).is_quick(&Message::text("word")));
    }
}
