//! The books: what happened to each message, in ids, states and numbers, never in text.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::flows::FallbackAction;
use crate::message::{Status, Version};
use crate::world::Millis;

/// How much of a message's history is kept: enough for any test, bounded for a run of days.
const HISTORY: usize = 200;

/// A snapshot of the whole service's books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// Sums since the start, messages forgotten since included.
    pub totals: Totals,
    /// Every message still known, in the order of their arrival.
    pub messages: Vec<MessageBook>,
    /// Events that no function answered for.
    pub dead_letters: Vec<DeadLetter>,
}

impl Books {
    /// The book of one message.
    pub fn message(&self, message_id: &str) -> Option<&MessageBook> {
        self.messages.iter().find(|book| book.message_id == message_id)
    }
}

/// Sums over all messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Messages received.
    pub messages: u64,
    /// Times that a new or edited message was handed to a flow.
    pub rounds: u64,
    /// Invocations of a processor begun: duplicates and retries included, last resort not.
    pub invocations: u64,
    /// Invocations of a processor that failed.
    pub failed_invocations: u64,
    /// Callbacks received, whatever became of them.
    pub callback_attempts: u64,
    /// Callbacks accepted.
    pub accepted: u64,
    /// Callbacks with a `CallbackId` that was never given out.
    pub unknown_callbacks: u64,
    /// Events handed to the dead-letter list.
    pub dead_lettered: u64,
}

/// What happened to one message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageBook {
    /// The message.
    pub message_id: String,
    /// Its channel.
    pub channel_arn: String,
    /// Where it stands; `None` for a message that never came to stand anywhere.
    pub status: Option<Status>,
    /// Where it stood since when, oldest first.
    pub history: Vec<StatusChange>,
    /// Times that it was handed to the flow: once, and once more for each edit.
    pub rounds: u32,
    /// Invocations of a processor begun: duplicates and retries included, last resort not.
    pub invocations: u32,
    /// Invocations of a processor that failed after they had begun.
    pub failed_invocations: u32,
    /// Callbacks received, whatever became of them.
    pub callback_attempts: u32,
    /// Callbacks accepted: at most one per round, and exactly one when the processor did its duty.
    pub accepted: u32,
    /// Callbacks refused, by HTTP status.
    pub refused: BTreeMap<u16, u32>,
    /// Callbacks whose connection was closed before anything was accepted.
    pub hung_up: u32,
    /// Callbacks that were accepted and whose answer was cut off.
    pub answers_lost: u32,
    /// Invocations of the last-resort function.
    pub last_resorts: u32,
    /// Times that its event went to the dead-letter list.
    pub dead_lettered: u32,
    /// The fallback that ended its last round, if one did.
    pub fallback: Option<FallbackAction>,
}

/// A message's change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The new status.
    pub status: Status,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// An event that no function answered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The message.
    pub message_id: String,
    /// Its channel.
    pub channel_arn: String,
    /// Why the last invocation failed: a kind or an error type, never an error's text.
    pub reason: String,
}

/// A message's book as it is being written.
#[derive(Default)]
pub(crate) struct Entry {
    pub(crate) history: Vec<StatusChange>,
    pub(crate) rounds: u32,
    pub(crate) invocations: u32,
    pub(crate) failed_invocations: u32,
    pub(crate) callback_attempts: u32,
    pub(crate) accepted: u32,
    pub(crate) refused: BTreeMap<u16, u32>,
    pub(crate) hung_up: u32,
    pub(crate) answers_lost: u32,
    pub(crate) last_resorts: u32,
    pub(crate) dead_lettered: u32,
    pub(crate) fallback: Option<FallbackAction>,
    /// What the sender of a failed message still sees.
    pub(crate) failed: Option<Version>,
    /// Every `CallbackId` given out for it.
    pub(crate) callback_ids: Vec<Arc<str>>,
    /// Deliveries to the processor that have not ended.
    pub(crate) under_way: u32,
}

impl Entry {
    pub(crate) fn enter(&mut self, status: Status, at: Millis) {
        if self.history.len() < HISTORY {
            self.history.push(StatusChange { status, at_ms: at });
        }
    }

    pub(crate) fn book(&self, message_id: &str, channel_arn: &str, status: Status) -> MessageBook {
        MessageBook {
            message_id: message_id.to_owned(),
            channel_arn: channel_arn.to_owned(),
            status: Some(status),
            history: self.history.clone(),
            rounds: self.rounds,
            invocations: self.invocations,
            failed_invocations: self.failed_invocations,
            callback_attempts: self.callback_attempts,
            accepted: self.accepted,
            refused: self.refused.clone(),
            hung_up: self.hung_up,
            answers_lost: self.answers_lost,
            last_resorts: self.last_resorts,
            dead_lettered: self.dead_lettered,
            fallback: self.fallback,
        }
    }
}
