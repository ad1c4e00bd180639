//! Policies of a size that nobody has, and texts that are long: the time grows with them, not with
//! their square.

use std::hint::black_box;
use std::time::{Duration, Instant};

use processor::{Config, Connections, Fallback, Processor, policy};
use rules::policy::NoResources;
use rules::{Message, Outcome, Policy, Progress};

use crate::strings::naughty;

/// By how much time may grow where the work grows fourfold: linear is 4, square is 16.
const LINEAR: f64 = 8.0;

/// How much longer four times the work takes; the shortest of several runs each, because a machine
/// that does something else only ever makes a run longer.
fn growth(mut work: impl FnMut(usize)) -> f64 {
    let mut best = |size: usize| {
        (0..5)
            .map(|_| {
                let began = Instant::now();
                work(size);
                began.elapsed()
            })
            .min()
            .unwrap_or(Duration::ZERO)
            .as_secs_f64()
    };
    best(1);
    let (quarter, whole) = (best(1), best(4));
    whole / quarter.max(1e-9)
}

fn words(count: usize) -> String {
    let rule = |number| {
        format!(
            "[[rule]]\nid = \"rule-{number}\"\ndetect = \"word-list\"\naction = \"redact\"\n\
             options = {{ words = [\"word{number}x\"] }}\n\n"
        )
    };
    (0..count).map(rule).collect::<Vec<_>>().concat()
}

/// Rules with a mistake each, of different kinds.
fn mistakes(count: usize) -> String {
    (0..count)
        .map(|number| match number % 4 {
            0 => format!("[[rule]]\nid = \"a{number}\"\ndetect = \"nothing\"\naction = \"deny\"\n\n"),
            1 => format!("[[rule]]\nid = \"a{number}\"\ndetect = \"iban\"\naction = \"dance\"\n\n"),
            2 => format!("[[rule]]\nid = \"same\"\ndetect = \"iban\"\naction = \"deny\"\nextra = {number}\n\n"),
            _ => "[[rule]]\nid = 7\n\n".to_owned(),
        })
        .collect::<Vec<_>>()
        .concat()
}

fn outcome(policy: &Policy, text: &str) -> Outcome {
    let message = Message::text(text);
    match policy.evaluate(&message) {
        Progress::Done(verdict) => verdict.outcome,
        Progress::Asks(_) => unreachable!("nobody is asked"),
    }
}

#[test]
fn ten_thousand_rules_are_loaded_and_each_of_them_counts() {
    let policy = Policy::load(&words(10_000), &NoResources).unwrap();
    assert_eq!(policy.rules().len(), 10_000);
    assert_eq!(outcome(&policy, "word10000x and word9999"), Outcome::Pass);
    for number in [0, 4_999, 9_999] {
        let Outcome::Update(after) = outcome(&policy, &format!("a word{number}x b")) else {
            unreachable!("rule-{number} redacts its word")
        };
        assert!(!after.content.contains(&format!("word{number}x")));
    }
}

#[test]
fn loading_rules_takes_linear_time() {
    let policies = [words(500), words(2_000)];
    let growth = growth(|size| {
        let text = policies.get(usize::from(size > 1)).unwrap();
        drop(black_box(Policy::load(text, &NoResources).unwrap()));
    });
    assert!(growth < LINEAR, "four times the rules take {growth:.1} times as long");
}

#[test]
fn evaluating_rules_takes_linear_time() {
    let policies = [500, 2_000].map(|count| Policy::load(&words(count), &NoResources).unwrap());
    let text = "hello there, are you coming tonight? ".repeat(20);
    let growth = growth(|size| {
        let policy = policies.get(usize::from(size > 1)).unwrap();
        for _ in 0..5 {
            black_box(outcome(policy, &text));
        }
    });
    assert!(growth < LINEAR, "four times the rules take {growth:.1} times as long");
}

#[test]
fn ten_thousand_mistakes_are_all_told_with_their_places() {
    let text = mistakes(10_000);
    let mistakes = Policy::load(&text, &NoResources).unwrap_err();
    assert!(mistakes.0.len() >= 10_000, "{}", mistakes.0.len());
    let told = mistakes.plain(&text);
    assert_eq!(told.lines().count(), mistakes.0.len());
    let last = text.lines().count();
    assert!(told.lines().last().unwrap().starts_with(&format!("{}:", last - 1)), "of {last} lines");
}

