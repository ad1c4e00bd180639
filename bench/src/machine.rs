//! Where it was measured.

use std::fs;
use std::thread;

/// The processor's name, where the system tells it, and how many of its threads there are.
pub fn name() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    format!("{} ({threads} threads)", name.unwrap_or("a machine that does not say which"))
}
