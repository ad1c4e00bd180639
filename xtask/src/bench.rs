//! The rules beside other engines: `bench/`, run and written down.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::sections;

/// What parts the two sections in what `bench/` prints.
const ENGINES: &str = "<!-- engines -->";

/// Measures a policy, `policy.toml` unless named, and everything beside it, and prints the tables;
/// with `write`, into `docs/performance.md` too. `search` is how many messages the search for the
/// slowest one tries.
///
/// # Errors
/// What keeps it from being built, run or written.
pub(crate) fn run(
    root: &Path,
    policy: Option<&Path>,
    search: usize,
    write: bool,
) -> Result<(), String> {
    let policy = policy.map_or_else(|| root.join("policy.toml"), Path::to_owned);
    let output = Command::new("cargo")
        .args(["run", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(root.join("bench/Cargo.toml"))
        .arg("--")
        .arg("--root")
        .arg(root)
        .arg("--policy")
        .arg(policy)
        .arg("--search")
        .arg(search.to_string())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err("bench: see above".to_owned());
    }
    let text = String::from_utf8(output.stdout).map_err(|error| format!("bench: {error}"))?;
    print!("{text}");
    let (own, beside) =
        text.split_once(ENGINES).ok_or_else(|| format!("bench prints no `{ENGINES}`"))?;
    if write {
        let page = root.join("docs/performance.md");
        sections::write(&page, "policy", own)?;
        sections::write(&page, "engines", beside)?;
    }
    Ok(())
}
