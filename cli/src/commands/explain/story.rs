//! What happened to a message, rule by rule, in the policy's order.

use rules::detect::ReadAs;
use rules::evaluation::{Looked, RuleTrace, Seen, SeenHit, Skipped};
use rules::policy::{Mode, Rule, Thresholds};
use rules::{Field, Finding, InquiryFailure, Message, Outcome, Policy, Span, Verdict, detect};

/// An explained evaluation.
pub(super) struct Story<'a> {
    /// The points from which a message ends.
    pub(super) thresholds: Thresholds,
    pub(super) message: &'a Message,
    pub(super) verdict: &'a Verdict<'a>,
    /// The run over the message, then those over what was changed.
    pub(super) rounds: Vec<Vec<Step<'a>>>,
    /// What the first run did not come to.
    pub(super) not_reached: Vec<&'a Rule>,
}

/// What one rule did in one round.
pub(super) struct Step<'a> {
    /// From 1, in the policy's order.
    pub(super) number: usize,
    pub(super) rule: &'a Rule,
    pub(super) did: Did<'a>,
    /// Whether it ended the run, or was the first to rewrite.
    pub(super) decided: bool,
    /// The points that it added: a rule does so once.
    pub(super) added: Option<u32>,
}

/// What a rule did.
pub(super) enum Did<'a> {
    Skipped(Skipped),
    Looked { places: Vec<Place<'a>>, asked: Vec<Asked> },
}

/// A place that was reported.
pub(super) struct Place<'a> {
    pub(super) detector: &'static str,
    pub(super) field: Field,
    /// `None`: the field as a whole.
    pub(super) span: Option<Span>,
    /// What the sender wrote there.
    pub(super) text: Option<&'a str>,
    /// Whether the rule saw what a redaction had written there.
    pub(super) rewritten: bool,
    pub(super) label: Option<&'static str>,
    pub(super) confidence: u8,
    pub(super) parts: &'static [(&'static str, i16)],
    /// What it was read as.
    pub(super) read: Option<ReadAs>,
    pub(super) seen: Seen,
}

/// An inquiry.
pub(super) struct Asked {
    pub(super) detector: &'static str,
    pub(super) answer: Result<bool, InquiryFailure>,
}

impl<'a> Story<'a> {
    /// Puts the trace of an explained evaluation in order.
    pub(super) fn of(policy: &'a Policy, message: &'a Message, verdict: &'a Verdict<'a>) -> Self {
        let trace = verdict.trace.as_deref().unwrap_or_default();
        let last = trace.iter().map(|entry| entry.round).max().unwrap_or_default();
        let rules = || policy.rules().iter().enumerate();
        let mut scored: Vec<&str> = Vec::new();
        let rounds: Vec<Vec<Step<'a>>> = (0..=last)
            .map(|round| {
                let of_round: Vec<_> = trace.iter().filter(|entry| entry.round == round).collect();
                rules()
                    .filter_map(|(index, rule)| {
                        let entries: Vec<_> = of_round
                            .iter()
                            .copied()
                            .filter(|entry| entry.rule == rule.id())
                            .collect();
                        let did = did(rule, message, verdict, &entries)?;
                        // A redaction decides where it was the first; what ends the run, there.
                        let here = match verdict.outcome {
                            Outcome::Pass | Outcome::Update(_) => round == 0,
                            Outcome::Deny | Outcome::Abort(_) => round == last,
                        };
                        let decided = here && verdict.rule == Some(rule.id()) && did.counts();
                        let acts = rule.mode() == Mode::Enforce && did.counts();
                        let added = rule.points().filter(|_| acts && !scored.contains(&rule.id()));
                        scored.extend(added.map(|_| rule.id()));
                        Some(Step { number: index + 1, rule, did, decided, added })
                    })
                    .collect()
            })
            .collect();
        let reached = |rule: &Rule| trace.iter().any(|entry| entry.rule == rule.id());
        let not_reached = policy.rules().iter().filter(|rule| !reached(rule)).collect();
        Self { thresholds: policy.thresholds(), message, verdict, rounds, not_reached }
    }
}

