//! `channel-flow run`.

mod report;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::Args;
use local_chime::{DeliverError, Options, Server};
use processor::{Decision, Event};

use self::report::{Report, Tally};
use crate::exit::{Exit, Failure};
use crate::fail_on::FailOn;
use crate::input;
use crate::policy::{PolicyOption, PolicySource};
use crate::stage::{self, FallbackChoice, Setting};

/// How long a message may take to come to its end, with all deliveries of its event.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends invocation events through the real processor and back to a local messaging service
#[derive(Args, Debug)]
#[command(after_help = "\
For each event it says what the sender sent, what members see, the outcome, the rule that decided
and the time from the event to the end of the message.

Ends with 3 when a file is not an event (which is told on standard error, with --json in its place; the
others are run), and with 1 when a message is left
without an answer, or comes out as --fail-on names.

Examples:
  channel-flow run events/*.json
  channel-flow run --policy new.toml --json event.json
  aws logs … | channel-flow run -")]
pub(crate) struct Run {
    #[command(flatten)]
    policy: PolicyOption,
    /// Files with one event each; `-` is standard input
    #[arg(required = true, value_name = "EVENT")]
    events: Vec<PathBuf>,
    /// One JSON object on a line for each event
    #[arg(long)]
    json: bool,
    /// What becomes of a message that could not be judged
    #[arg(long, value_name = "ACTION", default_value = "ABORT", ignore_case = true)]
    fallback: FallbackChoice,
    #[command(flatten)]
    fail_on: FailOn,
}

pub(crate) fn run(run: &Run, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let (policy, _) = PolicySource::find(run.policy.policy.as_deref(), verbose)?.load()?;
    let setting = Setting { policy: Arc::new(policy), fallback: run.fallback, log: verbose };
    stage::runtime()?.block_on(async {
        let mut scene = Scene::start(&setting).await?;
        let mut exit = Exit::Fine;
        let mut tally = Tally::default();
        for path in &run.events {
            let name = path.display().to_string();
            let ended = match scene.play(path, &setting).await {
                Ok(report) => {
                    if run.json {
                        report.write_json(&name, out)?;
                    } else {
                        report.write_text(&name, out)?;
                    }
                    tally.add(&report);
                    report.exit(&run.fail_on)
                }
                Err(why) => {
                    if run.json {
                        report::write_json_error(&name, &why, out)?;
                    } else {
                        report::tell_error(&name, &why);
                    }
                    Exit::Usage
                }
            };
            // Each event is answered before the next is read.
            out.flush()?;
            exit = exit.max(ended);
        }
        if !run.json {
            tally.write(out)?;
        }
        scene.server.shutdown().await.map_err(|error| {
            Failure::Input("the local service did not end well".to_owned(), error)
        })?;
        Ok(exit)
    })
}

/// A service and its processor.
struct Scene {
    server: Server,
    /// The processor's decisions that were not reported yet.
    decisions: mpsc::Receiver<Decision>,
}

impl Scene {
    async fn start(setting: &Setting) -> Result<Self, Failure> {
        let options = Options { fallback: setting.fallback.into(), ..Options::default() };
        let server = stage::start(options).await?;
        let (note, decisions) = mpsc::channel();
        stage::employ(&server, setting, move |decision| {
            // Nobody listens when the service is being replaced.
            drop(note.send(decision));
        });
        Ok(Self { server, decisions })
    }

    /// Hands in one event and waits for its end. The error says what is wrong with the file.
    async fn play(&mut self, path: &Path, setting: &Setting) -> Result<Report, String> {
        let event = input::read(path).map_err(|error| format!("it cannot be read: {error}"))?;
        // The processor's reading names everything that is missing, not only the first.
        let known = Event::read(&event).map_err(|unreadable| unreadable.to_string())?;
        let outcome = match self.server.deliver(event.clone(), PATIENCE).await {
            Err(DeliverError::CallbackIdReused | DeliverError::MessageIdReused) => {
                // Each file is an event of its own: what is known from another does not count.
                *self = Self::start(setting).await.map_err(|failure| failure.to_string())?;
                self.server.deliver(event, PATIENCE).await
            }
            other => other,
        };
        let outcome = outcome.map_err(|error| error.to_string())?;
        let decision = self.decisions.try_iter().find(|one| one.message_id == known.message_id);
        let letters = self.server.dead_letters();
        let letter = letters.into_iter().rev().find(|(one, _)| one.message_id == known.message_id);
        Ok(Report { outcome, decision, unanswered: letter.map(|(letter, _)| letter.reason) })
    }
}
