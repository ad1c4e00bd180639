//! The connector: HTTP/1.1, in the clear or over TLS, its connections kept and used again.
//!
//! The SDK's own speaks HTTP/2 and to proxies too, neither of which a callback needs; without
//! them the package is smaller.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector as Connect, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::{CryptoProvider, KeyProvider};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{ClientConfig, RootCertStore};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);

/// A connector. Its roots are the system's, read once, here.
pub(crate) fn connector() -> SharedHttpConnector {
    let mut plain = HttpConnector::new();
    plain.enforce_http(false);
    plain.set_connect_timeout(Some(CONNECT));
    plain.set_nodelay(true);
    let secure = HttpsConnectorBuilder::new()
        .with_tls_config(trusting(system_roots()))
        .https_or_http()
        .enable_http1()
        .wrap_connector(plain);
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(secure);
    SharedHttpConnector::new(Connector { client })
}

/// The certificates that the machine trusts, or those that `SSL_CERT_FILE` names. What is none is
/// left out; without any, no connection over TLS is made.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn trusting(roots: RootCertStore) -> ClientConfig {
    // The provider is named, so that no other crate's choice of a default can change it.
    let versions = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions();
    #[expect(clippy::expect_used, reason = "ring has suites for the default versions")]
    let versions = versions.expect("ring has suites for the default versions");
    versions.with_root_certificates(roots).with_no_client_auth()
}

/// ring, less the reading of private keys, which is not used and would make the package larger.
fn provider() -> CryptoProvider {
    CryptoProvider { key_provider: &NoKeys, ..rustls::crypto::ring::default_provider() }
}

/// Who connects shows no certificate, so no private key is ever loaded.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("there are no private keys here".to_owned()))
    }
}

#[derive(Debug)]
struct Connector {
    client: Client<HttpsConnector<HttpConnector>, SdkBody>,
}

impl Connect for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.client.clone();
        HttpConnectorFuture::new(async move {
            let request =
                request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let response = client.request(request).await.map_err(|error| failed(error.into()))?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// What kept a response from coming.
fn failed(error: Box<dyn Error + Send + Sync>) -> ConnectorError {
    if timed_out(&*error) { ConnectorError::timeout(error) } else { ConnectorError::io(error) }
}

/// Whether a connection was waited for long enough.
fn timed_out(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (**error).source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::TimedOut)
}
