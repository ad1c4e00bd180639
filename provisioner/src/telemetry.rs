//! Logs as JSON lines on standard output, where Lambda collects them.

use std::panic;

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

/// The crates of this workspace's functions, as the targets of their log lines begin.
const OWN: &[&str] = &["provisioner", "channel_associator"];

/// Starts logging. Panics are logged with their place and without their message, which could carry
/// what was being handled.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_filter(filter_fn(is_harmless));
    tracing_subscriber::registry().with(filter).with(lines).init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}

/// Whether a line may be shown whatever filter is set: at `trace` the Lambda runtime logs whole
/// events, with response URLs and messages in them, so other crates are held to `info`.
fn is_harmless(line: &Metadata<'_>) -> bool {
    let owner = line.target().split("::").next().unwrap_or_default();
    *line.level() <= Level::INFO || OWN.contains(&owner)
}
