//! `channel-flow completions`.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::exit::{Exit, Failure};

/// Prints what makes a shell complete this program's arguments
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  channel-flow completions bash > ~/.local/share/bash-completion/completions/channel-flow
  channel-flow completions fish > ~/.config/fish/completions/channel-flow.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(completions: &Completions, out: &mut impl Write) -> Result<Exit, Failure> {
    // The generator takes a failed write for a bug, so it writes where none fails.
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(completions.shell, &mut command, "channel-flow", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Fine)
}
