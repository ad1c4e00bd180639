//! `[[test]]`: what must come out, said in the policy itself. One runner serves the
//! documentation's examples, the golden policies and the users' own tests.

use std::collections::BTreeMap;

use crate::evaluation::{Outcome, Progress, Verdict};
use crate::inquiry::{Answer, InquiryFailure};
use crate::message::{Message, Push, Sender};
use crate::policy::{
    AnswerSource, At, ExpectSource, MessageSource, OneOrMany, OutcomeName, Policy, YesOrRule,
};
use crate::text::Text;

/// A test of a policy.
pub struct TestCase {
    name: At<String>,
    message: Message,
    expect: ExpectSource,
    answers: BTreeMap<String, AnswerSource>,
    todo: bool,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestResult {
    /// As expected.
    Passed,
    /// Not as expected; each line says one difference. The lines quote the test's own message.
    Failed(Vec<String>),
    /// Marked `todo`, and it fails as it is known to.
    Todo,
}

impl TestCase {
    pub(crate) fn new(
        name: At<String>,
        message: MessageSource,
        expect: ExpectSource,
        answers: BTreeMap<String, AnswerSource>,
        todo: bool,
    ) -> Self {
        Self { name, message: message.into(), expect, answers, todo }
    }

    /// Its unique name.
    pub fn name(&self) -> &str {
        &self.name.value
    }

    /// Byte offset of its name in the policy.
    pub fn place(&self) -> usize {
        self.name.range.start
    }

    /// The message it judges.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// What the policy says of its message, with the inquiries answered as the test says.
    pub fn verdict<'p>(&self, policy: &'p Policy) -> Verdict<'p> {
        let mut progress = policy.explain(&self.message);
        loop {
            match progress {
                Progress::Done(verdict) => return verdict,
                Progress::Asks(pending) => {
                    let answer = self.answer(&pending.inquiry().rule);
                    progress = pending.resume(answer);
                }
            }
        }
    }

    /// Runs it.
    pub fn run(&self, policy: &Policy) -> TestResult {
        let differences = self.expect.differences(&self.verdict(policy), &self.message);
        match (differences.is_empty(), self.todo) {
            (true, false) => TestResult::Passed,
            (false, false) => TestResult::Failed(differences),
            (false, true) => TestResult::Todo,
            (true, true) => {
                TestResult::Failed(vec!["marked `todo`, but it passes: remove the mark".to_owned()])
            }
        }
    }

    fn answer(&self, rule: &str) -> Result<Answer, InquiryFailure> {
        match self.answers.get(rule) {
            Some(AnswerSource { fails: false, flagged }) => {
                let flagged = flagged.unwrap_or(false);
                Ok(Answer { body: format!("{{\"flagged\":{flagged}}}").into_bytes() })
            }
            _ => Err(InquiryFailure::Unreachable),
        }
    }
}

impl From<MessageSource> for Message {
    fn from(source: MessageSource) -> Self {
        let text = |text: Option<String>| text.map(Text::from);
        let values =
            |many: OneOrMany| many.0.into_iter().map(|one| Text::from(one.value)).collect();
        Self {
            content: source.content.into(),
            metadata: text(source.metadata),
            push: source.push.map(|push| Push { title: text(push.title), body: text(push.body) }),
            attributes: source
                .attributes
                .into_iter()
                .map(|(name, many)| (name.into(), values(many)))
                .collect(),
            sender: Sender { arn: source.sender, name: None },
            channel: source.channel,
            persistence: source.persistence,
            edited: source.edited,
        }
    }
}

impl YesOrRule {
    pub(crate) fn rule(&self) -> Option<&String> {
        match self {
            Self::Yes => None,
            Self::Rule(rule) => Some(rule),
        }
    }
}

/// Why nobody can tell what a test expects.
pub(crate) struct Unclear {
    pub(crate) what: &'static str,
    /// What to write instead.
    pub(crate) help: &'static str,
}

