//! What is wrong with a deployed flow, and how to mend it.
//!
//! [`examine`] asks the messaging service; what only Lambda, Kinesis and IAM know comes from whoever
//! calls ([`Account`]). [`diagnose`] is a pure function of both.

use std::{collections::BTreeMap, fmt};

use crate::{
    arn::{Channel, ChannelFlow},
    failure::Refused,
    preflight::permission::may_be_invoked,
    service::{FlowProcessor, Session, Streaming},
    settings::Moderation,
};

/// What the messaging service says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The flow's processors.
    pub processors: Vec<FlowProcessor>,
    /// Whether the admin is one.
    pub admin_is_admin: bool,
    /// Channels that do not have the flow.
    pub channels_without_the_flow: Vec<Channel>,
    /// Which data goes where.
    pub streaming: Streaming,
}

/// What the rest of the account says. `None` is "could not be read", and is a finding of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The ARN of the processor's alias, as the stack's output `ProcessorArn` gives it.
    pub processor: String,
    /// The alias's resource policy, as Lambda's `GetPolicy` gives it; empty if it has none.
    pub processor_policy: Option<String>,
    /// The variables of the version behind the alias.
    pub processor_variables: Option<BTreeMap<String, String>>,
    /// The last resort's variables.
    pub last_resort_variables: Option<BTreeMap<String, String>>,
    /// Whether IAM says that the processor's role may call `chime:ChannelFlowCallback` on a channel
    /// of the app instance.
    pub callback_allowed: Option<bool>,
    /// The same of the last resort's role.
    pub last_resort_allowed: Option<bool>,
    /// What gives new channels the flow.
    pub new_channels: Option<NewChannels>,
    /// The streams that data goes to: whether each is encrypted, and its number of open shards.
    pub streams: BTreeMap<String, StreamState>,
}

/// What gives new channels the flow: the mapping that feeds the associator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewChannels {
    /// The stack has none: it streams no channel data.
    NotInTheStack,
    /// It is there, in this state, as Lambda's `GetEventSourceMapping` gives it; empty if it was
    /// deleted behind the stack's back.
    Mapping(String),
}

/// A stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// Whether what lies in it is encrypted by Kinesis.
    pub encrypted: bool,
    /// How many shards are open.
    pub open_shards: i32,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The admin is none.
    AdminDemoted,
    /// The role of the processor or of the last resort may not answer.
    CallbackNotAllowed,
    /// Some channels do not have the flow.
    ChannelsWithoutFlow,
    /// Flow, processor and last resort do not agree on the fallback action.
    FallbackActionsDisagree,
    /// New channels do not get the flow.
    NewChannelsUnmoderated,
    /// The flow invokes another function than the stack's.
    OtherProcessor,
    /// The service may not invoke the processor.
    PermissionMissing,
    /// A stream that the service would refuse, or whose content lies open.
    StreamUnfit,
    /// Something could not be looked at.
    Unknown,
}

impl Code {
    /// A stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminDemoted => "admin-demoted",
            Self::CallbackNotAllowed => "callback-not-allowed",
            Self::ChannelsWithoutFlow => "channels-without-flow",
            Self::FallbackActionsDisagree => "fallback-actions-disagree",
            Self::NewChannelsUnmoderated => "new-channels-unmoderated",
            Self::OtherProcessor => "other-processor",
            Self::PermissionMissing => "permission-missing",
            Self::StreamUnfit => "stream-unfit",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// What is wrong, in this deployment.
    pub problem: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}; {}", self.code.name(), self.problem, self.mend)
    }
}

/// Asks the messaging service.
///
/// # Errors
/// [`Refused`] if the caller may not look, or the flow is not there.
pub async fn examine(session: &Session<'_>, moderation: &Moderation) -> Result<Service, Refused> {
    let instance = moderation.flow.app_instance();
    let with = session.channels_of(&moderation.flow).await?;
    let all = session.channels(&moderation.admin).await;
    let admins = session.admins(&instance).await?;
    let admin_is_admin = admins.iter().any(|admin| admin == moderation.admin.as_str());
    let without = match all {
        Ok(all) => all.into_iter().filter(|channel| !with.contains(channel)).collect(),
        // Only an admin may list private channels: then that is the finding.
        Err(_) if !admin_is_admin => Vec::new(),
        Err(refused) => return Err(refused),
    };
    let streaming = match session.streaming(&instance).await {
        Ok(streaming) => streaming,
        Err(refused) if refused.kind == crate::failure::Kind::NotFound => Streaming::new(),
        Err(refused) => return Err(refused),
    };
    Ok(Service {
        processors: session.processors(&moderation.flow).await?,
        admin_is_admin,
        channels_without_the_flow: without,
        streaming,
    })
}

