//! One process of a function, and what befalls it.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::gate::{Gate, Manner};
use super::{Function, Order, Strike, Watch};
use crate::memory::Memory;
use crate::runtime::{Call, Handover, serve};

/// How long a process may take to ask for its first event.
const START: Duration = Duration::from_secs(20);
/// What Lambda says of a process that is gone.
const EXITED: &str = "Runtime.ExitError";
/// What Lambda says of one that used up its time.
const TIMED_OUT: &str = "Sandbox.Timedout";

/// What reaches a process's keeper.
pub(crate) enum Signal {
    /// The process says something.
    Call(Call),
    /// The gate has reached the moment at which the process is to end.
    Struck,
}

impl From<Call> for Signal {
    fn from(call: Call) -> Self {
        Self::Call(call)
    }
}

/// How an invocation ended.
pub(crate) enum End {
    /// The function said so; the process is ready for the next one.
    Answered(Result<(), String>, Duration),
    /// The process is gone, and Lambda gives this reason.
    Gone(&'static str),
}

/// A running process. It is killed when this is dropped.
pub(crate) struct Process {
    child: Child,
    signals: UnboundedReceiver<Signal>,
    waiting: Option<oneshot::Sender<Handover>>,
    gate: Option<Gate>,
    _tasks: JoinSet<()>,
}

impl Process {
    pub(crate) async fn start(function: &Function, watch: &Arc<Watch>) -> Self {
        let (tell, signals) = unbounded_channel();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let gate = if function.gated {
            Some(Gate::open(function.service, tell.clone()).await)
        } else {
            None
        };
        let service =
            gate.as_ref().map_or_else(|| format!("http://{}", function.service), Gate::url);
        let mut child = Command::new(&function.binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", service)
            .envs(function.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the function's binary can be run");
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, tell));
        let mut outputs: Vec<Box<dyn AsyncRead + Send + Unpin>> = Vec::with_capacity(2);
        if let Some(output) = child.stdout.take() {
            outputs.push(Box::new(output));
        }
        if let Some(output) = child.stderr.take() {
            outputs.push(Box::new(output));
        }
        for output in outputs {
            let watch = Arc::clone(watch);
            tasks.spawn(async move {
                let mut lines = BufReader::new(output).split(b'\n');
                while let Ok(Some(line)) = lines.next_segment().await {
                    watch.line(&line);
                }
            });
        }
        Self { child, signals, waiting: None, gate, _tasks: tasks }
    }

    /// What memory the process holds, and has held.
    pub(crate) fn memory(&self) -> Option<Memory> {
        Memory::of(self.child.id()?)
    }

    /// Waits until the process asks for an event: its start is over then.
    pub(crate) async fn ready(&mut self) -> bool {
        if self.waiting.is_some() {
            return true;
        }
        let polled = async {
            loop {
                tokio::select! {
                    signal = self.signals.recv() => match signal {
                        Some(Signal::Call(Call::Poll(handover))) => return Some(handover),
                        Some(Signal::Call(_) | Signal::Struck) => {}
                        None => return None,
                    },
                    _ = self.child.wait() => return None,
                }
            }
        };
        self.waiting = timeout(START, polled).await.unwrap_or_default();
        self.waiting.is_some()
    }

    /// Gives the process an event and waits for the invocation's end.
    pub(crate) async fn run(&mut self, event: Bytes, order: &Order) -> End {
        if !self.ready().await {
            return self.kill(EXITED).await;
        }
        let Some(waiting) = self.waiting.take() else { return self.kill(EXITED).await };
        if order.strike == Strike::AtEvent {
            return self.kill(EXITED).await;
        }
        if let Some(gate) = &mut self.gate {
            gate.set(match order.strike {
                Strike::BeforeCallback => Manner::EndAtRequest,
                Strike::WithinCallback => Manner::EndWithinRequest,
                Strike::AtAnswer => Manner::EndAtAnswer,
                _ => Manner::Open,
            });
            if let Strike::Refuse(time) = order.strike {
                gate.refuse(time).await;
            }
        }
        if order.strike == Strike::Freeze {
            // Before it has the event: it would have answered by the time that it stands still.
            self.freeze().await;
        }
        let began = Instant::now();
        let handover = Handover { event, deadline: SystemTime::now() + order.time };
        if waiting.send(handover).is_err() {
            return self.kill(EXITED).await;
        }
        let fuse = match order.strike {
            Strike::After(time) => Some(began + time),
            _ => None,
        };
        let end = began + order.time;
        loop {
            tokio::select! {
                signal = self.signals.recv() => match signal {
                    Some(Signal::Call(Call::Ended(result, acknowledge))) => {
                        if order.strike == Strike::BeforeReturn {
                            return self.kill(EXITED).await;
                        }
                        // The process may be gone already; the invocation has its end all the same.
                        let _gone = acknowledge.send(());
                        if let Some(gate) = &mut self.gate {
                            gate.set(Manner::Open);
                            if matches!(order.strike, Strike::Refuse(_)) {
                                gate.admit().await;
                            }
                        }
                        let result = result.map_err(|error| error_type(&error));
                        return End::Answered(result, began.elapsed());
                    }
                    Some(Signal::Call(Call::Poll(handover))) => self.waiting = Some(handover),
                    Some(Signal::Call(Call::Unstarted(_))) => {}
                    Some(Signal::Struck) | None => return self.kill(EXITED).await,
                },
                () = order.notice.notified(), if order.strike == Strike::AtHook => {
                    return self.kill(EXITED).await;
                }
                () = sleep_until(fuse.unwrap_or(end)), if fuse.is_some() => {
                    return self.kill(EXITED).await;
                }
                () = sleep_until(end) => return self.kill(TIMED_OUT).await,
                _ = self.child.wait() => return End::Gone(EXITED),
            }
        }
    }

    async fn kill(&mut self, why: &'static str) -> End {
        // It may have ended by itself.
        drop(self.child.kill().await);
        End::Gone(why)
    }

    /// Stops the process's clock, as Lambda does between invocations, so that its time runs out.
    async fn freeze(&self) {
        if let Some(id) = self.child.id() {
            let stopped = Command::new("kill").args(["-STOP", &id.to_string()]).status().await;
            assert!(stopped.is_ok_and(|status| status.success()), "{id} cannot be stopped");
        }
    }
}

/// The stable name of an error; its text may quote the message, and is not read.
fn error_type(error: &str) -> String {
    let error: Value = serde_json::from_str(error).unwrap_or_default();
    error.get("errorType").and_then(Value::as_str).unwrap_or("Unhandled").to_owned()
}

/// Where a service listens, from its URL.
pub(crate) fn address(url: &str) -> SocketAddr {
    let address = url.trim_start_matches("http://").parse();
    address.expect("the URL is an address of this machine")
}
