//! Lambda functions as processes: any runtime's function under a runtime API, called back over
//! HTTPS, its times and its memory read from outside.

mod authority;
mod peer;
mod running;
mod sample;
mod stage;

pub use authority::Authority;
pub use peer::Peer;
pub use running::{Answered, Running};
pub use sample::{event, zipped};
pub use stage::{Callback, Report, Seen, Stage, thread_id};
