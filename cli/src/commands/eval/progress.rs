//! How far a long evaluation got, on a terminal.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter work ends before anybody looks.
const LONG: Duration = Duration::from_secs(1);
/// The clock is asked once for so many lines.
const STEP: u64 = 256;

/// A line on standard error that counts; nothing where nobody would see it.
pub(super) struct Progress {
    /// `None`: not a terminal, or the answers themselves are on it.
    started: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new() -> Self {
        let seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { started: seen.then(Instant::now), bar: None }
    }

    /// Says that `number` lines are done.
    pub(super) fn at(&mut self, number: u64) {
        let Some(started) = self.started.filter(|_| number.is_multiple_of(STEP)) else { return };
        if self.bar.is_none() && started.elapsed() > LONG {
            let bar = ProgressBar::new_spinner().with_elapsed(started.elapsed());
            let style = ProgressStyle::with_template("{elapsed} {human_pos} messages, {per_sec}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(number);
        }
    }

    /// Clears it away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
