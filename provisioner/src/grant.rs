//! The table of calls: what each function asks of the service, and what its role must allow for it.
//!
//! [`Service`](crate::service::Service) refuses a call that its function's row does not list, and a
//! test holds `template.yaml` against the rows in both directions. So a role can neither lack an
//! action nor keep one that nothing uses.

/// What an action is allowed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The app instance of the stack.
    AppInstance,
    /// All app instances of the account, for the listing that shows whether one is gone.
    AppInstances,
    /// Its users: the bearer of a call, or the one who is promoted.
    User,
    /// Its channels.
    Channel,
    /// Its channel flows.
    ChannelFlow,
    /// The data stream of the stack.
    Stream,
    /// The key it is encrypted with, if that is not AWS's own.
    Key,
    /// The service-linked role of the messaging service.
    ServiceLinkedRole,
}

/// An action and what it must be allowed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The action's name in a policy, such as `chime:AssociateChannelFlow`.
    pub action: &'static str,
    /// Each of these, not one of them.
    pub on: &'static [Scope],
}

/// An operation of the service that this crate calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Makes a flow handle a channel's messages.
    AssociateChannelFlow,
    /// Makes a user an admin of the app instance.
    CreateAppInstanceAdmin,
    /// Makes a user of the app instance.
    CreateAppInstanceUser,
    /// Makes an admin a common user again.
    DeleteAppInstanceAdmin,
    /// Ends streaming.
    DeleteMessagingStreamingConfigurations,
    /// Reads one channel, and with it which flow it has.
    DescribeChannel,
    /// Reads a flow, and with it which function it invokes.
    DescribeChannelFlow,
    /// Takes a flow off a channel.
    DisassociateChannelFlow,
    /// Reads for how many days messages are kept.
    GetAppInstanceRetentionSettings,
    /// Reads which data goes to which stream.
    GetMessagingStreamingConfigurations,
    /// Lists the admins of an app instance.
    ListAppInstanceAdmins,
    /// Lists the account's app instances.
    ListAppInstances,
    /// Lists the flows of an app instance.
    ListChannelFlows,
    /// Lists the channels of an app instance.
    ListChannels,
    /// Lists the channels that a flow handles.
    ListChannelsAssociatedWithChannelFlow,
    /// Sets for how many days messages are kept.
    PutAppInstanceRetentionSettings,
    /// Sets which data goes to which stream, all of it at once.
    PutMessagingStreamingConfigurations,
}

impl Call {
    /// All calls, in order.
    pub const ALL: &[Self] = &[
        Self::AssociateChannelFlow,
        Self::CreateAppInstanceAdmin,
        Self::CreateAppInstanceUser,
        Self::DeleteAppInstanceAdmin,
        Self::DeleteMessagingStreamingConfigurations,
        Self::DescribeChannel,
        Self::DescribeChannelFlow,
        Self::DisassociateChannelFlow,
        Self::GetAppInstanceRetentionSettings,
        Self::GetMessagingStreamingConfigurations,
        Self::ListAppInstanceAdmins,
        Self::ListAppInstances,
        Self::ListChannelFlows,
        Self::ListChannels,
        Self::ListChannelsAssociatedWithChannelFlow,
        Self::PutAppInstanceRetentionSettings,
        Self::PutMessagingStreamingConfigurations,
    ];

