//! A verdict as JSON: what `eval` writes a line of, and what others build on.

use std::collections::BTreeMap;

use rules::policy::Mode;
use rules::{Field, Finding, Message, Outcome, Span, Text, Verdict};
use serde::Serialize;

/// What became of a message.
#[derive(Serialize)]
pub(crate) struct Judged<'a> {
    outcome: &'static str,
    /// What members read; `null` when they read nothing.
    content: Option<&'a Text>,
    /// The other texts, where the message has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Left<&'a Text>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    push: Option<Left<Push<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Left<&'a BTreeMap<Text, Vec<Text>>>>,
    rule: Option<&'a str>,
    /// Of an abort.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    findings: Vec<Found<'a>>,
}

/// What is left of a text that came; `null` when nobody reads it.
#[derive(Serialize)]
#[serde(transparent)]
struct Left<T>(Option<T>);

#[derive(Serialize)]
struct Push<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a Text>,
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    detector: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    /// Of a rule that only observes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    observed: bool,
}

/// A place in a message as it came, in UTF-8 bytes.
#[derive(Serialize)]
pub(crate) struct Place<'a> {
    field: &'static str,
    /// Of an attribute: its name, unless something was found in that; then its number, from 0, in
    /// the order of the names.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<usize>,
    /// Which of the attribute's values, from 0; not there where the name is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<usize>,
    start: usize,
    end: usize,
}

impl<'a> Judged<'a> {
    /// What `verdict` says of `message`.
    pub(crate) fn new(verdict: &'a Verdict<'_>, message: &'a Message) -> Self {
        let after = after(verdict, message);
        let push = |after: &'a Message| {
            let push = after.push.as_ref()?;
            Some(Push { title: push.title.as_ref(), body: push.body.as_ref() })
        };
        Self {
            outcome: verdict.outcome.name(),
            content: after.map(|after| &after.content),
            metadata: message
                .metadata
                .is_some()
                .then(|| Left(after.and_then(|after| after.metadata.as_ref()))),
            push: message.push.is_some().then(|| Left(after.and_then(push))),
            attributes: (!message.attributes.is_empty())
                .then(|| Left(after.map(|after| &after.attributes))),
            rule: verdict.rule,
            reason: match verdict.outcome {
                Outcome::Abort(reason) => Some(reason.name()),
                _ => None,
            },
            findings: verdict
                .findings
                .iter()
                .map(|one| Found::new(one, verdict, message))
                .collect(),
        }
    }
}

/// What members get; `None` when they get nothing.
pub(crate) fn after<'a>(verdict: &'a Verdict<'_>, message: &'a Message) -> Option<&'a Message> {
    match &verdict.outcome {
        Outcome::Pass => Some(message),
        Outcome::Update(after) => Some(after),
        Outcome::Deny | Outcome::Abort(_) => None,
    }
}

impl<'a> Found<'a> {
    fn new(finding: &Finding<'a>, verdict: &Verdict<'_>, message: &'a Message) -> Self {
        Self {
            rule: finding.rule,
            detector: finding.detector,
            place: Place::new(finding.field, finding.span, verdict, message),
            observed: finding.mode == Mode::Observe,
        }
    }
}

impl<'a> Place<'a> {
    /// Without a span the whole field is meant.
    pub(crate) fn new(
        field: Field,
        span: Option<Span>,
        verdict: &Verdict<'_>,
        message: &'a Message,
    ) -> Self {
        let length = || {
            message.fields().find(|(other, _)| *other == field).map_or(0, |(_, text)| text.len())
        };
        let (start, end) = span.map_or_else(|| (0, length()), |span| (span.start(), span.end()));
        let (number, value) = match field {
            Field::Attribute(index) => {
                message.attribute(index).map(|(number, _, value)| (number, value)).unzip()
            }
            Field::AttributeName(number) => (Some(number), None),
            _ => (None, None),
        };
        let is_told = |number: &usize| {
            verdict.findings.iter().all(|one| one.field != Field::AttributeName(*number))
        };
        let name = number.filter(is_told).and_then(|number| message.attributes.keys().nth(number));
        let attribute = number.filter(|_| name.is_none());
        Self { field: field.name(), name: name.map(Text::as_str), attribute, value, start, end }
    }
}
