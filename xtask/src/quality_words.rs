//! How well `profanity` and `secrets` find what the public sets hold, and how often they err.

use std::path::Path;
use std::{fs, io};

use rules::policy::NoResources;
use rules::{Message, Policy, Progress};
use serde_json::Value;

/// One measure: what was counted, of how many.
pub(crate) struct Measure {
    /// The detector.
    pub(crate) detector: &'static str,
    /// What is measured, for a table.
    pub(crate) name: &'static str,
    /// How many cases came out as the measure counts them.
    pub(crate) count: usize,
    /// How many cases there are.
    pub(crate) of: usize,
    /// The texts of the cases that came out wrong.
    pub(crate) wrong: Vec<String>,
}

/// A policy of one detector as it comes.
fn policy(detector: &str) -> io::Result<Policy> {
    let text = format!("[[rule]]\nid = 'r'\ndetect = '{detector}'\naction = 'flag'\n");
    Policy::load(&text, &NoResources).map_err(io::Error::other)
}

/// Measures the detectors over the sets in `corpora`.
///
/// # Errors
/// When a set cannot be read.
pub(crate) fn measure(corpora: &Path) -> io::Result<Vec<Measure>> {
    let profanity = ("profanity", &policy("profanity")?);
    let secrets = ("secrets", &policy("secrets")?);
    let flagged = |policy: &Policy, text: &str| match policy.evaluate(&Message::text(text)) {
        Progress::Done(verdict) => !verdict.findings.is_empty(),
        Progress::Asks(_) => false,
    };
    let set = |name: &str| rows(&corpora.join(name));
    let evasion = set("evasion.jsonl")?;
    let (bad, fine): (Vec<_>, Vec<_>) =
        evasion.into_iter().partition(|row| row.get("flag").and_then(Value::as_bool) == Some(true));
    let ham = set("sms.jsonl")?
        .into_iter()
        .filter(|row| row.get("label").and_then(Value::as_str) == Some("ham"))
        .collect();
    let (leaks, samples): (Vec<_>, Vec<_>) = set("secrets.jsonl")?
        .into_iter()
        .partition(|row| row.get("secret").and_then(Value::as_bool) == Some(true));
    let sets = [
        (profanity, "evasion: found", true, bad),
        (profanity, "evasion: flagged, but clean", false, fine),
        (profanity, "disguised profanity: found", true, set("profanity_positive.jsonl")?),
        (profanity, "clean phrases: flagged", false, set("profanity_negative.jsonl")?),
        (profanity, "trap phrases: flagged", false, set("trap_phrases.jsonl")?),
        (profanity, "everyday chat: flagged", false, ham),
        (secrets, "secrets: found", true, leaks),
        (secrets, "what looks like secrets: flagged", false, samples),
    ];
    Ok(sets
        .into_iter()
        .map(|((detector, policy), name, wanted, rows)| {
            let text = |row: &Value| row.get("text").and_then(Value::as_str).map(str::to_owned);
            let texts: Vec<String> = rows.iter().filter_map(text).collect();
            let of = texts.len();
            let mut count = 0;
            let mut wrong = Vec::new();
            for text in texts {
                let found = flagged(policy, &text);
                count += usize::from(found);
                if found != wanted {
                    wrong.push(text);
                }
            }
            Measure { detector, name, count, of, wrong }
        })
        .collect())
}

/// The rows of a file of JSON lines.
fn rows(path: &Path) -> io::Result<Vec<Value>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}
