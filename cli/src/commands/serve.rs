//! `channel-flow serve`.

mod pending;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use clap::Args;
use local_chime::{EventShape, FailedInvocation, Furniture, Options, Target, TargetError};
use processor::Decision;
use serde::Serialize;
use tokio::signal;

use self::pending::Waiting;
use crate::exit::{Exit, Failure};
use crate::policy::{PolicyOption, PolicySource};
use crate::stage::{self, FallbackChoice, Setting};
use crate::terminal::{ERROR, FAINT, of_outcome};

const REGION: &str = "us-east-1";
/// The function that the ready-made flow invokes.
const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:111122223333:function:channel-flow-processor";

/// Serves the messaging API on this machine, with a channel that has a flow
#[derive(Args, Debug)]
#[command(after_help = "\
It prints what to export so that the AWS SDKs and the CLI use it, and the ARNs of a ready-made app
instance, two users and a channel; the lines can be sourced by a shell. It runs until Ctrl-C, keeps
everything in memory, and listens on 127.0.0.1 alone. What becomes of each message is told on
standard error, with -v as the processor logs it. Of a processor elsewhere (--lambda) only that is told
which it does not say itself: that an invocation came to nothing, and why.

What is in an event is in part not documented: --event-attributes and --numeric-timestamps are for trying
a policy and a processor under the other answer. Attributes that the service keeps out of its events reach
the members unread.

With --pending no processor is invoked: the messages wait for one that is invoked by hand, at most
48 hours. What members see of each is told on standard error, with --json on standard output.

