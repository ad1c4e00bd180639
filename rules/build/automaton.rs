//! A deterministic automaton that finds every spelling in one pass, letters repeated or not.

use std::collections::{BTreeMap, HashMap};

/// Symbols: 0 is what stands between words, 1–26 the letters, 27 any other part of a word, 28–30
/// the digits 1, 4 and 8. Rows have 32 columns, so that a state's row begins at 32 times its
/// number.
const COLUMNS: usize = 32;

/// The symbol of a character of a spelling.
fn symbol(character: u8) -> u8 {
    match character {
        b' ' => 0,
        b'a'..=b'z' => character - b'a' + 1,
        b'1' => 28,
        b'4' => 29,
        b'8' => 30,
        _ => panic!("`{}` cannot be in a spelling", char::from(character)),
    }
}

/// States of which all transitions are written down: the first ones that are reached, where a text
/// almost always is. The others have what sets them apart from one of these.
const DENSE: usize = 3_000;

#[derive(Default)]
struct Node {
    depth: u32,
    symbol: u8,
    children: BTreeMap<u8, u32>,
    outputs: Vec<u16>,
}

/// States are numbered in four groups: dense ones, dense ones where something ends, sparse ones,
/// sparse ones where something ends.
pub(crate) struct Automaton {
    /// Of the dense states.
    rows: Vec<[u16; COLUMNS]>,
    sparse: Vec<Sparse>,
    /// Where the second, third and fourth group begin.
    pub(crate) bounds: [usize; 3],
    /// What ends in each state where something ends, in the states' order.
    accepting: Vec<Vec<u16>>,
}

/// Of how many sparse states one has it written down where its exceptions begin.
pub(crate) const BLOCK: usize = 8;

/// See [`Automaton::sparse`].
#[derive(Default)]
pub(crate) struct SparseTables {
    pub(crate) blocks: Vec<usize>,
    pub(crate) counts: Vec<u8>,
    pub(crate) symbols: Vec<u8>,
    pub(crate) distances: Vec<u16>,
    pub(crate) fallbacks: Vec<u16>,
}

struct Sparse {
    fallback: u16,
    exceptions: Vec<(u8, u16)>,
}

impl Automaton {
    /// The automaton of these spellings; each is found by its number.
    pub(crate) fn of<'a>(spellings: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Self {
        let mut trie = vec![Node { symbol: u8::MAX, ..Node::default() }];
        for (number, spelling) in spellings.enumerate() {
            let mut at = 0_u32;
            for character in spelling.bytes() {
                let symbol = symbol(character);
                let next = u32::try_from(trie.len()).unwrap_or(u32::MAX);
                let before = at;
                let node = &mut trie[index(at)];
                at = *node.children.entry(symbol).or_insert(next);
                if at == next {
                    let depth = trie[index(before)].depth + 1;
                    trie.push(Node { depth, symbol, ..Node::default() });
                }
            }
            let number = u16::try_from(number).unwrap_or_else(|_| panic!("too many spellings"));
            trie[index(at)].outputs.push(number);
        }
        determinize(&trie)
    }

    /// The dense states' rows as bytes, least significant first.
    pub(crate) fn table(&self) -> Vec<u8> {
        self.rows.iter().flatten().flat_map(|state| state.to_le_bytes()).collect()
    }

    /// The sparse states, as small as they pack: how many exceptions each has, and of every
    /// [`BLOCK`]th where they begin; the exceptions' symbols, and how far their targets lie behind
    /// the state; the dense state that has the other transitions.
    pub(crate) fn sparse(&self) -> SparseTables {
        let mut tables = SparseTables::default();
        for (state, number) in self.sparse.iter().zip(self.bounds[1]..) {
            if (number - self.bounds[1]).is_multiple_of(BLOCK) {
                tables.blocks.push(tables.symbols.len());
            }
            let own = u16::try_from(number).unwrap_or_else(|_| panic!("too many states"));
            let count = u8::try_from(state.exceptions.len());
            tables.counts.push(count.unwrap_or_else(|_| panic!("too many exceptions")));
            tables.symbols.extend(state.exceptions.iter().map(|(symbol, _)| *symbol));
            let distance = |(_, target): &(u8, u16)| target.wrapping_sub(own);
            tables.distances.extend(state.exceptions.iter().map(distance));
            tables.fallbacks.push(state.fallback);
        }
        tables
    }

    /// Where the outputs of each accepting state begin, and all outputs.
    pub(crate) fn outputs(&self) -> (Vec<usize>, Vec<u16>) {
        let mut starts = vec![0];
        let mut outputs = Vec::new();
        for state in &self.accepting {
            outputs.extend(state);
            starts.push(outputs.len());
        }
        (starts, outputs)
    }
}

