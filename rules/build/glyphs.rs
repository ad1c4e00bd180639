//! What every character looks like to the `profanity` detector, as a table: looked up when the
//! project is built, so that a text's characters need not be.

use std::collections::HashMap;
use std::fmt::Write as _;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::lookalikes::{LOOKALIKES, lookalike};

/// How many characters share a page of the table.
const PAGE: u32 = 128;

/// What a character stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Look {
    /// The same as this ASCII character.
    Ascii(u8),
    /// A letter of another script that is drawn like this one.
    Foreign(u8),
    /// A symbol that is drawn like this letter, and like this.
    Symbol(u8, u8),
    /// What stands inside of words.
    Joiner,
    /// What ends words and sentences.
    Separator,
    /// A part of a word that stands for no letter.
    Opaque,
    /// Drawn as nothing.
    Nothing,
}

impl Look {
    fn of(character: char) -> Self {
        match character {
            // Scripts that hold nothing the lexicon knows.
            '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' => return Self::Opaque,
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fc5e}'..='\u{fc63}' => return Self::Nothing,
            '\u{2010}'..='\u{2015}' | '\u{b7}' | '\u{2022}' | '…' => return Self::Joiner,
            '\u{2018}' | '\u{2019}' => return Self::Ascii(b'\''),
            'ß' => return Self::Symbol(b's', b'b'),
            _ => {}
        }
        if let Some(ascii) = u8::try_from(character).ok().filter(u8::is_ascii) {
            return Self::Ascii(ascii);
        }
        if let Some(letter) = lookalike(character) {
            return if is_foreign(character) {
                Self::Foreign(letter)
            } else {
                Self::Symbol(letter, letter)
            };
        }
        if is_combining_mark(character) {
            return Self::Nothing;
        }
        let mut first = None;
        decompose_compatible(character, |part| {
            first = first.or(Some(part).filter(|part| !is_combining_mark(*part)));
        });
        let Some(first) = first else { return Self::Nothing };
        if let Some(ascii) = u8::try_from(first).ok().filter(u8::is_ascii_alphanumeric) {
            return Self::Ascii(ascii);
        }
        let small = first.to_lowercase().next().unwrap_or(first);
        match lookalike(small) {
            Some(letter) => Self::Foreign(letter),
            None if first.is_alphanumeric() => Self::Opaque,
            None => Self::Separator,
        }
    }

    /// As a constant of `Glyph`.
    fn source(self) -> String {
        match self {
            Self::Ascii(byte) => format!("Glyph::ascii({byte})"),
            Self::Foreign(letter) => format!("Glyph::new(Role::Foreign,{letter},{letter})"),
            Self::Symbol(letter, other) => format!("Glyph::new(Role::Symbol,{letter},{other})"),
            Self::Joiner => "Glyph::new(Role::Joiner,b' ',b' ')".to_owned(),
            Self::Separator => "Glyph::new(Role::Separator,b' ',b' ')".to_owned(),
            Self::Opaque => "Glyph::OPAQUE".to_owned(),
            Self::Nothing => "Glyph::NOTHING".to_owned(),
        }
    }
}

/// Whether the character is a letter of a script that people write whole words in, so that a word
/// of such letters alone is no disguise: Greek, Cyrillic, Armenian, Hebrew, Arabic and others. Of
/// Canadian syllables only those are known that are drawn with in fancy fonts.
fn is_foreign(character: char) -> bool {
    matches!(character, '\u{370}'..='\u{13ff}' | '\u{1680}'..='\u{1cff}' | '\u{2c80}'..='\u{2d2f}' | '\u{ab70}'..='\u{abbf}')
}

/// The table as Rust: the glyphs, pages of their numbers, and the page of each stretch of
/// characters.
pub(crate) fn source() -> String {
    assert!(LOOKALIKES.is_sorted_by(|one, other| one.0 < other.0), "`LOOKALIKES` is not sorted");
    let mut glyphs: HashMap<Look, u8> = HashMap::new();
    let mut looks: Vec<Look> = Vec::new();
    let mut numbers: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut pages: Vec<Vec<u8>> = Vec::new();
    let mut stretches: Vec<usize> = Vec::new();
    for stretch in 0..=u32::from(char::MAX) / PAGE {
        let first = stretch * PAGE;
        let mut number = |code: u32| {
            // Half of a surrogate pair is no character.
            let look = char::from_u32(code).map_or(Look::Opaque, Look::of);
            *glyphs.entry(look).or_insert_with(|| {
                looks.push(look);
                u8::try_from(looks.len() - 1).unwrap_or_else(|_| panic!("too many glyphs"))
            })
        };
        let page: Vec<u8> = (first..first + PAGE).map(&mut number).collect();
        stretches.push(*numbers.entry(page).or_insert_with_key(|page| {
            pages.push(page.clone());
            pages.len() - 1
        }));
    }
    let mut list = String::new();
    for look in &looks {
        let _ = write!(list, "{},", look.source());
    }
    format!(
        "static GLYPHS: &[Glyph] = &[{list}];\n\
         static PAGES: &[[u8; {PAGE}]] = &{pages:?};\n\
         static STRETCHES: &[u16] = &{stretches:?};\n"
    )
}
