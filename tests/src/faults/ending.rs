//! What must become of a message, from its fate and the policy alone: the plan walked through, call
//! by call, without a process or a socket.

use local_chime::{CallbackFault, FallbackAction};
use rules::{Answer, InquiryFailure, Message, Outcome, Policy, Progress, Sender as RulesSender};

use super::plan::{Fate, Hook, Sender, Start, lasts};
use super::policies::Policies;
use crate::platform::Strike;

/// What the members see of a message, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// This, as content and metadata.
    Deliver(String, Option<String>),
    /// Nothing.
    Delete,
}

/// Where a message ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Answered by the processor.
    Processor(Reply),
    /// Answered by the last resort.
    LastResort(Reply),
    /// Answered by nobody: it is in the queue that the alarm watches.
    Unanswered,
}

/// What a policy makes of a message.
struct Judged {
    reply: Reply,
    /// Whether a webhook was asked that can be met.
    asks: bool,
}

/// A message on its way through its fate.
struct Walk<'a> {
    fate: &'a Fate,
    fallback: Reply,
    script: std::slice::Iter<'a, CallbackFault>,
}

/// Where the message of this fate must end.
pub fn ending(fate: &Fate, fallback: FallbackAction, policies: &Policies) -> Ending {
    let whole = Reply::Deliver(fate.content.clone(), fate.metadata.clone());
    let fallback = match fallback {
        FallbackAction::Abort => Reply::Delete,
        FallbackAction::Continue => whole,
    };
    let mut walk = Walk { fate, fallback: fallback.clone(), script: fate.script.iter() };
    for one in fate.tries {
        let judged = judge(fate, one.start, policies, &fallback);
        if let Some(reply) = walk.invocation(one.strike, &judged) {
            return Ending::Processor(reply);
        }
    }
    let last_resort = Judged { reply: fallback, asks: false };
    for strike in fate.last {
        if let Some(reply) = walk.invocation(strike, &last_resort) {
            return Ending::LastResort(reply);
        }
    }
    Ending::Unanswered
}

impl Walk<'_> {
    /// What the service accepts of an invocation.
    fn invocation(&mut self, strike: Strike, judged: &Judged) -> Option<Reply> {
        match strike {
            Strike::AtEvent
            | Strike::BeforeCallback
            | Strike::WithinCallback
            | Strike::Freeze
            // Wherever it strikes: if it was accepted, then with the answer of the tries to come.
            | Strike::After(_) => None,
            Strike::AtHook if judged.asks => None,
            strike if lasts(strike) => None,
            Strike::AtAnswer => {
                let fault = self.next();
                accepts(fault).then(|| judged.reply.clone())
            }
            Strike::None | Strike::AtHook | Strike::BeforeReturn | Strike::Refuse(_) => {
                self.calls(judged.reply.clone())
            }
        }
    }

    /// Calls until one is accepted, or none can be.
    fn calls(&mut self, mut reply: Reply) -> Option<Reply> {
        loop {
            match self.next() {
                CallbackFault::BadRequest | CallbackFault::NotFound => {
                    if reply == self.fallback {
                        return None;
                    }
                    reply = self.fallback.clone();
                }
                CallbackFault::Forbidden => return None,
                CallbackFault::Unavailable if self.fate.down => return None,
                fault if accepts(fault) => return Some(reply),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> CallbackFault {
        let beyond = if self.fate.down { CallbackFault::Unavailable } else { CallbackFault::None };
        self.script.next().copied().unwrap_or(beyond)
    }
}

fn accepts(fault: CallbackFault) -> bool {
    matches!(
        fault,
        CallbackFault::None
            | CallbackFault::LoseAnswer
            | CallbackFault::Twice
            | CallbackFault::SlowMs(_)
            | CallbackFault::LateMs(_)
    )
}

fn judge(fate: &Fate, start: Start, policies: &Policies, fallback: &Reply) -> Judged {
    let policy = match start {
        Start::Warm | Start::Fresh | Start::Swapped => &policies.usual,
        Start::Other => &policies.other,
        Start::Mistaken | Start::BrokenOff | Start::Missing => {
            return Judged { reply: fallback.clone(), asks: false };
        }
    };
    let message = Message {
        content: fate.content.as_str().into(),
        metadata: fate.metadata.as_deref().map(Into::into),
        sender: RulesSender { arn: fate.sender.arn(), name: None },
        ..Message::default()
    };
    let (outcome, asks) = evaluate(policy, &message, fate);
    let reply = match outcome {
        Outcome::Pass => Reply::Deliver(fate.content.clone(), fate.metadata.clone()),
        Outcome::Update(after) => Reply::Deliver(
            after.content.as_str().to_owned(),
            after.metadata.as_ref().map(|text| text.as_str().to_owned()),
        ),
        Outcome::Deny => Reply::Delete,
        Outcome::Abort(_) => fallback.clone(),
    };
    Judged { reply, asks }
}

fn evaluate(policy: &Policy, message: &Message, fate: &Fate) -> (Outcome, bool) {
    let mut asks = false;
    let mut progress = policy.evaluate(message);
    loop {
        match progress {
            Progress::Done(verdict) => return (verdict.outcome, asks),
            Progress::Asks(pending) if fate.sender == Sender::AskNobody => {
                progress = pending.resume(Err(InquiryFailure::Unreachable));
            }
            Progress::Asks(pending) => {
                asks = true;
                progress = pending.resume(fate.hook.answer());
            }
        }
    }
}

impl Hook {
    /// What a processor must make of what the webhook does.
    fn answer(self) -> Result<Answer, InquiryFailure> {
        let said = |body: &str| Ok(Answer { body: body.into() });
        match self {
            Self::Clear => said(r#"{"flagged":false}"#),
            Self::Flagged | Self::FlaggedAsText => said(r#"{"flagged":true}"#),
            Self::Garbage | Self::WrongShape | Self::Huge => Err(InquiryFailure::NotUnderstood),
            Self::Hang => Err(InquiryFailure::TimedOut),
            Self::HangUp | Self::CutOff => Err(InquiryFailure::Unreachable),
            Self::Fail | Self::Redirect => Err(InquiryFailure::Refused),
        }
    }
}
