//! Trouble on purpose: what a service and a network do on bad days, by script or by seeded chance.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// What to do to invocations and callbacks. The default is no trouble.
///
/// Which fault a callback meets is decided in this order: a missing grant; the script of its message;
/// the script of its channel; the general script; chance. A script's entries are used up one by one,
/// each by one callback.
///
/// Chance is drawn from the seed, the message's id and the number of the callback for that message
/// alone, so that a run is the same again however calls interleave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Trouble {
    /// Every callback is forbidden, in the words that a spent one is.
    pub missing_grant: bool,
    /// Faults for the next callbacks, whatever their message.
    pub script: Vec<CallbackFault>,
    /// Faults for the next callbacks in a channel, by its ARN.
    pub channels: BTreeMap<String, Vec<CallbackFault>>,
    /// Faults for the next callbacks of a message, by its id.
    pub messages: BTreeMap<String, Vec<CallbackFault>>,
    /// Faults by chance. Their shares add up to at most 1; what is left is no fault.
    pub rates: Vec<Rate>,
    /// What chance is drawn from.
    pub seed: u64,
    /// How many times more than once the same event is delivered.
    pub duplicates: u32,
    /// How long after the copy before it each duplicate comes, in milliseconds; 139 was measured.
    pub duplicate_delay_ms: u64,
    /// The share of messages that have duplicates, 0 to 1.
    pub duplicate_share: f64,
    /// How many times more than once the event of these messages is delivered, by their ids; the
    /// others have what `duplicates` says.
    pub copies: BTreeMap<String, u32>,
    /// How long after the message an invocation comes, in milliseconds.
    pub invocation_delay_ms: u64,
    /// The processor cannot be invoked, as if it were deleted: the flow's fallback decides.
    pub unreachable: bool,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            missing_grant: false,
            script: Vec::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            rates: Vec::new(),
            seed: 0,
            duplicates: 0,
            duplicate_delay_ms: 139,
            duplicate_share: 1.0,
            copies: BTreeMap::new(),
            invocation_delay_ms: 0,
            unreachable: false,
        }
    }
}

/// A share of callbacks that meet a fault.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The fault.
    pub fault: CallbackFault,
    /// How many of all callbacks meet it, 0 to 1.
    pub share: f64,
}

/// What a callback meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackFault {
    /// Nothing: it is taken as it should be.
    None,
    /// 400 for a reason of the service's own, nothing accepted.
    BadRequest,
    /// 404, nothing accepted.
    NotFound,
    /// 409, nothing accepted.
    Conflict,
    /// 429, nothing accepted.
    Throttle,
    /// 500, nothing accepted.
    Failure,
    /// 503, nothing accepted.
    Unavailable,
    /// 403, nothing accepted.
    Forbidden,
    /// The connection is closed without an answer; nothing accepted.
    HangUp,
    /// It is accepted, and the connection is closed in the middle of the answer.
    LoseAnswer,
    /// It reaches the service twice, as through a proxy that repeats what it has no answer to: the
    /// first is accepted, and the answer to the second, which is forbidden, comes back.
    Twice,
    /// It is worked on for so many milliseconds, then accepted and answered. A caller that gives up
    /// waiting does not stop it, and meets 409 when it calls again too soon.
    SlowMs(u64),
    /// It is accepted at once and answered only after so many milliseconds.
    LateMs(u64),
}

/// Trouble as it is being used up.
#[derive(Default)]
pub(crate) struct Unrest {
    trouble: Trouble,
    script: VecDeque<CallbackFault>,
    channels: HashMap<String, VecDeque<CallbackFault>>,
    messages: HashMap<String, VecDeque<CallbackFault>>,
}

/// What to do about one delivery to the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryTrouble {
    pub(crate) duplicates: u32,
    pub(crate) duplicate_delay_ms: u64,
    pub(crate) delay_ms: u64,
}

impl Unrest {
    pub(crate) fn new(trouble: Trouble) -> Self {
        let queues = |scripts: &BTreeMap<String, Vec<CallbackFault>>| {
            scripts
                .iter()
                .map(|(key, script)| (key.clone(), script.iter().copied().collect()))
                .collect()
        };
        Self {
            script: trouble.script.iter().copied().collect(),
            channels: queues(&trouble.channels),
            messages: queues(&trouble.messages),
            trouble,
        }
    }

    /// The trouble as it was set: what of its scripts is used up is not told.
    pub(crate) fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    pub(crate) fn unreachable(&self) -> bool {
        self.trouble.unreachable
    }

