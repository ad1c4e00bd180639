//! How long it takes until the first message is judged, in a process that has judged none.

use std::env;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use crate::Arguments;
use crate::chat::{self, Kind};
use crate::contenders::{Contender, Engine, Sources};
use crate::timing::{median, shown};

const PROCESSES: usize = 9;

/// Makes the engine ready and judges one message; the microseconds of both.
pub fn once(engine: Engine, sources: &Sources) -> Result<String, String> {
    let message = chat::message(Kind::Hits, 400, 1);
    let begun = Instant::now();
    let contender = Contender::new(engine, sources)?;
    let ready = begun.elapsed();
    contender.judge(&message);
    let judged = begun.elapsed();
    Ok(format!("{} {}", ready.as_secs_f64() * 1e6, judged.as_secs_f64() * 1e6))
}

pub fn section(arguments: &Arguments) -> Result<String, String> {
    let mut times = vec![(Vec::new(), Vec::new()); Engine::ALL.len()];
    for _ in 0..PROCESSES {
        for (engine, (ready, judged)) in Engine::ALL.into_iter().zip(&mut times) {
            let (first, second) = process(engine, arguments)?;
            ready.push(first);
            judged.push(second);
        }
    }
    let mut page = "### Loading\nIn a process of its own each: until it is ready, and until the \
        first message, 400 B, is judged.\n\n| | µs to ready | µs to the first message |\n\
        | --- | --- | --- |\n"
        .to_owned();
    for (engine, (ready, judged)) in Engine::ALL.into_iter().zip(times) {
        let (ready, judged) = (shown(median(ready)), shown(median(judged)));
        let _written = writeln!(page, "| {} | {ready} | {judged} |", engine.name());
    }
    Ok(page)
}

fn process(engine: Engine, arguments: &Arguments) -> Result<(f64, f64), String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let name = format!("{engine:?}");
    // As clap names it: `PersonalData` is `personal-data`.
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    let output = Command::new(own)
        .arg("--root")
        .arg(&arguments.root)
        .arg("--policy")
        .arg(&arguments.policy)
        .args(["--load", &kebab])
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let times = text.trim().split_once(' ');
    times.and_then(|(ready, judged)| Some((ready.parse().ok()?, judged.parse().ok()?))).ok_or_else(
        || format!("{name} was not loaded: {}", String::from_utf8_lossy(&output.stderr)),
    )
}
