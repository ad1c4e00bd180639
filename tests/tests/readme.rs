//! Every command of the README is run, in its order, with its files.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::{built, root};

/// The README's fences of a language, without their last newline.
fn fences(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert_eq!(text.matches("```").count() % 2, 0, "a fence is not closed");
    let opening = format!("```{language}\n");
    text.split(&opening)
        .skip(1)
        .map(|fence| fence.split("\n```").next().unwrap_or_default().to_owned())
        .collect()
}

/// A folder as a reader has it who cloned the project, but for the sources.
fn clone() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("readme-{}", std::process::id()));
    let events = folder.join("events");
    std::fs::create_dir_all(&events).unwrap();
    for entry in std::fs::read_dir(root().join("events")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, events.join(path.file_name().unwrap())).unwrap();
    }
    std::fs::copy(root().join("policy.toml"), folder.join("policy.toml")).unwrap();
    folder
}

#[test]
fn every_command_works_as_written() {
    let folder = clone();
    let policy = fences("toml").into_iter().find(|policy| policy.contains("[[test]]")).unwrap();
    std::fs::write(folder.join("my-policy.toml"), policy).unwrap();
    let commands: Vec<String> = fences("sh")
        .iter()
        .flat_map(|fence| fence.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(commands.len() >= 8, "{commands:?}");
    let mut run = 0;
    for command in &commands {
        // What runs all tests, this one among them, and what deploys to an account.
        if command.starts_with("cargo xtask ci") || command.starts_with("sam ") {
            continue;
        }
        assert!(command.contains("cargo run -- "), "not run by this test: {command}");
        let binary = built("channel-flow");
        let command = command.replace("cargo run --", &binary.to_string_lossy());
        let output = shell(&folder, &command);
        let shown = format!(
            "{command}\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success(), "{shown}");
        assert!(!output.stdout.is_empty(), "{shown}");
        run += 1;
    }
    assert!(run >= 8);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn shell(folder: &Path, command: &str) -> std::process::Output {
    Command::new("sh")
        .arg("-c")
        .arg(command)
        .current_dir(folder)
        .env_remove("POLICY_FILE")
        .output()
        .unwrap()
}

#[test]
fn the_projects_own_ci_is_the_command_of_the_readme() {
    let script = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let command = script.lines().last().unwrap();
    assert!(fences("sh").iter().any(|fence| fence == command), "{command}");
}
