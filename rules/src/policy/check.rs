//! Checks over the whole policy: what one rule writes, another must not match.

use std::ops::Range;

use super::diagnostic::{Code, Diagnostic, Label};
use super::{Does, Mode, Policy};
use crate::detect::{Hits, Probe, Scan, Shared};

/// How many different texts are looked at: more than any policy writes that was not generated, and
/// few enough that each can be shown to each of 10,000 rules.
const MOST_TEXTS: usize = 256;

/// Where a rule says what it writes, and where what it looks for.
pub(super) struct Places {
    pub(super) writes: Range<usize>,
    pub(super) detects: Range<usize>,
}

/// Reports every replacement text that an enforced redaction or denial would match. The texts that
/// can be known beforehand are a rule's labels, its fixed text, a mask of eight characters and the
/// placeholder.
pub(super) fn replacements(policy: &Policy, places: &[Places], diagnostics: &mut Vec<Diagnostic>) {
    let mut written: Vec<(String, Option<usize>)> = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        let Does::Redact(operator) = &rule.does else { continue };
        for (definition, _) in &rule.probes {
            written.push((
                operator.replacement(
                    "\u{b7}\u{b7}\u{b7}\u{b7}\u{b7}\u{b7}\u{b7}\u{b7}",
                    definition.label,
                ),
                Some(index),
            ));
        }
    }
    if !written.is_empty() {
        written.push((policy.placeholder.clone(), None));
    }
    written.sort();
    // Many rules write the same label: one report a text is enough.
    written.dedup_by(|later, earlier| later.0 == earlier.0);
    written.truncate(MOST_TEXTS);
    for (text, by) in written.iter().filter(|(text, _)| !text.is_empty()) {
        let Some((matching, detector)) = matched(policy, text) else { continue };
        let mut labels = Vec::with_capacity(2);
        if let Some(places) = by.and_then(|by| places.get(by)) {
            labels.push(Label { range: places.writes.clone(), text: "written here".to_owned() });
        }
        if let Some(places) = places.get(matching) {
            let text = format!("`{detector}` matches it here");
            labels.push(Label { range: places.detects.clone(), text });
        }
        diagnostics.push(Diagnostic {
            code: Code::MaskMatchesRule,
            message: format!("the replacement `{text}` would itself be matched by a rule"),
            labels,
            help: Some(
                "choose another operator or text, or narrow the rule that matches".to_owned(),
            ),
        });
    }
}

/// The first enforced rule that would act on `text`, and its detector.
fn matched(policy: &Policy, text: &str) -> Option<(usize, &'static str)> {
    let shared = Shared::of(text);
    let scan = Scan::new(text, &shared);
    let mut hits = Hits::default();
    for (index, rule) in policy.rules.iter().enumerate() {
        let acts = matches!(rule.does, Does::Redact(_) | Does::Deny);
        if !acts || rule.mode == Mode::Observe {
            continue;
        }
        for (definition, probe) in &rule.probes {
            let Probe::Text(detector) = probe else { continue };
            if shared.landmarks().meet(definition.needs) {
                detector.scan(&scan, &mut hits);
            }
            if hits.drain().any(|hit| hit.evidence.confidence() >= rule.threshold) {
                return Some((index, definition.name));
            }
        }
    }
    None
}
