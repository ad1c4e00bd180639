//! Measures the rules: how long a message takes by length and by kind of text, beside other engines
//! that do a part of the same; how time grows with the words of a list and with the message; how
//! long loading takes; and the slowest message that a search finds.
//!
//! Everything is measured in one process and in turns, so that a busy machine slows all of it.
//! Prints Markdown: the section `policy`, a line `<!-- engines -->`, the section `engines`.

mod chat;
mod contenders;
mod growth;
mod load;
mod machine;
mod providers;
mod side_by_side;
mod timing;
mod worst;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use contenders::Engine;

/// Measures the rules beside other engines.
#[derive(Parser)]
struct Arguments {
    /// The project's folder.
    #[arg(long)]
    root: PathBuf,
    /// The policy file.
    #[arg(long)]
    policy: PathBuf,
    /// How many messages the search for the slowest one tries.
    #[arg(long, default_value_t = 4_000)]
    search: usize,
    /// Where that search begins: the same seed tries the same messages as long as it finds the
    /// same ones slow.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only loads this engine, judges one message and says how many microseconds that took.
    #[arg(long, hide = true)]
    load: Option<Engine>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let read = |path: PathBuf| {
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let policy = read(arguments.policy.clone())?;
    let providers = read(arguments.root.join("rules/src/detect/secrets/providers.txt"))?;
    let sources = contenders::Sources { policy, providers };
    if let Some(engine) = arguments.load {
        println!("{}", load::once(engine, &sources)?);
        return Ok(());
    }
    let loads = load::section(arguments)?;
    let contenders = contenders::all(&sources)?;
    contenders::verify(&contenders, &sources.providers)?;
    let name = arguments.policy.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (own, beside) = side_by_side::sections(&contenders);
    println!("`{name}`, one thread, {}. Medians; compare rows, not machines.\n", machine::name());
    println!("{own}\n{}", growth::section(&sources)?);
    println!("{}", worst::section(&contenders, arguments.search, arguments.seed));
    println!("<!-- engines -->\n\n{beside}\n{loads}");
    Ok(())
}
