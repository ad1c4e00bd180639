//! The policy in force: the one built in, or the file that replaces it.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rules::Policy;
use rules::policy::{Diagnostics, Resources};

use crate::settings;

/// The text and files of the policy that the build embedded and checked.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/policy.rs"));
}

/// The text of the policy that is built in.
pub fn built_in() -> &'static str {
    embedded::TEXT
}

/// The policy to judge by: `file` when it is given, or else the one that is built in.
///
/// # Errors
/// What is wrong with it, for the log. Messages are then answered as the fallback says.
pub fn load(file: Option<&Path>) -> Result<Policy, BrokenPolicy> {
    let (name, text, resources): (String, Cow<'_, str>, Box<dyn Resources>) = match file {
        None => ("the built-in policy".to_owned(), embedded::TEXT.into(), Box::new(Embedded)),
        Some(path) => {
            let name = path.display().to_string();
            let text = fs::read_to_string(path)
                .map_err(|error| BrokenPolicy(format!("{name} cannot be read: {error}")))?;
            (name, text.into(), Box::new(Folder::of(path)))
        }
    };
    Policy::load(&text, &*resources).map_err(|mistakes| BrokenPolicy::with(&name, &text, &mistakes))
}

/// A policy that cannot be used, and why. The reasons quote the policy alone, never a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenPolicy(String);

impl BrokenPolicy {
    fn with(name: &str, text: &str, mistakes: &Diagnostics) -> Self {
        let lines = mistakes.plain(text);
        let placed: Vec<String> = lines.lines().map(|line| format!("{name}:{line}")).collect();
        Self(placed.join("\n"))
    }
}

impl fmt::Display for BrokenPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BrokenPolicy {}

/// The files beside a policy, and the environment's secrets.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder that a policy's file is in.
    pub fn of(policy: &Path) -> Self {
        Self(policy.parent().map(Path::to_path_buf).unwrap_or_default())
    }
}

impl Resources for Folder {
    fn file(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn secret(&self, name: &str) -> Option<String> {
        settings::secret(name)
    }
}

/// The files that were embedded with the policy, and the environment's secrets.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Resources for Embedded {
    fn file(&self, path: &str) -> Result<String, String> {
        let file = embedded::FILES.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "it is not built in".to_owned())
    }

    fn secret(&self, name: &str) -> Option<String> {
        settings::secret(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_a_broken_policy() {
        let broken = load(Some(Path::new("no/such/policy.toml"))).unwrap_err().to_string();
        assert!(broken.starts_with("no/such/policy.toml cannot be read: "), "{broken}");
    }

    #[test]
    fn mistakes_are_named_with_their_places() {
        let folder = std::env::temp_dir().join(format!("channel-flow-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("broken.toml");
        fs::write(&path, "[[rule]]\nid = \"a\"\ndetect = \"nothing\"\naction = \"deny\"\n")
            .unwrap();
        let broken = load(Some(&path)).unwrap_err().to_string();
        fs::remove_dir_all(&folder).unwrap();
        assert!(broken.contains("broken.toml:3:10: error[unknown-detector]"), "{broken}");
    }
}
