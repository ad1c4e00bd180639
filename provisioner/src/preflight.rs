//! Looking after a deployed flow from a laptop: what is wrong with it, and which channels have it.
//!
//! With the caller's credentials and within the row [`OPERATOR`](crate::grant::OPERATOR) of the
//! table of calls.

pub mod channels;
pub mod doctor;
mod permission;
