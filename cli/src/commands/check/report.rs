//! A checked policy as one JSON object.

use std::io::Write;

use rules::policy::{Diagnostic, Label};
use serde::Serialize;

use super::Checked;
use crate::exit::Failure;
use crate::lines::{Lines, Position};
use crate::policy::Broken;

#[derive(Serialize)]
struct Report<'a> {
    policy: &'a str,
    /// Of a policy without mistakes.
    revision: Option<&'a str>,
    diagnostics: Vec<Mistake<'a>>,
}

/// A mistake in a policy.
#[derive(Serialize)]
pub(in crate::commands) struct Mistake<'a> {
    code: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    /// The place to edit first.
    labels: Vec<Place<'a>>,
}

/// Byte offsets, and lines and columns counted from 1, columns in characters.
#[derive(Serialize)]
struct Place<'a> {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> Result<(), Failure> {
    let diagnostics = checked.broken().map(mistakes);
    let report = Report {
        policy: checked.name(),
        revision: match checked {
            Checked::Sound(policy, _) => Some(policy.revision()),
            Checked::Broken(_) => None,
        },
        diagnostics: diagnostics.unwrap_or_default(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)?;
    Ok(())
}

/// All mistakes of a policy.
pub(in crate::commands) fn mistakes(broken: &Broken) -> Vec<Mistake<'_>> {
    let lines = Lines::of(&broken.text);
    broken.mistakes.0.iter().map(|one| mistake(&lines, one)).collect()
}

fn mistake<'a>(lines: &Lines<'_>, diagnostic: &'a Diagnostic) -> Mistake<'a> {
    Mistake {
        code: diagnostic.code.name(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        labels: diagnostic.labels.iter().map(|label| place(lines, label)).collect(),
    }
}

fn place<'a>(lines: &Lines<'_>, label: &'a Label) -> Place<'a> {
    let Position { line, column } = lines.position(label.range.start);
    let Position { line: end_line, column: end_column } = lines.position(label.range.end);
    let (start, end) = (label.range.start, label.range.end);
    Place { start, end, line, column, end_line, end_column, text: &label.text }
}
