//! The rule engine: a policy's text becomes a [`Policy`], a [`Message`] becomes a [`Verdict`].
//!
//! Pure and synchronous: no AWS, no clock, no environment, no I/O. What a rule needs from
//! outside (a webhook) comes out of the evaluation as an [`Inquiry`] and goes back in as an
//! answer or a failure, so the Lambda, the command line and the tests each answer in their way.
//!
//! ```
//! use rules::{Message, Outcome, Policy, Progress, policy::NoResources};
//!
//! let text = r#"
//!     [[rule]]
//!     id = "tickets"
//!     detect = "pattern"
//!     action = "redact"
//!     with = "fixed"
//!     fixed = "[ticket]"
//!     options = { patterns = '\bSEC-\d+\b' }
//! "#;
//! let policy = Policy::load(text, &NoResources).expect("the policy has no mistakes");
//! let message = Message::text("look at SEC-1234");
//! let Progress::Done(verdict) = policy.evaluate(&message) else { unreachable!("no rule asks") };
//! let Outcome::Update(after) = verdict.outcome else { unreachable!("the ticket is hidden") };
//! assert_eq!(after.content.as_str(), "look at [ticket]");
//! ```
//!
//! Everything that can fail, fails in [`Policy::load`]; after that an evaluation always ends in a
//! verdict.

mod allow;
pub mod condition;
pub mod detect;
pub mod evaluation;
mod hex;
pub mod inquiry;
pub mod limits;
pub mod message;
pub mod operator;
mod order;
pub mod policy;
mod remains;
pub mod rewrite;
pub mod span;
pub mod test_case;
pub mod text;
pub mod view;

pub use evaluation::{AbortReason, Finding, Outcome, Pending, Progress, Verdict};
pub use inquiry::{Answer, Inquiry, InquiryFailure};
pub use message::{Field, Message, Persistence, Push, Sender};
pub use policy::Policy;
pub use span::{Span, SpanSet};
pub use text::Text;