#[test]
fn telling_mistakes_takes_linear_time() {
    let one_line = |count: usize| {
        let rule = "{ id = \"a\", detect = \"nothing\", action = \"deny\" }";
        format!("rule = [{}]\n", vec![rule; count].join(", "))
    };
    for policies in [[mistakes(500), mistakes(2_000)], [one_line(500), one_line(2_000)]] {
        let growth = growth(|size| {
            let text = policies.get(usize::from(size > 1)).unwrap();
            drop(black_box(Policy::load(text, &NoResources).unwrap_err().plain(text)));
        });
        assert!(growth < LINEAR, "four times the mistakes take {growth:.1} times as long");
    }
}

#[test]
fn a_policy_with_ten_thousand_mistakes_is_reported_in_a_line_that_the_log_takes() {
    let folder = std::env::temp_dir().join(format!("hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("policy.toml");
    std::fs::write(&path, mistakes(10_000)).unwrap();
    let broken = policy::load(Some(&path)).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let own = std::sync::Arc::clone(&lines);
    let _processor = Processor::new(Config {
        policy: Err(broken),
        fallback: Fallback::Abort,
        connections: Connections::to("http://127.0.0.1:1"),
        sink: std::sync::Arc::new(move |line: &str| own.lock().unwrap().push(line.to_owned())),
        function: None,
        log_event_shape: false,
    });
    let lines = lines.lock().unwrap();
    let line = lines.first().unwrap();
    assert!(line.contains("broken-policy"), "the first line says it");
    // CloudWatch Logs takes events of 256 KB from every account, and cuts off what is longer.
    assert!(line.len() < 256 << 10, "{} bytes", line.len());
    let read: serde_json::Value = serde_json::from_str(line).unwrap();
    assert!(read["mistakes_more"].as_u64().unwrap() > 9_000, "what is left out is counted");
}

#[test]
fn every_naughty_string_is_judged_in_linear_time() {
    let text = std::fs::read_to_string(acceptance::root().join("policy.toml")).unwrap();
    let policy = Policy::load(&text, &NoResources).unwrap();
    for unit in naughty().iter().filter(|unit| !unit.is_empty()) {
        let unit: String = unit.chars().take(16).collect();
        let long = |bytes: usize| unit.repeat(bytes / unit.len());
        let texts = [long(16 << 10), long(64 << 10)];
        let growth = growth(|size| {
            black_box(outcome(&policy, texts.get(usize::from(size > 1)).unwrap()));
        });
        assert!(growth < LINEAR, "{unit:?}: four times the text takes {growth:.1} times as long");
    }
}

#[test]
fn what_is_hidden_ten_thousand_levels_deep_is_found() {
    let policy = "[[rule]]\nid = \"cards\"\ndetect = \"payment-card\"\naction = \"redact\"\n";
    let policy = Policy::load(policy, &NoResources).unwrap();
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"b\":", "}]")] {
        let nested = |levels: usize| {
            let (open, close) = (open.repeat(levels), close.repeat(levels));
            Message {
                metadata: Some(format!("{open}\"4111 1111 1111 1111\"{close}").into()),
                ..Message::text("paid")
            }
        };
        let judged = |message: &Message| match policy.evaluate(message) {
            Progress::Done(verdict) => verdict.outcome,
            Progress::Asks(_) => unreachable!("nobody is asked"),
        };
        let outcome = judged(&nested(10_000));
        let hidden = match &outcome {
            Outcome::Update(after) => !after.metadata.as_ref().unwrap().contains("4111 1111"),
            // It outgrew what the service takes: stopped is right too.
            outcome => *outcome == Outcome::Deny,
        };
        assert!(hidden, "{open}: {outcome:?}");
        let growth = growth(|size| {
            black_box(judged(&nested(size * 2_500)));
        });
        assert!(growth < LINEAR, "{open}: four times the depth takes {growth:.1} times as long");
    }
}
