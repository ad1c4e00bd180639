//! CloudFormation's request, read in two steps: first what is needed to answer at all, then the rest.
//!
//! So whatever is wrong with the rest can still be answered.

use std::fmt;

use aws_lambda_events::cloudformation::CloudFormationCustomResourceRequest;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// The presigned address that takes the answer. Whoever knows it can answer in our place, so it is
/// never shown: `Debug` hides it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// The address itself, for the request that uses it and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseUrl(…)")
    }
}

/// What an answer needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where the answer goes.
    pub response_url: ResponseUrl,
    /// The request's id, to be repeated.
    pub request_id: String,
    /// The stack's ARN, to be repeated.
    pub stack_id: String,
    /// The resource's name in the template, to be repeated.
    pub logical_resource_id: String,
    /// The resource's type, such as `Custom::AppInstanceAdmin`; empty if the event has none.
    pub resource_type: String,
    /// The resource's physical id; a create has none.
    pub physical_resource_id: Option<String>,
}

/// The event is not one of CloudFormation's, or too damaged to answer. Names the missing field.
#[derive(Debug, PartialEq, Eq)]
pub struct Unanswerable {
    missing: &'static str,
}

impl fmt::Display for Unanswerable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the event has no `{}`, so CloudFormation cannot be answered; is it a custom resource \
             request?",
            self.missing
        )
    }
}

impl std::error::Error for Unanswerable {}

impl Envelope {
    /// Reads what an answer needs.
    ///
    /// # Errors
    /// [`Unanswerable`] if one of the fields without which there can be no answer is missing.
    pub fn read(event: &Value) -> Result<Self, Unanswerable> {
        let optional = |name| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let required = |name| optional(name).ok_or(Unanswerable { missing: name });
        Ok(Self {
            response_url: ResponseUrl(required("ResponseURL")?),
            request_id: required("RequestId")?,
            stack_id: required("StackId")?,
            logical_resource_id: required("LogicalResourceId")?,
            resource_type: optional("ResourceType").unwrap_or_default(),
            physical_resource_id: optional("PhysicalResourceId"),
        })
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Make it.
    Create,
    /// Change it, in place or by replacing it.
    Update {
        /// The present physical id.
        physical_id: String,
        /// The properties it had before.
        old: Map<String, Value>,
    },
    /// Remove it.
    Delete {
        /// The present physical id.
        physical_id: String,
    },
}

impl Verb {
    /// Its name, for logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update { .. } => "Update",
            Self::Delete { .. } => "Delete",
        }
    }
}

/// A request that can be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What is to be done.
    pub verb: Verb,
    /// The resource's name in the template.
    pub logical_id: String,
    /// The resource's type.
    pub resource_type: String,
    /// The properties as the template wants them.
    pub properties: Map<String, Value>,
}

impl Request {
    /// Reads the whole request.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if the event is not of CloudFormation's form.
    pub fn read(event: Value) -> Result<Self, Failure> {
        use CloudFormationCustomResourceRequest::{Create, Delete, Update};
        let request: CloudFormationCustomResourceRequest =
            serde_json::from_value(event).map_err(|error| Failure::Malformed(error.to_string()))?;
        let (verb, logical_id, resource_type, properties) = match request {
            Create(request) => (
                Verb::Create,
                request.logical_resource_id,
                request.resource_type,
                request.resource_properties,
            ),
            Update(request) => (
                Verb::Update {
                    physical_id: request.physical_resource_id,
                    old: map("OldResourceProperties", request.old_resource_properties)?,
                },
                request.logical_resource_id,
                request.resource_type,
                request.resource_properties,
            ),
            Delete(request) => (
                Verb::Delete { physical_id: request.physical_resource_id },
                request.logical_resource_id,
                request.resource_type,
                request.resource_properties,
            ),
            _ => return Err(Failure::Malformed("its `RequestType` is unknown".to_owned())),
        };
        let properties = map("ResourceProperties", properties)?;
        Ok(Self { verb, logical_id, resource_type, properties })
    }
}

fn map(name: &str, value: Value) -> Result<Map<String, Value>, Failure> {
    match value {
        Value::Object(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        _ => Err(Failure::Malformed(format!("its `{name}` is not an object"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> Value {
        json!({
            "RequestType": "Create", "ResponseURL": "https://example.org/?signature=secret",
            "RequestId": "r", "StackId": "s", "LogicalResourceId": "Admin",
            "ResourceType": "Custom::AppInstanceAdmin", "ResourceProperties": {"ServiceToken": "t"},
        })
    }

    #[test]
    fn the_response_url_is_not_in_any_debug_output() {
        let shown = format!("{:?}", Envelope::read(&event()).unwrap());
        assert!(!shown.contains("secret") && !shown.contains("example.org"), "{shown}");
    }

    #[test]
    fn an_event_without_a_response_url_cannot_be_answered_and_one_without_properties_can() {
        let mut event = event();
        event.as_object_mut().unwrap().remove("ResourceProperties");
        assert!(Envelope::read(&event).is_ok());
        assert!(Request::read(event.clone()).is_err());
        event.as_object_mut().unwrap().remove("ResponseURL");
        assert!(Envelope::read(&event).unwrap_err().to_string().contains("`ResponseURL`"));
    }

    #[test]
    fn an_unknown_request_type_is_malformed() {
        let mut event = event();
        event["RequestType"] = json!("Describe");
        assert!(matches!(Request::read(event), Err(Failure::Malformed(_))));
    }
}
