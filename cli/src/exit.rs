//! How the program ends.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::draw;
use crate::policy::Broken;
use crate::terminal::ERROR;

/// The exit codes. They are the same for all commands, so that scripts can rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: it was done.
    Fine,
    /// 1: something was found that the user asked to be told of: a failed test, an outcome named
    /// by `--fail-on`, an event that did not come to its end.
    Found,
    /// 2: the policy has mistakes.
    BrokenPolicy,
    /// 3: the arguments or the input cannot be used.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Found => Self::from(1),
            Exit::BrokenPolicy => Self::from(2),
            Exit::Usage => Self::from(3),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The policy has mistakes.
    Policy(Box<Broken>),
    /// Something the user named cannot be used.
    Usage(String),
    /// Something the user named cannot be read or reached.
    Input(String, io::Error),
    /// The standard output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// The code that the program ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Policy(_) => Exit::BrokenPolicy,
            // Who closes the pipe has read enough: `channel-flow eval | head` is no failure.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
            Self::Usage(_) | Self::Input(..) | Self::Output(_) => Exit::Usage,
        }
    }

    /// Says it on standard error.
    pub(crate) fn tell(&self, err: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Policy(broken) => draw::mistakes(broken, err),
            _ if self.exit() == Exit::Fine => Ok(()),
            _ => writeln!(err, "{ERROR}error{ERROR:#}: {self}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(broken) => write!(formatter, "{}: {}", broken.name, broken.mistakes),
            Self::Usage(what) => formatter.write_str(what),
            Self::Input(what, why) => write!(formatter, "{what}: {why}"),
            Self::Output(why) => write!(formatter, "standard output cannot be written: {why}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Policy(broken) => Some(&broken.mistakes),
            Self::Usage(_) => None,
            Self::Input(_, why) | Self::Output(why) => Some(why),
        }
    }
}

/// Every fallible write of a command goes to standard output; inputs are wrapped where they are
/// read.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The same for JSON that is written there.
impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}
