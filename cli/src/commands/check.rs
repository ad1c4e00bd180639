//! `channel-flow check`.

mod report;
mod sarif;

pub(super) use self::report::{Mistake, mistakes};

use std::io::Write;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use rules::Policy;
use rules::policy::Code;

use crate::draw;
use crate::exit::{Exit, Failure};
use crate::policy::{Broken, PolicyArgument, PolicySource};
use crate::terminal::{self, BOLD, GOOD};

/// Reports every mistake in a policy
#[derive(Args, Debug)]
#[command(after_help = "\
Ends with 0 when there is no mistake and with 2 when there is one.

Examples:
  channel-flow check
  channel-flow check policies/support.toml
  channel-flow check --format sarif policy.toml > policy.sarif
  channel-flow check --explain mask-matches-rule")]
pub(crate) struct Check {
    #[command(flatten)]
    policy: PolicyArgument,
    /// How to report them
    #[arg(short, long, default_value = "text")]
    format: Format,
    /// Says what a code means, and how to mend such a mistake
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true)]
    explain: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Drawn, for people
    Text,
    /// One object, for scripts
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.name()))
}

pub(crate) fn run(check: &Check, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    if let Some(name) = &check.explain {
        let code = Code::ALL.iter().find(|code| code.name() == name);
        if let Some(code) = code {
            writeln!(out, "{BOLD}{code}{BOLD:#}\n\n{}", code.explain())?;
        }
        return Ok(Exit::Fine);
    }
    let source = PolicySource::find(check.policy.named(), verbose)?;
    let (exit, checked) = match source.load() {
        Ok((policy, source)) => (Exit::Fine, Checked::Sound(Box::new(policy), source)),
        Err(Failure::Policy(broken)) => (Exit::BrokenPolicy, Checked::Broken(broken)),
        Err(failure) => return Err(failure),
    };
    if let Checked::Sound(policy, source) = &checked
        && policy.rules().is_empty()
    {
        terminal::warn(format_args!(
            "`{}` has no rules, so every message passes as it is; add a [[rule]]",
            source.name
        ));
    }
    match check.format {
        Format::Text => text(&checked, out)?,
        Format::Json => report::write(&checked, out)?,
        Format::Sarif => sarif::write(&checked, out)?,
    }
    Ok(exit)
}

/// A policy that was looked at.
enum Checked {
    Sound(Box<Policy>, PolicySource),
    Broken(Box<Broken>),
}

impl Checked {
    /// What messages call it.
    fn name(&self) -> &str {
        match self {
            Self::Sound(_, source) => &source.name,
            Self::Broken(broken) => &broken.name,
        }
    }

    fn broken(&self) -> Option<&Broken> {
        match self {
            Self::Sound(..) => None,
            Self::Broken(broken) => Some(broken),
        }
    }
}

fn text(checked: &Checked, out: &mut impl Write) -> Result<(), Failure> {
    match checked {
        Checked::Broken(broken) => draw::mistakes(broken, out)?,
        Checked::Sound(policy, source) => writeln!(
            out,
            "{BOLD}{}{BOLD:#}: {GOOD}no mistakes{GOOD:#} (rules: {}, tests: {}, revision {})",
            source.name,
            policy.rules().len(),
            policy.tests().len(),
            policy.revision(),
        )?,
    }
    Ok(())
}
