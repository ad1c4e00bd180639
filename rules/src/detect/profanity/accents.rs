//! Letters with accents: those of a word, and those that make another word of it.

use std::ops::Range;

use unicode_normalization::char::compose;

use super::glyph::Glyph;
use super::lexicon::{self, Kind, Language};
use super::search::Found;

/// What the entry that was found in plain letters is where it is written as it is at `place`, if it is it.
///
/// A letter that the entry's language has is the plain one, since entries are written without
/// accents: `cabrón`. One that it does not have makes another word of it, of another language:
/// `kočka`, `Tróia`; but in an English word that everybody knows it is a disguise: `fück`. At the
/// end of a word a vowel never is one: `râpé`. Where all of several vowels have accents, any English
/// word is in disguise: `böllöcks`.
pub(super) fn kind_of(found: &Found, text: &str, place: &Range<usize>) -> Option<Kind> {
    let language = found.kind.language;
    let behind = text.get(place.start..).unwrap_or_default();
    let mut characters = behind.char_indices().peekable();
    let (mut strange, mut last) = (false, false);
    let (mut vowels, mut strange_vowels) = (0, 0);
    while let Some((_, character)) = characters.next_if(|(at, _)| place.start + at < place.end) {
        // The mark of the last letter is behind the place.
        let marked = characters.peek().and_then(|(_, mark)| compose(character, *mark));
        if marked.is_some() {
            characters.next();
        }
        let letter = marked.unwrap_or(character);
        let is_strange = is_accented(letter) && !is_of(language, letter);
        strange |= is_strange;
        let is_vowel = is_vowel(letter);
        last = is_strange && is_vowel;
        vowels += usize::from(is_vowel);
        strange_vowels += usize::from(last);
    }
    if !strange {
        return Some(found.kind);
    }
    let is_known = found.kind.is_double || found.kind.is_known;
    let is_drawn = strange_vowels > 1 && strange_vowels == vowels;
    (language == Language::En && (is_drawn || !last && is_known)).then_some(found.kind)
}

/// Whether `mark` makes a letter of people's languages of the character before it.
pub(super) fn makes_letter(before: char, mark: char) -> bool {
    compose(before, mark).is_some_and(is_accented)
}

/// Whether it is a letter with an accent that people write their languages with: few fonts are made
/// of these.
fn is_accented(letter: char) -> bool {
    match letter {
        '×' | '÷' | 'ß' => false,
        '\u{c0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{1ea0}'..='\u{1ef9}' => true,
        _ => matches!(letter, 'Ơ' | 'ơ' | 'Ư' | 'ư'),
    }
}

/// Whether it is a vowel, with an accent or without.
fn is_vowel(letter: char) -> bool {
    b"aeiouy".contains(&lexicon::letter(Glyph::of(letter).symbol))
}

/// Whether it is a letter of the language's own words.
fn is_of(language: Language, letter: char) -> bool {
    let letters = match language {
        Language::De => "äöü",
        Language::En => "",
        Language::Es => "áéíñóúü",
        Language::Fr => "àâæçèéêëîïôùûüÿœ",
        Language::It => "àèéìòù",
        Language::Pt => "áâãçéêíóôõúü",
    };
    letter.to_lowercase().all(|small| letters.contains(small))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::found;

    #[test]
    fn letters_of_other_languages_make_other_words() {
        for text in [
            "çok güzel, čok",
            "kočka a již",
            "fromage râpé, fromage r\u{e2}pe\u{301}",
            "Jacques Prévert",
            "O filme Tróia",
            "Porrà fine alla questione",
            "Herr Köck",
            "väg och föda",
            "Horný Smokovec",
            "díky moc",
            "Köck! kočka! già, çok!",
        ] {
            assert!(found("profanity", "{}", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn accents_of_the_own_language_and_disguises_are_seen_through() {
        for text in [
            "fück",
            "shît",
            "àss",
            "f\u{200b}u\u{301}ck",
            "bïtch",
            "ñigger",
            "cabrón",
            "coño",
            "enculé",
            "cuzão",
            "Wichsvorlage für dich, schwül: du Möse lecken",
            "crétin",
            "fûçk",
            "böllöcks, àrsé, vàgînà",
        ] {
            assert!(!found("profanity", "{}", text).is_empty(), "{text}");
        }
    }
}
