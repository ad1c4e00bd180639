//! Keeps libraries from writing what members wrote.
//!
//! At `TRACE`, and in places at `ERROR`, the runtime and the SDK print payloads, requests and
//! responses; a panic's message may quote the text it failed on. So of a library's event only the
//! level and the place in its source are written, whatever the level, and of a panic only its
//! place.

use std::panic;
use std::sync::Arc;
use std::time::SystemTime;

use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::log::{Level, Line, Sink};

/// Makes the whole process quiet; `levels` says which library events are written at all.
///
/// A second call changes the panic hook alone.
pub fn install(sink: &Arc<dyn Sink>, levels: Targets) {
    hide_panics(Arc::clone(sink));
    let places = Places { sink: Arc::clone(sink) };
    let layer = places.with_filter(levels.and(filter_fn(is_harmless)));
    // Another subscriber can only be there when this was called before.
    drop(tracing_subscriber::registry().with(layer).try_init());
}

/// The runtime prints each payload at `TRACE`, and stops when it is not UTF-8, so that level of it
/// does not exist for us.
fn is_harmless(about: &Metadata<'_>) -> bool {
    *about.level() != tracing::Level::TRACE || !about.target().starts_with("lambda_runtime")
}

/// Panics write where they happened, and nothing else.
pub fn hide_panics(sink: Arc<dyn Sink>) {
    panic::set_hook(Box::new(move |info| {
        let line = Line::new(Level::Error, "panic", SystemTime::now());
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        line.with("at", place).write(&*sink);
    }));
}

/// Writes an event's place, and none of its fields.
struct Places {
    sink: Arc<dyn Sink>,
}

impl<S: Subscriber> Layer<S> for Places {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let about = event.metadata();
        let level = match *about.level() {
            tracing::Level::ERROR => Level::Error,
            tracing::Level::WARN => Level::Warn,
            _ => Level::Info,
        };
        Line::new(level, "library", SystemTime::now())
            .with("target", about.target())
            .with("detail", about.level().as_str().to_ascii_lowercase())
            .with("line", about.line())
            .write(&*self.sink);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn no_field_of_an_event_is_written() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = {
            let lines = Arc::clone(&lines);
            Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned()))
        };
        let levels = Targets::new().with_default(tracing::Level::TRACE);
        let subscriber = tracing_subscriber::registry().with(Places { sink }.with_filter(levels));
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::error_span!("span", body = "canary").entered();
            tracing::error!(body = "canary", "canary {}", "canary");
            tracing::trace!("canary");
        });
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains(r#""target":"processor::quiet::tests""#), "{}", lines[0]);
        assert!(lines.iter().all(|line| !line.contains("canary")), "{lines:?}");
    }
}
