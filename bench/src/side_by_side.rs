//! Everyone over the same messages.

use std::fmt::Write as _;

use crate::chat::{self, Kind};
use crate::contenders::{Contender, Engine};
use crate::timing::{in_turns, shown};

/// Length in bytes, how many messages of it, and how many rounds.
const LENGTHS: [(usize, u64, usize); 3] = [(40, 256, 41), (400, 64, 41), (4_000, 12, 31)];
/// Ours and, beside it, who does the same.
const PAIRS: [(Engine, Engine); 3] = [
    (Engine::Profanity, Engine::Rustrict),
    (Engine::PersonalData, Engine::RedactCore),
    (Engine::Secrets, Engine::RegexSet),
];

/// The table of the policy alone, and the table of all.
pub fn sections(contenders: &[Contender]) -> (String, String) {
    let mut own = "| message | µs |\n| --- | --- |\n".to_owned();
    let mut beside =
        "µs a message; `×` is how many times as long the other one takes.\n\n| message \
        | our default policy |"
            .to_owned();
    for (ours, other) in PAIRS {
        let _written = write!(beside, " {} | {} | × |", ours.name(), other.name());
    }
    beside.push_str("\n| --- |");
    beside.push_str(&" --- |".repeat(1 + 3 * PAIRS.len()));
    beside.push('\n');
    for (length, count, rounds) in LENGTHS {
        for kind in Kind::ALL {
            let messages: Vec<String> =
                (0..count).map(|seed| chat::message(kind, length, seed)).collect();
            let times = times(contenders, &messages, rounds);
            let time = |engine: Engine| {
                let at = contenders.iter().position(|one| one.engine == engine);
                at.and_then(|at| times.get(at)).copied().unwrap_or(f64::NAN)
            };
            let row = format!("| {length} B of chat, {} |", kind.name());
            let policy = shown(time(Engine::Policy));
            let _written = writeln!(own, "{row} {policy} |");
            let _written = write!(beside, "{row} {policy} |");
            for (ours, other) in PAIRS {
                let (ours, other) = (time(ours), time(other));
                let _written =
                    write!(beside, " {} | {} | {:.1} |", shown(ours), shown(other), other / ours);
            }
            beside.push('\n');
        }
    }
    (own, beside)
}

/// The median time of each over one of the messages, in microseconds.
pub fn times(contenders: &[Contender], messages: &[String], rounds: usize) -> Vec<f64> {
    let mut works: Vec<Box<dyn FnMut()>> = Vec::new();
    for contender in contenders {
        works.push(Box::new(|| {
            for message in messages {
                contender.judge(message);
            }
        }));
    }
    let mut works: Vec<&mut dyn FnMut()> = works.iter_mut().map(|work| &mut **work as _).collect();
    let count = f64::from(u32::try_from(messages.len()).unwrap_or(u32::MAX));
    in_turns(rounds, &mut works).into_iter().map(|time| time / count).collect()
}
