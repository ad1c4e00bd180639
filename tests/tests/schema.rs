//! The schema that editors use and the loader that the processor uses agree.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use acceptance::root;
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(root().join("policy.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn json(policy: &str) -> Value {
    toml::from_str::<Value>(policy).unwrap()
}

/// The policies in a page's TOML fences, joined.
fn example(page: &str) -> String {
    let fences = page.split("```toml\n").skip(1);
    fences.map(|fence| fence.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn the_schema_accepts_what_the_loader_accepts() {
    let schema = schema();
    let default = std::fs::read_to_string(root().join("policy.toml")).unwrap();
    let pages = rules::detect::DETECTORS.iter().map(|one| (one.name, example(one.page())));
    for (name, policy) in pages.chain([("policy.toml", default)]) {
        let policy = json(&policy);
        let errors: Vec<String> = schema
            .iter_errors(&policy)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let schema = schema();
    let rule = |rule: Value| json!({ "rule": [rule] });
    let fine = json!({ "id": "r", "detect": "metadata", "action": "deny", "options": { "required": "k" } });
    assert!(schema.is_valid(&rule(fine.clone())));
    for (key, value) in [
        ("id", json!("a b")),
        ("detect", json!("metadaata")),
        ("action", json!("destroy")),
        ("modus", json!("observe")),
        ("mode", json!("off")),
        ("threshold", json!(101)),
        ("fields", json!(["title"])),
        ("when", json!({ "senders": "x" })),
        ("options", json!({ "requires": "k" })),
    ] {
        let mut wrong = fine.clone();
        wrong[key] = value;
        assert!(!schema.is_valid(&rule(wrong)), "{key}");
    }
    for key in ["id", "detect", "action"] {
        let mut wrong = fine.clone();
        wrong.as_object_mut().unwrap().remove(key);
        assert!(!schema.is_valid(&rule(wrong)), "{key} is missing");
    }
}
