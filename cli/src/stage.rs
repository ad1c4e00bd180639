//! The real processor and the local service, put together: events and messages go through the
//! processor's own code, and its callbacks go over HTTP by the real SDK.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use local_chime::{FallbackAction, Options, Server, Target, TargetError};
use processor::log::{Silence, Sink};
use processor::{Config, Connections, Decision, Evaluate, Fallback, Invocation, Processor};
use rules::Policy;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::exit::Failure;

/// How long an invocation may take, as if it were a Lambda with this timeout.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What becomes of a message that could not be judged: the flow's fallback action.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum FallbackChoice {
    /// It is not delivered
    #[default]
    #[value(name = "ABORT")]
    Abort,
    /// It is delivered as it came
    #[value(name = "CONTINUE")]
    Continue,
}

impl From<FallbackChoice> for FallbackAction {
    fn from(choice: FallbackChoice) -> Self {
        match choice {
            FallbackChoice::Abort => Self::Abort,
            FallbackChoice::Continue => Self::Continue,
        }
    }
}

impl From<FallbackChoice> for Fallback {
    fn from(choice: FallbackChoice) -> Self {
        match choice {
            FallbackChoice::Abort => Self::Abort,
            FallbackChoice::Continue => Self::Continue,
        }
    }
}

/// What a stage is set up with.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) policy: Arc<Policy>,
    pub(crate) fallback: FallbackChoice,
    /// Whether the processor's log goes to standard error.
    pub(crate) log: bool,
}

/// What runs the two.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Input("the runtime does not start".to_owned(), error))
}

/// Starts the service.
pub(crate) async fn start(options: Options) -> Result<Server, Failure> {
    let address = options.address;
    Server::start(options)
        .await
        .map_err(|error| Failure::Input(format!("cannot listen on {address}"), error))
}

/// Makes a processor in this process what the flows of `server` invoke. `note` gets each decision,
/// once a message: duplicates are not judged again.
pub(crate) fn employ(
    server: &Server,
    setting: &Setting,
    note: impl Fn(Decision) + Send + Sync + 'static,
) {
    let sink: Arc<dyn Sink> = if setting.log { Arc::new(to_stderr) } else { Arc::new(Silence) };
    let policy: Arc<dyn Evaluate> = setting.policy.clone();
    let processor = Arc::new(Processor::new(Config {
        policy: Ok(policy),
        fallback: setting.fallback.into(),
        connections: Connections::to(&server.url()),
        sink,
        function: None,
        log_event_shape: false,
    }));
    let note = Arc::new(note);
    server.set_default_target(Target::in_process(move |event| {
        let (processor, note) = (Arc::clone(&processor), Arc::clone(&note));
        async move {
            let end = Instant::now() + TIMEOUT;
            let invocation = Invocation { payload: &event, end, request_id: None };
            match processor.answer(invocation).await {
                Ok(decision) => {
                    if decision.judgement.is_some() {
                        note(decision);
                    }
                    Ok(())
                }
                Err(failure) => Err(TargetError::Failed(failure.name().to_owned())),
            }
        }
    }));
}

fn to_stderr(line: &str) {
    // A log that nobody reads is no reason to stop.
    drop(writeln!(io::stderr().lock(), "{line}"));
}
