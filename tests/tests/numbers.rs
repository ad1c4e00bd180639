//! Numbers that others' libraries make and judge: Google's libphonenumber for telephone numbers,
//! python-stdnum for the identifiers of countries.
//!
//! Neither is a part of what is deployed: the metadata of the first alone would be as large as all
//! of the Lambda, and takes longer to load than the Lambda to start.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failed step is a failed test"
)]

use std::collections::BTreeMap;
use std::process::Command;

use acceptance::{root, tool};
use rules::policy::NoResources;
use rules::{Message, Outcome, Policy, Progress};
use serde_json::Value;

/// A message with a number in it.
struct Case {
    detector: String,
    form: String,
    is_valid: bool,
    text: String,
    /// What members see of it.
    seen: Option<String>,
}

/// What came of one detector's cases of one form.
#[derive(Default)]
struct Count {
    all: usize,
    wrong: Vec<String>,
}

fn policy(detector: &str, options: &Value) -> Policy {
    let options = options["regions"].as_array().map_or_else(String::new, |regions| {
        let regions: Vec<String> = regions.iter().map(Value::to_string).collect();
        format!("options = {{ regions = [{}] }}\n", regions.join(", "))
    });
    let text = format!(
        "[[rule]]\nid = \"numbers\"\ndetect = \"{detector}\"\naction = \"redact\"\n\
         with = \"fixed\"\nfixed = \"#\"\n{options}"
    );
    Policy::load(&text, &NoResources).expect("the policy has no mistakes")
}

/// What others made, each as a policy with its detector alone leaves it.
fn cases() -> Vec<Case> {
    let output = Command::new(tool("python"))
        .arg(root().join("tests/python/judged_numbers.py"))
        .output()
        .expect("`tests/tools.sh` installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut policies = BTreeMap::new();
    let lines = String::from_utf8(output.stdout).unwrap();
    let cases = lines.lines().map(|line| {
        let case: Value = serde_json::from_str(line).unwrap();
        let string = |key: &str| case[key].as_str().unwrap().to_owned();
        let key = (string("detector"), case["options"].to_string());
        let policy = policies
            .entry(key)
            .or_insert_with_key(|(detector, _)| policy(detector, &case["options"]));
        let text = string("text");
        let Progress::Done(verdict) = policy.evaluate(&Message::text(text.as_str())) else {
            unreachable!("nobody is asked")
        };
        let seen = match verdict.outcome {
            Outcome::Update(after) => Some(after.content.into_string()),
            _ => None,
        };
        let is_valid = case["valid"].as_bool().unwrap();
        Case { detector: string("detector"), form: string("form"), is_valid, text, seen }
    });
    cases.collect()
}

/// Of each detector and form, how many of those that are valid, or of those that are not, there are,
/// and which come out otherwise than `expected` has it.
fn counts(
    cases: &[Case],
    are_valid: bool,
    expected: impl Fn(&Case) -> bool,
) -> BTreeMap<(&str, &str), Count> {
    let mut counts = BTreeMap::<_, Count>::new();
    for case in cases.iter().filter(|case| case.is_valid == are_valid) {
        let count = counts.entry((case.detector.as_str(), case.form.as_str())).or_default();
        count.all += 1;
        if !expected(case) {
            count.wrong.push(format!("{} -> {:?}", case.text, case.seen));
        }
    }
    counts
}

/// Whether the number is gone, all of it, and nothing else.
fn is_hidden(case: &Case) -> bool {
    let Some(seen) = case.seen.as_deref().and_then(|seen| seen.split_once('#')) else {
        return false;
    };
    let around = case.text.starts_with(seen.0) && case.text.ends_with(seen.1);
    let is_number = |character: char| character.is_ascii_digit();
    around && !seen.0.contains(is_number) && !seen.1.contains(is_number)
}

#[test]
fn what_others_call_valid_is_found_and_what_they_call_wrong_is_not() {
    let cases = cases();
    let mut bad = Vec::new();
    for ((detector, form), count) in counts(&cases, true, is_hidden) {
        // Of telephone numbers a few are longer than their country's plan has had them for years.
        let most = if detector == "phone-number" { count.all / 100 } else { 0 };
        assert!(count.all >= 40, "{detector}, {form}: {}", count.all);
        if count.wrong.len() > most {
            let some: Vec<_> = count.wrong.iter().take(5).collect();
            bad.push(format!("{detector}, {form}: {} missed: {some:?}", count.wrong.len()));
        }
    }
    // A check digit that is not there for everybody does not count against a number: their pages say
    // so.
    for ((detector, form), count) in counts(&cases, false, |case| case.seen.is_none()) {
        if !count.wrong.is_empty() {
            let some: Vec<_> = count.wrong.iter().take(5).collect();
            bad.push(format!("{detector}, {form}: {} found: {some:?}", count.wrong.len()));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
