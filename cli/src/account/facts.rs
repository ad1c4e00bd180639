//! What Lambda, IAM and Kinesis say of a deployment.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use aws_sdk_iam::types::PolicyEvaluationDecisionType;
use aws_sdk_kinesis::types::EncryptionType;
use aws_sdk_lambda::operation::get_event_source_mapping::GetEventSourceMappingError;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use provisioner::preflight::doctor::{self, NewChannels, Service, StreamState};

use super::{Account, Stack, Why};

/// The template's name for the last resort.
const LAST_RESORT: &str = "LastResort";
/// Its name for the mapping that feeds the associator.
const NEW_CHANNELS: &str = "NewChannels";
/// What the roles of processor and last resort must allow.
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
    let last_resort = match physical_id(account, stack, LAST_RESORT, &mut notes).await {
        Some(Some(name)) => function(&lambda, &name, &mut notes).await,
        Some(None) | None => None,
    };
    let roles = [&processor, &last_resort]
        .map(|function| function.as_ref().and_then(|function| function.role.clone()));
    let [processors, last_resorts] = roles;
    let known = doctor::Account {
        processor: stack.processor.clone(),
        processor_policy: policy(&lambda, &stack.processor, &mut notes).await,
        callback_allowed: callback_allowed(account, stack, processors, &mut notes).await,
        last_resort_allowed: callback_allowed(account, stack, last_resorts, &mut notes).await,
        new_channels: new_channels(account, stack, &lambda, &mut notes).await,
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

/// What the template's name stands for; inside, `None` is "the stack has no such thing".
async fn physical_id(
    account: &Account,
    stack: &Stack,
    name: &str,
    notes: &mut Vec<String>,
) -> Option<Option<String>> {
    let client = aws_sdk_cloudformation::Client::new(&account.config);
    let request =
        client.describe_stack_resource().stack_name(&stack.name).logical_resource_id(name);
    match Box::pin(request.send()).await {
        Ok(found) => Some(found.stack_resource_detail?.physical_resource_id),
        // CloudFormation has no code of its own for it.
        Err(error)
            if error
                .message()
                .is_some_and(|message| message.contains("does not exist for stack")) =>
        {
            Some(None)
        }
        Err(error) => {
            notes.push(format!("{name}: {}", Why(&error)));
            None
        }
    }
}

async fn new_channels(
    account: &Account,
    stack: &Stack,
    client: &aws_sdk_lambda::Client,
    notes: &mut Vec<String>,
) -> Option<NewChannels> {
    let Some(id) = physical_id(account, stack, NEW_CHANNELS, notes).await? else {
        return Some(NewChannels::NotInTheStack);
    };
    match Box::pin(client.get_event_source_mapping().uuid(&id).send()).await {
        Ok(found) => Some(NewChannels::Mapping(found.state.unwrap_or_default())),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetEventSourceMappingError::is_resource_not_found_exception) =>
        {
            Some(NewChannels::Mapping(String::new()))
        }
        Err(error) => {
            notes.push(format!("the event source mapping {id}: {}", Why(&error)));
            None
        }
    }
}

async fn callback_allowed(
    account: &Account,
    stack: &Stack,
    role: Option<String>,
    notes: &mut Vec<String>,
) -> Option<bool> {
    let role = role?;
    // Any channel: the grant is for all of the app instance.
    let channel = format!("{}/channel/any", stack.moderation.flow.app_instance());
    let request = aws_sdk_iam::Client::new(&account.config)
        .simulate_principal_policy()
        .policy_source_arn(&role)
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
