//! The fault plan: which fault meets which message at which attempt, as a pure function of a seed.

use std::fmt::{self, Write as _};
use std::time::Duration;

use fastrand::Rng;
use local_chime::{CallbackFault, FallbackAction};

use crate::platform::{CANARY, Strike};

/// How often Lambda tries an asynchronous invocation.
pub(crate) const TRIES: usize = 3;
/// The timeout of an invocation that is to have time enough on a busy machine.
const AMPLE: Duration = Duration::from_secs(12);
/// The timeout of one that is to run out of it.
const SHORT: Duration = Duration::from_millis(500);
/// The timeout of one that must outlast [`DAWDLE`], and not by much.
const TIGHT: Duration = Duration::from_secs(3);
/// How long a slow or late answer takes: longer than the first attempt of a [`TIGHT`] invocation.
const DAWDLE: u64 = 1_700;

/// A plan for a number of messages.
pub struct Plan {
    /// What it was made from.
    pub seed: u64,
    /// The flow's fallback action, and the functions'.
    pub fallback: FallbackAction,
    /// What each message is and meets, by its number.
    pub fates: Vec<Fate>,
}

/// A message, and all that it meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Fate {
    /// The message's content. Its number is in it, for the webhook to know it by.
    pub content: String,
    /// The message's metadata.
    pub metadata: Option<String>,
    /// The sender, by whom the policy decides whether and how a webhook is asked.
    pub sender: Sender,
    /// What the webhook does when it is asked about this message.
    pub hook: Hook,
    /// How many times more than once the event is delivered.
    pub copies: u32,
    /// The processor's invocations, by their number for this message; those beyond have no trouble.
    pub tries: [Try; TRIES],
    /// The last resort's invocations.
    pub last: [Strike; TRIES],
    /// What its callbacks meet, one after the other.
    pub script: Vec<CallbackFault>,
    /// Every callback beyond the script meets a 503.
    pub down: bool,
    /// The function's time is tight: a slow answer is given up before it comes.
    pub tight: bool,
}

/// One invocation of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// In which process.
    pub start: Start,
    /// What befalls the process.
    pub strike: Strike,
}

/// In which process an invocation runs, and which policy file that one found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Whichever there is; it found the usual policy.
    Warm,
    /// A new one, with the usual policy.
    Fresh,
    /// A new one, with the other policy.
    Other,
    /// A new one, with a policy that has mistakes.
    Mistaken,
    /// A new one, with a policy that breaks off, as while it is being copied.
    BrokenOff,
    /// A new one, without the file that `POLICY_FILE` names.
    Missing,
    /// A new one with the usual policy, whose file is replaced by the other once it runs.
    Swapped,
}

/// The message's sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The policy asks nobody about these.
    Plain,
    /// A webhook is asked; without an answer the message is aborted.
    AskAbort,
    /// A webhook is asked; without an answer the evaluation goes on.
    AskContinue,
    /// A webhook is asked; without an answer the message is denied.
    AskDeny,
    /// A webhook is asked that refuses connections; the evaluation goes on.
    AskNobody,
}

/// What the webhook does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Says that there is nothing wrong.
    Clear,
    /// Says that there is.
    Flagged,
    /// Says so with a content type that is not JSON's.
    FlaggedAsText,
    /// Says nothing, until the other side gives up.
    Hang,
    /// Hangs up without an answer.
    HangUp,
    /// Breaks off within its answer.
    CutOff,
    /// Says what is not JSON.
    Garbage,
    /// Says `"flagged": "yes"`.
    WrongShape,
    /// Says that something is wrong, in a megabyte.
    Huge,
    /// Answers 500.
    Fail,
    /// Answers 302, to a place that would say that something is wrong.
    Redirect,
}

impl Plan {
    /// The plan for `messages` messages. A message's fate depends on the seed and its number alone.
    pub fn new(seed: u64, messages: u32) -> Self {
        let fallback =
            if seed.is_multiple_of(2) { FallbackAction::Abort } else { FallbackAction::Continue };
        Self {
            seed,
            fallback,
            fates: (0..messages).map(|number| Fate::draw(seed, number)).collect(),
        }
    }

    /// Names the plan: two runs of one digest met the same faults.
    pub fn digest(&self) -> String {
        digest(|text| write!(text, "{:?} {:?}", self.fallback, self.fates))
    }
}

