//! Hashtags, names and others with their words run together: `#YouSuck`, `@TheBigBoss`, `OhNoMan`.

use std::ops::Range;

use super::disguise::Disguised;
use super::lexicon::{self, BETWEEN, Severity};
use super::search::{Found, search};
use super::senses;

/// Reports the entries that are found once words that are run together are taken apart at their
/// capitals.
pub(super) fn apart(text: &str, found: &mut Vec<Disguised>) {
    let mut humps = Humps::default();
    humps.tags(text.as_bytes(), found);
    humps.words(text, found);
}

/// Words that are run together, taken apart.
#[derive(Default)]
struct Humps {
    symbols: Vec<u8>,
    /// Where each of them is in the text.
    places: Vec<usize>,
    hits: Vec<Found>,
}

impl Humps {
    /// Looks in hashtags and names that are mentioned.
    fn tags(&mut self, bytes: &[u8], found: &mut Vec<Disguised>) {
        let mut read = 0;
        for sign in memchr::memchr2_iter(b'#', b'@', bytes) {
            let rest = bytes.get(sign + 1..).unwrap_or_default();
            if sign < read {
                continue;
            }
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            read = sign + 1 + length;
            self.look(rest.get(..length).unwrap_or_default(), sign + 1, &|_, _| true, found);
        }
    }

    /// Looks in other words of letters alone, which may also be names of people, brands and parts of
    /// programs: only a word of some letters that has no decent meaning counts.
    fn words(&mut self, text: &str, found: &mut Vec<Disguised>) {
        /// Least letters of a word that counts, and most of all of them.
        const LEAST: usize = 4;
        const MOST: usize = 32;
        // Hardly a text has such words, which is seen many bytes at once.
        let bytes = text.as_bytes();
        let among = |byte: &u8, first: u8| u8::from(byte.wrapping_sub(first) < 26);
        let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        let humps = pairs.map(|(one, next)| among(one, b'a') & among(next, b'A'));
        if humps.fold(0, |any, hump| any | hump) == 0 {
            return;
        }
        let mut start = 0;
        for token in text.split_inclusive([' ', '\n', '\t']) {
            let word = token.trim_end_matches([' ', '\n', '\t', '.', ',', '!', '?']);
            let is_word = word.bytes().all(|byte| byte.is_ascii_alphabetic());
            if is_word && (LEAST..=MOST).contains(&word.len()) {
                let is_meant = |hit: &Found, before: &str| {
                    hit.core.len() >= LEAST
                        && hit.kind.severity >= Severity::Moderate
                        && (!hit.kind.is_name || senses::is_behind_no_name(before))
                };
                self.look(word.as_bytes(), start, &is_meant, found);
            }
            start += token.len();
        }
    }

    /// Looks in a word that begins at `start`, for what counts behind the letters before it.
    fn look(
        &mut self,
        word: &[u8],
        start: usize,
        counts: &dyn Fn(&Found, &str) -> bool,
        found: &mut Vec<Disguised>,
    ) {
        self.symbols.clear();
        self.places.clear();
        let mut humps = false;
        let (mut before, mut is_single) = (b'A', false);
        let mut rest = word;
        while let Some((byte, behind)) = rest.split_first() {
            let at = start + word.len() - rest.len();
            // So does a capital behind a word of one letter: `IEat`.
            let begins = !before.is_ascii_uppercase()
                || is_single && behind.first().is_some_and(u8::is_ascii_lowercase);
            is_single = matches!(byte, b'A' | b'I') && (begins || at == start);
            if byte.is_ascii_uppercase() && begins {
                humps = true;
                self.symbols.push(BETWEEN);
                self.places.push(at);
            }
            self.symbols.push(lexicon::symbol_of(*byte));
            self.places.push(at);
            before = *byte;
            rest = behind;
        }
        if !humps {
            return;
        }
        search(&self.symbols, &mut self.hits);
        for hit in self.hits.drain(..) {
            let letters = |range: Range<usize>| -> String {
                let symbols = self.symbols.get(range).unwrap_or_default();
                symbols.iter().map(|symbol| char::from(lexicon::letter(*symbol))).collect()
            };
            let core = self.places.get(hit.core.clone()).unwrap_or_default();
            if let (Some(start), Some(last)) = (core.first(), core.last())
                && counts(&hit, &letters(0..hit.core.start))
            {
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
        for text in [
            "#MassHitParade",
            "@AlbaNalysis",
            "#FirstClassHoliday",
            "# @ #A @b",
            "#TWATTbeach",
            "PenIsland and MassHitParade",
            "TheRapist, ExpertSexChange",
            "DickVanDyke, DickClark, MacDick",
            "CumSum, np.CumSum, getAss, TitMouse",
            "aGVsbG8gd29ybGQShitQ",
            "xkAssQ, dQw4w9WgXcQ",
            "iPhone, MacBookPro, YouTube",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_between_capitals_are_found() {
        assert_eq!(found("so #YouAreDickNow"), ["Dick"]);
        assert_eq!(found("@TheRealSlut99 hi"), ["Slut"]);
        assert_eq!(found("#ShitHappens"), ["Shit"]);
        assert_eq!(found("#DontGiveAShit"), ["Shit"]);
        assert_eq!(found("OhShitMan!"), ["Shit"]);
        assert_eq!(found("ThisIsTheShit"), ["Shit"]);
        assert_eq!(found("hi BigDickDaddy"), ["Dick", "BigDick"]);
        assert_eq!(found("IEatAss"), ["EatAss"]);
    }
}
