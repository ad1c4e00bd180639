//! What became of an event, for people and for machines.

use std::collections::BTreeMap;
use std::io::Write;

use local_chime::{Body, Outcome, Status};
use processor::{Decision, Found, Judgement};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::fail_on::FailOn;
use crate::terminal::{BOLD, ERROR, FAINT, Shown, of_outcome};
use crate::texts::Texts;

/// What became of an event.
pub(super) struct Report {
    /// As the service saw it.
    pub(super) outcome: Outcome,
    /// As the processor did.
    pub(super) decision: Option<Decision>,
    /// Why the message has no answer.
    pub(super) unanswered: Option<String>,
}

impl Report {
    fn judgement(&self) -> Option<&Judgement> {
        self.decision.as_ref()?.judgement.as_ref()
    }

    /// The outcome's name; of a message without one, where it stands.
    fn name(&self) -> &'static str {
        match self.judgement() {
            Some(judgement) => judgement.outcome.name(),
            None => "unanswered",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self.judgement().map(|judgement| &judgement.outcome) {
            Some(processor::Outcome::Abort(why)) => Some(why.name()),
            Some(_) => None,
            None => self.unanswered.as_deref(),
        }
    }

    fn rule(&self) -> Option<&str> {
        self.judgement()?.rule.as_deref()
    }

    fn findings(&self) -> &[Found] {
        self.judgement().map_or(&[], |judgement| &judgement.findings)
    }

    fn milliseconds(&self) -> f64 {
        // In microseconds: what a clock tells beyond that is noise.
        (self.outcome.elapsed.as_secs_f64() * 1e6).round() / 1e3
    }

    /// How the program ends for it.
    pub(super) fn exit(&self, fail_on: &FailOn) -> Exit {
        let answered = self.outcome.status != Status::Pending && self.judgement().is_some();
        if !answered || fail_on.names(self.name(), !self.findings().is_empty()) {
            Exit::Found
        } else {
            Exit::Fine
        }
    }

    /// A line of JSON.
    pub(super) fn write_json(&self, event: &str, out: &mut impl Write) -> Result<(), Failure> {
        let line = Line {
            event,
            outcome: self.name(),
            rule: self.rule(),
            reason: self.reason(),
            status: self.outcome.status,
            sent: Texts::of(&self.outcome.sent),
            members: self.outcome.seen.as_ref().map(Texts::of),
            findings: self.findings(),
            milliseconds: self.milliseconds(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
        Ok(())
    }

    /// A few lines of text.
    pub(super) fn write_text(&self, event: &str, out: &mut impl Write) -> Result<(), Failure> {
        let name = self.name();
        let style = of_outcome(name);
        write!(out, "{BOLD}{}{BOLD:#}  {style}{name}{style:#}", Shown(event))?;
        if let Some(rule) = self.rule() {
            write!(out, " by {BOLD}{rule}{BOLD:#}")?;
        }
        if let Some(reason) = self.reason() {
            write!(out, " ({reason})")?;
        }
        writeln!(out, "  {FAINT}{:.1} ms{FAINT:#}", self.milliseconds())?;
        let sent = named(&self.outcome.sent);
        for (field, text) in &sent {
            writeln!(out, "  sent     {FAINT}{field}{FAINT:#}  \"{}\"", Shown(text))?;
        }
        match &self.outcome.seen {
            None => writeln!(out, "  members  nothing ({})", self.outcome.status.as_str())?,
            Some(seen) if *seen == self.outcome.sent => writeln!(out, "  members  the same")?,
            Some(seen) => {
                for (field, text) in named(seen) {
                    writeln!(out, "  members  {FAINT}{field}{FAINT:#}  \"{}\"", Shown(text))?;
                }
            }
        }
        for found in self.findings() {
            let Found { rule, detector, field, count, observed } = found;
            let observed = if *observed { ", observed only" } else { "" };
            writeln!(
                out,
                "  {FAINT}found    {rule}: {detector} in {field} ×{count}{observed}{FAINT:#}"
            )?;
        }
        writeln!(out)?;
        Ok(())
    }
}

/// A file that is not an event, for machines.
pub(super) fn write_json_error(
    event: &str,
    why: &str,
    out: &mut impl Write,
) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, &serde_json::json!({ "event": event, "error": why }))?;
    writeln!(out)?;
    Ok(())
}

/// Tells people, on standard error, of a file that is not an event.
pub(super) fn tell_error(event: &str, why: &str) {
    let mut err = anstream::stderr().lock();
    let event = Shown(event);
    // The exit code says it as well.
    drop(writeln!(err, "{BOLD}{event}{BOLD:#}  {ERROR}not an event{ERROR:#}: {why}"));
}

#[derive(Serialize)]
struct Line<'a> {
    event: &'a str,
    outcome: &'static str,
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    status: Status,
    sent: Texts<'a>,
    /// `null`: they see nothing.
    members: Option<Texts<'a>>,
    findings: &'a [Found],
    milliseconds: f64,
}

/// The texts of a message, each with its name.
fn named(body: &Body) -> Vec<(String, &str)> {
    let mut texts = vec![("content".to_owned(), body.content.as_str())];
    texts.extend(body.metadata.as_deref().map(|text| ("metadata".to_owned(), text)));
    if let Some(push) = &body.push_notification {
        texts.extend(push.title.as_deref().map(|text| ("push-title".to_owned(), text)));
        texts.extend(push.body.as_deref().map(|text| ("push-body".to_owned(), text)));
    }
    for (name, values) in &body.attributes {
        texts.extend(
            values.iter().map(|text| (format!("attribute {}", Shown(name)), text.as_str())),
        );
    }
    texts
}

/// How many events came out how.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    pub(super) fn add(&mut self, report: &Report) {
        *self.0.entry(report.name()).or_default() += 1;
    }

    /// Sums up, where there is more than one.
    pub(super) fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        let all: usize = self.0.values().sum();
        if all > 1 {
            let parts: Vec<String> =
                self.0.iter().map(|(name, count)| format!("{count} {name}")).collect();
            writeln!(out, "{all} events: {}", parts.join(", "))?;
        }
        Ok(())
    }
}
