//! What an explained evaluation notes.

use crate::detect::Evidence;
use crate::inquiry::InquiryFailure;
use crate::message::Field;
use crate::span::Span;

/// What one rule did with a message. A rule that is not in the trace was not reached; one that
/// redacts is in it once more for each time that it read at once what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTrace<'p> {
    /// Id of the rule.
    pub rule: &'p str,
    /// 0 for the run over the message; 1 and more for the runs over what was changed.
    pub round: u8,
    /// What it did.
    pub looked: Looked,
}

/// What a rule did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It did not apply.
    Skipped(Skipped),
    /// It looked, and its detectors reported this.
    Found(Vec<SeenHit>),
    /// It asked the outside through this detector, and was told whether the message is flagged.
    Asked(&'static str, Result<bool, InquiryFailure>),
}

/// Why a rule did not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// Its `when` does not hold.
    When,
    /// Its `unless` holds.
    Unless,
    /// It changes nothing, and only what was changed is read again.
    Settling,
}

/// A reported place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenHit {
    /// Name of the detector.
    pub detector: &'static str,
    /// The field.
    pub field: Field,
    /// Byte offsets in the field as it came.
    pub span: Span,
    /// Whether a redaction had written there, so that the rule saw something else than what came.
    pub rewritten: bool,
    /// What a label calls it.
    pub label: &'static str,
    /// Why it was reported.
    pub evidence: Evidence,
    /// Whether it counts.
    pub seen: Seen,
}

/// Whether a reported place counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It does.
    Counts,
    /// Its confidence is below the rule's threshold.
    BelowThreshold,
    /// It is on the policy's allow list.
    AllowedByPolicy,
    /// It is on the rule's.
    AllowedByRule,
    /// It is what the rule's own mask left standing.
    AlreadyRedacted,
}
