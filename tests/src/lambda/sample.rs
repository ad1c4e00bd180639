//! The events that peers are given, what is to become of them, and the size of packages.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::peer::Peer;
use super::stage::Callback;
use crate::root;

/// A sample event of the workspace's `events/`, as the one of another message.
pub fn event(name: &str, number: u32) -> Value {
    let path = root().join("events").join(format!("{name}.json"));
    let text = std::fs::read(&path).expect("the sample can be read");
    let mut event: Value = serde_json::from_slice(&text).expect("a sample is JSON");
    event["CallbackId"] = format!("callback-{number:032}").into();
    event["ChannelMessage"]["MessageId"] = format!("message-{number:032}").into();
    event
}

impl Peer {
    /// Looks at what a peer answered to the sample of this name.
    pub fn expect(self, name: &str, callback: &Callback) {
        let expected = match name {
            "card" => (false, Some("My card is **** **** **** 1111, valid until 12/28.".into())),
            "denied" => (true, None),
            _ => (false, Some(event(name, 0)["ChannelMessage"]["Content"].clone())),
        };
        let body = &callback.body;
        let content: Option<Value> = body["ChannelMessage"].get("Content").cloned();
        let deletes = body.get("DeleteResource") == Some(&json!(true));
        assert_eq!((deletes, content), expected, "{}, {name}", self.name());
    }
}

/// How many bytes a package has that holds these files and folders.
pub fn zipped(parts: &[PathBuf]) -> u64 {
    static ZIPPED: AtomicU32 = AtomicU32::new(0);
    let number = ZIPPED.fetch_add(1, Ordering::Relaxed);
    let package = std::env::temp_dir().join(format!("package-{}-{number}.zip", std::process::id()));
    let status = Command::new("python3")
        .args(["-m", "zipfile", "-c"])
        .arg(&package)
        .args(parts)
        .status()
        .expect("python3 is installed");
    assert!(status.success(), "{} cannot be packed", package.display());
    let size = std::fs::metadata(&package).expect("the package is there").len();
    drop(std::fs::remove_file(package));
    size
}
