//! `channel-flow detectors`.

use std::io::Write;

use clap::Args;
use rules::detect::{self, DETECTORS, Definition};
use rules::policy::{Action, instead, options_schema};
use serde::Serialize;
use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::terminal::{BOLD, FAINT};

/// Lists what a rule can detect, or shows one detector's page
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  channel-flow detectors
  channel-flow detectors pattern
  channel-flow detectors pattern --json | jq .options")]
pub(crate) struct Detectors {
    /// A detector, or a group of them
    name: Option<String>,
    /// One JSON value: a list, or with a detector's name that detector with its page and the
    /// schema of its options
    #[arg(long)]
    json: bool,
}

/// A detector for machines.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    summary: &'static str,
    groups: &'static [&'static str],
    actions: &'static [Action],
    label: &'static str,
    reads_fields: bool,
    asks: bool,
    since: &'static str,
    options: Value,
    page: &'static str,
}

impl From<&'static Definition> for Entry {
    fn from(one: &'static Definition) -> Self {
        Self {
            name: one.name,
            summary: one.summary,
            groups: one.groups,
            actions: one.actions,
            label: one.label,
            reads_fields: one.reads_fields,
            asks: one.asks,
            since: one.since,
            options: options_schema(one),
            page: one.page(),
        }
    }
}

pub(crate) fn run(detectors: &Detectors, out: &mut impl Write) -> Result<Exit, Failure> {
    let Some(name) = detectors.name.as_deref() else {
        return list(DETECTORS.iter(), detectors.json, out);
    };
    if let Some(definition) = detect::find(name) {
        if detectors.json {
            json(&Entry::from(definition), out)?;
        } else {
            page(definition.page(), out)?;
        }
        return Ok(Exit::Fine);
    }
    let mut group = detect::group(name).peekable();
    if group.peek().is_none() {
        let names = DETECTORS.iter().map(|one| one.name).chain(detect::groups());
        let known: Vec<&str> = names.collect();
        let help = instead(name, &known)
            .unwrap_or_else(|| "`channel-flow detectors` lists them".to_owned());
        return Err(Failure::Usage(format!("there is no detector or group `{name}`; {help}")));
    }
    list(group, detectors.json, out)
}

fn list(
    definitions: impl Iterator<Item = &'static Definition>,
    as_json: bool,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    if as_json {
        json(&definitions.map(Entry::from).collect::<Vec<_>>(), out)?;
        return Ok(Exit::Fine);
    }
    let width = DETECTORS.iter().map(|one| one.name.len()).max().unwrap_or_default();
    for one in definitions {
        write!(out, "{BOLD}{:width$}{BOLD:#}  {}", one.name, one.summary)?;
        if !one.groups.is_empty() {
            write!(out, " {FAINT}[{}]{FAINT:#}", one.groups.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(Exit::Fine)
}

fn page(page: &str, out: &mut impl Write) -> Result<(), Failure> {
    let mut in_fence = false;
    for line in page.lines() {
        in_fence ^= line.starts_with("```");
        if line.starts_with('#') && !in_fence {
            writeln!(out, "{BOLD}{line}{BOLD:#}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn json(value: &impl Serialize, out: &mut impl Write) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}
