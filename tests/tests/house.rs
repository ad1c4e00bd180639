//! The house keeps its shape: imports run one way, every room has its documents.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each room may import of the others. `ARCHITECTURE.md` draws the same.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("acceptance", &["local-chime", "processor", "provisioner", "rules"]),
    ("bare-processor", &[]),
    ("cli", &["local-chime", "processor", "provisioner", "rules"]),
    ("fuzz-checks", &["processor", "rules"]),
    ("local-chime", &[]),
    ("processor", &["rules"]),
    ("provisioner", &[]),
    ("rules", &[]),
    ("xtask", &["rules"]),
];

#[test]
fn imports_run_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap();
    let mut rooms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in &metadata.packages {
        let imports = package
            .dependencies
            .iter()
            // What only tests use may come from anywhere.
            .filter(|dependency| {
                dependency.kind != DependencyKind::Development || package.name == "acceptance"
            })
            .filter(|dependency| dependency.path.is_some())
            .map(|dependency| dependency.name.clone())
            .collect();
        rooms.insert(package.name.to_string(), imports);
    }
    let known: Vec<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    assert_eq!(rooms.keys().collect::<Vec<_>>(), known, "a room is new or gone");
    for (room, may) in MAY_IMPORT {
        for import in &rooms[*room] {
            assert!(may.contains(&import.as_str()), "{room} imports {import}");
        }
    }
}

#[test]
fn every_room_is_drawn() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let plan = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    for room in [
        "rules/",
        "processor/",
        "provisioner/",
        "local-chime/",
        "cli/",
        "events/",
        "tests/",
        "xtask/",
    ] {
        assert!(plan.contains(room), "ARCHITECTURE.md does not draw {room}");
    }
}

/// `cargo lambda`, which builds the packages, takes `abort` for a manifest that does not say.
#[test]
fn the_packages_catch_panics() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    assert_eq!(manifest["profile"]["release"]["panic"].as_str(), Some("unwind"));
}
