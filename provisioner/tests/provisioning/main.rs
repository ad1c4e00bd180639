//! The provisioner against a service that behaves as the real one is known to, and misbehaves on
//! demand. Each scenario runs twice: in this process with a clock that does not wait, and as the
//! built binary under AWS's runtime interface emulator, over real HTTP.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a step that fails is a test that fails"
)]

mod admin;
mod answers;
mod association;
mod associator;
mod calls;
mod chime;
mod drain;
mod emulator;
mod in_process;
mod names;
mod preflight;
mod retention;
mod server;
mod stage;
mod streaming;
