//! How long a policy takes: by length, by kind of text, and over texts made to be slow.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use rules::policy::NoResources;
use rules::{Message, Policy, Progress};

use crate::sections;

/// Words of everyday chat, from which texts are put together.
const WORDS: &[&str] = &[
    "hello",
    "are",
    "you",
    "coming",
    "tonight",
    "the",
    "train",
    "leaves",
    "at",
    "seven",
    "I",
    "will",
    "be",
    "late",
    "because",
    "of",
    "work",
    "can",
    "we",
    "meet",
    "in",
    "front",
    "station",
    "bring",
    "your",
    "sister",
    "and",
    "some",
    "bread",
    "thanks",
    "see",
    "soon",
    "maybe",
    "tomorrow",
    "then",
    "order",
    "2041",
    "was",
    "sent",
    "yesterday",
    "it",
    "should",
    "arrive",
    "by",
    "noon",
    "right?",
    "ok,",
    "great!",
    "what",
    "about",
    "lunch",
    "on",
    "friday",
    "12:30",
    "fine",
    "for",
    "me",
];
/// The same with letters beyond ASCII.
const UNICODE_WORDS: &[&str] = &[
    "привет",
    "как",
    "дела",
    "grüße",
    "aus",
    "köln",
    "très",
    "bien",
    "où",
    "est",
    "ça",
    "こんにちは",
    "今日は",
    "元気",
    "ですか",
    "señor",
    "mañana",
    "não",
    "é",
    "🙂",
    "👍🏽",
    "café",
    "naïve",
    "Zürich",
];
/// Texts that have held other engines for seconds: unit, and what it is.
const HOSTILE: &[(&str, &str)] = &[
    (".", "dots"),
    ("1", "digits"),
    ("1 ", "single digits"),
    ("4111-", "beginnings of card numbers"),
    ("1.2.3.", "beginnings of addresses"),
    ("a:", "hexadecimal groups"),
    ("a@", "at signs"),
    ("a.b@", "addresses without an end"),
    ("+1 (", "beginnings of telephone numbers"),
    ("DE12 ", "beginnings of accounts"),
    ("www.", "beginnings of links"),
    ("http://a", "links run together"),
    ("%41", "percent escapes"),
    ("%25", "escaped percent signs"),
    ("&#65;", "character references"),
    ("[\"", "open lists"),
    ("{\"a\":", "open objects"),
    ("e\u{301}", "combining marks"),
    ("a\u{200b}", "zero-width spaces"),
    ("f u c ", "spaced letters"),
    ("@ss", "leet"),
    ("aaab", "repeated letters"),
    ("\u{1f1e9}\u{1f1ea}", "flags"),
    ("\u{ff11}", "fullwidth digits"),
    ("sh1t-", "disguised words"),
    ("key=", "assignments"),
];

/// Measures a policy, `policy.toml` unless named, and prints a table; with `write`, into
/// `docs/performance.md` too.
pub(crate) fn run(root: &Path, policy: Option<&Path>, write: bool) -> Result<(), String> {
    let path = policy.map_or_else(|| root.join("policy.toml"), Path::to_owned);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let load = || Policy::load(&text, &NoResources).map_err(|mistakes| mistakes.plain(&text));
    let first = Instant::now();
    let policy = load()?;
    let first = first.elapsed();
    let again = median(15, || drop(black_box(load())));
    let mut page = format!(
        "`{}` ({} rules), one thread, {}. Medians; compare rows, not machines.\n\n",
        path.file_name().unwrap_or_default().to_string_lossy(),
        policy.rules().len(),
        machine()
    );
    let _written = writeln!(page, "| message | µs |\n| --- | --- |");
    for length in [40, 400, 4_000] {
        for (kind, words) in [("ASCII", WORDS), ("any Unicode", UNICODE_WORDS)] {
            let messages: Vec<Message> = (0..64).map(|seed| chat(words, length, seed)).collect();
            let time = median(41, || messages.iter().for_each(|message| judge(&policy, message)));
            let _written =
                writeln!(page, "| {length} B of chat, {kind} | {:.1} |", micros(time) / 64.0);
        }
    }
    let _written = writeln!(page, "| load, the first time | {:.0} |", micros(first));
    let _written = writeln!(page, "| load, again | {:.0} |", micros(again));
    let mut worst: Vec<(f64, f64, &str)> = Vec::new();
    for (unit, what) in HOSTILE {
        let time = |bytes: usize| {
            let message = Message::text(unit.repeat(bytes / unit.len()));
            micros(median(9, || judge(&policy, &message)))
        };
        let (whole, quarter) = (time(4_096), time(1_024));
        worst.push((whole, whole / quarter.max(0.1), what));
    }
    worst.sort_by(|one, other| other.0.total_cmp(&one.0));
    let _written = writeln!(
        page,
        "\n### Texts made to be slow\n4 KB of each, the slowest first; the ratio to 1 KB is 4 where time is linear.\n\n| of | µs | ratio |\n| --- | --- | --- |"
    );
    for (time, ratio, what) in worst {
        let _written = writeln!(page, "| {what} | {time:.0} | {ratio:.1} |");
    }
    print!("{page}");
    if write {
        sections::write(&root.join("docs/performance.md"), "policy", &page)?;
    }
    Ok(())
}

fn judge(policy: &Policy, message: &Message) {
    if let Progress::Done(verdict) = policy.evaluate(black_box(message)) {
        black_box(verdict);
    }
}

/// Words in an order that the seed decides, up to a length in bytes.
fn chat(words: &[&str], length: usize, seed: usize) -> Message {
    let mut text = String::new();
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(97);
    while text.len() < length {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(words.get((state >> 16) % words.len()).copied().unwrap_or_default());
    }
    while text.len() > length {
        text.pop();
    }
    Message::text(text)
}

fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(runs / 2).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The processor's name, where the system tells it.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    name.unwrap_or("a machine that does not say which").to_owned()
}
