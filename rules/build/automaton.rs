//! A deterministic automaton that finds every spelling in one pass, letters repeated or not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Symbols: 0 is what stands between words, 1–26 the letters, 27 any other part of a word, 28–30
/// the digits 1, 4 and 8. Rows have 32 columns, so that a state's row begins at 32 times its
/// number.
const COLUMNS: usize = 32;

/// What stands between words.
const BETWEEN: u8 = 0;

/// The symbol of a character of a spelling.
fn symbol(character: u8) -> u8 {
    match character {
        b' ' => BETWEEN,
        b'a'..=b'z' => character - b'a' + 1,
        b'1' => 28,
        b'4' => 29,
        b'8' => 30,
        _ => panic!("`{}` cannot be in a spelling", char::from(character)),
    }
}

/// So many states, the first ones that are reached, are dense: all their transitions are written
/// down. So are those that everyday words lead to, since a text almost always is in one of these.
/// The others, but for a few, have what sets them apart from a dense one.
const SHALLOW: usize = 1_000;

#[derive(Default)]
struct Node {
    depth: u32,
    symbol: u8,
    children: BTreeMap<u8, u32>,
    outputs: Vec<u16>,
}

/// States are numbered in three groups: dense ones, dense ones where something ends, sparse ones.
/// Those of the last group are numbered as a walk in breadth comes to them from the dense ones, so
/// that what a state leads to first is numbered without a gap: where that begins is enough to know.
pub(crate) struct Automaton {
    /// Of the dense states. What they lead to directly is numbered below 65,536.
    rows: Vec<[u16; COLUMNS]>,
    sparse: Vec<Sparse>,
    /// Where the second and third group begin.
    pub(crate) bounds: [usize; 2],
    /// The dense state that has the other transitions of the sparse states that dense ones lead to.
    /// Of those further on it need not be written down: it is where the same symbols lead from there.
    pub(crate) fallbacks: Vec<u16>,
    /// What ends in each state.
    found: Vec<Vec<u16>>,
}

/// Of how many sparse states one has it written down where its children and exceptions begin.
pub(crate) const BLOCK: usize = 32;

/// Of how many states, or entries, one has it written down where its outputs, or its text, begin:
/// these are asked for less often.
pub(crate) const LARGE_BLOCK: usize = 64;

/// How many low bits of a head or of an exception's symbol are the symbol; the others say what its
/// outputs are, or belong to the target.
pub(crate) const SYMBOL_BITS: u32 = 5;

/// How many low bits of a count are for the children; the others are for the exceptions.
pub(crate) const COUNT_BITS: u32 = 4;

/// A state with more children or exceptions than fit into a count is dense.
const MOST: usize = (1 << COUNT_BITS) - 1;

/// Stands where an exception has its symbol, if it is the link.
pub(crate) const LINK: u8 = (1 << SYMBOL_BITS) - 1;

/// The most links that are followed from one state.
const LONGEST: usize = 3;

/// A state that is like another, its fallback, but for some transitions.
struct Sparse {
    /// The symbol that leads here; again, it leads here again unless an exception says otherwise.
    own: u8,
    /// How many states the walk first comes to from here.
    children: usize,
    /// Where else it goes. The last may be a link: to another sparse state, which has the rest of
    /// what sets this one apart from its fallback.
    exceptions: Vec<(u8, u32)>,
}

/// See [`Automaton::tables`].
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) heads: Vec<u8>,
    pub(crate) output_blocks: Vec<u16>,
    pub(crate) outputs: [Vec<u8>; 2],
    pub(crate) counts: Vec<u8>,
    pub(crate) child_blocks: Vec<usize>,
    pub(crate) exception_blocks: Vec<u16>,
    pub(crate) symbols: Vec<u8>,
    pub(crate) targets: Vec<u16>,
}

impl Automaton {
    /// The automaton of these spellings; each is found by its number. It is quickest where a text
    /// is made of `everyday` words.
    pub(crate) fn of<'a>(
        spellings: impl Iterator<Item = std::borrow::Cow<'a, str>>,
        everyday: &[String],
    ) -> Self {
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
        let sets = determinize(&trie);
        let chosen = chosen(&sets, everyday);
        pack(&trie, &sets, chosen)
    }

    /// The dense states' rows as bytes, least significant first.
    pub(crate) fn table(&self) -> Vec<u8> {
        self.rows.iter().flatten().flat_map(|state| state.to_le_bytes()).collect()
    }

    /// All other tables, as small as they pack. Of each state its head: the symbol that leads to it
    /// and what [`code`] says of its outputs; these, their low bits and their high ones apart, which
    /// packs better. Of each sparse state how many children and exceptions
    /// it has; the exceptions' symbols with the high bits of their targets, and the low bits. Of every
    /// [`BLOCK`]th or [`LARGE_BLOCK`]th state where its own of each begin.
    pub(crate) fn tables(&self, first_phrase: usize) -> Tables {
        let mut tables = Tables::default();
        let dense = self.rows.len();
        let own = std::iter::repeat_n(0, dense).chain(self.sparse.iter().map(|state| state.own));
        for (number, (own, found)) in own.zip(&self.found).enumerate() {
            if number.is_multiple_of(LARGE_BLOCK) {
                tables.output_blocks.push(short(tables.outputs[0].len()));
            }
            tables.heads.push(packed(code(found, first_phrase), SYMBOL_BITS, own));
            for output in found {
                let [low, high] = output.to_le_bytes();
                tables.outputs[0].push(low);
                tables.outputs[1].push(high);
            }
        }
        let mut child = dense + self.fallbacks.len();
        for (number, state) in self.sparse.iter().enumerate() {
            if number.is_multiple_of(BLOCK) {
                tables.child_blocks.push(child);
                tables.exception_blocks.push(short(tables.symbols.len()));
            }
            child += state.children;
            let children = u8::try_from(state.children).unwrap_or(u8::MAX);
            tables.counts.push(packed(state.exceptions.len(), COUNT_BITS, children));
            for (symbol, target) in &state.exceptions {
                let [low, lower, high, highest] = target.to_le_bytes();
                assert!(highest == 0, "too many states");
                tables.symbols.push(packed(usize::from(high), SYMBOL_BITS, *symbol));
                tables.targets.push(u16::from_le_bytes([low, lower]));
            }
        }
        tables
    }
}

