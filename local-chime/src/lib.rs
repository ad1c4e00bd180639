//! Amazon Chime SDK messaging on a laptop.
//!
//! A [`Server`] on 127.0.0.1 answers the calls of the real AWS SDKs well enough to carry a message
//! through a channel flow and back: identities, channels, flows and messages over REST, the flow's
//! state machine behind them, messaging sessions over WebSocket, and the invocation of the flow's processor at a [`Target`].
//!
//! What it is strict about is what a processor can get wrong: a `CallbackId` is good for one accepted
//! callback, limits count UTF-8 bytes, a member other than the sender never sees a message in flight.
//! What the service's documentation leaves open is decided the stricter way, and said at the place
//! that decides.
//!
//! Two things are outside the AWS API: [`Trouble`], which makes the service misbehave on purpose, and
//! [`Books`], which count what happened to each message. Both hold ids and numbers, never text.
//!
//! Everything lives in memory and ends with the server.

mod arn;
mod books;
mod call;
mod callback;
mod channels;
mod delivery;
mod event;
mod flight;
mod flows;
mod furniture;
mod identity;
mod line;
mod memberships;
mod message;
mod messages;
mod router;
mod server;
mod service;
mod session;
mod target;
mod trouble;
mod wire;
mod world;

pub use crate::books::{Books, DeadLetter, MessageBook, StatusChange, Totals};
pub use crate::event::EventShape;
pub use crate::flows::FallbackAction;
pub use crate::furniture::Furniture;
pub use crate::message::{Body, PushNotification, Status};
pub use crate::server::{DeliverError, Options, Outcome, Server};
pub use crate::target::{FailedInvocation, Invoked, NotAnEndpoint, Target, TargetError};
pub use crate::trouble::{CallbackFault, Rate, Trouble};
