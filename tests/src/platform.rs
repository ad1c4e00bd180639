//! Lambda as its functions see it: real processes, one event each at a time, killed and started as
//! the platform does, or as a test orders.
//!
//! What Lambda does *around* a function is [`local_chime::Server`]'s: two repetitions, the
//! `OnFailure` destination, the dead-letter queue.

mod gate;
mod process;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use local_chime::{Server, Target, TargetError};
use tokio::sync::Notify;

use crate::memory::Memory;
use process::{End, Process};

/// A word that is in every message of a trial, and must be in no line that a function prints.
pub const CANARY: &str = "canary";

/// What a function is.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name, for the metrics.
    pub name: String,
    /// The binary.
    pub binary: PathBuf,
    /// Its environment, besides what Lambda sets.
    pub environment: Vec<(String, String)>,
    /// Where it calls back.
    pub service: SocketAddr,
    /// Whether its calls go through a gate, without which [`Strike`]s at calls do nothing.
    pub gated: bool,
    /// The file that `POLICY_FILE` names, and what is in it unless an order says otherwise.
    pub policy: Option<(PathBuf, Arc<str>)>,
}

impl Function {
    /// A function that calls back to `server`, its processes' calls not gated.
    pub fn new(name: &str, binary: PathBuf, server: &Server) -> Self {
        Self {
            name: name.to_owned(),
            binary,
            environment: Vec::new(),
            service: process::address(&server.url()),
            gated: false,
            policy: None,
        }
    }
}

/// How an invocation is to go.
#[derive(Clone, Debug)]
pub struct Order {
    /// In which process.
    pub launch: Launch,
    /// What befalls the process.
    pub strike: Strike,
    /// The function's timeout.
    pub time: Duration,
    /// Told when the moment of [`Strike::AtHook`] has come.
    pub notice: Arc<Notify>,
    /// What the process gets in place of the event.
    pub payload: Option<Bytes>,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            launch: Launch::default(),
            strike: Strike::None,
            time: Duration::from_secs(10),
            notice: Arc::default(),
            payload: None,
        }
    }
}

/// In which process an invocation runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Launch {
    /// In whichever there is.
    #[default]
    Warm,
    /// In one that starts for it.
    Fresh,
    /// In one that starts for it and finds this policy file, or none; it ends afterwards.
    With(Option<Arc<str>>),
    /// In one that starts for it, and whose policy file is replaced once it runs; it ends
    /// afterwards.
    Swapped(Arc<str>),
}

/// What befalls a process during an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// Nothing.
    None,
    /// It is killed when the event is handed over, before it is read.
    AtEvent,
    /// It is killed while it waits for a webhook.
    AtHook,
    /// It is killed when it begins its callback; the service sees nothing of it.
    BeforeCallback,
    /// It is killed when the service has half of the callback.
    WithinCallback,
    /// It is killed when the service has answered the callback, and never hears of it.
    AtAnswer,
    /// It is killed when it reports the invocation's end.
    BeforeReturn,
    /// It is killed so long after the event was handed over, wherever it is then.
    After(Duration),
    /// It stands still with its event until its time is up, and is killed.
    Freeze,
    /// Its connections are cut and new ones refused for so long, or until it reports the
    /// invocation's end.
    Refuse(Duration),
}

/// What functions print, watched for what must not be in it, and how long they took.
#[derive(Debug, Default)]
pub struct Watch {
    lines: AtomicU64,
    leaks: Mutex<Vec<String>>,
    times: Mutex<Vec<Duration>>,
}

impl Watch {
    fn line(&self, line: &[u8]) {
        self.lines.fetch_add(1, Ordering::Relaxed);
        let line = String::from_utf8_lossy(line);
        if line.contains(CANARY) {
            let mut leaks = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
            if leaks.len() < 10 {
                leaks.push(line.into_owned());
            }
        }
    }

    /// How many lines were printed.
    pub fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Lines that held [`CANARY`]; the first few.
    pub fn leaks(&self) -> Vec<String> {
        self.leaks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From the event's handing over to the invocation's end, which follows the accepted callback,
    /// for every invocation that ended well; shortest first.
    pub fn times(&self) -> Vec<Duration> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner).clone();
        times.sort_unstable();
        times
    }
}

/// One instance of a function: at most one process at a time, started when there is none.
pub struct Instance {
    function: Function,
    watch: Arc<Watch>,
    process: tokio::sync::Mutex<Option<Process>>,
}

impl Instance {
    /// An instance without a process yet; what its processes print goes to `watch`.
    pub fn new(mut function: Function, watch: Arc<Watch>) -> Arc<Self> {
        if let Some((path, _)) = &function.policy {
            let path = path.to_string_lossy().into_owned();
            function.environment.push(("POLICY_FILE".to_owned(), path));
        }
        Arc::new(Self { function, watch, process: tokio::sync::Mutex::default() })
    }

    /// What memory its process holds, and has held; `None` when there is no process.
    pub async fn memory(&self) -> Option<Memory> {
        self.process.lock().await.as_ref()?.memory()
    }

    /// Runs an invocation.
    ///
    /// # Errors
    /// The name of the failure: the function's, or Lambda's for a process that is gone.
    pub async fn invoke(&self, event: Bytes, order: &Order) -> Result<(), TargetError> {
        let mut slot = self.process.lock().await;
        if order.launch != Launch::Warm || slot.is_none() {
            // Two processes of one instance would be one too many.
            *slot = None;
            self.write_policy(&order.launch);
            *slot = Some(Process::start(&self.function, &self.watch).await);
        }
        let Some(process) = slot.as_mut() else { return Err(TargetError::Failed(String::new())) };
        if let (Launch::Swapped(text), Some((path, _))) = (&order.launch, &self.function.policy)
            && process.ready().await
        {
            std::fs::write(path, text.as_bytes()).expect("the policy can be written");
        }
        let event = order.payload.clone().unwrap_or(event);
        let end = process.run(event, order).await;
        let (result, gone) = match end {
            End::Answered(result, time) => {
                if result.is_ok() {
                    self.watch.times.lock().unwrap_or_else(PoisonError::into_inner).push(time);
                }
                (result, false)
            }
            End::Gone(why) => (Err(why.to_owned()), true),
        };
        if gone || matches!(order.launch, Launch::With(_) | Launch::Swapped(_)) {
            *slot = None;
        }
        result.map_err(TargetError::Failed)
    }

    fn write_policy(&self, launch: &Launch) {
        let Some((path, usual)) = &self.function.policy else { return };
        let text = match launch {
            Launch::With(text) => text.as_ref(),
            _ => Some(usual),
        };
        match text {
            Some(text) => std::fs::write(path, text.as_bytes()).expect("the policy can be written"),
            // It may not have been there.
            None => drop(std::fs::remove_file(path)),
        }
    }
}

/// Instances as a flow's processor, or as its last resort: each invocation takes one that is idle,
/// and goes as `order` says for its event.
pub fn target(
    instances: &[Arc<Instance>],
    order: impl Fn(&Bytes) -> Order + Send + Sync + 'static,
) -> Target {
    let order = Arc::new(order);
    let targets = instances.iter().map(|instance| {
        let (instance, order) = (Arc::clone(instance), Arc::clone(&order));
        Target::in_process(move |event| {
            let (instance, order) = (Arc::clone(&instance), order(&event));
            async move { instance.invoke(event, &order).await }
        })
    });
    Target::fleet(targets.collect())
}
