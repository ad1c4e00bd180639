//! The server: starting, watching and stopping the service.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::arn;
use crate::books::{Books, DeadLetter, Entry, MessageBook, Totals};
use crate::channels::Channel;
use crate::event::{EventShape, Incoming};
use crate::flows::{FallbackAction, Processor};
use crate::furniture::Furniture;
use crate::identity::{AppInstance, User};
use crate::line::{Lines, Shears};
use crate::memberships::Membership;
use crate::message::{Body, Kind, Message, Persistence, Status, Version};
use crate::router;
use crate::service::{Service, Targets};
use crate::target::{FailedInvocation, Invoker, Target};
use crate::trouble::{Trouble, Unrest};
use crate::world::{Identity, World, now};

/// How long open connections may take to end when the server shuts down.
const GRACE: Duration = Duration::from_secs(2);
/// The function that a handed-in event's processor is, when its channel has no flow.
const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:111122223333:function:channel-flow-processor";

/// How the service is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen. Default: 127.0.0.1, any free port.
    pub address: SocketAddr,
    /// What flows' processors are, by the function name in their Lambda ARN.
    pub targets: BTreeMap<String, Target>,
    /// What every other processor is. Without it such a processor cannot be invoked.
    pub default_target: Option<Target>,
    /// The last resort: invoked with Lambda's failure record once the processor has failed three times.
    /// It has three tries too; then the event goes to the dead-letter list.
    pub on_failure: Option<Target>,
    /// The pause before the second try; the third waits twice as long. Lambda waits 1 and 2 minutes,
    /// the default here is 20 ms.
    pub retry_delay: Duration,
    /// The longest an invocation may take before it counts as failed. Default: one minute.
    pub invocation_timeout: Duration,
    /// How long a `CallbackId` is good for. Default: 48 hours, as the service's.
    pub callback_window: Duration,
    /// Trouble from the start. Default: none.
    pub trouble: Trouble,
    /// Makes the ids that are given out the same in every run that makes the same calls in the same order.
    pub seed: Option<u64>,
    /// The region in ARNs. Default: `us-east-1`.
    pub region: String,
    /// The account in ARNs, 12 digits. Default: `111122223333`.
    pub account: String,
    /// How many messages, and how many dead letters, are remembered; the oldest are forgotten.
    /// Default: 200,000.
    pub keep_messages: usize,
    /// What is undocumented about the event.
    pub event_shape: EventShape,
    /// The fallback of events that are handed in for a channel without a flow. Default: `ABORT`.
    pub fallback: FallbackAction,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            targets: BTreeMap::new(),
            default_target: None,
            on_failure: None,
            retry_delay: Duration::from_millis(20),
            invocation_timeout: Duration::from_mins(1),
            callback_window: Duration::from_hours(48),
            trouble: Trouble::default(),
            seed: None,
            region: "us-east-1".into(),
            account: "111122223333".into(),
            keep_messages: 200_000,
            event_shape: EventShape::default(),
            fallback: FallbackAction::default(),
        }
    }
}

/// The running service. It stops when this is dropped; [`Server::shutdown`] lets calls end first.
pub struct Server {
    service: Arc<Service>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    http: JoinSet<io::Result<()>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What became of an event that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The message.
    pub message_id: String,
    /// Its channel.
    pub channel_arn: String,
    /// Where the message stands. `PENDING`: nobody has answered.
    pub status: Status,
    /// What the sender sent.
    pub sent: Body,
    /// What the other members see; `None` when they see nothing.
    pub seen: Option<Body>,
    /// From the event's arrival to the end of its deliveries, duplicates and retries included.
    #[serde(serialize_with = "as_seconds")]
    pub elapsed: Duration,
    /// What was counted meanwhile.
    pub book: MessageBook,
}

