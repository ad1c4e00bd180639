//! The ARNs of the messaging service, each kind a type of its own.
//!
//! All of them begin with the app instance's:
//! `arn:PARTITION:chime:REGION:ACCOUNT:app-instance/ID`, then `/user/ID`, `/bot/ID`, `/channel/ID` or
//! `/channel-flow/ID`. So the app instance of a thing is read off its ARN and need not be asked for.

use std::fmt;

/// Why a text is not the ARN that was asked for. Says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnArn {
    expected: &'static str,
}

impl fmt::Display for NotAnArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "is not an ARN of the form `{}`", self.expected)
    }
}

impl std::error::Error for NotAnArn {}

/// A kind of ARN that a property of a custom resource can hold.
pub trait ParseArn: Sized {
    /// Reads the ARN.
    ///
    /// # Errors
    /// [`NotAnArn`], naming the form that was expected.
    fn parse(text: &str) -> Result<Self, NotAnArn>;
}

macro_rules! arn {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The ARN as the service writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl ParseArn for $name {
            fn parse(text: &str) -> Result<Self, NotAnArn> {
                let check: fn(&str, &[&str]) -> bool = $check;
                match parts(text) {
                    Some((service, path)) if check(service, &path) => Ok(Self(text.to_owned())),
                    _ => Err(NotAnArn { expected: $expected }),
                }
            }
        }
    };
}

arn!(
    /// An app instance: what channels, users and flows belong to.
    AppInstance,
    "arn:aws:chime:REGION:ACCOUNT:app-instance/ID",
    |service, path| service == "chime" && matches!(path, ["app-instance", _])
);
arn!(
    /// A user or a bot of an app instance; the bearer of calls, and what can be made an admin.
    Member,
    "arn:aws:chime:REGION:ACCOUNT:app-instance/ID/user/ID",
    |service, path| service == "chime" && matches!(path, ["app-instance", _, "user" | "bot", _])
);
arn!(
    /// A channel.
    Channel,
    "arn:aws:chime:REGION:ACCOUNT:app-instance/ID/channel/ID",
    |service, path| service == "chime" && matches!(path, ["app-instance", _, "channel", _])
);
arn!(
    /// A channel flow.
    ChannelFlow,
    "arn:aws:chime:REGION:ACCOUNT:app-instance/ID/channel-flow/ID",
    |service, path| service == "chime" && matches!(path, ["app-instance", _, "channel-flow", _])
);
arn!(
    /// A Kinesis stream that the service accepts: it insists on the beginning of the name.
    Stream,
    "arn:aws:kinesis:REGION:ACCOUNT:stream/chime-messaging-NAME",
    |service, path| {
        service == "kinesis"
            && matches!(path, ["stream", name] if name.starts_with("chime-messaging-"))
    }
);

impl Member {
    /// The app instance it belongs to.
    pub fn app_instance(&self) -> AppInstance {
        owner(&self.0)
    }

    /// The id by which it is made, when it is a user; a bot has none of the caller's choice.
    pub fn user_id(&self) -> Option<&str> {
        self.0.split_once("/user/").map(|(_, id)| id)
    }
}

impl Channel {
    /// The app instance it belongs to.
    pub fn app_instance(&self) -> AppInstance {
        owner(&self.0)
    }
}

impl ChannelFlow {
    /// The region it is in.
    pub fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }

    /// The app instance it belongs to.
    pub fn app_instance(&self) -> AppInstance {
        owner(&self.0)
    }
}

/// The service and the resource's path, when all parts are there.
fn parts(text: &str) -> Option<(&str, Vec<&str>)> {
    // A user's id may hold a colon, so the sixth part is all the rest.
    let mut parts = text.splitn(6, ':');
    let (arn, partition) = (parts.next()?, parts.next()?);
    let (service, region, account) = (parts.next()?, parts.next()?, parts.next()?);
    let path: Vec<&str> = parts.next()?.split('/').collect();
    let complete = arn == "arn"
        && partition.starts_with("aws")
        && !region.is_empty()
        && account.len() == 12
        && account.bytes().all(|digit| digit.is_ascii_digit())
        && path.iter().all(|part| !part.is_empty())
        && !text.contains(char::is_whitespace);
    complete.then_some((service, path))
}

/// What stands before the second slash of the path. Only called with ARNs that were parsed.
fn owner(text: &str) -> AppInstance {
    let mut slashes = 0;
    let owner = text.chars().take_while(|character| {
        slashes += usize::from(*character == '/');
        slashes < 2
    });
    AppInstance(owner.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/abc";

    #[test]
    fn a_user_of_an_instance_is_no_channel_and_no_instance() {
        let user = format!("{INSTANCE}/user/alice");
        assert!(Channel::parse(&user).is_err());
        assert!(ChannelFlow::parse(&user).is_err());
        assert!(AppInstance::parse(&user).is_err());
        assert!(Member::parse(&user).is_ok());
    }

    #[test]
    fn a_truncated_or_padded_arn_is_refused() {
        for text in [
            "",
            "arn",
            "arn:aws:chime:us-east-1:111122223333",
            "arn:aws:chime:us-east-1:1111:app-instance/abc",
            "arn:aws:chime:us-east-1:111122223333:app-instance/",
            "arn:aws:chime::111122223333:app-instance/abc",
            "arn:aws:chime:us-east-1:111122223333:app-instance/abc ",
            "arn:aws:s3:us-east-1:111122223333:app-instance/abc",
            "arn:aws:chime:us-east-1:111122223333:appInstance/abc",
        ] {
            assert!(AppInstance::parse(text).is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn the_owner_is_read_off_the_arn_even_with_a_colon_in_the_user_id() {
        let user = Member::parse(&format!("{INSTANCE}/user/us-east-1:0af")).unwrap();
        assert_eq!(user.app_instance().as_str(), INSTANCE);
        assert_eq!(user.user_id(), Some("us-east-1:0af"));
        assert_eq!(Member::parse(&format!("{INSTANCE}/bot/b")).unwrap().user_id(), None);
        let flow = ChannelFlow::parse(&format!("{INSTANCE}/channel-flow/f")).unwrap();
        assert_eq!(flow.app_instance().as_str(), INSTANCE);
        assert_eq!(flow.region(), "us-east-1");
    }

    #[test]
    fn a_stream_must_carry_the_services_prefix() {
        let arn = |name| format!("arn:aws:kinesis:us-east-1:111122223333:stream/{name}");
        assert!(Stream::parse(&arn("messages")).is_err());
        assert!(Stream::parse(&arn("chime-messaging-messages")).is_ok());
    }
}
