//! `detectors` and `schema`: what a policy can say.

use rules::detect::DETECTORS;

use crate::stage::Stage;

#[test]
fn every_detector_is_listed() {
    let stage = Stage::new("detectors-list");
    let ran = stage.run(&["detectors"]);
    let names: Vec<_> =
        ran.out(0).lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, DETECTORS.iter().map(|one| one.name).collect::<Vec<_>>());
    let all = stage.run(&["detectors", "--json"]).json(0);
    assert_eq!(all.as_array().map(Vec::len), Some(DETECTORS.len()));
}

#[test]
fn a_detector_has_a_page_and_a_schema_of_its_options() {
    let stage = Stage::new("detectors-one");
    for one in DETECTORS {
        assert_eq!(stage.run(&["detectors", one.name]).out(0).trim_end(), one.page().trim_end());
        let entry = stage.run(&["detectors", one.name, "--json"]).json(0);
        assert_eq!(entry["name"], one.name);
        assert_eq!(entry["options"]["type"], "object", "{}", one.name);
    }
}

#[test]
fn an_unknown_detector_is_a_usage_error() {
    let ran = Stage::new("detectors-unknown").run(&["detectors", "no-such"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("`no-such`; `channel-flow detectors` lists them"), "{ran:?}");
    let ran = Stage::new("detectors-like").run(&["detectors", "emails"]);
    ran.out(3);
    assert!(ran.stderr.contains("did you mean `email-address`?"), "{ran:?}");
}

#[test]
fn the_schema_is_that_of_the_rules() {
    let schema = Stage::new("schema").run(&["schema"]).json(0);
    assert_eq!(schema, rules::policy::json_schema());
}
