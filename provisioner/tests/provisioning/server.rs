//! The service over HTTP.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request as HttpRequest,
    http::{Response as HttpResponse, header},
};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::chime::{Chime, Request, Response};

/// Starts to serve; gives the address. It ends with the test's runtime.
pub(crate) async fn start(chime: Arc<Chime>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |request: HttpRequest| {
        let chime = Arc::clone(&chime);
        async move { serve(&chime, request).await }
    });
    #[expect(clippy::disallowed_methods, reason = "a test's server lives beside the test")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn serve(chime: &Chime, request: HttpRequest) -> HttpResponse<Body> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let request = Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        bearer: header("x-amz-chime-bearer"),
        content_type: header("content-type"),
        content_length: header("content-length"),
        body: to_bytes(body, 1 << 20).await.unwrap().to_vec(),
    };
    match chime.respond(&request) {
        Response::Nothing => std::future::pending().await,
        Response::Answer(status, body) => HttpResponse::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-amzn-errortype", error_type(&body))
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .unwrap(),
    }
}

/// The name that the SDK reads an error by.
pub(crate) fn error_type(body: &Value) -> String {
    body["Code"].as_str().map(|code| format!("{code}Exception")).unwrap_or_default()
}
