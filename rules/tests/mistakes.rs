//! The loader reports every mistake of a policy at once, each with its place, and never panics.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failed step is a failed test")]

use proptest::prelude::*;
use rules::Policy;
use rules::policy::{Code, NoResources, Resources};

/// Code, line and column of every mistake, in order.
fn mistakes(text: &str) -> Vec<(&'static str, String)> {
    let Err(mistakes) = Policy::load(text, &NoResources) else { return Vec::new() };
    let placed = |one: &rules::policy::Diagnostic| {
        let (line, column) = rules::policy::position(text, one.labels[0].range.start);
        (one.code.name(), format!("{line}:{column}"))
    };
    mistakes.0.iter().map(placed).collect()
}

fn help(text: &str) -> String {
    Policy::load(text, &NoResources).unwrap_err().0[0].help.clone().unwrap_or_default()
}

#[test]
fn a_policy_full_of_mistakes_gets_all_of_them_at_once() {
    let text = r#"
colour = "red"
[[rule]]
id = "a b"
detect = "patern"
action = "redact"
modus = "observe"

[[rule]]
id = "size"
detect = "size-limit"
action = "redact"
options = { content = "many", metadata = 3, unitt = "bytes" }

[[rule]]
id = "size"
detect = ["pattern", "pattern"]
action = "deny"
mask = { keep-last = 4 }
options = { patterns = ["(", "x*", "fine"] }
when = {}
threshold = 101

[[rule]]
detect = "metadata"
action = "destroy"
fields = []

[[test]]
name = "t"
message = 7
expect = { update = "x", deny = true }
"#;
    let expected = [
        ("unknown-key", "2:1"),
        ("invalid-id", "4:6"),
        ("duplicate-id", "17:22"),
        ("unknown-detector", "5:10"),
        ("unknown-key", "7:1"),
        ("unsupported-action", "12:10"),
        ("wrong-type", "13:23"),
        ("unknown-key", "13:45"),
        ("duplicate-id", "16:6"),
        ("unused-key", "19:8"),
        ("invalid-pattern", "20:25"),
        ("pattern-matches-empty", "20:30"),
        ("invalid-condition", "21:8"),
        ("invalid-option", "22:13"),
        ("missing-key", "24:1"),
        ("missing-key", "24:1"),
        ("invalid-option", "26:10"),
        ("unused-key", "27:10"),
        ("empty-list", "27:10"),
        ("wrong-type", "31:11"),
    ];
    let found = mistakes(text);
    let found: Vec<_> = found.iter().map(|(code, place)| (*code, place.as_str())).collect();
    let mut expected = expected.to_vec();
    let mut found = found;
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_misspelt_name_gets_the_right_one_as_help() {
    let rule = "[[rule]]\nid = 'r'\ndetect = 'patern'\naction = 'deny'\n";
    assert_eq!(help(rule), "did you mean `pattern`?");
    let key =
        "[[rule]]\nid = 'r'\ndetect = 'size-limit'\naction = 'deny'\noptions = { contnet = 3 }\n";
    assert_eq!(help(key), "did you mean `content`?");
}

#[test]
fn each_kind_of_value_is_taken_for_no_other() {
    for (entry, column) in [
        ("mask = ['#', 4]", 8),
        ("mask = { keep-last = '4' }", 22),
        ("mask = { character = 4 }", 22),
        ("with = 3", 8),
        ("with = ['mask']", 8),
        ("fields = 'content'", 10),
        ("fixed = 1979-05-27", 9),
        ("threshold = 0.5", 13),
        ("threshold = 99999999999999999999", 13),
    ] {
        let text = format!("[[rule]]\nid = 'r'\ndetect = 'iban'\naction = 'redact'\n{entry}\n");
        let wrong: Vec<_> =
            mistakes(&text).into_iter().filter(|(code, _)| *code != "unused-key").collect();
        assert_eq!(wrong, [("wrong-type", format!("5:{column}"))], "{entry}");
    }
}

#[test]
fn what_is_told_is_the_mistake_and_not_what_follows_from_it() {
    for (entry, code, proposal) in [
        ("detect = 'emails'\naction = 'deny'", "unknown-detector", "did you mean `email-address`?"),
        (
            "detect = 'nothing-like-it'\naction = 'deny'",
            "unknown-detector",
            "`channel-flow detectors` lists them",
        ),
        ("detect = ['iban', 'iban']\naction = 'deny'", "duplicate-id", "delete one of them"),
        (
            "detect = 'iban'\naction = 'deny'\noptions = { x = 1 }",
            "unknown-key",
            "there are none; delete it",
        ),
        (
            "detect = 'iban'\naction = 'deny'\nthreshold = 300",
            "invalid-option",
            "write a whole number of at most 255",
        ),
        (
            "detect = 'iban'\naction = 'deny'\nthreshold = -2",
            "invalid-option",
            "write a whole number that is not below 0",
        ),
        (
            "detect = 'iban'\naction = 'deny'\nfields = ['Content']",
            "invalid-option",
            "did you mean `content`?",
        ),
        (
            "detect = 'profanity'\naction = 'deny'\noptions = { categories = ['swear'] }",
            "invalid-option",
            "write one of `profane`, `sexual`, `slur`, `insult`, `threat`, `self-harm`",
        ),
    ] {
        let text = format!("[[rule]]\nid = 'r'\n{entry}\n");
        let codes: Vec<_> = mistakes(&text).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [code], "{entry}");
        assert_eq!(help(&text), proposal, "{entry}");
    }
}

