//! Hashtags and names with their words run together: `#YouSuck`, `@TheBigBoss`.

use super::disguise::Disguised;
use super::lexicon::{self, BETWEEN};
use super::search::search;

/// Reports the entries that are found once hashtags and names are taken apart where a small letter
/// or a digit is followed by a capital.
pub(super) fn apart(text: &str, found: &mut Vec<Disguised>) {
    let bytes = text.as_bytes();
    let mut read = 0;
    let (mut symbols, mut places) = (Vec::new(), Vec::new());
    let mut hits = Vec::new();
    for sign in memchr::memchr2_iter(b'#', b'@', bytes) {
        let rest = bytes.get(sign + 1..).unwrap_or_default();
        if sign < read {
            continue;
        }
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        read = sign + 1 + length;
        symbols.clear();
        places.clear();
        let mut humps = false;
        let mut before = b'A';
        for (byte, at) in rest.iter().take(length).zip(sign + 1..) {
            if byte.is_ascii_uppercase() && !before.is_ascii_uppercase() {
                humps = true;
                symbols.push(BETWEEN);
                places.push(at);
            }
            symbols.push(lexicon::symbol_of(*byte));
            places.push(at);
            before = *byte;
        }
        if !humps {
            continue;
        }
        search(&symbols, &mut hits);
        for hit in hits.drain(..) {
            let core = places.get(hit.core).unwrap_or_default();
            if let (Some(start), Some(last)) = (core.first(), core.last()) {
                found.push(Disguised { range: *start..last + 1, kind: hit.kind, masked: false });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        apart(text, &mut found);
        found.dedup_by_key(|found| found.range.clone());
        found.into_iter().map(|found| text.get(found.range).unwrap()).collect()
    }

    #[test]
    fn words_that_run_over_a_capital_are_let_go() {
        for text in
            ["#MassHitParade", "@AlbaNalysis", "#FirstClassHoliday", "ThisIsTheShit", "# @ #A @b"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_between_capitals_are_found() {
        assert_eq!(found("so #YouAreDickNow"), ["Dick"]);
        assert_eq!(found("@TheRealSlut99 hi"), ["Slut"]);
        assert_eq!(found("#ShitHappens"), ["Shit"]);
    }
}