    /// What the `attempt`th callback for a message meets.
    pub(crate) fn for_callback(
        &mut self,
        message_id: &str,
        channel_arn: &str,
        attempt: u32,
    ) -> CallbackFault {
        if self.trouble.missing_grant {
            return CallbackFault::Forbidden;
        }
        let scripted = pop(&mut self.messages, message_id)
            .or_else(|| pop(&mut self.channels, channel_arn))
            .or_else(|| self.script.pop_front());
        if let Some(fault) = scripted {
            return fault;
        }
        let mut left = self.chance("callback", message_id, attempt);
        for rate in &self.trouble.rates {
            if left < rate.share {
                return rate.fault;
            }
            left -= rate.share;
        }
        CallbackFault::None
    }

    /// What the `round`th delivery of a message meets.
    pub(crate) fn for_delivery(&self, message_id: &str, round: u32) -> DeliveryTrouble {
        let trouble = &self.trouble;
        let twice = trouble.duplicates > 0
            && self.chance("delivery", message_id, round) < trouble.duplicate_share;
        let drawn = if twice { trouble.duplicates } else { 0 };
        DeliveryTrouble {
            duplicates: trouble.copies.get(message_id).copied().unwrap_or(drawn),
            duplicate_delay_ms: trouble.duplicate_delay_ms,
            delay_ms: trouble.invocation_delay_ms,
        }
    }

    /// A number from 0 to 1 that is the same for the same arguments and seed.
    fn chance(&self, what: &str, message_id: &str, number: u32) -> f64 {
        // FNV-1a: stable over releases, which the standard library's hashers do not promise.
        let bytes = what.bytes().chain(message_id.bytes()).chain(number.to_le_bytes());
        let hash = bytes.fold(self.trouble.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        fastrand::Rng::with_seed(hash).f64()
    }
}

fn pop(queues: &mut HashMap<String, VecDeque<CallbackFault>>, key: &str) -> Option<CallbackFault> {
    queues.get_mut(key)?.pop_front()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_no_trouble() {
        let mut unrest = Unrest::new(Trouble::default());
        for attempt in 1..100 {
            assert_eq!(unrest.for_callback("m", "c", attempt), CallbackFault::None);
        }
        assert_eq!(
            unrest.for_delivery("m", 1),
            DeliveryTrouble { duplicates: 0, duplicate_delay_ms: 139, delay_ms: 0 }
        );
    }

    #[test]
    fn the_nearer_script_comes_first_and_each_entry_serves_once() {
        use CallbackFault::{Conflict, Failure, None, Throttle};

        let mut unrest = Unrest::new(Trouble {
            script: vec![CallbackFault::Failure],
            channels: BTreeMap::from([("c".into(), vec![CallbackFault::Throttle])]),
            messages: BTreeMap::from([(
                "m".into(),
                vec![CallbackFault::None, CallbackFault::Conflict],
            )]),
            ..Trouble::default()
        });
        let met: Vec<_> = (1..=5).map(|attempt| unrest.for_callback("m", "c", attempt)).collect();
        assert_eq!(met, [None, Conflict, Throttle, Failure, None]);
    }

    #[test]
    fn copies_are_for_the_messages_that_are_named() {
        let copies = [("m".to_owned(), 2)].into();
        let unrest = Unrest::new(Trouble { copies, duplicates: 1, ..Trouble::default() });
        assert_eq!(unrest.for_delivery("other", 1).duplicates, 1);
        assert_eq!(unrest.for_delivery("m", 1).duplicates, 2);
    }

    #[test]
    fn chance_keeps_its_share_and_its_seed() {
        let unrest = |seed| {
            let rates = vec![
                Rate { fault: CallbackFault::Throttle, share: 0.2 },
                Rate { fault: CallbackFault::HangUp, share: 0.1 },
            ];
            Unrest::new(Trouble { rates, seed, ..Trouble::default() })
        };
        let draw = |seed| {
            let mut unrest = unrest(seed);
            (0..10_000).map(|n| unrest.for_callback(&format!("m{n}"), "c", 1)).collect::<Vec<_>>()
        };
        let first = draw(1);
        assert_eq!(first, draw(1));
        assert_ne!(first, draw(2));
        let count = |fault| first.iter().filter(|met| **met == fault).count();
        assert!((1_800..2_200).contains(&count(CallbackFault::Throttle)));
        assert!((850..1_150).contains(&count(CallbackFault::HangUp)));
    }

    #[test]
    fn reads_as_json_with_defaults_and_no_unknown_names() {
        let trouble: Trouble =
            serde_json::from_str(r#"{"script": ["hang_up", {"slow_ms": 50}], "duplicates": 1}"#)
                .unwrap();
        assert_eq!(trouble.script, [CallbackFault::HangUp, CallbackFault::SlowMs(50)]);
        assert_eq!(trouble.duplicate_delay_ms, 139);
        assert!(serde_json::from_str::<Trouble>(r#"{"scrpt": []}"#).is_err());
    }
}
