//! Operators: what a redaction puts in a span's place.

use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use unicode_segmentation::UnicodeSegmentation;

use crate::hex::hex;
use crate::span::are_apart;

/// What replaces a span.
#[derive(Clone)]
pub enum Operator {
    /// `[card]`: the kind of what was found, between brackets.
    Label,
    /// Each character but separators and the kept ones becomes the mask character.
    Mask(MaskOptions),
    /// Always the same text.
    Fixed(String),
    /// `[card:9f86d081]`: the same text gives the same code, and nobody without the key can test
    /// a guess.
    Hash(HashOperator),
    /// Nothing.
    Remove,
}

/// Options of the `mask` operator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MaskOptions {
    /// How many characters to leave at the beginning. Where that and `keep-last` would leave
    /// everything, nothing is left.
    pub keep_first: usize,
    /// How many characters to leave at the end.
    pub keep_last: usize,
    /// What stands for a hidden character: one character that is neither a letter nor a digit.
    pub character: char,
    /// Whether spaces and punctuation inside the span stay. They count neither as hidden nor as
    /// kept.
    pub keep_separators: bool,
}

impl Default for MaskOptions {
    fn default() -> Self {
        Self { keep_first: 0, keep_last: 0, character: '*', keep_separators: true }
    }
}

/// The `hash` operator with its key.
#[derive(Clone)]
pub struct HashOperator {
    /// The secret; never printed.
    pub(crate) key: Vec<u8>,
    /// Hexadecimal digits shown, 8–64.
    pub(crate) length: usize,
}

impl Operator {
    /// What stands in the place of `found`, a text of the kind `label`.
    pub fn replacement(&self, found: &str, label: &str) -> String {
        match self {
            Self::Label => format!("[{label}]"),
            Self::Mask(options) => options.mask(found),
            Self::Fixed(text) => text.clone(),
            Self::Hash(hash) => hash.code(found, label),
            Self::Remove => String::new(),
        }
    }

    /// Whether `found`, with this text before and behind it, is what this operator left of an
    /// earlier redaction. A mask that keeps characters would otherwise nibble at them each time
    /// the message is edited. Nothing more can be seen through this than the policy shows anyway.
    pub fn already_applied(&self, before: &str, found: &str, behind: &str) -> bool {
        let Self::Mask(options) = self else { return false };
        let count = characters(found).filter(|part| !is_separator(part)).count();
        let masked = |part: Option<char>| part == Some(options.character);
        let beside = |text: &str, last: bool| {
            let mut characters = text.chars().filter(|part| !is_separator_character(*part));
            masked(if last { characters.next_back() } else { characters.next() })
        };
        let at_end = count <= options.keep_last && beside(before, true);
        let at_start = count <= options.keep_first && beside(behind, false);
        at_end || at_start
    }
}

impl MaskOptions {
    fn mask(&self, found: &str) -> String {
        let hideable = |part: &str| !(self.keep_separators && is_separator(part));
        let kept = self.keep_first.saturating_add(self.keep_last);
        let hidden = if kept == 0 {
            0..usize::MAX
        } else {
            let count = characters(found).filter(|part| hideable(part)).count();
            if kept < count { self.keep_first..count - self.keep_last } else { 0..count }
        };
        let mut masked = String::with_capacity(found.len());
        let mut at = 0;
        for part in characters(found) {
            if !hideable(part) {
                masked.push_str(part);
                continue;
            }
            if hidden.contains(&at) {
                masked.push(self.character);
            } else {
                masked.push_str(part);
            }
            at += 1;
        }
        masked
    }
}

impl HashOperator {
    fn code(&self, found: &str, label: &str) -> String {
        // What identifies a number is not how it is spaced, nor an address how it is capitalised.
        let canonical: String = characters(found)
            .filter(|part| !is_separator(part))
            .flat_map(str::chars)
            .flat_map(char::to_lowercase)
            .collect();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            // Unreachable: HMAC takes a key of any length.
            return format!("[{label}]");
        };
        mac.update(label.as_bytes());
        mac.update(b"\0");
        mac.update(canonical.as_bytes());
        let code = mac.finalize().into_bytes();
        let code = hex(&code);
        let shown = code.get(..self.length).unwrap_or(&code);
        format!("[{label}:{shown}]")
    }
}

/// What a reader takes for one character each; most of what is found needs no tables.
fn characters(found: &str) -> impl Iterator<Item = &str> {
    let (plain, other) = if are_apart(found) { (found, "") } else { ("", found) };
    let place = |(at, character): (usize, char)| at..at + character.len_utf8();
    let plain_parts = plain.char_indices().filter_map(move |one| plain.get(place(one)));
    plain_parts.chain(other.graphemes(true))
}

fn is_separator(part: &str) -> bool {
    part.chars().all(is_separator_character)
}

/// Separators are what numbers and addresses are grouped with; other symbols are content.
fn is_separator_character(part: char) -> bool {
    part.is_whitespace()
        || matches!(part, '-' | '.' | '/' | '(' | ')' | '@' | ':' | ',' | '\u{2010}'..='\u{2015}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(keep_first: usize, keep_last: usize) -> MaskOptions {
        MaskOptions { keep_first, keep_last, ..MaskOptions::default() }
    }

    #[test]
    fn a_mask_keeps_separators_and_the_last_characters() {
        assert_eq!(mask(0, 4).mask("4111 1111-1111 1111"), "**** ****-**** 1111");
    }

    #[test]
    fn a_mask_without_separators_hides_them_too() {
        let options = MaskOptions { keep_separators: false, ..mask(1, 1) };
        assert_eq!(options.mask("ab cd"), "a***d");
    }

    #[test]
    fn a_mask_that_would_keep_everything_keeps_nothing() {
        assert_eq!(mask(2, 2).mask("1234"), "****");
        assert_eq!(mask(usize::MAX, 2).mask("12345"), "*****");
    }

    #[test]
    fn a_mask_counts_graphemes() {
        assert_eq!(mask(1, 0).mask("e\u{301}ab"), "e\u{301}**");
        assert_eq!(mask(1, 1).mask("éßab"), "é**b");
    }

    #[test]
    fn the_tail_of_a_masked_number_is_not_masked_again() {
        let operator = Operator::Mask(mask(0, 4));
        assert!(operator.already_applied("card **** **** **** ", "1111", ""));
        assert!(!operator.already_applied("card ", "1111", ""));
        assert!(!operator.already_applied("****", "11112", ""));
    }

    #[test]
    fn a_hash_depends_on_key_and_text_but_not_on_spacing() {
        let hash =
            |key: &str, text: &str| HashOperator { key: key.into(), length: 12 }.code(text, "card");
        assert_eq!(hash("k", "4111 1111"), hash("k", "41111111"));
        assert_ne!(hash("k", "41111111"), hash("k", "41111112"));
        assert_ne!(hash("k", "41111111"), hash("l", "41111111"));
        assert_eq!(hash("k", "x").len(), "[card:]".len() + 12);
    }
}
