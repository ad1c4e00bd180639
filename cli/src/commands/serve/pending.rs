//! Messages that wait for a processor that is invoked by hand, such as by `sam local invoke`.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{LocalBoxFuture, poll_immediate};
use futures_util::stream::FuturesUnordered;
use local_chime::{DeliverError, Outcome, Server, Status};
use processor::Event;
use serde::Serialize;

use crate::exit::Failure;
use crate::input;
use crate::terminal::{FAINT, Shown, of_outcome};
use crate::texts::Texts;

/// How long the service takes callbacks for a message
/// ([developer guide](https://docs.aws.amazon.com/chime-sdk/latest/dg/using-channel-flows.html)).
const PATIENCE: Duration = Duration::from_hours(48);

type Ended<'a> = (&'a str, Result<Outcome, DeliverError>);

/// An event, by the name of its file.
pub(super) struct Pending {
    name: String,
    event: Vec<u8>,
}

/// Reads the events.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Pending>, Failure> {
    let mut events = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.display().to_string();
        let event = input::read(path).map_err(|why| Failure::Input(name.clone(), why))?;
        Event::read(&event).map_err(|why| Failure::Usage(format!("{name}: {why}")))?;
        events.push(Pending { name, event });
    }
    Ok(events)
}

/// The messages that have no answer yet.
pub(super) struct Waiting<'a>(FuturesUnordered<LocalBoxFuture<'a, Ended<'a>>>);

impl<'a> Waiting<'a> {
    /// Hands the events to the service, which knows their messages when this returns.
    pub(super) async fn begin(server: &'a Server, events: &'a [Pending]) -> Result<Self, Failure> {
        let waiting = FuturesUnordered::new();
        for Pending { name, event } in events {
            let mut ended: LocalBoxFuture<'a, Ended<'a>> =
                Box::pin(
                    async move { (name.as_str(), server.deliver(event.clone(), PATIENCE).await) },
                );
            if let Some((name, Err(why))) = poll_immediate(&mut ended).await {
                return Err(Failure::Usage(format!("{name}: {why}")));
            }
            waiting.push(ended);
        }
        Ok(Self(waiting))
    }

    /// The next message that has its answer; `None` once all have.
    pub(super) async fn next(&mut self) -> Option<Answered<'a>> {
        loop {
            let (event, outcome) = self.0.next().await?;
            // One that is wrong was refused when it was handed in.
            if let Ok(outcome) = outcome {
                return Some(Answered { event, outcome });
            }
        }
    }
}

/// A message that has its answer.
pub(super) struct Answered<'a> {
    event: &'a str,
    outcome: Outcome,
}

impl Answered<'_> {
    /// What the answer was, as far as it shows.
    fn name(&self) -> &'static str {
        match self.outcome.status {
            Status::Sent if self.outcome.seen.as_ref() == Some(&self.outcome.sent) => "pass",
            Status::Sent => "update",
            Status::Denied => "deny",
            Status::Pending | Status::Failed => "unanswered",
        }
    }

    /// A line of JSON.
    pub(super) fn write_json(&self, out: &mut impl Write) -> Result<(), Failure> {
        let line = Line {
            event: self.event,
            outcome: self.name(),
            status: self.outcome.status,
            sent: Texts::of(&self.outcome.sent),
            members: self.outcome.seen.as_ref().map(Texts::of),
        };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
        out.flush()?;
        Ok(())
    }

    /// Says it on standard error.
    pub(super) fn tell(&self) {
        let (outcome, event) = (self.name(), Shown(self.event));
        let style = of_outcome(outcome);
        let mut err = anstream::stderr().lock();
        // Said for information only.
        drop(writeln!(err, "{FAINT}{event}{FAINT:#}  {style}{outcome}{style:#}"));
    }
}

/// The keys are those of `channel-flow run --json`.
#[derive(Serialize)]
struct Line<'a> {
    event: &'a str,
    outcome: &'static str,
    status: Status,
    sent: Texts<'a>,
    /// `null`: they see nothing.
    members: Option<Texts<'a>>,
}
