//! What a hit was read as, for who asks why. Nothing of this is done while a message is judged.

use std::cmp::Reverse;

use super::glyph::{self, Role};
use super::lexicon::{self, Category, Entry, Kind, Language, Severity};
use crate::detect::ReadAs;
use crate::view::View;

/// What letters cost that do not fit: one that is missing or another one, one too many, and one
/// that is masked.
const WRONG: usize = 3;
const MORE: usize = 1;
const MASKED: usize = 1;

/// What an entry of this kind was read as that stands in `found`, a part of a field as it came.
pub(crate) fn read_as(kind: Kind, found: &str) -> ReadAs {
    let views = View::all(found);
    let text = views.first().map_or(found, |view| view.text(found));
    ReadAs {
        entry: nearest(kind, text).map(str::to_owned),
        category: Some(match kind.category {
            Category::Profane => "profane",
            Category::Sexual => "sexual",
            Category::Slur => "slur",
            Category::Insult => "insult",
            Category::Threat => "threat",
            Category::SelfHarm => "self-harm",
        }),
        severity: Some(match kind.severity {
            Severity::Mild => "mild",
            Severity::Moderate => "moderate",
            Severity::Strong => "strong",
        }),
        language: Some(match kind.language {
            Language::De => "de",
            Language::En => "en",
            Language::Es => "es",
            Language::Fr => "fr",
            Language::It => "it",
            Language::Pt => "pt",
        }),
    }
}

/// The entry of the kind that is most like the text; of equals one of as many words,
/// one that is often masked, and the longer.
fn nearest(kind: Kind, text: &str) -> Option<&'static str> {
    let letters = letters(text);
    let entries = Entry::all().filter(|entry| entry.kind == Some(kind)).map(Entry::text);
    let costs = entries.map(|entry| (cost(&letters, entry), entry));
    let words = |text: &str| text.split(' ').count();
    // Of the words that letters may be masked in, `f**k` is the one that is meant.
    let is_odd = |entry: &str| {
        let first = entry.bytes().next().map_or(lexicon::BETWEEN, lexicon::symbol);
        lexicon::masked(first).iter().all(|(word, _)| *word != entry)
    };
    let unlike =
        |entry: &str| (words(entry).abs_diff(words(text)), is_odd(entry), Reverse(entry.len()));
    let best = costs.min_by_key(|(cost, entry)| (*cost, unlike(entry)))?;
    // So unlike it that it was read in another way, such as upside down.
    (best.0 <= letters.len()).then_some(best.1)
}

/// The letters that each glyph of a text may stand for; `None` for one that masks a letter.
fn letters(text: &str) -> Vec<Option<[u8; 2]>> {
    let glyphs = glyph::written(text).map(|written| written.glyph);
    let read = glyphs.filter_map(|glyph| match glyph.role {
        Role::Letter | Role::Foreign | Role::Digit | Role::Symbol => {
            Some(Some([lexicon::letter(glyph.symbol), lexicon::letter(glyph.other)]))
        }
        Role::Star | Role::Any => Some(None),
        _ => None,
    });
    read.collect()
}

/// How much it takes to read the entry in the letters.
fn cost(letters: &[Option<[u8; 2]>], entry: &str) -> usize {
    // Row by row: what the letters so far cost against each beginning of the entry.
    let wanted: Vec<u8> = entry.bytes().filter(|byte| *byte != b' ').collect();
    let mut row: Vec<usize> = (0..=wanted.len()).map(|missing| missing * WRONG).collect();
    let mut before = None;
    for letter in letters {
        let more = if letter.is_some() && before == Some(letter) { 0 } else { MORE };
        let mut diagonal = row.first().copied().unwrap_or_default();
        let mut last = diagonal + MORE;
        let mut next = vec![last];
        for (wanted, above) in wanted.iter().zip(row.iter().skip(1)) {
            let fits = match letter {
                Some(letters) if letters.contains(wanted) => 0,
                Some(_) => WRONG,
                None => MASKED,
            };
            last = (diagonal + fits).min(above + more).min(last + WRONG);
            diagonal = *above;
            next.push(last);
        }
        row = next;
        before = Some(letter);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: Kind, found: &str) -> Option<String> {
        read_as(kind, found).entry
    }

    #[test]
    fn the_entry_is_found_again_behind_endings_and_disguises() {
        let strong: Vec<_> = Entry::all().filter(|entry| entry.text() == "fuck").collect();
        let kind = strong.first().and_then(|entry| entry.kind).unwrap();
        for found in ["fuck", "FUUUUCK", "f.u.c.k", "f**k", "fu(k", "f&zwnj;uck", "f%75ck"] {
            assert_eq!(entry(kind, found).as_deref(), Some("fuck"), "{found}");
        }
        assert_eq!(entry(kind, "good morning to you"), None);
        assert_eq!(entry(kind, ""), None);
    }
}
