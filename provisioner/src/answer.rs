//! The answer to CloudFormation.

use std::collections::BTreeMap;

use aws_lambda_events::cloudformation::{
    CloudFormationCustomResourceResponse as Response,
    CloudFormationCustomResourceResponseStatus as Status,
};

use crate::{failure::Failure, request::Envelope, resource::Done};

/// How many bytes of a reason are kept: the whole answer may have 4096, and a reason may have to be
/// escaped.
const REASON_BYTES: usize = 1500;

/// What CloudFormation is told: the resource's id and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    physical_id: String,
    data: BTreeMap<String, String>,
    failure: Option<String>,
}

impl Answer {
    /// It was done.
    pub fn success(done: &Done) -> Self {
        let data = BTreeMap::from([("Change".to_owned(), done.change.name().to_owned())]);
        Self { physical_id: done.physical_id.clone(), data, failure: None }
    }

    /// It could not be done.
    pub fn failed(physical_id: String, failure: &Failure) -> Self {
        Self { physical_id, data: BTreeMap::new(), failure: Some(failure.to_string()) }
    }

    /// Whether it says that it was done.
    pub fn is_success(&self) -> bool {
        self.failure.is_none()
    }

    /// The body of the request that carries it. `log_stream` is named, so that the reader of a
    /// console finds the rest.
    ///
    /// # Errors
    /// If it cannot be written as JSON, which plain strings always can.
    pub fn body(&self, envelope: &Envelope, log_stream: &str) -> serde_json::Result<Vec<u8>> {
        let log = format!("log stream: {log_stream}");
        let mut response = Response::default();
        response.status = if self.is_success() { Status::Success } else { Status::Failed };
        response.reason = Some(match &self.failure {
            Some(failure) => format!("{} ({log})", shortened(failure)),
            None => log,
        });
        response.physical_resource_id.clone_from(&self.physical_id);
        response.stack_id.clone_from(&envelope.stack_id);
        response.request_id.clone_from(&envelope.request_id);
        response.logical_resource_id.clone_from(&envelope.logical_resource_id);
        response.data = self.data.clone().into_iter().collect();
        serde_json::to_vec(&response)
    }
}

/// As many whole characters of the text as fit.
fn shortened(text: &str) -> String {
    if text.len() <= REASON_BYTES {
        return text.to_owned();
    }
    let mut bytes = 0;
    let mut short: String = text
        .chars()
        .take_while(|character| {
            bytes += character.len_utf8();
            bytes <= REASON_BYTES
        })
        .collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::resource::Change;

    fn envelope() -> Envelope {
        Envelope::read(&json!({
            "ResponseURL": "https://example.org/?signature=secret", "RequestId": "r",
            "StackId": "s", "LogicalResourceId": "Admin",
        }))
        .unwrap()
    }

    #[test]
    fn a_very_long_reason_still_fits_into_an_answer_and_is_not_cut_within_a_character() {
        for text in ["\u{1F600}", "\"", "\\", "é"] {
            let failure = Failure::Malformed(text.repeat(10_000));
            let answer = Answer::failed("id".repeat(300), &failure);
            let body = answer.body(&envelope(), "2026/11/22/[$LATEST]0").unwrap();
            assert!(body.len() <= 4096, "{} bytes of {text:?}", body.len());
            let reason = serde_json::from_slice::<Value>(&body).unwrap()["Reason"].clone();
            assert!(reason.as_str().unwrap().contains('…'));
        }
    }

    #[test]
    fn an_answer_repeats_the_envelope_and_never_the_url() {
        let done = Done { physical_id: "arn".to_owned(), change: Change::Replaced };
        let body = Answer::success(&done).body(&envelope(), "stream").unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            json!({
                "Status": "SUCCESS", "Reason": "log stream: stream", "PhysicalResourceId": "arn",
                "StackId": "s", "RequestId": "r", "LogicalResourceId": "Admin", "NoEcho": false,
                "Data": {"Change": "Replaced"},
            })
        );
    }
}
