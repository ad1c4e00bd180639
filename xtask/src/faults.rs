//! Fault plans at length, by the crate `acceptance`'s `trial` on the functions' release binaries.

use std::path::Path;

use crate::load::trial;

/// Runs them, and prints a line for each seed.
pub(crate) fn run(root: &Path, arguments: &[(&str, u64)]) -> Result<(), String> {
    print!("{}", trial(root, "faults", arguments)?);
    Ok(())
}
