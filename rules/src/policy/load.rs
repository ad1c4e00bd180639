//! Loading: from text to [`Policy`], with every mistake on the way.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::{self, Places};
use super::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use super::read::{self, At, OneOrMany, Options, instead};
use super::source::{
    Action, AllowSource, FieldName, HashSource, OperatorName, RuleSource, SettingsSource,
    TestSource, ThresholdsSource,
};
use super::{Build, Does, Fields, OnError, Policy, Resources, Rule, Thresholds};
use crate::allow::Allow;
use crate::condition::{Condition, ConditionSource};
use crate::detect::{self, Definition, Needs, Probe};
use crate::hex::hex;
use crate::message::Field;
use crate::operator::{HashOperator, Operator};
use crate::order;
use crate::remains::Remains;
use crate::test_case::TestCase;

/// The most rules a policy may have.
pub(crate) const MOST_RULES: usize = 10_000;
/// The most bytes its text may have.
const MOST_BYTES: usize = 4 << 20;
const PLACEHOLDER: &str = "[removed]";
const KEYS: &[&str] = &["rule", "settings", "test", "thresholds"];
/// The most points of a rule or threshold.
const MOST_POINTS: u32 = 1_000_000;

pub(super) fn load<R: Resources + ?Sized>(
    text: &str,
    resources: &R,
) -> Result<Policy, Diagnostics> {
    if text.len() > MOST_BYTES {
        return Err(Diagnostics(vec![Diagnostic {
            code: Code::TooLarge,
            message: format!("the policy has {} bytes; the most is {MOST_BYTES}", text.len()),
            labels: vec![Label { range: 0..0, text: String::new() }],
            help: Some("move long word lists to files".to_owned()),
        }]));
    }
    let mut loader = Loader { resources, diagnostics: Vec::new(), files: Vec::new(), acts: false };
    let policy = loader.policy(text);
    let mut diagnostics = loader.diagnostics;
    if diagnostics.is_empty() {
        return Ok(policy);
    }
    let place = |one: &Diagnostic| one.labels.first().map_or(0, |label| label.range.start);
    order::by_place(&mut diagnostics, |one| (place(one), 0, 0));
    diagnostics.dedup();
    Err(Diagnostics(diagnostics))
}

struct Loader<'a, R: ?Sized> {
    resources: &'a R,
    diagnostics: Vec<Diagnostic>,
    files: Vec<String>,
    /// Whether points ever end a message.
    acts: bool,
}

