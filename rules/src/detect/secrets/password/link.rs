//! What joins a password to the word before it.

use std::ops::Range;

use super::super::assignment::MASK;
use crate::detect::listed::Listed;

/// What a word between the name and the password does.
#[derive(Clone, Copy)]
enum Link {
    /// Says that the password follows.
    Joins,
    /// Says that something was done to it: what follows is the password behind [`Link::To`] alone.
    Changes,
    To,
    /// Says what it is to be: it has to look like one.
    Asks,
    /// Nothing.
    Fills,
}

/// What may stand around the name, and between it and the password.
pub(super) const QUOTES: &[char] = &['"', '\'', '`', '*'];
const SIGNS: &[char] = &[' ', '\t', ':', '=', '>', '"', '\'', '`', '*', '：', '→'];

/// What joins the word and the password, besides punctuation.
const LINKS: &[(&str, Link)] = &[
    ("is", Link::Joins),
    ("was", Link::Joins),
    ("be", Link::Joins),
    ("ist", Link::Joins),
    ("war", Link::Joins),
    ("lautet", Link::Joins),
    ("es", Link::Joins),
    ("era", Link::Joins),
    ("est", Link::Joins),
    ("é", Link::Joins),
    ("è", Link::Joins),
    ("är", Link::Joins),
    ("er", Link::Joins),
    ("should", Link::Asks),
    ("changed", Link::Changes),
    ("set", Link::Changes),
    ("reset", Link::Changes),
    ("updated", Link::Changes),
    ("geändert", Link::Changes),
    ("to", Link::To),
    ("auf", Link::To),
    ("has", Link::Fills),
    ("been", Link::Fills),
    ("will", Link::Fills),
    ("now", Link::Fills),
    ("still", Link::Fills),
    ("just", Link::Fills),
    ("again", Link::Fills),
    ("currently", Link::Fills),
    ("jetzt", Link::Fills),
    ("nu", Link::Fills),
    ("ahora", Link::Fills),
];

/// The same in scripts without spaces, and behind Korean words.
const JOINED: &[&str] = &["是", "为", "為", "は", "는", "은"];

/// What stands before whose password it is: `password for joe: …`.
const OWNERS: Listed = Listed::of(
    "\
     da de del della der des di dla do du for für of on para pour til till to vom voor zum для к \
     от",
);

/// The most words between the name and the password.
const MOST_LINKS: usize = 5;
/// The most words of whose password it is, and bytes.
const MOST_OWNER: usize = 3;
pub(super) const LONGEST_OWNER: usize = 48;

/// How surely what follows is the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// It stands behind the word with nothing between them.
    Loose,
    /// With a dash between them.
    Dash,
    /// Something compares with it, or it stands on the next line: it has to look like one.
    Strong,
    /// Something says that it is.
    Said,
}

/// What is behind whose password it is, where a sign follows that: ` for joe: …`, ` (wifi): …`.
pub(super) fn behind_owner(rest: &str) -> &str {
    let inner = rest.trim_start_matches(' ');
    if let Some(owner) = inner.strip_prefix('(') {
        let end = owner.bytes().take(LONGEST_OWNER).position(|byte| matches!(byte, b')' | b'\n'));
        let behind = end.and_then(|end| owner.get(end..)?.strip_prefix(')'));
        return behind.unwrap_or(rest);
    }
    if inner.len() == rest.len() {
        return rest;
    }
    let first = word_length(inner);
    let apart = inner.get(first..).is_some_and(|behind| behind.starts_with(' '));
    if !apart || !inner.get(..first).is_some_and(|word| OWNERS.has(word)) {
        return rest;
    }
    let mut at = rest.len() - inner.len() + first + 1;
    for _ in 0..=MOST_OWNER {
        let Some(behind) = rest.get(at..) else { return rest };
        let Some((word, sign)) = behind.split_at_checked(word_length(behind)) else { return rest };
        if word.ends_with([',', ';', '?', '!', '.']) {
            return rest;
        }
        if LINKS
            .iter()
            .any(|(link, does)| matches!(does, Link::Joins) && word.eq_ignore_ascii_case(link))
        {
            // The space before it belongs to it.
            return rest.get(at - 1..).unwrap_or(rest);
        }
        if sign.starts_with([':', '=', '：']) && !sign.starts_with("://") {
            return sign;
        }
        if !sign.starts_with(' ') {
            return rest;
        }
        at += word.len() + 1;
    }
    rest
}

