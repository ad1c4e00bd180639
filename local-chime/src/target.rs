//! What a flow's processor is: a function in this process, or a Lambda endpoint.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The future of an invocation in this process.
pub type Invoked = Pin<Box<dyn Future<Output = Result<(), TargetError>> + Send>>;

/// Where a processor is invoked.
#[derive(Clone)]
pub enum Target {
    /// A function in this process, called with the event's bytes. A panic is a failed invocation.
    InProcess(Arc<dyn Fn(Bytes) -> Invoked + Send + Sync>),
    /// An endpoint with Lambda's Invoke API: `cargo lambda watch`, `sam local start-lambda`, the
    /// runtime interface emulator.
    LambdaEndpoint {
        /// Scheme, host and port; `/2015-03-31/functions/NAME/invocations` is added.
        url: String,
        /// The name in the address. `None`: the function name of the flow's ARN. The runtime
        /// interface emulator knows only `function`.
        function: Option<String>,
    },
    /// Several instances, each of which takes one event at a time, as a Lambda instance does.
    Fleet(Arc<Fleet>),
}

impl Target {
    /// A target in this process.
    pub fn in_process<F, I>(function: F) -> Self
    where
        F: Fn(Bytes) -> I + Send + Sync + 'static,
        I: Future<Output = Result<(), TargetError>> + Send + 'static,
    {
        Self::InProcess(Arc::new(move |event| Box::pin(function(event))))
    }

    /// A target at an endpoint with Lambda's Invoke API.
    ///
    /// # Errors
    /// [`NotAnEndpoint`] for what is no `http` or `https` URL. Whether anything listens there shows
    /// when it is invoked: it may be started later.
    pub fn lambda_endpoint(url: &str, function: Option<String>) -> Result<Self, NotAnEndpoint> {
        let parsed = reqwest::Url::parse(url).map_err(|_error| NotAnEndpoint)?;
        let plain = parsed.query().is_none() && parsed.fragment().is_none();
        if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() && plain {
            Ok(Self::LambdaEndpoint { url: url.to_owned(), function })
        } else {
            Err(NotAnEndpoint)
        }
    }

    /// A target of several instances. An event waits until one of them is idle.
    pub fn fleet(instances: Vec<Self>) -> Self {
        let free = Semaphore::new(instances.len());
        if instances.is_empty() {
            // Nobody must wait for an instance that will never be there.
            free.close();
        }
        Self::Fleet(Arc::new(Fleet { idle: Mutex::new(instances), free }))
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess(_) => f.write_str("InProcess"),
            Self::LambdaEndpoint { url, function } => f
                .debug_struct("LambdaEndpoint")
                .field("url", url)
                .field("function", function)
                .finish(),
            Self::Fleet(_) => f.write_str("Fleet"),
        }
    }
}

/// The instances behind [`Target::Fleet`].
pub struct Fleet {
    idle: Mutex<Vec<Target>>,
    free: Semaphore,
}

impl Fleet {
    fn idle(&self) -> MutexGuard<'_, Vec<Target>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why an invocation came to nothing. The reason is a kind or an error type, never an error's text,
/// which may quote the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetError {
    /// It cannot be invoked at all: the flow's fallback action decides.
    Unreachable(String),
    /// It was invoked, and failed: Lambda tries again.
    Failed(String),
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "the processor cannot be invoked: {reason}"),
            Self::Failed(reason) => write!(f, "the processor failed: {reason}"),
        }
    }
}

impl std::error::Error for TargetError {}

/// What was taken for a Lambda endpoint's URL is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEndpoint;

impl fmt::Display for NotAnEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a URL of the form `http://HOST:PORT`")
    }
}

impl std::error::Error for NotAnEndpoint {}

/// An invocation of a processor that came to nothing. Holds no text of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedInvocation {
    /// The message.
    pub message_id: String,
    /// Which try it was, from 1; the third is the last one.
    pub attempt: u32,
    /// Why it came to nothing.
    pub error: TargetError,
}

/// Who is told of failed invocations.
pub(crate) type Watch = Arc<dyn Fn(&FailedInvocation) + Send + Sync>;

