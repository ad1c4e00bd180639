//! The tokens of a text that a disguise may be in: what is plain is passed over in blocks.

use std::ops::Range;

/// Stretches of text between spaces and the like, but for words of letters with perhaps the end of
/// a sentence behind them: those are passed over. Each with whether it is the next one behind the
/// last.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    odd: Oddities<'a>,
}

/// What a token is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Several letters, but for an apostrophe and what ends a sentence; or nothing that stands for
    /// letters.
    Plain,
    /// One letter, or a mixture of those and what ends a sentence.
    Odd,
    /// Letters, with digits and signs among them.
    Mixed,
}

/// Kinds of bytes in a token.
const SPACE: u8 = 1;
const LETTER: u8 = 1 << 1;
/// What stands at the ends of words in good order.
const EDGE: u8 = 1 << 2;
const DIGIT: u8 = 1 << 3;
const OTHER_SIGN: u8 = 1 << 4;
/// What stands for a letter even without one beside it, or begins a code for one.
const LETTER_LIKE: u8 = 1 << 5;

static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    loop {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            kinds[byte as usize] = match byte {
                b'a'..=b'z' | b'A'..=b'Z' => LETTER,
                b'0'..=b'9' => DIGIT,
                b'\t'..=b'\r' | b' ' | b',' | b'"' | b'=' => SPACE,
                b'.' | b'?' | b'(' | b')' | b':' | b';' | b'\'' | b'!' => EDGE,
                b'@' | b'$' | b'&' | b'%' | 0x80.. => LETTER_LIKE,
                _ => OTHER_SIGN,
            };
        }
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};

fn kind(byte: u8) -> u8 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(OTHER_SIGN)
}

/// So many bytes are looked at at once.
const BLOCK: usize = 32;

/// Where, in words of letters with perhaps the end of a sentence behind each, something is that
/// makes one of them anything else: a sign or an edge that no letter is before, a letter behind an
/// edge, or what stands behind a single letter. Each block is looked at once, however many such
/// places it has.
struct Oddities<'a> {
    bytes: &'a [u8],
    /// Where the block at hand begins, and where the next one does.
    start: usize,
    end: usize,
    /// The kinds of the block's bytes, and of the two before it.
    kinds: [u8; 2 + BLOCK],
    /// In the lowest bit, whether something is odd.
    odd: [u8; BLOCK],
}

impl<'a> Oddities<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, start: 0, end: 0, kinds: [SPACE; 2 + BLOCK], odd: [0; BLOCK] }
    }

    /// The first from `floor` on, which the text begins with or a space is before.
    fn next(&mut self, floor: usize) -> Option<usize> {
        loop {
            let from = floor.saturating_sub(self.start);
            let rest = self.odd.get(from..).unwrap_or_default();
            if let Some(at) = rest.iter().position(|odd| *odd != 0) {
                return Some(self.start + from + at);
            }
            loop {
                let before = if floor > self.end {
                    self.end = floor;
                    [SPACE; 2]
                } else {
                    self.kinds.last_chunk().copied().unwrap_or([SPACE; 2])
                };
                // One more block than is full: a single letter may be all of the last token.
                if self.read(before)? {
                    break;
                }
            }
        }
    }

    /// Reads the next block, with kinds of two bytes before it. Whether anything in it is odd;
    /// `None` behind the end of the text.
    fn read(&mut self, before: [u8; 2]) -> Option<bool> {
        let rest = self.bytes.get(self.end..)?;
        self.start = self.end;
        self.end += BLOCK;
        let mut last = [b' '; BLOCK];
        let block = rest.first_chunk().unwrap_or_else(|| {
            for (byte, own) in last.iter_mut().zip(rest) {
                *byte = *own;
            }
            &last
        });
        if let Some(place) = self.kinds.first_chunk_mut() {
            *place = before;
        }
        for (place, byte) in self.kinds.iter_mut().skip(2).zip(block) {
            *place = compared(*byte);
        }
        let [_, second @ ..] = &self.kinds;
        let [_, third @ ..] = second;
        let places = self.kinds.iter().zip(second).zip(third);
        for (odd, ((first, second), third)) in self.odd.iter_mut().zip(places) {
            let edge = (third >> 2) & second;
            let inner = (third >> 1) & (second >> 2);
            let alone = !(third >> 1) & (second >> 1) & first;
            *odd = ((third >> 3) | edge | inner | alone) & 1;
        }
        Some(self.odd.iter().fold(0, |any, odd| any | odd) != 0)
    }
}

/// What is neither a space, a letter nor an edge.
const NEITHER: u8 = 1 << 3;