/// What is wrong. Nothing is an empty list.
pub fn diagnose(flow: &ChannelFlow, service: &Service, account: &Account) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, problem: String, mend: &str| {
        findings.push(Finding { code, problem, mend: mend.to_owned() });
    };
    for processor in &service.processors {
        if processor.function != account.processor {
            find(
                Code::OtherProcessor,
                format!("the flow invokes {} and not {}", processor.function, account.processor),
                "deploy the stack again, or set it back with UpdateChannelFlow",
            );
        }
    }
    match &account.processor_policy {
        None => find(
            Code::Unknown,
            format!("the resource policy of {} could not be read", account.processor),
            "allow yourself lambda:GetPolicy",
        ),
        Some(policy) => {
            if let Err(problem) = may_be_invoked(policy, flow) {
                find(
                    Code::PermissionMissing,
                    format!("the service may not invoke {}: {problem}", account.processor),
                    "deploy the stack again: ProcessorPermission puts the permission on the alias",
                );
            }
        }
    }
    for (who, allowed) in [
        ("the processor", account.callback_allowed),
        ("the last resort", account.last_resort_allowed),
    ] {
        match allowed {
            Some(true) => {}
            Some(false) => find(
                Code::CallbackNotAllowed,
                format!("the role of {who} may not call chime:ChannelFlowCallback"),
                "deploy the stack again, and look for a permissions boundary or an organisation's \
                 policy that denies it",
            ),
            None => find(
                Code::Unknown,
                format!("whether the role of {who} may answer could not be found out"),
                "allow yourself iam:SimulatePrincipalPolicy and lambda:GetFunctionConfiguration",
            ),
        }
    }
    let functions = [
        ("the processor", &account.processor_variables),
        ("the last resort", &account.last_resort_variables),
    ];
    for (who, _) in functions.iter().filter(|(_, variables)| variables.is_none()) {
        find(
            Code::Unknown,
            format!("the settings of {who} could not be read"),
            "allow yourself lambda:GetFunctionConfiguration and \
             cloudformation:DescribeStackResource",
        );
    }
    for (who, problem) in disagreements(service, account) {
        find(
            Code::FallbackActionsDisagree,
            format!("{who} {problem}"),
            "deploy the stack again: the parameter FallbackAction sets all of them",
        );
    }
    if !service.admin_is_admin {
        find(
            Code::AdminDemoted,
            "the stack's admin is no admin of the app instance".to_owned(),
            "make the user an admin again with CreateAppInstanceAdmin; no channel can get the flow \
             until then",
        );
    }
    let without = service.channels_without_the_flow.len();
    if without > 0 {
        find(
            Code::ChannelsWithoutFlow,
            format!("{without} channels do not have the flow, so nothing judges their messages"),
            "`channel-flow attach --all`, or name those that shall have it",
        );
    }
    findings.extend(unmoderated_new_channels(account));
    findings.extend(unfit_streams(service, account));
    findings
}

/// What keeps new channels from getting the flow.
fn unmoderated_new_channels(account: &Account) -> Option<Finding> {
    let (code, problem, mend) = match &account.new_channels {
        Some(NewChannels::NotInTheStack) => return None,
        Some(NewChannels::Mapping(state)) => match state.as_str() {
            "Enabled" | "Enabling" | "Creating" | "Updating" => return None,
            "" => (
                Code::NewChannelsUnmoderated,
                "nothing gives new channels the flow: the mapping of the stream to the associator is \
                 gone"
                    .to_owned(),
                "deploy with StreamingData=None and then as before, and `channel-flow attach --all` \
                 for those made meanwhile",
            ),
            state => (
                Code::NewChannelsUnmoderated,
                format!(
                    "nothing gives new channels the flow: the mapping of the stream to the associator \
                     is {state}"
                ),
                "enable it with UpdateEventSourceMapping, and `channel-flow attach --all` for those \
                 made meanwhile",
            ),
        },
        None => (
            Code::Unknown,
            "whether new channels get the flow could not be found out".to_owned(),
            "allow yourself lambda:GetEventSourceMapping and cloudformation:DescribeStackResource",
        ),
    };
    Some(Finding { code, problem, mend: mend.to_owned() })
}