impl ExpectSource {
    /// The one outcome that is expected; `None` when the test leaves it open.
    pub(crate) fn outcome(&self) -> Result<Option<OutcomeName>, Unclear> {
        const ONE: &str = "keep the one that is meant";
        if self.pass == Some(false) {
            return Err(Unclear {
                what: "`pass = false` says nothing of what comes out",
                help: "write what does: `deny = true`, `update = \"…\"` or `abort = true`",
            });
        }
        let named = [
            self.outcome,
            self.update.as_ref().map(|_| OutcomeName::Update),
            self.deny.as_ref().map(|_| OutcomeName::Deny),
            self.abort.as_ref().map(|_| OutcomeName::Abort),
            self.pass.filter(|pass| *pass).map(|_| OutcomeName::Pass),
        ];
        let mut named = named.into_iter().flatten();
        let first = named.next();
        if named.any(|other| Some(other) != first) {
            return Err(Unclear { what: "the test expects two outcomes at once", help: ONE });
        }
        let texts = self.content.is_some()
            || self.metadata.is_some()
            || self.push_title.is_some()
            || self.push_body.is_some()
            || self.attributes.is_some();
        if texts && matches!(first, Some(OutcomeName::Deny | OutcomeName::Abort)) {
            let what = "nothing comes out of a message that is denied or aborted";
            return Err(Unclear { what, help: ONE });
        }
        if self.content.is_some() && self.update.is_some() && self.content != self.update {
            return Err(Unclear { what: "`update` and `content` name two contents", help: ONE });
        }
        if *self == Self::default() {
            return Err(Unclear {
                what: "the test expects nothing",
                help: "write what comes out, `expect = \"pass\"` for instance",
            });
        }
        Ok(first)
    }

    fn differences(&self, verdict: &Verdict<'_>, message: &Message) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: Option<String>, found: String| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                differences.push(format!("{what}: expected {expected}, got {found}"));
            }
        };
        let outcome = self.outcome().ok().flatten();
        compare(
            "outcome",
            outcome.map(|one| one.name().to_owned()),
            verdict.outcome.name().to_owned(),
        );
        let decided = [&self.deny, &self.abort].into_iter().flatten().find_map(YesOrRule::rule);
        compare("rule", decided.cloned(), verdict.rule.unwrap_or("none").to_owned());
        let after = match &verdict.outcome {
            Outcome::Pass => Some(message),
            Outcome::Update(after) => Some(after.as_ref()),
            Outcome::Deny | Outcome::Abort(_) => None,
        };
        let quoted = |text: &str| format!("{text:?}");
        let nothing = || "nothing".to_owned();
        let content = self.update.as_deref().or(self.content.as_deref());
        let push = after.and_then(|after| after.push.as_ref());
        let optional = |text: Option<&Text>| text.map_or_else(nothing, |text| quoted(text));
        compare("content", content.map(quoted), optional(after.map(|after| &after.content)));
        let metadata = after.and_then(|after| after.metadata.as_ref());
        compare("metadata", self.metadata.as_deref().map(quoted), optional(metadata));
        let title = push.and_then(|push| push.title.as_ref());
        compare("push title", self.push_title.as_deref().map(quoted), optional(title));
        let body = push.and_then(|push| push.body.as_ref());
        compare("push body", self.push_body.as_deref().map(quoted), optional(body));
        for (name, values) in self.attributes.iter().flatten() {
            let expected: Vec<&str> = values.0.iter().map(|one| one.value.as_str()).collect();
            let found = after.and_then(|after| after.attributes.get(name.as_str()));
            let found: Vec<&str> = found.into_iter().flatten().map(Text::as_str).collect();
            compare(
                &format!("attribute {name}"),
                Some(format!("{expected:?}")),
                format!("{found:?}"),
            );
        }
        if let Some(rules) = &self.rules {
            let mut expected: Vec<&str> = rules.iter().map(|rule| rule.value.as_str()).collect();
            let mut found: Vec<&str> = verdict.findings.iter().map(|one| one.rule).collect();
            for names in [&mut expected, &mut found] {
                names.sort_unstable();
                names.dedup();
            }
            compare("rules", Some(format!("{expected:?}")), format!("{found:?}"));
        }
        differences
    }
}

impl OutcomeName {
    fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Update => "update",
            Self::Deny => "deny",
            Self::Abort => "abort",
        }
    }
}
