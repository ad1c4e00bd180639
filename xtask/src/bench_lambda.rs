//! The Lambda beside the usual processors.

use std::path::Path;
use std::process::Command;

/// Builds what is compared and lets the acceptance crate's bench drive it.
pub(crate) fn run(root: &Path, rounds: u32, write: bool) -> Result<(), String> {
    let mut bench = Command::new("cargo");
    bench.args(["run", "--release", "--locked", "--package", "acceptance", "--bin"]);
    bench.args(["bench-lambda", "--", "--rounds", &rounds.to_string()]);
    if write {
        bench.arg("--write");
    }
    let status = bench.current_dir(root).status();
    match status.map_err(|error| format!("cargo cannot be run: {error}"))? {
        status if status.success() => Ok(()),
        status => Err(format!("the bench ended with {status}")),
    }
}
