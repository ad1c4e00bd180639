//! The project's own commands: `cargo xtask --help`.

mod bench;
mod bench_lambda;
mod ci;
mod cost;
mod faults;
mod fuzz;
mod generate;
mod load;
mod new_detector;
mod quality;
mod quality_goals;
mod quality_personal;
mod quality_words;
mod reproduce;
mod sbom;
mod sections;
mod supply_chain;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that must hold before a change lands: format, lints, tests, documentation, real
    /// clients. Installs what it needs below `.venv` and `tests/js/node_modules`.
    Ci {
        /// Only the steps whose name holds this text.
        #[arg(long)]
        only: Option<String>,
        /// Names the steps and runs none.
        #[arg(long)]
        list: bool,
    },
    /// Writes what is made from the code: the policy's schema and the reference pages.
    Generate {
        /// Changes nothing; fails when a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Times a policy, alone and beside other engines. Builds them the first time: minutes.
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        #[command(subcommand)]
        of: Option<Bench>,
        /// The policy file; `policy.toml` unless named.
        #[arg(long)]
        policy: Option<PathBuf>,
        /// How many messages the search for the slowest one tries.
        #[arg(long, default_value_t = 4_000)]
        search: usize,
        /// Writes the tables into `docs/performance.md`.
        #[arg(long)]
        write: bool,
    },
    /// Sends many messages over many channels through the local service and processes of the
    /// processor, and looks at the service's books: none lost, none answered twice.
    Load {
        /// Messages in all.
        #[arg(long, default_value_t = 50_000)]
        messages: u64,
        /// Channels.
        #[arg(long, default_value_t = 500)]
        channels: u64,
        /// Processes of the processor.
        #[arg(long, default_value_t = 2)]
        processors: u64,
        /// What the messages are drawn from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Writes the figures into `docs/performance.md`.
        #[arg(long)]
        write: bool,
    },
    /// Sends messages under a fault plan that the seed decides: processes killed, callbacks refused,
    /// lost and late, policies and webhooks broken; each message must end where the plan says.
    Faults {
        /// The first run's seed; those of the others follow it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Messages of each run.
        #[arg(long, default_value_t = 500)]
        messages: u64,
        /// Runs.
        #[arg(long, default_value_t = 10)]
        runs: u64,
        /// Processes of the processor.
        #[arg(long, default_value_t = 6)]
        processors: u64,
    },
    /// Measures detection over public sets and writes the figures down.
    Quality {
        /// The folder with the sets.
        #[arg(long)]
        corpora: PathBuf,
        /// Writes nothing; fails where a figure is worse than what is written down.
        #[arg(long)]
        check: bool,
        /// Prints JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// Prints the rows that are missed or false, too. Much of their text is abusive.
        #[arg(long)]
        rows: bool,
    },
    /// Fuzzes: each target in turn, or the one that is named. Needs `cargo fuzz`.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = 300)]
        seconds: u32,
        /// `load`, `evaluate`, `views` or `event`.
        target: Option<String>,
    },
    /// Holds what is built in against `deny.toml`: licences, sources, duplicates, and advisories
    /// where their database can be reached.
    SupplyChain,
    /// Lists what the binaries are made of, as `CycloneDX` in `target/sbom`. Needs `cargo cyclonedx`.
    Sbom,
    /// Builds the Lambdas twice, in two places, and compares the bytes. Takes as long as two builds
    /// from nothing.
    Reproduce {
        /// Only this package's binaries: `processor` or `provisioner`.
        #[arg(long)]
        package: Option<String>,
    },
    /// Begins a new detector: its file, its page and its line in the list.
    NewDetector {
        /// Kebab-case, such as `order-number`.
        name: String,
    },
}

/// What else can be timed.
#[derive(Subcommand)]
enum Bench {
    /// The Lambda beside the same job in bare Rust, Node and Python: start, callback, memory, size.
    Lambda {
        /// How often each of them is started.
        #[arg(long, default_value_t = 15)]
        rounds: u32,
        /// Writes the tables into `docs/performance.md`.
        #[arg(long)]
        write: bool,
    },
}

fn main() -> ExitCode {
    let done = match Xtask::parse().command {
        Command::Ci { only, list } => ci::run(&root(), only.as_deref(), list),
        Command::Generate { check } => generate::run(&root(), check),
        Command::Bench { of: None, policy, search, write } => {
            bench::run(&root(), policy.as_deref(), search, write)
        }
        Command::Bench { of: Some(Bench::Lambda { rounds, write }), .. } => {
            bench_lambda::run(&root(), rounds, write)
        }
        Command::Load { messages, channels, processors, seed, write } => {
            let arguments = [
                ("messages", messages),
                ("channels", channels),
                ("processors", processors),
                ("seed", seed),
            ];
            load::run(&root(), &arguments, write)
        }
        Command::Faults { seed, messages, runs, processors } => {
            let arguments = [
                ("seed", seed),
                ("messages", messages),
                ("runs", runs),
                ("processors", processors),
            ];
            faults::run(&root(), &arguments)
        }
        Command::Quality { corpora, check, json, rows } => {
            quality::run(&root(), &corpora, check, json, rows)
        }
        Command::Fuzz { seconds, target } => fuzz::run(&root(), seconds, target.as_deref()),
        Command::SupplyChain => supply_chain::run(&root()),
        Command::Sbom => sbom::run(&root()),
        Command::Reproduce { package } => reproduce::run(&root(), package.as_deref()),
        Command::NewDetector { name } => new_detector::run(&root(), &name),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
