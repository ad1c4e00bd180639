//! How passwords look.

use std::ops::RangeInclusive;

use super::super::placeholder::{is_expression, is_member, is_placeholder};
use super::super::published::is_published;
use super::link::LONGEST_OWNER;
use crate::detect::word;

/// Lengths of a password, in bytes.
pub(super) const LENGTHS: RangeInclusive<usize> = 6..=64;
/// The most words of one with spaces.
const MOST_PHRASE: usize = 4;

/// What may be a password at the beginning of `rest`, without the punctuation behind it.
pub(super) fn read(rest: &str) -> &str {
    let ends = |one: char| {
        one.is_whitespace()
            || word::is_unspaced(one)
            || matches!(one, '"' | '\'' | '`' | '<' | '，' | '。' | '！' | '；' | '、')
    };
    // No further than a password can be long, however far the text goes on.
    let end = before_pair(rest);
    let length = rest
        .char_indices()
        .take_while(|(at, one)| *at <= *LENGTHS.end() && *at < end && !ends(*one))
        .last()
        .map_or(0, |(at, one)| at + one.len_utf8());
    let password = rest.get(..length).unwrap_or_default();
    let password = password.trim_end_matches(['.', ',', ';', ')', '?', '\\']);
    // What ends a list that began before it.
    if password.contains('{') { password } else { password.trim_end_matches('}') }
}

/// Where the first sign stands that parts what is at the beginning of `rest` from a name and its
/// value: `Winter2031&next=/home`.
fn before_pair(rest: &str) -> usize {
    let mut sign = None;
    let near = rest.bytes().enumerate().take(LENGTHS.end() + LONGEST_OWNER);
    for (at, byte) in near {
        match (byte, sign) {
            (b'=', Some(sign)) if sign + 1 < at => return sign,
            (b'&' | b';' | b',', _) => sign = Some(at),
            (b'_' | b'-' | b'.', _) => {}
            _ if byte.is_ascii_alphanumeric() => {}
            _ => sign = None,
        }
    }
    rest.len()
}

/// Whether the text is a mixture that nobody says.
pub(super) fn is_password(text: &str) -> bool {
    let letters = text.chars().any(char::is_alphabetic);
    let digits = text.chars().any(|one| one.is_ascii_digit());
    // What ends a sentence, or hides an oath, is no mixture.
    let symbols = text
        .trim_end_matches('!')
        .chars()
        .any(|one| one.is_ascii_punctuation() && !"-'./_*(),;:".contains(one));
    let placeholder = text.starts_with(['[', '<', '{', '$', '*', '%', '(']) || text.contains("://");
    // Code that gets one, or a bracket of a document in HTML.
    let member = text.contains('_') || text.contains("pass");
    let placeholder = placeholder || text.starts_with("&#") || member && is_member(text);
    // A folder of Windows.
    let placeholder = placeholder
        || text.starts_with("\\\\")
        || text.get(1..).is_some_and(|behind| behind.starts_with(":\\"));
    let placeholder = placeholder || is_placeholder(text) || is_expression(text);
    let kept = letters && (digits || symbols) && !placeholder;
    LENGTHS.contains(&text.len()) && kept && !is_published(text)
}

/// Whether it is a password even where nothing says so: letters, digits and a symbol inside.
pub(super) fn is_strong(text: &str) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    let mail = text.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && inside.contains(['!', '@', '$', '%', '^', '&', '*', '?'])
        && !mail
        && is_password(text)
}

/// Whether it is something that passed a test: `PASS: test_login2`, `pass: a/b2.js`.
pub(super) fn is_of_tests(text: &str) -> bool {
    text.contains(['_', '/', '.']) || text.contains("::") || text.to_lowercase().contains("test")
}

/// Whether words with spaces between them are a password that was made up: few, one of letters and
/// digits, and a symbol inside.
pub(super) fn is_mixed_phrase(text: &str) -> bool {
    let mixed = |word: &str| {
        word.bytes().any(|byte| byte.is_ascii_digit())
            && word.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    text.split_whitespace().count() <= MOST_PHRASE
        && text.split_whitespace().any(mixed)
        && inside.contains(['!', '@', '$', '%', '^', '&', '*', '#'])
        && is_password(text)
}

/// Whether it is made as passwords are asked for: a capital, small letters, digits and a symbol.
pub(super) fn is_made(text: &str) -> bool {
    has_all_kinds(text) && text.ends_with(['!', '@', '$', '%', '^', '&', '*', '#'])
}

/// Whether it is strong, or made as passwords are asked for with a sign inside that a number or a name
/// may have, too: with a hyphen, or the sign at its end, only where its line ends with it.
pub(super) fn looks_made(text: &str, alone: bool) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    let signs = inside.contains('#') || alone && inside.contains(['-', '_']);
    is_strong(text) || signs && has_all_kinds(text) || alone && is_made(text)
}

/// Whether it is a password with a capital, small letters and digits.
fn has_all_kinds(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().filter(u8::is_ascii_digit).count() >= 2
        && is_password(text)
}
