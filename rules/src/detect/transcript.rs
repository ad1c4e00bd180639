//! A text with look-alikes of ASCII written in ASCII, and the way back to the original.
//!
//! Fullwidth forms, digits of other scripts, mathematical letters, special spaces and hyphens are
//! what numbers and addresses are disguised with, or typed with on an Asian keyboard. Detectors of
//! numbers read the transcript, so that they need to know ASCII alone. A text without look-alikes
//! has none.

use super::{Hits, Scan, Shared, TextDetector};
use crate::span::Span;

/// A transcribed text.
///
/// Holds what members wrote, so it has no `Debug`.
pub(crate) struct Transcript {
    text: String,
    shared: Shared,
    runs: Vec<Run>,
}

/// Where a part of the transcript came from.
#[derive(Clone, Copy)]
struct Run {
    written: usize,
    raw: usize,
    /// Raw length of one transcribed character; `None` where bytes stand for themselves.
    character: Option<usize>,
}

/// What stands for a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Itself,
    As(u8),
    Nothing,
}

impl Transcript {
    /// The transcript of `text`; `None` when it is the text itself.
    ///
    /// `shared` has the landmarks of `text`, in which look-alikes count as what they are read as.
    pub(crate) fn of(text: &str, shared: impl FnOnce() -> Shared) -> Option<Self> {
        let first = text.char_indices().find(|(_, one)| transcribe(*one) != Written::Itself)?.0;
        let mut written = String::with_capacity(text.len());
        written.push_str(text.get(..first)?);
        let mut runs = vec![Run { written: 0, raw: 0, character: None }];
        let mut continues = true;
        let bytes = text.as_bytes();
        let mut at = first;
        while let Some(byte) = bytes.get(at) {
            let run = Run { written: written.len(), raw: at, character: None };
            if byte.is_ascii() {
                let length = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii()).count();
                if !continues {
                    runs.push(run);
                }
                written.push_str(text.get(at..at + length)?);
                continues = true;
                at += length;
                continue;
            }
            let character = text.get(at..)?.chars().next()?;
            at += character.len_utf8();
            match transcribe(character) {
                Written::Itself => {
                    if !continues {
                        runs.push(run);
                    }
                    written.push(character);
                    continues = true;
                }
                Written::As(byte) => {
                    runs.push(Run { character: Some(character.len_utf8()), ..run });
                    written.push(char::from(byte));
                    continues = false;
                }
                Written::Nothing => continues = false,
            }
        }
        Some(Self { text: written, shared: shared(), runs })
    }

    pub(crate) fn scan(&self) -> Scan<'_> {
        Scan::new(&self.text, &self.shared)
    }

    /// The bytes of the original that `span` of the transcript was read from.
    pub(crate) fn raw(&self, span: Span) -> Span {
        let start = self.run_at(span.start()).map_or(0, |run| match run.character {
            Some(_) => run.raw,
            None => run.raw + (span.start() - run.written),
        });
        // The end is behind the last character, not before the next: what vanished between two
        // characters belongs to neither.
        let end = self.run_at(span.end() - 1).map_or(0, |run| match run.character {
            Some(length) => run.raw + length,
            None => run.raw + (span.end() - run.written),
        });
        Span::new(start, end).unwrap_or(span)
    }

    fn run_at(&self, written: usize) -> Option<Run> {
        let after = self.runs.partition_point(|run| run.written <= written);
        self.runs.get(after.checked_sub(1)?).copied()
    }
}

/// A detector that reads a transcript where there is one.
pub(crate) struct Transcribed<D>(pub(crate) D);

impl<D: TextDetector> TextDetector for Transcribed<D> {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        let Some(transcript) = scan.transcript() else { return self.0.scan(scan, hits) };
        let before = hits.items.len();
        self.0.scan(&transcript.scan(), hits);
        for hit in hits.items.iter_mut().skip(before) {
            hit.span = transcript.raw(hit.span);
        }
    }
}

/// The byte that a character outside ASCII is transcribed as, where it stands for one.
pub(super) fn ascii(character: char) -> Option<u8> {
    match transcribe(character) {
        Written::As(byte) => Some(byte),
        Written::Itself | Written::Nothing => None,
    }
}

