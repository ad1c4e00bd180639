//! A user's name and password together: `creds: joe / …`.

use std::ops::Range;

use super::super::catalog::{Sign, Signs};
use super::look::{is_password, is_strong, read};
use crate::detect::word;

/// Words for a user's name and password together.
pub(in super::super) const PAIRS: &[&str] =
    &["creds", "credentials", "login", "logins", "zugangsdaten", "identifiants"];

/// Longest name of a user, in bytes.
const LONGEST_USER: usize = 64;

/// Reports the passwords in `creds: user / password`.
pub(in super::super) fn pairs(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    for name in signs.of(Sign::Pair) {
        let before = text.get(..name.start).and_then(|before| before.chars().next_back());
        if before.is_some_and(word::continues) {
            continue;
        }
        if let Some(range) = pair(text, name.end) {
            found(range);
        }
    }
}

fn pair(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix(" are").unwrap_or_else(|| rest.strip_prefix(" -").unwrap_or(rest));
    let user = rest.trim_start_matches([' ', ':', '=', '：']);
    if user.len() == rest.len() {
        return None;
    }
    let length = user
        .bytes()
        .take(LONGEST_USER)
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b':' | b',' | b'|'))?;
    let (name, behind) = user.split_at_checked(length)?;
    let parted = behind.starts_with(' ');
    let sign = behind.trim_start_matches(' ');
    let password = sign.strip_prefix(['/', ':', ',', '|'])?;
    let apart = password.starts_with(' ');
    let password = password.trim_start_matches(' ');
    let found = read(password);
    let fits = match sign.as_bytes().first() {
        Some(b':' | b'|') => is_password(found),
        Some(b'/') => parted && apart && is_password(found),
        _ => apart && is_strong(found),
    };
    let start = text.len() - password.len();
    (fits && !name.is_empty() && !found.starts_with(['/', ':'])).then(|| start..start + found.len())
}
