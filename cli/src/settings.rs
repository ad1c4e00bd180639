//! What the environment says: the one place that reads it.
#![expect(clippy::disallowed_methods, reason = "this is the place that the rule names")]

use std::path::PathBuf;

/// The policy that is used where the command line names none.
pub(crate) fn policy_file() -> Option<PathBuf> {
    std::env::var_os("POLICY_FILE").filter(|path| !path.is_empty()).map(PathBuf::from)
}
