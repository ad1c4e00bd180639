//! A policy as it is written. What it means is [`super::Policy`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::read::{At, OneOrMany};
use crate::condition::ConditionSource;
use crate::message::Persistence;
use crate::operator::MaskOptions;

/// `[settings]`: what holds for the whole policy.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Settings")]
pub(crate) struct SettingsSource {
    /// What stands where a redaction would leave nothing, because the service refuses empty
    /// content, and where what redactions leave is redacted over and over. `[removed]` unless set;
    /// 1–50 bytes.
    #[schemars(with = "Option<String>", length(min = 1, max = 50))]
    pub(crate) placeholder: Option<At<String>>,
    /// What no rule is to find.
    pub(crate) allow: AllowSource,
}

/// `[thresholds]`: what the points of `score` rules add up to. As soon as a message has so many, it
/// ends.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Thresholds")]
pub(crate) struct ThresholdsSource {
    /// Points from which a message is denied.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1_000_000))]
    pub(crate) deny: Option<At<u32>>,
    /// Points from which a message is aborted; looked at before `deny`.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1_000_000))]
    pub(crate) abort: Option<At<u32>>,
}

/// What is not to be found, though a detector finds it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Allow")]
pub(crate) struct AllowSource {
    /// Texts: what is found is one of them, capitals and small letters alike.
    #[schemars(with = "Option<OneOrMany>")]
    pub(crate) exact: Option<At<OneOrMany>>,
    /// Regular expressions: what is found is matched from its first to its last character.
    #[schemars(with = "Option<OneOrMany>")]
    pub(crate) patterns: Option<At<OneOrMany>>,
    /// Words or phrases: what is found lies inside one that stands in the text as a whole word.
    #[schemars(with = "Option<OneOrMany>")]
    pub(crate) words: Option<At<OneOrMany>>,
}

/// A `[[rule]]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Rule")]
pub(crate) struct RuleSource {
    /// Unique name: what logs, metrics and findings call the rule. Letters, digits, `-`, `_`, `.`.
    #[schemars(
        required,
        with = "String",
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9._-]+$")
    )]
    pub(crate) id: Option<At<String>>,
    /// A detector or group, or a list of them.
    #[schemars(with = "OneOrMany")]
    pub(crate) detect: Option<At<OneOrMany>>,
    /// What to do where something is found.
    #[schemars(with = "Action")]
    pub(crate) action: Option<At<Action>>,
    /// The operator of a redaction; `label` unless set.
    #[schemars(with = "Option<OperatorName>")]
    pub(crate) with: Option<At<OperatorName>>,
    /// Options of the `mask` operator.
    #[schemars(with = "Option<MaskOptions>")]
    pub(crate) mask: Option<At<MaskOptions>>,
    /// The text of the `fixed` operator.
    #[schemars(with = "Option<String>")]
    pub(crate) fixed: Option<At<String>>,
    /// Options of the `hash` operator.
    #[schemars(with = "Option<HashSource>")]
    pub(crate) hash: Option<At<HashSource>>,
    /// The fields the rule reads; every text another member gets to see unless set.
    #[schemars(with = "Option<Vec<FieldName>>")]
    pub(crate) fields: Option<At<Vec<FieldName>>>,
    /// The rule applies only to messages of which all of this is true.
    #[schemars(with = "Option<ConditionSource>")]
    pub(crate) when: Option<At<ConditionSource>>,
    /// The rule does not apply to messages of which all of this is true.
    #[schemars(with = "Option<ConditionSource>")]
    pub(crate) unless: Option<At<ConditionSource>>,
    /// `observe` evaluates, counts and logs, and changes nothing: a rule's dry run.
    pub(crate) mode: Mode,
    /// The confidence, 0–100, from which a hit counts; 50 unless set.
    #[schemars(with = "Option<u8>", range(max = 100))]
    pub(crate) threshold: Option<At<u8>>,
    /// What this rule is not to find.
    pub(crate) allow: AllowSource,
    /// The points that a `score` rule adds when it finds something, once a message; 1 unless set.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1_000_000))]
    pub(crate) points: Option<At<u32>>,
    /// For a detector that asks the outside: what becomes of the message when no answer comes.
    /// `abort` unless set.
    #[schemars(with = "Option<OnError>")]
    pub(crate) on_error: Option<At<OnError>>,
}

/// What a rule does where its detector finds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Replace what was found.
    Redact,
    /// Stop the message: nobody gets it, the sender is told.
    Deny,
    /// Note it and change nothing.
    Flag,
    /// Add points; `[thresholds]` act on their sum.
    Score,
    /// Answer as the flow's own fallback is set.
    Abort,
}

impl Action {
    /// The name in policies and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Redact => "redact",
            Self::Deny => "deny",
            Self::Flag => "flag",
            Self::Score => "score",
            Self::Abort => "abort",
        }
    }
}

/// The names of the operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Operator")]
pub(crate) enum OperatorName {
    /// `[card]`: the kind of what was found, between brackets.
    Label,
    /// `**** **** **** 1111`: characters hidden one by one.
    Mask,
    /// Always the same text.
    Fixed,
    /// `[card:9f86d081]`: a keyed hash, to correlate without reading.
    Hash,
    /// Nothing.
    Remove,
}

/// Options of the `hash` operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "HashOptions")]
pub(crate) struct HashSource {
    /// The name of the secret that holds the key, at least 16 characters: an environment variable
    /// of the processor.
    pub(crate) key_from: String,
    /// Hexadecimal digits shown.
    #[schemars(range(min = 8, max = 64))]
    pub(crate) length: usize,
}

