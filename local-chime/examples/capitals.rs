//! A service with a processor in the same process: it answers in capitals, and denies `deny`.
//!
//! Prints the endpoint for the SDKs and runs until it is stopped.
//!
//! ```sh
//! cargo run -p local-chime --example capitals
//! ```

use aws_credential_types::Credentials;
use aws_sdk_chimesdkmessaging as messaging;
use bytes::Bytes;
use local_chime::{Options, Server, Target, TargetError};
use messaging::config::{BehaviorVersion, Region};
use messaging::types::ChannelMessageCallback;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(Options::default()).await?;
    let config = messaging::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new("local", "local", None, None, "example"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = messaging::Client::from_conf(config);
    server.set_default_target(Target::in_process(move |event| {
        let client = client.clone();
        async move {
            answer(&client, &event)
                .await
                .ok_or_else(|| TargetError::Failed("no callback".to_owned()))
        }
    }));
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
