//! `channel-flow eval`.

mod input;
mod progress;

use std::io::{self, BufReader, Write};

use clap::Args;
use rules::Policy;
use serde::Serialize;

use self::input::{Input, Line};
use self::progress::Progress;
use crate::answers::Answers;
use crate::exit::{Exit, Failure};
use crate::fail_on::FailOn;
use crate::judged::Judged;
use crate::message::{self, FORM};
use crate::policy::{PolicyOption, PolicySource};

/// Judges messages: one on each line of standard input, one answer on each line of standard output
#[derive(Args, Debug)]
#[command(after_help = help())]
pub(crate) struct Eval {
    #[command(flatten)]
    policy: PolicyOption,
    /// Does not ask what rules ask the outside: such an inquiry counts as failed
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    fail_on: FailOn,
}

fn help() -> String {
    format!(
        "{FORM}

For each line comes one out, in the same order:
  {{\"outcome\": \"pass|update|deny|abort\", \"content\": \"…\" | null, \"rule\": \"…\" | null,
   \"findings\": [{{\"rule\": \"…\", \"detector\": \"…\", \"field\": \"content\", \"start\": 12, \"end\": 31}}]}}
`content` is what members read (and `metadata`, `push`, `attributes` where the line has them);
offsets are UTF-8 bytes of the field as it came. A line that is not a message is answered by
  {{\"error\": {{\"line\": 3, \"message\": \"…\"}}}}
and makes the exit code 3 at the end.

Examples:
  echo '{{\"content\": \"hello\"}}' | channel-flow eval
  channel-flow eval --policy new.toml --offline < messages.jsonl > verdicts.jsonl
  channel-flow eval --fail-on deny,abort < messages.jsonl"
    )
}

#[derive(Serialize)]
struct Broken {
    error: BrokenLine,
}

#[derive(Serialize)]
struct BrokenLine {
    /// From 1.
    line: u64,
    message: String,
}

pub(crate) fn run(eval: &Eval, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (policy, _) = PolicySource::find(eval.policy.policy.as_deref(), verbose)?.load()?;
    let input = Input::new(BufReader::with_capacity(1 << 16, io::stdin().lock()));
    let answers = Answers::new(eval.offline)?;
    judge(eval, &policy, &answers, input, out)
}

fn judge(
    eval: &Eval,
    policy: &Policy,
    answers: &Answers,
    mut input: Input<impl io::Read>,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    let mut progress = Progress::new();
    let mut number = 0;
    loop {
        // Whoever waits for the answers before sending more must have them.
        if input.would_wait() {
            out.flush()?;
        }
        let message = match input
            .next()
            .map_err(|error| Failure::Input("standard input cannot be read".to_owned(), error))?
        {
            None => break,
            Some(Line::Whole(line)) => message::read(line).map_err(|error| error.to_string()),
            Some(Line::TooLong) => {
                Err(format!("the line is longer than {} MiB", input::MOST_BYTES >> 20))
            }
        };
        number += 1;
        match message {
            Ok(message) => {
                let verdict = answers.finish(policy.evaluate(&message));
                serde_json::to_writer(&mut *out, &Judged::new(&verdict, &message))?;
                if eval.fail_on.names(verdict.outcome.name(), !verdict.findings.is_empty()) {
                    exit = exit.max(Exit::Found);
                }
            }
            Err(message) => {
                let error = BrokenLine { line: number, message };
                serde_json::to_writer(&mut *out, &Broken { error })?;
                exit = Exit::Usage;
            }
        }
        out.write_all(b"\n")?;
        progress.at(number);
    }
    progress.end();
    out.flush()?;
    Ok(exit)
}
