//! What each deployed binary is made of, as documents of `CycloneDX`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The packages whose binaries are given to others: the functions, and the laptop's tool.
const PACKAGES: &[&str] = &["cli", "processor", "provisioner"];
/// What the functions run on; dependencies of other systems are not in them.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// A document's name, before `.json`; `cargo cyclonedx` writes it beside each manifest.
const NAME: &str = "sbom.cdx";

/// Writes a document for each package into `target/sbom`.
///
/// # Errors
/// Where `cargo cyclonedx` is not there or fails, or a document cannot be put in its place.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let there = Command::new("cargo")
        .args(["cyclonedx", "--version"])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.status.success());
    if !there {
        let how = "cargo install --locked cargo-cyclonedx";
        return Err(format!("`cargo cyclonedx` is not installed: {how}"));
    }
    let folder = root.join("target/sbom");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let status = Command::new("cargo")
        .args(["cyclonedx", "--format", "json", "--spec-version", "1.5"])
        .args(["--no-build-deps", "--target", TARGET])
        .args(["--override-filename", NAME])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo cyclonedx: {error}"))?;
    if !status.success() {
        return Err("cargo cyclonedx: see above".to_owned());
    }
    // It writes one for each member of the workspace.
    for (package, member) in members(root)? {
        let written = member.join(format!("{NAME}.json"));
        if !written.exists() {
            continue;
        }
        let done = if PACKAGES.contains(&package.as_str()) {
            let kept = folder.join(format!("{package}.cdx.json"));
            println!("{}", kept.strip_prefix(root).unwrap_or(&kept).display());
            fs::rename(&written, kept)
        } else {
            fs::remove_file(&written)
        };
        done.map_err(|error| format!("{}: {error}", written.display()))?;
    }
    Ok(())
}

/// The workspace's packages, with their folders.
fn members(root: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let member = |package: &Value| {
        let text = |name| Some(package.get(name)?.as_str()?.to_owned());
        Some((text("name")?, PathBuf::from(text("manifest_path")?).parent()?.to_owned()))
    };
    let members = packages.into_iter().flatten().map(member).collect::<Option<Vec<_>>>();
    members.filter(|members| !members.is_empty()).ok_or_else(|| "there are no packages".to_owned())
}
