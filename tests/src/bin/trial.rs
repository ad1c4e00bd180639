//! Load and faults at length: what `cargo xtask load` and `cargo xtask faults` run. The tests run
//! the same, shorter.
#![expect(clippy::print_stdout, reason = "a command says what it found")]

use std::process::ExitCode;

use acceptance::faults::{self, Binaries, Plan, complaint};
use acceptance::{load, release};
use clap::{Parser, Subcommand};

/// Load and faults at length.
#[derive(Parser)]
struct Trial {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Many messages, without trouble.
    Load {
        /// Messages in all.
        #[arg(long, default_value_t = 50_000)]
        messages: usize,
        /// Channels.
        #[arg(long, default_value_t = 500)]
        channels: usize,
        /// Processes of the processor.
        #[arg(long, default_value_t = 2)]
        processors: usize,
        /// What the messages are drawn from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Messages under a fault plan, in runs of a seed each.
    Faults {
        /// The first run's seed; the others' follow.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Messages of each run.
        #[arg(long, default_value_t = 500)]
        messages: u32,
        /// Runs.
        #[arg(long, default_value_t = 1)]
        runs: u64,
        /// Processes of the processor.
        #[arg(long, default_value_t = 3)]
        processors: usize,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let sound = match Trial::parse().command {
        Command::Load { messages, channels, processors, seed } => {
            let load = load::Load { messages, channels, processors, seed };
            let report = load::run(load, &release("processor")).await;
            for problem in report.problems.iter().take(20) {
                eprintln!("- {problem}");
            }
            println!("{}", report.table());
            report.problems.is_empty()
        }
        Command::Faults { seed, messages, runs, processors } => {
            let mut sound = true;
            for seed in seed..seed.saturating_add(runs) {
                sound &= withstands(seed, messages, processors).await;
            }
            sound
        }
    };
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn withstands(seed: u64, messages: u32, processors: usize) -> bool {
    let plan = Plan::new(seed, messages);
    let digest = plan.digest();
    let fallback = plan.fallback;
    let binaries =
        Binaries { processor: release("processor"), last_resort: release("last-resort") };
    let report = faults::run(plan, &binaries, processors).await;
    println!(
        "seed {seed}, plan {digest}, fallback {fallback:?}: outcome {}; {} answered by the \
         processor, {} by the last resort, {} left in the queue ({} more of answered messages); \
         {} invocations, {} of them failed, {} callbacks",
        report.outcome,
        report.by_processor,
        report.by_last_resort,
        report.unanswered,
        report.false_alarms,
        report.invocations,
        report.failed_invocations,
        report.callbacks,
    );
    if !report.problems.is_empty() {
        eprintln!("{}", complaint(seed, messages, &digest, &report));
    }
    report.problems.is_empty()
}
