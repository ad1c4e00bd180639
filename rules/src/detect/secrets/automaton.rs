//! Finds which of many texts stand in another, in one pass.
//!
//! The same as `aho_corasick::dfa`, and as fast; but made in a tenth of the time and a third of the
//! memory, which is a part of each cold start: capitals and small letters are one from the outset,
//! and a state takes two bytes.

use std::ops::Range;

use super::super::lanes;

/// No pattern, no state.
const NONE: u16 = u16::MAX;
/// Rows begin at multiples of so many entries; states are named by where theirs begins, counted in
/// these.
const UNIT: usize = 16;

pub(super) struct Automaton {
    /// The column of each byte; 0 for those that are in no pattern.
    columns: [u8; 256],
    /// For each state the next one, by column.
    rows: Vec<u16>,
    /// The first of the states in which a pattern ends; those behind it are such, too.
    accepting: u16,
    /// The units of a row.
    units: u16,
    /// What ends in each accepting state.
    ends: Vec<End>,
    lengths: Vec<u8>,
}

/// The longest pattern that ends in a state, and the state of the next shorter ones.
#[derive(Clone, Copy)]
struct End {
    pattern: u16,
    shorter: u16,
}

/// A beginning of patterns.
struct Node {
    column: u8,
    pattern: u16,
    child: u16,
    sibling: u16,
    /// The longest other beginning that this one ends with.
    fallback: u16,
    state: u16,
}

impl Node {
    fn new(column: u8) -> Self {
        Self { column, pattern: NONE, child: NONE, sibling: NONE, fallback: 0, state: 0 }
    }
}

impl Automaton {
    /// The automaton of these patterns, each of another text, capitals and small ASCII letters
    /// alike. `None` when they are more, or longer, than it can count.
    pub(super) fn new<'a>(patterns: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        let mut columns = [0; 256];
        let mut width = 1_u8;
        for byte in patterns.clone().flat_map(str::bytes) {
            let small = columns.get_mut(usize::from(byte.to_ascii_lowercase()))?;
            if *small == 0 {
                *small = width;
                width = width.checked_add(1)?;
            }
            let column = *small;
            *columns.get_mut(usize::from(byte.to_ascii_uppercase()))? = column;
        }
        let units = u16::try_from(usize::from(width).div_ceil(UNIT)).ok()?;
        let lengths: Option<Vec<u8>> =
            patterns.clone().map(|pattern| u8::try_from(pattern.len()).ok()).collect();
        let mut nodes = tree(patterns, &columns)?;
        let order = breadth_first(&nodes);
        fall_back(&mut nodes, &order);
        let (accepting, ends) = number(&mut nodes, &order, units)?;
        let mut automaton = Self {
            columns,
            rows: vec![0; nodes.len() * usize::from(units) * UNIT],
            accepting,
            units,
            ends,
            lengths: lengths?,
        };
        automaton.fill(&nodes, &order)?;
        Some(automaton)
    }

    /// Writes the rows: each is that of the fallback, but for the node's own children.
    fn fill(&mut self, nodes: &[Node], order: &[u16]) -> Option<()> {
        for node in order {
            let node = nodes.get(usize::from(*node))?;
            let fallback = nodes.get(usize::from(node.fallback))?;
            let start = usize::from(node.state) * UNIT;
            let other = usize::from(fallback.state) * UNIT;
            self.rows.copy_within(other..other + usize::from(self.units) * UNIT, start);
            for child in children(nodes, node) {
                let child = nodes.get(usize::from(child))?;
                *self.rows.get_mut(start + usize::from(child.column))? = child.state;
            }
        }
        Some(())
    }

    /// The number and the place of each pattern in the text, in the order in which they end; of
    /// those that end together the longest first.
    pub(super) fn hits(&self, bytes: &[u8]) -> impl Iterator<Item = (usize, Range<usize>)> {
        let step = |state: u16, byte: &u8| {
            let column = self.columns.get(usize::from(*byte)).copied().unwrap_or(0);
            let next = self.rows.get(usize::from(state) * UNIT + usize::from(column));
            next.copied().unwrap_or(0)
        };
        let (ends, _) = lanes::walk(bytes, 0, step, |state| state >= self.accepting);
        ends.into_iter().flat_map(move |(state, last)| {
            let end = last + 1;
            std::iter::successors(self.end(state), |one| self.end(one.shorter)).filter_map(
                move |one| {
                    let length = self.lengths.get(usize::from(one.pattern))?;
                    Some((usize::from(one.pattern), end.checked_sub(usize::from(*length))?..end))
                },
            )
        })
    }

    fn end(&self, state: u16) -> Option<End> {
        let index = state.checked_sub(self.accepting)? / self.units.max(1);
        self.ends.get(usize::from(index)).copied()
    }
}

/// The beginnings of all patterns; the first is the empty one.
fn tree<'a>(patterns: impl Iterator<Item = &'a str>, columns: &[u8; 256]) -> Option<Vec<Node>> {
    let mut nodes = vec![Node::new(0)];
    for (pattern, text) in patterns.enumerate() {
        let mut at = 0;
        for byte in text.bytes() {
            let column = *columns.get(usize::from(byte))?;
            let parent = nodes.get(usize::from(at))?;
            let first = parent.child;
            let known = children(&nodes, parent).find(|child| {
                nodes.get(usize::from(*child)).is_some_and(|child| child.column == column)
            });
            at = match known {
                Some(child) => child,
                None => {
                    let child = u16::try_from(nodes.len()).ok()?;
                    nodes.push(Node { sibling: first, ..Node::new(column) });
                    nodes.get_mut(usize::from(at))?.child = child;
                    child
                }
            };
        }
        nodes.get_mut(usize::from(at))?.pattern = u16::try_from(pattern).ok()?;
    }
    Some(nodes)
}

