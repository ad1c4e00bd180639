//! The provisioner in this process: the real handler and SDK clients, without a network and with a
//! clock that skips every wait.

use std::{sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::{
    http::{
        HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
    },
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use provisioner::{
    associator,
    courier::{Courier, Undelivered},
    grant::{CHANNEL_ASSOCIATOR, Function, PROVISIONER},
    handler::{self, Desk},
    pace::Pace,
    request::ResponseUrl,
    resource::REGISTRY,
    service::Service,
    settings::Moderation,
};
use serde_json::Value;

use crate::{
    chime::{Chime, Request, Response},
    emulator::{SETTLE_SECONDS, TIMEOUT_SECONDS},
    server::error_type,
};

pub(crate) struct InProcess {
    chime: Arc<Chime>,
    service: Service,
}

impl InProcess {
    pub(crate) fn new(chime: Arc<Chime>) -> Self {
        let service = service(&chime, &PROVISIONER);
        Self { chime, service }
    }

    pub(crate) async fn invoke(&mut self, event: &Value) -> Value {
        let courier = DirectCourier(Arc::clone(&self.chime));
        let desk = Desk {
            registry: REGISTRY,
            courier: &courier,
            pace: Pace::default(),
            log_stream: "log-stream",
        };
        let limit = Duration::from_secs(TIMEOUT_SECONDS);
        match handler::handle(event.clone(), limit, &self.service.session(), &desk).await {
            Ok(()) => Value::Null,
            Err(error) => Value::String(error.to_string()),
        }
    }
}

/// The channel associator, called directly.
pub(crate) async fn associate(chime: &Arc<Chime>, event: Value, moderation: &Moderation) -> Value {
    let service = service(chime, &CHANNEL_ASSOCIATOR);
    let limit = Duration::from_secs(TIMEOUT_SECONDS);
    match associator::handle(event, limit, &service.session(), moderation).await {
        Ok(response) => serde_json::to_value(response).unwrap(),
        Err(error) => Value::String(error.to_string()),
    }
}

pub(crate) fn service(chime: &Arc<Chime>, function: &'static Function) -> Service {
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client(Arc::clone(chime)))
        .build();
    // The emulated function settles as fast, so that the same scenarios fit its time limit.
    let pace = Pace { settle: Duration::from_secs(SETTLE_SECONDS), ..Pace::default() };
    Service::new(function, pace, &config)
}

fn http_client(chime: Arc<Chime>) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(DirectConnector(chime));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct DirectConnector(Arc<Chime>);

impl HttpConnector for DirectConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri = request.uri();
        let (_, path) = uri.split_once("//").and_then(|(_, rest)| rest.split_once('/')).unwrap();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let header = |name: &str| request.headers().get(name).map(str::to_owned);
        let request = Request {
            method: request.method().to_owned(),
            path: format!("/{path}"),
            query: query.to_owned(),
            bearer: header("x-amz-chime-bearer"),
            content_type: header("content-type"),
            content_length: header("content-length"),
            body: request.body().bytes().unwrap_or_default().to_vec(),
        };
        match self.0.respond(&request) {
            Response::Nothing => HttpConnectorFuture::new(std::future::pending()),
            Response::Answer(status, body) => {
                let text = if body.is_null() { String::new() } else { body.to_string() };
                let mut response =
                    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(text));
                response.headers_mut().insert("x-amzn-errortype", error_type(&body));
                HttpConnectorFuture::ready(Ok(response))
            }
        }
    }
}

struct DirectCourier(Arc<Chime>);

impl Courier for DirectCourier {
    async fn put(&self, url: &ResponseUrl, body: Vec<u8>) -> Result<(), Undelivered> {
        let (_, query) = url.reveal().split_once('?').unwrap_or_default();
        let request = Request {
            method: "PUT".to_owned(),
            path: crate::chime::ANSWERS.to_owned(),
            query: query.to_owned(),
            bearer: None,
            content_type: None,
            content_length: Some(body.len().to_string()),
            body,
        };
        match self.0.respond(&request) {
            Response::Answer(200, _) => Ok(()),
            Response::Answer(status, _) => Err(Undelivered::Status(status)),
            Response::Nothing => std::future::pending().await,
        }
    }
}
