//! Sorting by place.

use std::cmp::Reverse;

/// Sorts by where things begin, of those that begin together the one that ends last first, of those
/// the weightiest; else they stay in order. `place` gives start, end and weight.
///
/// Whatever is sorted, it is one sort of places, because each kind of element would bring a copy of
/// the standard library's into the package.
pub(crate) fn by_place<T>(items: &mut Vec<T>, place: impl Fn(&T) -> (usize, usize, u8)) {
    let key = |item: &T| {
        let (start, end, weight) = place(item);
        (start, Reverse((end, weight)))
    };
    if items.is_sorted_by_key(key) {
        return;
    }
    let mut order: Vec<_> = items.iter().map(key).zip(0_usize..).collect();
    order.sort_unstable();
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|(_, at)| unsorted.get_mut(at)?.take()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_stable_sort(
            mut items in prop::collection::vec((0_usize..6, 0_usize..6, 0_u8..3), 0..40)
        ) {
            let mut numbered: Vec<_> = items.drain(..).zip(0..).collect();
            let mut expected = numbered.clone();
            expected.sort_by_key(|((start, end, weight), _)| (*start, Reverse((*end, *weight))));
            by_place(&mut numbered, |(place, _)| *place);
            prop_assert_eq!(numbered, expected);
        }
    }
}
