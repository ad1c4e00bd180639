//! CloudWatch metrics in the embedded format: a log line that says which of its members are
//! metrics. Format: "CloudWatch embedded metric format", version 0.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// The namespace of all metrics.
pub const NAMESPACE: &str = "ChannelFlow";

/// A metric. The names are what the template's alarms and dashboards use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Messages that were answered.
    Messages,
    /// Of those, delivered as they came.
    Passed,
    /// Delivered with changes.
    Updated,
    /// Stopped by a rule.
    Denied,
    /// Answered as the fallback says, because they could not be judged.
    Aborted,
    /// Deliveries of messages that were answered before.
    Duplicates,
    /// 403s that nothing explains but a missing grant.
    CallbackForbidden,
    /// Calls beyond the first.
    CallbackRetries,
    /// From the event's arrival to the service's acceptance.
    DecisionTime,
    /// Messages that came to the last resort.
    LastResortUsed,
    /// Of those, the ones that it could not answer.
    LastResortFailed,
}

impl Metric {
    /// The name in CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "Messages",
            Self::Passed => "Passed",
            Self::Updated => "Updated",
            Self::Denied => "Denied",
            Self::Aborted => "Aborted",
            Self::Duplicates => "Duplicates",
            Self::CallbackForbidden => "CallbackForbidden",
            Self::CallbackRetries => "CallbackRetries",
            Self::DecisionTime => "DecisionTime",
            Self::LastResortUsed => "LastResortUsed",
            Self::LastResortFailed => "LastResortFailed",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::DecisionTime => "Milliseconds",
            _ => "Count",
        }
    }
}

/// The members that make a line of JSON carry these metrics for this function.
pub(crate) fn embedded(
    function: &str,
    at: SystemTime,
    values: &[(Metric, f64)],
) -> Map<String, Value> {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let metrics: Vec<Value> = values
        .iter()
        .map(|(metric, _)| json!({"Name": metric.name(), "Unit": metric.unit()}))
        .collect();
    let directive = json!({
        "Timestamp": u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [["FunctionName"]],
            "Metrics": metrics,
        }],
    });
    let mut members = Map::new();
    members.insert("_aws".to_owned(), directive);
    members.insert("FunctionName".to_owned(), function.into());
    members
        .extend(values.iter().map(|(metric, value)| (metric.name().to_owned(), (*value).into())));
    members
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_declared_metric_has_its_value_beside_it() {
        let at = UNIX_EPOCH + Duration::from_millis(1_786_701_600_123);
        let line = embedded("f", at, &[(Metric::Messages, 1.0), (Metric::DecisionTime, 2.5)]);
        assert_eq!(
            Value::Object(line),
            json!({
                "_aws": {
                    "Timestamp": 1_786_701_600_123_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "ChannelFlow",
                        "Dimensions": [["FunctionName"]],
                        "Metrics": [
                            {"Name": "Messages", "Unit": "Count"},
                            {"Name": "DecisionTime", "Unit": "Milliseconds"},
                        ],
                    }],
                },
                "FunctionName": "f",
                "Messages": 1.0,
                "DecisionTime": 2.5,
            })
        );
    }
}
