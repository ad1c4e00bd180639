//! Who is measured: ours, whole and in parts, and for each part somebody else's.

use std::hint::black_box;
use std::sync::Arc;

use clap::ValueEnum;
use redact_core::AnalyzerEngine;
use redact_core::recognizers::RecognizerRegistry;
use redact_core::recognizers::pattern::PatternRecognizer;
use regex::bytes::RegexSet;
use rules::policy::NoResources;
use rules::{Message, Policy, Progress};
use rustrict::{Censor, Type};

use crate::chat::{self, Kind};
use crate::providers;

/// What contenders are made of.
pub struct Sources {
    /// The policy's text.
    pub policy: String,
    /// The facts about providers' keys.
    pub providers: String,
}

/// Who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The whole policy.
    Policy,
    /// Our detector `profanity` alone.
    Profanity,
    Rustrict,
    /// Our group `personal-data` alone.
    PersonalData,
    RedactCore,
    /// Our detector `secrets` alone.
    Secrets,
    /// The forms that it knows, as one set of regular expressions.
    RegexSet,
}

impl Engine {
    pub const ALL: [Self; 7] = [
        Self::Policy,
        Self::Profanity,
        Self::Rustrict,
        Self::PersonalData,
        Self::RedactCore,
        Self::Secrets,
        Self::RegexSet,
    ];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "the policy",
            Self::Profanity => "our profanity",
            Self::Rustrict => "rustrict 0.7.39",
            Self::PersonalData => "our personal data",
            Self::RedactCore => "redact-core 0.12.7",
            Self::Secrets => "our secrets",
            Self::RegexSet => "`RegexSet`",
        }
    }
}

/// One of them, ready.
pub struct Contender {
    pub engine: Engine,
    judge: Box<dyn Fn(&str) -> usize>,
}

impl Contender {
    pub fn new(engine: Engine, sources: &Sources) -> Result<Self, String> {
        Ok(Self { engine, judge: judge(engine, sources)? })
    }

    /// How much it finds in a message.
    pub fn judge(&self, message: &str) -> usize {
        black_box((self.judge)(black_box(message)))
    }
}

pub fn all(sources: &Sources) -> Result<Vec<Contender>, String> {
    Engine::ALL.into_iter().map(|engine| Contender::new(engine, sources)).collect()
}

fn judge(engine: Engine, sources: &Sources) -> Result<Box<dyn Fn(&str) -> usize>, String> {
    Ok(match engine {
        Engine::Policy => ours(&sources.policy)?,
        Engine::Profanity => ours(&flagging("profanity"))?,
        Engine::PersonalData => ours(&flagging("personal-data"))?,
        Engine::Secrets => ours(&flagging("secrets"))?,
        Engine::Rustrict => Box::new(|text| {
            let found = Censor::from_str(text).analyze();
            usize::from(found.is(Type::PROFANE | Type::OFFENSIVE | Type::SEXUAL | Type::MEAN))
        }),
        Engine::RedactCore => {
            // Presidio's patterns alone: the recogniser of secrets stays out.
            let mut registry = RecognizerRegistry::new();
            registry.add_recognizer(Arc::new(PatternRecognizer::new()));
            let engine = AnalyzerEngine::builder().with_recognizer_registry(registry).build();
            Box::new(move |text| {
                engine.analyze(text, None).map_or(0, |found| found.detected_entities.len())
            })
        }
        Engine::RegexSet => {
            let set = regex_set(&sources.providers)?;
            Box::new(move |text| set.matches(text.as_bytes()).iter().count())
        }
    })
}

/// A policy with this detector or group alone.
fn flagging(detect: &str) -> String {
    format!("[[rule]]\nid = 'r'\ndetect = '{detect}'\naction = 'flag'\n")
}

pub fn load(policy: &str) -> Result<Policy, String> {
    Policy::load(policy, &NoResources).map_err(|mistakes| mistakes.plain(policy))
}

fn ours(policy: &str) -> Result<Box<dyn Fn(&str) -> usize>, String> {
    let policy = load(policy)?;
    Ok(Box::new(move |text| findings(&policy, &Message::text(text))))
}

/// How many places the policy finds.
pub fn findings(policy: &Policy, message: &Message) -> usize {
    match policy.evaluate(message) {
        Progress::Done(verdict) => verdict.findings.len(),
        Progress::Asks(_) => 0,
    }
}

fn regex_set(providers: &str) -> Result<RegexSet, String> {
    let expressions = providers::expressions(providers)?;
    regex::bytes::RegexSetBuilder::new(expressions)
        .unicode(false)
        .size_limit(256 << 20)
        .dfa_size_limit(64 << 20)
        .build()
        .map_err(|error| error.to_string())
}

/// What each must find, each line for itself. A measurement of something that finds nothing would
/// say nothing.
fn controls(engine: Engine, providers: &str) -> Result<Vec<String>, String> {
    let lines = match engine {
        Engine::Policy => {
            "card 4111 1111 1111 1111\nI will kill you\noh sh1t\n\
            mail ada@example.com\nsee https://free-coins.example/now"
        }
        Engine::Profanity | Engine::Rustrict => "what the fuck\noh sh1t\nyou f u c k\nass hole",
        Engine::PersonalData | Engine::RedactCore => {
            "card 4111 1111 1111 1111\n\
            write to ada.lovelace@example.com\nmy SSN is 536-22-8726\npay DE89370400440532013000\n\
            server 203.0.113.7\ncall me on (415) 555-0132"
        }
        Engine::Secrets | Engine::RegexSet => return providers::samples(providers),
    };
    Ok(lines.lines().map(str::to_owned).collect())
}

/// Everyone finds what it is there for: all of the control messages, or of the samples of secrets
/// all but one in a hundred, and in clean chat nothing.
pub fn verify(contenders: &[Contender], providers: &str) -> Result<(), String> {
    for contender in contenders {
        let name = contender.engine.name();
        let controls = controls(contender.engine, providers)?;
        let missed: Vec<&String> =
            controls.iter().filter(|control| contender.judge(control) == 0).collect();
        if missed.len() > controls.len() / 100 {
            return Err(format!("{name} finds nothing in {missed:#?}"));
        }
        let noisy =
            (0..100).filter(|seed| contender.judge(&chat::message(Kind::Ascii, 40, *seed)) > 0);
        let noisy = noisy.count();
        if noisy > 10 {
            return Err(format!("{name} finds something in {noisy} of 100 clean messages"));
        }
        eprintln!("{name}: {} of {} controls found", controls.len() - missed.len(), controls.len());
    }
    Ok(())
}
