//! What the tests have in common: a furnished server, the real SDK's client for it, and a processor
//! that answers through that client.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_chimesdkmessaging as messaging;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use bytes::Bytes;
use local_chime::{FallbackAction, Furniture, Options, Server, Target, TargetError};
use messaging::config::{BehaviorVersion, Region, retry::RetryConfig};
use messaging::error::SdkError;
use messaging::types::{ChannelMessageCallback, ChannelMessagePersistenceType, ChannelMessageType};
use serde_json::Value;

pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:flow:live";
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A server with Alice and Bob in a channel behind a flow.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) client: messaging::Client,
    pub(crate) scene: Furniture,
}

impl Stage {
    pub(crate) async fn new(options: Options) -> Self {
        Self::with_fallback(options, FallbackAction::Abort).await
    }

    pub(crate) async fn with_fallback(options: Options, fallback: FallbackAction) -> Self {
        let server = Server::start(options).await.unwrap();
        let scene = server.furnish(&["alice", "bob", "carol"], FUNCTION, fallback);
        let client = client(&server.url());
        Self { server, client, scene }
    }

    pub(crate) fn alice(&self) -> &str {
        &self.scene.user_arns[0]
    }

    pub(crate) fn bob(&self) -> &str {
        &self.scene.user_arns[1]
    }

    pub(crate) fn message(
        &self,
        content: &str,
    ) -> messaging::operation::send_channel_message::builders::SendChannelMessageFluentBuilder {
        self.client
            .send_channel_message()
            .channel_arn(&self.scene.channel_arn)
            .chime_bearer(self.alice())
            .content(content)
            .r#type(ChannelMessageType::Standard)
            .persistence(ChannelMessagePersistenceType::Persistent)
    }

    /// Alice sends; the message's id.
    pub(crate) async fn send(&self, content: &str) -> String {
        self.message(content).send().await.unwrap().message_id.unwrap()
    }

    pub(crate) async fn settle(&self, id: &str) -> local_chime::Status {
        self.server.await_settled(id, PATIENCE).await.unwrap()
    }

    /// What `reader` gets to read, and its status.
    pub(crate) async fn read(&self, reader: &str, id: &str) -> Option<(String, String)> {
        let call = self
            .client
            .get_channel_message()
            .channel_arn(&self.scene.channel_arn)
            .message_id(id)
            .chime_bearer(reader);
        match call.send().await {
            Ok(got) => {
                let message = got.channel_message.unwrap();
                let status = message.status.unwrap().value.unwrap();
                Some((message.content.unwrap_or_default(), status.as_str().to_owned()))
            }
            Err(error) => {
                assert_eq!(error_code(&error), "NotFoundException");
                None
            }
        }
    }

    /// The status as the sender asks for it, or the code of the error.
    pub(crate) async fn status(&self, asker: &str, id: &str) -> String {
        let call = self
            .client
            .get_channel_message_status()
            .channel_arn(&self.scene.channel_arn)
            .message_id(id);
        match call.chime_bearer(asker).send().await {
            Ok(got) => got.status.unwrap().value.unwrap().as_str().to_owned(),
            Err(error) => error_code(&error),
        }
    }
}

/// The SDK's client, which tries once: what comes back is what the tests look at.
pub(crate) fn client(url: &str) -> messaging::Client {
    let config = messaging::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    messaging::Client::from_conf(config)
}

pub(crate) fn error_code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error
        .as_service_error()
        .map_or("no answer", |error| error.code().unwrap_or("no code"))
        .to_owned()
}

/// An event as a processor reads it.
#[derive(Clone)]
pub(crate) struct Event(pub(crate) Value);

impl Event {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0["ChannelMessage"][name].as_str().unwrap_or_default()
    }

    /// The callback that this event asks for: denied when it says `deny`, in capitals otherwise.
    pub(crate) fn callback(
        &self,
        client: &messaging::Client,
    ) -> messaging::operation::channel_flow_callback::builders::ChannelFlowCallbackFluentBuilder
    {
        let message = ChannelMessageCallback::builder().message_id(self.text("MessageId"));
        let deny = self.text("Content").contains("deny");
        let message = if deny {
            message
        } else {
            let metadata = self.0["ChannelMessage"]["Metadata"].as_str().map(str::to_owned);
            message.content(self.text("Content").to_uppercase()).set_metadata(metadata)
        };
        client
            .channel_flow_callback()
            .callback_id(self.0["CallbackId"].as_str().unwrap())
            .channel_arn(self.text("ChannelArn"))
            .delete_resource(deny)
            .channel_message(message.build().unwrap())
    }
}

/// A processor that calls back at `url` until it gets through: 403 is success, as for the real one.
pub(crate) fn processor(url: &str) -> Target {
    let client = client(url);
    Target::in_process(move |event: Bytes| {
        let client = client.clone();
        async move {
            let event = Event(serde_json::from_slice(&event).unwrap());
            assert!(!event.text("Content").contains("crash"), "asked to crash");
            for _ in 0..20 {
                match event.callback(&client).send().await {
                    Ok(_) => return Ok(()),
                    Err(error) if error_code(&error) == "ForbiddenException" => return Ok(()),
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
            Err(TargetError::Failed("gave up".into()))
        }
    })
}

/// A stage whose processor answers.
pub(crate) async fn answered(change: impl FnOnce(&mut Options)) -> Stage {
    let mut options = Options::default();
    change(&mut options);
    let stage = Stage::new(options).await;
    stage.server.set_default_target(processor(&stage.server.url()));
    stage
}

/// A stage whose processor leaves the answering to the test, which receives the events.
pub(crate) async fn watched() -> (Stage, tokio::sync::mpsc::UnboundedReceiver<Event>) {
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    let target = Target::in_process(move |event: Bytes| {
        tell.send(Event(serde_json::from_slice(&event).unwrap())).unwrap();
        std::future::ready(Ok(()))
    });
    (Stage::new(Options { default_target: Some(target), ..Options::default() }).await, told)
}