/// 64 bits of FNV-1a in hexadecimal: stable over releases, which the standard hashers do not
/// promise.
pub(crate) fn digest(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    let _written = write(&mut text);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

impl Try {
    const CALM: Self = Self { start: Start::Warm, strike: Strike::None };
}

impl Fate {
    fn draw(seed: u64, number: u32) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(number) << 20;
        let random = &mut Rng::with_seed(mixed);
        let mut fate = Self::calm(random, number);
        match random.u32(..100) {
            0..20 => fate.script = retryable(random, 2),
            20..30 => fate.storm(random),
            30..42 => fate.killed(random),
            42..50 => fate.killed_anywhere(random),
            50..54 => {
                let refusal = *pick(random, &[CallbackFault::BadRequest, CallbackFault::NotFound]);
                fate.script = vec![refusal; random.usize(1..=4)];
            }
            54..58 => fate.forbidden(random),
            58..60 => {
                fate.tight = true;
                // Time that is short leaves none to wait for a webhook in.
                fate.sender = Sender::Plain;
                let slow = [CallbackFault::SlowMs(DAWDLE), CallbackFault::LateMs(DAWDLE)];
                fate.script = vec![*pick(random, &slow)];
            }
            60..64 => {
                fate.script = retryable(random, 1);
                fate.script.push(CallbackFault::Twice);
            }
            64..69 => fate.refused(random),
            69..80 => fate.policies(random),
            80..92 => fate.copied(random),
            92..94 => {
                fate.down = true;
            }
            94..97 => fate.last_resort(random),
            _ => {
                for one in fate.tries.iter_mut().take(random.usize(1..TRIES)) {
                    one.strike = Strike::Freeze;
                }
            }
        }
        fate
    }

    /// The timeout of an invocation that this befalls.
    pub fn time(&self, strike: Strike) -> Duration {
        if self.down || strike == Strike::Freeze || lasts(strike) {
            SHORT
        } else if self.tight {
            TIGHT
        } else {
            AMPLE
        }
    }

    fn calm(random: &mut Rng, number: u32) -> Self {
        let ticket = format!("SEC-{}", random.u32(100..1000));
        let words = pick(random, &["hello there", "grüße 👋🏽 aus Köln", "see you at 7", "ok"]);
        let said = match random.u32(..10) {
            0..4 => (*words).to_owned(),
            4..8 => format!("{words}, about {ticket}"),
            8 => "this is forbidden".to_owned(),
            _ => format!("the other word, {ticket}"),
        };
        let sender = match random.u32(..20) {
            0..13 => Sender::Plain,
            13..15 => Sender::AskAbort,
            15..17 => Sender::AskContinue,
            17..19 => Sender::AskDeny,
            _ => Sender::AskNobody,
        };
        let hook = match random.u32(..40) {
            0..14 => Hook::Clear,
            14..20 => Hook::Flagged,
            20..23 => Hook::FlaggedAsText,
            23 => Hook::Hang,
            24..26 => Hook::HangUp,
            26..28 => Hook::CutOff,
            28..30 => Hook::Garbage,
            30..32 => Hook::WrongShape,
            32..34 => Hook::Huge,
            34..37 => Hook::Fail,
            _ => Hook::Redirect,
        };
        let metadata = random.bool().then(|| format!(r#"{{"note":"{CANARY} {ticket}"}}"#));
        Self {
            content: format!("m{number}: {said} {CANARY}"),
            metadata,
            sender,
            hook,
            copies: 0,
            tries: [Try::CALM; TRIES],
            last: [Strike::None; TRIES],
            script: Vec::new(),
            down: false,
            tight: false,
        }
    }

    /// Killed at a place that is known, once or thrice.
    fn killed(&mut self, random: &mut Rng) {
        for one in self.tries.iter_mut().take(random.usize(1..=TRIES)) {
            one.strike = kill(random);
        }
        self.script = retryable(random, 1);
    }

    /// Killed at any moment, and left alone the third time.
    fn killed_anywhere(&mut self, random: &mut Rng) {
        for one in self.tries.iter_mut().take(random.usize(1..TRIES)) {
            one.strike = anywhere(random);
        }
        self.script = retryable(random, 2);
    }

    /// 403s to processes that have no reason to think that the message is answered.
    fn forbidden(&mut self, random: &mut Rng) {
        let count = random.usize(1..=TRIES);
        for one in self.tries.iter_mut().take(count) {
            one.start = Start::Fresh;
        }
        self.script = vec![CallbackFault::Forbidden; count];
    }

    /// The service cannot be reached for a moment, or for as long as the function has.
    fn refused(&mut self, random: &mut Rng) {
        if random.bool() {
            let moment = Duration::from_millis(random.u64(5..200));
            self.tries = [Try { strike: Strike::Refuse(moment), ..Try::CALM }; TRIES];
            return;
        }
        for one in self.tries.iter_mut().take(random.usize(1..=TRIES)) {
            one.strike = Strike::Refuse(AMPLE);
        }
    }

    /// The policy is another one, or a broken one, where a process starts.
    fn policies(&mut self, random: &mut Rng) {
        let starts = [
            Start::Other,
            Start::Mistaken,
            Start::BrokenOff,
            Start::Missing,
            Start::Swapped,
            Start::Fresh,
        ];
        for one in &mut self.tries {
            one.start = *pick(random, &starts);
            if random.u32(..3) == 0 {
                one.strike = kill(random);
            }
        }
        self.script = retryable(random, 1);
    }

    /// Delivered more than once, with trouble that no delivery meets often enough to give up.
    fn copied(&mut self, random: &mut Rng) {
        self.copies = random.u32(1..=2);
        self.script = retryable(random, 2);
        for one in self.tries.iter_mut().take(random.usize(..TRIES)) {
            one.strike = if random.bool() { anywhere(random) } else { kill(random) };
            // Whose question it is could not be told.
            if one.strike == Strike::AtHook {
                one.strike = Strike::AtEvent;
            }
        }
    }

    /// Everything at once, as it comes.
    fn storm(&mut self, random: &mut Rng) {
        let starts = [Start::Warm, Start::Fresh, Start::Other, Start::Mistaken, Start::Swapped];
        for one in &mut self.tries {
            one.start = *pick(random, &starts);
            one.strike = match random.u32(..4) {
                0 | 1 => kill(random),
                2 => Strike::Refuse(Duration::from_millis(random.u64(1..40))),
                _ => Strike::None,
            };
        }
        let refusals = [CallbackFault::BadRequest, CallbackFault::NotFound, CallbackFault::Twice];
        for _ in 0..random.usize(..4) {
            self.script.extend(retryable(random, 2));
            self.script.push(*pick(random, &refusals));
        }
    }

    /// Nothing that the processor does comes to an end, and the last resort has its trouble too.
    fn last_resort(&mut self, random: &mut Rng) {
        let kills = [Strike::AtEvent, Strike::BeforeCallback, Strike::WithinCallback];
        for one in &mut self.tries {
            one.strike = *pick(random, &kills);
        }
        for one in self.last.iter_mut().take(random.usize(1..=TRIES)) {
            *one = kill(random);
        }
        self.script = retryable(random, 1);
    }
}

/// Whether the service cannot be reached for as long as the function has.
pub(crate) fn lasts(strike: Strike) -> bool {
    matches!(strike, Strike::Refuse(AMPLE))
}

fn pick<'a, T>(random: &mut Rng, all: &'a [T]) -> &'a T {
    random.choice(all).expect("there is something to choose from")
}

