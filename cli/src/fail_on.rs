//! `--fail-on`: what makes a command that judged messages end with 1.

use clap::{Args, ValueEnum};

/// The outcomes that are to be told by the exit code.
#[derive(Args, Debug)]
pub(crate) struct FailOn {
    /// Ends with 1 when a message comes out like this; several with commas
    #[arg(long = "fail-on", value_name = "OUTCOME", value_delimiter = ',')]
    wanted: Vec<Wanted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// The message is rewritten
    Update,
    /// It is stopped
    Deny,
    /// It could not be judged
    Abort,
    /// A rule found something, even if it only observes
    Finding,
}

impl FailOn {
    /// Whether an outcome of this name, or any findings, were named.
    pub(crate) fn names(&self, outcome: &str, findings: bool) -> bool {
        self.wanted.iter().any(|wanted| match wanted {
            Wanted::Update => outcome == "update",
            Wanted::Deny => outcome == "deny",
            Wanted::Abort => outcome == "abort",
            Wanted::Finding => findings,
        })
    }
}
