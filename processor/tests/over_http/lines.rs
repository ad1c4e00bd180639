//! A sink that keeps what was written.

use std::sync::{Arc, Mutex};

use processor::log::Sink;
use serde_json::Value;

#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Sink for Lines {
    fn write(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }
}

impl Lines {
    /// The line that was written last.
    pub(crate) fn last(&self) -> Value {
        serde_json::from_str(self.0.lock().unwrap().last().unwrap()).unwrap()
    }

    pub(crate) fn all(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}
