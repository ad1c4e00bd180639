//! The pipeline: a message goes through the rules, and a verdict comes out.
//!
//! Each rule sees the message as the rules before it left it; the first denial ends the run. After
//! a redaction the changed fields are read again until the policy leaves them alone, so what is
//! delivered can be edited and judged again without changing any further.

mod trace;
mod working;

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

pub use trace::{Looked, RuleTrace, Seen, SeenHit, Skipped};

use crate::allow::Allow;
use crate::detect::{Definition, Evidence, FieldHits, Hit, Hits, Probe, Snapshot};
use crate::inquiry::{Answer, Inquiry, InquiryFailure};
use crate::limits;
use crate::message::{Field, Message};
use crate::operator::Operator;
use crate::policy::{Does, Mode, OnError, Policy, Rule};
use crate::span::Span;
use working::{Place, Turn, Working};

/// How often the changed fields are read again before the message counts as one that cannot be
/// judged. One round is the rule; a second is needed when a removal joins what stood apart.
const ROUNDS: u8 = 4;

/// How often, in all, a rule reads at once what it wrote itself; what it finds there would take
/// another round of all rules otherwise.
const REREADS: u8 = 4;

/// From this round on, what is still found gives way to the placeholder, which stands apart from what is
/// beside it: a removal joins what stood there, and a fixed text may be a part of the next thing found.
const PATIENCE: u8 = 2;

impl Policy {
    /// Judges a message.
    pub fn evaluate<'p, 'm>(&'p self, message: &'m Message) -> Progress<'p, 'm> {
        Run::new(self, message, None).proceed()
    }

    /// Judges a message and notes, rule by rule, what was looked at and why it counted or not.
    pub fn explain<'p, 'm>(&'p self, message: &'m Message) -> Progress<'p, 'm> {
        Run::new(self, message, Some(Vec::new())).proceed()
    }
}

/// How far an evaluation got.
#[derive(Debug)]
pub enum Progress<'p, 'm> {
    /// It waits for an answer.
    Asks(Pending<'p, 'm>),
    /// It is over.
    Done(Verdict<'p>),
}

/// An evaluation that waits for the outside.
pub struct Pending<'p, 'm> {
    run: Run<'p, 'm>,
    inquiry: Inquiry,
}

impl std::fmt::Debug for Pending<'_, '_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pending").field("inquiry", &self.inquiry).finish_non_exhaustive()
    }
}

impl<'p, 'm> Pending<'p, 'm> {
    /// The question.
    pub fn inquiry(&self) -> &Inquiry {
        &self.inquiry
    }

    /// Goes on with the answer, or with the reason why there is none.
    pub fn resume(mut self, answer: Result<Answer, InquiryFailure>) -> Progress<'p, 'm> {
        match self.run.answered(answer) {
            Some(outcome) => Progress::Done(self.run.end(outcome)),
            None => self.run.proceed(),
        }
    }
}

/// What the policy says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'p> {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Id of the rule that decided: the one that denied or aborted, or the first that rewrote.
    pub rule: Option<&'p str>,
    /// What was found, by rules that act and rules that observe, in the order it was found.
    pub findings: Vec<Finding<'p>>,
    /// Inquiries that got no answer, with the rule that asked.
    pub failures: Vec<(&'p str, InquiryFailure)>,
    /// Points that `score` rules added.
    pub score: u32,
    /// What each rule saw: of [`Policy::explain`] only.
    pub trace: Option<Vec<RuleTrace<'p>>>,
}

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Delivered as it came.
    Pass,
    /// Delivered like this.
    Update(Box<Message>),
    /// Stopped.
    Deny,
    /// It could not be judged.
    Abort(AbortReason),
}

impl Outcome {
    /// The name in logs and output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Update(_) => "update",
            Self::Deny => "deny",
            Self::Abort(_) => "abort",
        }
    }
}

/// Why a message could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortReason {
    /// A rule with `action = "abort"` matched.
    Rule,
    /// A rule got no answer, and its `on-error` is `abort`.
    Inquiry(InquiryFailure),
    /// The rules kept changing each other's replacements, the placeholder too.
    Unsettled,
}

impl AbortReason {
    /// Stable name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Inquiry(failure) => failure.name(),
            Self::Unsettled => "unsettled",
        }
    }
}