fn as_seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// Why an event cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliverError {
    /// The event is without this, which the service cannot do without.
    Missing(&'static str),
    /// This field does not have the form that the service gives it.
    Malformed(&'static str),
    /// This `CallbackId` has been given out before.
    CallbackIdReused,
    /// There is a message of this id, and the event is no edit of it.
    MessageIdReused,
    /// The message is with the processor already.
    InFlight,
}

impl fmt::Display for DeliverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "the event is without `{what}`"),
            Self::Malformed("CallbackId") => f.write_str("the event's `CallbackId` must have 32 to 64 characters"),
            Self::Malformed(what) => write!(f, "the event's `{what}` is not an ARN of this kind"),
            Self::CallbackIdReused => f.write_str("the event's `CallbackId` was in an event before it"),
            Self::MessageIdReused => {
                f.write_str("the event's `MessageId` was in an event before it; an edit has `LastEditedTimestamp`")
            }
            Self::InFlight => f.write_str("the event's message is still being processed"),
        }
    }
}

impl std::error::Error for DeliverError {}

impl Server {
    /// Starts the service.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.address).await?;
        let address = listener.local_addr()?;
        // Events go to this machine's addresses: a proxy in the environment has no business with them.
        let http = reqwest::Client::builder()
            .no_proxy()
            .tcp_nodelay(true)
            .build()
            .map_err(io::Error::other)?;
        let service = Arc::new(Service {
            host: address.to_string(),
            region: options.region,
            account: options.account,
            targets: Mutex::new(Targets {
                by_name: options.targets,
                default: options.default_target,
                on_failure: options.on_failure,
            }),
            invoker: Invoker { http, timeout: options.invocation_timeout },
            watch: Mutex::new(None),
            retry_delay: options.retry_delay,
            callback_window: i64::try_from(options.callback_window.as_millis()).unwrap_or(i64::MAX),
            shape: options.event_shape,
            fallback: options.fallback,
            quiet: Arc::new(Notify::new()),
            world: Mutex::new(World::new(options.seed, options.keep_messages)),
            unrest: Mutex::new(Unrest::new(options.trouble)),
            tasks: Mutex::new(JoinSet::new()),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(router::handle).with_state(service.clone());
        let mut http = JoinSet::new();
        http.spawn(async move {
            axum::serve(Lines(listener), router.into_make_service_with_connect_info::<Shears>())
                .with_graceful_shutdown(async move {
                    // Stopping and being dropped come to the same.
                    let _dropped = stopped.await;
                })
                .await
        });
        Ok(Self { service, address, stop: Some(stop), http })
    }

    /// The endpoint for both APIs: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the default target, for a processor that has to know [`Self::url`] first.
    pub fn set_default_target(&self, target: Target) {
        self.service.targets().default = Some(target);
    }

    /// Replaces the last resort, likewise.
    pub fn set_on_failure(&self, target: Target) {
        self.service.targets().on_failure = Some(target);
    }

    /// Has `told` told of each invocation of a processor that comes to nothing, as soon as it has.
    pub fn watch_failures(&self, told: impl Fn(&FailedInvocation) + Send + Sync + 'static) {
        let mut watch = self.service.watch.lock().unwrap_or_else(PoisonError::into_inner);
        *watch = Some(Arc::new(told));
    }

    /// Replaces the trouble, whatever is left of its scripts included.
    pub fn set_trouble(&self, trouble: Trouble) {
        *self.service.unrest() = Unrest::new(trouble);
    }

    /// Everything that was counted. It grows with the number of messages; [`Self::totals`] does not.
    pub fn books(&self) -> Books {
        self.service.world().books()
    }

    /// The sums over all messages.
    pub fn totals(&self) -> Totals {
        self.service.world().totals.clone()
    }

    /// What was counted for one message.
    pub fn book(&self, message_id: &str) -> Option<MessageBook> {
        let world = self.service.world();
        world
            .messages
            .get(message_id)
            .map(|message| message.entry.book(&message.id, &message.channel, message.status))
    }

    /// The events that no function answered for, as they were delivered.
    pub fn dead_letters(&self) -> Vec<(DeadLetter, Bytes)> {
        self.service.world().dead_letters.iter().cloned().collect()
    }

    /// Makes an app instance with an admin, users of these names (each a `UserId` of letters, digits and
    /// `-`), and one channel of them all behind a flow whose processor is `function_arn`.
    pub fn furnish(
        &self,
        users: &[&str],
        function_arn: &str,
        fallback: FallbackAction,
    ) -> Furniture {
        self.service.furnish(users, function_arn, fallback)
    }

    /// Takes in an invocation event made elsewhere, as if a member had just sent the message in it, hands
    /// the processor exactly these bytes, and waits until the message has come to its end: answered, or
    /// in the dead-letter list, with no delivery under way; at most `patience`.
    ///
    /// The app instance, channel and sender that the event names are made if they are not there.
    ///
    /// # Errors
    /// When the event is without an id that the service needs, or reuses one.
    pub async fn deliver(
        &self,
        event: impl Into<Bytes>,
        patience: Duration,
    ) -> Result<Outcome, DeliverError> {
        let event = event.into();
        let started = Instant::now();
        let (id, sent) = self.take_in(event)?;
        self.wait(&id, patience, |message| {
            message.entry.under_way == 0
                && (message.status != Status::Pending || message.entry.dead_lettered > 0)
        })
        .await;
        let elapsed = started.elapsed();
        let world = self.service.world();
        let message = world.messages.get(&id).ok_or(DeliverError::Missing("ChannelMessage"))?;
        Ok(Outcome {
            message_id: id.to_string(),
            channel_arn: message.channel.to_string(),
            status: message.status,
            sent,
            seen: message.delivered.as_ref().map(|version| version.body.clone()),
            elapsed,
            book: message.entry.book(&message.id, &message.channel, message.status),
        })
    }

    fn take_in(&self, event: Bytes) -> Result<(Arc<str>, Body), DeliverError> {
        let incoming = Incoming::read(&event).map_err(DeliverError::Missing)?;
        if !(32..=64).contains(&incoming.callback_id.chars().count()) {
            return Err(DeliverError::Malformed("CallbackId"));
        }
        let instance = arn::app_instance(&incoming.channel_arn)
            .filter(|_| arn::is(&incoming.channel_arn, "channel"))
            .ok_or(DeliverError::Malformed("ChannelMessage.ChannelArn"))?;
        let mut world = self.service.world();
        if world.callbacks.contains_key(incoming.callback_id.as_str()) {
            return Err(DeliverError::CallbackIdReused);
        }
        let id: Arc<str> = incoming.message_id.as_str().into();
        match world.messages.get(&id) {
            Some(message) if message.flight.is_some() => return Err(DeliverError::InFlight),
            Some(_) if incoming.edited.is_none() => return Err(DeliverError::MessageIdReused),
            Some(message) if *message.channel != *incoming.channel_arn => {
                return Err(DeliverError::MessageIdReused);
            }
            Some(_) => {}
            None => admit(&mut world, &id, &instance, &incoming),
        }
        let processor = world
            .processor(&incoming.channel_arn)
            .unwrap_or_else(|| Processor::new("processor", FUNCTION_ARN, self.service.fallback));
        let sent = incoming.body.clone();
        let version = Version { body: incoming.body, edited: incoming.edited, updated: now() };
        if let Some(delivery) =
            world.open_round_with(&id, version, processor, incoming.callback_id.into(), event)
        {
            self.service.start(&mut world, &delivery);
        }
        Ok((id, sent))
    }

    /// Waits until the message is no longer `PENDING`; `None` after `patience`, or if there is no such message.
    pub async fn await_settled(&self, message_id: &str, patience: Duration) -> Option<Status> {
        self.wait(message_id, patience, |message| message.status != Status::Pending).await
    }

    /// Waits until no delivery to a processor is under way: `false` if `patience` ran out first.
    pub async fn await_quiet(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            // Made before the look, so that what ends in between is not missed.
            let ended = self.service.quiet.notified();
            if self.service.world().under_way == 0 {
                return true;
            }
            if tokio::time::timeout_at(deadline, ended).await.is_err() {
                return false;
            }
        }
    }