impl Did<'_> {
    /// Whether the rule had something to act on.
    fn counts(&self) -> bool {
        match self {
            Self::Skipped(_) => false,
            Self::Looked { places, asked } => {
                places.iter().any(|place| place.seen == Seen::Counts)
                    || asked.iter().any(|asked| asked.answer != Ok(false))
            }
        }
    }
}

fn did<'a>(
    rule: &Rule,
    message: &'a Message,
    verdict: &'a Verdict<'a>,
    entries: &[&'a RuleTrace<'a>],
) -> Option<Did<'a>> {
    let round = entries.first()?.round;
    let mut places = Vec::new();
    let mut asked = Vec::new();
    for entry in entries {
        match &entry.looked {
            Looked::Skipped(why) => return Some(Did::Skipped(*why)),
            Looked::Found(hits) => {
                // A rule that redacts reads what it wrote, and may report there what it left.
                let known = places.len();
                for place in hits.iter().map(|hit| Place::seen(hit, rule, message)) {
                    if !places.iter().take(known).any(|one: &Place<'_>| one.is_at(&place)) {
                        places.push(place);
                    }
                }
            }
            Looked::Asked(detector, answer) => asked.push(Asked { detector, answer: *answer }),
        }
    }
    if round == 0 {
        // What looks at the message as a whole is not in the trace but among the findings.
        let whole = verdict.findings.iter().filter(|finding| finding.rule == rule.id());
        let mut whole: Vec<Place<'a>> = whole
            .filter(|finding| {
                let asks = detect::find(finding.detector).is_some_and(|one| one.asks);
                !asks && !places.iter().any(|place| place.is(finding))
            })
            .map(|finding| Place::found(finding, message))
            .collect();
        places.append(&mut whole);
    }
    Some(Did::Looked { places, asked })
}

impl<'a> Place<'a> {
    fn seen(hit: &SeenHit, rule: &Rule, message: &'a Message) -> Self {
        let text = quote(message, hit.field, hit.span);
        Self {
            detector: hit.detector,
            field: hit.field,
            span: Some(hit.span),
            text,
            rewritten: hit.rewritten,
            label: Some(hit.label),
            confidence: hit.evidence.confidence(),
            parts: hit.evidence.parts(),
            read: rule.read_as(hit.evidence, text.unwrap_or_default()),
            seen: hit.seen,
        }
    }

    fn found(finding: &Finding<'_>, message: &'a Message) -> Self {
        Self {
            detector: finding.detector,
            field: finding.field,
            span: finding.span,
            text: finding.span.and_then(|span| quote(message, finding.field, span)),
            rewritten: false,
            label: None,
            confidence: finding.evidence.confidence(),
            parts: finding.evidence.parts(),
            read: None,
            seen: Seen::Counts,
        }
    }

    fn is_at(&self, other: &Self) -> bool {
        (self.detector, self.field, self.span) == (other.detector, other.field, other.span)
    }

    fn is(&self, finding: &Finding<'_>) -> bool {
        (self.detector, self.field, self.span) == (finding.detector, finding.field, finding.span)
    }
}

fn quote(message: &Message, field: Field, span: Span) -> Option<&str> {
    let (_, text) = message.fields().find(|(other, _)| *other == field)?;
    text.as_str().get(span.range())
}

/// Why a rule did not apply, in words.
pub(super) fn reason(skipped: Skipped) -> &'static str {
    match skipped {
        Skipped::When => "its `when` does not hold",
        Skipped::Unless => "its `unless` holds",
        Skipped::Settling => "it changes nothing, and only what was changed is read again",
    }
}

/// Whether a place counted, in words.
pub(super) fn counted(seen: Seen) -> &'static str {
    match seen {
        Seen::Counts => "counts",
        Seen::BelowThreshold => "below the threshold",
        Seen::AllowedByPolicy => "allowed by the policy",
        Seen::AllowedByRule => "allowed by the rule",
        Seen::AlreadyRedacted => "already redacted",
    }
}

/// A rule's mode in the policy's words.
pub(super) fn mode(rule: &Rule) -> &'static str {
    match rule.mode() {
        Mode::Enforce => "enforce",
        Mode::Observe => "observe",
    }
}
