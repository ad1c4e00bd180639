//! Builds the Lambdas twice from nothing, in two places, and compares the bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The packages of the Lambdas, and their binaries.
const PACKAGES: &[(&str, &[&str])] = &[
    ("processor", &["processor", "last-resort"]),
    ("provisioner", &["provisioner", "channel-associator"]),
];

/// Builds what is committed in two folders of different names and lengths, and says which binaries
/// are not the same. Only those of `package`, when it is given.
pub(crate) fn run(root: &Path, package: Option<&str>) -> Result<(), String> {
    let temporary = std::env::temp_dir().join(format!("reproduce-{}", std::process::id()));
    let places = [temporary.join("one"), temporary.join("another-place/two")];
    let built = places.iter().try_for_each(|place| build(root, place, package));
    let compared = built.and_then(|()| compare(&places, package));
    drop(fs::remove_dir_all(&temporary));
    compared
}

fn wanted(
    package: Option<&str>,
) -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    PACKAGES.iter().filter(move |(name, _)| package.is_none_or(|package| package == *name))
}

/// Writes the last commit to a folder and builds it there.
fn build(root: &Path, place: &Path, package: Option<&str>) -> Result<(), String> {
    let failed = |what: &str, why: &dyn std::fmt::Display| format!("{what}: {why}");
    fs::create_dir_all(place).map_err(|error| failed("the folder", &error))?;
    let mut archive = Command::new("git")
        .args(["archive", "HEAD"])
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed("git archive", &error))?;
    let text = archive.stdout.take().ok_or("git archive has no output")?;
    let unpacked = Command::new("tar").args(["-x", "-C"]).arg(place).stdin(text).status();
    let archived = archive.wait().map_err(|error| failed("git archive", &error))?;
    let unpacked = unpacked.map_err(|error| failed("tar", &error))?;
    if !archived.success() || !unpacked.success() {
        return Err("the last commit cannot be unpacked".to_owned());
    }
    for (name, _) in wanted(package) {
        let status = Command::new("cargo")
            .args(["build", "--release", "--locked", "--quiet", "--package", name])
            .current_dir(place)
            .env("CARGO_TARGET_DIR", place.join("target"))
            .status()
            .map_err(|error| failed("cargo", &error))?;
        if !status.success() {
            return Err(format!("{name} does not build in {}", place.display()));
        }
    }
    Ok(())
}

fn compare(places: &[PathBuf; 2], package: Option<&str>) -> Result<(), String> {
    let mut differ = Vec::new();
    for binary in wanted(package).flat_map(|(_, binaries)| *binaries) {
        let [one, two] = places.each_ref().map(|place| {
            let path = place.join("target/release").join(binary);
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        });
        let (one, two) = (one?, two?);
        let same = one == two;
        println!(
            "{binary}: {} bytes, {}",
            one.len(),
            if same { "the same" } else { "not the same" }
        );
        if !same {
            differ.push(*binary);
        }
    }
    if differ.is_empty() { Ok(()) } else { Err(format!("not reproducible: {}", differ.join(", "))) }
}
