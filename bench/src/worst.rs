//! The slowest message: among texts that have held other engines for seconds, and by a search.
//!
//! The search is seeded and climbs: it changes the slowest texts it knows and keeps what is slower
//! still. A text is a few pieces, repeated to 4 KB.

use std::fmt::Write as _;

use crate::chat::{self, Kind};
use crate::contenders::{Contender, Engine};
use crate::side_by_side::times;
use crate::timing::{shortest, shown};

/// Unit, and what it is.
const HOSTILE: &[(&str, &str)] = &[
    (".", "dots"),
    ("1", "digits"),
    ("1 ", "single digits"),
    ("4111-", "beginnings of card numbers"),
    ("4111 1111 1111 1111 ", "card numbers"),
    ("1.2.3.", "beginnings of addresses"),
    ("a:", "hexadecimal groups"),
    ("a@", "at signs"),
    ("a.b@", "addresses without an end"),
    ("a@b.co ", "addresses"),
    ("+1 (", "beginnings of telephone numbers"),
    ("+44 20 7946 0958 ", "telephone numbers"),
    ("DE12 ", "beginnings of accounts"),
    ("www.", "beginnings of links"),
    ("http://a", "links run together"),
    ("a.co ", "links"),
    ("%41", "percent escapes"),
    ("%25", "escaped percent signs"),
    ("&#65;", "character references"),
    ("&shy", "references without a semicolon"),
    ("a=b+c&", "values of a form"),
    ("[\"", "open lists"),
    ("{\"a\":", "open objects"),
    ("\\u0041", "escapes of JSON"),
    ("e\u{301}", "combining marks"),
    ("a\u{200b}", "zero-width spaces"),
    ("f u c ", "spaced letters"),
    ("fuck ", "profanity"),
    ("@ss", "leet"),
    ("aaab", "repeated letters"),
    ("\u{1f1e9}\u{1f1ea}", "flags"),
    ("\u{ff11}", "fullwidth digits"),
    ("sh1t-", "disguised words"),
    ("key=", "assignments"),
    ("WIFI:", "codes for networks"),
    ("I will kill you if ", "threats with a condition"),
    ("Dick ", "words that are names"),
    ("fück ", "letters of other languages"),
    ("eyJ", "beginnings of tokens"),
    (
        "ß1\\shit+il -yo1orderu1u004\u{301}111%2eаXA%k😀",
        "words in disguise, with and without percent escapes",
    ),
    (
        "+1 sex%(\"assre-vicea٣cotu.eamp%2eibancalle\"sht9Xe",
        "words and hosts, with and without percent escapes",
    ),
    (
        "@ss\"tokesvceG%2e_accoİ(dot)uﬁnt\u{301}12\"9Xİ5hv%20\"",
        "hosts of other scripts, with and without percent escapes",
    ),
    // What earlier searches found.
    (
        "sh1t-4111 1111 1111 1111 a@b.co a@b.co ѕ+1 sex%(\"assre-vicea٣cotu.eamp%2eibancalle\"sht9Xeshit+1 (\u{200d}shit\u{200d}",
        "cards behind words, hosts, with and without percent escapes",
    ),
    (
        "4111 1111 1111 1111 4111 1111 1111 1111 shit\u{ff11}__\u{fe0f}4111 1111 1111 1111 %414111 1111 1111 1111 +44 20 7946 0958 4111 1111 1111 1111 ",
        "cards, with and without percent escapes",
    ),
    (
        "\u{fe0f}4111 1111 1111 1111 %25ass@ss@ss.com\n.com.com0x0x",
        "cards and hosts, with and without percent escapes",
    ),
    (
        "Dick Dick \u{ad}Dick 1&Dick &#65;*Dick Dick Dick ",
        "names behind masks, with character references",
    ),
    (
        "a\u{200b}\\u0041\u{fe0f}4111 1111 1111 1111 %25ass@ss@ss.com\n.com.com0x0xass..sh1t-sh1t-fück \u{fe0f}4111 1111 1111 1111 %25ass@ss@ss.com\n.com.com0x0x&amp;passport",
        "cards, numbers of passports and words, with and without percent escapes",
    ),
];
/// What the search puts together besides the units above.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\t",
    "-",
    "_",
    "/",
    ".",
    ",",
    ":",
    ";",
    "@",
    "#",
    "+",
    "(",
    ")",
    "*",
    "$",
    "%",
    "&",
    "=",
    "\"",
    "'",
    "\\",
    "0",
    "4",
    "9",
    "12",
    "378",
    "5555",
    "A",
    "a",
    "s",
    "x",
    "Z",
    "ck",
    "sh",
    "f",
    "u",
    "i",
    "GB",
    "DE",
    "BTC",
    "0x",
    "bc1q",
    "ssn",
    "iban",
    "card",
    "passport",
    "tax id",
    "kill",
    "you",
    "die",
    "ass",
    "shit",
    "http",
    "https://",
    "xn--",
    ".com",
    ".co.uk",
    "é",
    "ß",
    "с",
    "ѕ",
    "１",
    "Ａ",
    "ﬁ",
    "\u{200d}",
    "\u{fe0f}",
    "\u{ad}",
    "\u{202e}",
    "👍🏽",
    "中",
    "\u{301}\u{301}",
    "%20",
    "%C3%A9",
    "&amp;",
    "&lt;",
];
/// Bytes of a message.
const LENGTH: usize = 4_096;
/// The most pieces of a text.
const MOST_PIECES: usize = 12;
/// How many texts the search keeps.
const KEPT: usize = 12;
/// How many of the slowest hostile texts are shown.
const SHOWN: usize = 12;

