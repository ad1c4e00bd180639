//! The channel flow processor: a message's event comes in, the policy judges it, and exactly one
//! callback that the service accepts goes out, whatever happens on the way.
//!
//! [`Processor`] is the whole of it; the Lambda's `main` and the command line only put it
//! together. [`LastResort`] answers what a processor could not.

pub mod callback;
pub mod client;
mod connector;
pub mod deadline;
pub mod event;
pub mod failure;
pub mod judge;
pub mod lambda;
pub mod last_resort;
pub mod log;
mod memory;
pub mod metrics;
pub mod policy;
pub mod processor;
pub mod quiet;
pub mod reply;
pub mod settings;
pub mod shape;
mod turns;
pub mod webhook;

pub use client::Connections;
pub use event::Event;
pub use failure::Failure;
pub use judge::{Abort, Evaluate, Found, Judgement, Outcome};
pub use last_resort::LastResort;
pub use processor::{Config, Decision, Invocation, Processor};
pub use reply::Fallback;