    /// What the caller's role must allow. The first one is the call's own action; what follows the
    /// service checks on the caller's behalf.
    ///
    /// Resources per action as in the service authorization reference of Amazon Chime; for
    /// `ListChannelFlows` it names the flows although the request names the app instance, so both.
    pub const fn grants(self) -> &'static [Grant] {
        use Scope::{
            AppInstance, AppInstances, Channel, ChannelFlow, Key, ServiceLinkedRole, Stream, User,
        };
        match self {
            Self::AssociateChannelFlow => {
                const { &[on("chime:AssociateChannelFlow", &[User, Channel, ChannelFlow])] }
            }
            Self::CreateAppInstanceAdmin => {
                const { &[on("chime:CreateAppInstanceAdmin", &[AppInstance, User])] }
            }
            Self::CreateAppInstanceUser => {
                const { &[on("chime:CreateAppInstanceUser", &[AppInstance, User])] }
            }
            Self::DeleteAppInstanceAdmin => {
                const { &[on("chime:DeleteAppInstanceAdmin", &[AppInstance, User])] }
            }
            Self::DeleteMessagingStreamingConfigurations => {
                const { &[on("chime:DeleteMessagingStreamingConfigurations", &[AppInstance])] }
            }
            Self::DescribeChannel => const { &[on("chime:DescribeChannel", &[User, Channel])] },
            Self::DescribeChannelFlow => {
                const { &[on("chime:DescribeChannelFlow", &[ChannelFlow])] }
            }
            Self::ListChannels => const { &[on("chime:ListChannels", &[User])] },
            Self::DisassociateChannelFlow => {
                const { &[on("chime:DisassociateChannelFlow", &[User, Channel, ChannelFlow])] }
            }
            Self::GetAppInstanceRetentionSettings => {
                const { &[on("chime:GetAppInstanceRetentionSettings", &[AppInstance])] }
            }
            Self::GetMessagingStreamingConfigurations => {
                const { &[on("chime:GetMessagingStreamingConfigurations", &[AppInstance])] }
            }
            Self::ListAppInstanceAdmins => {
                const { &[on("chime:ListAppInstanceAdmins", &[AppInstance, User])] }
            }
            Self::ListAppInstances => const { &[on("chime:ListAppInstances", &[AppInstances])] },
            Self::ListChannelFlows => {
                const { &[on("chime:ListChannelFlows", &[AppInstance, ChannelFlow])] }
            }
            Self::ListChannelsAssociatedWithChannelFlow => {
                const { &[on("chime:ListChannelsAssociatedWithChannelFlow", &[ChannelFlow])] }
            }
            Self::PutAppInstanceRetentionSettings => {
                const { &[on("chime:PutAppInstanceRetentionSettings", &[AppInstance])] }
            }
            Self::PutMessagingStreamingConfigurations => {
                const {
                    &[
                        on("chime:PutMessagingStreamingConfigurations", &[AppInstance]),
                        on("kinesis:DescribeStream", &[Stream]),
                        on("kinesis:DescribeStreamSummary", &[Stream]),
                        on("kinesis:PutRecord", &[Stream]),
                        on("kinesis:PutRecords", &[Stream]),
                        on("kms:GenerateDataKey", &[Key]),
                        on("iam:CreateServiceLinkedRole", &[ServiceLinkedRole]),
                    ]
                }
            }
        }
    }

    /// The call's own action.
    pub fn action(self) -> &'static str {
        self.grants().first().map_or("", |grant| grant.action)
    }

    /// The operation's name in the API.
    pub fn operation(self) -> &'static str {
        self.action().trim_start_matches("chime:")
    }

    /// Whether it changes something. A call that only reads can be refused without a trace.
    pub const fn changes(self) -> bool {
        matches!(
            self,
            Self::AssociateChannelFlow
                | Self::CreateAppInstanceAdmin
                | Self::CreateAppInstanceUser
                | Self::DeleteAppInstanceAdmin
                | Self::DeleteMessagingStreamingConfigurations
                | Self::DisassociateChannelFlow
                | Self::PutAppInstanceRetentionSettings
                | Self::PutMessagingStreamingConfigurations
        )
    }
}

const fn on(action: &'static str, on: &'static [Scope]) -> Grant {
    Grant { action, on }
}

/// A function of the stack: its binary and the calls it makes.
#[derive(Debug)]
pub struct Function {
    /// The binary's name, which is also the template's `Binary`.
    pub binary: &'static str,
    /// What it calls, in order.
    pub calls: &'static [Call],
}

/// The function behind the custom resources.
pub const PROVISIONER: Function = Function {
    binary: "provisioner",
    calls: &[
        Call::AssociateChannelFlow,
        Call::CreateAppInstanceAdmin,
        Call::CreateAppInstanceUser,
        Call::DeleteAppInstanceAdmin,
        Call::DeleteMessagingStreamingConfigurations,
        Call::DisassociateChannelFlow,
        Call::GetAppInstanceRetentionSettings,
        Call::GetMessagingStreamingConfigurations,
        Call::ListAppInstanceAdmins,
        Call::ListAppInstances,
        Call::ListChannelFlows,
        Call::ListChannelsAssociatedWithChannelFlow,
        Call::PutAppInstanceRetentionSettings,
        Call::PutMessagingStreamingConfigurations,
    ],
};

/// The function that gives new channels their flow.
pub const CHANNEL_ASSOCIATOR: Function = Function {
    binary: "channel-associator",
    calls: &[Call::AssociateChannelFlow, Call::DescribeChannel],
};

/// The operator with the laptop's tool, whose credentials need as much.
pub const OPERATOR: Function = Function {
    binary: "channel-flow",
    calls: &[
        Call::AssociateChannelFlow,
        Call::DescribeChannel,
        Call::DescribeChannelFlow,
        Call::DisassociateChannelFlow,
        Call::GetMessagingStreamingConfigurations,
        Call::ListAppInstanceAdmins,
        Call::ListChannels,
        Call::ListChannelsAssociatedWithChannelFlow,
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tables_are_sorted_and_every_call_belongs_to_a_function() {
        let functions = [PROVISIONER, CHANNEL_ASSOCIATOR, OPERATOR];
        for table in functions.iter().map(|function| function.calls).chain([Call::ALL]) {
            assert!(table.is_sorted_by(|one, next| one < next), "{table:?}");
        }
        let used: BTreeSet<Call> =
            functions.iter().flat_map(|function| function.calls).copied().collect();
        assert_eq!(used, Call::ALL.iter().copied().collect());
    }

    #[test]
    fn a_calls_first_grant_is_its_own_action_and_no_grant_is_a_wildcard() {
        for call in Call::ALL {
            assert_eq!(call.action(), format!("chime:{call:?}"));
            assert_eq!(call.operation(), format!("{call:?}"));
            for grant in call.grants() {
                assert!(!grant.action.contains('*'), "{grant:?}");
                assert!(!grant.on.is_empty(), "{grant:?}");
            }
        }
    }
}
