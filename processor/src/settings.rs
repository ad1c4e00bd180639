//! The environment: read here, once, and nowhere else.
//!
//! A setting that cannot be understood never keeps a message pending: it is reported, and its
//! default is used.

use std::fmt;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use tracing_subscriber::filter::{LevelFilter, Targets};

use crate::reply::Fallback;

/// What the environment asks for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `FALLBACK_ACTION`: `ABORT` (the default) or `CONTINUE`; the flow's own `FallbackAction`.
    pub fallback: Fallback,
    /// `POLICY_FILE`: the policy to use in place of the embedded one. Relative names begin at the
    /// function's code, or at the current folder when this is no Lambda.
    pub policy_file: Option<PathBuf>,
    /// `LOG_LEVEL`, or else `RUST_LOG`: which events of libraries are written, as a level or as
    /// `target=level` pairs; `warn` unless set. The line for each message is always written.
    pub levels: Targets,
    /// `LOG_EVENT_SHAPE`: whether the names and types of each raw event are written.
    pub log_event_shape: bool,
    /// `AWS_LAMBDA_FUNCTION_NAME`: the metrics' dimension. No metrics without it.
    pub function: Option<String>,
    /// `AWS_REGION`: where the service is.
    pub region: Option<String>,
    /// `AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING`, or else `AWS_ENDPOINT_URL`: the service's URL, when
    /// it is not the region's own.
    pub endpoint: Option<String>,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, which is where Lambda
    /// puts the role of a function.
    pub credentials: Option<Credentials>,
}

/// A setting that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misunderstood {
    /// The variable.
    pub variable: &'static str,
    /// What it has to be.
    pub takes: &'static str,
    /// What is used in its place.
    pub used: &'static str,
}

impl fmt::Display for Misunderstood {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, takes, used } = self;
        write!(formatter, "`{variable}` takes {takes}; it is read as {used}")
    }
}

impl Settings {
    /// Reads the process's environment, and says what was not understood.
    pub fn from_environment() -> (Self, Vec<Misunderstood>) {
        Self::read(variable)
    }

    /// Reads settings from anywhere.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> (Self, Vec<Misunderstood>) {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut misunderstood = Vec::new();
        let mut report = |variable, takes, used| {
            misunderstood.push(Misunderstood { variable, takes, used });
        };
        let fallback = match variable("FALLBACK_ACTION").as_deref() {
            None | Some("ABORT") => Fallback::Abort,
            Some("CONTINUE") => Fallback::Continue,
            Some(_) => {
                report("FALLBACK_ACTION", "`ABORT` or `CONTINUE`", "`ABORT`");
                Fallback::Abort
            }
        };
        let log_event_shape = match variable("LOG_EVENT_SHAPE").as_deref() {
            None | Some("false" | "0") => false,
            Some("true" | "1") => true,
            Some(_) => {
                report("LOG_EVENT_SHAPE", "`true` or `false`", "`false`");
                false
            }
        };
        let levels = variable("LOG_LEVEL").or_else(|| variable("RUST_LOG"));
        let warn = Targets::new().with_default(LevelFilter::WARN);
        let levels = match levels.map(|levels| levels.to_lowercase().parse()) {
            None => warn,
            Some(Ok(levels)) => levels,
            Some(Err(_)) => {
                report("LOG_LEVEL", "a level such as `info`, or `target=level` pairs", "`warn`");
                warn
            }
        };
        let policy_file = variable("POLICY_FILE").map(|name| {
            let code = variable("LAMBDA_TASK_ROOT").map(PathBuf::from).unwrap_or_default();
            code.join(name)
        });
        let credentials = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY")).map(
            |(id, secret)| {
                let token = variable("AWS_SESSION_TOKEN");
                Credentials::new(id, secret, token, None, "environment")
            },
        );
        let settings = Self {
            fallback,
            policy_file,
            levels,
            log_event_shape,
            function: variable("AWS_LAMBDA_FUNCTION_NAME"),
            region: variable("AWS_REGION"),
            endpoint: variable("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING")
                .or_else(|| variable("AWS_ENDPOINT_URL")),
            credentials,
        };
        (settings, misunderstood)
    }

    /// Where the first callback will go, when it goes over TLS.
    pub fn warm_up(&self) -> Option<String> {
        let endpoint = self.endpoint.clone().or_else(|| {
            let region = self.region.as_deref()?;
            Some(format!("https://messaging-chime.{region}.amazonaws.com"))
        });
        endpoint.filter(|url| url.starts_with("https://"))
    }
}

