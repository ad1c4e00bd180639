use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Detector, Probe, RemoteDetector, Snapshot, WHOLE_MESSAGE};
use crate::inquiry::{Answer, InquiryFailure, Request};
use crate::message::Field;
use crate::policy::{Action, At, Build, Code};

/// The longest answer that is read; a yes or no with a reason is short.
const MOST_ANSWER: usize = 64 << 10;

#[doc = include_str!("webhook.md")]
pub(crate) struct Webhook;

/// Options of `webhook`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WebhookOptions")]
pub(crate) struct Options {
    /// Where to POST to; `https`, or `http` on the own machine or network.
    #[schemars(required, with = "String")]
    url: Option<At<String>>,
    /// The longest an answer may take, in milliseconds, 1–60,000; 1,000 unless set.
    #[schemars(with = "Option<u64>", range(min = 1, max = 60_000))]
    timeout_ms: Option<At<u64>>,
}

impl Detector for Webhook {
    const NAME: &'static str = "webhook";
    const SUMMARY: &'static str = "what a service of yours says is to be acted on";
    const PAGE: &'static str = include_str!("webhook.md");
    const LABEL: &'static str = "webhook";
    const GROUPS: &'static [&'static str] = &[];
    const ACTIONS: &'static [Action] = WHOLE_MESSAGE;
    const ASKS: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let url = match options.url {
            None => {
                build.mistake_here(
                    Code::MissingKey,
                    "`url` is missing".to_owned(),
                    "add `options = { url = \"https://…\" }`".to_owned(),
                );
                String::new()
            }
            Some(At { value, range }) => {
                let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
                let plain = value.bytes().all(|byte| byte.is_ascii_graphic());
                if !plain
                    || host.is_none_or(|host| host.is_empty() || host.starts_with(['/', ':', '?']))
                {
                    build.mistake(
                        Code::InvalidOption,
                        range,
                        "the URL is not an absolute one of `https` or `http`".to_owned(),
                        "write `https://moderation.example.com/check`, for instance".to_owned(),
                    );
                }
                value
            }
        };
        let timeout = options.timeout_ms.unwrap_or(At { value: 1_000, range: 0..0 });
        if !(1..=60_000).contains(&timeout.value) {
            build.mistake(
                Code::InvalidOption,
                timeout.range,
                "a timeout is 1 to 60000 milliseconds".to_owned(),
                "write `timeout-ms = 1000`, for instance".to_owned(),
            );
        }
        Probe::Remote(Box::new(Hook { url, timeout: Duration::from_millis(timeout.value) }))
    }
}

struct Hook {
    url: String,
    timeout: Duration,
}

impl RemoteDetector for Hook {
    fn ask(&self, snapshot: &Snapshot<'_>) -> Request {
        let mut body = Map::new();
        let mut push = Map::new();
        let mut attributes = Map::new();
        let named = snapshot.texts.iter().filter_map(|(field, text)| match field {
            Field::AttributeName(_) => Some(*text),
            _ => None,
        });
        let names: Vec<&str> = named.collect();
        for (field, text) in &snapshot.texts {
            let value = Value::from(*text);
            match field {
                Field::Content => body.insert("content".to_owned(), value),
                Field::Metadata => body.insert("metadata".to_owned(), value),
                Field::PushTitle => push.insert("title".to_owned(), value),
                Field::PushBody => push.insert("body".to_owned(), value),
                Field::Attribute(index) => {
                    let number = snapshot.message.attribute(*index).map(|(number, _, _)| number);
                    let name = number.and_then(|number| names.get(number)).copied();
                    let values = attributes.entry(name.unwrap_or_default());
                    if let Value::Array(values) = values.or_insert_with(|| Value::Array(Vec::new()))
                    {
                        values.push(value);
                    }
                    None
                }
                Field::AttributeName(_) => {
                    attributes.entry(*text).or_insert_with(|| Value::Array(Vec::new()));
                    None
                }
            };
        }
        for (name, part) in [("push", push), ("attributes", attributes)] {
            if !part.is_empty() {
                body.insert(name.to_owned(), Value::Object(part));
            }
        }
        Request::Post { url: self.url.clone(), body: Value::Object(body).to_string().into() }
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn read(&self, answer: &Answer) -> Result<bool, InquiryFailure> {
        if answer.body.len() > MOST_ANSWER {
            return Err(InquiryFailure::NotUnderstood);
        }
        // Why it cannot be read is not told: the cause may quote the answer, and with it a
        // member's words.
        serde_json::from_slice::<Value>(&answer.body)
            .ok()
            .and_then(|reply| reply.as_object()?.get("flagged")?.as_bool())
            .ok_or(InquiryFailure::NotUnderstood)
    }
}

#[cfg(test)]
mod tests {
    use crate::inquiry::{Answer, InquiryFailure, Request};
    use crate::policy::{NoResources, Policy};
    use crate::{AbortReason, Message, Outcome, Pending, Progress};

