//! The loader, over a policy's text.

use rules::Policy;
use rules::policy::{Diagnostic, Resources};

/// A folder with one file and one secret.
struct Folder;

impl Resources for Folder {
    fn file(&self, path: &str) -> Result<String, String> {
        let words = "# words\nfoo\n*bar*\nfree money\n";
        (path == "words.txt").then(|| words.to_owned()).ok_or_else(|| "it is not there".to_owned())
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "HASH_KEY").then(|| "a key of thirty-two characters ..".to_owned())
    }
}

/// A text is a policy, whose tests then run, or it has mistakes, each with a place in it.
///
/// # Panics
/// Where that does not hold.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Policy::load(text, &Folder) {
        Ok(policy) => {
            assert_eq!(policy.revision().len(), 12, "a revision has twelve digits");
            for test in policy.tests() {
                let _result = test.run(&policy);
            }
        }
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "a policy is refused for a reason");
            assert!(mistakes.plain(text).lines().count() >= mistakes.0.len(), "a line each");
            mistakes.0.iter().for_each(|mistake| placed(text, mistake));
        }
    }
}

fn placed(text: &str, mistake: &Diagnostic) {
    let code = mistake.code;
    assert!(!mistake.message.is_empty(), "{code} says nothing");
    assert!(!mistake.labels.is_empty(), "{code} has no place");
    for label in &mistake.labels {
        assert!(text.get(label.range.clone()).is_some(), "{code} at {:?}", label.range);
    }
}