/// A place that a rule's detector found. It says where, never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding<'p> {
    /// Id of the rule.
    pub rule: &'p str,
    /// Name of the detector.
    pub detector: &'static str,
    /// The field.
    pub field: Field,
    /// Byte offsets in the field as it came; `None` when the field or the message as a whole is
    /// meant.
    pub span: Option<Span>,
    /// Why.
    pub evidence: Evidence,
    /// Whether the rule acts on it or only observes.
    pub mode: Mode,
}

/// What makes two findings the same. Its hash is that of where it begins: few begin together.
#[derive(PartialEq, Eq)]
struct FindingPlace<'p>(Option<Span>, Field, &'static str, &'p str);

impl Hash for FindingPlace<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.map_or(0, Span::start).hash(hasher);
    }
}

impl<'p> Finding<'p> {
    fn place(&self) -> FindingPlace<'p> {
        FindingPlace(self.span, self.field, self.detector, self.rule)
    }
}

struct Run<'p, 'm> {
    policy: &'p Policy,
    message: &'m Message,
    fields: Vec<Working<'m>>,
    next: usize,
    /// Which of the next rule's probes comes next. Text and message probes are one step.
    probe: usize,
    round: u8,
    rereads: u8,
    decided: Option<&'p str>,
    score: u32,
    /// The rules that added their points: each does so once.
    scored: Vec<&'p str>,
    findings: Vec<Finding<'p>>,
    /// The places of the findings, once a later round needs them.
    known: HashSet<FindingPlace<'p>>,
    failures: Vec<(&'p str, InquiryFailure)>,
    trace: Option<Vec<RuleTrace<'p>>>,
}

impl<'p, 'm> Run<'p, 'm> {
    fn new(policy: &'p Policy, message: &'m Message, trace: Option<Vec<RuleTrace<'p>>>) -> Self {
        let mut names = message
            .attributes
            .iter()
            .flat_map(|(name, values)| std::iter::repeat_n(name.as_str(), values.len()));
        let fields = message.fields().map(|(field, text)| {
            let name = matches!(field, Field::Attribute(_)).then(|| names.next()).flatten();
            Working::new(field, name, text)
        });
        let fields = fields.collect();
        Self {
            policy,
            message,
            fields,
            next: 0,
            probe: 0,
            round: 0,
            rereads: 0,
            decided: None,
            score: 0,
            scored: Vec::new(),
            findings: Vec::new(),
            known: HashSet::new(),
            failures: Vec::new(),
            trace,
        }
    }

    fn proceed(mut self) -> Progress<'p, 'm> {
        loop {
            let Some(rule) = self.policy.rules.get(self.next) else {
                match self.settle() {
                    Some(outcome) => return Progress::Done(self.end(outcome)),
                    None => continue,
                }
            };
            if self.probe == 0 {
                if let Some(why) = self.skips(rule) {
                    self.note(rule, Looked::Skipped(why));
                    self.next += 1;
                    continue;
                }
                if let Some(outcome) = self.look(rule) {
                    return Progress::Done(self.end(outcome));
                }
            }
            if let Some(inquiry) = self.ask(rule) {
                return Progress::Asks(Pending { run: self, inquiry });
            }
            self.next += 1;
            self.probe = 0;
        }
    }

    fn turn(&self) -> Turn {
        Turn { round: self.round, rule: self.next }
    }

    fn skips(&self, rule: &Rule) -> Option<Skipped> {
        if rule.when.as_ref().is_some_and(|when| !when.holds(self.message)) {
            return Some(Skipped::When);
        }
        if rule.unless.as_ref().is_some_and(|unless| unless.holds(self.message)) {
            return Some(Skipped::Unless);
        }
        let acts = rule.mode == Mode::Enforce && !matches!(rule.does, Does::Flag);
        (self.round > 0 && !acts).then_some(Skipped::Settling)
    }

    /// Asks the rule's text and message detectors and acts on what they find.
    fn look(&mut self, rule: &'p Rule) -> Option<Outcome> {
        let turn = self.turn();
        let places = self.report(rule, |working| working.is_fresh(turn));
        let whole = self.examine(rule);
        self.found(rule, &places);
        if (places.is_empty() && !whole) || rule.mode == Mode::Observe {
            return None;
        }
        match &rule.does {
            Does::Redact(operator) => {
                self.redact_all(rule, operator, places);
                None
            }
            _ => self.act(rule),
        }
    }