    const POLICY: &str = r#"
        [[rule]]
        id = "numbers"
        detect = "pattern"
        action = "redact"
        options = { patterns = '\d+' }

        [[rule]]
        id = "hook"
        detect = "webhook"
        action = "deny"
        fields = ["content", "attributes"]
        options = { url = "https://hook.example/x", timeout-ms = 50 }
    "#;

    fn pending<'p, 'm>(policy: &'p Policy, message: &'m Message) -> Pending<'p, 'm> {
        match policy.evaluate(message) {
            Progress::Asks(pending) => pending,
            Progress::Done(_) => panic!("the hook was not asked"),
        }
    }

    fn outcome(answer: Result<&str, InquiryFailure>) -> Outcome {
        let policy = Policy::load(POLICY, &NoResources).unwrap();
        let message = Message::text("hi");
        let answer = answer.map(|body| Answer { body: body.into() });
        match pending(&policy, &message).resume(answer) {
            Progress::Done(verdict) => verdict.outcome,
            Progress::Asks(_) => panic!("it asks twice"),
        }
    }

    #[test]
    fn it_is_shown_the_rules_fields_as_the_rules_before_left_them() {
        let policy = Policy::load(POLICY, &NoResources).unwrap();
        let message = Message {
            metadata: Some("private".into()),
            attributes: [("tag 7".into(), vec!["a".into(), "7".into()]), ("x".into(), Vec::new())]
                .into(),
            ..Message::text("call 123")
        };
        let pending = pending(&policy, &message);
        let Request::Post { url, body } = &pending.inquiry().request;
        assert_eq!(url, "https://hook.example/x");
        assert_eq!(
            body.as_str(),
            r#"{"attributes":{"tag [redacted]":["a","[redacted]"],"x":[]},"content":"call [redacted]"}"#
        );
    }

    #[test]
    fn it_does_as_it_is_told() {
        assert_eq!(outcome(Ok(r#"{"flagged":false,"reason":"fine"}"#)), Outcome::Pass);
        assert_eq!(outcome(Ok(r#"{"flagged":true}"#)), Outcome::Deny);
    }

    #[test]
    fn what_it_does_not_understand_is_a_failure() {
        let aborted = |failure| Outcome::Abort(AbortReason::Inquiry(failure));
        for answer in ["", "yes", "{}", r#"{"flagged":"yes"}"#, "[true]"] {
            assert_eq!(outcome(Ok(answer)), aborted(InquiryFailure::NotUnderstood), "{answer}");
        }
        let huge = format!("{{\"flagged\":true,\"reason\":\"{}\"}}", "x".repeat(70_000));
        assert_eq!(outcome(Ok(&huge)), aborted(InquiryFailure::NotUnderstood));
        assert_eq!(outcome(Err(InquiryFailure::TimedOut)), aborted(InquiryFailure::TimedOut));
    }
}
