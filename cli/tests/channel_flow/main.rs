//! The program as users run it: arguments and input in; output, errors and exit code out.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a failed step is a failed test"
)]

mod account;
mod check;
mod detectors;
mod doctor;
mod eval;
mod explain;
mod help;
mod listener;
mod lookup;
mod reassignment;
mod run;
mod serve;
mod stage;
mod test;
