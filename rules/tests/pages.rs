//! Every detector's page keeps to its headings, and its example runs.
#![expect(clippy::panic, reason = "a failed step is a failed test")]

use rules::Policy;
use rules::detect::{DETECTORS, Definition};
use rules::policy::NoResources;
use rules::test_case::TestResult;

/// The policies in a page's TOML fences, joined: an example is one policy.
fn example(page: &str) -> String {
    let mut example = String::new();
    let mut fence: Option<bool> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language == "toml"),
            (Some(_), Some(_)) => fence = None,
            (None, Some(true)) => {
                example.push_str(line);
                example.push('\n');
            }
            (None, _) => {}
        }
    }
    assert_eq!(fence, None, "a fence is not closed");
    example
}

fn policy(definition: &Definition) -> Policy {
    let text = example(definition.page());
    Policy::load(&text, &NoResources)
        .unwrap_or_else(|mistakes| panic!("{}:\n{}", definition.name, mistakes.plain(&text)))
}

#[test]
fn pages_keep_to_their_headings() {
    for one in DETECTORS {
        let headings: Vec<&str> = one.page().lines().filter(|line| line.starts_with('#')).collect();
        let title = format!("# {}", one.name);
        let expected = [title.as_str(), "## What it finds", "## Why", "## Example", "## Limits"];
        assert_eq!(headings, expected, "{}", one.name);
    }
}

#[test]
fn the_examples_hold() {
    for one in DETECTORS {
        let policy = policy(one);
        for test in policy.tests() {
            assert_eq!(test.run(&policy), TestResult::Passed, "{}: {}", one.name, test.name());
        }
    }
}

#[test]
fn every_example_has_a_hit_and_a_miss_of_its_detector() {
    for one in DETECTORS {
        let policy = policy(one);
        let (mut hits, mut misses) = (0, 0);
        for test in policy.tests() {
            let verdict = test.verdict(&policy);
            if verdict.findings.iter().any(|finding| finding.detector == one.name) {
                hits += 1;
            } else {
                misses += 1;
            }
        }
        assert!(hits > 0 && misses > 0, "{}: {hits} hits, {misses} misses", one.name);
    }
}
