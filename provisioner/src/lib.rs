//! What CloudFormation has no type for: the custom resources of a channel flow's stack, and the
//! function that gives new channels the flow.
//!
//! An event goes one way: [`handler::handle`] reads the [`request`], finds the kind of
//! [`resource`], which works through a [`service::Session`], and takes the [`answer`] to
//! CloudFormation. Whatever happens on the way, there is exactly one answer.

pub mod answer;
pub mod arn;
mod association;
pub mod associator;
pub mod courier;
pub mod failure;
pub mod grant;
pub mod handler;
pub mod pace;
pub mod preflight;
mod presence;
pub mod properties;
pub mod request;
pub mod resource;
pub mod service;
pub mod settings;
pub mod telemetry;

use std::time::{Duration, SystemTime};

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// How long there is from `now` to the deadline of an invocation.
pub fn time_left(deadline: SystemTime, now: SystemTime) -> Duration {
    deadline.duration_since(now).unwrap_or_default()
}

/// The HTTP client of the service's clients. With ring: the other back end costs 40 ms at the first
/// connection, collecting entropy.
pub fn https_client() -> SharedHttpClient {
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    Builder::new().tls_provider(ring).build_https()
}