    async fn wait(
        &self,
        id: &str,
        patience: Duration,
        done: impl Fn(&Message) -> bool,
    ) -> Option<Status> {
        let deadline = Instant::now() + patience;
        let changed = self.service.world().messages.get(id)?.changed.clone();
        loop {
            // Made before the look, so that a change in between is not missed.
            let change = changed.notified();
            let settled = {
                let world = self.service.world();
                let message = world.messages.get(id)?;
                done(message).then_some(message.status)
            };
            if settled.is_some() {
                return settled;
            }
            if tokio::time::timeout_at(deadline, change).await.is_err() {
                return None;
            }
        }
    }

    /// Stops: takes no more calls, lets those that run end for two seconds, and drops what is under way.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn shutdown(mut self) -> io::Result<()> {
        self.stop.take();
        let ended = tokio::time::timeout(GRACE, self.http.join_next()).await;
        match ended {
            Ok(Some(Ok(served))) => served,
            // Cut short, as promised; or ended by an abort of ours.
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.service.stop();
    }
}

/// Makes the message, and whatever of its surroundings is not there.
fn admit(world: &mut World, id: &Arc<str>, instance: &str, incoming: &Incoming) {
    if !world.instances.contains_key(instance) {
        world.instances.insert(instance.to_owned(), AppInstance::new("local", None));
    }
    let sender = incoming
        .sender_arn
        .clone()
        .filter(|arn| arn::is(arn, "user") || arn::is(arn, "bot"))
        .unwrap_or_else(|| format!("{instance}/user/unknown"));
    let sender = world.identity(&sender).unwrap_or_else(|| {
        world.users.insert(sender.clone(), User::new(&incoming.sender_name, None));
        Identity { arn: sender.into(), name: incoming.sender_name.as_str().into() }
    });
    let channel = world
        .channels
        .entry(incoming.channel_arn.clone())
        .or_insert_with(|| Channel::new(instance, "local"));
    channel
        .members
        .entry(sender.arn.to_string())
        .or_insert_with(|| Membership::new(sender.clone(), None));
    let message = Message {
        id: id.clone(),
        channel: incoming.channel_arn.as_str().into(),
        sequence: world.next_sequence(),
        sender,
        kind: Kind::Standard,
        persistence: if incoming.persistent {
            Persistence::Persistent
        } else {
            Persistence::NonPersistent
        },
        addressee: None,
        created: incoming.created.unwrap_or_else(now),
        token: None,
        delivered: None,
        flight: None,
        sent: Body::default(),
        status: Status::Pending,
        redacted: false,
        is_edit: false,
        entry: Entry::default(),
        changed: Arc::new(Notify::new()),
    };
    world.admit(message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn takes_in_no_event_that_it_could_not_answer_for() {
        let server = Server::start(Options::default()).await.unwrap();
        let event = |callback_id: &str, channel: &str| {
            format!(
                r#"{{"CallbackId": "{callback_id}", "ChannelMessage": {{"MessageId": "m", "ChannelArn": "{channel}"}}}}"#
            )
        };
        let channel = "arn:aws:chime:us-east-1:111122223333:app-instance/a/channel/c";
        let callback_id = "0".repeat(36);
        for (event, error) in [
            (event("short", channel), DeliverError::Malformed("CallbackId")),
            (
                event(&callback_id, "arn:aws:s3:::x"),
                DeliverError::Malformed("ChannelMessage.ChannelArn"),
            ),
            ("{}".to_owned(), DeliverError::Missing("ChannelMessage")),
        ] {
            assert_eq!(server.deliver(event, Duration::ZERO).await, Err(error));
        }
        assert!(server.deliver(event(&callback_id, channel), Duration::from_secs(5)).await.is_ok());
        let again = server.deliver(event(&callback_id, channel), Duration::ZERO).await;
        assert_eq!(again, Err(DeliverError::CallbackIdReused));
        let same_message = server.deliver(event(&"1".repeat(36), channel), Duration::ZERO).await;
        assert_eq!(same_message, Err(DeliverError::MessageIdReused));
    }
}
