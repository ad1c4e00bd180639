//! The policy: from its text to rules that can be evaluated.
//!
//! What the user wrote (`source`) and what it means ([`Policy`]) are two types; only the second
//! goes inward. Loading reports every mistake at once, each with its place.

mod check;
mod diagnostic;
mod load;
mod read;
mod schema;
mod source;
mod value;

use std::ops::Range;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, position};
pub use read::{At, OneOrMany, Options, instead};
pub use schema::{json_schema, options_schema};
pub use source::{Action, Mode, OnError};
pub(crate) use source::{AnswerSource, ExpectSource, MessageSource, OutcomeName, YesOrRule};

use crate::allow::Allow;
use crate::condition::Condition;
use crate::detect::{About, Definition, Evidence, Needs, Probe, ReadAs, profanity};
use crate::message::Field;
use crate::operator::Operator;
use crate::remains::Remains;
use crate::test_case::TestCase;

/// A policy without mistakes, ready to evaluate messages.
pub struct Policy {
    pub(crate) revision: String,
    pub(crate) rules: Vec<Rule>,
    pub(crate) placeholder: String,
    /// What its redactions write.
    pub(crate) remains: Remains,
    pub(crate) allow: Allow,
    pub(crate) thresholds: Thresholds,
    pub(crate) tests: Vec<TestCase>,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Policy")
            .field("revision", &self.revision)
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

impl Policy {
    /// Reads a policy. Generic, so that the reading is compiled as the caller's crate is: a function's
    /// package wants it small, not fast.
    ///
    /// # Errors
    /// Every mistake in it, in the order of their places.
    pub fn load<R: Resources + ?Sized>(text: &str, resources: &R) -> Result<Self, Diagnostics> {
        load::load(text, resources)
    }

    /// Names this version of the policy: the first 12 hexadecimal digits of the SHA-256 of its
    /// text and of the files it names.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The rules in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether the time of an evaluation is bounded by how much its detectors read: nobody is asked,
    /// and there are no expressions of the policy's own, of which one rule may have thousands.
    pub fn is_bounded(&self) -> bool {
        let is_bounded = |definition: &Definition| !definition.asks && !definition.is_expressions();
        let allows = self.rules.iter().map(|rule| &rule.allow).chain([&self.allow]);
        self.rules.iter().flat_map(|rule| &rule.probes).all(|(one, _)| is_bounded(one))
            && allows.into_iter().all(|allow| !allow.has_patterns())
    }

    /// The points from which a message ends.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The tests in order.
    pub fn tests(&self) -> &[TestCase] {
        &self.tests
    }
}

/// A rule, ready to evaluate.
pub struct Rule {
    pub(crate) id: String,
    pub(crate) probes: Vec<(&'static Definition, Probe)>,
    /// What a text must hold at least for any of them to have a chance.
    pub(crate) needs: Needs,
    pub(crate) does: Does,
    pub(crate) mode: Mode,
    pub(crate) fields: Fields,
    pub(crate) when: Option<Condition>,
    pub(crate) unless: Option<Condition>,
    pub(crate) threshold: u8,
    pub(crate) allow: Allow,
    pub(crate) on_error: OnError,
}

impl Rule {
    /// Its unique name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it does.
    pub fn action(&self) -> Action {
        match self.does {
            Does::Redact(_) => Action::Redact,
            Does::Deny => Action::Deny,
            Does::Flag => Action::Flag,
            Does::Score(_) => Action::Score,
            Does::Abort => Action::Abort,
        }
    }

    /// The points that it adds; `None` where it does something else.
    pub fn points(&self) -> Option<u32> {
        match self.does {
            Does::Score(points) => Some(points),
            _ => None,
        }
    }

    /// Whether it acts or only observes.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The names of its detectors.
    pub fn detectors(&self) -> impl Iterator<Item = &'static str> {
        self.probes.iter().map(|(definition, _)| definition.name)
    }

    /// What a hit of this rule was read as: of words and phrases, an entry of the lexicon or of the
    /// policy. `found` is what stands there as it came; nothing else is looked at.
    pub fn read_as(&self, evidence: Evidence, found: &str) -> Option<ReadAs> {
        match evidence.which() {
            About::Nothing => None,
            About::Entry(kind) => Some(profanity::read_as(kind, found)),
            About::Phrase(number) => {
                let mut own = self.probes.iter().filter_map(|(_, probe)| match probe {
                    Probe::Text(detector) => detector.phrase(number),
                    _ => None,
                });
                own.next().map(|one| ReadAs { entry: Some(one.to_owned()), ..ReadAs::default() })
            }
        }
    }

