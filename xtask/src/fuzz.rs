//! The fuzz targets, for as long as one likes. What they found is replayed by ordinary tests, so
//! nobody needs this to see that a change broke nothing that was found before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The targets, with folders of inputs that are worth starting from besides their own.
const TARGETS: &[(&str, &[&str])] =
    &[("load", &["tests/golden"]), ("evaluate", &[]), ("views", &[]), ("event", &["events"])];
/// An input that takes longer than this, in seconds, counts as one that hangs.
const HANGS: u32 = 10;
/// The longest input in bytes: more than the service lets through, so that limits are met.
const LONGEST: u32 = 8_192;

/// Runs a target, or each in turn, for so many seconds; an input that breaks it ends the run.
///
/// # Errors
/// Where a target is not known, `cargo fuzz` is not there, or something was found.
pub(crate) fn run(root: &Path, seconds: u32, target: Option<&str>) -> Result<(), String> {
    let wanted: Vec<_> =
        TARGETS.iter().filter(|(name, _)| target.is_none_or(|target| target == *name)).collect();
    if wanted.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no such target; write one of {}", names.join(", ")));
    }
    let there = Command::new("cargo").args(["fuzz", "--version"]).stderr(Stdio::null()).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return Err("`cargo fuzz` is not installed: cargo install --locked cargo-fuzz".to_owned());
    }
    for (name, more) in wanted {
        println!("==> {name}: {seconds} s");
        let corpus = root.join("fuzz/corpus").join(name);
        fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
        let status = Command::new("cargo")
            // Sanitizers need a nightly toolchain, and the code has no `unsafe` for them to watch.
            .args(["fuzz", "run", "--sanitizer", "none", "--codegen-units", "16", name])
            // The first folder is the one that is written to.
            .arg(&corpus)
            .arg(root.join("fuzz/regressions").join(name))
            .args(more.iter().map(|folder| root.join(folder)))
            .arg("--")
            .args([
                format!("-max_total_time={seconds}"),
                format!("-timeout={HANGS}"),
                format!("-max_len={LONGEST}"),
                "-print_final_stats=1".to_owned(),
            ])
            .current_dir(root)
            .status()
            .map_err(|error| format!("cargo fuzz: {error}"))?;
        if !status.success() {
            return Err(format!(
                "{name} does not hold for the input named above: mend it, make it small with \
                 `cargo fuzz tmin --sanitizer none {name} INPUT`, and keep it below \
                 fuzz/regressions/{name}"
            ));
        }
    }
    Ok(())
}
