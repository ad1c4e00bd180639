//! `channel-flow test`.

mod junit;

use std::io::Write;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use rules::Policy;
use rules::test_case::{TestCase, TestResult};
use serde::Serialize;

use super::check::{Mistake, mistakes};
use crate::exit::{Exit, Failure};
use crate::lines::Lines;
use crate::policy::{Broken, PolicyArgument, PolicySource};
use crate::terminal::{self, BOLD, ERROR, FAINT, GOOD, NOTE, Shown};

/// Runs the tests of a policy
#[derive(Args, Debug)]
#[command(after_help = "\
Ends with 0 when all tests pass, with 1 when one fails, with 2 when the policy has mistakes, which json
and junit report as well.
A test marked `todo` fails when it passes.

Examples:
  channel-flow test
  channel-flow test policies/support.toml --only card
  channel-flow test --format junit > tests.xml")]
pub(crate) struct Test {
    #[command(flatten)]
    policy: PolicyArgument,
    /// How to report
    #[arg(short, long, default_value = "text")]
    format: Format,
    /// Only tests with this in their name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line for each test, for people
    Text,
    /// One object, for scripts
    Json,
    /// A `junit.xml`, for continuous integration
    Junit,
}

/// A test that was run.
struct Ran<'p> {
    test: &'p TestCase,
    line: usize,
    result: TestResult,
    took: Duration,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    passed: usize,
    failed: usize,
    todo: usize,
}

pub(crate) fn run(test: &Test, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (policy, source) = match PolicySource::find(test.policy.named(), verbose)?.load() {
        Ok(loaded) => loaded,
        Err(Failure::Policy(broken)) => {
            // Whoever reads the report must not take a missing one for a run without failures.
            match test.format {
                Format::Text => {}
                Format::Json => json_of_broken(&broken, out)?,
                Format::Junit => junit::write_broken(&broken, out)?,
            }
            return Err(Failure::Policy(broken));
        }
        Err(failure) => return Err(failure),
    };
    let wanted = |name: &str| test.only.as_ref().is_none_or(|part| name.contains(part.as_str()));
    let chosen: Vec<&TestCase> = policy.tests().iter().filter(|one| wanted(one.name())).collect();
    if let Some(part) = test.only.as_ref().filter(|_| chosen.is_empty()) {
        return Err(Failure::Usage(format!(
            "no test of `{}` has `{part}` in its name",
            source.name
        )));
    }
    let lines = Lines::of(&source.text);
    let ran: Vec<Ran<'_>> = chosen
        .into_iter()
        .map(|test| {
            let started = Instant::now();
            let result = test.run(&policy);
            Ran { test, line: lines.line(test.place()), result, took: started.elapsed() }
        })
        .collect();
    let mut counts = Counts::default();
    for one in &ran {
        match one.result {
            TestResult::Passed => counts.passed += 1,
            TestResult::Failed(_) => counts.failed += 1,
            TestResult::Todo => counts.todo += 1,
        }
    }
    if ran.is_empty() {
        terminal::warn(format_args!(
            "`{}` has no tests, so nothing was tested; add a [[test]]",
            source.name
        ));
    }
    match test.format {
        Format::Text => text(&source, &ran, counts, out)?,
        Format::Json => json(&policy, &source, &ran, counts, out)?,
        Format::Junit => junit::write(&source, &ran, out)?,
    }
    Ok(if counts.failed == 0 { Exit::Fine } else { Exit::Found })
}

fn text(
    source: &PolicySource,
    ran: &[Ran<'_>],
    counts: Counts,
    out: &mut impl Write,
) -> Result<(), Failure> {
    for one in ran {
        let name = Shown(one.test.name());
        match &one.result {
            TestResult::Passed => writeln!(out, "{GOOD}ok{GOOD:#}    {name}")?,
            TestResult::Todo => writeln!(out, "{NOTE}todo{NOTE:#}  {name}")?,
            TestResult::Failed(differences) => {
                let place = format_args!("{FAINT}{}:{}{FAINT:#}", source.name, one.line);
                writeln!(out, "{ERROR}FAIL{ERROR:#}  {BOLD}{name}{BOLD:#}  {place}")?;
                for difference in differences {
                    writeln!(out, "      {}", Shown(difference))?;
                }
            }
        }
    }
    if ran.is_empty() {
        writeln!(out, "{BOLD}{}{BOLD:#}: no tests", source.name)?;
        return Ok(());
    }
    let Counts { passed, failed, todo } = counts;
    write!(out, "{BOLD}{}{BOLD:#}: {GOOD}{passed} passed{GOOD:#}", source.name)?;
    if failed > 0 {
        write!(out, ", {ERROR}{failed} failed{ERROR:#}")?;
    }
    if todo > 0 {
        write!(out, ", {NOTE}{todo} todo{NOTE:#}")?;
    }
    writeln!(out)?;
    Ok(())
}

#[derive(Serialize)]
struct Report<'a> {
    policy: &'a str,
    /// Of a policy without mistakes.
    revision: Option<&'a str>,
    #[serde(flatten)]
    counts: Counts,
    tests: Vec<Entry<'a>>,
    /// What is wrong with the policy, as `channel-flow check` reports it; then no test was run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Mistake<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    line: usize,
    result: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    differences: &'a [String],
    seconds: f64,
}

fn json(
    policy: &Policy,
    source: &PolicySource,
    ran: &[Ran<'_>],
    counts: Counts,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let tests = ran.iter().map(|one| {
        let (result, differences): (_, &[String]) = match &one.result {
            TestResult::Passed => ("passed", &[]),
            TestResult::Todo => ("todo", &[]),
            TestResult::Failed(differences) => ("failed", differences),
        };
        let seconds = one.took.as_secs_f64();
        Entry { name: one.test.name(), line: one.line, result, differences, seconds }
    });
    let tests = tests.collect();
    let (policy, revision) = (&source.name, Some(policy.revision()));
    Report { policy, revision, counts, tests, diagnostics: Vec::new() }.write(out)
}

fn json_of_broken(broken: &Broken, out: &mut impl Write) -> Result<(), Failure> {
    Report {
        policy: &broken.name,
        revision: None,
        counts: Counts::default(),
        tests: Vec::new(),
        diagnostics: mistakes(broken),
    }
    .write(out)
}

impl Report<'_> {
    fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)?;
        // The mistakes are drawn on standard error, and a terminal shows both.
        out.flush()?;
        Ok(())
    }
}