Examples:
  channel-flow serve --port 8480
  channel-flow serve --policy new.toml --json
  channel-flow serve --lambda http://127.0.0.1:9000 --function processor
  channel-flow serve --port 8480 --pending events/*.json")]
pub(crate) struct Serve {
    #[command(flatten)]
    policy: PolicyOption,
    /// Where to listen [default: any free port]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Invokes a processor at this Lambda endpoint: `cargo lambda watch`, `sam local start-lambda`,
    /// the runtime emulator
    #[arg(long, value_name = "URL", conflicts_with = "policy")]
    lambda: Option<String>,
    /// The function's name at the Lambda endpoint
    #[arg(long, value_name = "NAME", default_value = "function", requires = "lambda")]
    function: String,
    /// Takes the messages of these events for sent, and waits for the callbacks to them
    #[arg(long, value_name = "EVENT", num_args = 1.., conflicts_with_all = ["policy", "lambda"])]
    pending: Vec<PathBuf>,
    #[command(flatten)]
    shape: ShapeOptions,
    /// What becomes of a message that could not be judged
    #[arg(long, value_name = "ACTION", default_value = "ABORT", ignore_case = true)]
    fallback: FallbackChoice,
    /// Prints one JSON object on a line once it is ready
    #[arg(long)]
    json: bool,
}

/// What the service's documentation leaves open about the event.
#[derive(Args, Clone, Copy, Debug)]
struct ShapeOptions {
    /// Puts `MessageAttributes` into the events
    #[arg(long, conflicts_with = "pending")]
    event_attributes: bool,
    /// Writes the events' timestamps as seconds since 1970 instead of RFC 3339
    #[arg(long, conflicts_with = "pending")]
    numeric_timestamps: bool,
}

impl From<ShapeOptions> for EventShape {
    fn from(options: ShapeOptions) -> Self {
        Self {
            attributes: options.event_attributes,
            numeric_timestamps: options.numeric_timestamps,
        }
    }
}

pub(crate) fn run(serve: &Serve, verbose: bool, out: &mut impl Write) -> Result<Exit, Failure> {
    let elsewhere = serve.lambda.as_deref().map(|url| {
        Target::lambda_endpoint(url, Some(serve.function.clone())).map_err(|problem| {
            Failure::Usage(format!("--lambda takes a Lambda endpoint: `{url}` is {problem}"))
        })
    });
    let elsewhere = elsewhere.transpose()?;
    let events = pending::read(&serve.pending)?;
    let setting = if serve.lambda.is_none() && events.is_empty() {
        let (policy, _) = PolicySource::find(serve.policy.policy.as_deref(), verbose)?.load()?;
        Some(Setting { policy: Arc::new(policy), fallback: serve.fallback, log: verbose })
    } else {
        None
    };
    stage::runtime()?.block_on(async {
        let server = stage::start(Options {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), serve.port),
            default_target: elsewhere,
            fallback: serve.fallback.into(),
            event_shape: serve.shape.into(),
            ..Options::default()
        })
        .await?;
        server.watch_failures(tell_of_failure);
        if let Some(setting) = &setting {
            let told = !verbose;
            stage::employ(&server, setting, move |decision| {
                if told {
                    tell(&decision);
                }
            });
        }
        if !events.is_empty() {
            server.set_default_target(Target::in_process(|_| async { Ok(()) }));
        }
        let waiting = Waiting::begin(&server, &events).await?;
        let furniture = server.furnish(&["alice", "bob"], FUNCTION_ARN, serve.fallback.into());
        let ready = Ready::new(server.url(), furniture);
        if serve.json {
            serde_json::to_writer(&mut *out, &ready)?;
            writeln!(out)?;
        } else {
            ready.write(out)?;
        }
        out.flush()?;
        until_stopped(waiting, serve.json, out).await?;
        server.shutdown().await.map_err(|error| {
            Failure::Input("the local service did not end well".to_owned(), error)
        })?;
        Ok(Exit::Fine)
    })
}

/// Tells of the messages that get their answer until the user has had enough.
async fn until_stopped(
    mut waiting: Waiting<'_>,
    json: bool,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut stopped = pin!(stopped());
    loop {
        tokio::select! {
            stopped = &mut stopped => {
                return stopped.map_err(|error| {
                    Failure::Input("the end cannot be waited for".to_owned(), error)
                });
            }
            Some(answered) = waiting.next() => {
                if json {
                    answered.write_json(out)?;
                } else {
                    answered.tell();
                }
            }
        }
    }
}

/// Says on standard error what became of a message; the processor's log would say it at length.
fn tell(decision: &Decision) {
    let Some(judgement) = &decision.judgement else { return };
    let outcome = judgement.outcome.name();
    let style = of_outcome(outcome);
    let by = judgement.rule.as_ref().map(|rule| format!(" by {rule}")).unwrap_or_default();
    let id = &decision.message_id;
    let mut err = anstream::stderr().lock();
    // Said for information only.
    drop(writeln!(err, "{FAINT}{id}{FAINT:#}  {style}{outcome}{style:#}{by}"));
}

/// Says on standard error that an invocation came to nothing, and what becomes of its message.
fn tell_of_failure(failed: &FailedInvocation) {
    let FailedInvocation { message_id: id, attempt, error } = failed;
    let then = match (error, attempt) {
        (TargetError::Unreachable(_), 1) => "the flow's fallback action decides",
        (_, 1 | 2) => "tried again",
        _ => "the message is left pending",
    };
    let mut err = anstream::stderr().lock();
    // Said for information only.
    drop(writeln!(err, "{FAINT}{id}{FAINT:#}  {ERROR}failed{ERROR:#}: {error}; {then}"));
}

/// What a client needs to know.
#[derive(Serialize)]
struct Ready {
    endpoint: String,
    /// What to export.
    environment: BTreeMap<&'static str, String>,
    #[serde(flatten)]
    furniture: Furniture,
}

impl Ready {
    fn new(endpoint: String, furniture: Furniture) -> Self {
        let local = || "local".to_owned();
        let environment = BTreeMap::from([
            // The service checks no signature, but the SDKs sign nothing without credentials.
            ("AWS_ACCESS_KEY_ID", local()),
            ("AWS_SECRET_ACCESS_KEY", local()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_DEFAULT_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL_CHIME_SDK_IDENTITY", endpoint.clone()),
            ("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", endpoint.clone()),
        ]);
        Self { endpoint, environment, furniture }
    }

    /// Lines that a shell can source.
    fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        let Self { endpoint, environment, furniture } = self;
        writeln!(
            out,
            "{FAINT}# Amazon Chime SDK messaging at {endpoint}; Ctrl-C ends it{FAINT:#}"
        )?;
        for (name, value) in environment {
            writeln!(out, "export {name}={value}")?;
        }
        writeln!(out, "{FAINT}# An app instance, its people, and a channel with a flow{FAINT:#}")?;
        writeln!(out, "export APP_INSTANCE_ARN={}", furniture.app_instance_arn)?;
        writeln!(out, "export ADMIN_ARN={}", furniture.admin_arn)?;
        for (name, arn) in ["ALICE", "BOB"].iter().zip(&furniture.user_arns) {
            writeln!(out, "export {name}_ARN={arn}")?;
        }
        writeln!(out, "export CHANNEL_ARN={}", furniture.channel_arn)?;
        writeln!(out, "export CHANNEL_FLOW_ARN={}", furniture.channel_flow_arn)?;
        Ok(())
    }
}

/// Waits until the user, or the system, has had enough.
async fn stopped() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}
