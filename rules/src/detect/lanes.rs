//! Walks an automaton over a text from four places at once.
//!
//! Each step of a walk waits for the one before it, most of the time for a row of a table to come
//! from memory. Steps of different walks wait for nothing of each other, so a processor takes them
//! together. A walk that begins inside the text soon is where one from the beginning would be: as
//! far as it is not, the steps are taken again.

/// Where something ends at all, there is room for one end in so many items at once.
const EACH: usize = 16;

/// Shorter texts are walked through from the beginning.
const LEAST: usize = 128;

/// The states in which `accepts` says that something ends, each with the index of the item behind
/// which it is, in order; and the last state.
pub(super) fn walk<T, S: Copy + PartialEq>(
    items: &[T],
    start: S,
    step: impl Fn(S, &T) -> S + Copy,
    accepts: impl Fn(S) -> bool + Copy,
) -> (Vec<(S, usize)>, S) {
    let mut ends = Vec::new();
    if items.len() < LEAST {
        let last = go(items, 0, start, step, |state, at| {
            if accepts(state) {
                ends.push((state, at));
            }
        });
        return (ends, last);
    }
    let quarter = items.len() / 4;
    let (first, rest) = items.split_at(quarter);
    let (second, rest) = rest.split_at(quarter);
    let (third, fourth) = rest.split_at(quarter);
    let lanes = [first, second, third, fourth];
    let mut states = [start; 4];
    let mut found: [Vec<(S, usize)>; 4] = Default::default();
    let together = first.iter().zip(second).zip(third).zip(fourth);
    for (at, (((first, second), third), fourth)) in together.enumerate() {
        let [one, two, three, four] = states;
        states = [step(one, first), step(two, second), step(three, third), step(four, fourth)];
        if states.iter().any(|state| accepts(*state)) {
            for (index, (found, state)) in found.iter_mut().zip(states).enumerate() {
                if accepts(state) {
                    if found.is_empty() {
                        found.reserve(quarter / EACH);
                    }
                    found.push((state, index * quarter + at));
                }
            }
        }
    }
    ends.reserve(found.iter().map(Vec::len).sum());
    let mut last = start;
    for (index, ((lane, own), found)) in lanes.into_iter().zip(states).zip(found).enumerate() {
        let from = index * quarter;
        // As long as the walk that began here is elsewhere than the one that comes from before.
        let (mut here, mut apart) = (start, 0);
        for (at, item) in lane.iter().enumerate() {
            if here == last {
                break;
            }
            (here, last) = (step(here, item), step(last, item));
            apart = at + 1;
            if accepts(last) {
                ends.push((last, from + at));
            }
        }
        ends.extend(found.into_iter().filter(|(_, at)| *at >= from + apart));
        if apart < lane.len() {
            // The last lane may be some items longer than the others.
            let rest = apart.max(quarter);
            last = if apart > quarter { last } else { own };
            last =
                go(lane.get(rest..).unwrap_or_default(), from + rest, last, step, |state, at| {
                    if accepts(state) {
                        ends.push((state, at));
                    }
                });
        }
    }
    (ends, last)
}

/// Walks from `state` over the items, of which the first has this index, and returns the last state.
fn go<T, S: Copy>(
    items: &[T],
    first: usize,
    mut state: S,
    step: impl Fn(S, &T) -> S,
    mut reached: impl FnMut(S, usize),
) -> S {
    for (item, at) in items.iter().zip(first..) {
        state = step(state, item);
        reached(state, at);
    }
    state
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Counts the letters since the last space, up to nine, and accepts at some counts.
    fn count(state: u8, item: u8) -> u8 {
        if item == b' ' { 0 } else { (state + 1).min(9) }
    }

    fn walked(text: &[u8]) -> (Vec<(u8, usize)>, u8) {
        walk(text, 0, |state, item| count(state, *item), |state| matches!(state, 3 | 8 | 9))
    }

    fn from_the_beginning(text: &[u8]) -> (Vec<(u8, usize)>, u8) {
        let mut ends = Vec::new();
        let last = go(
            text,
            0,
            0,
            |state, item: &u8| count(state, *item),
            |state, at| {
                if matches!(state, 3 | 8 | 9) {
                    ends.push((state, at));
                }
            },
        );
        (ends, last)
    }

    #[test]
    fn a_word_across_two_lanes_is_walked_as_one() {
        let mut text = vec![b' '; 400];
        for byte in text.iter_mut().skip(97).take(6) {
            *byte = b'a';
        }
        let (ends, last) = walked(&text);
        assert_eq!(ends, [(3, 99)]);
        assert_eq!(last, 0);
    }

    proptest! {
        #[test]
        fn four_walks_end_as_one(text in "([a-c ]{0,9}|[a ]{0,40}|a{100,200}| {50}){0,12}") {
            prop_assert_eq!(walked(text.as_bytes()), from_the_beginning(text.as_bytes()));
        }
    }
}
