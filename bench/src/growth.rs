//! How time grows: with the words of a list, and with the message.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rules::{Message, Policy};

use crate::chat::{self, Kind};
use crate::contenders::{self, Sources};
use crate::timing::{in_turns, shown};

const WORDS: [usize; 4] = [10, 100, 1_000, 10_000];
const LENGTHS: [usize; 6] = [64, 256, 1_024, 4_096, 16_384, 65_536];
const ROUNDS: usize = 31;

pub fn section(sources: &Sources) -> Result<String, String> {
    Ok(format!("{}\n{}", words()?, length(sources)?))
}

fn words() -> Result<String, String> {
    let mut page = "### Words of a list\nA `word-list` of made-up words over 4,000 B of chat, ASCII, \
        and the loading of its policy.\n\n| words | µs a message | µs to load |\n| --- | --- | --- |\n"
        .to_owned();
    let made = made_up();
    let texts: Vec<String> = WORDS.iter().map(|count| policy(&made, *count)).collect();
    let policies =
        texts.iter().map(|text| contenders::load(text)).collect::<Result<Vec<Policy>, _>>()?;
    for (policy, count) in policies.iter().zip(WORDS) {
        let last = made.get(count - 1).cloned().unwrap_or_default();
        if contenders::findings(policy, &Message::text(format!("a {last}!"))) != 1 {
            return Err(format!("a list of {count} words does not find its last"));
        }
    }
    let messages: Vec<Message> =
        (0..12).map(|seed| Message::text(chat::message(Kind::Ascii, 4_000, seed))).collect();
    let mut judging: Vec<Box<dyn FnMut()>> = Vec::new();
    let mut loading: Vec<Box<dyn FnMut()>> = Vec::new();
    for (policy, text) in policies.iter().zip(&texts) {
        judging.push(Box::new(|| {
            for message in &messages {
                std::hint::black_box(contenders::findings(policy, message));
            }
        }));
        loading.push(Box::new(|| drop(std::hint::black_box(contenders::load(text)))));
    }
    let judged = medians(&mut judging);
    let loaded = medians(&mut loading);
    for ((count, judged), loaded) in WORDS.iter().zip(judged).zip(loaded) {
        let _written = writeln!(page, "| {count} | {} | {} |", shown(judged / 12.0), shown(loaded));
    }
    Ok(page)
}

fn length(sources: &Sources) -> Result<String, String> {
    // Without the rule that ends the matter for long messages.
    let mut policy = String::new();
    for rule in sources.policy.split_inclusive("\n\n") {
        if !rule.contains("detect = \"size-limit\"") {
            policy.push_str(rule);
        }
    }
    let policy = contenders::load(&policy)?;
    let mut page =
        "### Length of a message\nThe same policy without its rule on sizes, so that it \
        reads on, over chat, ASCII.\n\n| bytes | µs | ns a byte |\n| --- | --- | --- |\n"
            .to_owned();
    let messages: Vec<Message> = LENGTHS
        .iter()
        .map(|length| Message::text(chat::message(Kind::Ascii, *length, 3)))
        .collect();
    let mut works: Vec<Box<dyn FnMut()>> = Vec::new();
    for message in &messages {
        works.push(Box::new(|| {
            std::hint::black_box(contenders::findings(&policy, message));
        }));
    }
    for (length, time) in LENGTHS.iter().zip(medians(&mut works)) {
        let bytes = f64::from(u32::try_from(*length).unwrap_or(u32::MAX));
        let _written = writeln!(page, "| {length} | {} | {:.0} |", shown(time), time * 1e3 / bytes);
    }
    Ok(page)
}

fn medians(works: &mut [Box<dyn FnMut() + '_>]) -> Vec<f64> {
    let mut works: Vec<&mut dyn FnMut()> = works.iter_mut().map(|work| &mut **work as _).collect();
    in_turns(ROUNDS, &mut works)
}

fn policy(words: &[String], count: usize) -> String {
    let words: Vec<String> = words.iter().take(count).map(|word| format!("'{word}'")).collect();
    format!(
        "[[rule]]\nid = 'words'\ndetect = 'word-list'\naction = 'flag'\noptions.words = [{}]\n",
        words.join(",")
    )
}

/// Words that can be spoken and that nobody says, no two alike.
fn made_up() -> Vec<String> {
    let mut random = fastrand::Rng::with_seed(11);
    let mut words = Vec::new();
    let mut known = BTreeSet::new();
    while words.len() < 10_000 {
        let mut word = String::new();
        for _ in 0..random.usize(2..5) {
            word.push(random.choice(b"bdfgklmnprstvz").map_or('b', |one| char::from(*one)));
            word.push(random.choice(b"aeiou").map_or('a', |one| char::from(*one)));
        }
        word.push('x');
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}
