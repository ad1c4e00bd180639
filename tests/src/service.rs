//! `channel-flow serve`: the local service with the real processor behind it, as a user starts it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::built;

/// How long the service may take to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// A service that runs. It ends with this value.
pub struct Service {
    child: Child,
    policy: Option<PathBuf>,
    lines: mpsc::Receiver<String>,
    url: String,
}

impl Service {
    /// Starts the service on a free port, its processor judging by this policy.
    pub fn start(policy: &str) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("serve-{}-{number}.toml", std::process::id()));
        std::fs::write(&file, policy).expect("the policy can be written");
        let mut service = Self::run(["serve", "--json", "--policy"].map(OsStr::new), [&file]);
        service.policy = Some(file);
        service
    }

    /// Starts it without a processor: the messages of these events wait for callbacks.
    pub fn pending(events: &[PathBuf]) -> Self {
        Self::run(["serve", "--json", "--pending"].map(OsStr::new), events)
    }

    fn run<'a>(
        options: impl IntoIterator<Item = &'a OsStr>,
        files: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Self {
        let mut child = Command::new(built("channel-flow"))
            .args(options)
            .args(files)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let output = child.stdout.take().expect("the output is piped");
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Those that nobody waits for are read to keep the pipe open.
                drop(tell.send(line));
            }
        });
        // Made before anything can fail, so that whatever was started is ended.
        let mut service = Self { child, policy: None, lines, url: String::new() };
        let ready = service.line().expect("`channel-flow serve` says that it is ready");
        let url = ready.get("endpoint").and_then(Value::as_str);
        url.expect("the line names the endpoint").clone_into(&mut service.url);
        service
    }

    /// The next line that it prints, if there is one in time.
    pub fn line(&self) -> Option<Value> {
        let line = self.lines.recv_timeout(PATIENCE).ok()?;
        Some(serde_json::from_str(&line).expect("the line is JSON"))
    }

    /// The endpoint for the SDKs.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // What has ended already needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
        if let Some(policy) = &self.policy {
            drop(std::fs::remove_file(policy));
        }
    }
}
