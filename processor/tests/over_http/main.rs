//! The processor over real connections: the real SDK, the real binaries, and servers of plain
//! sockets in place of the service and of Lambda's runtime interface.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed step is a failed test"
)]

mod answers;
mod binaries;
mod function;
mod lines;
mod privacy;
mod service;