    /// Redacts the places, and what the rule finds in the text that this leaves.
    fn redact_all(&mut self, rule: &'p Rule, operator: &Operator, mut places: Vec<Place>) {
        let turn = self.turn();
        while self.redact(rule, operator, &places) && self.rereads < REREADS {
            self.rereads += 1;
            places = self.report(rule, |working| working.is_unread(turn));
            self.found(rule, &places);
            for working in self.fields.iter_mut().filter(|working| working.is_unread(turn)) {
                working.reread();
            }
        }
    }

    /// The places that the rule's text detectors report in some of the fields, and that count.
    fn report(&mut self, rule: &'p Rule, reads: impl Fn(&Working<'m>) -> bool) -> Vec<Place> {
        let mut places = self.places(rule, reads);
        if self.trace.is_some() {
            let seen = self.seen(&places);
            self.note(rule, Looked::Found(seen));
        }
        places.retain(|place| place.seen == Seen::Counts);
        places
    }

    /// Adds what was found at the places.
    fn found(&mut self, rule: &'p Rule, places: &[Place]) {
        for place in places {
            let field = self
                .fields
                .get(place.working)
                .map(|working| (working.field(), working.original(place.view, place.span)));
            if let Some((field, span)) = field {
                self.find(rule, place.detector, field, Some(span), place.evidence);
            }
        }
    }

    /// What a rule does that found something and redacts nothing.
    fn act(&mut self, rule: &'p Rule) -> Option<Outcome> {
        match rule.does {
            Does::Flag | Does::Redact(_) => None,
            Does::Deny => Some(self.decide(rule, Outcome::Deny)),
            Does::Abort => Some(self.decide(rule, Outcome::Abort(AbortReason::Rule))),
            Does::Score(points) => {
                if self.round > 0 && self.scored.contains(&rule.id()) {
                    return None;
                }
                self.scored.push(&rule.id);
                self.score = self.score.saturating_add(points);
                let thresholds = self.policy.thresholds;
                let reached =
                    |threshold: Option<u32>| threshold.is_some_and(|least| self.score >= least);
                if reached(thresholds.abort) {
                    Some(self.decide(rule, Outcome::Abort(AbortReason::Rule)))
                } else if reached(thresholds.deny) {
                    Some(self.decide(rule, Outcome::Deny))
                } else {
                    None
                }
            }
        }
    }

    /// Every place that the rule's text detectors report in those of its fields that it `reads`,
    /// each with whether it counts.
    fn places(&self, rule: &Rule, reads: impl Fn(&Working<'m>) -> bool) -> Vec<Place> {
        let mut hits = Hits::default();
        let mut places = Vec::new();
        for (index, working) in self.fields.iter().enumerate() {
            if !rule.fields.has(working.field()) || !reads(working) {
                continue;
            }
            let from = places.len();
            for (number, view) in working.views().iter().enumerate() {
                let scan = view.scan(working.text()).remembering(working.memory());
                if !scan.landmarks().meet(rule.needs) {
                    continue;
                }
                let mut excused: Option<Excused> = None;
                for (definition, probe) in &rule.probes {
                    let Probe::Text(detector) = probe else { continue };
                    let reads = definition.reads_escapes || !view.is_beside_decoded();
                    if !reads || !scan.landmarks().meet(definition.needs) {
                        continue;
                    }
                    detector.scan(&scan, &mut hits);
                    for hit in hits.drain() {
                        let excused = excused
                            .get_or_insert_with(|| Excused::of(self.policy, rule, scan.text()));
                        places.push(Place {
                            working: index,
                            view: number,
                            span: hit.span,
                            raw: view.raw(hit.span),
                            label: hit.label,
                            detector: definition.name,
                            evidence: hit.evidence,
                            seen: counts(self.policy, rule, definition, scan.text(), &hit, excused),
                        });
                    }
                }
            }
            working.once(&mut places, from);
        }
        places
    }

    /// Asks the rule's message detectors; whether any of them reports something.
    fn examine(&mut self, rule: &'p Rule) -> bool {
        let mut any = false;
        for (definition, probe) in &rule.probes {
            let Probe::Message(detector) = probe else { continue };
            let mut hits = FieldHits::default();
            detector.examine(&self.snapshot(rule), &mut hits);
            for hit in hits.items {
                let working = self.fields.iter().find(|working| working.field() == hit.field);
                let span = hit.span.and_then(|span| Some(working?.original_raw(span)));
                self.find(rule, definition.name, hit.field, span, hit.evidence);
                any = true;
            }
        }
        any
    }

    fn snapshot(&self, rule: &Rule) -> Snapshot<'_> {
        let read = self.fields.iter().filter(|working| rule.fields.has(working.field()));
        Snapshot {
            message: self.message,
            texts: read.map(|working| (working.field(), working.text())).collect(),
        }
    }