/// The subset construction. A node is left by its children's symbols, kept by its own (a letter
/// repeated), and the root is in every set.
fn determinize(trie: &[Node]) -> Automaton {
    let mut numbers: HashMap<Vec<u32>, usize> = HashMap::from([(vec![0], 0)]);
    let mut sets = vec![vec![0_u32]];
    let mut rows: Vec<[usize; COLUMNS]> = Vec::new();
    let mut at = 0;
    while at < sets.len() {
        let mut targets: Vec<Vec<u32>> = vec![Vec::new(); COLUMNS];
        for node in &sets[at] {
            let node_number = *node;
            let node = &trie[index(node_number)];
            for (symbol, child) in &node.children {
                targets[usize::from(*symbol)].push(*child);
            }
            if node_number != 0 {
                targets[usize::from(node.symbol)].push(node_number);
            }
        }
        let mut row = [0; COLUMNS];
        for (column, mut target) in targets.into_iter().enumerate() {
            target.push(0);
            target.sort_unstable();
            target.dedup();
            let next = sets.len();
            let number = *numbers.entry(target).or_insert_with_key(|target| {
                sets.push(target.clone());
                next
            });
            row[column] = number;
        }
        rows.push(row);
        at += 1;
    }
    let outputs = |set: &Vec<u32>| {
        let mut outputs: Vec<u16> =
            set.iter().flat_map(|node| trie[index(*node)].outputs.iter().copied()).collect();
        outputs.sort_unstable();
        outputs.dedup();
        outputs
    };
    let found: Vec<Vec<u16>> = sets.iter().map(outputs).collect();
    let group = |state: usize| (state >= DENSE, !found[state].is_empty());
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_key(|state| (group(*state), *state));
    let mut renumbered = vec![0_u16; sets.len()];
    for (new, old) in order.iter().enumerate() {
        renumbered[*old] = u16::try_from(new).unwrap_or_else(|_| panic!("too many states"));
    }
    let count = |wanted: (bool, bool)| order.iter().filter(|old| group(**old) < wanted).count();
    let sparse = |old: &usize| {
        let mut set = sets[*old].clone();
        let fallback = loop {
            let deepest = set.iter().max_by_key(|node| trie[index(**node)].depth).copied();
            set.retain(|node| Some(*node) != deepest);
            match numbers.get(&set) {
                Some(number) if *number < DENSE => break *number,
                None if set.is_empty() => break 0,
                _ => {}
            }
        };
        let columns = rows[*old].iter().zip(&rows[fallback]).zip(0_u8..);
        let differ = columns.filter(|((own, other), _)| own != other);
        Sparse {
            fallback: renumbered[fallback],
            exceptions: differ.map(|((own, _), symbol)| (symbol, renumbered[*own])).collect(),
        }
    };
    let dense = order.iter().filter(|old| **old < DENSE);
    Automaton {
        rows: dense.map(|old| rows[*old].map(|next| renumbered[next])).collect(),
        sparse: order.iter().filter(|old| **old >= DENSE).map(sparse).collect(),
        bounds: [count((false, true)), count((true, false)), count((true, true))],
        accepting: order
            .iter()
            .map(|old| found[*old].clone())
            .filter(|found| !found.is_empty())
            .collect(),
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
