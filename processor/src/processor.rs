//! A message's way from its event to its accepted callback.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, timeout_at};

use crate::callback::{Attempts, Callbacks, Sent, Sign};
use crate::client::Connections;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::failure::Failure;
use crate::judge::{Abort, Evaluate, Judgement, Outcome, judge};
use crate::log::{Level, Line, Sink, milliseconds};
use crate::metrics::{Metric, embedded};
use crate::policy::BrokenPolicy;
use crate::reply::{Fallback, Reply};
use crate::shape;
use crate::turns::Turns;
use crate::webhook::Webhooks;

/// The most mistakes of a broken policy that the log names: a line that is too long for CloudWatch
/// is cut off, and is JSON no more.
const MOST_MISTAKES: usize = 50;

/// What a processor is made of.
pub struct Config {
    /// What judges messages, most often an [`rules::Policy`]; or why there is nothing.
    pub policy: Result<Arc<dyn Evaluate>, BrokenPolicy>,
    /// What becomes of a message that could not be judged.
    pub fallback: Fallback,
    /// The way to the service.
    pub connections: Connections,
    /// Where lines go.
    pub sink: Arc<dyn Sink>,
    /// The function's name, when metrics are wanted.
    pub function: Option<String>,
    /// Whether the names and types of each raw event are written.
    pub log_event_shape: bool,
}

/// One delivery of an event.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// The event as it came.
    pub payload: &'a [u8],
    /// When the process may be stopped.
    pub end: Instant,
    /// The invocation's id, for the log.
    pub request_id: Option<&'a str>,
}

/// A message that has its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The message.
    pub message_id: String,
    /// Its channel's ARN.
    pub channel_arn: String,
    /// What the rules said; `None` when the message was known to be answered before it was judged.
    pub judgement: Option<Judgement>,
    /// Whether the callback stopped the message.
    pub deleted: bool,
    /// How the service came to have the answer.
    pub sent: Sent,
    /// What happened on the way.
    pub attempts: Attempts,
    /// How long judging took.
    pub judging: Duration,
    /// How long the callback took, with its repetitions.
    pub sending: Duration,
}

/// Answers messages: each one with the policy, once.
pub struct Processor {
    policy: Option<Arc<dyn Evaluate>>,
    fallback: Fallback,
    callbacks: Callbacks,
    turns: Turns,
    webhooks: Webhooks,
    sink: Arc<dyn Sink>,
    function: Option<String>,
    log_event_shape: bool,
}

impl Processor {
    /// A processor. A broken policy is reported to the sink, and every message is then answered as
    /// the fallback says.
    pub fn new(config: Config) -> Self {
        let policy = match config.policy {
            Ok(policy) => Some(policy),
            Err(broken) => {
                let broken = broken.to_string();
                let (told, more) = (
                    broken.lines().take(MOST_MISTAKES).collect::<Vec<_>>(),
                    broken.lines().skip(MOST_MISTAKES).count(),
                );
                let line = Line::new(Level::Error, "broken-policy", SystemTime::now())
                    .with("mistakes", told);
                let line = if more > 0 { line.with("mistakes_more", more) } else { line };
                line.write(&*config.sink);
                None
            }
        };
        Self {
            policy,
            fallback: config.fallback,
            callbacks: Callbacks::new(config.connections.chime),
            turns: Turns::default(),
            webhooks: config.connections.webhooks,
            sink: config.sink,
            function: config.function,
            log_event_shape: config.log_event_shape,
        }
    }

    /// Answers a message, and writes the line that says how.
    ///
    /// # Errors
    /// Why it has no answer; Lambda is to deliver it again.
    pub async fn answer(&self, invocation: Invocation<'_>) -> Result<Decision, Failure> {
        let began = Instant::now();
        if self.log_event_shape {
            Line::new(Level::Info, "shape", SystemTime::now())
                .request(invocation.request_id)
                .with("shape", shape::of(invocation.payload))
                .write(&*self.sink);
        }
        let event = match Event::read(invocation.payload) {
            Ok(event) => event,
            Err(why) => {
                let failure = Failure::EventUnreadable(why);
                self.report_failure(&invocation, None, &failure, &Attempts::default(), began);
                return Err(failure);
            }
        };
        let mut attempts = Attempts::default();
        match self.decide(&event, &invocation, began, &mut attempts).await {
            Ok(decision) => {
                self.report(&invocation, &event, &decision, began);
                Ok(decision)
            }
            Err(failure) => {
                self.report_failure(&invocation, Some(&event), &failure, &attempts, began);
                Err(failure)
            }
        }
    }

    async fn decide(
        &self,
        event: &Event,
        invocation: &Invocation<'_>,
        began: Instant,
        attempts: &mut Attempts,
    ) -> Result<Decision, Failure> {
        let deadline = Deadline::new(began, invocation.end);
        let mut decision = Decision {
            message_id: event.message_id.clone(),
            channel_arn: event.channel_arn.clone(),
            judgement: None,
            deleted: false,
            sent: Sent::Duplicate(Sign::Memory),
            attempts: Attempts::default(),
            judging: Duration::ZERO,
            sending: Duration::ZERO,
        };
        let turn = timeout_at(deadline.answer_by, self.turns.take(&event.callback_id));
        // Whoever has the turn may yet have answered it.
        let Ok(_turn) = turn.await else { return Err(Failure::CallbackUnconfirmed) };
        if self.callbacks.knows(event) {
            return Ok(decision);
        }
        let mut judgement = self.judge(event, &deadline).await;
        let judged = Instant::now();
        let mut reply = Reply::to(event, &judgement.outcome, self.fallback);
        let mut sent = self.callbacks.send(event, &reply, &deadline, attempts).await;
        if sent == Err(Failure::CallbackRefused) {
            // What the service does not take cannot be delivered, and must not stay pending.
            let fallback = Reply::fallback(event, self.fallback);
            if fallback != reply {
                judgement.outcome = Outcome::Abort(Abort::Refused);
                reply = fallback;
                sent = self.callbacks.send(event, &reply, &deadline, attempts).await;
            }
        }
        decision.sent = sent?;
        decision.judgement = Some(judgement);
        decision.deleted = reply.deletes();
        decision.attempts = attempts.clone();
        decision.judging = judged - began;
        decision.sending = judged.elapsed();
        Ok(decision)
    }

