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
    attributes: Option<Left<&'a BTreeMap<String, Vec<Text>>>>,
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
    /// Of an attribute's value: its name, and which of its values, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
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
            findings: verdict.findings.iter().map(|one| Found::new(one, message)).collect(),
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
    fn new(finding: &Finding<'a>, message: &'a Message) -> Self {
        Self {
            rule: finding.rule,
            detector: finding.detector,
            place: Place::new(finding.field, finding.span, message),
            observed: finding.mode == Mode::Observe,
        }
    }
}

impl<'a> Place<'a> {
    /// Without a span the whole field is meant.
    pub(crate) fn new(field: Field, span: Option<Span>, message: &'a Message) -> Self {
        let length = || {
            message.fields().find(|(other, _)| *other == field).map_or(0, |(_, text)| text.len())
        };
        let (start, end) = span.map_or_else(|| (0, length()), |span| (span.start(), span.end()));
        let (name, value) = match field {
            Field::Attribute(index) => attribute(message, index).unzip(),
            _ => (None, None),
        };
        Self { field: field.name(), name, value, start, end }
    }
}

/// The name of the attribute that holds the value numbered `index` over all attributes, and the
/// value's number under that name.
pub(crate) fn attribute(message: &Message, index: usize) -> Option<(&str, usize)> {
    let mut before = 0;
    message.attributes.iter().find_map(|(name, values)| {
        let own = index.checked_sub(before).filter(|own| *own < values.len());
        before += values.len();
        own.map(|own| (name.as_str(), own))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_value_is_numbered_under_its_name() {
        let message = Message {
            attributes: BTreeMap::from([
                ("a".to_owned(), vec!["1".into(), "2".into()]),
                ("b".to_owned(), Vec::new()),
                ("c".to_owned(), vec!["3".into()]),
            ]),
            ..Message::default()
        };
        assert_eq!(attribute(&message, 1), Some(("a", 1)));
        assert_eq!(attribute(&message, 2), Some(("c", 0)));
        assert_eq!(attribute(&message, 3), None);
    }
}
