//! Embeds the policy and the files it names, and refuses to build a policy with mistakes.
//!
//! `CHANNEL_FLOW_POLICY` names another policy than the workspace's `policy.toml`, from the
//! workspace's root.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use rules::Policy;
use rules::policy::Resources;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn main() -> ExitCode {
    // At a fixed place, as Go's programs are, nothing has to be moved at each start, and the package is
    // 40 KB smaller: a position-independent one carries 17,000 places to adjust.
    if variable("CARGO_CFG_TARGET_OS").as_deref() == Some("linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-env-changed=CHANNEL_FLOW_POLICY");
    let name = variable("CHANNEL_FLOW_POLICY").unwrap_or_else(|| "policy.toml".to_owned());
    let path = Path::new(ROOT).join(&name);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            println!("cargo::error={name} cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    let folder = Folder {
        root: path.parent().map(Path::to_path_buf).unwrap_or_default(),
        read: RefCell::default(),
    };
    if let Err(mistakes) = Policy::load(&text, &folder) {
        for line in mistakes.plain(&text).lines() {
            println!("cargo::error={name}:{line}");
        }
        return ExitCode::FAILURE;
    }
    match embed(&text, &folder.read.into_inner()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=the policy cannot be embedded: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the module that holds the policy: texts as literals, so that no path is in it.
fn embed(text: &str, files: &BTreeMap<String, String>) -> io::Result<()> {
    let mut module = format!(
        "/// The policy.\npub(super) const TEXT: &str = {text:?};\n\
         /// The files it names: name and text.\npub(super) const FILES: &[(&str, &str)] = &[\n"
    );
    for (name, text) in files {
        writeln!(module, "    ({name:?}, {text:?}),").map_err(io::Error::other)?;
    }
    module.push_str("];\n");
    let out = variable("OUT_DIR").ok_or_else(|| io::Error::other("`OUT_DIR` is not set"))?;
    fs::write(Path::new(&out).join("policy.rs"), module)
}

/// The policy's folder; notes what is read from it.
struct Folder {
    root: PathBuf,
    read: RefCell<BTreeMap<String, String>>,
}

impl Resources for Folder {
    fn file(&self, path: &str) -> Result<String, String> {
        let whole = self.root.join(path);
        println!("cargo::rerun-if-changed={}", whole.display());
        let text = fs::read_to_string(whole).map_err(|error| error.to_string())?;
        self.read.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    /// Secrets belong to the function, not to the build: each counts as set.
    fn secret(&self, _: &str) -> Option<String> {
        Some("a stand-in for the secret of the function".to_owned())
    }
}

#[expect(clippy::disallowed_methods, reason = "a build script's input is its environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