/// The kind of a byte of plain words: compared, not looked up, so that the compiler takes many
/// bytes at once.
fn compared(byte: u8) -> u8 {
    let any = |these: &[u8]| these.iter().fold(0, |any, one| any | u8::from(byte == *one));
    let among = |first: u8, count: u8| u8::from(byte.wrapping_sub(first) < count);
    let space = any(b" ,\"=") | among(b'\t', 5);
    let letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
    let edge = any(b".!?:;") | among(b'\'', 3);
    let known = space | letter << 1 | edge << 2;
    if known == 0 { NEITHER } else { known }
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        Self { bytes, at: 0, odd: Oddities::of(bytes) }
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Range<usize>, Shape, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.bytes.get(self.at..)?;
        // Behind a token there is a space.
        let odd = self.odd.next(if self.at == 0 { 0 } else { self.at + 1 })?;
        let passed = rest.get(..odd - self.at)?;
        let space = passed.iter().rposition(|byte| kind(*byte) == SPACE);
        let (passed, token) = rest.split_at_checked(space.map_or(0, |space| space + 1))?;
        let is_next = passed.iter().all(|byte| kind(*byte) == SPACE);
        let (mut seen, mut letters, mut length) = (0, 0_u32, 0);
        // Letters with an edge before them that has letters before it.
        let (mut edge, mut inner) = (false, false);
        for byte in token {
            let kind = kind(*byte);
            if kind == SPACE {
                break;
            }
            if kind == LETTER {
                inner |= edge;
                letters += 1;
            } else if letters > 0 {
                edge = true;
            }
            seen |= kind;
            length += 1;
        }
        let start = self.at + passed.len();
        self.at = start + length;
        let token = token.get(..length)?;
        let only_letters = seen & !(LETTER | EDGE) == 0;
        let no_letters = seen & (LETTER | LETTER_LIKE) == 0 && length > 1;
        let is_word = || only_letters && letters > 1 && (!inner || is_contraction(token));
        let is_mixed = seen & (LETTER | LETTER_LIKE) != 0
            && seen & (DIGIT | OTHER_SIGN | LETTER_LIKE) != 0
            && length > 2;
        let shape = match no_letters || is_word() {
            true => Shape::Plain,
            false if is_mixed => Shape::Mixed,
            false => Shape::Odd,
        };
        Some((start..self.at, shape, is_next))
    }
}

/// Whether the token is a word with an apostrophe where English has one.
fn is_contraction(token: &[u8]) -> bool {
    let end = token.iter().rposition(u8::is_ascii_alphabetic).map_or(0, |last| last + 1);
    let token = token.get(..end).unwrap_or_default();
    let Some(apostrophe) = memchr::memchr(b'\'', token) else { return false };
    let (before, behind) = token.split_at(apostrophe);
    let ending = behind.get(1..).unwrap_or_default();
    let known: [&[u8]; 9] = [b"s", b"t", b"m", b"d", b"re", b"ve", b"ll", b"em", b"all"];
    before.iter().all(u8::is_ascii_alphabetic)
        && known.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first that is odd, byte by byte.
    fn first_odd(bytes: &[u8]) -> Option<usize> {
        #[derive(PartialEq)]
        enum Word {
            Before,
            Letter,
            Letters,
            End,
        }
        let mut word = Word::Before;
        for (at, byte) in bytes.iter().enumerate() {
            word = match (word, kind(*byte)) {
                (Word::Before | Word::Letters | Word::End, SPACE) => Word::Before,
                (Word::Before, LETTER) => Word::Letter,
                (Word::Letter | Word::Letters, LETTER) => Word::Letters,
                (Word::Letters | Word::End, EDGE) => Word::End,
                _ => return Some(at),
            };
        }
        (word == Word::Letter).then_some(bytes.len())
    }

    proptest! {
        #[test]
        fn what_is_odd_is_found_in_blocks_as_byte_by_byte(
            text in "(([a-cI]{2,9}[ ,.!?:;()'\\t=\"]{1,2}){0,40}[a-z .,!1-3@é-]{0,3}([a-z]{2,4}[ .,\r\x0e]){0,20}){0,3}",
        ) {
            let bytes = text.as_bytes();
            let mut odd = Oddities::of(bytes);
            let mut floor = 0;
            while let Some(at) = odd.next(floor) {
                prop_assert_eq!(Some(at - floor), first_odd(&bytes[floor..]));
                let space = bytes.iter().skip(at).position(|byte| kind(*byte) == SPACE);
                floor = space.map_or(bytes.len(), |space| at + space) + 1;
            }
            prop_assert_eq!(first_odd(bytes.get(floor..).unwrap_or_default()), None);
        }
    }
}
