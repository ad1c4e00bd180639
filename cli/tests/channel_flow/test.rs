//! `test`: the policy's own tests.

use serde_json::json;

use crate::stage::Stage;

const POLICY: &str = r#"
[[rule]]
id = "tickets"
detect = "pattern"
action = "redact"
with = "fixed"
fixed = "[ticket]"
options = { patterns = '\bSEC-\d+\b' }

[[test]]
name = "a ticket is hidden"
message = "see SEC-1"
expect = { update = "see [ticket]" }

[[test]]
name = "wrong <&> \u001B[2J"
message = "see SEC-1 \u0001"
expect = { update = "see \"[tocket]\"" }

[[test]]
name = "known miss"
message = "see S E C 1"
expect = { update = "see [ticket]" }
todo = true
"#;

fn stage(name: &str) -> Stage {
    Stage::with_policy(name, POLICY)
}

#[test]
fn a_failed_test_says_where_and_how_it_differs() {
    let ran = stage("test-text").run(&["test"]);
    let out = ran.out(1);
    assert!(out.contains("ok    a ticket is hidden\n"), "{out}");
    assert!(out.contains("FAIL  wrong <&> \\u{1b}[2J  policy.toml:16\n"), "{out}");
    assert!(
        out.contains("content: expected \"see \\\"[tocket]\\\"\", got \"see [ticket] \\u{1}\""),
        "{out}"
    );
    assert!(out.contains("todo  known miss\n"), "{out}");
    assert!(out.ends_with("policy.toml: 1 passed, 1 failed, 1 todo\n"), "{out}");
}

#[test]
fn the_tests_to_run_can_be_chosen() {
    let stage = stage("test-only");
    let out = stage.run(&["test", "--only", "ticket is"]);
    assert!(out.out(0).ends_with("policy.toml: 1 passed\n"), "{out:?}");
    let none = stage.run(&["test", "--only", "no such"]);
    assert_eq!(none.code, 3, "a slip in the name is not a success: {none:?}");
}

#[test]
fn json_counts_and_names() {
    let report = stage("test-json").run(&["test", "--format", "json"]).json(1);
    assert_eq!(
        (&report["passed"], &report["failed"], &report["todo"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(report["tests"][0]["result"], "passed");
    assert_eq!(report["tests"][1]["result"], "failed");
    assert_eq!(report["tests"][1]["line"], 16);
    assert_eq!(report["tests"][1]["differences"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["tests"][2]["result"], "todo");
}

#[test]
fn junit_is_read_back_by_a_reader_of_junit() {
    let ran = stage("test-junit").run(&["test", "--format", "junit"]);
    let report = quick_junit::Report::deserialize_from_str(ran.out(1)).unwrap();
    assert_eq!((report.tests, report.failures, report.errors), (3, 1, 0));
    let suite = &report.test_suites[0];
    assert_eq!(suite.name.as_str(), "policy.toml");
    let names: Vec<_> = suite.test_cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names[0], "a ticket is hidden");
    assert!(!ran.stdout.contains(['\u{1b}', '\u{1}']), "XML takes no control characters");
}

#[test]
fn a_policy_without_tests_says_so() {
    let stage = Stage::with_policy("test-none", "");
    for format in ["text", "json", "junit"] {
        let ran = stage.run(&["test", "--format", format]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains("warning: `policy.toml` has no tests"), "{ran:?}");
    }
    assert_eq!(stage.run(&["test"]).out(0), "policy.toml: no tests\n");
}

#[test]
fn a_broken_policy_is_not_a_failed_test() {
    let stage = Stage::with_policy("test-broken", "[[rule]]\nid = 'a'\n");
    let ran = stage.run(&["test"]);
    assert_eq!(ran.out(2), "");
    assert!(ran.stderr.contains("error[missing-key]"), "{ran:?}");
}

#[test]
fn a_broken_policy_is_an_error_in_every_report() {
    let stage = Stage::with_policy("test-broken-reports", "[[rule]]\nid = 'a'\n");
    let ran = stage.run(&["test", "--format", "junit"]);
    let report = quick_junit::Report::deserialize_from_str(ran.out(2)).unwrap();
    assert_eq!((report.tests, report.failures, report.errors), (1, 0, 1));
    assert!(ran.stdout.contains("missing-key") && ran.stdout.contains("1:1: error"), "{ran:?}");
    assert!(ran.stderr.contains("error[missing-key]"), "{ran:?}");
    let report = stage.run(&["test", "--format", "json"]).json(2);
    assert_eq!((&report["passed"], &report["revision"]), (&json!(0), &json!(null)));
    assert_eq!(report["diagnostics"][0]["code"], "missing-key");
    let checked = stage.run(&["check", "--format", "json"]).json(2);
    assert_eq!(report["diagnostics"], checked["diagnostics"]);
}
