//! A deterministic automaton that finds every spelling in one pass, letters repeated or not.

use std::collections::{BTreeMap, HashMap, HashSet};

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
/// almost always is. The others, but for a few, have what sets them apart from one of these.
const DENSE: usize = 3_000;

#[derive(Default)]
struct Node {
    depth: u32,
    symbol: u8,
    children: BTreeMap<u8, u32>,
    outputs: Vec<u16>,
}

/// States are numbered in four groups: dense ones, dense ones where something ends, sparse ones
/// where something ends, sparse ones.
pub(crate) struct Automaton {
    /// Of the dense states. What they lead to directly is numbered below 65,536.
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
    pub(crate) own: Vec<u8>,
    pub(crate) heads: Vec<u16>,
    pub(crate) symbols: Vec<u8>,
    pub(crate) targets: Vec<u16>,
}

/// How many low bits of a head are the fallback; the others are how many exceptions there are.
pub(crate) const FALLBACK_BITS: u32 = 12;

/// A state with more exceptions than fit into a head is dense.
const MOST_EXCEPTIONS: usize = (1 << (16 - FALLBACK_BITS)) - 1;

/// How many low bits of an exception's symbol are the symbol; the others belong to the target.
pub(crate) const SYMBOL_BITS: u32 = 5;

struct Sparse {
    /// The symbol that leads here; again, it leads here again unless an exception says otherwise.
    own: u8,
    fallback: u16,
    exceptions: Vec<(u8, u32)>,
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

    /// The sparse states, as small as they pack: the symbol that leads to each; its head, which is
    /// the dense state that has the other transitions and how many exceptions there are; of every
    /// [`BLOCK`]th where they begin; the exceptions' symbols, with the high bits of their targets,
    /// and the low bits.
    pub(crate) fn sparse(&self) -> SparseTables {
        let mut tables = SparseTables::default();
        for (number, state) in self.sparse.iter().enumerate() {
            if number.is_multiple_of(BLOCK) {
                tables.blocks.push(tables.symbols.len());
            }
            let count = u16::try_from(state.exceptions.len()).unwrap_or_default();
            tables.own.push(state.own);
            tables.heads.push(count << FALLBACK_BITS | state.fallback);
            for (symbol, target) in &state.exceptions {
                let [low, lower, high, highest] = target.to_le_bytes();
                assert!(highest == 0 && high < 1 << (8 - SYMBOL_BITS), "too many states");
                tables.symbols.push(high << SYMBOL_BITS | symbol);
                tables.targets.push(u16::from_le_bytes([low, lower]));
            }
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
    let dense_number = |set: &[u32]| numbers.get(set).copied().filter(|number| *number < DENSE);
    let differences: Vec<_> = (DENSE..sets.len())
        .map(|state| difference(trie, &sets[state], state, &rows, dense_number))
        .collect();
    let exceptions = |state: usize| {
        let behind = state.checked_sub(DENSE).and_then(|behind| differences.get(behind));
        behind.map_or(0, |(.., exceptions)| exceptions.len())
    };
    let is_dense = |state: usize| state < DENSE || exceptions(state) > MOST_EXCEPTIONS;
    let group = |state: usize| match (is_dense(state), found[state].is_empty()) {
        (true, true) => 0,
        (true, false) => 1,
        (false, false) => 2,
        (false, true) => 3,
    };
    let mut order: Vec<usize> = (0..sets.len()).collect();
    // What dense states lead to comes first, so that its numbers are short.
    let dense = (0..sets.len()).filter(|state| is_dense(*state));
    let led_to: HashSet<usize> = dense.flat_map(|state| rows[state]).collect();
    order.sort_by_key(|state| (group(*state), !led_to.contains(state), *state));
    let mut renumbered = vec![0_u32; sets.len()];
    for (old, new) in order.iter().zip(0..) {
        renumbered[*old] = new;
    }
    let near = |state: usize| {
        u16::try_from(renumbered[state]).unwrap_or_else(|_| panic!("a dense state leads too far"))
    };
    let count = |wanted: u8| order.iter().filter(|old| group(**old) < wanted).count();
    let sparse = |old: &usize| {
        let (own, fallback, exceptions) = &differences[*old - DENSE];
        let renumber = |(symbol, target): &(u8, usize)| (*symbol, renumbered[*target]);
        Sparse {
            own: *own,
            fallback: near(*fallback),
            exceptions: exceptions.iter().map(renumber).collect(),
        }
    };
    let (dense, others): (Vec<usize>, Vec<usize>) = order.iter().partition(|old| is_dense(**old));
    Automaton {
        rows: dense.iter().map(|old| rows[*old].map(near)).collect(),
        sparse: others.iter().map(sparse).collect(),
        bounds: [count(1), count(2), count(3)],
        accepting: order
            .iter()
            .map(|old| found[*old].clone())
            .filter(|found| !found.is_empty())
            .collect(),
    }
}

/// What is written down of a state that is not among the first: the symbol that leads to it, the
/// dense state that it is most like, and the transitions in which it is another.
fn difference(
    trie: &[Node],
    set: &[u32],
    state: usize,
    rows: &[[usize; COLUMNS]],
    dense_number: impl Fn(&[u32]) -> Option<usize>,
) -> (u8, usize, Vec<(u8, usize)>) {
    let mut set = set.to_vec();
    // All of the set but the root were reached by the same symbol.
    let own = set.iter().find(|node| **node != 0).map_or(0, |node| trie[index(*node)].symbol);
    let fallback = loop {
        let deepest = set.iter().max_by_key(|node| trie[index(**node)].depth).copied();
        set.retain(|node| Some(*node) != deepest);
        match dense_number(&set) {
            Some(number) => break number,
            None if set.is_empty() => break 0,
            None => {}
        }
    };
    let columns = rows[state].iter().zip(&rows[fallback]).zip(0_u8..);
    let exceptions = columns.filter_map(|((target, other), symbol)| {
        let usual = if symbol == own { state } else { *other };
        (*target != usual).then_some((symbol, *target))
    });
    (own, fallback, exceptions.collect())
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