fn transcribe(character: char) -> Written {
    let code = u32::from(character);
    match character {
        // ASCII, letters of everyday scripts, and emoji: nothing below is among them.
        '\0'..='\u{7f}'
        | '\u{c0}'..='\u{65f}'
        | '\u{3040}'..='\u{a788}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{1f000}'..='\u{1fbef}' => Written::Itself,
        // Fullwidth forms of `!` to `~`.
        '\u{ff01}'..='\u{ff5e}' => byte(code - 0xfee0),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Written::As(b' ')
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Written::As(b'-'),
        '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff61}' => Written::As(b'.'),
        '\u{fe6b}' => Written::As(b'@'),
        '\u{2236}' | '\u{fe55}' | '\u{a789}' => Written::As(b':'),
        '\u{2044}' | '\u{2215}' => Written::As(b'/'),
        // What is not seen: soft hyphen, zero width, direction, variation, keycap.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => Written::Nothing,
        '\u{b9}' => Written::As(b'1'),
        '\u{b2}' => Written::As(b'2'),
        '\u{b3}' => Written::As(b'3'),
        '\u{2070}' | '\u{24ea}' => Written::As(b'0'),
        '\u{2074}'..='\u{2079}' => digit(code - 0x2070),
        '\u{2080}'..='\u{2089}' => digit(code - 0x2080),
        '\u{2460}'..='\u{2468}' => digit(code - 0x245f),
        '\u{2776}'..='\u{277e}' => digit(code - 0x2775),
        '\u{2780}'..='\u{2788}' => digit(code - 0x277f),
        '\u{278a}'..='\u{2792}' => digit(code - 0x2789),
        // Mathematical alphabets: thirteen styles of A–Z a–z, then five of 0–9.
        '\u{1d400}'..='\u{1d6a3}' => match (code - 0x1d400) % 52 {
            capital @ 0..26 => byte(u32::from(b'A') + capital),
            small => byte(u32::from(b'a') + small - 26),
        },
        '\u{1d7ce}'..='\u{1d7ff}' => digit((code - 0x1d7ce) % 10),
        '\u{1fbf0}'..='\u{1fbf9}' => digit(code - 0x1fbf0),
        _ => ZEROS
            .iter()
            .find(|zero| (**zero..**zero + 10).contains(&code))
            .map_or(Written::Itself, |zero| digit(code - zero)),
    }
}

/// The zeros of the scripts whose ten digits follow each other (Unicode's category Nd).
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
];

fn digit(value: u32) -> Written {
    byte(u32::from(b'0') + value)
}

fn byte(code: u32) -> Written {
    u8::try_from(code).map_or(Written::Itself, Written::As)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn transcript(text: &str) -> Option<Transcript> {
        Transcript::of(text, || Shared::of(text))
    }

    #[test]
    fn a_text_without_look_alikes_has_no_transcript() {
        assert!(transcript("naïve café 日本").is_none());
    }

    #[test]
    fn digits_letters_and_signs_become_ascii() {
        let text = "４١𝟐③³ ａ＠ｂ．c\u{200b}d 5\u{fe0f}\u{20e3} 𝐚𝒵";
        assert_eq!(transcript(text).unwrap().text, "41233 a@b.cd 5 aZ");
    }

    #[test]
    fn what_vanished_at_the_edge_stays_out() {
        let text = "a\u{200b}bc\u{200b}d";
        let transcript = transcript(text).unwrap();
        let raw = transcript.raw(Span::new(1, 3).unwrap());
        assert_eq!(text.get(raw.range()).unwrap(), "bc");
    }

    proptest! {
        #[test]
        fn every_offset_maps_back(text in "[a-c4２١\u{200b}\u{a0}é𝟙 ]{0,20}") {
            let Some(transcript) = transcript(&text) else { return Ok(()) };
            for (at, character) in transcript.text.char_indices() {
                let span = Span::new(at, at + character.len_utf8()).unwrap();
                let source: Vec<char> = text.get(transcript.raw(span).range()).unwrap().chars().collect();
                prop_assert_eq!(source.len(), 1);
                let expected = ascii(source[0]).map_or(source[0], char::from);
                prop_assert_eq!(character, expected);
            }
        }
    }
}
