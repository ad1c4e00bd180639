//! What Lambda, IAM and Kinesis say of a deployment.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::PolicyEvaluationDecisionType;
use aws_sdk_kinesis::types::EncryptionType;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use provisioner::preflight::doctor::{self, Service, StreamState};

use super::{Account, Stack, Why};

/// The template's name for the last resort.
const LAST_RESORT: &str = "LastResort";
/// What the processor's role must allow.
const CALLBACK: &str = "chime:ChannelFlowCallback";

/// What is known, and why the rest is not.
pub(crate) async fn facts(
    account: &Account,
    stack: &Stack,
    service: &Service,
) -> (doctor::Account, Vec<String>) {
    let mut notes = Vec::new();
    let lambda = aws_sdk_lambda::Client::new(&account.config);
    let processor = function(&lambda, &stack.processor, &mut notes).await;
    let last_resort = match last_resort(account, stack, &mut notes).await {
        Some(name) => function(&lambda, &name, &mut notes).await,
        None => None,
    };
    let role = processor.as_ref().and_then(|function| function.role.clone());
    let known = doctor::Account {
        processor: stack.processor.clone(),
        processor_policy: policy(&lambda, &stack.processor, &mut notes).await,
        callback_allowed: match role {
            Some(role) => callback_allowed(account, stack, &role, &mut notes).await,
            None => None,
        },
        processor_variables: processor.map(|function| function.variables),
        last_resort_variables: last_resort.map(|function| function.variables),
        streams: streams(account, service, &mut notes).await,
    };
    (known, notes)
}

/// A function's settings.
struct Function {
    role: Option<String>,
    variables: BTreeMap<String, String>,
}

async fn function(
    client: &aws_sdk_lambda::Client,
    name: &str,
    notes: &mut Vec<String>,
) -> Option<Function> {
    let request = client.get_function_configuration().function_name(name);
    match Box::pin(request.send()).await {
        Ok(found) => {
            let variables = found.environment.and_then(|environment| environment.variables);
            let variables = variables.unwrap_or_default().into_iter().collect();
            Some(Function { role: found.role, variables })
        }
        Err(error) => {
            notes.push(format!("the settings of {name}: {}", Why(&error)));
            None
        }
    }
}

async fn policy(
    client: &aws_sdk_lambda::Client,
    name: &str,
    notes: &mut Vec<String>,
) -> Option<String> {
    match Box::pin(client.get_policy().function_name(name).send()).await {
        Ok(found) => Some(found.policy.unwrap_or_default()),
        // What has no policy is told of in the same way as what is not there.
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetPolicyError::is_resource_not_found_exception) =>
        {
            Some(String::new())
        }
        Err(error) => {
            notes.push(format!("the resource policy of {name}: {}", Why(&error)));
            None
        }
    }
}

async fn last_resort(account: &Account, stack: &Stack, notes: &mut Vec<String>) -> Option<String> {
    let client = aws_sdk_cloudformation::Client::new(&account.config);
    let request =
        client.describe_stack_resource().stack_name(&stack.name).logical_resource_id(LAST_RESORT);
    match Box::pin(request.send()).await {
        Ok(found) => found.stack_resource_detail?.physical_resource_id,
        Err(error) => {
            notes.push(format!("the last resort: {}", Why(&error)));
            None
        }
    }
}

async fn callback_allowed(
    account: &Account,
    stack: &Stack,
    role: &str,
    notes: &mut Vec<String>,
) -> Option<bool> {
    // Any channel: the grant is for all of the app instance.
    let channel = format!("{}/channel/any", stack.moderation.flow.app_instance());
    let request = aws_sdk_iam::Client::new(&account.config)
        .simulate_principal_policy()
        .policy_source_arn(role)
        .action_names(CALLBACK)
        .resource_arns(channel);
    match Box::pin(request.send()).await {
        Ok(simulated) => {
            let results = simulated.evaluation_results.unwrap_or_default();
            let allowed = PolicyEvaluationDecisionType::Allowed;
            results.first().map(|result| result.eval_decision == allowed)
        }
        Err(error) => {
            notes.push(format!("what {role} may do: {}", Why(&error)));
            None
        }
    }
}

async fn streams(
    account: &Account,
    service: &Service,
    notes: &mut Vec<String>,
) -> BTreeMap<String, StreamState> {
    let client = aws_sdk_kinesis::Client::new(&account.config);
    let mut states = BTreeMap::new();
    // One stream may take both kinds of data.
    let streams: BTreeSet<&String> = service.streaming.values().collect();
    for stream in streams {
        match Box::pin(client.describe_stream_summary().stream_arn(stream).send()).await {
            Ok(found) => {
                if let Some(summary) = found.stream_description_summary {
                    let state = StreamState {
                        encrypted: summary.encryption_type == Some(EncryptionType::Kms),
                        open_shards: summary.open_shard_count,
                    };
                    states.insert(stream.clone(), state);
                }
            }
            Err(error) => notes.push(format!("the stream {stream}: {}", Why(&error))),
        }
    }
    states
}
