//! What the roles allow against what the functions do.

use std::collections::BTreeSet;

use provisioner::grant::{CHANNEL_ASSOCIATOR, Call, PROVISIONER, Scope};
use serde_json::Value;

use crate::cloudformation::{Template, rendered};

type Allowed = BTreeSet<(String, String)>;

/// A function, and what is done in its name: action, on what, why.
type Row = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

/// What Lambda does in a function's name without a call in the provisioner's code.
const PLATFORM: &[Row] = &[
    (
        "Processor",
        &[
            ("chime:ChannelFlowCallback", "${AppInstance.AppInstanceArn}/channel/*", CALLBACK),
            ("lambda:InvokeFunction", "${LastResort.Arn}", "destination of failed invocations"),
            ("kms:Decrypt", "${KmsKeyArn}", "Lambda reads the encrypted variables"),
            ("logs:CreateLogStream", "${ProcessorLogs.Arn}", LOGS),
            ("logs:PutLogEvents", "${ProcessorLogs.Arn}", LOGS),
        ],
    ),
    (
        "LastResort",
        &[
            ("chime:ChannelFlowCallback", "${AppInstance.AppInstanceArn}/channel/*", CALLBACK),
            ("sqs:SendMessage", "${UnansweredQueue.Arn}", "destination of failed invocations"),
            ("kms:Decrypt", "${KmsKeyArn}", "sending to an encrypted queue"),
            ("kms:GenerateDataKey", "${KmsKeyArn}", "sending to an encrypted queue"),
            ("logs:CreateLogStream", "${LastResortLogs.Arn}", LOGS),
            ("logs:PutLogEvents", "${LastResortLogs.Arn}", LOGS),
        ],
    ),
    (
        "Provisioner",
        &[
            ("logs:CreateLogStream", "${ProvisionerLogs.Arn}", LOGS),
            ("logs:PutLogEvents", "${ProvisionerLogs.Arn}", LOGS),
        ],
    ),
    (
        "ChannelAssociator",
        &[
            ("kinesis:DescribeStream", "${Stream.Arn}", POLLER),
            ("kinesis:DescribeStreamSummary", "${Stream.Arn}", POLLER),
            ("kinesis:GetRecords", "${Stream.Arn}", POLLER),
            ("kinesis:GetShardIterator", "${Stream.Arn}", POLLER),
            ("kinesis:ListShards", "${Stream.Arn}", POLLER),
            ("sqs:SendMessage", "${UnmoderatedQueue.Arn}", "destination of failed batches"),
            ("kms:Decrypt", "${KmsKeyArn}", "an encrypted stream and an encrypted queue"),
            ("kms:GenerateDataKey", "${KmsKeyArn}", "sending to an encrypted queue"),
            ("logs:CreateLogStream", "${ChannelAssociatorLogs.Arn}", LOGS),
            ("logs:PutLogEvents", "${ChannelAssociatorLogs.Arn}", LOGS),
        ],
    ),
];

const CALLBACK: &str = "the one call of processor and last resort";
const LOGS: &str = "Lambda writes the function's log";
const POLLER: &str = "Lambda reads the stream for the event source mapping";

const fn pattern(scope: Scope) -> &'static str {
    match scope {
        Scope::AppInstance => "${AppInstance.AppInstanceArn}",
        Scope::AppInstances => {
            "arn:${AWS::Partition}:chime:${AWS::Region}:${AWS::AccountId}:app-instance/*"
        }
        Scope::User => "${AppInstance.AppInstanceArn}/user/*",
        Scope::Channel => "${AppInstance.AppInstanceArn}/channel/*",
        Scope::ChannelFlow => "${AppInstance.AppInstanceArn}/channel-flow/*",
        Scope::Stream => {
            "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/chime-messaging-${AWS::StackName}"
        }
        Scope::Key => "${KmsKeyArn}",
        Scope::ServiceLinkedRole => {
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/messaging.chime.amazonaws.com/*"
        }
    }
}

fn needed(function: &str, calls: &[Call]) -> Allowed {
    let (_, platform) = PLATFORM.iter().find(|(name, _)| *name == function).unwrap();
    let platform = platform.iter().map(|(action, on, _)| ((*action).to_owned(), (*on).to_owned()));
    let called = calls.iter().flat_map(|call| call.grants()).flat_map(|grant| {
        grant.on.iter().map(|scope| (grant.action.to_owned(), pattern(*scope).to_owned()))
    });
    platform.chain(called).collect()
}

/// What a function's role allows, conditional statements included.
fn allowed(template: &Template, function: &str) -> Allowed {
    let role = &template.resources()[function]["Properties"]["Role"]["Fn::GetAtt"];
    assert_eq!(role[1], "Arn", "{function} has no role of its own");
    let role = &template.resources()[role[0].as_str().unwrap()]["Properties"];
    assert!(role.get("ManagedPolicyArns").is_none(), "a managed policy allows what nobody checks");
    let mut allowed = Allowed::new();
    for policy in role["Policies"].as_array().unwrap() {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            let statement = statement["Fn::If"].get(1).unwrap_or(statement);
            assert_eq!(statement["Effect"], "Allow");
            for action in each(&statement["Action"]) {
                for resource in each(&statement["Resource"]) {
                    allowed.insert((action.as_str().unwrap().to_owned(), rendered(resource)));
                }
            }
        }
    }
    allowed
}

fn each(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

#[test]
fn every_action_that_is_granted_is_used_and_every_call_is_granted() {
    let template = Template::read();
    let rows = [
        ("Processor", [].as_slice()),
        ("LastResort", &[]),
        ("Provisioner", PROVISIONER.calls),
        ("ChannelAssociator", CHANNEL_ASSOCIATOR.calls),
    ];
    for (function, calls) in rows {
        let (needed, allowed) = (needed(function, calls), allowed(&template, function));
        let missing: Vec<_> = needed.difference(&allowed).collect();
        let idle: Vec<_> = allowed.difference(&needed).collect();
        assert!(missing.is_empty(), "the role of {function} does not allow {missing:#?}");
        assert!(idle.is_empty(), "nothing of {function} uses {idle:#?}");
    }
    let functions: BTreeSet<_> =
        template.of_type("AWS::Serverless::Function").into_iter().collect();
    assert_eq!(functions, rows.map(|(function, _)| function).into(), "a function without a row");
}

#[test]
fn nothing_is_granted_on_everything() {
    let template = Template::read();
    for function in template.of_type("AWS::Serverless::Function") {
        for (action, resource) in allowed(&template, function) {
            assert!(!action.contains('*'), "{function} may {action}");
            assert_ne!(resource, "*", "{function} may {action} on everything");
        }
    }
}
