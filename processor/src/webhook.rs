//! Answers inquiries: POSTs over the same connections that the SDK uses.

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use rules::inquiry::Request;
use rules::{Answer, Inquiry, InquiryFailure};
use tokio::time::{Instant, timeout_at};

use crate::connector::connector;

/// The most bytes of an answer that are read.
const MOST_ANSWER: usize = 64 << 10;

/// Asks the services that policies name.
#[derive(Clone, Debug)]
pub struct Webhooks {
    connector: SharedHttpConnector,
}

impl Webhooks {
    pub(crate) fn new(connector: SharedHttpConnector) -> Self {
        Self { connector }
    }

    /// Asks over connections of its own, for those who judge messages without the service.
    pub fn alone() -> Self {
        Self::new(connector())
    }

    /// The answer to an inquiry, within its own timeout and by `by`.
    ///
    /// # Errors
    /// Why there is none. Redirects are not followed: the policy names the place.
    pub async fn answer(&self, inquiry: &Inquiry, by: Instant) -> Result<Answer, InquiryFailure> {
        let by = by.min(Instant::now() + inquiry.timeout);
        if by <= Instant::now() {
            return Err(InquiryFailure::TimedOut);
        }
        let asking = async {
            match &inquiry.request {
                Request::Post { url, body } => self.post(url, body.as_str()).await,
            }
        };
        timeout_at(by, asking).await.unwrap_or(Err(InquiryFailure::TimedOut))
    }

    async fn post(&self, url: &str, body: &str) -> Result<Answer, InquiryFailure> {
        // What is wrong with the URL, or with the connection, is dropped: the log names the rule
        // and the kind of failure, and an error's text is not ours to vouch for.
        let request = http::Request::post(url)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("content-length", body.len())
            .body(SdkBody::from(body))
            .ok()
            .and_then(|request| HttpRequest::try_from(request).ok())
            .ok_or(InquiryFailure::Unreachable)?;
        let response = self.connector.call(request).await.map_err(|error| {
            if error.is_timeout() { InquiryFailure::TimedOut } else { InquiryFailure::Unreachable }
        })?;
        if !response.status().is_success() {
            return Err(InquiryFailure::Refused);
        }
        let mut stream = ByteStream::new(response.into_body());
        let mut body = Vec::new();
        while let Some(chunk) = stream.next().await {
            let Ok(chunk) = chunk else { return Err(InquiryFailure::Unreachable) };
            if body.len() + chunk.len() > MOST_ANSWER {
                return Err(InquiryFailure::NotUnderstood);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { body })
    }
}
