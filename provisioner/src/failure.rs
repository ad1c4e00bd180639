//! What can go wrong, a variant per consequence, and how it reads in the CloudFormation console.

use std::{error::Error, fmt};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};

use crate::{arn::Channel, grant::Call, properties::Problem};

/// A call that the service did not carry out.
#[derive(Debug)]
pub struct Refused {
    /// The operation.
    pub call: Call,
    /// What the refusal means.
    pub kind: Kind,
    /// The service's own words, or the network's.
    pub reason: String,
}

/// What a refusal means, and so what may be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 403 or 401: not allowed, or not there; the service says the same for both.
    Forbidden,
    /// 404: not there.
    NotFound,
    /// 400: the request is wrong, or names something that is not there.
    BadRequest,
    /// 409: the present state does not allow it.
    Conflict,
    /// 429: too many requests; the call was not carried out.
    Throttled,
    /// 5xx, or no answer at all: the call may have been carried out.
    Unavailable,
    /// The function's row in the table of calls does not list the call: a mistake in this code.
    Undeclared,
    /// Anything else, such as a quota that is used up.
    Other,
}

impl Refused {
    pub(crate) fn new(call: Call, kind: Kind, reason: impl Into<String>) -> Self {
        Self { call, kind, reason: reason.into() }
    }

    /// Reads what the SDK reports.
    pub(crate) fn of<E>(call: Call, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let code = error.code();
        let kind = match (code, status) {
            (Some("ForbiddenException" | "UnauthorizedClientException"), _)
            | (_, Some(401 | 403)) => Kind::Forbidden,
            (Some("NotFoundException"), _) | (_, Some(404)) => Kind::NotFound,
            (Some("ConflictException"), _) | (_, Some(409)) => Kind::Conflict,
            (Some("ThrottledClientException"), _) | (_, Some(429)) => Kind::Throttled,
            (Some("BadRequestException"), _) => Kind::BadRequest,
            (_, None) if !matches!(error, SdkError::ConstructionFailure(_)) => Kind::Unavailable,
            (_, Some(500..)) => Kind::Unavailable,
            _ => Kind::Other,
        };
        let reason = match error {
            SdkError::ServiceError(_) => match (code, error.message()) {
                (Some(code), Some(message)) => format!("{code}: {message}"),
                (Some(code), None) => code.to_owned(),
                (None, _) => format!("status {}", status.unwrap_or_default()),
            },
            other => DisplayErrorContext(other).to_string(),
        };
        Self::new(call, kind, reason)
    }

    /// Whether this may be the service's way of saying that something does not exist: most of its
    /// operations list no `NotFoundException` (the service model, in botocore
    /// `chime-sdk-messaging/2021-05-15` and `chime-sdk-identity/2021-04-20`).
    pub(crate) fn may_mean_missing(&self) -> bool {
        matches!(self.kind, Kind::Forbidden | Kind::NotFound | Kind::BadRequest)
    }

    /// Whether trying again later can help by itself.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.kind, Kind::Throttled | Kind::Unavailable)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, kind, reason } = self;
        match kind {
            Kind::Undeclared => {
                write!(formatter, "{} is not in this function's table of calls", call.action())
            }
            Kind::Forbidden => write!(
                formatter,
                "{} was refused ({reason}); the function's role must allow the action, and a bearer \
                 must be an admin of the app instance",
                call.action()
            ),
            Kind::Throttled => write!(
                formatter,
                "{} was throttled until patience ran out ({reason}); try again later, or ask AWS for \
                 a higher rate",
                call.action()
            ),
            _ => write!(formatter, "{} failed ({reason})", call.action()),
        }
    }
}

impl Error for Refused {}

/// Why a request of CloudFormation cannot be carried out.
#[derive(Debug)]
pub enum Failure {
    /// The event lacks a field or has one of the wrong kind.
    Malformed(String),
    /// `Custom::` something that this function does not know.
    UnknownType(String),
    /// The template's properties are wrong: all that is wrong with them.
    Properties(Vec<Problem>),
    /// The service refused a call, for good or for too long.
    Refused(Refused),
    /// A channel's flow was to change, but it has one that this resource did not give it.
    OtherFlow(Channel),
    /// Some channels are done, others were refused.
    Incomplete {
        /// What was being done, such as "disassociated".
        what: &'static str,
        /// Channels that are done.
        done: usize,
        /// Channels that are not.
        left: usize,
        /// Why the first of them is not.
        cause: Refused,
    },
    /// The function's time is nearly over.
    Deadline {
        /// What was done so far, if that can be told.
        progress: String,
    },
    /// The code panicked; where is in the log.
    Panicked,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl Failure {
    /// A stable name for logs and alarms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "Malformed",
            Self::UnknownType(_) => "UnknownType",
            Self::Properties(_) => "Properties",
            Self::Refused(_) => "Refused",
            Self::OtherFlow(_) => "OtherFlow",
            Self::Incomplete { .. } => "Incomplete",
            Self::Deadline { .. } => "Deadline",
            Self::Panicked => "Panicked",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(formatter, "the event is malformed: {what}"),
            Self::UnknownType(name) => {
                write!(formatter, "`{name}` is not a resource of this provisioner; it knows ")?;
                let known = crate::resource::REGISTRY.iter().map(|definition| definition.name);
                join(formatter, known, ", ")
            }
            Self::Properties(problems) => {
                formatter.write_str("the properties are wrong: ")?;
                join(formatter, problems.iter(), "; ")
            }
            Self::Refused(refused) => refused.fmt(formatter),
            Self::OtherFlow(channel) => write!(
                formatter,
                "channel {channel} is associated with another channel flow, and a channel can have \
                 one only; disassociate that first"
            ),
            Self::Incomplete { what, done, left, cause } => {
                write!(formatter, "{done} channels {what}, {left} not: {cause}")
            }
            Self::Deadline { progress } => write!(
                formatter,
                "the function's time is over{}{progress}; the same request again goes on from here",
                if progress.is_empty() { "" } else { ": " }
            ),
            Self::Panicked => {
                formatter.write_str("the provisioner panicked; the function's log says where")
            }
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(cause) | Self::Incomplete { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

fn join<T: fmt::Display>(
    formatter: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
    separator: &str,
) -> fmt::Result {
    for (index, item) in items.enumerate() {
        if index > 0 {
            formatter.write_str(separator)?;
        }
        item.fmt(formatter)?;
    }
    Ok(())
}
