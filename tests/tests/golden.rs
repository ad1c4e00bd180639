//! The golden policies: what must come out, in the same format and by the same runner that users
//! have.

use acceptance::root;
use rules::Policy;
use rules::policy::{NoResources, Resources};
use rules::test_case::TestResult;

/// A key for the golden hashes.
struct Key;

impl Resources for Key {
    fn file(&self, path: &str) -> Result<String, String> {
        NoResources.file(path)
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "HASH_KEY").then(|| "a key for golden tests".to_owned())
    }
}

#[test]
fn every_golden_policy_holds() {
    let mut policies = 0;
    for entry in std::fs::read_dir(root().join("tests/golden")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let policy = Policy::load(&text, &Key)
            .unwrap_or_else(|mistakes| panic!("{}:\n{}", path.display(), mistakes.plain(&text)));
        assert!(policy.tests().len() > 4, "{} tests little", path.display());
        for test in policy.tests() {
            let result = test.run(&policy);
            assert_eq!(result, TestResult::Passed, "{}: {}", path.display(), test.name());
        }
        policies += 1;
    }
    assert!(policies >= 3);
}
