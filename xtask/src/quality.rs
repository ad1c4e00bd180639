//! How good detection is, over public sets, and whether it got worse.
//!
//! The sets are not part of the project: much of their text is abusive. What is kept is the
//! figures, in `docs/quality.json`, against which a later run is held.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{quality_goals, quality_personal, quality_words};

const FIGURES: &str = "docs/quality.json";
const PAGE: &str = "docs/quality.md";
/// Where `cargo xtask bench --write` keeps its figures.
const PERFORMANCE: &str = "docs/performance.md";

/// What came out for one detector over one set.
pub(crate) struct Figure {
    /// The set.
    pub(crate) set: String,
    /// The detector, or what is measured.
    pub(crate) name: String,
    /// Cases that came out right, or places that were found.
    pub(crate) found: u32,
    /// Cases that did not, or places that were not.
    pub(crate) missed: u32,
    /// Places found where there is nothing.
    pub(crate) wrong: u32,
    /// The rows that are missed or wrong: shown on demand, never kept.
    pub(crate) rows: Vec<String>,
    /// What is to be said of them on the page, without their text.
    pub(crate) notes: Vec<String>,
}

impl Figure {
    pub(crate) fn new(set: &str, name: &str) -> Self {
        let (set, name) = (set.to_owned(), name.to_owned());
        Self { set, name, found: 0, missed: 0, wrong: 0, rows: Vec::new(), notes: Vec::new() }
    }

    /// Counts a case, and keeps the text of one that did not come out right.
    pub(crate) fn count(&mut self, right: bool, text: &str) {
        if right {
            self.found += 1;
        } else {
            self.missed += 1;
            self.rows.push(format!("missed {text:?}"));
        }
    }

    /// In percent.
    pub(crate) fn recall(&self) -> f64 {
        percent(self.found, self.found + self.missed)
    }

    /// In percent.
    pub(crate) fn precision(&self) -> f64 {
        percent(self.found, self.found + self.wrong)
    }

    /// The harmonic mean of the two.
    pub(crate) fn f1(&self) -> f64 {
        percent(2 * self.found, 2 * self.found + self.missed + self.wrong)
    }
}

/// A share in percent; of nothing, all.
pub(crate) fn percent(part: u32, of: u32) -> f64 {
    if of == 0 { 100.0 } else { 100.0 * f64::from(part) / f64::from(of) }
}

/// Measures over the sets in `corpora`, prints a table (or JSON), and writes the figures down; with
/// `check`, writes nothing and fails where a figure is worse than what is written.
pub(crate) fn run(
    root: &Path,
    corpora: &Path,
    check: bool,
    as_json: bool,
    show_rows: bool,
) -> Result<(), String> {
    let measured = |error: std::io::Error| format!("{}: {error}", corpora.display());
    let mut figures = quality_personal::measure(corpora).map_err(measured)?;
    figures.extend(words(corpora).map_err(measured)?);
    let kept = kept(&figures);
    println!("{}", if as_json { pretty(&kept) } else { table(&figures) });
    if show_rows {
        for figure in &figures {
            for row in &figure.rows {
                println!("{}, {}: {row}", figure.set, figure.name);
            }
        }
    }
    let path = root.join(FIGURES);
    if !check {
        write(&path, &format!("{}\n", pretty(&kept)))?;
        let performance = fs::read_to_string(root.join(PERFORMANCE))
            .map_err(|error| format!("{PERFORMANCE}: {error}"))?;
        return write(&root.join(PAGE), &page(&figures, &performance));
    }
    let before = fs::read_to_string(&path).map_err(|error| format!("{FIGURES}: {error}"))?;
    let before: Value =
        serde_json::from_str(&before).map_err(|error| format!("{FIGURES}: {error}"))?;
    let worse = worse(&figures, &before);
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!("worse than {FIGURES}:\n{}\nadd `--rows` to see the rows", worse.join("\n")))
}

