//! Finding and loading the policy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use rules::Policy;
use rules::policy::{Diagnostics, Resources};

use crate::exit::Failure;
use crate::settings;

/// The file that is taken where nothing else is named.
const IN_THE_WORKING_DIRECTORY: &str = "policy.toml";

const HELP: &str = "The policy file [default: $POLICY_FILE, ./policy.toml, or the one built in]";

/// The policy of a command that works with messages.
#[derive(Args, Debug)]
pub(crate) struct PolicyOption {
    /// The policy to judge by.
    #[arg(short, long, value_name = "FILE", help = HELP)]
    pub(crate) policy: Option<PathBuf>,
}

/// The policy of a command that works on the policy itself.
#[derive(Args, Debug)]
pub(crate) struct PolicyArgument {
    /// The policy to work on.
    #[arg(value_name = "POLICY", help = HELP)]
    file: Option<PathBuf>,
    /// The same, as the other commands take it
    #[arg(short, long, value_name = "FILE", conflicts_with = "file")]
    policy: Option<PathBuf>,
}

impl PolicyArgument {
    /// The file that was named.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.file.as_deref().or(self.policy.as_deref())
    }
}

/// A policy's text, and where it came from.
#[derive(Debug)]
pub(crate) struct PolicySource {
    /// What messages call it: the path as the user wrote it.
    pub(crate) name: String,
    /// What it says.
    pub(crate) text: String,
    /// Where the files are that it names.
    folder: PathBuf,
}

/// A policy with mistakes, and what is needed to draw them.
#[derive(Debug)]
pub(crate) struct Broken {
    /// What messages call the policy.
    pub(crate) name: String,
    /// What it says.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) mistakes: Diagnostics,
}

impl PolicySource {
    /// The policy that was named, or the one that stands in for it.
    pub(crate) fn find(named: Option<&Path>, verbose: bool) -> Result<Self, Failure> {
        let found = match named.map(Path::to_owned).or_else(settings::policy_file) {
            Some(path) => Self::read(&path)?,
            None => Self::read(Path::new(IN_THE_WORKING_DIRECTORY))?,
        };
        if verbose {
            anstream::eprintln!("policy: {}", found.name);
        }
        Ok(found)
    }

    fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| cannot_read(&name, error))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { name, text, folder })
    }

    /// The policy that it means.
    pub(crate) fn load(self) -> Result<(Policy, Self), Failure> {
        match Policy::load(&self.text, &self) {
            Ok(policy) => Ok((policy, self)),
            Err(mistakes) => {
                let Self { name, text, .. } = self;
                Err(Failure::Policy(Box::new(Broken { name, text, mistakes })))
            }
        }
    }
}

impl Resources for PolicySource {
    fn file(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.folder.join(path)).map_err(|error| error.to_string())
    }

    fn secret(&self, name: &str) -> Option<String> {
        settings::secret(name)
    }
}

fn cannot_read(name: &str, error: io::Error) -> Failure {
    Failure::Input(format!("the policy `{name}` cannot be read"), error)
}