/// How many outputs there are, up to five; 6 and 7 stand for one and two where one is of several words:
/// those are numbered from `first_phrase` on.
fn code(outputs: &[u16], first_phrase: usize) -> usize {
    let phrase = outputs.iter().any(|number| usize::from(*number) >= first_phrase);
    match outputs.len() {
        few @ 1..=2 if phrase => few + 5,
        more => {
            assert!(more <= 5, "too many entries end in one state");
            more
        }
    }
}

/// A byte of which `low` are so many low bits.
fn packed(high: usize, bits: u32, low: u8) -> u8 {
    let fits = high < 1 << (u8::BITS - bits) && u32::from(low) < 1 << bits;
    u8::try_from(high << bits | usize::from(low))
        .ok()
        .filter(|_| fits)
        .unwrap_or_else(|| panic!("{high} and {low} do not fit into a byte"))
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or_else(|_| panic!("{number} does not fit into two bytes"))
}

/// What [`determinize`] comes to, in the order in which it comes to it.
struct Sets {
    states: Vec<Vec<u32>>,
    numbers: HashMap<Vec<u32>, usize>,
    rows: Vec<[usize; COLUMNS]>,
}

/// The subset construction. A node is left by its children's symbols, kept by its own (a letter
/// repeated), and the root is in every set.
fn determinize(trie: &[Node]) -> Sets {
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
    Sets { states: sets, numbers, rows }
}

/// Which states shall be dense.
fn chosen(Sets { states, rows, .. }: &Sets, everyday: &[String]) -> Vec<bool> {
    let mut chosen: Vec<bool> = (0..states.len()).map(|state| state < SHALLOW).collect();
    for line in everyday {
        let mut state = rows[0][usize::from(BETWEEN)];
        for character in line.bytes().chain([b' ']) {
            state = rows[state][usize::from(symbol(character))];
            chosen[state] = true;
        }
    }
    chosen
}

/// Numbers the states. Those that are chosen are dense, and so are those whose fallback could not
/// be carried along.
fn pack(trie: &[Node], sets: &Sets, mut chosen: Vec<bool>) -> Automaton {
    // All of a set but the root were reached by the same symbol.
    let first = |set: &Vec<u32>| set.iter().find(|node| **node != 0).copied();
    let own: Vec<u8> = sets
        .states
        .iter()
        .map(|set| first(set).map_or(0, |node| trie[index(node)].symbol))
        .collect();
    loop {
        match number(trie, sets, &own, &chosen) {
            Ok(automaton) => return automaton,
            Err(astray) => astray.into_iter().for_each(|state| chosen[state] = true),
        }
    }
}

