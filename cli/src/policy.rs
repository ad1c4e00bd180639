//! Finding and loading the policy.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use processor::policy::{Embedded, Folder, built_in};
use rules::Policy;
use rules::policy::Diagnostics;

use crate::exit::Failure;
use crate::settings;

/// The file that is taken where nothing else is named.
const IN_THE_WORKING_DIRECTORY: &str = "policy.toml";

const HELP: &str = "The policy file [default: $POLICY_FILE, ./policy.toml, or the one built in]";

/// What messages call the policy that the build embedded.
const BUILT_IN: &str = "built-in policy";

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
    /// The file, which those that it names are beside; `None` for the policy that is built in.
    file: Option<PathBuf>,
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
        let here = Path::new(IN_THE_WORKING_DIRECTORY);
        let found = match named.map(Path::to_owned).or_else(settings::policy_file) {
            Some(path) => Self::read(&path)?,
            None if here.exists() => Self::read(here)?,
            None => Self { name: BUILT_IN.to_owned(), text: built_in().to_owned(), file: None },
        };
        if verbose {
            // Said for information only.
            drop(writeln!(anstream::stderr().lock(), "policy: {}", found.name));
        }
        Ok(found)
    }

    fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text, file: Some(path.to_owned()) }),
            Err(error) => Err(Failure::Input(format!("the policy `{name}` cannot be read"), error)),
        }
    }

    /// The policy that it means.
    pub(crate) fn load(self) -> Result<(Policy, Self), Failure> {
        let loaded = match &self.file {
            Some(path) => Policy::load(&self.text, &Folder::of(path)),
            None => Policy::load(&self.text, &Embedded),
        };
        match loaded {
            Ok(policy) => Ok((policy, self)),
            Err(mistakes) => {
                let Self { name, text, .. } = self;
                Err(Failure::Policy(Box::new(Broken { name, text, mistakes })))
            }
        }
    }
}