pub fn section(contenders: &[Contender], search: usize, seed: u64) -> String {
    let Some(policy) = contenders.iter().find(|one| one.engine == Engine::Policy) else {
        return String::new();
    };
    let (unit, tried) = slowest(policy, search, seed);
    let found = format!("found by a search: `{}`", unit.escape_debug());
    let chat = chat::message(Kind::Ascii, LENGTH, 1);
    let mut rows: Vec<(String, String)> = vec![("chat, for comparison".to_owned(), chat)];
    rows.push((found, repeated(&unit, LENGTH)));
    rows.extend(HOSTILE.iter().map(|(unit, what)| ((*what).to_owned(), repeated(unit, LENGTH))));
    let mut measured: Vec<(String, Vec<f64>, f64)> = rows
        .into_iter()
        .map(|(what, text)| {
            let quarter = text.get(..text.floor_char_boundary(LENGTH / 4)).unwrap_or_default();
            let short = shortest(15, || {
                policy.judge(quarter);
            });
            let long = shortest(15, || {
                policy.judge(&text);
            });
            (what, times(contenders, &[text], 7), long / short)
        })
        .collect();
    measured.sort_by(|(_, one, _), (_, other, _)| {
        other.first().unwrap_or(&0.0).total_cmp(one.first().unwrap_or(&0.0))
    });
    let mut page = format!(
        "### Texts made to be slow\n4 KB of each in µs, the {SHOWN} slowest of {} first, one of \
         them found by trying {tried} others (seed {seed}); the last row is everyone's slowest of \
         all. The ratio to 1 KB is 4 where time is linear.\n\n| of | ratio |",
        HOSTILE.len() + 1
    );
    for contender in contenders {
        let _written = write!(page, " {} |", contender.engine.name());
    }
    page.push_str("\n| --- | --- |");
    page.push_str(&" --- |".repeat(contenders.len()));
    page.push('\n');
    let is_chat = |what: &str| what.starts_with("chat");
    let (chat, hostile): (Vec<_>, Vec<_>) =
        measured.into_iter().partition(|(what, ..)| is_chat(what));
    for (what, times, ratio) in hostile.iter().take(SHOWN).chain(&chat) {
        let _written = write!(page, "| {what} | {ratio:.1} |");
        for time in times {
            let _written = write!(page, " {} |", shown(*time));
        }
        page.push('\n');
    }
    page.push_str("| everyone's slowest | |");
    for index in 0..contenders.len() {
        let all = hostile.iter().filter_map(|(_, times, _)| times.get(index)).copied();
        let _written = write!(page, " {} |", shown(all.fold(0.0, f64::max)));
    }
    page.push('\n');
    page
}

/// The unit that, repeated, takes the policy longest, of so many tried.
fn slowest(policy: &Contender, search: usize, seed: u64) -> (String, usize) {
    let mut random = fastrand::Rng::with_seed(seed);
    let time = |pieces: &[&str]| {
        let text = repeated(&pieces.concat(), LENGTH);
        shortest(3, || {
            policy.judge(&text);
        })
    };
    let mut kept: Vec<(f64, Vec<&str>)> =
        HOSTILE.iter().map(|(unit, _)| (time(&[unit]), vec![*unit])).collect();
    for _ in 0..search {
        kept.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        kept.truncate(KEPT);
        let mut pieces = random.choice(&kept).map(|(_, pieces)| pieces.clone()).unwrap_or_default();
        for _ in 0..random.usize(1..4) {
            change(&mut pieces, &kept, &mut random);
        }
        if pieces.is_empty() || kept.iter().any(|(_, known)| *known == pieces) {
            continue;
        }
        let mut took = time(&pieces);
        if kept.last().is_none_or(|(least, _)| took > *least) {
            // Not slow because something else was in the way.
            took = took.min(time(&pieces)).min(time(&pieces));
            kept.push((took, pieces));
        }
    }
    kept.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let unit = kept.first().map(|(_, pieces)| pieces.concat()).unwrap_or_default();
    (unit, search)
}

fn change<'a>(pieces: &mut Vec<&'a str>, kept: &[(f64, Vec<&'a str>)], random: &mut fastrand::Rng) {
    let any = |random: &mut fastrand::Rng| {
        if random.bool() {
            random.choice(PIECES).copied().unwrap_or_default()
        } else {
            random.choice(HOSTILE).map(|(unit, _)| *unit).unwrap_or_default()
        }
    };
    let at = random.usize(..=pieces.len());
    match random.u8(..5) {
        0 if pieces.len() > 1 && at < pieces.len() => drop(pieces.remove(at)),
        1 if at < pieces.len() => pieces[at] = any(random),
        2 if at < pieces.len() => pieces.insert(at, pieces[at]),
        3 => {
            let other = random.choice(kept).map(|(_, other)| other.clone()).unwrap_or_default();
            pieces.extend(other.iter().take(random.usize(..4)));
        }
        _ => pieces.insert(at, any(random)),
    }
    pieces.truncate(MOST_PIECES);
}

/// The unit again and again, up to a length in bytes.
fn repeated(unit: &str, length: usize) -> String {
    let mut text = unit.repeat(length / unit.len().max(1) + 1);
    text.truncate(text.floor_char_boundary(length));
    text
}
