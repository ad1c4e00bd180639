//! Checks over the whole policy: what one rule writes, another must not match.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::diagnostic::{Code, Diagnostic, Label};
use super::{Does, Mode, Policy};
use crate::detect::{Hit, Hits, Probe, Scan, Shared};

/// How many different texts are looked at: more than any policy writes that was not generated, and
/// few enough that each can be shown to each of 10,000 rules.
const MOST_TEXTS: usize = 256;

/// Where a rule says what it writes, and where what it looks for.
pub(super) struct Places {
    pub(super) writes: Range<usize>,
    pub(super) detects: Range<usize>,
}

/// What masks are tried on: a word, a card number, and something longer than most.
const HIDDEN: [usize; 3] = [8, 16, 64];

/// Reports every replacement text that an enforced rule would match. The texts that can be known
/// beforehand are a rule's labels, its fixed text, masks of some lengths and the placeholder.
pub(super) fn replacements(policy: &Policy, places: &[Places], diagnostics: &mut Vec<Diagnostic>) {
    // Many rules write the same label: one report a text is enough.
    let mut written: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        let Does::Redact(operator) = &rule.does else { continue };
        for (definition, _) in &rule.probes {
            for length in HIDDEN {
                let hidden = "\u{b7}".repeat(length);
                let text = operator.replacement(&hidden, definition.label);
                written.entry(text).or_insert(Some(index));
            }
        }
    }
    if !written.is_empty() {
        written.insert(policy.placeholder.clone(), None);
    }
    // Of one rule's masks of several lengths, one report is enough, too.
    let mut reported = HashSet::new();
    for (text, by) in written.iter().take(MOST_TEXTS).filter(|(text, _)| !text.is_empty()) {
        let Some((matching, detector)) = matched(policy, text) else { continue };
        if !reported.insert((*by, matching)) {
            continue;
        }
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

/// The first enforced rule that would act on `text`, or add points for it, and its detector.
fn matched(policy: &Policy, text: &str) -> Option<(usize, &'static str)> {
    let shared = Shared::of(text);
    let scan = Scan::new(text, &shared);
    let mut hits = Hits::default();
    for (index, rule) in policy.rules.iter().enumerate() {
        if matches!(rule.does, Does::Flag) || rule.mode == Mode::Observe {
            continue;
        }
        for (definition, probe) in &rule.probes {
            let Probe::Text(detector) = probe else { continue };
            if shared.landmarks().meet(definition.needs) {
                detector.scan(&scan, &mut hits);
            }
            let excused = |hit: &Hit| {
                let found = text.get(hit.span.range()).unwrap_or_default();
                definition.is_of_form() && policy.remains.has(found)
            };
            let counts = |hit: &Hit| hit.evidence.confidence() >= rule.threshold;
            if hits.drain().any(|hit| counts(&hit) && !excused(&hit)) {
                return Some((index, definition.name));
            }
        }
    }
    None
}
