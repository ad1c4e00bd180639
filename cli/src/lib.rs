//! `channel-flow`: runs, tests, explains and replays channel flow policies on a laptop.
//!
//! A subcommand is a file of [`commands`]: its arguments, and what it does with them. What several
//! of them need stands beside: finding and loading the policy, reading messages, answering a
//! rule's inquiries, writing verdicts. Each writes to the standard output it is handed and ends in
//! an [`exit::Exit`] or an [`exit::Failure`]; only [`main`] turns these into codes and texts.

mod account;
mod answers;
mod arguments;
mod commands;
mod draw;
mod exit;
mod fail_on;
mod input;
mod judged;
mod lines;
mod message;
mod policy;
mod reassignment;
mod settings;
mod stage;
mod terminal;
mod texts;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::commands::{
    attach, check, completions, detach, detectors, doctor, eval, explain, run, schema, serve, test,
};
use crate::exit::{Exit, Failure};
use crate::terminal::ERROR;

/// Runs the command that the process's arguments name.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help that was asked for is no mistake. Where nobody reads it, there is nobody to
            // tell.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Fine };
            drop(error.print());
            return exit.into();
        }
    };
    arguments.color.apply();
    hide_panics();
    match run(arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // The last that can be done is to say it; when that fails too, the code remains.
            drop(failure.tell(&mut anstream::stderr().lock()));
            failure.exit().into()
        }
    }
}

/// A panic says where it happened and nothing else: its message may quote a member's.
fn hide_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            let (file, line) = (place.file(), place.line());
            let mut err = anstream::stderr().lock();
            drop(writeln!(err, "{ERROR}bug{ERROR:#}: panicked at {file}:{line}"));
        }
    }));
}

fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let verbose = arguments.verbose;
    // `eval` writes much and no colours: its lines go out as they are.
    if let Command::Eval(eval) = arguments.command {
        let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        return eval::run(&eval, verbose, &mut out);
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let exit = match arguments.command {
        Command::Eval(_) => Exit::Fine,
        Command::Check(check) => check::run(&check, verbose, &mut out)?,
        Command::Test(test) => test::run(&test, verbose, &mut out)?,
        Command::Explain(explain) => explain::run(&explain, verbose, &mut out)?,
        Command::Detectors(detectors) => detectors::run(&detectors, &mut out)?,
        Command::Run(run) => run::run(&run, verbose, &mut out)?,
        Command::Serve(serve) => serve::run(&serve, verbose, &mut out)?,
        Command::Attach(attach) => attach::run(&attach, &mut out)?,
        Command::Detach(detach) => detach::run(&detach, &mut out)?,
        Command::Doctor(doctor) => doctor::run(&doctor, &mut out)?,
        Command::Schema => schema::run(&mut out)?,
        Command::Completions(completions) => completions::run(&completions, &mut out)?,
    };
    out.flush()?;
    Ok(exit)
}
