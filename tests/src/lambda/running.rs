//! A function that runs: what it is asked, what it answers, what it costs.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::stage::{Callback, Report, Seen, Stage};
use crate::memory::Memory;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process that serves as a function. It ends with this value.
#[derive(Debug)]
pub struct Running<'a> {
    child: Child,
    stage: &'a Stage,
    began: Instant,
    output: PathBuf,
}

/// One event's times, as the function's surroundings see them.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What the service was told.
    pub callback: Callback,
    /// When the function was given the event.
    pub handed: Instant,
    /// When the callback had arrived.
    pub called_back: Instant,
    /// When the function was done, which ends the time that is paid for.
    pub ended: Instant,
}

impl<'a> Running<'a> {
    /// Starts a function.
    pub fn start(command: &mut Command, stage: &'a Stage) -> Self {
        let name = format!("function-{}-{}.log", std::process::id(), stage.runtime_api.port());
        let output = std::env::temp_dir().join(name);
        let log = File::create(&output).expect("the log can be written");
        command.stdout(log.try_clone().expect("a file has two ends")).stderr(log);
        let began = Instant::now();
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("{} does not start: {error}", command.get_program().display())
        });
        Self { child, stage, began, output }
    }

    /// Everything that it printed so far.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.output).unwrap_or_default()).into_owned()
    }

    /// When it was started.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// Waits until it asks for an event; says when.
    pub fn polled(&self) -> Instant {
        match self.next() {
            Report { at, seen: Seen::Polled } => at,
            Report { seen, .. } => {
                panic!("a function that is idle asks for an event, not {seen:?}")
            }
        }
    }

    /// What becomes of the event that it was given.
    pub fn answered(&self) -> Answered {
        let handed = match self.next() {
            Report { at, seen: Seen::Handed } => at,
            Report { seen, .. } => panic!("an event is handed out first, not {seen:?}"),
        };
        let (called_back, callback) = match self.next() {
            Report { at, seen: Seen::CalledBack(callback) } => (at, callback),
            Report { seen, .. } => panic!("an event ends in a callback, not in {seen:?}"),
        };
        match self.next() {
            Report { at: ended, seen: Seen::Ended(Ok(())) } => {
                Answered { callback, handed, called_back, ended }
            }
            Report { seen, .. } => panic!("a callback ends an event, not {seen:?}"),
        }
    }

    /// Why it has not answered the event that it was given.
    pub fn failed(&self) -> String {
        match (self.next(), self.next()) {
            (Report { seen: Seen::Handed, .. }, Report { seen: Seen::Ended(Err(why)), .. }) => why,
            (first, then) => panic!("an event that fails ends in an error: {first:?}, {then:?}"),
        }
    }

    /// Gives it an event while it waits for one, and waits until it waits again.
    pub fn answer(&self, event: &Value) -> Answered {
        self.stage.give(event);
        let answered = self.answered();
        self.polled();
        answered
    }

    /// The most memory that it held at once, in bytes.
    pub fn peak_memory(&self) -> u64 {
        Memory::of(self.child.id()).expect("the function runs").peak
    }

    /// The time for which it held a processor.
    pub fn processor_time(&self) -> Duration {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let nanoseconds = threads.into_iter().flatten().flatten().filter_map(|thread| {
            let counted = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            counted.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    fn next(&self) -> Report {
        let report = self.stage.next(PATIENCE);
        report.unwrap_or_else(|| panic!("nothing happened in {PATIENCE:?}: {}", self.output()))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // What has ended already needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_file(&self.output));
    }
}
