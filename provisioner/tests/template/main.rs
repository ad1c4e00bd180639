//! `template.yaml` against the code: what it names exists, what it grants is used, what the code
//! calls is granted, and everything goes away in the right order.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a template that cannot be read is a test that fails"
)]

mod cloudformation;
mod functions;
mod grants;
mod order;
mod resources;
