//! Everything the service knows, behind one lock.
//!
//! Whatever is looked up is looked up by key, and lists are ordered maps that a page is cut from, so
//! that no call's cost grows with the number of messages.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use crate::books::{Books, DeadLetter, Totals};
use crate::channels::Channel;
use crate::flows::Flow;
use crate::identity::{AppInstance, Bot, User};
use crate::message::{Message, Persistence, Status};
use crate::session::Sessions;
use crate::wire::Fault;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// Now.
pub(crate) fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// A time as the REST APIs write it: seconds since 1970.
pub(crate) fn seconds(at: Millis) -> Value {
    DateTime::from_millis(at).as_secs_f64().into()
}

/// A user or bot, by ARN and name.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
}

impl Identity {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "Arn": &*self.arn, "Name": &*self.name })
    }
}

pub(crate) struct World {
    pub(crate) instances: BTreeMap<String, AppInstance>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) bots: BTreeMap<String, Bot>,
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) flows: BTreeMap<String, Flow>,
    pub(crate) messages: HashMap<Arc<str>, Message>,
    /// Every `CallbackId` given out, spent ones too, and its message.
    pub(crate) callbacks: HashMap<Arc<str>, Arc<str>>,
    pub(crate) totals: Totals,
    /// Open messaging sessions.
    pub(crate) sessions: Sessions,
    pub(crate) dead_letters: VecDeque<(DeadLetter, bytes::Bytes)>,
    /// Deliveries to a processor that have not ended.
    pub(crate) under_way: u64,
    /// Messages in the order of their arrival, to forget the oldest.
    order: VecDeque<Arc<str>>,
    tokens: HashSet<String>,
    sequence: u64,
    random: fastrand::Rng,
    keep: usize,
}

impl World {
    pub(crate) fn new(seed: Option<u64>, keep: usize) -> Self {
        Self {
            instances: BTreeMap::new(),
            users: BTreeMap::new(),
            bots: BTreeMap::new(),
            channels: BTreeMap::new(),
            flows: BTreeMap::new(),
            messages: HashMap::new(),
            callbacks: HashMap::new(),
            totals: Totals::default(),
            sessions: Sessions::default(),
            dead_letters: VecDeque::new(),
            under_way: 0,
            order: VecDeque::new(),
            tokens: HashSet::new(),
            sequence: 0,
            random: seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            keep,
        }
    }

    /// A new id in the form of a UUID: what `CallbackId`s and app instances look like.
    pub(crate) fn uuid(&mut self) -> String {
        // Version 4, variant 1.
        let id = self.random.u128(..) & !(0xf << 76 | 0xc << 60) | 0x4 << 76 | 0x8 << 60;
        let hex = format!("{id:032x}");
        let mut digits = hex.chars();
        let mut part = |length| digits.by_ref().take(length).collect::<String>();
        [part(8), part(4), part(4), part(4), part(12)].join("-")
    }

    /// A new id of 64 hexadecimal digits: what `MessageId`s look like.
    pub(crate) fn message_id(&mut self) -> Arc<str> {
        format!("{:032x}{:032x}", self.random.u128(..), self.random.u128(..)).into()
    }

    pub(crate) fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Notes a create's token. A token that was used before is a conflict.
    pub(crate) fn spend_token(&mut self, operation: &str, token: &str) -> Result<(), Fault> {
        if self.tokens.insert(format!("{operation} {token}")) {
            return Ok(());
        }
        Err(Fault::conflict("`ClientRequestToken` has been used before"))
    }

    /// The user or bot of this ARN.
    pub(crate) fn identity(&self, arn: &str) -> Option<Identity> {
        let name = match self.users.get(arn) {
            Some(user) => &user.name,
            None => &self.bots.get(arn)?.name,
        };
        Some(Identity { arn: arn.into(), name: name.as_str().into() })
    }

    /// Takes in a message, and forgets the oldest one that has come to its end if there are too many.
    pub(crate) fn admit(&mut self, message: Message) {
        if let Some(channel) = self.channels.get_mut(&*message.channel) {
            if message.persistence == Persistence::Persistent {
                channel.messages.insert(message.sequence, message.id.clone());
            }
            if let Some(token) = &message.token {
                channel.tokens.insert(token.clone());
            }
        }
        self.totals.messages += 1;
        self.order.push_back(message.id.clone());
        self.messages.insert(message.id.clone(), message);
        // A message that is still in flight goes to the back: one look per arrival, not a search.
        if self.order.len() > self.keep
            && let Some(oldest) = self.order.pop_front()
        {
            let settled = self.messages.get(&oldest).is_none_or(|message| {
                message.status != Status::Pending && message.entry.under_way == 0
            });
            if settled { self.forget(&oldest) } else { self.order.push_back(oldest) }
        }
    }

    fn forget(&mut self, id: &str) {
        let Some(message) = self.messages.remove(id) else { return };
        for callback_id in &message.entry.callback_ids {
            self.callbacks.remove(callback_id);
        }
        if let Some(channel) = self.channels.get_mut(&*message.channel) {
            channel.messages.remove(&message.sequence);
            if let Some(token) = &message.token {
                channel.tokens.remove(token);
            }
        }
    }

    /// Takes an ended message out of its channel's history: it was denied or deleted.
    pub(crate) fn unlist(&mut self, id: &str) {
        if let Some(message) = self.messages.get(id)
            && let Some(channel) = self.channels.get_mut(&*message.channel)
        {
            channel.messages.remove(&message.sequence);
        }
    }

    pub(crate) fn bury(&mut self, letter: DeadLetter, event: bytes::Bytes) {
        self.totals.dead_lettered += 1;
        if let Some(message) = self.messages.get_mut(letter.message_id.as_str()) {
            message.entry.dead_lettered += 1;
        }
        if self.dead_letters.len() == self.keep {
            self.dead_letters.pop_front();
        }
        self.dead_letters.push_back((letter, event));
    }

    pub(crate) fn books(&self) -> Books {
        let messages = self.order.iter().filter_map(|id| self.messages.get(id));
        Books {
            totals: self.totals.clone(),
            messages: messages
                .map(|message| message.entry.book(&message.id, &message.channel, message.status))
                .collect(),
            dead_letters: self.dead_letters.iter().map(|(letter, _event)| letter.clone()).collect(),
        }
    }
}

/// The items of an ordered map whose keys begin with `prefix` and come after `after`.
pub(crate) fn under<'a, T>(
    map: &'a BTreeMap<String, T>,
    prefix: &'a str,
    after: Option<&'a str>,
) -> impl Iterator<Item = (&'a String, &'a T)> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let from = match after {
        Some(after) if after > prefix => Excluded(after),
        _ => Included(prefix),
    };
    map.range::<str, _>((from, Unbounded)).take_while(move |(key, _)| key.starts_with(prefix))
}
