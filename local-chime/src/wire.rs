//! Answers and errors as they go over the wire.

use std::borrow::Cow;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What the service says to a call that is forbidden, spent or unknown: one text for all of them, the
/// very text of a missing IAM grant.
pub(crate) const NO_ACCESS: &str = "You do not have sufficient access to perform this action.";

/// The errors of the two APIs, as their models name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    ResourceLimitExceeded,
    ServiceFailure,
    ServiceUnavailable,
    Throttled,
}

impl FaultKind {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::BadRequest | Self::ResourceLimitExceeded => StatusCode::BAD_REQUEST,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::ServiceFailure => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The `Code` in the body.
    fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Conflict => "Conflict",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::ResourceLimitExceeded => "ResourceLimitExceeded",
            Self::ServiceFailure => "ServiceFailure",
            Self::ServiceUnavailable => "ServiceUnavailable",
            Self::Throttled => "Throttled",
        }
    }

    /// The shape's name, in the header `x-amzn-errortype`.
    fn shape(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequestException",
            Self::Conflict => "ConflictException",
            Self::Forbidden => "ForbiddenException",
            Self::NotFound => "NotFoundException",
            Self::ResourceLimitExceeded => "ResourceLimitExceededException",
            Self::ServiceFailure => "ServiceFailureException",
            Self::ServiceUnavailable => "ServiceUnavailableException",
            Self::Throttled => "ThrottledClientException",
        }
    }
}

/// An error answer. Its message names fields and limits, never what a caller wrote.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    message: Cow<'static, str>,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::BadRequest, message)
    }

    pub(crate) fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::Conflict, message)
    }

    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultKind::NotFound, message)
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(FaultKind::Forbidden, NO_ACCESS)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = json!({ "Code": self.kind.code(), "Message": self.message });
        let mut response = json_response(self.kind.status(), &body);
        response.headers_mut().insert(
            HeaderName::from_static("x-amzn-errortype"),
            HeaderValue::from_static(self.kind.shape()),
        );
        response
    }
}

/// A success.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 201 with the new thing's names.
    Created(Value),
    /// 200 with a body.
    Ok(Value),
    /// 204: deleted.
    Gone,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Created(body) => json_response(StatusCode::CREATED, &body),
            Self::Ok(body) => json_response(StatusCode::OK, &body),
            Self::Gone => StatusCode::NO_CONTENT.into_response(),
        }
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        body.to_string(),
    )
        .into_response()
}
