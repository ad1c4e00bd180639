//! How well `profanity` finds what the public sets hold, and how often it errs.

use std::path::Path;
use std::{fs, io};

use rules::policy::NoResources;
use rules::{Message, Policy, Progress};
use serde_json::Value;

/// One measure: what was counted, of how many.
pub(crate) struct Measure {
    /// What is measured, for a table.
    pub(crate) name: &'static str,
    /// How many cases came out as the measure counts them.
    pub(crate) count: usize,
    /// How many cases there are.
    pub(crate) of: usize,
    /// The texts of the cases that came out wrong.
    pub(crate) wrong: Vec<String>,
}

/// The policy that is measured: the detector as it comes.
const POLICY: &str = "[[rule]]\nid = 'words'\ndetect = 'profanity'\naction = 'flag'\n";

/// Measures the detector over the sets in `corpora`.
///
/// # Errors
/// When a set cannot be read.
pub(crate) fn measure(corpora: &Path) -> io::Result<Vec<Measure>> {
    let policy = Policy::load(POLICY, &NoResources).map_err(io::Error::other)?;
    let flagged = |text: &str| match policy.evaluate(&Message::text(text)) {
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
    let sets = [
        ("evasion: found", true, bad),
        ("evasion: flagged, but clean", false, fine),
        ("disguised profanity: found", true, set("profanity_positive.jsonl")?),
        ("clean phrases: flagged", false, set("profanity_negative.jsonl")?),
        ("trap phrases: flagged", false, set("trap_phrases.jsonl")?),
        ("everyday chat: flagged", false, ham),
    ];
    Ok(sets
        .into_iter()
        .map(|(name, wanted, rows)| {
            let text = |row: &Value| row.get("text").and_then(Value::as_str).map(str::to_owned);
            let texts: Vec<String> = rows.iter().filter_map(text).collect();
            let of = texts.len();
            let mut count = 0;
            let mut wrong = Vec::new();
            for text in texts {
                let found = flagged(&text);
                count += usize::from(found);
                if found != wanted {
                    wrong.push(text);
                }
            }
            Measure { name, count, of, wrong }
        })
        .collect())
}

/// The rows of a file of JSON lines.
fn rows(path: &Path) -> io::Result<Vec<Value>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(io::Error::other)).collect()
}
