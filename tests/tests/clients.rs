//! AWS's own SDKs as clients of `channel-flow serve`: what the sender and the members see of a
//! message that the policy leaves alone, changes or denies.

use std::process::Command;

use acceptance::{Service, node, root, tool};

const POLICY: &str = r#"
[[rule]]
id = "cards"
detect = "pattern"
action = "redact"
with = "fixed"
fixed = "[card]"
options = { patterns = '\b\d{4} \d{4} \d{4} \d{4}\b' }

[[rule]]
id = "insults"
detect = "word-list"
action = "deny"
options = { words = ["nincompoop"] }
"#;

const SAME: &str = "my order is 4111, 1111 of them: \"grüße\" 👋";
const CHANGED: &str = "my card is 4111 1111 1111 1111";
const EXPECTED: &str = "my card is [card]";
const DENIED: &str = "what a nincompoop";

/// Runs a client, which says itself what is not as it should be.
fn run(client: &mut Command, expected: &[&str]) {
    let service = Service::start(POLICY);
    client.arg(service.url());
    client.args(["--same", SAME, "--changed", CHANGED, "--denied", DENIED]).args(expected);
    let output = client.output();
    let output = output.unwrap_or_else(|error| {
        panic!("{:?} does not run: {error}: run `tests/tools.sh`", client.get_program())
    });
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("DENIED"),
        "{:?} at {}, {}\n{printed}{}",
        client.get_program(),
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