    /// Redacts the places; whether a text is another one after that.
    fn redact(&mut self, rule: &'p Rule, operator: &Operator, places: &[Place]) -> bool {
        // Attributes share one limit, so each that grows leaves less to the next.
        let mut attributes = self.attributes_length();
        let turn = self.turn();
        let placeholder;
        let operator = if self.round < PATIENCE {
            operator
        } else {
            placeholder = Operator::Fixed(self.policy.placeholder.clone());
            &placeholder
        };
        let mut changed = false;
        let mut rest = places;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|place| place.working == first.working).count();
            let (own, behind) = rest.split_at(count);
            rest = behind;
            if let Some(working) = self.fields.get_mut(first.working) {
                let most = limits::most(working.field());
                let of_attribute = is_of_attribute(working);
                let others = attributes.saturating_sub(working.text().len());
                let room = limits::ATTRIBUTES.saturating_sub(others);
                let room = if of_attribute { most.min(room) } else { most };
                changed |= working.redact(operator, own, &self.policy.placeholder, room, turn);
                if of_attribute {
                    attributes = others + working.text().len();
                }
            }
        }
        if changed && self.decided.is_none() {
            self.decided = Some(&rule.id);
        }
        changed
    }

    fn attributes_length(&self) -> usize {
        let fields = self.fields.iter().filter(|working| is_of_attribute(working));
        fields.map(|working| working.text().len()).sum()
    }

    /// The next question of the rule's remote detectors, if any.
    fn ask(&mut self, rule: &'p Rule) -> Option<Inquiry> {
        if self.round > 0 {
            return None;
        }
        let mut rest = rule.probes.iter().enumerate().skip(self.probe);
        let (index, detector) = rest.find_map(|(index, (_, probe))| match probe {
            Probe::Remote(detector) => Some((index, detector)),
            _ => None,
        })?;
        self.probe = index + 1;
        Some(Inquiry {
            rule: rule.id.clone(),
            timeout: detector.timeout(),
            request: detector.ask(&self.snapshot(rule)),
        })
    }

    /// Acts on the answer to the last question. `None`: the evaluation goes on.
    fn answered(&mut self, answer: Result<Answer, InquiryFailure>) -> Option<Outcome> {
        let rule = self.policy.rules.get(self.next)?;
        let (definition, probe) = rule.probes.get(self.probe.checked_sub(1)?)?;
        let Probe::Remote(detector) = probe else { return None };
        let answer = answer.and_then(|answer| detector.read(&answer));
        self.note(rule, Looked::Asked(definition.name, answer));
        match answer {
            Ok(false) => None,
            Ok(true) => {
                self.find(rule, definition.name, Field::Content, None, REMOTE);
                if rule.mode == Mode::Observe { None } else { self.act(rule) }
            }
            Err(failure) => {
                self.failures.push((&rule.id, failure));
                match rule.on_error {
                    _ if rule.mode == Mode::Observe => None,
                    OnError::Continue => None,
                    OnError::Deny => Some(self.decide(rule, Outcome::Deny)),
                    OnError::Abort => {
                        let reason = AbortReason::Inquiry(failure);
                        Some(self.decide(rule, Outcome::Abort(reason)))
                    }
                }
            }
        }
    }

    /// All rules were asked. Where they changed something, begins another round over what
    /// changed; otherwise says what becomes of the message.
    fn settle(&mut self) -> Option<Outcome> {
        if self.fields.iter().any(|working| working.changed_in(self.round)) {
            self.round += 1;
            if self.round > ROUNDS {
                return Some(Outcome::Abort(AbortReason::Unsettled));
            }
            self.next = 0;
            self.probe = 0;
            return None;
        }
        if !self.fields.iter().any(Working::is_changed) {
            self.decided = None;
            return Some(Outcome::Pass);
        }
        let mut after = self.message.clone();
        for ((_, text), working) in after.fields_mut().zip(&self.fields) {
            if working.is_changed() {
                *text = working.text().into();
            }
        }
        let is_name = |working: &&Working<'_>| matches!(working.field(), Field::AttributeName(_));
        let names = || self.fields.iter().filter(is_name);
        if names().any(Working::is_changed) {
            after.rename_attributes(names().map(|working| working.text().into()));
        }
        Some(Outcome::Update(Box::new(after)))
    }

    fn decide(&mut self, rule: &'p Rule, outcome: Outcome) -> Outcome {
        self.decided = Some(&rule.id);
        outcome
    }

    fn end(self, outcome: Outcome) -> Verdict<'p> {
        let rule = match outcome {
            Outcome::Abort(AbortReason::Unsettled) => None,
            _ => self.decided,
        };
        Verdict {
            outcome,
            rule,
            findings: self.findings,
            failures: self.failures,
            score: self.score,
            trace: self.trace,
        }
    }

    fn find(
        &mut self,
        rule: &'p Rule,
        detector: &'static str,
        field: Field,
        span: Option<Span>,
        evidence: Evidence,
    ) {
        let finding = Finding { rule: &rule.id, detector, field, span, evidence, mode: rule.mode };
        // What is read again may be found again.
        if self.round > 0 || self.rereads > 0 {
            if self.known.is_empty() {
                self.known = self.findings.iter().map(Finding::place).collect();
            }
            if !self.known.insert(finding.place()) {
                return;
            }
        }
        self.findings.push(finding);
    }

    fn seen(&self, places: &[Place]) -> Vec<SeenHit> {
        places
            .iter()
            .filter_map(|place| {
                let working = self.fields.get(place.working)?;
                Some(SeenHit {
                    detector: place.detector,
                    field: working.field(),
                    span: working.original(place.view, place.span),
                    rewritten: working.is_rewritten(place.raw),
                    label: place.label,
                    evidence: place.evidence,
                    seen: place.seen,
                })
            })
            .collect()
    }

    fn note(&mut self, rule: &'p Rule, looked: Looked) {
        let round = self.round;
        if let Some(trace) = &mut self.trace {
            trace.push(RuleTrace { rule: &rule.id, round, looked });
        }
    }
}

