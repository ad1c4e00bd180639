//! Which policy is used.

use crate::stage::{Stage, feed};

fn policy(id: &str) -> String {
    format!(
        "[[rule]]\nid = '{id}'\ndetect = 'pattern'\naction = 'deny'\noptions = {{ patterns = 'x' }}\n"
    )
}

#[test]
fn the_option_goes_before_the_environment_and_that_before_the_folder() {
    let stage = Stage::with_policy("lookup", &policy("folder"));
    stage.file("option.toml", &policy("option"));
    stage.file("environment.toml", &policy("environment"));
    let message = b"{\"content\":\"x\"}";
    let decided = |arguments: &[&str], environment: Option<&str>| {
        let mut command = stage.command(arguments);
        command.envs(environment.map(|path| ("POLICY_FILE", path)));
        let ran = feed(command, message);
        (ran.lines(0)[0]["rule"].as_str().unwrap().to_owned(), ran.stderr)
    };
    assert_eq!(decided(&["eval"], None).0, "folder");
    assert_eq!(decided(&["eval"], Some("")).0, "folder");
    assert_eq!(decided(&["eval"], Some("environment.toml")).0, "environment");
    let (rule, stderr) = decided(&["eval", "-v", "-p", "option.toml"], Some("environment.toml"));
    assert_eq!((rule.as_str(), stderr.as_str()), ("option", "policy: option.toml\n"));
}

#[test]
fn a_policy_that_is_not_there_is_a_usage_error_that_names_it() {
    let ran = Stage::new("lookup-missing").run(&["eval", "--policy", "none.toml"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("`none.toml` cannot be read"), "{ran:?}");
}

#[test]
fn the_policy_may_take_a_secret_from_the_environment() {
    let text = "[[rule]]\nid = 'a'\ndetect = 'pattern'\naction = 'redact'\nwith = 'hash'\noptions = { patterns = 'x' }\n";
    let stage = Stage::with_policy("lookup-secret", text);
    assert!(stage.run(&["check"]).out(2).contains("error[no-hash-key]"));
    let mut command = stage.command(&["check"]);
    command.env("HASH_KEY", "0123456789abcdef");
    feed(command, b"").out(0);
}
