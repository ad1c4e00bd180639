//! Detectors: they say where something is, never what to do about it.
//!
//! A detector is one file, one page and one line in [`DETECTORS`]. It reads its own options, is
//! built once when the policy is loaded, and then reports hits; the pipeline applies the rule's
//! action to them. No detector knows whether its rule is enforced or only observed.

mod checksum;
mod context;
mod evidence;
mod fold;
mod identifier;
mod landmarks;
mod lanes;
mod listed;
mod memory;
mod scan;
mod transcript;
mod word;

mod bic;
mod crypto_address;
mod date_of_birth;
mod email_address;
mod iban;
mod imei;
mod ip_address;
mod link;
mod mac_address;
mod metadata;
mod national;
pub(crate) mod pattern;
mod payment_card;
mod phone_number;
pub(crate) mod profanity;
mod secrets;
mod size_limit;
mod spam;
mod street_address;
mod us_routing_number;
mod vin;
mod webhook;
mod word_list;

use std::ops::Range;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) use evidence::About;
pub use evidence::{Evidence, ReadAs};
pub use landmarks::{Landmarks, Needs};
pub(crate) use memory::Memory;
pub use scan::{Scan, Shared};

use crate::inquiry::{Answer, InquiryFailure, Request};
use crate::message::{Field, Message};
use crate::policy::{Action, Build, Options};
use crate::span::Span;

/// The list, twice: what evaluation needs, and apart from it what only people and tools read, so
/// that the Lambda does not carry pages and schemas.
macro_rules! detectors {
    ($(Definition::of::<$detector:ty>(),)*) => {
        /// Every detector, sorted by name.
        pub static DETECTORS: &[Definition] = &[$(Definition::of::<$detector>(),)*];
        static REFERENCES: &[Reference] = &[$(Reference::of::<$detector>(),)*];
    };
}

detectors! {
    Definition::of::<national::americas::ArCuit>(),
    Definition::of::<national::australia::AuAbn>(),
    Definition::of::<national::australia::AuAcn>(),
    Definition::of::<national::australia::AuMedicare>(),
    Definition::of::<national::australia::AuTfn>(),
    Definition::of::<national::low_countries::BeNationalNumber>(),
    Definition::of::<bic::Bic>(),
    Definition::of::<national::americas::BrCnpj>(),
    Definition::of::<national::americas::BrCpf>(),
    Definition::of::<national::canada::CaSin>(),
    Definition::of::<spam::capitals_limit::CapitalsLimit>(),
    Definition::of::<national::americas::ClRut>(),
    Definition::of::<national::asia::CnResidentId>(),
    Definition::of::<spam::combining_mark_limit::CombiningMarkLimit>(),
    Definition::of::<crypto_address::CryptoAddress>(),
    Definition::of::<date_of_birth::DateOfBirth>(),
    Definition::of::<national::germany::DePassport>(),
    Definition::of::<national::germany::DeTaxId>(),
    Definition::of::<national::nordic::DkCpr>(),
    Definition::of::<email_address::EmailAddress>(),
    Definition::of::<spam::emoji_limit::EmojiLimit>(),
    Definition::of::<spam::encoded_blob::EncodedBlob>(),
    Definition::of::<national::iberia::EsNie>(),
    Definition::of::<national::iberia::EsNif>(),
    Definition::of::<national::nordic::FiHetu>(),
    Definition::of::<national::france::FrNir>(),
    Definition::of::<national::britain::GbNhs>(),
    Definition::of::<national::britain::GbNino>(),
    Definition::of::<national::britain::GbPassport>(),
    Definition::of::<iban::Iban>(),
    Definition::of::<national::britain::IePps>(),
    Definition::of::<national::near_east::IlId>(),
    Definition::of::<imei::Imei>(),
    Definition::of::<national::india::InAadhaar>(),
    Definition::of::<national::india::InGstin>(),
    Definition::of::<national::india::InPan>(),
    Definition::of::<national::india::InPassport>(),
    Definition::of::<spam::invisible_text::InvisibleText>(),
    Definition::of::<spam::invite_link::InviteLink>(),
    Definition::of::<ip_address::IpAddress>(),
    Definition::of::<national::italy::ItFiscalCode>(),
    Definition::of::<national::italy::ItVat>(),
    Definition::of::<national::asia::JpMyNumber>(),
    Definition::of::<national::asia::KrRrn>(),
    Definition::of::<spam::language::Language>(),
    Definition::of::<link::Link>(),
    Definition::of::<mac_address::MacAddress>(),
    Definition::of::<spam::mention_limit::MentionLimit>(),
    Definition::of::<metadata::Metadata>(),
    Definition::of::<national::americas::MxCurp>(),
    Definition::of::<spam::newline_limit::NewlineLimit>(),
    Definition::of::<national::low_countries::NlBsn>(),
    Definition::of::<national::nordic::NoNationalId>(),
    Definition::of::<pattern::Pattern>(),
    Definition::of::<payment_card::PaymentCard>(),
    Definition::of::<phone_number::PhoneNumber>(),
    Definition::of::<national::poland::PlPesel>(),
    Definition::of::<profanity::Profanity>(),
    Definition::of::<national::iberia::PtNif>(),
    Definition::of::<spam::repetition_limit::RepetitionLimit>(),
    Definition::of::<national::nordic::SePersonalNumber>(),
    Definition::of::<secrets::Secrets>(),
    Definition::of::<national::asia::SgNric>(),
    Definition::of::<size_limit::SizeLimit>(),
    Definition::of::<street_address::StreetAddress>(),
    Definition::of::<national::asia::ThNationalId>(),
    Definition::of::<national::near_east::TrNationalId>(),
    Definition::of::<national::asia::TwNationalId>(),
    Definition::of::<national::united_states::UsDriverLicense>(),
    Definition::of::<national::united_states::UsItin>(),
    Definition::of::<national::united_states::UsNpi>(),
    Definition::of::<national::united_states::UsPassport>(),
    Definition::of::<us_routing_number::UsRoutingNumber>(),
    Definition::of::<national::united_states::UsSsn>(),
    Definition::of::<vin::Vin>(),
    Definition::of::<webhook::Webhook>(),
    Definition::of::<word_list::WordList>(),
    Definition::of::<national::africa::ZaId>(),
}