    /// The confidence from which a hit counts.
    pub fn threshold(&self) -> u8 {
        self.threshold
    }
}

/// An action with what it needs.
pub(crate) enum Does {
    Redact(Operator),
    Deny,
    Flag,
    Score(u32),
    Abort,
}

/// The points from which a message ends; what is not set is never reached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Thresholds {
    /// The message is denied.
    pub deny: Option<u32>,
    /// It is aborted, also where it would be denied.
    pub abort: Option<u32>,
}

/// A set of kinds of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fields(u8);

impl Fields {
    pub(crate) const ALL: Self = Self(0b1_1111);
    pub(crate) const NONE: Self = Self(0);

    fn bit(field: Field) -> u8 {
        match field {
            Field::Content => 1,
            Field::Metadata => 2,
            Field::PushTitle => 4,
            Field::PushBody => 8,
            Field::Attribute(_) | Field::AttributeName(_) => 16,
        }
    }

    pub(crate) fn with(self, field: Field) -> Self {
        Self(self.0 | Self::bit(field))
    }

    pub(crate) fn has(self, field: Field) -> bool {
        self.0 & Self::bit(field) != 0
    }
}

/// Where a policy's files and secrets come from. The engine itself reads neither.
pub trait Resources {
    /// The text of a file that the policy names; `path` is relative to the policy's folder, with
    /// `/` between its parts, and does not leave that folder.
    ///
    /// # Errors
    /// Why it cannot be read, in words for the policy's author.
    fn file(&self, path: &str) -> Result<String, String>;

    /// The secret of this name; `None` when it is not set.
    fn secret(&self, name: &str) -> Option<String>;
}

impl<R: Resources + ?Sized> Resources for &R {
    fn file(&self, path: &str) -> Result<String, String> {
        (**self).file(path)
    }

    fn secret(&self, name: &str) -> Option<String> {
        (**self).secret(name)
    }
}

/// No files, no secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoResources;

impl Resources for NoResources {
    fn file(&self, _: &str) -> Result<String, String> {
        Err("there are no files here".to_owned())
    }

    fn secret(&self, _: &str) -> Option<String> {
        None
    }
}

/// What a detector gets to be built with, and where it reports mistakes in its options.
pub struct Build<'a> {
    pub(crate) resources: &'a dyn Resources,
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
    /// Where the options stand, or the rule when there are none.
    pub(crate) place: Range<usize>,
    /// What was read besides the policy's text: part of the revision.
    pub(crate) files: &'a mut Vec<String>,
    /// Entries of the options were wrong and left out: what is missing may be just those.
    pub(crate) incomplete: bool,
}

impl Build<'_> {
    /// Reports a mistake at `range`.
    #[cold]
    pub(crate) fn mistake(
        &mut self,
        code: Code,
        range: Range<usize>,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        let label = Label { range, text: String::new() };
        self.diagnostics.push(Diagnostic { code, message, labels: vec![label], help: help.into() });
    }

    /// Reports a mistake of the options as a whole, such as one that is missing.
    #[cold]
    pub(crate) fn mistake_here(
        &mut self,
        code: Code,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        if !(self.incomplete && code == Code::MissingKey) {
            self.mistake(code, self.place.clone(), message, help);
        }
    }

    /// The text of a file that an option names, or `None` when that was reported as a mistake.
    pub(crate) fn file(&mut self, path: &At<String>) -> Option<String> {
        let name = path.value.as_str();
        let leaves = name.is_empty()
            || name.contains(['\\', ':', '\0'])
            || name.split('/').any(|part| part.is_empty() || part == "." || part == "..");
        if leaves {
            self.mistake(
                Code::MissingFile,
                path.range.clone(),
                format!("`{name}` is not a path inside the policy's folder"),
                "write a relative path such as `words/slurs.txt`".to_owned(),
            );
            return None;
        }
        match self.resources.file(name) {
            Ok(text) => {
                self.files.push(text.clone());
                Some(text)
            }
            Err(why) => {
                self.mistake(
                    Code::MissingFile,
                    path.range.clone(),
                    format!("`{name}` cannot be read: {why}"),
                    "paths are relative to the policy's folder".to_owned(),
                );
                None
            }
        }
    }
}
