//! A service with a processor in the same process: it answers in capitals, and denies `deny`.
//!
//! Prints the endpoint for the SDKs and runs until it is stopped.
//!
//! ```sh
//! cargo run -p local-chime --example capitals
//! ```

use std::sync::{Arc, OnceLock};

use aws_credential_types::Credentials;
use aws_sdk_chimesdkmessaging as messaging;
use bytes::Bytes;
use local_chime::{Options, Server, Target, TargetError};
use messaging::config::{BehaviorVersion, Region};
use messaging::types::ChannelMessageCallback;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Arc::new(OnceLock::new());
    let known = client.clone();
    let target = Target::in_process(move |event| {
        let client: Option<messaging::Client> = known.get().cloned();
        async move {
            let failed = |reason: &str| TargetError::Failed(reason.to_owned());
            let client = client.ok_or_else(|| failed("not started"))?;
            answer(&client, &event).await.ok_or_else(|| failed("no callback"))
        }
    });
    let server =
        Server::start(Options { default_target: Some(target), ..Options::default() }).await?;
    let config = messaging::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new("local", "local", None, None, "example"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    client.get_or_init(|| messaging::Client::from_conf(config));
    println!("{}", server.url());
    std::future::pending().await
}

async fn answer(client: &messaging::Client, event: &Bytes) -> Option<()> {
    let event: Value = serde_json::from_slice(event).ok()?;
    let message = event.get("ChannelMessage")?;
    let content = message.get("Content")?.as_str()?;
    let callback = ChannelMessageCallback::builder()
        .message_id(message.get("MessageId")?.as_str()?)
        .content(content.to_uppercase())
        .set_metadata(message.get("Metadata").and_then(Value::as_str).map(str::to_owned));
    client
        .channel_flow_callback()
        .callback_id(event.get("CallbackId")?.as_str()?)
        .channel_arn(message.get("ChannelArn")?.as_str()?)
        .delete_resource(content.contains("deny"))
        .channel_message(callback.build().ok()?)
        .send()
        .await
        .ok()?;
    Some(())
}
