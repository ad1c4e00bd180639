//! What must hold before a change lands, step by step.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A step: its name, and what it runs from the workspace's folder.
struct Step {
    name: &'static str,
    command: &'static [&'static str],
}

/// The public sets that detection is measured over lie beside the project, not in it; README.md
/// says where they come from.
const CORPORA: &str = "../shared/corpora";

/// In the order in which a failure is cheapest to find.
const STEPS: &[Step] = &[
    Step { name: "format", command: &["cargo", "fmt", "--all", "--check"] },
    Step { name: "generated", command: &["cargo", "xtask", "generate", "--check"] },
    Step {
        name: "lints",
        command: &[
            "cargo",
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    },
    Step { name: "tools", command: &["bash", "tests/tools.sh"] },
    Step { name: "supply-chain", command: &["cargo", "xtask", "supply-chain"] },
    Step { name: "template", command: &["bash", "tests/template.sh", "check"] },
    // The one release build: the tests run the binaries that are deployed.
    Step { name: "functions", command: &["bash", "tests/template.sh", "build"] },
    Step { name: "tests", command: &["cargo", "nextest", "run", "--workspace", "--locked"] },
    Step { name: "containers", command: &["bash", "tests/sam_local.sh"] },
    Step {
        name: "quality",
        command: &["cargo", "xtask", "quality", "--corpora", CORPORA, "--check"],
    },
    Step {
        name: "examples",
        command: &["cargo", "test", "--workspace", "--doc", "--locked", "--quiet"],
    },
    Step {
        name: "documentation",
        command: &[
            "cargo",
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
            "--locked",
            "--quiet",
        ],
    },
];

/// Runs the steps in order; the first that fails ends the run.
pub(crate) fn run(root: &Path, only: Option<&str>, list: bool) -> Result<(), String> {
    let wanted = STEPS.iter().filter(|step| only.is_none_or(|part| step.name.contains(part)));
    for step in wanted {
        let shown = step.command.join(" ");
        if list {
            println!("{:<14} {shown}", step.name);
            continue;
        }
        if step.command.contains(&CORPORA) && !root.join(CORPORA).exists() {
            println!("--- {}: skipped, there are no sets in {CORPORA}", step.name);
            continue;
        }
        println!("==> {}: {shown}", step.name);
        let (program, arguments) =
            step.command.split_first().ok_or_else(|| format!("{} runs nothing", step.name))?;
        let begun = Instant::now();
        let status = Command::new(program)
            .args(arguments)
            .current_dir(root)
            // Private items are documented too, so a link to one leads somewhere.
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")
            .status()
            .map_err(|error| format!("{}: {program} cannot be run: {error}", step.name))?;
        if !status.success() {
            return Err(format!("{} failed: {shown}", step.name));
        }
        println!("<== {}: {:.0} s", step.name, begun.elapsed().as_secs_f64());
    }
    Ok(())
}
