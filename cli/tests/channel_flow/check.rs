//! `check`: every mistake, each at its place.

use serde_json::{Value, json};

use crate::stage::Stage;

/// Ten mistakes, each with its code, line and column.
const BROKEN: &str = r#"[settings]
placeholdr = "x"

[[rule]]
id = "a"
detect = "patern"
action = "deny"

[[rule]]
id = "a"
detect = "size-limit"
action = "redact"
options = { content = 9 }

[[rule]]
id = "größe"
detect = "pattern"
action = "deny"
options = { patterns = ["é(", "b*"] }
when = {}

[[rule]]
detect = "pattern"
action = "deny"
options = { patterns = 'x' }

[[test]]
name = "t"
message = "x"
expect = { deny = "nope" }
"#;

const PLACES: [(&str, u64, u64); 10] = [
    ("unknown-key", 2, 1),
    ("unknown-detector", 6, 10),
    ("duplicate-id", 10, 6),
    ("unsupported-action", 12, 10),
    ("invalid-id", 16, 6),
    ("invalid-pattern", 19, 25),
    ("pattern-matches-empty", 19, 31),
    ("invalid-condition", 20, 8),
    ("missing-key", 22, 1),
    ("unknown-rule", 30, 10),
];

fn stage(name: &str) -> Stage {
    Stage::with_policy(name, BROKEN)
}

#[test]
fn every_mistake_is_drawn_with_code_place_and_help() {
    let ran = stage("check-text").run(&["check"]);
    let out = ran.out(2);
    for (code, line, column) in PLACES {
        assert!(out.contains(&format!("error[{code}]")), "{code}: {out}");
        assert!(out.contains(&format!("policy.toml:{line}:{column}\n")), "{code}: {out}");
    }
    assert_eq!(out.matches("error[").count(), PLACES.len(), "{out}");
    assert!(out.contains("19 | options = { patterns = [\"é(\", \"b*\"] }"), "{out}");
    assert!(out.contains("used first here"), "a second place explains the first: {out}");
    assert!(out.contains("help: did you mean `pattern`?"), "{out}");
    assert!(out.ends_with("policy.toml: 10 mistakes\n"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colours where no terminal is");
    assert_eq!(ran.stderr, "");
}

#[test]
fn json_gives_places_in_bytes_lines_and_columns() {
    let report = stage("check-json").run(&["check", "--format", "json"]).json(2);
    assert_eq!(report["policy"], "policy.toml");
    let found: Vec<_> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let label = &one["labels"][0];
            (
                one["code"].as_str().unwrap(),
                label["line"].as_u64().unwrap(),
                label["column"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, PLACES);
    // Behind a line with letters of two bytes, bytes and columns part.
    let pattern = &report["diagnostics"][6]["labels"][0];
    let range = |key: &str| usize::try_from(pattern[key].as_u64().unwrap()).unwrap();
    assert_eq!(&BROKEN[range("start")..range("end")], "\"b*\"");
    assert_eq!(pattern["end_column"], 35);
}

#[test]
fn sarif_has_a_result_with_a_region_for_each_mistake() {
    let log = stage("check-sarif").run(&["check", "--format", "sarif", "./policy.toml"]).json(2);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), PLACES.len());
    for (result, (code, line, column)) in results.iter().zip(PLACES) {
        assert_eq!(result["ruleId"], code);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], code);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "policy.toml");
        assert_eq!(place["region"]["startLine"], line);
        assert_eq!(place["region"]["startColumn"], column);
    }
    assert_eq!(results[2]["relatedLocations"][0]["message"]["text"], "used first here");
}

#[test]
fn a_policy_without_mistakes_is_fine_in_every_format() {
    let stage = Stage::with_policy(
        "check-fine",
        "[[rule]]\nid = 'a'\ndetect = 'metadata'\naction = 'deny'\noptions = { required = ['k'] }\n",
    );
    assert!(stage.run(&["check"]).out(0).starts_with("policy.toml: no mistakes"));
    let report = stage.run(&["check", "--format", "json"]).json(0);
    assert_eq!(report["diagnostics"], json!([]));
    assert_eq!(report["revision"].as_str().map(str::len), Some(12));
    let log = stage.run(&["check", "--format", "sarif"]).json(0);
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn a_file_that_the_policy_names_is_looked_for_beside_it() {
    let stage = Stage::new("check-elsewhere");
    let rule = "[[rule]]\nid = 'a'\ndetect = 'word-list'\naction = 'deny'\n";
    stage.file("deep/er/policy.toml", &format!("{rule}options = {{ files = 'words.txt' }}\n"));
    let missing = stage.run(&["check", "deep/er/policy.toml"]);
    assert!(missing.out(2).contains("error[missing-file]"), "{missing:?}");
    assert!(missing.stdout.contains("deep/er/policy.toml:5:"), "{missing:?}");
    stage.file("deep/er/words.txt", "darn\n");
    stage.run(&["check", "deep/er/policy.toml"]).out(0);
}

#[test]
fn many_mistakes_in_a_long_policy_take_no_more_than_their_lines() {
    // Drawing each mistake over the whole text would take minutes.
    let rule = "[[rule]]\nid = 'same'\ndetect = 'nothing-like-it'\naction = 'deny'\n\n";
    let stage = Stage::with_policy("check-long", &rule.repeat(5_000));
    let ran = stage.run(&["check"]);
    assert!(ran.out(2).ends_with("policy.toml: 9999 mistakes\n"));
}

#[test]
fn a_code_is_explained() {
    let stage = Stage::new("check-explain");
    let ran = stage.run(&["check", "--explain", "mask-matches-rule"]);
    assert!(ran.out(0).starts_with("mask-matches-rule\n\nWhat a redaction writes"), "{ran:?}");
    let ran = stage.run(&["check", "--explain", "mask-matches"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("mask-matches-rule"), "a near name is proposed: {ran:?}");
}

#[test]
fn colours_are_used_only_when_asked_for() {
    let stage = stage("check-colour");
    assert!(stage.run(&["check", "--color", "always"]).out(2).contains("\u{1b}["));
    let mut command = stage.command(&["check"]);
    command.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1");
    assert!(!crate::stage::feed(command, b"").out(2).contains('\u{1b}'));
}

#[test]
fn a_policy_without_rules_is_no_mistake_and_is_warned_of() {
    let warning = "warning: `policy.toml` has no rules, so every message passes as it is";
    let stage = Stage::with_policy("check-empty", "");
    for format in ["text", "json", "sarif"] {
        let ran = stage.run(&["check", "--format", format]);
        ran.out(0);
        assert!(ran.stderr.starts_with(warning), "{ran:?}");
    }
    let rule = "[[rule]]\nid = 'a'\ndetect = 'link'\naction = 'deny'\n";
    let ran = Stage::with_policy("check-not-empty", rule).run(&["check"]);
    assert_eq!(ran.stderr, "", "{ran:?}");
}
