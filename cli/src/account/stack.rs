//! The deployed stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::Client;
use provisioner::arn::{ChannelFlow, ParseArn};
use provisioner::settings::Moderation;

use super::{Account, Deployment, Why};
use crate::exit::Failure;

/// What the other commands need of a stack.
#[derive(Debug)]
pub(crate) struct Stack {
    /// Its name.
    pub(crate) name: String,
    /// Its flow, and the admin in whose name channels get it.
    pub(crate) moderation: Moderation,
    /// The ARN of the alias that the flow should invoke.
    pub(crate) processor: String,
}

impl Stack {
    /// Finds the stack and reads its outputs.
    pub(crate) async fn find(account: &Account, deployment: &Deployment) -> Result<Self, Failure> {
        let client = Client::new(&account.config);
        let name = match ChannelFlow::parse(&deployment.stack) {
            Ok(flow) => name_of_owner(&client, &flow).await?,
            Err(_) => deployment.stack.clone(),
        };
        let described = Box::pin(client.describe_stacks().stack_name(&name).send()).await;
        let stacks = described
            .map_err(|error| Failure::Usage(format!("the stack `{name}`: {}", Why(&error))))?;
        let outputs: BTreeMap<String, String> = stacks
            .stacks
            .unwrap_or_default()
            .into_iter()
            .flat_map(|stack| stack.outputs.unwrap_or_default())
            .filter_map(|output| Some((output.output_key?, output.output_value?)))
            .collect();
        Ok(Self {
            moderation: Moderation {
                flow: arn(&name, &outputs, "ChannelFlowArn")?,
                admin: arn(&name, &outputs, "AdminArn")?,
            },
            processor: output(&name, &outputs, "ProcessorArn")?.to_owned(),
            name,
        })
    }
}

async fn name_of_owner(client: &Client, flow: &ChannelFlow) -> Result<String, Failure> {
    let request = client.describe_stack_resources().physical_resource_id(flow.as_str());
    let described = Box::pin(request.send()).await;
    let resources = described.map_err(|error| {
        Failure::Usage(format!("the stack that has the flow {flow}: {}", Why(&error)))
    })?;
    let names = resources.stack_resources.unwrap_or_default();
    names
        .into_iter()
        .find_map(|resource| resource.stack_name)
        .ok_or_else(|| Failure::Usage(format!("no stack has the flow {flow}")))
}

fn output<'a>(
    name: &str,
    outputs: &'a BTreeMap<String, String>,
    key: &str,
) -> Result<&'a str, Failure> {
    outputs.get(key).map(String::as_str).ok_or_else(|| {
        Failure::Usage(format!(
            "the stack `{name}` has no output `{key}`: it is not deployed from this project's \
             template.yaml, or did not come up"
        ))
    })
}

fn arn<A: ParseArn>(
    name: &str,
    outputs: &BTreeMap<String, String>,
    key: &str,
) -> Result<A, Failure> {
    A::parse(output(name, outputs, key)?).map_err(|problem| {
        Failure::Usage(format!("the output `{key}` of the stack `{name}` {problem}"))
    })
}
