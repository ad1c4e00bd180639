//! Takes the answer to CloudFormation's presigned address, and does not give up early.

use std::{fmt, future::Future, time::Duration};

use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::body::SdkBody;
use tokio::time::{Instant, sleep, timeout};

use crate::{pace::Pace, request::ResponseUrl};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// Sends one PUT.
pub trait Courier {
    /// Puts the body at the address.
    ///
    /// # Errors
    /// [`Undelivered`], with the status if there was one.
    fn put(
        &self,
        url: &ResponseUrl,
        body: Vec<u8>,
    ) -> impl Future<Output = Result<(), Undelivered>>;
}

/// The answer did not arrive, or it is not known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// The address was answered for, with this status.
    Status(u16),
    /// There was no answer.
    Unreachable,
    /// There was no answer in time.
    TimedOut,
    /// The address is not one.
    BadAddress,
    /// The answer could not be written.
    Unwritable,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(formatter, "the response URL answered {status}"),
            Self::Unreachable => formatter.write_str("the response URL cannot be reached"),
            Self::TimedOut => formatter.write_str("the response URL did not answer in time"),
            Self::BadAddress => formatter.write_str("the response URL is not a URL"),
            Self::Unwritable => formatter.write_str("the answer cannot be written as JSON"),
        }
    }
}

impl std::error::Error for Undelivered {}

/// Puts the body at the address until that works or `time` is over.
///
/// A refusal (4xx) is tried again as well: nothing better can be done with the time that is left,
/// and an unanswered request keeps the stack waiting for an hour.
///
/// # Errors
/// The last attempt's failure.
pub async fn deliver(
    courier: &impl Courier,
    url: &ResponseUrl,
    body: &[u8],
    pace: Pace,
    time: Duration,
) -> Result<(), Undelivered> {
    let end = Instant::now() + time;
    let mut last = Undelivered::TimedOut;
    for wait in pace.endless_waits() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        last = match timeout(left.min(ATTEMPT), courier.put(url, body.to_vec())).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(undelivered)) => undelivered,
            Err(_) => Undelivered::TimedOut,
        };
        tracing::warn!(problem = %last, "the answer was not delivered; trying again");
        sleep(wait.min(left)).await;
    }
    Err(last)
}

/// The courier over HTTPS, with the TLS of the service's clients.
#[derive(Debug)]
pub struct HttpsCourier {
    connector: SharedHttpConnector,
}

impl HttpsCourier {
    /// A courier with a connection pool of its own.
    pub fn new() -> Self {
        let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let connector = Connector::builder().tls_provider(ring).build();
        Self { connector: SharedHttpConnector::new(connector) }
    }
}

impl Default for HttpsCourier {
    fn default() -> Self {
        Self::new()
    }
}

impl Courier for HttpsCourier {
    async fn put(&self, url: &ResponseUrl, body: Vec<u8>) -> Result<(), Undelivered> {
        // Causes are dropped on purpose: each of them can name the address.
        let mut request = HttpRequest::new(SdkBody::from(body));
        if request.set_method("PUT").is_err() || request.set_uri(url.reveal()).is_err() {
            return Err(Undelivered::BadAddress);
        }
        // No content type: the address is signed without one, and S3 would refuse it.
        let Ok(answer) = self.connector.call(request).await else {
            return Err(Undelivered::Unreachable);
        };
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(Undelivered::Status(status.as_u16())) }
    }
}