/// The measures of profanity and secrets as figures: what is counted should be found, or should not.
fn words(corpora: &Path) -> std::io::Result<Vec<Figure>> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let measures = quality_words::measure(corpora)?;
    Ok(measures
        .into_iter()
        .map(|measure| {
            let (set, what) = measure.name.split_once(": ").unwrap_or((measure.name, ""));
            let mut figure = Figure::new(set, &format!("{}, {what}", measure.detector));
            figure.rows = measure.wrong.iter().map(|text| format!("{text:?}")).collect();
            if what == "found" {
                figure.found = number(measure.count);
                figure.missed = number(measure.of - measure.count);
            } else {
                figure.found = number(measure.of - measure.count);
                figure.wrong = number(measure.count);
            }
            figure
        })
        .collect())
}

fn kept(figures: &[Figure]) -> Value {
    figures
        .iter()
        .map(|figure| {
            json!({
                "set": figure.set,
                "name": figure.name,
                "found": figure.found,
                "missed": figure.missed,
                "wrong": figure.wrong,
            })
        })
        .collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Each figure that finds less or errs more than the one written down, in words.
fn worse(figures: &[Figure], before: &Value) -> Vec<String> {
    let before = before.as_array().map_or(&[][..], Vec::as_slice);
    let mut worse = Vec::new();
    for old in before {
        let text = |key: &str| old.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| {
            let number = old.get(key).and_then(Value::as_u64).unwrap_or(0);
            u32::try_from(number).unwrap_or(u32::MAX)
        };
        let (set, name) = (text("set"), text("name"));
        let Some(new) = figures.iter().find(|new| new.set == set && new.name == name) else {
            worse.push(format!("{set}, {name}: no longer measured"));
            continue;
        };
        if new.missed > number("missed") || new.wrong > number("wrong") {
            worse.push(format!(
                "{set}, {name}: {} missed and {} false, before {} and {}",
                new.missed,
                new.wrong,
                number("missed"),
                number("wrong")
            ));
        }
    }
    worse
}

/// The figures as a table in Markdown.
fn table(figures: &[Figure]) -> String {
    let mut table = "| set | of what | found | missed | false | precision | recall | F1 |\n\
                     | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for figure in figures {
        let Figure { set, name, found, missed, wrong, .. } = figure;
        let (precision, recall, f1) = (figure.precision(), figure.recall(), figure.f1());
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "| {set} | {name} | {found} | {missed} | {wrong} | {precision:.1} % | {recall:.1} % | {f1:.1} % |"
        );
    }
    table
}

fn page(figures: &[Figure], performance: &str) -> String {
    let mut notes = String::new();
    for figure in figures.iter().filter(|figure| !figure.notes.is_empty()) {
        let _ = write!(notes, "\n## What is missed of {}, {}\n", figure.set, figure.name);
        for note in &figure.notes {
            let _ = writeln!(notes, "- {note}");
        }
    }
    format!(
        "<!-- Made by `cargo xtask quality`; edit the code, not this file. -->\n\n\
         # Quality of detection\n\
         Over one half of each public set; the other half is kept back to measure the project with.\n\n\
         ## Goals\n\
         {}\n\
         ## By set and detector\n\
         Each line is one detector, as it comes. A place counts as found where a finding overlaps it,\n\
         and a finding as false where it overlaps none; a case counts as found when it comes out as\n\
         the set says. In a set of clean texts, *found* are those that are left alone.\n\n{}{notes}",
        quality_goals::table(figures, performance),
        table(figures)
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(missed: u32, wrong: u32) -> Figure {
        Figure { found: 10 - missed, missed, wrong, ..Figure::new("set", "name") }
    }

    #[test]
    fn a_figure_that_misses_or_errs_more_is_worse() {
        let before = kept(&[figure(1, 1)]);
        assert!(worse(&[figure(1, 1)], &before).is_empty());
        assert!(worse(&[figure(0, 0)], &before).is_empty());
        assert_eq!(worse(&[figure(2, 0)], &before).len(), 1);
        assert_eq!(worse(&[figure(0, 2)], &before).len(), 1);
        assert_eq!(worse(&[], &before).len(), 1);
    }

    #[test]
    fn nothing_to_find_counts_as_all_found() {
        let nothing = Figure::new("set", "name");
        assert!((nothing.recall() - 100.0).abs() < f64::EPSILON);
        assert!((figure(5, 5).f1() - 50.0).abs() < f64::EPSILON);
    }
}
