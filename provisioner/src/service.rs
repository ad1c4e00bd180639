//! The one way to the service: every call this crate makes is a method of [`Session`].
//!
//! A session is one request's view of it. It holds the function to its table of calls, retries what
//! passes by itself (the SDK's own policy retries neither 429 nor 409, so it is switched off), and
//! remembers whether anything may have been changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::Future,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_chimesdkidentity as identity;
use aws_sdk_chimesdkmessaging as messaging;
use aws_smithy_runtime_api::client::{
    http::SharedHttpClient, orchestrator::HttpResponse, result::SdkError,
};
use aws_smithy_types::{
    error::metadata::ProvideErrorMetadata, retry::RetryConfig, timeout::TimeoutConfig,
};
use identity::types::{AppInstanceRetentionSettings, ChannelRetentionSettings};
use messaging::types::{ChannelPrivacy, MessagingDataType, StreamingConfiguration};
use tokio::time::{Duration, Instant, sleep};

use crate::{
    arn::{AppInstance, Channel, ChannelFlow, Member, ParseArn, Stream},
    failure::{Kind, Refused},
    grant::{Call, Function},
    pace::Pace,
};

/// The largest page the listing operations give ([API reference][M]).
///
/// [M]: https://docs.aws.amazon.com/chime-sdk/latest/APIReference/API_messaging-chime_ListChannelsAssociatedWithChannelFlow.html
const PAGE: i32 = 50;

/// The service's clients, for one function.
#[derive(Clone, Debug)]
pub struct Service {
    identity: identity::Client,
    messaging: messaging::Client,
    function: &'static Function,
    pace: Pace,
}

impl Service {
    /// Clients for `function`, with credentials, region and endpoints from the environment as the
    /// SDK reads it, over the given HTTP client.
    pub async fn connect(
        function: &'static Function,
        pace: Pace,
        http_client: SharedHttpClient,
    ) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .operation_attempt_timeout(Duration::from_secs(10))
            .build();
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http_client)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .load()
            .await;
        Self::new(function, pace, &config)
    }

    /// Clients with this configuration. It should not retry by itself.
    pub fn new(function: &'static Function, pace: Pace, config: &SdkConfig) -> Self {
        Self {
            identity: identity::Client::new(config),
            messaging: messaging::Client::new(config),
            function,
            pace,
        }
    }

    /// Begins to serve one request.
    pub fn session(&self) -> Session<'_> {
        Session {
            service: self,
            started: Instant::now(),
            changed: AtomicBool::new(false),
            progress: Mutex::new(String::new()),
        }
    }
}

/// One request's work with the service.
pub struct Session<'a> {
    service: &'a Service,
    started: Instant,
    changed: AtomicBool,
    progress: Mutex<String>,
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Session").field("changed", &self.changed).finish_non_exhaustive()
    }
}

/// A streaming configuration: which data goes where.
pub type Streaming = BTreeMap<DataType, String>;

/// The two kinds of data that can be streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataType {
    /// Channels, memberships and moderators: made, changed and deleted.
    Channel,
    /// Messages: sent, edited, redacted and deleted.
    ChannelMessage,
}

impl DataType {
    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => "Channel",
            Self::ChannelMessage => "ChannelMessage",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Channel, Self::ChannelMessage].into_iter().find(|kind| kind.name() == name)
    }
}