/// The detector of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    let at = DETECTORS.binary_search_by_key(&name, |definition| definition.name).ok()?;
    DETECTORS.get(at)
}

/// The detectors of a group, by name; empty when there is no such group.
pub fn group(name: &str) -> impl Iterator<Item = &'static Definition> {
    DETECTORS.iter().filter(move |definition| definition.groups.contains(&name))
}

/// The names of all groups, sorted.
pub fn groups() -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in DETECTORS.iter().flat_map(|one| one.groups) {
        if let Err(place) = names.binary_search(name) {
            names.insert(place, *name);
        }
    }
    names
}

/// What a detector is: implemented by a type that is never built, only named in [`DETECTORS`].
pub(crate) trait Detector {
    /// Name in policies and logs, kebab-case.
    const NAME: &'static str;
    /// One line: what it finds.
    const SUMMARY: &'static str;
    /// The page, with the headings and runnable examples that `tests/pages.rs` checks.
    const PAGE: &'static str;
    /// What a `label` redaction writes between brackets for its main kind of hit.
    const LABEL: &'static str;
    /// Groups it belongs to.
    const GROUPS: &'static [&'static str];
    /// The actions that make sense for it.
    const ACTIONS: &'static [Action];
    /// What a text must hold for the detector to be asked at all.
    const NEEDS: Needs = Needs::NOTHING;
    /// Whether it reads the rule's `fields`.
    const READS_FIELDS: bool = true;
    /// Whether a percent escape may be a part of what it finds, as it stands: then it also reads a
    /// field as it is written where its percent signs may or may not be meant as escapes.
    const READS_ESCAPES: bool = false;
    /// Whether it asks the outside.
    const ASKS: bool = false;
    /// The version of the project it came with.
    const SINCE: &'static str;
    /// What `options` may hold; its defaults are the detector's.
    type Options: DeserializeOwned + JsonSchema + Default;

    /// Makes it ready. Mistakes in the options are reported to `build`; what is returned is used
    /// only when there were none.
    fn build(options: Self::Options, build: &mut Build<'_>) -> Probe;
}

/// All actions: for detectors that report spans.
pub(crate) const ANY_ACTION: &[Action] =
    &[Action::Redact, Action::Deny, Action::Flag, Action::Score, Action::Abort];
/// The actions for what is true of the whole message.
pub(crate) const WHOLE_MESSAGE: &[Action] =
    &[Action::Deny, Action::Flag, Action::Score, Action::Abort];

/// The options of a detector that has none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NoOptions {}