/// Up to `most` faults that one invocation gets over.
fn retryable(random: &mut Rng, most: usize) -> Vec<CallbackFault> {
    let faults = [
        CallbackFault::Conflict,
        CallbackFault::Throttle,
        CallbackFault::Failure,
        CallbackFault::Unavailable,
        CallbackFault::HangUp,
        CallbackFault::LoseAnswer,
        CallbackFault::SlowMs(20),
        CallbackFault::LateMs(20),
    ];
    (0..random.usize(..=most)).map(|_| *pick(random, &faults)).collect()
}

fn kill(random: &mut Rng) -> Strike {
    *pick(
        random,
        &[
            Strike::AtEvent,
            Strike::AtHook,
            Strike::BeforeCallback,
            Strike::WithinCallback,
            Strike::AtAnswer,
            Strike::BeforeReturn,
        ],
    )
}

fn anywhere(random: &mut Rng) -> Strike {
    Strike::After(Duration::from_micros(random.u64(..6_000)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_plan_is_its_seed_s() {
        assert_eq!(Plan::new(1, 200).digest(), Plan::new(1, 200).digest());
        assert_ne!(Plan::new(1, 200).digest(), Plan::new(2, 200).digest());
    }

    #[test]
    fn a_longer_plan_begins_as_the_shorter() {
        assert_eq!(Plan::new(7, 500).fates[..100], Plan::new(7, 100).fates[..]);
    }

    #[test]
    fn a_few_hundred_messages_meet_every_fault() {
        let plan = Plan::new(1, 1_000);
        let name = |text: String| text.split('(').next().unwrap().to_owned();
        let strikes: BTreeSet<String> = plan
            .fates
            .iter()
            .flat_map(|fate| fate.tries.map(|one| one.strike).into_iter().chain(fate.last))
            .map(|strike| name(format!("{strike:?}")))
            .collect();
        assert_eq!(strikes.len(), 10, "{strikes:?}");
        let starts: BTreeSet<String> = plan
            .fates
            .iter()
            .flat_map(|fate| fate.tries.map(|one| format!("{:?}", one.start)))
            .collect();
        assert_eq!(starts.len(), 7, "{starts:?}");
        let scripts: BTreeSet<String> = plan
            .fates
            .iter()
            .flat_map(|fate| fate.script.iter().map(|fault| name(format!("{fault:?}"))))
            .collect();
        assert_eq!(scripts.len(), 12, "{scripts:?}");
        let hooks: BTreeSet<String> =
            plan.fates.iter().map(|fate| format!("{:?}", fate.hook)).collect();
        assert_eq!(hooks.len(), 11, "{hooks:?}");
        assert!(plan.fates.iter().any(|fate| fate.down));
        assert!(plan.fates.iter().any(|fate| fate.copies == 2));
    }
}
