//! `channel-flow`: the laptop's tool.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
