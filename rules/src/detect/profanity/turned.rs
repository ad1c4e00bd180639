//! Words that stand on their heads: `ʇᴉɥs`.

use super::disguise::Disguised;
use super::lexicon;
use super::search::search;

/// Longest word that is turned round, in characters.
const MOST: usize = 64;

/// Reports the entries in words that are written upside down, as a whole word each.
pub(super) fn upright(text: &str, found: &mut Vec<Disguised>) {
    let is_turned = |character: char| TURNED.iter().any(|(turned, _)| *turned == character);
    // Few letters begin with one of these bytes.
    let chance = |byte: u8| u8::from(FIRST_BYTES.contains(&byte));
    if text.bytes().map(chance).fold(0, |any, chance| any | chance) == 0 {
        return;
    }
    if !text.contains(|character: char| !character.is_ascii() && is_turned(character)) {
        return;
    }
    let mut hits = Vec::new();
    let mut start = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        let range = start..start + word.len();
        start += token.len();
        let symbol = |character| lexicon::symbol_of(letter(character));
        let symbols: Vec<u8> = word.chars().rev().take(MOST).map(symbol).collect();
        if word.chars().filter(|character| is_turned(*character)).count() >= LEAST_TURNED {
            search(&symbols, &mut hits);
        }
        found.extend(hits.drain(..).map(|hit| Disguised {
            range: range.clone(),
            kind: hit.kind,
            masked: false,
        }));
    }
}

/// So many letters of a word show that it was turned round.
const LEAST_TURNED: usize = 2;

/// Letters that are no Latin ones of their own, and what they are upside down.
const TURNED: &[(char, u8)] = &[
    ('ɐ', b'a'),
    ('ɔ', b'c'),
    ('ǝ', b'e'),
    ('ɘ', b'e'),
    ('ə', b'e'),
    ('ɟ', b'f'),
    ('ƃ', b'g'),
    ('ɓ', b'g'),
    ('ɥ', b'h'),
    ('ı', b'i'),
    ('ᴉ', b'i'),
    ('ɾ', b'j'),
    ('ʞ', b'k'),
    ('ʃ', b'l'),
    ('ɯ', b'm'),
    ('ɹ', b'r'),
    ('ʇ', b't'),
    ('ʌ', b'v'),
    ('ʍ', b'w'),
    ('ʎ', b'y'),
];

/// What they begin with in a text.
const FIRST_BYTES: [u8; 6] = [0xc4, 0xc6, 0xc7, 0xc9, 0xca, 0xe1];

/// The letter that this one is upside down, or a space.
fn letter(character: char) -> u8 {
    match character {
        'b' => b'q',
        'd' => b'p',
        'n' => b'u',
        'p' => b'd',
        'q' => b'b',
        'u' => b'n',
        'a'..='z' => u8::try_from(character).unwrap_or(b' '),
        _ => TURNED.iter().find(|(turned, _)| *turned == character).map_or(b' ', |(_, own)| *own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        upright(text, &mut found);
        found.dedup_by_key(|found| found.range.clone());
        found.into_iter().map(|found| text.get(found.range).unwrap()).collect()
    }

    #[test]
    fn each_turned_letter_begins_with_one_of_the_bytes() {
        let first = |character: &char| character.to_string().bytes().next();
        let firsts = TURNED.iter().filter_map(|(turned, _)| first(turned));
        assert!(firsts.clone().all(|byte| FIRST_BYTES.contains(&byte)));
        assert!(FIRST_BYTES.iter().all(|byte| firsts.clone().any(|first| first == *byte)));
    }

    #[test]
    fn phonetic_writing_and_other_languages_are_let_go() {
        for text in ["/ˈwɔːtə/", "[ʃɪt]", "kızılırmak", "əlifba", "ǝɯoɥ ʇɐ", "tihs"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_upside_down_are_found() {
        assert_eq!(found("oh ʇᴉɥs no"), ["ʇᴉɥs"]);
        assert_eq!(found("ʞɔnɟ noʎ"), ["ʞɔnɟ"]);
    }
}
