//! `channel-flow explain`.

mod json;
mod story;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use processor::Event;
use rules::Message;

use self::story::Story;
use crate::answers::Answers;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::message::{self, FORM};
use crate::policy::{PolicyOption, PolicySource};

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
    /// The message of an invocation event, in a file; `-` is standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "content")]
    event: Option<PathBuf>,
    /// Does not ask what rules ask the outside: such an inquiry counts as failed
    #[arg(long)]
    offline: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    format!(
        "Without --content or --event, one message is read from standard input. {FORM}

Examples:
  channel-flow explain --content 'my card is 4111 1111 1111 1111'
  channel-flow explain --event events/card.json
  channel-flow explain --policy new.toml --json < message.json"
    )
}

pub(crate) fn run(explain: &Explain, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (policy, _) = PolicySource::find(explain.policy.policy.as_deref(), verbose)?.load()?;
    let message = match (&explain.content, &explain.event) {
        (Some(content), _) => Message::text(content.as_str()),
        (None, Some(path)) => of_event(path)?,
        (None, None) => from_stdin()?,
    };
    let verdict = Answers::new(explain.offline)?.finish(policy.explain(&message));
    let story = Story::of(&policy, &message, &verdict);
    if explain.json {
        json::write(&story, out)?;
    } else {
        text::write(&story, out)?;
    }
    Ok(Exit::Fine)
}

fn of_event(path: &Path) -> Result<Message, Failure> {
    let name = path.display();
    let bytes = input::read(path)
        .map_err(|error| Failure::Input(format!("the event `{name}` cannot be read"), error))?;
    match Event::read(&bytes) {
        Ok(event) => Ok(event.message),
        Err(unreadable) => Err(Failure::Usage(format!("`{name}` is not an event: {unreadable}"))),
    }
}

fn from_stdin() -> Result<Message, Failure> {
    let text = input::read(Path::new("-"))
        .map_err(|error| Failure::Input("standard input cannot be read".to_owned(), error))?;
    message::read(&text)
        .map_err(|error| Failure::Usage(format!("standard input is not a message: {error}")))
}
