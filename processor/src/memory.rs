//! What this instance remembers of its callbacks, so that it can tell a message that is already
//! answered from a missing grant: to both the service says the same 403.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The most ids of callbacks that are remembered: minutes of traffic, some 100 kB.
const MOST_IDS: usize = 1024;
/// The most app instances: most often there is one.
const MOST_INSTANCES: usize = 64;
/// How long an accepted callback speaks for the grant.
const GRANT_LASTS: Duration = Duration::from_mins(5);
/// How many 403s in a row an accepted callback explains. Duplicates come one at a time; a grant
/// that was taken away forbids everything from then on, and each 403 that is explained then is a
/// message that nobody answers. So it is as few as can be.
const GRANT_EXPLAINS: u8 = 1;

/// What is known of one CallbackId.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The service accepted its callback.
    Answered,
    /// A callback was sent whose response was lost, or another one's was met that was under way.
    Uncertain,
}

/// The memory; as old as the instance, and bounded.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    callbacks: Bounded<Known>,
    grants: Bounded<Grant>,
}

impl Default for Inner {
    fn default() -> Self {
        Self { callbacks: Bounded::new(MOST_IDS), grants: Bounded::new(MOST_INSTANCES) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Grant {
    seen: Instant,
    explained: u8,
}

impl Memory {
    pub(crate) fn of(&self, callback_id: &str) -> Option<Known> {
        self.with(|inner| inner.callbacks.get(callback_id).copied())
    }

    /// The service accepted a callback: that id is done, and the grant is there.
    pub(crate) fn accepted(&self, callback_id: &str, app_instance: &str, now: Instant) {
        self.with(|inner| {
            inner.callbacks.insert(callback_id, Known::Answered);
            inner.grants.insert(app_instance, Grant { seen: now, explained: 0 });
        });
    }

    /// The id is known to be answered, by whomever.
    pub(crate) fn answered(&self, callback_id: &str) {
        self.with(|inner| inner.callbacks.insert(callback_id, Known::Answered));
    }

    /// A callback may have been accepted.
    pub(crate) fn uncertain(&self, callback_id: &str) {
        self.with(|inner| {
            if inner.callbacks.get(callback_id).is_none() {
                inner.callbacks.insert(callback_id, Known::Uncertain);
            }
        });
    }

    /// Whether callbacks that were accepted of late say that the grant is there, so that a 403
    /// means another thing. Says so only a few times in a row.
    pub(crate) fn grant_explains(&self, app_instance: &str, now: Instant) -> bool {
        self.with(|inner| {
            let Some(grant) = inner.grants.get_mut(app_instance) else { return false };
            let explains = grant.explained < GRANT_EXPLAINS
                && now.saturating_duration_since(grant.seen) < GRANT_LASTS;
            grant.explained = grant.explained.saturating_add(1);
            explains
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A map that forgets its oldest entry when it is full.
#[derive(Debug)]
struct Bounded<V> {
    most: usize,
    order: VecDeque<String>,
    values: HashMap<String, V>,
}

impl<V> Bounded<V> {
    fn new(most: usize) -> Self {
        Self { most, order: VecDeque::new(), values: HashMap::new() }
    }

    fn get(&self, key: &str) -> Option<&V> {
        self.values.get(key)
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.values.get_mut(key)
    }

    fn insert(&mut self, key: &str, value: V) {
        if self.values.insert(key.to_owned(), value).is_some() {
            return;
        }
        self.order.push_back(key.to_owned());
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_id_explains_nothing() {
        let memory = Memory::default();
        assert_eq!(memory.of("a"), None);
        assert!(!memory.grant_explains("i", Instant::now()));
    }

    #[test]
    fn an_answered_id_stays_answered() {
        let memory = Memory::default();
        memory.uncertain("a");
        assert_eq!(memory.of("a"), Some(Known::Uncertain));
        memory.answered("a");
        memory.uncertain("a");
        assert_eq!(memory.of("a"), Some(Known::Answered));
    }

    #[test]
    fn the_oldest_id_is_forgotten() {
        let memory = Memory::default();
        for id in 0..=MOST_IDS {
            memory.answered(&id.to_string());
        }
        assert_eq!(memory.of("0"), None);
        assert_eq!(memory.of("1"), Some(Known::Answered));
    }

    #[test]
    fn an_accepted_callback_explains_one_403_of_its_own_app_instance() {
        let memory = Memory::default();
        let now = Instant::now();
        memory.accepted("a", "i", now);
        assert!(!memory.grant_explains("other", now));
        assert_eq!([(); 3].map(|()| memory.grant_explains("i", now)), [true, false, false]);
        memory.accepted("b", "i", now);
        assert!(memory.grant_explains("i", now));
    }

    #[test]
    fn an_old_one_explains_nothing() {
        let memory = Memory::default();
        let now = Instant::now();
        memory.accepted("a", "i", now);
        assert!(!memory.grant_explains("i", now + GRANT_LASTS));
    }
}
