//! The connections to the outside: one HTTP stack for the SDK and the webhooks.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_chimesdkmessaging::Client;
use aws_sdk_chimesdkmessaging::config::{AppName, BehaviorVersion, Builder, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use tokio::time::timeout;

use crate::connector::connector;
use crate::settings::Settings;
use crate::webhook::Webhooks;

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
    /// Connections as the settings describe them. A region or credentials that are missing show at
    /// the first callback.
    ///
    /// The SDK's own search for settings is for machines that may have them anywhere; a function
    /// has them in its environment, and a package that is a fifth smaller without it.
    pub fn new(settings: &Settings) -> Self {
        let mut config = Builder::new();
        config
            .set_region(settings.region.clone().map(Region::new))
            .set_endpoint_url(settings.endpoint.clone())
            .set_app_name(AppName::new("channel-flow").ok());
        if let Some(credentials) = &settings.credentials {
            config = config.credentials_provider(credentials.clone());
        }
        Self::with(config)
    }

    /// Connections to a service at `endpoint`, such as `http://127.0.0.1:8080`, that checks no
    /// signature.
    pub fn to(endpoint: &str) -> Self {
        let nobody = Credentials::new("local", "local", None, None, "local");
        Self::with(
            Builder::new()
                .region(Region::new("us-east-1"))
                .endpoint_url(endpoint)
                .credentials_provider(nobody),
        )
    }

    fn with(config: Builder) -> Self {
        let connector = connector();
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .http_client(client_of(&connector))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        let chime = Client::from_conf(config);
        Self { chime, webhooks: Webhooks::new(connector.clone()), connector }
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

fn client_of(connector: &SharedHttpConnector) -> SharedHttpClient {
    let connector = connector.clone();
    http_client_fn(move |_, _| connector.clone())
}
