//! Inputs that once broke something, and those that fuzzing starts from, hold.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use rules::Policy;
use rules::detect::DETECTORS;
use rules::policy::Resources;

type Check = fn(&[u8]);

/// The targets, as `fuzz/Cargo.toml` names them.
const TARGETS: &[(&str, Check)] = &[
    ("evaluate", fuzz_checks::evaluate::check),
    ("event", fuzz_checks::event::check),
    ("load", fuzz_checks::load::check),
    ("views", fuzz_checks::views::check),
];

fn fuzz() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The target's files all hold; those that do not are named.
fn replay(target: &str) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let mut files = 0;
    let mut broken = Vec::new();
    for entry in fs::read_dir(fuzz().join("regressions").join(target)).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::read(&path).unwrap();
        files += 1;
        if catch_unwind(|| check(&data)).is_err() {
            broken.push(path);
        }
    }
    assert!(files > 0, "{target} has no inputs");
    assert!(broken.is_empty(), "{target} does not hold for {broken:?}");
}

#[test]
fn evaluate_holds_for_every_regression() {
    replay("evaluate");
}

#[test]
fn event_holds_for_every_regression() {
    replay("event");
}

#[test]
fn load_holds_for_every_regression() {
    replay("load");
}

#[test]
fn views_hold_for_every_regression() {
    replay("views");
}

/// So many changes of the target's files hold, the same ones each time.
fn change(target: &str, changes: usize) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let mut paths: Vec<_> = fs::read_dir(fuzz().join("regressions").join(target))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..changes {
        let mut data = random.choice(&files).unwrap().clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..=data.len());
            let end = (at + random.usize(..12)).min(data.len());
            let other = random.choice(&files).unwrap();
            let from = random.usize(..=other.len());
            let part = &other[from..(from + random.usize(..24)).min(other.len())];
            match random.u8(..3) {
                0 => drop(data.splice(at..end, part.iter().copied())),
                1 => drop(data.splice(at..end, [])),
                _ => data.insert(at, random.u8(..)),
            }
        }
        assert!(
            catch_unwind(|| check(&data)).is_ok(),
            "{target} does not hold for {:?}",
            String::from_utf8_lossy(&data)
        );
    }
}

#[test]
fn evaluate_holds_for_changes_of_them() {
    change("evaluate", 150);
}

#[test]
fn event_holds_for_changes_of_them() {
    change("event", 4_000);
}

#[test]
fn load_holds_for_changes_of_them() {
    change("load", 400);
}

#[test]
fn views_hold_for_changes_of_them() {
    change("views", 4_000);
}

#[test]
fn every_target_has_its_file_and_its_inputs() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(fuzz().join(folder)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    };
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("regressions"), targets);
}

struct Key;

impl Resources for Key {
    fn file(&self, _: &str) -> Result<String, String> {
        Err("there are no files".to_owned())
    }

    fn secret(&self, _: &str) -> Option<String> {
        Some("a key of thirty-two characters ..".to_owned())
    }
}

#[test]
fn the_policy_with_everything_has_every_detector() {
    let policy = Policy::load(fuzz_checks::evaluate::EVERYTHING, &Key);
    let policy = policy.unwrap();
    let used: BTreeSet<&str> =
        policy.rules().iter().flat_map(rules::policy::Rule::detectors).collect();
    let all: BTreeSet<&str> = DETECTORS.iter().map(|one| one.name).collect();
    assert_eq!(used, all);
}
