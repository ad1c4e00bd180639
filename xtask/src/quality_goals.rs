//! What the project set out to reach, and what it reached.

use std::fmt::Write as _;

use crate::quality::{Figure, percent};

/// The lines that `docs/performance.md` answers, with their goals, and where its tables have the
/// figure: the beginning of the row, and the column of the policy.
const SPEED: &[(&str, &str, &str, usize)] = &[
    ("whole default policy, 4 KB of ASCII", "≤ 60 µs", "| 4000 B of chat, ASCII |", 2),
    ("whole default policy, 4 KB of any Unicode", "≤ 200 µs", "| 4000 B of chat, any Unicode |", 2),
    ("whole default policy, 40 B", "≤ 2 µs", "| 40 B of chat, ASCII |", 2),
    ("worst input of 4 KB that was found", "≤ 1000 µs", "| everyone's slowest |", 3),
    ("load of the default policy", "≤ 5000 µs", "| the policy |", 2),
];

/// The goals as a table in Markdown; `performance` is what `docs/performance.md` says.
pub(crate) fn table(figures: &[Figure], performance: &str) -> String {
    let mut table = "| measure | goal | reached |\n| --- | --- | --- |\n".to_owned();
    let mut line = |measure: &str, goal: &str, reached: String| {
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {measure} | {goal} | {reached} |");
    };
    let of = |set: &str, name: &str| sum(figures, &[set], name);
    let evasion = of("evasion", "profanity, found");
    let clean = of("evasion", "profanity, flagged, but clean");
    let both = Figure { wrong: clean.wrong, ..of("evasion", "profanity, found") };
    line(
        "evasion set, F1",
        "≥ 98 %, no false positive",
        format!("{:.1} %, {} of {} clean flagged", both.f1(), clean.wrong, texts(&clean)),
    );
    let ham = of("everyday chat", "profanity, flagged");
    line(
        "SMS ham flagged, at that recall of evasion",
        "≤ 3.3 % at ≥ 95 %",
        format!("{:.1} % at {:.1} %", percent(ham.wrong, texts(&ham)), evasion.recall()),
    );
    line("tweets, F1", "≥ 95 %", "not measured: none of the public sets holds tweets".to_owned());
    let disguised = of("disguised profanity", "profanity, found");
    line("disguised profanity", "≥ 85 %", format!("{:.1} %", disguised.recall()));
    let traps = of("trap phrases", "profanity, flagged");
    line("trap phrases flagged", "≤ 10 of 20,118", format!("{} of {}", traps.wrong, texts(&traps)));
    let sentences = ["pii_sentences", "pii_debug"];
    let cards = sum(figures, &sentences, "payment-card");
    line("payment cards found", "100 %", format!("{:.1} %, {} false", cards.recall(), cards.wrong));
    let phones = sum(figures, &sentences, "phone-number");
    line(
        "phone numbers, precision and recall",
        "≥ 85 %, ≥ 85 %",
        format!("{:.1} %, {:.1} %", phones.precision(), phones.recall()),
    );
    let cases = of("pii_recognizer_cases", "of the types covered");
    line(
        "recogniser cases of the types covered",
        "≥ 97 %, each deviation explained",
        format!("{:.1} %, explained below", cases.recall()),
    );
    let leaks = of("secrets", "secrets, found");
    let samples = of("what looks like secrets", "secrets, flagged");
    line(
        "secrets found, what only looks like one flagged",
        "≥ 99 %, ≤ 1 %",
        format!("{:.1} %, {:.1} %", leaks.recall(), percent(samples.wrong, texts(&samples))),
    );
    for (measure, goal, row, column) in SPEED {
        let row = performance.lines().find(|line| line.starts_with(row));
        let cell = row.and_then(|row| row.split('|').nth(*column)).map_or("not yet", str::trim);
        line(measure, goal, format!("{cell} µs, in [performance.md](performance.md)"));
    }
    table
}

/// The figures of this name over these sets together.
fn sum(figures: &[Figure], sets: &[&str], name: &str) -> Figure {
    let own = figures.iter().filter(|one| one.name == name && sets.contains(&one.set.as_str()));
    own.fold(Figure::new("", name), |sum, one| Figure {
        found: sum.found + one.found,
        missed: sum.missed + one.missed,
        wrong: sum.wrong + one.wrong,
        ..sum
    })
}

/// How many texts a set of clean ones has.
fn texts(figure: &Figure) -> u32 {
    figure.found + figure.wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_goal_has_what_was_reached() {
        let figures = [
            Figure { found: 19, missed: 1, ..Figure::new("evasion", "profanity, found") },
            Figure {
                found: 9,
                wrong: 1,
                ..Figure::new("evasion", "profanity, flagged, but clean")
            },
            Figure { found: 98, wrong: 2, ..Figure::new("everyday chat", "profanity, flagged") },
            Figure { found: 3, missed: 1, ..Figure::new("pii_debug", "payment-card") },
            Figure { found: 3, wrong: 1, ..Figure::new("pii_sentences", "payment-card") },
        ];
        let performance = "| 40 B of chat, ASCII | 1.50 |\n| everyone's slowest | | 800 | 9 |";
        let table = table(&figures, performance);
        assert!(table.contains("| 95.0 %, 1 of 10 clean flagged |"), "{table}");
        assert!(table.contains("| 2.0 % at 95.0 % |"), "{table}");
        assert!(table.contains("| payment cards found | 100 % | 85.7 %, 1 false |"), "{table}");
    }
}
