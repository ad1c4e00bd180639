//! A Lambda binary, and the runtime interface it takes its events from.

use std::io::{BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::service::{read, write};

/// How an invocation ended: what the runtime interface was told when it failed.
pub(crate) type Ended = Result<(), Value>;

/// A running binary.
pub(crate) struct Function {
    child: Child,
    events: Sender<Vec<u8>>,
    ended: Receiver<Ended>,
    output: Vec<JoinHandle<String>>,
}

impl Function {
    pub(crate) fn start(binary: &Path, environment: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (events, events_in) = channel();
        let (ended_out, ended) = channel();
        thread::spawn(move || interface(&listener, events_in, &ended_out));
        let mut child = Command::new(binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "f")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "canary")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output =
            vec![collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap())];
        Self { child, events, ended, output }
    }

    pub(crate) fn invoke(&self, payload: &[u8]) -> Ended {
        self.events.send(payload.to_vec()).unwrap();
        self.ended.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// Stops it, and gives what it printed on both outputs.
    pub(crate) fn stop(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.output.into_iter().map(|thread| thread.join().unwrap()).collect()
    }
}

fn collect(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        pipe.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    })
}

fn interface(listener: &TcpListener, events: Receiver<Vec<u8>>, ended: &Sender<Ended>) {
    let events = Arc::new(Mutex::new(events));
    for stream in listener.incoming() {
        let (events, ended) = (Arc::clone(&events), ended.clone());
        thread::spawn(move || {
            let stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while let Some(request) = read(&mut reader) {
                if request.path.ends_with("/next") {
                    let Ok(event) = events.lock().unwrap().recv() else { return };
                    let end = SystemTime::now() + Duration::from_secs(5);
                    let end = end.duration_since(UNIX_EPOCH).unwrap().as_millis().to_string();
                    let headers = [
                        ("lambda-runtime-aws-request-id", "request"),
                        ("lambda-runtime-deadline-ms", end.as_str()),
                        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:::f"),
                    ];
                    write(&stream, 200, &headers, &event);
                    continue;
                }
                write(&stream, 202, &[], b"{}");
                drop(ended.send(if request.path.ends_with("/error") {
                    Err(request.json())
                } else {
                    Ok(())
                }));
            }
        });
    }
}