/// A detector as data: what lists, pages and schemas are made of.
pub struct Definition {
    /// Name in policies and logs.
    pub name: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// What a `label` redaction writes between brackets.
    pub label: &'static str,
    /// Groups it belongs to.
    pub groups: &'static [&'static str],
    /// The actions it supports.
    pub actions: &'static [Action],
    /// Whether it reads the rule's `fields`.
    pub reads_fields: bool,
    /// Whether it asks the outside.
    pub asks: bool,
    /// The version it came with.
    pub since: &'static str,
    pub(crate) needs: Needs,
    /// Whether it also reads percent escapes that may be meant as they stand.
    pub(crate) reads_escapes: bool,
    pub(crate) build: fn(Options<'_>, &mut Build<'_>) -> Option<Probe>,
}

impl Definition {
    /// Whether it judges how a text is written, not what it says: then what a redaction wrote is
    /// not held against the member.
    pub(crate) fn is_of_form(&self) -> bool {
        self.groups.contains(&"spam")
    }

    /// Whether what it looks for are expressions of the policy's own.
    pub(crate) fn is_expressions(&self) -> bool {
        self.name == pattern::Pattern::NAME
    }

    const fn of<D: Detector>() -> Self {
        Self {
            name: D::NAME,
            summary: D::SUMMARY,
            label: D::LABEL,
            groups: D::GROUPS,
            actions: D::ACTIONS,
            reads_fields: D::READS_FIELDS,
            reads_escapes: D::READS_ESCAPES,
            asks: D::ASKS,
            since: D::SINCE,
            needs: D::NEEDS,
            build: |options, build| Some(D::build(options.read::<D::Options>(build)?, build)),
        }
    }

    /// Its page, in Markdown.
    pub fn page(&self) -> &'static str {
        self.reference().map_or("", |reference| reference.page)
    }

    /// The schema of its options.
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        self.reference().map(|reference| (reference.schema)(generator)).unwrap_or_default()
    }

    fn reference(&self) -> Option<&'static Reference> {
        let at = REFERENCES.binary_search_by_key(&self.name, |reference| reference.name).ok()?;
        REFERENCES.get(at)
    }
}

/// What is said about a detector.
struct Reference {
    name: &'static str,
    page: &'static str,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Reference {
    const fn of<D: Detector>() -> Self {
        Self { name: D::NAME, page: D::PAGE, schema: <D::Options as JsonSchema>::json_schema }
    }
}

/// A detector that was built: one variant for each thing a detector may look at.
pub(crate) enum Probe {
    /// Reads one text at a time and reports spans.
    Text(Box<dyn TextDetector>),
    /// Looks at the whole message.
    Message(Box<dyn MessageDetector>),
    /// Asks the outside.
    Remote(Box<dyn RemoteDetector>),
}

pub(crate) trait TextDetector: Send + Sync {
    /// Reports every hit in the text. Time must be linear in the text's length, whatever it holds.
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits);

    /// The phrase of this number, where it has some of its own.
    fn phrase(&self, _number: usize) -> Option<&str> {
        None
    }
}

