//! The service as the real SDK and real HTTP clients see it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod api;
mod deliver;
mod flow;
mod session;
mod stage;
mod targets;
mod trouble;
