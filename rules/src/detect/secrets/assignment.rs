//! Names and what is given to them: `name = value`, `"name": "value"`, `the name is value`.

use std::ops::Range;

/// A name's last part, and where the value begins.
pub(super) struct Assignment {
    /// What stands between the word that was looked for and the sign.
    pub(super) rest: Range<usize>,
    /// Where the value begins.
    pub(super) value: usize,
}

/// The most bytes between a word in a name and the sign behind the name.
const MOST_NAME: usize = 32;
/// The most bytes of signs, quotes and spaces between a name and its value.
const MOST_SIGNS: usize = 16;

/// As many stars in a row are a mask, not Markdown.
pub(super) const MASK: &str = "****";

/// What is given to the name in which `word` stands.
pub(super) fn behind(text: &str, word: &Range<usize>) -> Option<Assignment> {
    let bytes = text.as_bytes();
    let end = word.end;
    let rest = bytes.get(end..)?;
    let is_name = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b' ' | b'\t')
    };
    let name = rest.iter().take(MOST_NAME).take_while(is_name).count();
    let signs = rest.get(name..)?;
    let is_sign = |byte: &&u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'=' | b':' | b'>' | b',' | b'|' | b'?' | b'*' | b'"' | b'\'' | b'`' | b'\\' | b']'
            )
    };
    let length = signs.iter().take(MOST_SIGNS).take_while(is_sign).count();
    // `the api key is abc=def`: what is said is the value, sign and all.
    let said = text.get(end..end + name)?;
    let is = said.find(" is ");
    if let Some(is) = is
        && signs.first() == Some(&b'=')
        && is + 4 < said.len()
        && !said.get(is + 4..)?.contains([' ', '\t'])
        && signs.get(1).is_some_and(u8::is_ascii_graphic)
    {
        return speaks_of_secret(said)
            .then_some(Assignment { rest: end..end + is, value: end + is + 4 });
    }
    let gives = |byte: &u8| matches!(byte, b'=' | b':' | b'>' | b',' | b'|');
    // `Credentials::from_keys` is a path; Make's `::=` gives.
    let given = signs.get(..length)?;
    let indexed = given.starts_with(b"']") || given.starts_with(b"\"]");
    // A mask is the value, and what is behind it none.
    let masked = given.windows(MASK.len()).any(|stars| stars == MASK.as_bytes());
    if given == b"::" || masked || given.contains(&b']') && !indexed {
        return None;
    }
    if given.iter().any(gives) {
        let name = end..end + name;
        return Some(Assignment { value: name.end + length, rest: name });
    }
    // Said, not written: only where the sentence is of a secret.
    let is = is.filter(|_| speaks_of_secret(said) || is_said(text, word))?;
    // Nothing but quotation marks may stand before the value.
    let marks = if is + 4 < said.len() { 0 } else { length };
    Some(Assignment { rest: end..end + is, value: end + is + 4 + marks })
}

/// Whether the word is one of which "the … is" tells the value. A key has to be told which.
fn is_said(text: &str, word: &Range<usize>) -> bool {
    let word = text.get(word.clone()).unwrap_or_default();
    ["token", "secret"].iter().any(|one| word.eq_ignore_ascii_case(one))
}

fn speaks_of_secret(said: &str) -> bool {
    ["key", "token", "secret"].iter().any(|word| said.contains(word))
}

/// Whether the word at `range` begins a word of an identifier, and does not end in the first letter
/// of the next: `okta` is not in `rookTable`.
pub(super) fn begins_word(bytes: &[u8], range: &Range<usize>) -> bool {
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
    let first = bytes.get(range.start);
    let begins = before.is_none_or(|before| {
        !before.is_ascii_alphabetic()
            || before.is_ascii_lowercase() && first.is_some_and(u8::is_ascii_uppercase)
    });
    let hump = match bytes.get(range.end.saturating_sub(2)..range.end + 1) {
        Some([before, last, behind]) => {
            before.is_ascii_lowercase() && last.is_ascii_uppercase() && behind.is_ascii_lowercase()
        }
        _ => false,
    };
    begins && !hump
}
