//! `explain`: why a message comes out as it does.

use serde_json::json;

use crate::stage::Stage;

const POLICY: &str = r#"
[[rule]]
id = "tickets"
detect = "pattern"
action = "redact"
with = "remove"
options = { patterns = 'SEC-\d+' }

[[rule]]
id = "moderators"
detect = "pattern"
action = "deny"
options = { patterns = 'x' }
when = { sender = ["*/user/moderator-*"] }

[[rule]]
id = "long"
detect = "size-limit"
action = "deny"
options = { content = 12 }

[[rule]]
id = "never"
detect = "pattern"
action = "flag"
options = { patterns = 'y' }
"#;

fn stage(name: &str) -> Stage {
    Stage::with_policy(name, POLICY)
}

#[test]
fn it_tells_rule_by_rule_what_was_found_skipped_and_not_reached() {
    let ran = stage("explain-deny").run(&["explain", "--content", "é SEC-12 \u{1b}[2J and more"]);
    let out = ran.out(0);
    assert!(out.starts_with("deny, decided by long\n"), "{out}");
    assert!(
        out.contains("1. tickets (pattern; redact)\n   content 3..9 \"SEC-12\"  counts"),
        "{out}"
    );
    assert!(out.contains("confidence 100 of 50 needed"), "{out}");
    assert!(out.contains("+100  the expression matches"), "{out}");
    assert!(
        out.contains("2. moderators (pattern; deny) skipped: its `when` does not hold"),
        "{out}"
    );
    assert!(
        out.contains("3. long (size-limit; deny) decided\n   content as a whole  counts"),
        "{out}"
    );
    assert!(out.contains("never: not reached"), "{out}");
    assert!(!out.contains('\u{1b}'), "a message cannot play tricks on the terminal");
}

#[test]
fn what_was_changed_is_read_again_and_that_is_told() {
    // Once the inner one is removed, its neighbours join.
    let ran = stage("explain-rounds").run(&["explain", "--content", "SESEC-1C-2"]);
    let out = ran.out(0);
    assert!(
        out.starts_with(
            "update, decided by tickets\n  content  \"SESEC-1C-2\"\n        →  \"[removed]\"\n"
        ),
        "{out}"
    );
    assert!(out.contains("what was changed is read again (round 1)"), "{out}");
    assert_eq!(out.matches("1. tickets (pattern; redact) decided").count(), 1, "{out}");
}

#[test]
fn json_holds_what_eval_says_and_the_way_there() {
    let stage = stage("explain-json");
    let input = br#"{"content":"SEC-1", "sender":"arn:x/user/moderator-1"}"#;
    let explained = stage.run_with(&["explain", "--json"], input).json(0);
    let judged = stage.run_with(&["eval"], input).lines(0).remove(0);
    for (key, value) in judged.as_object().unwrap() {
        assert_eq!(explained[key], *value, "{key}");
    }
    let first = &explained["rounds"][0][0];
    assert_eq!(first["rule"], "tickets");
    assert_eq!(first["decided"], true);
    assert_eq!(first["places"][0]["seen"], "counts");
    assert_eq!(
        first["places"][0]["evidence"],
        json!([{"reason": "the expression matches", "points": 100}])
    );
    assert_eq!(explained["rounds"][0][3]["places"], json!([]));
    assert_eq!(explained["rounds"][1][3]["skipped"], "settling");
    assert_eq!(explained["not_reached"], json!([]));
}

#[test]
fn input_that_is_no_message_is_a_usage_error_that_does_not_quote_it() {
    let ran = stage("explain-broken").run_with(&["explain"], b"canary");
    assert_eq!(ran.out(3), "");
    assert_eq!(ran.stderr, "error: standard input is not a message: not a JSON object\n");
}

#[test]
fn an_inquiry_without_an_answer_is_told() {
    let policy = "[[rule]]\nid = 'hook'\ndetect = 'webhook'\naction = 'deny'\noptions = { url = 'http://127.0.0.1:9/' }\n";
    let stage = Stage::with_policy("explain-hook", policy);
    let ran = stage.run(&["explain", "--offline", "--content", "a"]);
    let out = ran.out(0);
    assert!(out.starts_with("abort because a rule got no answer"), "{out}");
    assert!(out.contains("webhook asked: no answer, the other side was not reached"), "{out}");
}

#[test]
fn points_and_what_is_allowed_are_told() {
    let policy = r#"
        [thresholds]
        deny = 9

        [[rule]]
        id = "shouting"
        detect = "pattern"
        action = "score"
        points = 4
        allow = { words = ["OK"] }
        options = { patterns = '\b[A-Z]{2,}\b', case-sensitive = true }

        [[rule]]
        id = "swearing"
        detect = "profanity"
        action = "score"
        points = 5

        [settings]
        allow = { exact = ["BBC"] }
    "#;
    let stage = Stage::with_policy("explain-score", policy);
    let ran = stage.run(&["explain", "--content", "OK NOW"]);
    let out = ran.out(0);
    assert!(out.starts_with("pass, score 4, deny from 9\n"), "{out}");
    assert!(out.contains("1. shouting (pattern; score) added 4 points\n"), "{out}");
    assert!(out.contains("2. swearing (profanity; score) found nothing\n"), "{out}");
    assert!(out.contains("content 0..2 \"OK\"  allowed by the rule"), "{out}");
    assert!(out.contains("content 3..6 \"NOW\"  counts"), "{out}");
    let explained = stage.run(&["explain", "--json", "--content", "OK NOW"]).json(0);
    assert_eq!(explained["score"], 4);
    assert_eq!(explained["thresholds"], json!({ "deny": 9 }));
    assert_eq!(explained["rounds"][0][0]["added"], 4);
    assert_eq!(explained["rounds"][0][1].get("added"), None);
    assert_eq!(explained["rounds"][0][0]["places"][0]["seen"], "allowed-by-rule");
    let denied = stage.run(&["explain", "--content", "NOW, shit"]);
    assert!(denied.out(0).starts_with("deny, decided by swearing, score 9, deny from 9\n"));
    let ran = stage.run(&["explain", "--content", "BBC"]);
    let out = ran.out(0);
    assert!(out.contains("content 0..3 \"BBC\"  allowed by the policy"), "{out}");
}

#[test]
fn what_a_rule_saw_in_place_of_the_sender_s_words_is_told() {
    let policy = r#"
        [[rule]]
        id = "cards"
        detect = "payment-card"
        action = "redact"

        [[rule]]
        id = "labels"
        detect = "pattern"
        action = "flag"
        options = { patterns = '\[card\]|hello' }
    "#;
    let stage = Stage::with_policy("explain-rewritten", policy);
    let message = ["explain", "--content", "hello 4012888888881881"];
    let ran = stage.run(&message);
    let out = ran.out(0);
    assert!(out.contains("content 0..5 \"hello\"  counts"), "{out}");
    assert!(
        out.contains("content 6..22 \"4012888888881881\" as rewritten before  counts  pattern"),
        "{out}"
    );
    let explained = stage.run(&[message.as_slice(), &["--json"]].concat()).json(0);
    let places = &explained["rounds"][0][1]["places"];
    assert_eq!((places[0].get("rewritten"), &places[1]["rewritten"]), (None, &json!(true)));
}