/// What is wrong with the streams that data goes to.
fn unfit_streams(service: &Service, account: &Account) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, problem: String, mend: &str| {
        findings.push(Finding { code, problem, mend: mend.to_owned() });
    };
    for (kind, stream) in &service.streaming {
        let kind = kind.name();
        match account.streams.get(stream) {
            None => find(
                Code::Unknown,
                format!("the stream {stream} of {kind} data could not be looked at"),
                "allow yourself kinesis:DescribeStreamSummary; if the stream is gone, deploy again",
            ),
            Some(state) => {
                if !state.encrypted {
                    find(
                        Code::StreamUnfit,
                        format!("the stream {stream} of {kind} data is not encrypted"),
                        "deploy the stack again, or StartStreamEncryption",
                    );
                }
                if state.open_shards < 2 {
                    find(
                        Code::StreamUnfit,
                        format!("the stream {stream} has {} open shards", state.open_shards),
                        "the service insists on two: deploy with StreamShards=2",
                    );
                }
            }
        }
    }
    findings
}

/// Who has another fallback action than the flow.
fn disagreements(service: &Service, account: &Account) -> Vec<(&'static str, String)> {
    let Some(flows) = service.processors.first().map(|processor| &processor.fallback) else {
        return Vec::new();
    };
    let functions = [
        ("the processor", &account.processor_variables),
        ("the last resort", &account.last_resort_variables),
    ];
    let mut disagreements = Vec::new();
    for (who, variables) in functions {
        // That it cannot be read is a finding of its own.
        let Some(variables) = variables else { continue };
        match variables.get("FALLBACK_ACTION") {
            Some(own) if own == flows => {}
            Some(own) => {
                disagreements.push((who, format!("has FALLBACK_ACTION={own}, the flow {flows}")));
            }
            None => disagreements.push((who, format!("has no FALLBACK_ACTION, the flow {flows}"))),
        }
    }
    disagreements
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{arn::ParseArn, service::DataType};

    const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a";
    const ALIAS: &str = "arn:aws:lambda:us-east-1:111122223333:function:processor:live";
    const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/chime-messaging-a";

    fn policy(source: &str) -> String {
        json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "messaging.chime.amazonaws.com"},
            "Action": "lambda:InvokeFunction", "Resource": ALIAS,
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": "111122223333"},
                "ArnLike": {"AWS:SourceArn": source},
            },
        }]})
        .to_string()
    }

    fn healthy() -> (Service, Account) {
        let variables = BTreeMap::from([("FALLBACK_ACTION".to_owned(), "ABORT".to_owned())]);
        let service = Service {
            processors: vec![FlowProcessor {
                function: ALIAS.to_owned(),
                fallback: "ABORT".to_owned(),
            }],
            admin_is_admin: true,
            channels_without_the_flow: Vec::new(),
            streaming: [(DataType::Channel, STREAM.to_owned())].into(),
        };
        let account = Account {
            processor: ALIAS.to_owned(),
            processor_policy: Some(policy(&format!("{INSTANCE}*"))),
            processor_variables: Some(variables.clone()),
            last_resort_variables: Some(variables),
            callback_allowed: Some(true),
            last_resort_allowed: Some(true),
            new_channels: Some(NewChannels::Mapping("Enabled".to_owned())),
            streams: [(STREAM.to_owned(), StreamState { encrypted: true, open_shards: 2 })].into(),
        };
        (service, account)
    }

    fn found(change: impl FnOnce(&mut Service, &mut Account)) -> Vec<(Code, String)> {
        let flow = ChannelFlow::parse(&format!("{INSTANCE}/channel-flow/f")).unwrap();
        let (mut service, mut account) = healthy();
        change(&mut service, &mut account);
        let findings = diagnose(&flow, &service, &account);
        findings.iter().map(|finding| (finding.code, finding.to_string())).collect()
    }

    #[test]
    fn nothing_is_wrong_with_what_the_template_deploys() {
        assert_eq!(found(|_, _| {}), []);
        assert_eq!(found(|service, _| service.streaming.clear()), []);
        let without = NewChannels::NotInTheStack;
        assert_eq!(found(|_, account| account.new_channels = Some(without)), []);
    }

    #[test]
    fn a_permission_for_something_else_or_in_the_wrong_spelling_is_missing() {
        let others = [
            String::new(),
            "{}".to_owned(),
            "not JSON".to_owned(),
            policy("arn:aws:chime:us-east-1:111122223333:appInstance/*"),
            policy("arn:aws:chime:us-east-1:111122223333:app-instance/b*"),
            policy("arn:aws:chime:eu-central-1:111122223333:app-instance/*"),
            policy(&format!("{INSTANCE}*")).replace("messaging.chime", "chime"),
            policy(&format!("{INSTANCE}*")).replace("Allow", "Deny"),
        ];
        for other in others {
            let found = found(|_, account| account.processor_policy = Some(other.clone()));
            assert_eq!(found.len(), 1, "{other}");
            assert_eq!(found[0].0, Code::PermissionMissing, "{other}");
        }
    }

    #[test]
    fn each_trouble_is_found_alone_and_says_what_to_do() {
        type Change = fn(&mut Service, &mut Account);
        let troubles: [(Code, Change, &str); 14] = [
            (
                Code::AdminDemoted,
                |service, _| service.admin_is_admin = false,
                "CreateAppInstanceAdmin",
            ),
            (
                Code::CallbackNotAllowed,
                |_, account| account.callback_allowed = Some(false),
                "deploy",
            ),
            (
                Code::CallbackNotAllowed,
                |_, account| account.last_resort_allowed = Some(false),
                "the last resort",
            ),
            (
                Code::NewChannelsUnmoderated,
                |_, account| {
                    account.new_channels = Some(NewChannels::Mapping("Disabled".to_owned()));
                },
                "UpdateEventSourceMapping",
            ),
            (
                Code::NewChannelsUnmoderated,
                |_, account| account.new_channels = Some(NewChannels::Mapping(String::new())),
                "StreamingData=None",
            ),
            (Code::Unknown, |_, account| account.new_channels = None, "GetEventSourceMapping"),
            (
                Code::ChannelsWithoutFlow,
                |service, _| {
                    let channel = Channel::parse(&format!("{INSTANCE}/channel/c")).unwrap();
                    service.channels_without_the_flow.push(channel);
                },
                "channel-flow attach",
            ),
            (
                Code::FallbackActionsDisagree,
                |_, account| account.last_resort_variables = Some(BTreeMap::new()),
                "FallbackAction",
            ),
            (
                Code::FallbackActionsDisagree,
                |service, account| {
                    service.processors[0].fallback = "CONTINUE".to_owned();
                    let agreeing = ("FALLBACK_ACTION".to_owned(), "CONTINUE".to_owned());
                    account.last_resort_variables = Some([agreeing].into());
                },
                "FallbackAction",
            ),
            (
                Code::OtherProcessor,
                |service, _| service.processors[0].function.push('2'),
                "UpdateChannelFlow",
            ),
            (
                Code::StreamUnfit,
                |_, account| account.streams.values_mut().for_each(|one| one.encrypted = false),
                "StartStreamEncryption",
            ),
            (
                Code::StreamUnfit,
                |_, account| account.streams.values_mut().for_each(|one| one.open_shards = 1),
                "StreamShards",
            ),
            (
                Code::Unknown,
                |_, account| account.callback_allowed = None,
                "SimulatePrincipalPolicy",
            ),
            (
                Code::Unknown,
                |_, account| account.last_resort_variables = None,
                "GetFunctionConfiguration",
            ),
        ];
        for (code, change, mend) in troubles {
            let found = found(change);
            assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code]);
            assert!(found[0].1.contains(mend), "{} does not say {mend}", found[0].1);
        }
    }
}
