//! The service as the real SDK and real HTTP clients see it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod api;
mod deliver;
mod flow;
mod stage;
mod targets;
mod trouble;