impl Session<'_> {
    /// Whether anything was changed, or may have been: the answer to a change got lost.
    pub fn changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// How far the work has got, for the answer if time runs out.
    pub fn progress(&self) -> String {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note_progress(&self, progress: String) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Repeats a step while it is refused as forbidden or not there, as long as that may only mean
    /// "not yet" ([`Pace::settle`]).
    pub(crate) async fn settled<T>(
        &self,
        step: impl AsyncFn() -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        for wait in self.service.pace.endless_waits() {
            match step().await {
                Err(refused)
                    if matches!(refused.kind, Kind::Forbidden | Kind::NotFound)
                        && self.may_settle_after(wait) =>
                {
                    sleep(wait).await;
                }
                result => return result,
            }
        }
        step().await
    }

    /// Whether a refusal may still pass by itself after another wait.
    pub(crate) fn may_settle_after(&self, wait: Duration) -> bool {
        self.started.elapsed() + wait <= self.service.pace.settle
    }

    /// The waits between looks at something that needs time to settle.
    pub(crate) fn waits(&self) -> impl Iterator<Item = Duration> {
        self.service.pace.endless_waits()
    }

    pub(crate) async fn app_instances(&self) -> Result<Vec<String>, Refused> {
        self.pages(Call::ListAppInstances, async |token: Option<String>| {
            let request = || self.service.identity.list_app_instances();
            let page = self
                .attempt(Call::ListAppInstances, || {
                    request().max_results(PAGE).set_next_token(token.clone()).send()
                })
                .await?;
            let arns = page.app_instances.unwrap_or_default();
            Ok((arns.into_iter().filter_map(|one| one.app_instance_arn).collect(), page.next_token))
        })
        .await
    }

    pub(crate) async fn admins(&self, instance: &AppInstance) -> Result<Vec<String>, Refused> {
        self.pages(Call::ListAppInstanceAdmins, async |token: Option<String>| {
            let request = || {
                self.service.identity.list_app_instance_admins().app_instance_arn(instance.as_str())
            };
            let page = self
                .attempt(Call::ListAppInstanceAdmins, || {
                    request().max_results(PAGE).set_next_token(token.clone()).send()
                })
                .await?;
            let admins = page.app_instance_admins.unwrap_or_default();
            let arns = admins.into_iter().filter_map(|one| one.admin.and_then(|admin| admin.arn));
            Ok((arns.collect(), page.next_token))
        })
        .await
    }

    pub(crate) async fn promote(&self, admin: &Member) -> Result<(), Refused> {
        let instance = admin.app_instance();
        self.attempt(Call::CreateAppInstanceAdmin, || {
            self.service
                .identity
                .create_app_instance_admin()
                .app_instance_arn(instance.as_str())
                .app_instance_admin_arn(admin.as_str())
                .send()
        })
        .await
        .map(drop)
    }

    /// Makes the user of this id; the service derives the ARN from it.
    pub(crate) async fn make_user(
        &self,
        instance: &AppInstance,
        id: &str,
        name: &str,
    ) -> Result<(), Refused> {
        // Without a token of our own: one that was used when the user was first made is a conflict.
        self.attempt(Call::CreateAppInstanceUser, || {
            self.service
                .identity
                .create_app_instance_user()
                .app_instance_arn(instance.as_str())
                .app_instance_user_id(id)
                .name(name)
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn demote(&self, admin: &Member) -> Result<(), Refused> {
        let instance = admin.app_instance();
        self.attempt(Call::DeleteAppInstanceAdmin, || {
            self.service
                .identity
                .delete_app_instance_admin()
                .app_instance_arn(instance.as_str())
                .app_instance_admin_arn(admin.as_str())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn retention(&self, instance: &AppInstance) -> Result<Option<i32>, Refused> {
        let settings = self
            .attempt(Call::GetAppInstanceRetentionSettings, || {
                self.service
                    .identity
                    .get_app_instance_retention_settings()
                    .app_instance_arn(instance.as_str())
                    .send()
            })
            .await?
            .app_instance_retention_settings;
        Ok(settings
            .and_then(|settings| settings.channel_retention_settings)
            .and_then(|settings| settings.retention_days))
    }

    pub(crate) async fn put_retention(
        &self,
        instance: &AppInstance,
        days: Option<i32>,
    ) -> Result<(), Refused> {
        // There is no call that deletes the setting: an empty one does.
        let settings = AppInstanceRetentionSettings::builder()
            .channel_retention_settings(
                ChannelRetentionSettings::builder().set_retention_days(days).build(),
            )
            .build();
        self.attempt(Call::PutAppInstanceRetentionSettings, || {
            self.service
                .identity
                .put_app_instance_retention_settings()
                .app_instance_arn(instance.as_str())
                .app_instance_retention_settings(settings.clone())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn streaming(&self, instance: &AppInstance) -> Result<Streaming, Refused> {
        let page = self
            .attempt(Call::GetMessagingStreamingConfigurations, || {
                self.service
                    .messaging
                    .get_messaging_streaming_configurations()
                    .app_instance_arn(instance.as_str())
                    .send()
            })
            .await?;
        let configurations = page.streaming_configurations.unwrap_or_default();
        Ok(configurations
            .into_iter()
            .filter_map(|one| Some((DataType::named(one.data_type.as_str())?, one.resource_arn)))
            .collect())
    }

    pub(crate) async fn put_streaming(
        &self,
        instance: &AppInstance,
        streaming: &Streaming,
    ) -> Result<(), Refused> {
        let call = Call::PutMessagingStreamingConfigurations;
        let mut configurations = Vec::with_capacity(streaming.len());
        for (kind, stream) in streaming {
            let configuration = StreamingConfiguration::builder()
                .data_type(MessagingDataType::from(kind.name()))
                .resource_arn(stream)
                .build()
                .map_err(|error| Refused::new(call, Kind::Other, error.to_string()))?;
            configurations.push(configuration);
        }
        self.attempt(call, || {
            self.service
                .messaging
                .put_messaging_streaming_configurations()
                .app_instance_arn(instance.as_str())
                .set_streaming_configurations(Some(configurations.clone()))
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn delete_streaming(&self, instance: &AppInstance) -> Result<(), Refused> {
        self.attempt(Call::DeleteMessagingStreamingConfigurations, || {
            self.service
                .messaging
                .delete_messaging_streaming_configurations()
                .app_instance_arn(instance.as_str())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn flows(&self, instance: &AppInstance) -> Result<Vec<String>, Refused> {
        self.pages(Call::ListChannelFlows, async |token: Option<String>| {
            let request =
                || self.service.messaging.list_channel_flows().app_instance_arn(instance.as_str());
            let page = self
                .attempt(Call::ListChannelFlows, || {
                    request().max_results(PAGE).set_next_token(token.clone()).send()
                })
                .await?;
            let flows = page.channel_flows.unwrap_or_default();
            Ok((
                flows.into_iter().filter_map(|one| one.channel_flow_arn).collect(),
                page.next_token,
            ))
        })
        .await
    }

    pub(crate) async fn channels_of(&self, flow: &ChannelFlow) -> Result<Vec<Channel>, Refused> {
        let call = Call::ListChannelsAssociatedWithChannelFlow;
        let arns = self
            .pages(call, async |token: Option<String>| {
                let request = || {
                    self.service
                        .messaging
                        .list_channels_associated_with_channel_flow()
                        .channel_flow_arn(flow.as_str())
                };
                let page = self
                    .attempt(call, || {
                        request().max_results(PAGE).set_next_token(token.clone()).send()
                    })
                    .await?;
                let channels = page.channels.unwrap_or_default();
                Ok((
                    channels.into_iter().filter_map(|one| one.channel_arn).collect(),
                    page.next_token,
                ))
            })
            .await?;
        parsed(call, &arns)
    }

    /// All channels of the bearer's app instance.
    pub(crate) async fn channels(&self, bearer: &Member) -> Result<BTreeSet<Channel>, Refused> {
        let call = Call::ListChannels;
        let instance = bearer.app_instance();
        let mut all = BTreeSet::new();
        // One listing shows either public or private channels, never both.
        for privacy in [ChannelPrivacy::Public, ChannelPrivacy::Private] {
            let arns = self
                .pages(call, async |token: Option<String>| {
                    let request = || {
                        let request = self.service.messaging.list_channels();
                        request.app_instance_arn(instance.as_str()).chime_bearer(bearer.as_str())
                    };
                    let page = self
                        .attempt(call, || {
                            let request = request().privacy(privacy.clone()).max_results(PAGE);
                            request.set_next_token(token.clone()).send()
                        })
                        .await?;
                    let channels = page.channels.unwrap_or_default();
                    let arns = channels.into_iter().filter_map(|one| one.channel_arn).collect();
                    Ok((arns, page.next_token))
                })
                .await?;
            all.extend(parsed(call, &arns)?);
        }
        Ok(all)
    }

    /// The processors of a flow.
    pub(crate) async fn processors(
        &self,
        flow: &ChannelFlow,
    ) -> Result<Vec<FlowProcessor>, Refused> {
        let answer = self
            .attempt(Call::DescribeChannelFlow, || {
                self.service
                    .messaging
                    .describe_channel_flow()
                    .channel_flow_arn(flow.as_str())
                    .send()
            })
            .await?;
        let processors = answer.channel_flow.and_then(|flow| flow.processors).unwrap_or_default();
        let processors = processors.into_iter().map(|processor| FlowProcessor {
            function: processor
                .configuration
                .and_then(|configuration| configuration.lambda)
                .map(|lambda| lambda.resource_arn)
                .unwrap_or_default(),
            fallback: processor.fallback_action.as_str().to_owned(),
        });
        Ok(processors.collect())
    }

    pub(crate) async fn associate(
        &self,
        channel: &Channel,
        flow: &ChannelFlow,
        bearer: &Member,
    ) -> Result<(), Refused> {
        self.attempt(Call::AssociateChannelFlow, || {
            self.service
                .messaging
                .associate_channel_flow()
                .channel_arn(channel.as_str())
                .channel_flow_arn(flow.as_str())
                .chime_bearer(bearer.as_str())
                .send()
        })
        .await
        .map(drop)
    }

    pub(crate) async fn disassociate(
        &self,
        channel: &Channel,
        flow: &ChannelFlow,
        bearer: &Member,
    ) -> Result<(), Refused> {
        self.attempt(Call::DisassociateChannelFlow, || {
            self.service
                .messaging
                .disassociate_channel_flow()
                .channel_arn(channel.as_str())
                .channel_flow_arn(flow.as_str())
                .chime_bearer(bearer.as_str())
                .send()
        })
        .await
        .map(drop)
    }

    /// The flow of a channel, if it has one.
    pub(crate) async fn flow_of(
        &self,
        channel: &Channel,
        bearer: &Member,
    ) -> Result<Option<String>, Refused> {
        let answer = self
            .attempt(Call::DescribeChannel, || {
                self.service
                    .messaging
                    .describe_channel()
                    .channel_arn(channel.as_str())
                    .chime_bearer(bearer.as_str())
                    .send()
            })
            .await?;
        Ok(answer.channel.and_then(|channel| channel.channel_flow_arn))
    }

    /// All pages of a listing.
    async fn pages<T>(
        &self,
        call: Call,
        page: impl AsyncFn(Option<String>) -> Result<(Vec<T>, Option<String>), Refused>,
    ) -> Result<Vec<T>, Refused> {
        let mut all = Vec::new();
        let mut token = None;
        loop {
            let (items, next) = page(token.clone()).await?;
            all.extend(items);
            match next.filter(|next| !next.is_empty()) {
                None => return Ok(all),
                // A listing that hands out the same token again would never end.
                next if next == token => {
                    return Err(Refused::new(call, Kind::Other, "the listing repeats a page"));
                }
                next => token = next,
            }
        }
    }

    /// Makes a call until it is answered with something that waiting does not change.
    async fn attempt<T, E, Answer>(
        &self,
        call: Call,
        request: impl Fn() -> Answer,
    ) -> Result<T, Refused>
    where
        Answer: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if !self.service.function.calls.contains(&call) {
            return Err(Refused::new(call, Kind::Undeclared, ""));
        }
        let changed_before = self.changed();
        if call.changes() {
            // Before it is sent: the work may be given up while the call is under way.
            self.changed.store(true, Ordering::Relaxed);
        }
        let mut waits = self.service.pace.waits();
        let mut lost_an_answer = false;
        loop {
            // Boxed: the SDK's futures are nested deeper than the compiler computes layouts.
            let refused = match Box::pin(request()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => Refused::of(call, &error),
            };
            lost_an_answer |= refused.kind == Kind::Unavailable;
            if refused.is_passing()
                && let Some(wait) = waits.next()
            {
                tracing::debug!(operation = call.operation(), kind = ?refused.kind, "tried again");
                sleep(wait).await;
                continue;
            }
            if !lost_an_answer {
                self.changed.store(changed_before, Ordering::Relaxed);
            }
            return Err(refused);
        }
    }
}

/// A processor of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowProcessor {
    /// The ARN of the function, version or alias that is invoked.
    pub function: String,
    /// What is done with a message if it cannot be invoked: `ABORT` or `CONTINUE`.
    pub fallback: String,
}

/// The channels of an answer.
fn parsed(call: Call, arns: &[String]) -> Result<Vec<Channel>, Refused> {
    let parse = |arn: &String| {
        Channel::parse(arn).map_err(|problem| {
            Refused::new(call, Kind::Other, format!("a channel of the answer {problem}"))
        })
    };
    arns.iter().map(parse).collect()
}

/// The streams of a configuration, from one stream and the kinds of data it takes.
pub(crate) fn streaming_to(stream: &Stream, kinds: &[DataType]) -> Streaming {
    kinds.iter().map(|kind| (*kind, stream.as_str().to_owned())).collect()
}