/// Length of the word at the beginning of `rest`, up to a space or a sign; no further than it is
/// looked at.
fn word_length(rest: &str) -> usize {
    let ends = |one: char| one.is_whitespace() || matches!(one, ':' | '=' | '：');
    rest.char_indices()
        .take_while(|(at, one)| *at < LONGEST_OWNER && !ends(*one))
        .last()
        .map_or(0, |(at, one)| at + one.len_utf8())
}

/// How what stands between the name and the password joins them, and what is behind it. Something
/// before the name may say that it is `changed`.
pub(super) fn join(rest: &str, mut changed: bool) -> Option<(Bond, &str)> {
    let mut bond = None;
    let mut at = rest;
    let mut asks = changed;
    if let Some(behind) = JOINED.iter().find_map(|joined| at.strip_prefix(joined)) {
        (bond, at) = (Some(Bond::Said), behind);
    }
    for _ in 0..MOST_LINKS {
        let trimmed = at.trim_start_matches([' ', '\t']);
        let Some((word, behind)) = trimmed.split_at_checked(word_length(trimmed)) else { break };
        let Some((_, link)) = LINKS.iter().find(|(link, _)| word.eq_ignore_ascii_case(link)) else {
            break;
        };
        if trimmed.len() == at.len() {
            break;
        }
        match link {
            Link::Joins => bond = Some(Bond::Said),
            Link::Asks => asks = true,
            Link::Changes => (bond, changed) = (None, true),
            Link::To if changed => bond = Some(Bond::Said),
            Link::To => break,
            Link::Fills => {}
        }
        at = behind;
    }
    let behind = behind_signs(at, SIGNS);
    let between = at.get(..at.len() - behind.len()).unwrap_or_default();
    if between.contains(MASK) {
        return None;
    }
    // What a shell takes where the variable is not set: `${PASSWORD:-…}`.
    let behind = if between == ":" { behind.strip_prefix('-').unwrap_or(behind) } else { behind };
    if between.contains([':', '=', '：', '→']) {
        bond = Some(if between.contains("==") { Bond::Strong } else { Bond::Said });
    }
    if asks && bond == Some(Bond::Said) {
        bond = Some(Bond::Strong);
    }
    // On the next line.
    let next = behind.strip_prefix('\r').unwrap_or(behind).strip_prefix('\n');
    if let (Some(Bond::Said), Some(next)) = (bond, next) {
        return Some((Bond::Strong, next));
    }
    if bond.is_none() && !changed && between.starts_with([' ', '\t']) {
        // A cell of a table.
        if let Some(cell) = behind.strip_prefix('|') {
            return Some((Bond::Strong, cell.trim_start_matches(' ')));
        }
        let dash = ["->", "- ", "– ", "— "].iter().find_map(|dash| behind.strip_prefix(dash));
        let bond = if dash.is_some() { Bond::Dash } else { Bond::Loose };
        return Some((bond, dash.unwrap_or(behind).trim_start_matches(' ')));
    }
    Some((bond?, behind))
}

/// Whether what stands before the name says that something is done to it: `set the root password to`.
pub(super) fn is_changed(text: &str, name: &Range<usize>) -> bool {
    let all = text.get(..name.start).unwrap_or_default();
    let longest = all.len().saturating_sub(LONGEST_OWNER);
    let near = all.get(all.ceil_char_boundary(longest)..).unwrap_or_default();
    let changes = |word: &str| {
        let link = LINKS.iter().find(|(link, _)| word.eq_ignore_ascii_case(link));
        word.eq_ignore_ascii_case("change")
            || link.is_some_and(|(_, does)| matches!(does, Link::Changes))
    };
    near.rsplit(' ').take(MOST_OWNER + 1).any(changes)
}

/// What is behind these signs, and behind quotation marks with a backslash before them: so they stand
/// in a document that is a string of another.
pub(super) fn behind_signs<'a>(rest: &'a str, signs: &[char]) -> &'a str {
    let mut at = rest;
    loop {
        at = at.trim_start_matches(signs);
        match at.trim_start_matches('\\').strip_prefix('"') {
            Some(behind) => at = behind,
            None => return at,
        }
    }
}
