//! The things of the tests, by name.

pub(crate) const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/one";
pub(crate) const OTHER_INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/two";
pub(crate) const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/chime-messaging-one";
pub(crate) const OTHER_STREAM: &str =
    "arn:aws:kinesis:us-east-1:111122223333:stream/chime-messaging-two";

pub(crate) fn user(name: &str) -> String {
    format!("{INSTANCE}/user/{name}")
}

pub(crate) fn flow(name: &str) -> String {
    format!("{INSTANCE}/channel-flow/{name}")
}

pub(crate) fn channel(name: impl std::fmt::Display) -> String {
    format!("{INSTANCE}/channel/{name}")
}
