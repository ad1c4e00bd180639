//! The default policy, and one with every detector, over a message.

use std::sync::LazyLock;

use rules::policy::{Action, Mode, Resources};
use rules::{
    Answer, Field, Finding, InquiryFailure, Message, Outcome, Policy, Progress, Push, Span,
    SpanSet, Verdict,
};

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    [include_str!("../../../policy.toml"), EVERYTHING].into_iter().filter_map(loaded).collect()
});

/// A policy with every detector and every operator.
pub const EVERYTHING: &str = include_str!("../everything.toml");

struct Key;

impl Resources for Key {
    fn file(&self, _: &str) -> Result<String, String> {
        Err("there are no files".to_owned())
    }

    fn secret(&self, _: &str) -> Option<String> {
        Some("a key of thirty-two characters ..".to_owned())
    }
}

fn loaded(text: &str) -> Option<Policy> {
    let policy = Policy::load(text, &Key);
    assert!(policy.is_ok(), "{}", policy.err().map_or_else(String::new, |all| all.plain(text)));
    policy.ok()
}

/// A message ends in a verdict. Findings lie on characters; outside of what redacting rules found
/// every byte is kept, and a document stays one; what is delivered is delivered again as it is.
///
/// # Panics
/// Where that does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let message = message(&text);
    for policy in POLICIES.iter() {
        let verdict = verdict(policy.evaluate(&message));
        for finding in &verdict.findings {
            let Some(span) = finding.span else { continue };
            let field = field(&message, finding.field);
            assert!(
                field.get(span.range()).is_some(),
                "{} found {:?} in {} bytes",
                finding.rule,
                span.range(),
                field.len()
            );
        }
        if let Outcome::Update(after) = &verdict.outcome {
            // With other names, attributes stand in another order, or as one.
            let renamed = !message.attributes.keys().eq(after.attributes.keys());
            let of_attribute =
                |field| matches!(field, Field::Attribute(_) | Field::AttributeName(_));
            for ((name, before), (_, after)) in message.fields().zip(after.fields()) {
                if renamed && of_attribute(name) {
                    break;
                }
                let spans = redacted(policy, &verdict.findings, name);
                kept(name, before, after, spans);
            }
            settled(policy, after);
        }
    }
}

/// The message that a text stands for: content, metadata, the push notification's title and body
/// and an attribute's value, then names of attributes without a value, with the control character
/// `RS` between them; what is not there is not set.
fn message(text: &str) -> Message {
    let mut parts = text.split('\u{1e}');
    let mut next = || parts.next().map(rules::Text::from);
    let content = next().unwrap_or_default();
    let metadata = next();
    let title = next();
    let push = title.map(|title| Push { title: Some(title), body: next() });
    let value = next();
    let names = parts.map(rules::Text::from).map(|name| (name, Vec::new()));
    let attributes = value.into_iter().map(|value| ("name".into(), vec![value]));
    let attributes = attributes.chain(names).collect();
    Message { content, metadata, push, attributes, ..Message::default() }
}

/// The verdict, with half of the questions answered.
fn verdict<'p>(mut progress: Progress<'p, '_>) -> Verdict<'p> {
    let mut asked = 0;
    loop {
        match progress {
            Progress::Done(verdict) => return verdict,
            Progress::Asks(pending) => {
                asked += 1;
                progress = pending.resume(if asked % 2 == 0 {
                    Ok(Answer { body: br#"{"flagged":false}"#.to_vec() })
                } else {
                    Err(InquiryFailure::Unreachable)
                });
            }
        }
    }
}

fn field(message: &Message, field: Field) -> &str {
    message.fields().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
}

/// The places of a field that a rule redacts.
fn redacted(policy: &Policy, findings: &[Finding<'_>], field: Field) -> Vec<Span> {
    let redacts = |id: &str| {
        policy.rules().iter().any(|rule| rule.id() == id && rule.action() == Action::Redact)
    };
    let own = findings.iter().filter(|one| one.field == field && one.mode == Mode::Enforce);
    own.filter(|one| redacts(one.rule)).filter_map(|one| one.span).collect()
}

/// The text without what would belong to a letter before it.
fn without_marks(text: &str) -> &str {
    let behind_letter = format!("a{text}");
    let letter = Span::new(0, 1).map(|letter| (letter, ())).into_iter().collect();
    let widened = SpanSet::new(&behind_letter, letter).iter().map(|(span, ())| span.end()).max();
    widened.and_then(|end| text.get(end - 1..)).unwrap_or(text)
}

/// What stands between the spans stands in `after`, in the same order, and first and last as
/// before.
fn kept(name: Field, before: &str, after: &str, spans: Vec<Span>) {
    if before == after {
        return;
    }
    let name = name.name();
    assert!(!spans.is_empty(), "{name} was changed, and nothing was found in it");
    if is_json(before) {
        assert!(is_json(after), "{name} is no document any more");
    }
    let is_encoded = before.contains(['%', '&', '\\']);
    if is_encoded || after == PLACEHOLDER {
        // Characters that belong together may be encoded apart, so more than the span may go.
        return;
    }
    let spans = SpanSet::new(before, spans.into_iter().map(|span| (span, ())).collect());
    let starts = spans.iter().map(|(span, ())| span.start()).chain([before.len()]);
    let mut ends = spans.iter().map(|(span, ())| span.end());
    let mut between = starts.scan(0, |from, start| {
        let part = before.get(*from..start).unwrap_or_default();
        // Marks behind a span may have been joined to what was redacted, and have gone with it.
        let part = if *from == 0 { part } else { without_marks(part) };
        *from = ends.next().unwrap_or(before.len());
        Some(part)
    });
    let first = between.next().unwrap_or_default();
    let mut between: Vec<&str> = between.collect();
    let last = between.pop().unwrap_or_default();
    let inner = after.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    assert!(inner.is_some(), "{name}: what is before or behind the spans was changed");
    let mut rest = inner.unwrap_or_default();
    for part in between {
        let found = rest.split_once(part);
        assert!(found.is_some() || part.is_empty(), "{name}: what is between spans was changed");
        rest = found.map_or(rest, |(_, behind)| behind);
    }
}

/// What the engine writes where a redaction would leave nothing.
const PLACEHOLDER: &str = "[removed]";

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// A message that is edited to just what was delivered is delivered like that.
fn settled(policy: &Policy, after: &Message) {
    let again = verdict(policy.evaluate(after));
    let (rule, outcome) = (again.rule.unwrap_or_default(), again.outcome.name());
    assert!(again.outcome == Outcome::Pass, "delivered once, {outcome} by {rule} the second time");
}
