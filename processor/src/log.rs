//! What is written: one line of JSON for each message, with its metrics in it.
//!
//! A line names the message, the rules and what they counted. Nothing in it comes from a text that
//! a member wrote; the types of its fields see to that.

use std::io::Write;
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use rules::InquiryFailure;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::judge::Found;

/// The most findings that a line lists, and the most failures; CloudWatch cuts lines at 256 KB, and
/// reads no metrics from one that is cut.
const MOST_LISTED: usize = 100;

/// Where lines go.
pub trait Sink: Send + Sync {
    /// Writes a line; `line` has no line break.
    fn write(&self, line: &str);
}

impl<F: Fn(&str) + Send + Sync> Sink for F {
    fn write(&self, line: &str) {
        self(line);
    }
}

/// The process's standard output, where Lambda takes logs and metrics from. Each line is one
/// write, so lines do not mix.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stdout;

impl Sink for Stdout {
    fn write(&self, line: &str) {
        let mut output = std::io::stdout().lock();
        // A log that cannot be written is no reason to leave a message pending.
        drop(output.write_all(format!("{line}\n").as_bytes()));
        drop(output.flush());
    }
}

/// Nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silence;

impl Sink for Silence {
    fn write(&self, _: &str) {}
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Info,
    /// Worth a look.
    Warn,
    /// A message was not judged, or not answered.
    Error,
}

/// A line.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    pub(crate) timestamp: String,
    pub(crate) level: Level,
    pub(crate) event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl<'a> Line<'a> {
    /// A line about nothing in particular yet.
    pub(crate) fn new(level: Level, event: &'static str, at: SystemTime) -> Self {
        Self {
            timestamp: timestamp(at),
            level,
            event,
            request_id: None,
            message_id: None,
            channel: None,
            rest: Map::new(),
        }
    }

    pub(crate) fn request(mut self, request_id: Option<&'a str>) -> Self {
        self.request_id = request_id;
        self
    }

    pub(crate) fn about(mut self, event: &'a crate::event::Event) -> Self {
        self.message_id = Some(&event.message_id);
        self.channel = Some(&event.channel_arn);
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.rest.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn findings(self, findings: &[Found]) -> Self {
        let listed: Vec<Value> = findings
            .iter()
            .take(MOST_LISTED)
            .filter_map(|found| serde_json::to_value(found).ok())
            .collect();
        let more = findings.len().saturating_sub(MOST_LISTED);
        let line = self.with("findings", listed);
        if more > 0 { line.with("findings_more", more) } else { line }
    }

    /// The inquiries that got no answer, if there were any, with the rules that asked.
    pub(crate) fn failures(self, failures: &[(String, InquiryFailure)]) -> Self {
        if failures.is_empty() {
            return self;
        }
        let listed = failures
            .iter()
            .take(MOST_LISTED)
            .map(|(rule, failure)| json!({"rule": rule, "failure": failure.name()}));
        let line = self.with("inquiry_failures", listed.collect::<Vec<Value>>());
        let more = failures.len().saturating_sub(MOST_LISTED);
        if more > 0 { line.with("inquiry_failures_more", more) } else { line }
    }

    pub(crate) fn members(mut self, members: Map<String, Value>) -> Self {
        self.rest.extend(members);
        self
    }

    pub(crate) fn write(&self, sink: &dyn Sink) {
        if let Ok(line) = serde_json::to_string(self) {
            sink.write(&line);
        }
    }
}

/// Milliseconds with three decimals.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// RFC 3339, in milliseconds.
fn timestamp(at: SystemTime) -> String {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    DateTime::from_millis(millis).fmt(Format::DateTime).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_line_is_one_line_of_json() {
        let lines = Mutex::new(Vec::new());
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_786_701_600_120);
        Line::new(Level::Warn, "decision", at)
            .with("outcome", "a\nb")
            .write(&|line: &str| lines.lock().unwrap().push(line.to_owned()));
        assert_eq!(
            lines.into_inner().unwrap(),
            [
                r#"{"timestamp":"2026-08-14T10:00:00.12Z","level":"warn","event":"decision","outcome":"a\nb"}"#
            ]
        );
    }

    #[test]
    fn a_line_does_not_grow_with_the_policy() {
        let found = Found {
            rule: "r".to_owned(),
            detector: "d",
            field: "content",
            count: 1,
            observed: false,
        };
        let line = Line::new(Level::Info, "decision", SystemTime::UNIX_EPOCH)
            .findings(&vec![found; 10_000])
            .failures(&vec![("r".to_owned(), InquiryFailure::Refused); 10_000]);
        for name in ["findings", "inquiry_failures"] {
            assert_eq!(line.rest[name].as_array().unwrap().len(), MOST_LISTED);
            assert_eq!(line.rest[&format!("{name}_more")], 9_900);
        }
    }

    #[test]
    fn times_have_three_decimals() {
        assert!((milliseconds(Duration::from_nanos(1_234_567)) - 1.235).abs() < 1e-9);
    }
}
