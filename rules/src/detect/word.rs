//! Where words begin and end.

use unicode_normalization::char::is_combining_mark;

/// Whether the character is a part of a word: a letter, a digit or a mark on one.
pub(crate) fn continues(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphanumeric()
    } else {
        is_everyday(character)
            || !is_picture(character)
                && (character.is_alphanumeric() || is_combining_mark(character))
    }
}

/// Whether it is certainly a letter or a digit: those of everyday scripts are told without a look
/// into Unicode's tables, which takes long.
fn is_everyday(character: char) -> bool {
    matches!(character,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2c1}' | '\u{38e}'..='\u{3a1}'
        | '\u{3a3}'..='\u{3f5}' | '\u{3f7}'..='\u{481}' | '\u{48a}'..='\u{52f}'
        | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{657}' | '\u{660}'..='\u{669}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether it is certainly neither a letter, a digit nor a mark, for the same reason: most emoji.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{1f300}'..='\u{1faff}')
}

/// Whether the character is of a script that writes no spaces between words, so that where a word
/// ends cannot be told from its neighbours: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the character, right beside an identifier in ASCII, makes it a part of something longer:
/// a letter or a digit, but not one of a script that writes no spaces, and not Hangul, whose
/// particles follow without one.
pub(crate) fn touches(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    let stands_apart = is_unspaced(character)
        || is_picture(character)
        || matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{3007}'
            | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}');
    !stands_apart && (is_everyday(character) || character.is_alphanumeric())
}

/// Whether there is a boundary between two neighbours of which `inner` is in the word.
pub(crate) fn ends_between(inner: Option<char>, outer: Option<char>) -> bool {
    let (Some(inner), Some(outer)) = (inner, outer) else { return true };
    !continues(inner) || !continues(outer) || is_unspaced(inner) || is_unspaced(outer)
}

/// Whether the character is one that entries of lists cannot be made of alone: a space, a control
/// or punctuation. Symbols and emoji are not.
pub(crate) fn is_punctuation(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || character.is_ascii_punctuation()
        || matches!(character, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}'
            | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_everyday_scripts_continue_a_word() {
        let everyday = || ('\0'..=char::MAX).filter(|one| is_everyday(*one));
        let other = |one: &char| !one.is_alphanumeric() && !is_combining_mark(*one);
        assert_eq!(everyday().find(other), None);
        assert!(everyday().count() > 30_000);
    }

    #[test]
    fn a_picture_is_neither_a_letter_nor_a_mark() {
        let mut pictures = ('\0'..=char::MAX).filter(|one| is_picture(*one));
        let other = |one: &char| one.is_alphanumeric() || is_combining_mark(*one);
        assert_eq!(pictures.find(other), None);
    }

    #[test]
    fn a_mark_belongs_to_the_word() {
        assert!(!ends_between(Some('e'), Some('\u{301}')));
        assert!(ends_between(Some('e'), Some('_')));
        assert!(ends_between(Some('e'), None));
    }

    #[test]
    fn letters_of_scripts_without_spaces_and_hangul_touch_no_identifier() {
        for character in ['a', '7', 'я', 'é', 'ß', 'ع'] {
            assert!(touches(character), "{character}");
        }
        for character in ['号', 'は', 'ー', 'ค', '는', '々', '-', ' '] {
            assert!(!touches(character), "{character}");
        }
    }

    #[test]
    fn a_script_without_spaces_has_boundaries_everywhere() {
        assert!(ends_between(Some('赌'), Some('的')));
        assert!(ends_between(Some('t'), Some('的')));
        assert!(!ends_between(Some('한'), Some('국')));
    }
}