    async fn judge(&self, event: &Event, deadline: &Deadline) -> Judgement {
        let Some(policy) = &self.policy else { return Judgement::abort(Abort::BrokenPolicy) };
        judge(policy, &event.message, &self.webhooks, deadline).await
    }

    fn report(
        &self,
        invocation: &Invocation<'_>,
        event: &Event,
        decision: &Decision,
        began: Instant,
    ) {
        let now = SystemTime::now();
        let total = milliseconds(began.elapsed());
        let duplicate = match decision.sent {
            Sent::Accepted | Sent::Confirmed => None,
            Sent::Duplicate(sign) => Some(sign),
        };
        let outcome = decision.judgement.as_ref().map(|judgement| &judgement.outcome);
        let level = match (duplicate, outcome) {
            (None, Some(Outcome::Abort(_))) => Level::Error,
            (Some(Sign::Grant), _) => Level::Warn,
            _ => Level::Info,
        };
        let mut metrics = vec![(Metric::Messages, 1.0), (Metric::DecisionTime, total)];
        metrics.extend(match (duplicate, outcome) {
            (Some(_), _) => Some((Metric::Duplicates, 1.0)),
            (None, Some(Outcome::Pass)) => Some((Metric::Passed, 1.0)),
            (None, Some(Outcome::Update(_))) => Some((Metric::Updated, 1.0)),
            (None, Some(Outcome::Deny)) => Some((Metric::Denied, 1.0)),
            (None, Some(Outcome::Abort(_))) => Some((Metric::Aborted, 1.0)),
            (None, None) => None,
        });
        metrics.extend(retries(&decision.attempts));
        let mut line = Line::new(level, "decision", now)
            .request(invocation.request_id)
            .about(event)
            .with("policy", self.policy.as_ref().map(|policy| policy.revision()))
            .with("duplicate", duplicate.is_some());
        if let Some(sign) = duplicate {
            line = line.with("duplicate_sign", sign.name());
        }
        if let Some(judgement) = &decision.judgement {
            line = described(line, judgement, self.fallback)
                .with("reply", if decision.deleted { "delete" } else { "deliver" })
                .with("edited", event.message.edited)
                .with("judge_ms", milliseconds(decision.judging))
                .with("callback_ms", milliseconds(decision.sending));
        }
        if !event.unexpected.is_empty() {
            line = line.with("unexpected", event.unexpected.clone());
        }
        self.close(attempted(line, &decision.attempts).with("total_ms", total), now, &metrics);
    }

    fn report_failure(
        &self,
        invocation: &Invocation<'_>,
        event: Option<&Event>,
        failure: &Failure,
        attempts: &Attempts,
        began: Instant,
    ) {
        let now = SystemTime::now();
        let mut metrics = Vec::from_iter(retries(attempts));
        if *failure == Failure::CallbackForbidden {
            metrics.push((Metric::CallbackForbidden, 1.0));
        }
        let mut line = Line::new(Level::Error, "failure", now).request(invocation.request_id);
        if let Some(event) = event {
            line = line.about(event);
        }
        let line = line
            .with("failure", failure.name())
            .with("why", failure.to_string())
            .with("total_ms", milliseconds(began.elapsed()));
        self.close(attempted(line, attempts), now, &metrics);
    }

    fn close(&self, line: Line<'_>, now: SystemTime, metrics: &[(Metric, f64)]) {
        let members = match &self.function {
            Some(function) if !metrics.is_empty() => embedded(function, now, metrics),
            _ => serde_json::Map::new(),
        };
        line.members(members).write(&*self.sink);
    }
}

fn described<'a>(line: Line<'a>, judgement: &Judgement, fallback: Fallback) -> Line<'a> {
    let mut line = line.with("outcome", judgement.outcome.name()).findings(&judgement.findings);
    if let Outcome::Abort(why) = judgement.outcome {
        line = line.with("reason", why.name()).with("fallback", fallback.name());
    }
    if let Some(rule) = &judgement.rule {
        line = line.with("rule", rule.as_str());
    }
    line.failures(&judgement.failures)
}

pub(crate) fn attempted<'a>(line: Line<'a>, attempts: &Attempts) -> Line<'a> {
    let line = line.with("attempts", attempts.count);
    if attempts.faults.is_empty() {
        return line;
    }
    line.with("faults", attempts.faults.iter().map(|fault| fault.name()).collect::<Vec<_>>())
}

/// Calls beyond the first, if there were any.
pub(crate) fn retries(attempts: &Attempts) -> Option<(Metric, f64)> {
    let retries = attempts.count.saturating_sub(1);
    (retries > 0).then(|| (Metric::CallbackRetries, f64::from(retries)))
}
