//! The program as users run it: arguments and input in; output, errors and exit code out.
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a failed step is a failed test")]

mod check;
mod detectors;
mod eval;
mod explain;
mod help;
mod listener;
mod lookup;
mod run;
mod serve;
mod stage;
mod test;