#[test]
fn thresholds_that_no_message_comes_to_are_mistakes() {
    let check = |thresholds: &str, points: &[u32]| -> Vec<(&'static str, String)> {
        let rule = |(index, points): (usize, &u32)| {
            format!(
                "[[rule]]\nid = 'r{index}'\ndetect = 'iban'\naction = 'score'\npoints = {points}\n"
            )
        };
        let rules: String = points.iter().enumerate().map(rule).collect();
        mistakes(&format!("thresholds = {thresholds}\n{rules}"))
    };
    for (thresholds, points) in [
        ("{ deny = 5 }", [2, 3].as_slice()),
        ("{ abort = 5 }", &[5]),
        // From 4 to 9 at one stroke.
        ("{ deny = 5, abort = 9 }", &[4, 5]),
    ] {
        assert_eq!(check(thresholds, points), [], "{thresholds} {points:?}");
    }
    for (thresholds, points, column) in [
        ("{ deny = 6 }", [2, 3].as_slice(), 23),
        ("{ deny = 6 }", &[], 23),
        ("{ deny = 5, abort = 9 }", &[4, 4, 4], 34),
        ("{ deny = 5, abort = 5 }", &[5], 23),
    ] {
        let expected = [("invalid-option", format!("1:{column}"))];
        assert_eq!(check(thresholds, points), expected, "{thresholds} {points:?}");
    }
}

#[test]
fn syntax_errors_do_not_hide_the_other_mistakes() {
    let text = "[[rule]]\nid = 'r'\ndetect = 'nothing'\naction = \n\n[[rule]]\nid = 'r'\n";
    let codes: Vec<_> = mistakes(text).into_iter().map(|(code, _)| code).collect();
    assert!(codes.contains(&"syntax"), "{codes:?}");
    assert!(codes.contains(&"unknown-detector"), "{codes:?}");
    assert!(codes.contains(&"duplicate-id"), "{codes:?}");
}