/// Numbers the states, unless some have another fallback from one side than from another: those are
/// the error.
fn number(
    trie: &[Node],
    Sets { states: sets, numbers, rows }: &Sets,
    own: &[u8],
    chosen: &[bool],
) -> Result<Automaton, BTreeSet<usize>> {
    let found: Vec<Vec<u16>> = sets.iter().map(|set| outputs(trie, set)).collect();
    let is_chosen = |set: &[u32]| numbers.get(set).copied().filter(|number| chosen[*number]);
    let fallbacks: Vec<usize> = sets
        .iter()
        .enumerate()
        .map(|(state, set)| if chosen[state] { state } else { fallback(trie, set, is_chosen) })
        .collect();
    let differences = |state: usize, other: usize| differences(rows, own, state, other);
    let is_dense: Vec<bool> = (0..sets.len())
        .map(|state| chosen[state] || differences(state, fallbacks[state]).len() > MOST)
        .collect();

    let dense = (0..sets.len()).filter(|state| is_dense[*state]);
    let (loud, mut order): (Vec<usize>, Vec<usize>) =
        dense.partition(|state| !found[*state].is_empty());
    let bounds = [order.len(), order.len() + loud.len()];
    order.extend(loud);
    let led_to: BTreeSet<usize> = order.iter().flat_map(|state| rows[*state]).collect();
    let near: Vec<usize> = led_to.into_iter().filter(|state| !is_dense[*state]).collect();
    let near_fallbacks = near.iter().map(|state| fallbacks[*state]).collect::<Vec<_>>();
    let mut carried: HashMap<usize, usize> =
        near.iter().map(|state| (*state, fallbacks[*state])).collect();
    // Those that have a number, or will have one.
    let mut known: HashSet<usize> = near.iter().copied().collect();
    order.extend(near);
    let mut astray = BTreeSet::new();
    let mut sparse = Vec::new();
    // How many links are followed from a state.
    let mut links: HashMap<usize, usize> = HashMap::new();
    let mut at = bounds[1];
    while let Some(state) = order.get(at).copied() {
        let fallback = carried[&state];
        let behind = |symbol: u8| {
            let other = rows[fallback][usize::from(symbol)];
            if is_dense[other] { other } else { fallbacks[other] }
        };
        let stays = rows[state][usize::from(own[state])] == state;
        if stays && behind(own[state]) != fallback {
            astray.insert(state);
        }
        let all = differences(state, fallback);
        // Carried along to where a link leads, too.
        for (symbol, target) in &all {
            let carried = *carried.entry(*target).or_insert_with(|| behind(*symbol));
            if !is_dense[*target] && carried != behind(*symbol) {
                astray.insert(*target);
            }
        }
        let shorter = shorter(trie, &sets[state], |set| numbers.get(set).copied());
        let link = shorter
            .take_while(|shorter| !chosen[*shorter])
            .filter(|shorter| links.get(shorter).is_some_and(|more| *more < LONGEST))
            .map(|shorter| (differences(state, shorter), shorter))
            .find(|(rest, _)| rest.len() + 1 < all.len());
        let mut exceptions = Vec::new();
        let mut children = 0;
        let (rest, link) = match link {
            Some((rest, link)) => (rest, Some(link)),
            None => (all, None),
        };
        for (symbol, target) in rest {
            if is_dense[target] || !known.insert(target) {
                exceptions.push((symbol, target));
            } else {
                order.push(target);
                children += 1;
            }
        }
        exceptions.extend(link.map(|link| (LINK, link)));
        links.insert(state, link.map_or(0, |link| 1 + links[&link]));
        sparse.push((own[state], children, exceptions));
        at += 1;
    }
    if !astray.is_empty() {
        return Err(astray);
    }
    assert_eq!(order.len(), sets.len(), "a state has no number");
    let mut renumbered = vec![0_u32; sets.len()];
    for (old, new) in order.iter().zip(0..) {
        renumbered[*old] = new;
    }
    let near = |state: usize| short(index(renumbered[state]));
    let sparse = sparse.into_iter().map(|(own, children, exceptions)| {
        let renumber = |(symbol, target): (u8, usize)| (symbol, renumbered[target]);
        Sparse { own, children, exceptions: exceptions.into_iter().map(renumber).collect() }
    });
    Ok(Automaton {
        rows: order[..bounds[1]].iter().map(|old| rows[*old].map(near)).collect(),
        sparse: sparse.collect(),
        bounds,
        fallbacks: near_fallbacks.into_iter().map(near).collect(),
        found: order.iter().map(|old| found[*old].clone()).collect(),
    })
}

/// What ends in a state.
fn outputs(trie: &[Node], set: &[u32]) -> Vec<u16> {
    let outputs: BTreeSet<u16> =
        set.iter().flat_map(|node| trie[index(*node)].outputs.iter().copied()).collect();
    outputs.into_iter().collect()
}

/// Where a state goes and another does not; it stays where it is when its own symbol is repeated.
fn differences(
    rows: &[[usize; COLUMNS]],
    own: &[u8],
    state: usize,
    other: usize,
) -> Vec<(u8, usize)> {
    let columns = rows[state].iter().zip(&rows[other]).zip(0_u8..);
    let differences = columns.filter_map(|((target, other), symbol)| {
        let usual = if symbol == own[state] { state } else { *other };
        (*target != usual).then_some((symbol, *target))
    });
    differences.collect()
}

/// The state that one of many is most like: that of the longest end of its texts that has one that
/// is chosen.
fn fallback(trie: &[Node], set: &[u32], is_chosen: impl Fn(&[u32]) -> Option<usize>) -> usize {
    shorter(trie, set, is_chosen).next().unwrap_or(0)
}

/// The states of shorter and shorter ends of a state's texts, where there is one.
fn shorter(
    trie: &[Node],
    set: &[u32],
    state: impl Fn(&[u32]) -> Option<usize>,
) -> impl Iterator<Item = usize> {
    let mut set = set.to_vec();
    std::iter::from_fn(move || {
        loop {
            let deepest = set.iter().max_by_key(|node| trie[index(**node)].depth).copied()?;
            set.retain(|node| *node != deepest);
            if let Some(state) = state(&set) {
                return Some(state);
            }
        }
    })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