/// The secret of this name, for a policy's `hash` operators.
pub(crate) fn secret(name: &str) -> Option<String> {
    variable(name)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> (Settings, Vec<&'static str>) {
        let (settings, misunderstood) = Settings::read(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        (settings, misunderstood.into_iter().map(|one| one.variable).collect())
    }

    #[test]
    fn an_empty_environment_is_a_whole_one() {
        for variables in [&[][..], &[("FALLBACK_ACTION", ""), ("POLICY_FILE", "")]] {
            let (settings, misunderstood) = read(variables);
            assert_eq!(misunderstood, [""; 0]);
            assert_eq!(settings.fallback, Fallback::Abort);
            assert_eq!(settings.policy_file, None);
            assert!(!settings.log_event_shape);
            assert_eq!(settings.warm_up(), None);
            assert_eq!(settings.levels.to_string(), "warn");
        }
    }

    #[test]
    fn each_setting_is_read() {
        let (settings, misunderstood) = read(&[
            ("FALLBACK_ACTION", "CONTINUE"),
            ("LOG_EVENT_SHAPE", "true"),
            ("LOG_LEVEL", "ERROR"),
            ("RUST_LOG", "trace"),
            ("POLICY_FILE", "p/policy.toml"),
            ("LAMBDA_TASK_ROOT", "/var/task"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
        ]);
        assert_eq!(misunderstood, [""; 0]);
        assert_eq!(settings.fallback, Fallback::Continue);
        assert!(settings.log_event_shape);
        assert_eq!(settings.levels.to_string(), "error");
        assert_eq!(settings.policy_file, Some("/var/task/p/policy.toml".into()));
        assert_eq!(settings.function.as_deref(), Some("f"));
        let url = "https://messaging-chime.eu-central-1.amazonaws.com";
        assert_eq!(settings.warm_up().as_deref(), Some(url));
    }

    #[test]
    fn an_absolute_policy_file_stays_where_it_is() {
        let (settings, _) = read(&[("POLICY_FILE", "/p.toml"), ("LAMBDA_TASK_ROOT", "/var/task")]);
        assert_eq!(settings.policy_file, Some("/p.toml".into()));
    }

    #[test]
    fn a_local_endpoint_is_not_warmed_up() {
        let (settings, _) = read(&[
            ("AWS_ENDPOINT_URL", "https://other"),
            ("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", "http://127.0.0.1:1"),
        ]);
        assert_eq!(settings.warm_up(), None);
    }

    #[test]
    fn the_services_own_endpoint_comes_before_one_for_all() {
        let (settings, _) = read(&[
            ("AWS_ENDPOINT_URL", "https://other"),
            ("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", "https://own"),
        ]);
        assert_eq!(settings.endpoint.as_deref(), Some("https://own"));
    }

    #[test]
    fn half_of_a_key_is_none() {
        let (settings, _) = read(&[("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "")]);
        assert_eq!(settings.credentials, None);
    }

    #[test]
    fn a_functions_role_is_read_and_not_shown() {
        let (settings, _) = read(&[
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "canary-secret"),
            ("AWS_SESSION_TOKEN", "canary-token"),
        ]);
        let credentials = settings.credentials.clone().unwrap();
        assert_eq!(credentials.secret_access_key(), "canary-secret");
        assert_eq!(credentials.session_token(), Some("canary-token"));
        assert!(!format!("{settings:?}").contains("canary"), "{settings:?}");
    }

    #[test]
    fn what_is_not_understood_is_named_and_has_a_safe_value() {
        let (settings, misunderstood) = read(&[
            ("FALLBACK_ACTION", "continue"),
            ("LOG_EVENT_SHAPE", "maybe"),
            ("LOG_LEVEL", "a=b=c"),
        ]);
        assert_eq!(misunderstood, ["FALLBACK_ACTION", "LOG_EVENT_SHAPE", "LOG_LEVEL"]);
        assert_eq!(settings.fallback, Fallback::Abort);
        assert_eq!(
            Settings::read(|name| (name == "FALLBACK_ACTION").then(|| "x".into())).1[0].to_string(),
            "`FALLBACK_ACTION` takes `ABORT` or `CONTINUE`; it is read as `ABORT`"
        );
    }
}