#[test]
fn a_test_can_only_name_rules_that_are_there() {
    let text =
        "[[test]]\nname = 't'\nmessage = 'x'\nexpect = { deny = 'nobody', rules = ['none'] }\n";
    let codes: Vec<_> = mistakes(text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unknown-rule", "unknown-rule"]);
}

#[test]
fn what_a_rule_writes_must_not_be_matched_by_another() {
    let text = r"
[[rule]]
id = 'tickets'
detect = 'pattern'
action = 'redact'
with = 'fixed'
fixed = 'ticket 000'
options = { patterns = 'SEC-\d+' }

[[rule]]
id = 'numbers'
detect = 'pattern'
action = 'deny'
options = { patterns = '\d{3}' }
";
    let matched = ("mask-matches-rule", "7:9".to_owned());
    assert_eq!(mistakes(text), std::slice::from_ref(&matched));
    let with_another = text.replace("id = 'numbers'", "id = 'numbers'\ncolour = 'red'");
    assert_eq!(mistakes(&with_another), [matched, ("unknown-key", "12:1".to_owned())]);
    let observed = text.replace("action = 'deny'", "action = 'deny'\nmode = 'observe'");
    assert_eq!(mistakes(&observed), []);
}

#[test]
fn a_mask_must_not_be_matched_however_long_it_is() {
    let rules = |pattern: &str, action: &str| {
        format!(
            "[[rule]]\nid = 'cards'\ndetect = 'payment-card'\naction = 'redact'\nwith = 'mask'\n\n\
             [[rule]]\nid = 'stars'\ndetect = 'pattern'\noptions = {{ patterns = '{pattern}' }}\n{action}\n"
        )
    };
    let codes = |text: &str| mistakes(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes(&rules("#{12}", "action = 'deny'")), [""; 0]);
    assert_eq!(codes(&rules(r"\*{12}", "action = 'flag'")), [""; 0]);
    for action in ["action = 'deny'", "action = 'abort'", "action = 'redact'"] {
        assert_eq!(codes(&rules(r"\*{12}", action)), ["mask-matches-rule"], "{action}");
    }
    let points = rules(r"\*{12}", "action = 'score'\npoints = 1") + "[thresholds]\ndeny = 1\n";
    assert_eq!(codes(&points), ["mask-matches-rule"]);
}

#[test]
fn a_mistake_says_what_to_write_instead() {
    let rule = |keys: &str| format!("[[rule]]\nid = 'r'\naction = 'deny'\n{keys}\n");
    let test = |keys: &str| rule("detect = 'link'") + &format!("[[test]]\nname = 't'\n{keys}\n");
    for (text, what, help) in [
        (
            rule("detect = 'mention-limit'\noptions.most = '5'"),
            "this is a string, not a whole number",
            "digits alone",
        ),
        (
            rule("detect = 'capitals-limit'\noptions.percent = 1.5"),
            "a number with a fraction",
            "digits alone",
        ),
        (rule("detect = 'link'\nthreshold = 'high'"), "not a whole number", "digits alone"),
        (
            rule("detect = 'link'\nfields = 'content'"),
            "this is a string, not a list",
            "in brackets",
        ),
        (rule("detect = 'link'\nallow = 'x'"), "this is a string, not a table", "in braces"),
        (rule("detect = 'link'\nconfidence = 70"), "`confidence` is not", "`threshold`"),
        (rule("detect = 'link'\nblock = ['x.example']"), "`block` is not", "`options = { … }`"),
        (rule("detect = 'link, iban'"), "no detector", "[\"link\", \"iban\"]"),
        (
            rule("detect = ['link', 'iban']\noptions.block = ['x.example']"),
            "not a detector of",
            "{ block = … }",
        ),
        (rule("detect = 'pattern'\noptions.patterns = '[a-'"), "unclosed", "a backslash before"),
        (rule("detect = 'pattern'\noptions.patterns = '(?=a)'"), "look-around", "linear time"),
        (rule("detect = 'pattern'\noptions.patterns = \"\\d\""), "escaped value", "single quotes"),
        (rule("detect = “link”"), "must be quoted", "straight quotes"),
        (
            rule("detect = 'link'\nmode = 'enforce'\nmode = 'observe'"),
            "duplicate key",
            "one of the two",
        ),
        (test("message = 'm'\nexpect = { pass = false }"), "says nothing", "`deny = true`"),
        (test("message = 'm'\nexpect = {}"), "expects nothing", "write what comes out"),
        (test("message = 5\nexpect = 'pass'"), "a whole number, not a table", "in braces"),
    ] {
        let mistakes = Policy::load(&text, &NoResources).err().unwrap().plain(&text);
        assert!(mistakes.contains(what) && mistakes.contains(help), "{mistakes}");
    }
    let torn = "[[rule]\nid = 'r'\ndetect = 'link'\naction = 'deny'\n";
    assert_eq!(mistakes(torn), [("syntax", "1:8".to_owned())]);
}

struct Secret(&'static str);
impl Resources for Secret {
    fn file(&self, path: &str) -> Result<String, String> {
        NoResources.file(path)
    }
    fn secret(&self, name: &str) -> Option<String> {
        (name == "HASH_KEY").then(|| self.0.to_owned())
    }
}

#[test]
fn a_hash_needs_a_key() {
    let text = "[[rule]]\nid = 'r'\ndetect = 'pattern'\naction = 'redact'\nwith = 'hash'\noptions = { patterns = 'x' }\n";
    assert_eq!(mistakes(text), [("no-hash-key", "5:8".to_owned())]);

    assert!(Policy::load(text, &Secret("sixteen bytes long")).is_ok());
    assert!(Policy::load(text, &Secret("short")).is_err());
}

#[test]
fn points_need_thresholds_and_an_allow_list_entries() {
    let text = "[settings]\nallow = { words = [' '] }\n[[rule]]\nid = 'r'\ndetect = 'pattern'\naction = 'score'\npoints = 0\nallow = { patterns = '(' }\noptions = { patterns = 'x' }\n";
    let codes: Vec<_> = mistakes(text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["empty-list", "missing-key", "invalid-option", "invalid-pattern"]);
    let text = "[[rule]]\nid = 'r'\ndetect = 'pattern'\naction = 'deny'\npoints = 2\noptions = { patterns = 'x' }\n";
    assert_eq!(mistakes(text), [("unused-key", "5:10".to_owned())]);
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert_eq!(mistakes("\u{feff}[[test]]\nname = 't'\nmessage = 'x'\nexpect = 'pass'\n"), []);
}

#[test]
fn a_policy_with_too_many_rules_is_refused_in_bounded_time() {
    let rule = |number: usize| {
        format!(
            "[[rule]]\nid = 'r{number}'\ndetect = 'size-limit'\naction = 'deny'\noptions.content = 9\n"
        )
    };
    let fits: String = (0..10_000).map(rule).collect();
    assert_eq!(mistakes(&fits), []);
    let more: String = (0..10_001).map(rule).collect();
    assert_eq!(mistakes(&more), [("too-large", "50001:1".to_owned())]);
}

#[test]
fn an_empty_policy_passes_everything() {
    assert_eq!(mistakes(""), []);
}

#[test]
fn every_code_explains_itself() {
    for code in Code::ALL {
        assert!(code.explain().ends_with('.'), "{code}");
        assert!(code.explain().len() > 60, "{code}");
    }
}

const SEED: &str = r#"
[settings]
placeholder = "[gone]"
[[rule]]
id = "a"
detect = ["pattern", "size-limit"]
action = "deny"
threshold = 30
unless = { sender = ["*/user/m-*"], metadata = { "a.b" = "c*" } }
options = { pattern = { patterns = ["a+"] }, size-limit = { content = 5 } }
[[rule]]
id = "b"
detect = "webhook"
action = "flag"
on-error = "continue"
options = { url = "https://x.example", timeout-ms = 5 }
[[test]]
name = "t"
message = { content = "b", push = { title = "t" }, attributes = { k = ["v"] } }
answers = { b = { flagged = true } }
expect = { outcome = "pass", rules = ["b"] }
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_loader_never_panics(
        cuts in prop::collection::vec((0usize..900, 0usize..30, "[a-z0-9\\[\\]{}='\",.#\n\\\\é-]{0,6}"), 1..5),
    ) {
        let mut text: Vec<char> = SEED.chars().collect();
        for (at, length, by) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, by.chars());
        }
        let text: String = text.into_iter().collect();
        if let Err(mistakes) = Policy::load(&text, &NoResources) {
            prop_assert!(!mistakes.0.is_empty());
            for one in mistakes.0 {
                prop_assert!(!one.labels.is_empty());
                prop_assert!(one.labels.iter().all(|label| label.range.end <= text.len()));
                prop_assert!(!one.message.is_empty());
            }
        }
    }

    #[test]
    fn any_text_is_loaded_or_refused(text in "\\PC{0,80}") {
        drop(Policy::load(&text, &NoResources));
    }
}

#[test]
fn the_seed_of_the_mutations_has_no_mistake() {
    if let Err(mistakes) = Policy::load(SEED, &NoResources) {
        panic!("{}", mistakes.plain(SEED));
    }
}
