//! The connections to the outside: one HTTP stack for the SDK and the webhooks.

use std::time::Duration;

use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_chimesdkmessaging::Client;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use tokio::time::timeout;

use crate::webhook::Webhooks;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);
/// How long the first handshake may hold up the start.
const WARM_UP: Duration = Duration::from_secs(1);

/// The service's client, and what answers inquiries.
#[derive(Clone, Debug)]
pub struct Connections {
    pub(crate) chime: Client,
    pub(crate) webhooks: Webhooks,
    connector: SharedHttpConnector,
}

impl Connections {
    /// Connections as the environment's standard AWS variables describe them, endpoint variables
    /// included.
    pub async fn from_environment() -> Self {
        let connector = connector();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(client_of(&connector))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        let config = match AppName::new("channel-flow") {
            Ok(name) => config.app_name(name),
            Err(_) => config,
        };
        Self::new(&config.load().await, connector)
    }

    /// Connections to a service at `endpoint`, such as `http://127.0.0.1:8080`, that checks no
    /// signature.
    pub fn to(endpoint: &str) -> Self {
        let connector = connector();
        let nobody = Credentials::new("local", "local", None, None, "local");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(nobody))
            .http_client(client_of(&connector))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self::new(&config, connector)
    }

    fn new(config: &SdkConfig, connector: SharedHttpConnector) -> Self {
        Self { chime: Client::new(config), webhooks: Webhooks::new(connector.clone()), connector }
    }

    /// Makes the connection that the first callback will use. On Lambda a start has more of the
    /// processor than what follows, so the handshake is paid for here. Whether it succeeds shows
    /// at the first callback.
    pub async fn warm_up(&self, url: &str) {
        let request = http::Request::head(url).body(SdkBody::empty());
        if let Some(request) = request.ok().and_then(|request| HttpRequest::try_from(request).ok())
        {
            drop(timeout(WARM_UP, self.connector.call(request)).await);
        }
    }
}

/// The connector. Its roots are the system's, read once, here.
pub(crate) fn connector() -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    SharedHttpConnector::new(
        Connector::builder()
            .connector_settings(settings)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build(),
    )
}

fn client_of(connector: &SharedHttpConnector) -> SharedHttpClient {
    let connector = connector.clone();
    http_client_fn(move |_, _| connector.clone())
}