/// Whether it is one of the texts that share a limit.
fn is_of_attribute(working: &Working<'_>) -> bool {
    matches!(working.field(), Field::Attribute(_) | Field::AttributeName(_))
}

/// A remote detector's yes.
const REMOTE: Evidence = Evidence::of(&[("the service said so", 100)]);

/// Whether a hit counts.
fn counts(
    policy: &Policy,
    rule: &Rule,
    definition: &Definition,
    text: &str,
    hit: &Hit,
    excused: &Excused<'_>,
) -> Seen {
    if hit.evidence.confidence() < rule.threshold {
        return Seen::BelowThreshold;
    }
    if let Some(seen) = excused.by(text, hit.span) {
        return seen;
    }
    let found = text.get(hit.span.range()).unwrap_or_default();
    if definition.is_of_form() && policy.remains.has(found) {
        return Seen::AlreadyRedacted;
    }
    if let Does::Redact(operator) = &rule.does {
        let before = text.get(..hit.span.start()).unwrap_or_default();
        let behind = text.get(hit.span.end()..).unwrap_or_default();
        if operator.already_applied(before, found, behind) {
            return Seen::AlreadyRedacted;
        }
    }
    Seen::Counts
}

/// The policy's and the rule's allow lists, with where their words stand in a text.
struct Excused<'p>([(Seen, &'p Allow, Vec<Span>); 2]);

impl<'p> Excused<'p> {
    fn of(policy: &'p Policy, rule: &'p Rule, text: &str) -> Self {
        let lists = [(Seen::AllowedByPolicy, &policy.allow), (Seen::AllowedByRule, &rule.allow)];
        Self(lists.map(|(seen, allow)| (seen, allow, allow.places(text))))
    }

    /// Which of them has what stands at `span`.
    fn by(&self, text: &str, span: Span) -> Option<Seen> {
        let mut lists = self.0.iter().filter(|(_, allow, _)| !allow.is_empty());
        let list = lists.find(|(_, allow, places)| allow.excuses(text, span, places));
        list.map(|(seen, _, _)| *seen)
    }
}
