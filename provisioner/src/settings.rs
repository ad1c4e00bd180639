//! The settings of both functions: the only place that reads the environment.

use std::{env, fmt, time::Duration};

use crate::{
    arn::{ChannelFlow, Member, ParseArn},
    pace::Pace,
};

/// A setting that is missing or wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct BadSetting {
    variable: &'static str,
    problem: String,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the environment variable {} {}", self.variable, self.problem)
    }
}

impl std::error::Error for BadSetting {}

/// What both functions share.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is logged, as `tracing_subscriber::EnvFilter` reads it. `LOG_LEVEL`, or else
    /// `RUST_LOG`, or else `info`.
    pub log_filter: String,
    /// The name of the log stream, to be named in answers. `AWS_LAMBDA_LOG_STREAM_NAME`.
    pub log_stream: String,
    /// Patience with the service. `SETTLE_SECONDS` (0 to 300) bounds for how long a refusal may
    /// mean "not yet".
    pub pace: Pace,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`BadSetting`], naming the variable.
    pub fn from_environment() -> Result<Self, BadSetting> {
        Self::read(variable)
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        let log_filter = variable("LOG_LEVEL")
            .or_else(|| variable("RUST_LOG"))
            .unwrap_or_else(|| "info".to_owned());
        let mut pace = Pace::default();
        if let Some(text) = variable("SETTLE_SECONDS") {
            let seconds = text.parse().ok().filter(|seconds| *seconds <= 300);
            pace.settle = seconds.map(Duration::from_secs).ok_or_else(|| BadSetting {
                variable: "SETTLE_SECONDS",
                problem: "must be a whole number from 0 to 300".to_owned(),
            })?;
        }
        let log_stream = variable("AWS_LAMBDA_LOG_STREAM_NAME").unwrap_or_else(|| "-".to_owned());
        Ok(Self { log_filter, log_stream, pace })
    }
}

/// What the channel associator needs beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moderation {
    /// The flow that new channels get. `CHANNEL_FLOW_ARN`.
    pub flow: ChannelFlow,
    /// An admin of its app instance, in whose name they get it. `ADMIN_ARN`.
    pub admin: Member,
}

impl Moderation {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`BadSetting`], naming the variable.
    pub fn from_environment() -> Result<Self, BadSetting> {
        Self::read(variable)
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        Ok(Self { flow: arn("CHANNEL_FLOW_ARN", &variable)?, admin: arn("ADMIN_ARN", &variable)? })
    }
}

fn arn<A: ParseArn>(
    name: &'static str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<A, BadSetting> {
    let bad = |problem| BadSetting { variable: name, problem };
    let text = variable(name).ok_or_else(|| bad("is not set".to_owned()))?;
    A::parse(&text).map_err(|problem| bad(problem.to_string()))
}

#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settling_time_that_is_no_number_or_too_long_names_the_variable() {
        for value in ["soon", "-1", "301"] {
            let read = Settings::read(|name| (name == "SETTLE_SECONDS").then(|| value.to_owned()));
            assert!(read.unwrap_err().to_string().contains("SETTLE_SECONDS"), "{value}");
        }
    }

    #[test]
    fn an_empty_environment_has_working_settings() {
        let settings = Settings::read(|_| None).unwrap();
        assert_eq!(settings.log_filter, "info");
        assert_eq!(settings.pace.settle, Pace::default().settle);
    }

    #[test]
    fn the_associator_needs_both_arns() {
        let flow = "arn:aws:chime:us-east-1:111122223333:app-instance/a/channel-flow/f";
        let missing =
            Moderation::read(|name| (name == "CHANNEL_FLOW_ARN").then(|| flow.to_owned()));
        assert_eq!(
            missing.unwrap_err().to_string(),
            "the environment variable ADMIN_ARN is not set"
        );
        let wrong = Moderation::read(|_| Some("flow".to_owned()));
        assert!(
            wrong
                .unwrap_err()
                .to_string()
                .starts_with("the environment variable CHANNEL_FLOW_ARN is not")
        );
    }
}
