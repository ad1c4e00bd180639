//! `channel-flow explain`.

mod json;
mod story;
mod text;

use std::io::{self, Read, Write};

use clap::Args;
use rules::Message;

use self::story::Story;
use crate::answers::{Offline, finish};
use crate::exit::{Exit, Failure};
use crate::message::{self, FORM};
use crate::policy::{PolicyOption, PolicySource};

/// The most that is read as one message.
const MOST_BYTES: u64 = 16 << 20;

/// Says why a message comes out as it does: rule by rule, what was found, what counted and what
/// was skipped
#[derive(Args, Debug)]
#[command(after_help = help())]
pub(crate) struct Explain {
    #[command(flatten)]
    policy: PolicyOption,
    /// A message with this content and nothing else
    #[arg(short, long, value_name = "TEXT")]
    content: Option<String>,
    /// Does not ask what rules ask the outside: such an inquiry counts as failed
    #[arg(long)]
    offline: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    format!(
        "Without --content, one message is read from standard input. {FORM}

Examples:
  channel-flow explain --content 'my card is 4111 1111 1111 1111'
  channel-flow explain --policy new.toml --json < message.json"
    )
}

pub(crate) fn run(explain: &Explain, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (policy, _) = PolicySource::find(explain.policy.policy.as_deref(), verbose)?.load()?;
    let message = match &explain.content {
        Some(content) => Message::text(content.as_str()),
        None => from_stdin()?,
    };
    let verdict = finish(policy.explain(&message), &Offline);
    let story = Story::of(&policy, &message, &verdict);
    if explain.json {
        json::write(&story, out)?;
    } else {
        text::write(&story, out)?;
    }
    Ok(Exit::Fine)
}

fn from_stdin() -> Result<Message, Failure> {
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_BYTES)
        .read_to_end(&mut text)
        .map_err(|error| Failure::Input("standard input cannot be read".to_owned(), error))?;
    message::read(&text)
        .map_err(|error| Failure::Usage(format!("standard input is not a message: {error}")))
}