fn children<'a>(nodes: &'a [Node], parent: &Node) -> impl Iterator<Item = u16> + use<'a> {
    let some = |child: u16| (child != NONE).then_some(child);
    std::iter::successors(some(parent.child), move |child| {
        nodes.get(usize::from(*child)).and_then(|child| some(child.sibling))
    })
}

/// All nodes, none before a shorter one.
fn breadth_first(nodes: &[Node]) -> Vec<u16> {
    let mut order = Vec::with_capacity(nodes.len());
    order.push(0);
    let mut at = 0;
    while let Some(node) = order.get(at).and_then(|node: &u16| nodes.get(usize::from(*node))) {
        order.extend(children(nodes, node));
        at += 1;
    }
    order
}

fn fall_back(nodes: &mut [Node], order: &[u16]) {
    for parent in order {
        let Some(node) = nodes.get(usize::from(*parent)) else { continue };
        let from = node.fallback;
        for child in children(nodes, node).collect::<Vec<_>>() {
            let column = nodes.get(usize::from(child)).map_or(0, |child| child.column);
            let fallback = if *parent == 0 { 0 } else { step(nodes, from, column) };
            if let Some(child) = nodes.get_mut(usize::from(child)) {
                child.fallback = fallback;
            }
        }
    }
}

/// The longest beginning that `node` and this column end with.
fn step(nodes: &[Node], mut node: u16, column: u8) -> u16 {
    loop {
        let Some(at) = nodes.get(usize::from(node)) else { return 0 };
        let next = children(nodes, at).find(|child| {
            nodes.get(usize::from(*child)).is_some_and(|child| child.column == column)
        });
        match next {
            Some(next) => return next,
            None if node == 0 => return 0,
            None => node = at.fallback,
        }
    }
}

/// Names the states, accepting ones last; says which is the first of these, and what ends in each.
fn number(nodes: &mut [Node], order: &[u16], units: u16) -> Option<(u16, Vec<End>)> {
    let accepts = |nodes: &[Node], node: u16| {
        let mut at = node;
        loop {
            let one = nodes.get(usize::from(at))?;
            if one.pattern != NONE {
                return Some(true);
            }
            if at == 0 {
                return Some(false);
            }
            at = one.fallback;
        }
    };
    let mut next = 0_u16;
    let mut last = Vec::new();
    for node in order {
        if accepts(nodes, *node)? {
            last.push(*node);
        } else {
            nodes.get_mut(usize::from(*node))?.state = next;
            next = next.checked_add(units)?;
        }
    }
    let accepting = next;
    let mut ends: Vec<End> = Vec::with_capacity(last.len());
    for node in last {
        let state = next;
        next = next.checked_add(units)?;
        let node = nodes.get_mut(usize::from(node))?;
        node.state = state;
        let (pattern, fallback) = (node.pattern, node.fallback);
        // The fallback is shorter, so it has its name already.
        let shorter = nodes.get(usize::from(fallback)).map_or(0, |node| node.state);
        let inherited = shorter.checked_sub(accepting).map(|state| usize::from(state / units));
        let inherited = inherited.and_then(|index| ends.get(index).copied());
        ends.push(match (pattern, inherited) {
            (NONE, inherited) => inherited?,
            (pattern, Some(_)) => End { pattern, shorter },
            (pattern, None) => End { pattern, shorter: 0 },
        });
    }
    Some((accepting, ends))
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;
    use proptest::prelude::*;

    use super::*;

    fn hits(patterns: &[&str], text: &str) -> Vec<(usize, Range<usize>)> {
        Automaton::new(patterns.iter().copied()).unwrap().hits(text.as_bytes()).collect()
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert!(hits(&["abc"], "ab bc ac").is_empty());
        assert!(hits(&["abc"], "").is_empty());
        assert!(hits(&[], "abc").is_empty());
    }

    #[test]
    fn those_that_end_together_come_longest_first() {
        assert_eq!(
            hits(&["he", "she", "hers", "his"], "uSHErs"),
            [(1, 1..4), (0, 2..4), (2, 2..6)]
        );
    }

    proptest! {
        #[test]
        fn it_finds_what_aho_corasick_finds(
            patterns in prop::collection::btree_set("[a-c=]{1,4}", 1..12),
            text in "[a-cA-C=é]{0,60}",
        ) {
            let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
            let other =
                AhoCorasick::builder().ascii_case_insensitive(true).build(&patterns).unwrap();
            let mut expected: Vec<_> = other
                .find_overlapping_iter(&text)
                .map(|hit| (hit.pattern().as_usize(), hit.range()))
                .collect();
            let mut found = hits(&patterns, &text);
            prop_assert!(found.is_sorted_by_key(|(_, place)| place.end));
            expected.sort_by_key(|(_, place)| (place.end, place.start));
            found.sort_by_key(|(_, place)| (place.end, place.start));
            prop_assert_eq!(found, expected);
        }
    }
}
