//! Glyphs with their places.

use std::ops::Range;

use super::super::glyph::{Glyph, Role};
use super::super::lexicon;

/// A glyph, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) glyph: Glyph,
    /// Bytes of the text; it is shorter than four gigabytes.
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Placed {
    pub(super) fn new(glyph: Glyph, range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { glyph, start: offset(range.start), end: offset(range.end) }
    }

    pub(super) const NONE: Self = Self { glyph: Glyph::NOTHING, start: 0, end: 0 };

    /// The same so many bytes further on.
    pub(super) fn behind(self, start: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let offset = |at: u32| at.saturating_add(start);
        Self { start: offset(self.start), end: offset(self.end), ..self }
    }
}

/// What the automaton reads of glyphs.
pub(super) fn symbols(glyphs: &[Placed]) -> Vec<u8> {
    glyphs.iter().map(|placed| placed.glyph.symbol).collect()
}

/// What the pieces of a token are between its breaks.
pub(super) struct Pieces {
    /// Some have more than letters.
    pub(super) odd: bool,
    /// They may be one word: there are breaks, and where a sentence may end at one, a piece is a
    /// single glyph.
    pub(super) joins: bool,
}

impl Pieces {
    pub(super) fn of(glyphs: &[Placed]) -> Self {
        let (mut odd, mut broken, mut single, mut sentence) = (false, false, false, false);
        let mut length = 0;
        for Placed { glyph, .. } in glyphs {
            if glyph.is_break() {
                broken = true;
                single |= length == 1;
                sentence |= glyph.role == Role::Separator;
                length = 0;
            } else {
                odd |= glyph.role != Role::Letter;
                length += 1;
            }
        }
        single |= length == 1;
        Self { odd, joins: broken && (single || !sentence) }
    }
}

/// Whether these letters are the word.
pub(super) fn spells(letters: &[Placed], word: &str) -> bool {
    let own = letters.iter().map(|placed| lexicon::letter(placed.glyph.symbol));
    own.eq(word.bytes())
}

/// The glyphs of the word that a hit is in.
pub(super) fn whole_piece(letters: &[Placed], core: &Range<usize>) -> Range<usize> {
    let in_word = |placed: &&Placed| !placed.glyph.is_break();
    let before = letters.get(..core.start).unwrap_or_default();
    let behind = letters.get(core.end..).unwrap_or_default();
    let start = core.start - before.iter().rev().take_while(in_word).count();
    start..core.end + behind.iter().take_while(in_word).count()
}

/// The bytes of the text from one glyph to another.
pub(super) fn between(first: &Placed, last: &Placed) -> Range<usize> {
    let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    offset(first.start)..offset(last.end)
}
