//! AWS's own SDKs as clients of `channel-flow serve`: what the sender and the members see of a
//! message that the policy leaves alone, changes or denies.
#![expect(clippy::panic, reason = "a failed step is a failed test")]

use std::process::Command;

use acceptance::{Service, node, root, tool};

const POLICY: &str = r#"
[[rule]]
id = "cards"
detect = "payment-card"
action = "redact"
with = "mask"
mask = { keep-last = 4 }

[[rule]]
id = "insults"
detect = "word-list"
action = "deny"
options = { words = ["nincompoop"] }
"#;

// The last digit of a card is what checks the others.
const SAME: &str = "my order is 4111 1111 1111 1112: \"grüße\" 👋";
const CHANGED: &str = "my card is 4111 1111 1111 1111";
const EXPECTED: &str = "my card is **** **** **** 1111";
const DENIED: &str = "what a nincompoop";

/// Runs a client, which says itself what is not as it should be.
fn run(client: &mut Command, expected: &[&str]) {
    let service = Service::start(POLICY);
    client.arg(service.url());
    client.args(["--same", SAME, "--changed", CHANGED, "--denied", DENIED]).args(expected);
    let name = client.get_program().display().to_string();
    let output = client
        .output()
        .unwrap_or_else(|error| panic!("{name} does not run: {error}: run `tests/tools.sh`"));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("DENIED"),
        "{name} at {}, {}\n{printed}{}",
        service.url(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_sdk_for_python_sees_what_the_policy_says() {
    let mut python = Command::new(tool("python"));
    run(python.arg(root().join("tests/python/serve_client.py")), &[]);
}

#[test]
fn the_sdk_for_javascript_and_its_sessions_see_what_the_policy_says() {
    run(node().arg(root().join("tests/js/serve_client.mjs")), &["--expected", EXPECTED]);
}
