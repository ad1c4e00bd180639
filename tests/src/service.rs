//! `channel-flow serve`: the local service with the real processor behind it, as a user starts it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::built;

/// How long the service may take to say that it is ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// A service that runs. It ends with this value.
pub struct Service {
    child: Child,
    policy: PathBuf,
    url: String,
}

impl Service {
    /// Starts the service on a free port, its processor judging by this policy.
    pub fn start(policy: &str) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let binary = built("channel-flow");
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("serve-{}-{number}.toml", std::process::id()));
        std::fs::write(&file, policy).expect("the policy can be written");
        let child = Command::new(binary)
            .args(["serve", "--json", "--policy"])
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        // Made before anything can fail, so that whatever was started is ended.
        let mut service = Self { child, policy: file, url: String::new() };
        service.url = service.endpoint();
        service
    }

    /// The endpoint for the SDKs.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads it off the line that is printed once the service is ready.
    fn endpoint(&mut self) -> String {
        let output = self.child.stdout.take().expect("the output is piped");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Only the first is waited for; the others are read to keep the pipe open.
                drop(tell.send(line));
            }
        });
        let line = told.recv_timeout(PATIENCE).expect("`channel-flow serve` says that it is ready");
        let ready: Value = serde_json::from_str(&line).expect("the line is JSON");
        ready
            .get("endpoint")
            .and_then(Value::as_str)
            .expect("the line names the endpoint")
            .to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // What has ended already needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_file(&self.policy));
    }
}
