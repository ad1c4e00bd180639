//! Text that was written to break its reader: a right answer or a clear error, in bounded time, and
//! nothing of it in the log.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failed step is a failed test")]

mod events;
mod policies;
mod strings;
