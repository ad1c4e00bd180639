//! An explained evaluation as JSON.

use std::io::Write;

use rules::evaluation::{Seen, Skipped};
use rules::policy::Rule;
use serde::Serialize;

use super::story::{Asked, Did, Place, Step, Story, mode};
use crate::exit::Failure;
use crate::judged::{self, Judged};

#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    judged: Judged<'a>,
    /// Points that `score` rules added.
    score: u32,
    thresholds: Points,
    rounds: Vec<Vec<RuleStep<'a>>>,
    not_reached: Vec<&'a str>,
}

/// From how many points on a message ends so.
#[derive(Serialize)]
struct Points {
    #[serde(skip_serializing_if = "Option::is_none")]
    deny: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abort: Option<u32>,
}

#[derive(Serialize)]
struct RuleStep<'a> {
    rule: &'a str,
    detectors: Vec<&'static str>,
    action: &'static str,
    mode: &'static str,
    threshold: u8,
    decided: bool,
    /// Points that it added.
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<u32>,
    skipped: Option<&'static str>,
    places: Vec<SeenPlace<'a>>,
    asked: Vec<AskedOutside>,
}

#[derive(Serialize)]
struct SeenPlace<'a> {
    detector: &'static str,
    #[serde(flatten)]
    place: judged::Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'static str>,
    /// Whether the rule saw what a redaction had written there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rewritten: bool,
    seen: &'static str,
    confidence: u8,
    evidence: Vec<Part>,
    /// Of words and phrases: which one it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<Read<'a>>,
}

#[derive(Serialize)]
struct Read<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
}

#[derive(Serialize)]
struct Part {
    reason: &'static str,
    points: i16,
}

#[derive(Serialize)]
struct AskedOutside {
    detector: &'static str,
    flagged: Option<bool>,
    failure: Option<&'static str>,
}

pub(super) fn write(story: &Story<'_>, out: &mut impl Write) -> Result<(), Failure> {
    let explained = Explained {
        judged: Judged::new(story.verdict, story.message),
        score: story.verdict.score,
        thresholds: Points { deny: story.thresholds.deny, abort: story.thresholds.abort },
        rounds: story
            .rounds
            .iter()
            .map(|steps| steps.iter().map(|step| rule_step(step, story)).collect())
            .collect(),
        not_reached: story.not_reached.iter().map(|rule| Rule::id(rule)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &explained)?;
    writeln!(out)?;
    Ok(())
}

fn rule_step<'a>(step: &'a Step<'a>, story: &'a Story<'a>) -> RuleStep<'a> {
    let (skipped, places, asked): (_, &[Place<'_>], &[Asked]) = match &step.did {
        Did::Skipped(why) => (Some(*why), &[], &[]),
        Did::Looked { places, asked } => (None, places, asked),
    };
    RuleStep {
        rule: step.rule.id(),
        detectors: step.rule.detectors().collect(),
        action: step.rule.action().name(),
        mode: mode(step.rule),
        threshold: step.rule.threshold(),
        decided: step.decided,
        added: step.added,
        skipped: skipped.map(|why| match why {
            Skipped::When => "when",
            Skipped::Unless => "unless",
            Skipped::Settling => "settling",
        }),
        places: places.iter().map(|place| seen_place(place, story)).collect(),
        asked: asked
            .iter()
            .map(|asked| AskedOutside {
                detector: asked.detector,
                flagged: asked.answer.ok(),
                failure: asked.answer.err().map(rules::InquiryFailure::name),
            })
            .collect(),
    }
}

fn seen_place<'a>(place: &'a Place<'_>, story: &Story<'a>) -> SeenPlace<'a> {
    SeenPlace {
        detector: place.detector,
        place: judged::Place::new(place.field, place.span, story.verdict, story.message),
        label: place.label,
        rewritten: place.rewritten,
        seen: match place.seen {
            Seen::Counts => "counts",
            Seen::BelowThreshold => "below-threshold",
            Seen::AllowedByPolicy => "allowed-by-policy",
            Seen::AllowedByRule => "allowed-by-rule",
            Seen::AlreadyRedacted => "already-redacted",
        },
        confidence: place.confidence,
        evidence: place.parts.iter().map(|&(reason, points)| Part { reason, points }).collect(),
        read_as: place.read.as_ref().map(|read| Read {
            entry: read.entry.as_deref(),
            category: read.category,
            severity: read.severity,
            language: read.language,
        }),
    }
}