pub(crate) trait MessageDetector: Send + Sync {
    /// Reports what is wrong with the message as it is now.
    fn examine(&self, snapshot: &Snapshot<'_>, hits: &mut FieldHits);
}

pub(crate) trait RemoteDetector: Send + Sync {
    /// The question for the message as it is now; only the rule's fields may go out.
    fn ask(&self, snapshot: &Snapshot<'_>) -> Request;
    /// How long the answer may take.
    fn timeout(&self) -> Duration;
    /// Whether the answer says that the message is to be acted on.
    ///
    /// # Errors
    /// [`InquiryFailure::NotUnderstood`] when it does not say.
    fn read(&self, answer: &Answer) -> Result<bool, InquiryFailure>;
}

/// A place that a text detector reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where, in the text that was scanned.
    pub span: Span,
    /// What a label calls it.
    pub label: &'static str,
    /// Why it is thought to be one.
    pub evidence: Evidence,
}

/// Collects a text detector's hits.
#[derive(Debug, Default)]
pub struct Hits {
    items: Vec<Hit>,
}

impl Hits {
    /// Reports `range`; an empty one is nothing.
    pub fn push(&mut self, range: Range<usize>, label: &'static str, evidence: Evidence) {
        if let Some(span) = Span::new(range.start, range.end) {
            self.items.push(Hit { span, label, evidence });
        }
    }

    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Hit> {
        self.items.drain(..)
    }
}

/// What a message detector reports: a field, and the part of it that is meant where it is not the
/// whole.
pub(crate) struct FieldHit {
    pub(crate) field: Field,
    pub(crate) span: Option<Span>,
    pub(crate) evidence: Evidence,
}

/// Collects a message detector's hits.
#[derive(Default)]
pub(crate) struct FieldHits {
    pub(crate) items: Vec<FieldHit>,
}

impl FieldHits {
    pub(crate) fn push(&mut self, field: Field, span: Option<Span>, evidence: Evidence) {
        self.items.push(FieldHit { field, span, evidence });
    }
}

/// The message as the rules before left it.
pub(crate) struct Snapshot<'a> {
    /// As it was sent: for what no rule changes (sender, channel, which attribute a value is of).
    pub(crate) message: &'a Message,
    /// The texts of the rule's fields as they are now.
    pub(crate) texts: Vec<(Field, &'a str)>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Progress;
    use crate::policy::{NoResources, Policy};

    /// What is found in `content` by a policy with one rule: this detector, flagging, with these
    /// options (an inline table's text).
    pub(crate) fn places(detector: &str, options: &str, content: &str) -> Vec<Option<Span>> {
        let text = format!(
            "[[rule]]\nid = 'r'\ndetect = '{detector}'\naction = 'flag'\noptions = {options}\n"
        );
        let policy = Policy::load(&text, &NoResources)
            .unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"));
        match policy.evaluate(&Message::text(content)) {
            Progress::Done(verdict) => verdict.findings.iter().map(|found| found.span).collect(),
            Progress::Asks(_) => panic!("{detector} asks"),
        }
    }

    /// The parts of `content` that the detector finds.
    pub(crate) fn found<'a>(detector: &str, options: &str, content: &'a str) -> Vec<&'a str> {
        let places = places(detector, options, content);
        places.into_iter().map(|span| content.get(span.unwrap().range()).unwrap()).collect()
    }

    /// Asserts that a text eight times as long takes about eight times as long, not sixty-four
    /// times: the text is `part`, repeated. The machine may be busy with something else, so runs
    /// are repeated until the quickest of each length agree.
    pub(crate) fn grows_linearly(detector: &str, part: &str) {
        let text = format!("[[rule]]\nid = 'r'\ndetect = '{detector}'\naction = 'flag'\n");
        let policy = Policy::load(&text, &NoResources).unwrap();
        let message = |length: usize| Message::text(part.repeat(length / part.len()));
        let time = |message: &Message| {
            let start = std::time::Instant::now();
            assert!(matches!(policy.evaluate(message), Progress::Done(_)));
            start.elapsed()
        };
        let (small, large) = (message(8 << 10), message(64 << 10));
        let (mut short, mut long) = (time(&small), time(&large));
        for _ in 0..60 {
            if long < short * 36 {
                return;
            }
            short = short.min(time(&small));
            long = long.min(time(&large));
        }
        panic!("{detector}: {short:?}, then {long:?} for eight times as much of {part:?}");
    }

    /// Thirty-two times the text takes about thirty-two times as long and not a thousand times,
    /// whatever unit it repeats. The bound lies between, so that a busy machine does not matter.
    pub(crate) fn assert_linear(detector: &str, options: &str, units: &[&str]) {
        let text = format!(
            "[[rule]]\nid = 'r'\ndetect = '{detector}'\naction = 'flag'\noptions = {options}\n"
        );
        let policy = Policy::load(&text, &NoResources).unwrap();
        let time = |unit: &str, bytes: usize, runs: usize| {
            let message = Message::text(unit.repeat(bytes / unit.len()));
            let run = |_| {
                let begin = std::time::Instant::now();
                std::hint::black_box(policy.evaluate(&message));
                begin.elapsed()
            };
            (0..runs).map(run).min().unwrap()
        };
        for unit in units {
            let linear = |_| {
                let (short, long) = (time(unit, 1 << 10, 5), time(unit, 32 << 10, 1));
                long < short * 200
            };
            assert!((0..3).any(linear), "{detector}: {unit:?}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_unique() {
        assert!(DETECTORS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn names_groups_and_labels_are_kebab_case_and_apart() {
        let plain = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        let groups = groups();
        for one in DETECTORS {
            assert!(plain(one.name), "{}", one.name);
            assert!(plain(one.label), "{}: {}", one.name, one.label);
            assert!(one.groups.iter().all(|group| plain(group)), "{}", one.name);
            assert!(
                !groups.contains(&one.name) || one.groups.contains(&one.name),
                "{} is also a group",
                one.name
            );
            assert!(!one.summary.is_empty() && !one.summary.ends_with('.'), "{}", one.name);
        }
    }

    #[test]
    fn every_detector_is_found_by_its_name() {
        for one in DETECTORS {
            assert_eq!(find(one.name).map(|found| found.name), Some(one.name));
        }
        assert!(find("no-such").is_none());
    }
}
