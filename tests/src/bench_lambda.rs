//! Starts every peer in turn, round after round, and prints what they took as JSON, for
//! `cargo xtask bench lambda`.
//!
//! Usage: `bench-lambda FOLDER ROUNDS`: the folder of the release binaries, how often each is
//! started.
#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that is watched"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use acceptance::lambda::{Answered, Authority, Peer, Running, Stage, event, thread_id, zipped};
use serde_json::{Value, json};

/// Events after the first one, in each round.
const WARM: u32 = 100;

/// The processor core that the functions have for themselves, and that of the servers.
const FUNCTIONS: &str = "0";
const SERVERS: &str = "1";

/// What a peer took, one value for each start or each event. Times are in milliseconds.
#[derive(Default)]
struct Figures {
    first_poll: Vec<f64>,
    first_callback: Vec<f64>,
    first_paid: Vec<f64>,
    first_processor: Vec<f64>,
    warm_callback: Vec<f64>,
    warm_paid: Vec<f64>,
    warm_processor: Vec<f64>,
    memory: u64,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(Ok(rounds))) =
        (arguments.next(), arguments.next().map(|rounds| rounds.parse::<u32>()))
    else {
        panic!("usage: bench-lambda FOLDER ROUNDS");
    };
    let folder = Path::new(&folder);
    let authority = Authority::make();
    pin(thread_id(), FUNCTIONS);
    let mut figures = Peer::ALL.map(|peer| (peer, Figures::default()));
    for round in 1..=rounds {
        for (peer, figures) in &mut figures {
            start(*peer, folder, &authority, figures);
        }
        eprintln!("round {round} of {rounds}");
    }
    let rows: Vec<Value> = figures
        .iter()
        .map(|(peer, figures)| {
            json!({
                "peer": peer.name(),
                "first_poll": figures.first_poll,
                "first_callback": figures.first_callback,
                "first_paid": figures.first_paid,
                "first_processor": figures.first_processor,
                "warm_callback": figures.warm_callback,
                "warm_paid": figures.warm_paid,
                "warm_processor": figures.warm_processor,
                "memory": figures.memory,
                "package": zipped(&peer.package(folder)),
            })
        })
        .collect();
    println!("{}", json!({ "warm": WARM, "rows": rows }));
}

/// One round of one peer: a start, an event that waited for it, and warm ones.
fn start(peer: Peer, folder: &Path, authority: &Authority, figures: &mut Figures) {
    let stage = Stage::set(authority);
    pin(stage.thread(), SERVERS);
    let mut command = peer.command(&stage, authority, peer.binary(folder));
    stage.give(&event("card", 0));
    let running = Running::start(&mut command, &stage);
    let polled = running.polled();
    let first = running.answered();
    peer.expect("card", &first.callback);
    running.polled();
    figures.first_poll.push(milliseconds(polled - running.began()));
    figures.first_callback.push(milliseconds(first.called_back - running.began()));
    figures.first_paid.push(milliseconds(first.ended - first.handed));
    let cold = running.processor_time();
    figures.first_processor.push(milliseconds(cold));
    for (number, kind) in (1..=WARM).zip(["clean", "card", "clean", "denied"].into_iter().cycle()) {
        let answered: Answered = running.answer(&event(kind, number));
        peer.expect(kind, &answered.callback);
        figures.warm_callback.push(milliseconds(answered.called_back - answered.handed));
        figures.warm_paid.push(milliseconds(answered.ended - answered.handed));
    }
    let warm = running.processor_time().saturating_sub(cold) / WARM;
    figures.warm_processor.push(milliseconds(warm));
    figures.memory = figures.memory.max(running.peak_memory());
}

/// Keeps a thread, and what it starts, on a core.
fn pin(thread: u32, core: &str) {
    let pinned = Command::new("taskset").args(["-c", "-p", core, &thread.to_string()]).output();
    match pinned {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("taskset: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("taskset is not there: {error}"),
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
