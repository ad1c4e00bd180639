//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{
    attach, check, completions, detach, detectors, doctor, eval, explain, run, serve, test,
};
use crate::terminal::Color;

/// Runs, tests and explains channel flow policies for Amazon Chime SDK messaging.
#[derive(Debug, Parser)]
#[command(name = "channel-flow", version, max_term_width = 100, after_help = ENDS)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Says on standard error which policy is used
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

const ENDS: &str = "\
Exit codes:
  0  done
  1  a test failed, or something was found: what --fail-on names, or what is wrong with a stack
  2  the policy has mistakes
  3  the arguments or the input cannot be used, or AWS refuses";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Check(check::Check),
    Test(test::Test),
    Eval(eval::Eval),
    Explain(explain::Explain),
    Serve(serve::Serve),
    Doctor(doctor::Doctor),
    Attach(attach::Attach),
    Detach(detach::Detach),
    Detectors(detectors::Detectors),
    /// Prints the JSON Schema of a policy, for editors
    #[command(after_help = "Examples:\n  channel-flow schema > policy.schema.json")]
    Schema,
    Completions(completions::Completions),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_well_made() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        for command in Arguments::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let example = format!("channel-flow {}", command.get_name());
            assert!(help.contains(&example), "{}", command.get_name());
        }
    }
}