impl Default for HashSource {
    fn default() -> Self {
        Self { key_from: "HASH_KEY".to_owned(), length: 12 }
    }
}

/// The names of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Field")]
pub(crate) enum FieldName {
    /// The body.
    Content,
    /// Strings and numbers in the metadata, or all of it when it is not JSON.
    Metadata,
    /// The push notification's title.
    PushTitle,
    /// The push notification's body.
    PushBody,
    /// The names and values of message attributes.
    Attributes,
}

/// Whether a rule acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It does.
    #[default]
    Enforce,
    /// It is evaluated, counted and logged, and changes nothing.
    Observe,
}

/// What becomes of a message whose inquiry failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnError {
    /// It could not be judged: answer as the flow's fallback is set.
    #[default]
    Abort,
    /// The rule is skipped.
    Continue,
    /// It is stopped.
    Deny,
}

impl OnError {
    /// The name in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Abort => "abort",
            Self::Continue => "continue",
            Self::Deny => "deny",
        }
    }
}

/// A `[[test]]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Test")]
pub(crate) struct TestSource {
    /// Unique; says the fact.
    #[schemars(with = "String")]
    pub(crate) name: Option<At<String>>,
    /// The message: its content, or a table of what it holds.
    #[schemars(with = "OneOrTable<MessageSource>")]
    pub(crate) message: Option<At<MessageSource>>,
    /// What must come out: an outcome's name, or a table.
    #[schemars(with = "OneOrTable<ExpectSource>")]
    pub(crate) expect: Option<At<ExpectSource>>,
    /// What inquiries are answered, by the id of the rule that asks; one that is not named fails.
    pub(crate) answers: BTreeMap<String, AnswerSource>,
    /// A known miss: the test is expected to fail, and reported when it passes.
    pub(crate) todo: bool,
}

/// For the schema: a string, or a table of `T`. The loader makes a table of the string.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrTable<T> {
    One(String),
    Table(T),
}

/// A test's message.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Message")]
pub(crate) struct MessageSource {
    /// The body.
    pub(crate) content: String,
    /// Metadata as the service carries it: a string, most often JSON.
    pub(crate) metadata: Option<String>,
    /// The push notification.
    pub(crate) push: Option<PushSource>,
    /// Message attributes and their values.
    pub(crate) attributes: BTreeMap<String, OneOrMany>,
    /// The sender's ARN.
    pub(crate) sender: String,
    /// The channel's ARN.
    pub(crate) channel: String,
    /// Whether the service stores it.
    pub(crate) persistence: Option<Persistence>,
    /// Whether it is an edit.
    pub(crate) edited: bool,
}

/// A test message's push notification.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Push")]
pub(crate) struct PushSource {
    /// The title.
    pub(crate) title: Option<String>,
    /// The body.
    pub(crate) body: Option<String>,
}

/// What a test expects. Keys that are not given are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Expect")]
pub(crate) struct ExpectSource {
    /// The outcome.
    pub(crate) outcome: Option<OutcomeName>,
    /// The message is rewritten, and this is its content.
    pub(crate) update: Option<String>,
    /// The message is denied: `true`, or the id of the rule that denies it.
    pub(crate) deny: Option<YesOrRule>,
    /// The message is aborted: `true`, or the id of the rule that aborts it.
    pub(crate) abort: Option<YesOrRule>,
    /// The message is passed on as it came.
    pub(crate) pass: Option<bool>,
    /// Content that comes out.
    pub(crate) content: Option<String>,
    /// Metadata that comes out.
    pub(crate) metadata: Option<String>,
    /// Push title that comes out.
    pub(crate) push_title: Option<String>,
    /// Push body that comes out.
    pub(crate) push_body: Option<String>,
    /// Attribute values that come out, by the name that comes out; names not given are not compared.
    pub(crate) attributes: Option<BTreeMap<String, OneOrMany>>,
    /// The ids of exactly the rules that find something, in the policy's order; observing and
    /// flagging ones too.
    pub(crate) rules: Option<Vec<At<String>>>,
}

/// The outcomes' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OutcomeName {
    /// Passed on as it came.
    Pass,
    /// Passed on rewritten.
    Update,
    /// Stopped.
    Deny,
    /// Could not be judged.
    Abort,
}

/// `true`, or the rule that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum YesOrRule {
    /// Some rule, or none in particular.
    Yes,
    /// This rule.
    Rule(String),
}

impl<'de> Deserialize<'de> for YesOrRule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl serde::de::Visitor<'_> for Either {
            type Value = YesOrRule;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("`true` or the id of a rule")
            }

            fn visit_bool<E: serde::de::Error>(self, yes: bool) -> Result<YesOrRule, E> {
                if yes {
                    Ok(YesOrRule::Yes)
                } else {
                    Err(E::custom("write `true` or the id of a rule, or leave the key away"))
                }
            }

            fn visit_str<E>(self, rule: &str) -> Result<YesOrRule, E> {
                Ok(YesOrRule::Rule(rule.to_owned()))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for YesOrRule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "YesOrRule".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [{ "const": true }, { "type": "string" }] })
    }
}

/// How a test answers an inquiry.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Answer")]
pub(crate) struct AnswerSource {
    /// What the webhook says.
    pub(crate) flagged: Option<bool>,
    /// There is no answer.
    pub(crate) fails: bool,
}
