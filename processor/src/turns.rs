//! Deliveries of one message take turns.
//!
//! A Lambda instance has one invocation at a time, but a laptop's processor may be handed the same
//! event twice at once. The second then waits, and finds the message answered.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Who is at work.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    taken: Mutex<HashSet<String>>,
    ended: Notify,
}

/// The right to work on a message, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    callback_id: String,
}

impl Turns {
    /// Waits until nobody else works on the message.
    pub(crate) async fn take(&self, callback_id: &str) -> Turn<'_> {
        loop {
            // Made before the look, so that an end in between is not missed.
            let ended = self.ended.notified();
            if self.taken().insert(callback_id.to_owned()) {
                return Turn { turns: self, callback_id: callback_id.to_owned() };
            }
            ended.await;
        }
    }

    fn taken(&self) -> MutexGuard<'_, HashSet<String>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.taken().remove(&self.callback_id);
        self.turns.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn messages_do_not_wait_for_each_other() {
        let turns = Turns::default();
        let _one = turns.take("one").now_or_never().unwrap();
        assert!(turns.take("two").now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_second_delivery_waits_for_the_end_of_the_first() {
        let turns = Turns::default();
        let first = turns.take("one").await;
        let mut second = Box::pin(turns.take("one"));
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        second.await;
        assert!(turns.taken().is_empty());
    }
}
