//! The load at length, by the crate `acceptance`'s `trial` on the functions' release binaries.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::sections;

/// Runs it, and prints its table; with `write`, into `docs/performance.md` too.
pub(crate) fn run(root: &Path, arguments: &[(&str, u64)], write: bool) -> Result<(), String> {
    let table = trial(root, "load", arguments)?;
    print!("{table}");
    if write {
        sections::write(&root.join("docs/performance.md"), "load", &table)?;
    }
    Ok(())
}

/// Builds the functions and runs a trial on them; what it printed.
pub(crate) fn trial(root: &Path, name: &str, arguments: &[(&str, u64)]) -> Result<String, String> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).args(["--release", "--locked", "--quiet"]).current_dir(root);
        command
    };
    let built = cargo(&["build", "--package", "processor", "--bins"]).status();
    let built = built.map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !built.success() {
        return Err("the functions do not build".to_owned());
    }
    let mut command = cargo(&["run", "--package", "acceptance", "--bin", "trial"]);
    command.args(["--", name]);
    for (option, value) in arguments {
        command.arg(format!("--{option}")).arg(value.to_string());
    }
    // What it complains about is seen at once; what it found is its output.
    let output = command.env("FUNCTIONS", "target/release").stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cargo cannot be run: {error}"))?;
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!("{found}\nnot everything is as it must be"));
    }
    Ok(found)
}