impl<R: Resources + ?Sized> Loader<'_, R> {
    fn policy(&mut self, text: &str) -> Policy {
        // A byte order mark is what some editors put before a text, not a part of it.
        let (table, errors) = DeTable::parse_recoverable(text);
        // Behind a header that is torn, its keys stand nowhere.
        let is_torn = errors.iter().any(|error| error.message().starts_with("unclosed"));
        for error in errors {
            let range = error.span().unwrap_or(0..0);
            let written = text.get(range.clone()).unwrap_or_default();
            let help = syntax_help(error.message(), written).map(str::to_owned);
            self.report(Code::Syntax, range, error.message().to_lowercase(), help);
        }
        let mut settings = SettingsSource::default();
        let mut thresholds = ThresholdsSource::default();
        let mut rules = Vec::new();
        let mut tests = Vec::new();
        for (key, value) in table.into_inner() {
            match key.get_ref().as_ref() {
                "settings" => {
                    if let Some(table) = self.table("settings", value) {
                        settings =
                            read::read(table, &mut self.diagnostics).value.unwrap_or_default();
                    }
                }
                "thresholds" => {
                    if let Some(table) = self.table("thresholds", value) {
                        let table = read::read(table, &mut self.diagnostics);
                        thresholds = table.value.unwrap_or_default();
                    }
                }
                "rule" => rules = self.tables("rule", value),
                "test" => tests = self.tables("test", value),
                _ if is_torn => {}
                other => {
                    let message = format!("`{other}` is not a key here");
                    self.report(Code::UnknownKey, key.span(), message, instead(other, KEYS));
                }
            }
        }
        if let Some(behind) = rules.get(MOST_RULES) {
            let message = format!("the policy has {} rules", rules.len());
            let help = format!("the most is {MOST_RULES}; one rule can name many words");
            self.report(Code::TooLarge, behind.span(), message, Some(help));
            rules.truncate(MOST_RULES);
        }
        let allow = self.allow(&settings.allow);
        let placeholder = self.placeholder(settings);
        let limits = thresholds;
        let thresholds = Thresholds {
            deny: self.points(limits.deny.as_ref()),
            abort: self.points(limits.abort.as_ref()),
        };
        self.acts = thresholds.deny.is_some() || thresholds.abort.is_some();
        let mut places = Vec::new();
        let mut ids = HashMap::new();
        let rules: Vec<Rule> = rules
            .into_iter()
            .filter_map(|table| {
                let (rule, place) = self.rule(table, &mut ids)?;
                places.push(place);
                Some(rule)
            })
            .collect();
        self.reached(&limits, &rules);
        let mut names = HashMap::new();
        let tests: Vec<TestCase> =
            tests.into_iter().filter_map(|table| self.test(table, &mut names, &ids)).collect();
        let operators = rules.iter().filter_map(|rule| match &rule.does {
            Does::Redact(operator) => Some(operator),
            _ => None,
        });
        let remains = Remains::of(operators, &placeholder);
        let revision = self.revision(text);
        let policy = Policy { revision, rules, placeholder, remains, allow, thresholds, tests };
        check::replacements(&policy, &places, &mut self.diagnostics);
        policy
    }

    fn revision(&self, text: &str) -> String {
        let mut hash = Sha256::new();
        for part in std::iter::once(text).chain(self.files.iter().map(String::as_str)) {
            hash.update(part.len().to_string());
            hash.update(":");
            hash.update(part);
        }
        hex(hash.finalize().get(..6).unwrap_or_default())
    }

    fn placeholder(&mut self, settings: SettingsSource) -> String {
        let Some(placeholder) = settings.placeholder else { return PLACEHOLDER.to_owned() };
        if placeholder.value.is_empty() || placeholder.value.len() > crate::limits::PUSH_TITLE {
            self.report(
                Code::InvalidOption,
                placeholder.range,
                format!("a placeholder has 1 to {} bytes", crate::limits::PUSH_TITLE),
                Some(format!("write a short text such as `{PLACEHOLDER}`")),
            );
        }
        placeholder.value
    }

    fn rule(
        &mut self,
        mut table: Spanned<DeTable<'_>>,
        ids: &mut HashMap<String, Range<usize>>,
    ) -> Option<(Rule, Places)> {
        let place = table.span();
        let options = remove(table.get_mut(), "options");
        let table: read::Table<RuleSource> = read::read(table, &mut self.diagnostics);
        let source = table.value?;
        for (key, there) in [
            ("id", source.id.is_some()),
            ("detect", source.detect.is_some()),
            ("action", source.action.is_some()),
        ] {
            self.require(key, there, &table.refused, &place);
        }
        let id = source.id.as_ref().and_then(|id| self.id(id, ids));
        let fields = self.fields(source.fields.as_ref());
        let action = source.action.clone();
        let definitions = self.definitions(&source);
        let probes = self.probes(&definitions, options, &place);
        if let Some(action) = &action {
            self.supported(action, &definitions);
        }
        self.threshold(source.threshold.as_ref());
        self.unused(&source, &definitions);
        let allow = self.allow(&source.allow);
        let does = self.does(&source, action.map(|action| action.value));
        let when = self.condition("when", source.when);
        let unless = self.condition("unless", source.unless);
        let written = [
            source.fixed.as_ref().map(|fixed| &fixed.range),
            source.with.as_ref().map(|with| &with.range),
            source.action.as_ref().map(|action| &action.range),
        ];
        let places = Places {
            writes: written.into_iter().flatten().next().unwrap_or(&place).clone(),
            detects: source.detect.as_ref().map_or(place, |detect| detect.range.clone()),
        };
        let needs = probes.iter().map(|(definition, _)| definition.needs).reduce(Needs::either);
        let rule = Rule {
            id: id?,
            probes,
            needs: needs.unwrap_or(Needs::NOTHING),
            does: does?,
            mode: source.mode,
            fields,
            when,
            unless,
            threshold: source.threshold.map_or(50, |threshold| threshold.value),
            allow,
            on_error: source.on_error.map_or_else(OnError::default, |on_error| on_error.value),
        };
        Some((rule, places))
    }

    fn id(
        &mut self,
        At { value, range }: &At<String>,
        ids: &mut HashMap<String, Range<usize>>,
    ) -> Option<String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if value.is_empty() || value.len() > 64 || !value.bytes().all(plain) {
            self.report(
                Code::InvalidId,
                range.clone(),
                "an id has 1 to 64 letters, digits, `-`, `_` or `.`".to_owned(),
                Some("write a name such as `card-numbers`".to_owned()),
            );
            return None;
        }
        self.unique("rule", value, range, ids);
        Some(value.clone())
    }

    fn unique(
        &mut self,
        what: &str,
        name: &str,
        range: &Range<usize>,
        names: &mut HashMap<String, Range<usize>>,
    ) {
        match names.get(name) {
            None => {
                names.insert(name.to_owned(), range.clone());
            }
            Some(first) => self.diagnostics.push(Diagnostic {
                code: Code::DuplicateId,
                message: format!("there is another {what} named `{name}`"),
                labels: vec![
                    Label { range: range.clone(), text: "used again here".to_owned() },
                    Label { range: first.clone(), text: "used first here".to_owned() },
                ],
                help: Some("give one of them another name".to_owned()),
            }),
        }
    }

    fn fields(&mut self, fields: Option<&At<Vec<FieldName>>>) -> Fields {
        let Some(At { value, range }) = fields else { return Fields::ALL };
        if value.is_empty() {
            self.report(
                Code::EmptyList,
                range.clone(),
                "`fields` names no field".to_owned(),
                Some("name one, or leave the key away to read all".to_owned()),
            );
        }
        value.iter().fold(Fields::NONE, |fields, name| {
            fields.with(match name {
                FieldName::Content => Field::Content,
                FieldName::Metadata => Field::Metadata,
                FieldName::PushTitle => Field::PushTitle,
                FieldName::PushBody => Field::PushBody,
                FieldName::Attributes => Field::Attribute(0),
            })
        })
    }

    fn definitions(&mut self, source: &RuleSource) -> Vec<(&'static Definition, Range<usize>)> {
        let Some(detect) = source.detect.clone() else { return Vec::new() };
        if detect.value.0.is_empty() {
            self.report(
                Code::EmptyList,
                detect.range.clone(),
                "`detect` names no detector".to_owned(),
                Some("name a detector such as `payment-card`".to_owned()),
            );
        }
        let mut definitions: Vec<(&'static Definition, Range<usize>)> = Vec::new();
        let mut names = HashMap::new();
        for At { value: name, range } in detect.placed() {
            let before = definitions.len();
            let group = detect::group(&name).map(|one| (one, range.clone()));
            definitions.extend(detect::find(&name).map(|one| (one, range.clone())));
            if definitions.len() == before {
                definitions.extend(group);
            }
            if definitions.len() == before {
                let known: Vec<&str> =
                    detect::DETECTORS.iter().map(|one| one.name).chain(detect::groups()).collect();
                let message = format!("there is no detector `{name}`");
                let several = name.contains(',').then(|| {
                    let names: Vec<_> =
                        name.split(',').map(|one| format!("\"{}\"", one.trim())).collect();
                    format!("write a list: `detect = [{}]`", names.join(", "))
                });
                let help = several.or_else(|| instead(&name, &known));
                let help = help.or_else(|| Some("`channel-flow detectors` lists them".to_owned()));
                self.report(Code::UnknownDetector, range, message, help);
            } else if let Some(first) = names.insert(name.clone(), range.clone()) {
                self.diagnostics.push(Diagnostic {
                    code: Code::DuplicateId,
                    message: format!("`{name}` is named twice"),
                    labels: vec![
                        Label { range, text: String::new() },
                        Label { range: first, text: "named first here".to_owned() },
                    ],
                    help: Some("delete one of them".to_owned()),
                });
            }
        }
        let mut seen = std::collections::HashSet::new();
        definitions.retain(|(one, _)| seen.insert(one.name));
        definitions
    }

    /// Builds the detectors. The options of a rule with one detector are that detector's; with
    /// several they are tables named by the detectors.
    fn probes(
        &mut self,
        definitions: &[(&'static Definition, Range<usize>)],
        options: Option<Spanned<DeValue<'_>>>,
        place: &Range<usize>,
    ) -> Vec<(&'static Definition, Probe)> {
        let options = options.and_then(|value| self.table("options", value));
        let mut tables: Vec<Option<Spanned<DeTable<'_>>>> = Vec::new();
        match (options, definitions) {
            (None, _) => tables.resize_with(definitions.len(), || None),
            (Some(options), [_]) => tables.push(Some(options)),
            (Some(mut options), _) => {
                for (definition, _) in definitions {
                    let own = remove(options.get_mut(), definition.name);
                    tables.push(own.and_then(|value| self.table(definition.name, value)));
                }
                let known: Vec<&str> = definitions.iter().map(|(one, _)| one.name).collect();
                for (key, _) in options.into_inner() {
                    let name = key.get_ref();
                    let message = format!("`{name}` is not a detector of this rule");
                    // Most often it is an option of one of them.
                    let example = format!(
                        "`options = {{ {} = {{ {name} = … }} }}`",
                        known.first().unwrap_or(&"")
                    );
                    let help = instead(name, &known).map(|help| {
                        format!("{help}: with several, options stand under a detector's name, as in {example}")
                    });
                    // Where no detector is known that was reported; its options are not at fault.
                    if !known.is_empty() {
                        self.report(Code::UnknownKey, key.span(), message, help);
                    }
                }
            }
        }
        let mut probes = Vec::with_capacity(definitions.len());
        for ((definition, _), table) in definitions.iter().zip(tables) {
            let mut build = Build {
                resources: &self.resources,
                diagnostics: &mut self.diagnostics,
                place: table.as_ref().map_or_else(|| place.clone(), Spanned::span),
                files: &mut self.files,
                incomplete: false,
            };
            if let Some(probe) = (definition.build)(Options { table }, &mut build) {
                probes.push((*definition, probe));
            }
        }
        probes
    }

    fn supported(
        &mut self,
        action: &At<Action>,
        definitions: &[(&'static Definition, Range<usize>)],
    ) {
        for (definition, range) in definitions {
            if definition.actions.contains(&action.value) {
                continue;
            }
            let known: Vec<String> =
                definition.actions.iter().map(|one| format!("`{}`", one.name())).collect();
            self.diagnostics.push(Diagnostic {
                code: Code::UnsupportedAction,
                message: format!("`{}` cannot {}", definition.name, action.value.name()),
                labels: vec![
                    Label { range: action.range.clone(), text: String::new() },
                    Label {
                        range: range.clone(),
                        text: "looks at the message as a whole".to_owned(),
                    },
                ],
                help: Some(format!("write one of {}", known.join(", "))),
            });
        }
    }

    fn threshold(&mut self, threshold: Option<&At<u8>>) {
        let Some(threshold) = threshold.filter(|threshold| threshold.value > 100) else { return };
        self.report(
            Code::InvalidOption,
            threshold.range.clone(),
            "a threshold is a confidence of 0 to 100".to_owned(),
            Some("write `threshold = 50`, for instance".to_owned()),
        );
    }

    /// Keys that nothing would read: most often a slip that changes what the rule does.
    fn unused(&mut self, source: &RuleSource, definitions: &[(&'static Definition, Range<usize>)]) {
        let action = source.action.as_ref().map(|action| action.value);
        let operator = source.with.as_ref().map_or(OperatorName::Label, |with| with.value);
        let redacts = action == Some(Action::Redact);
        let mut unused = |range: Option<Range<usize>>, key: &str, needs: &str, used: bool| {
            if let Some(range) = range.filter(|_| !used) {
                let message = format!("nothing reads `{key}` in this rule");
                self.report(Code::UnusedKey, range, message, Some(format!("it goes with {needs}")));
            }
        };
        if action.is_some() {
            let with = source.with.as_ref().map(|at| at.range.clone());
            unused(with, "with", "`action = \"redact\"`", redacts);
            let mask = source.mask.as_ref().map(|at| at.range.clone());
            unused(mask, "mask", "`with = \"mask\"`", redacts && operator == OperatorName::Mask);
            let fixed = source.fixed.as_ref().map(|at| at.range.clone());
            unused(
                fixed,
                "fixed",
                "`with = \"fixed\"`",
                redacts && operator == OperatorName::Fixed,
            );
            let hash = source.hash.as_ref().map(|at| at.range.clone());
            unused(hash, "hash", "`with = \"hash\"`", redacts && operator == OperatorName::Hash);
        }
        if action.is_some() {
            let points = source.points.as_ref().map(|at| at.range.clone());
            unused(points, "points", "`action = \"score\"`", action == Some(Action::Score));
        }
        if !definitions.is_empty() {
            let asks = definitions.iter().any(|(one, _)| one.asks);
            let on_error = source.on_error.as_ref().map(|at| at.range.clone());
            unused(
                on_error,
                "on-error",
                "a detector that asks the outside, such as `webhook`",
                asks,
            );
            let reads = definitions.iter().any(|(one, _)| one.reads_fields);
            let fields = source.fields.as_ref().map(|at| at.range.clone());
            unused(fields, "fields", "a detector that reads text", reads);
        }
    }

    fn does(&mut self, source: &RuleSource, action: Option<Action>) -> Option<Does> {
        match action? {
            Action::Deny => Some(Does::Deny),
            Action::Flag => Some(Does::Flag),
            Action::Abort => Some(Does::Abort),
            Action::Score => {
                if let Some(action) = source.action.as_ref().filter(|_| !self.acts) {
                    self.report(
                        Code::MissingKey,
                        action.range.clone(),
                        "`thresholds` is missing, so these points would never act".to_owned(),
                        Some("add `[thresholds]` with `deny = 10`, for instance".to_owned()),
                    );
                }
                Some(Does::Score(self.points(source.points.as_ref()).unwrap_or(1)))
            }
            Action::Redact => self.operator(source).map(Does::Redact),
        }
    }

    fn operator(&mut self, source: &RuleSource) -> Option<Operator> {
        let place = source.action.as_ref().map_or(0..0, |action| action.range.clone());
        let with = source.with.as_ref();
        match with.map_or(OperatorName::Label, |with| with.value) {
            OperatorName::Label => Some(Operator::Label),
            OperatorName::Remove => Some(Operator::Remove),
            OperatorName::Mask => {
                let mask = source.mask.clone().unwrap_or_default();
                let character = mask.value.character;
                if character.is_alphanumeric()
                    || character.is_whitespace()
                    || character.is_control()
                {
                    self.report(
                        Code::InvalidOption,
                        mask.range,
                        "a mask is made of a character that is no letter, digit or space"
                            .to_owned(),
                        Some("write `character = \"*\"` or `\"•\"`".to_owned()),
                    );
                }
                Some(Operator::Mask(mask.value))
            }
            OperatorName::Fixed => {
                let Some(fixed) = source.fixed.as_ref() else {
                    let place = with.map_or(place, |with| with.range.clone());
                    self.diagnostics.push(read::missing_key("fixed", place));
                    return None;
                };
                Some(Operator::Fixed(fixed.value.clone()))
            }
            OperatorName::Hash => {
                let place = with.map_or(place, |with| with.range.clone());
                let hash = source
                    .hash
                    .clone()
                    .unwrap_or(At { value: HashSource::default(), range: place });
                self.hash(hash)
            }
        }
    }

    fn hash(&mut self, At { value, range }: At<HashSource>) -> Option<Operator> {
        if !(8..=64).contains(&value.length) {
            self.report(
                Code::InvalidOption,
                range,
                "a hash shows 8 to 64 hexadecimal digits".to_owned(),
                Some("write `length = 12`, for instance".to_owned()),
            );
            return None;
        }
        let key = self.resources.secret(&value.key_from).filter(|key| key.len() >= 16);
        let Some(key) = key else {
            let name = value.key_from;
            self.report(
                Code::NoHashKey,
                range,
                format!("the secret `{name}` is not set, or shorter than 16 characters"),
                Some(format!("set the environment variable `{name}`")),
            );
            return None;
        };
        Some(Operator::Hash(HashOperator { key: key.into_bytes(), length: value.length }))
    }

    fn points(&mut self, points: Option<&At<u32>>) -> Option<u32> {
        let points = points?;
        if !(1..=MOST_POINTS).contains(&points.value) {
            self.report(
                Code::InvalidOption,
                points.range.clone(),
                format!("points are 1 to {MOST_POINTS}"),
                Some("write `1`, for instance".to_owned()),
            );
        }
        Some(points.value)
    }

    /// Reports thresholds that no message can come to, whatever the rules find in it.
    fn reached(&mut self, limits: &ThresholdsSource, rules: &[Rule]) {
        // A rule that was refused has points that are not known.
        if !self.diagnostics.is_empty() {
            return;
        }
        let points = || rules.iter().filter_map(Rule::points);
        let all = points().fold(0_u32, u32::saturating_add);
        let most = points().max().unwrap_or_default();
        let mut report = |threshold: &At<u32>, why: String, help: String| {
            let message = format!("this threshold would never act: {why}");
            self.report(Code::InvalidOption, threshold.range.clone(), message, Some(help));
        };
        for threshold in [&limits.deny, &limits.abort].into_iter().flatten() {
            if threshold.value > all {
                report(
                    threshold,
                    format!("the `score` rules add up to {all} points"),
                    match all {
                        0 => "add a rule with `action = \"score\"`, or delete it".to_owned(),
                        _ => format!("write {all} or less, or give the rules more `points`"),
                    },
                );
            }
        }
        let (Some(deny), Some(abort)) = (&limits.deny, &limits.abort) else { return };
        if abort.value <= deny.value {
            let help = format!("write less than {}, or delete it", abort.value);
            report(deny, "`abort` is reached before".to_owned(), help);
        } else if abort.value <= all && most <= abort.value - deny.value {
            // Only what lies just below `deny` can pass over it, at one stroke.
            let help = format!("write less than {}, or delete it", deny.value + most);
            report(abort, "`deny` is reached before".to_owned(), help);
        }
    }

    fn allow(&mut self, source: &AllowSource) -> Allow {
        let placed =
            |list: &Option<At<OneOrMany>>| list.clone().map(At::placed).unwrap_or_default();
        let (exact, words) = (placed(&source.exact), placed(&source.words));
        for blank in exact.iter().chain(&words).filter(|one| one.value.trim().is_empty()) {
            let message = "an entry of an allow list is blank".to_owned();
            self.report(
                Code::EmptyList,
                blank.range.clone(),
                message,
                Some("delete it".to_owned()),
            );
        }
        let mut patterns = Vec::new();
        for At { value, range } in placed(&source.patterns) {
            let mut build = Build {
                resources: &self.resources,
                diagnostics: &mut self.diagnostics,
                place: range.clone(),
                files: &mut self.files,
                incomplete: false,
            };
            // Matched from end to end; the group keeps an alternation together.
            let whole = At { value: format!("^(?:{value})$"), range };
            patterns.extend(detect::pattern::compile(&whole, false, false, &mut build));
        }
        let values = |list: Vec<At<String>>| list.into_iter().map(|one| one.value).collect();
        let words: Vec<String> = values(words);
        Allow::new(values(exact), patterns, &words)
    }

    fn condition(&mut self, key: &str, source: Option<At<ConditionSource>>) -> Option<Condition> {
        let At { value, range } = source?;
        if value.is_empty() {
            self.report(
                Code::InvalidCondition,
                range,
                format!("`{key}` asks about nothing"),
                Some("write `sender = [\"*/user/moderator-*\"]`, for instance".to_owned()),
            );
            return None;
        }
        Some(Condition::from(value))
    }

    fn test(
        &mut self,
        mut table: Spanned<DeTable<'_>>,
        names: &mut HashMap<String, Range<usize>>,
        ids: &HashMap<String, Range<usize>>,
    ) -> Option<TestCase> {
        let place = table.span();
        string_as_table(table.get_mut(), "message", "content");
        string_as_table(table.get_mut(), "expect", "outcome");
        let table: read::Table<TestSource> = read::read(table, &mut self.diagnostics);
        let source = table.value?;
        for (key, there) in [
            ("name", source.name.is_some()),
            ("message", source.message.is_some()),
            ("expect", source.expect.is_some()),
        ] {
            self.require(key, there, &table.refused, &place);
        }
        if let Some(name) = &source.name {
            self.unique("test", &name.value, &name.range, names);
        }
        let (name, message, expect) = (source.name?, source.message?, source.expect?);
        let known: Vec<&str> = ids.keys().map(String::as_str).collect();
        for rule in expect.value.rules.iter().flatten() {
            if !ids.contains_key(&rule.value) {
                let message = format!("there is no rule `{}`", rule.value);
                let help = instead(&rule.value, &known);
                self.report(Code::UnknownRule, rule.range.clone(), message, help);
            }
        }
        let named = [&expect.value.deny, &expect.value.abort].into_iter().flatten();
        let named = named.filter_map(super::YesOrRule::rule).chain(source.answers.keys());
        for rule in named {
            if !ids.contains_key(rule) {
                let message = format!("there is no rule `{rule}`");
                let help = instead(rule, &known);
                self.report(Code::UnknownRule, expect.range.clone(), message, help);
            }
        }
        if let Err(why) = expect.value.outcome() {
            let help = Some(why.help.to_owned());
            self.report(Code::InvalidExpectation, expect.range.clone(), why.what.to_owned(), help);
        }
        Some(TestCase::new(name, message.value, expect.value, source.answers, source.todo))
    }

    /// `value` as a table, or a mistake.
    fn table<'i>(
        &mut self,
        key: &str,
        value: Spanned<DeValue<'i>>,
    ) -> Option<Spanned<DeTable<'i>>> {
        let range = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Spanned::new(range, table)),
            other => {
                let message =
                    format!("`{key}` is a table, not a value of type {}", other.type_str());
                self.report(
                    Code::WrongType,
                    range,
                    message,
                    Some(format!("write `{key} = {{ … }}`")),
                );
                None
            }
        }
    }

    /// `value` as a list of tables; each element that is not one is a mistake.
    fn tables<'i>(&mut self, key: &str, value: Spanned<DeValue<'i>>) -> Vec<Spanned<DeTable<'i>>> {
        let range = value.span();
        let help = Some(format!("write `[[{key}]]`, with two brackets"));
        match value.into_inner() {
            DeValue::Array(elements) => {
                elements.into_iter().filter_map(|element| self.table(key, element)).collect()
            }
            _ => {
                let message = format!("`{key}` is a list of tables");
                self.report(Code::WrongType, range, message, help);
                Vec::new()
            }
        }
    }

    /// Reports a key that is missing, unless it was there and refused.
    fn require(&mut self, key: &str, there: bool, refused: &[String], place: &Range<usize>) {
        if !there && !refused.iter().any(|refused| refused == key) {
            self.diagnostics.push(read::missing_key(key, place.clone()));
        }
    }

    #[cold]
    fn report(&mut self, code: Code, range: Range<usize>, message: String, help: Option<String>) {
        // What could not be read is no mistake of another kind as well.
        let is_known = |one: &Diagnostic| {
            one.code == Code::Syntax && one.labels.iter().any(|label| label.range == range)
        };
        if code != Code::Syntax && self.diagnostics.iter().any(is_known) {
            return;
        }
        let labels = vec![Label { range, text: String::new() }];
        self.diagnostics.push(Diagnostic { code, message, labels, help });
    }
}