/// What invocations need besides their target.
pub(crate) struct Invoker {
    pub(crate) http: reqwest::Client,
    pub(crate) timeout: Duration,
}

impl Invoker {
    /// Invokes `target` once with `event` and waits for its end.
    pub(crate) async fn invoke(
        &self,
        target: &Target,
        function: &str,
        event: Bytes,
    ) -> Result<(), TargetError> {
        match target {
            Target::Fleet(fleet) => {
                let empty = || TargetError::Unreachable("the fleet is empty".into());
                let Ok(_turn) = fleet.free.acquire().await else { return Err(empty()) };
                let busy = Busy { fleet, instance: fleet.idle().pop() };
                match &busy.instance {
                    Some(instance) => self.invoke_instance(instance, function, event).await,
                    None => Err(empty()),
                }
            }
            target => self.invoke_instance(target, function, event).await,
        }
    }

    async fn invoke_instance(
        &self,
        target: &Target,
        function: &str,
        event: Bytes,
    ) -> Result<(), TargetError> {
        let invocation = async {
            match target {
                Target::InProcess(run) => in_process(run(event)).await,
                Target::LambdaEndpoint { url, function: fixed } => {
                    self.over_http(url, fixed.as_deref().unwrap_or(function), event).await
                }
                Target::Fleet(_) => Err(TargetError::Unreachable("a fleet within a fleet".into())),
            }
        };
        tokio::time::timeout(self.timeout, invocation)
            .await
            .unwrap_or_else(|_elapsed| Err(TargetError::Failed("timed out".into())))
    }

    async fn over_http(&self, url: &str, function: &str, event: Bytes) -> Result<(), TargetError> {
        let url =
            format!("{}/2015-03-31/functions/{function}/invocations", url.trim_end_matches('/'));
        let response = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(event)
            .send()
            .await
            .map_err(|error| {
                if error.is_connect() || error.is_builder() {
                    TargetError::Unreachable("no connection".into())
                } else {
                    TargetError::Failed("the connection broke".into())
                }
            })?;
        let status = response.status().as_u16();
        match status {
            // Lambda's own words for: not permitted, deleted.
            403 | 404 => return Err(TargetError::Unreachable(format!("HTTP {status}"))),
            200..=299 => {}
            _ => return Err(TargetError::Failed(format!("HTTP {status}"))),
        }
        let function_error = response.headers().contains_key("x-amz-function-error");
        let payload = response
            .bytes()
            .await
            .map_err(|_error| TargetError::Failed("the answer broke off".into()))?;
        // The runtime interface emulator reports a failed function as 200 with the error as its payload.
        let error = serde_json::from_slice::<Value>(&payload).ok();
        let error_type =
            error.as_ref().and_then(|error| error.get("errorType")).and_then(Value::as_str);
        match error_type {
            Some(error_type) => Err(TargetError::Failed(error_type.to_owned())),
            None if function_error => Err(TargetError::Failed("function error".into())),
            None => Ok(()),
        }
    }
}

/// Runs an invocation in a task of its own, so that its panic is its own.
async fn in_process(invocation: Invoked) -> Result<(), TargetError> {
    let mut task = JoinSet::new();
    task.spawn(invocation);
    match task.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(_panic)) => Err(TargetError::Failed("panicked".into())),
        None => Err(TargetError::Failed("stopped".into())),
    }
}

/// An instance at work; it is idle again when this is dropped, however the invocation ended.
struct Busy<'a> {
    fleet: &'a Fleet,
    instance: Option<Target>,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if let Some(instance) = self.instance.take() {
            self.fleet.idle().push(instance);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_url_with_a_host_is_an_endpoint() {
        let endpoint = |url| Target::lambda_endpoint(url, None);
        for url in ["nonsense", "127.0.0.1:9000", "ftp://127.0.0.1", "http://", "", "http://h/?q=1"]
        {
            assert!(endpoint(url).is_err(), "{url}");
        }
        for url in ["http://127.0.0.1:9000", "https://localhost/", "http://[::1]:1/under"] {
            assert!(endpoint(url).is_ok(), "{url}");
        }
    }
}