/// How to mend what the reader of TOML refuses, where that is known.
fn syntax_help(message: &str, written: &str) -> Option<&'static str> {
    if written.contains(['“', '”', '‘', '’']) {
        return Some("write straight quotes: `\"…\"`");
    }
    let known = [
        (
            "missing escaped value",
            r"write the backslash twice, or the text in single quotes: `'\d'`",
        ),
        ("duplicate key", "delete one of the two"),
        ("invalid basic string", "close it with `\"`"),
        ("unclosed array table", "close it with `]]`"),
        ("unclosed table", "close it with `]`"),
    ];
    known.iter().find(|(begin, _)| message.starts_with(begin)).map(|(_, help)| *help)
}

fn remove<'i>(table: &mut DeTable<'i>, key: &str) -> Option<Spanned<DeValue<'i>>> {
    let key = table.keys().find(|known| known.get_ref() == key)?.clone();
    table.remove(&key)
}

/// Turns `key = "text"` into `key = { inner = "text" }`, at the same place.
fn string_as_table(table: &mut DeTable<'_>, key: &str, inner: &'static str) {
    let found = table.iter_mut().find(|(known, _)| known.get_ref() == key);
    let Some((_, value)) = found.filter(|(_, value)| value.get_ref().is_str()) else { return };
    let range = value.span();
    let mut made = DeTable::new();
    made.insert(Spanned::new(range.clone(), Cow::Borrowed(inner)), value.clone());
    *value = Spanned::new(range, DeValue::Table(made));
}
