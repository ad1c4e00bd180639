//! Readings of a field: what a detector sees, and how its spans map back to the field's bytes.
//!
//! A field that is a JSON object or array is read string by string, with escapes decoded, so that
//! detection is not blind behind `A` and a redaction keeps the document valid.

mod json;

use std::borrow::Cow;
use std::ops::Range;

use crate::detect::{Scan, Shared};
use crate::span::Span;

/// One stretch of a field, decoded.
///
/// Holds what members wrote, so it has no `Debug`.
pub struct View {
    /// Where the stretch lies in the field.
    raw: Range<usize>,
    coding: Coding,
    /// The decoded text where it differs from the raw one.
    decoded: Option<Decoded>,
    shared: Shared,
}

/// How a stretch is written in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    /// As it is read.
    Plain,
    /// Between the quotes of a JSON string.
    JsonString,
    /// A JSON number, which only another JSON value can replace.
    JsonNumber,
}

struct Decoded {
    text: String,
    /// Start of each decoded run and of its raw bytes; between two starts both advance together
    /// unless the run is an escape.
    runs: Vec<Run>,
}

#[derive(Clone, Copy)]
struct Run {
    decoded: usize,
    raw: usize,
    /// Raw length of an escape; `None` where bytes stand for themselves.
    escape: Option<usize>,
}

impl View {
    /// The readings of `field`, in order, none overlapping another.
    pub fn all(field: &str) -> Vec<Self> {
        match field.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => json::views(field).unwrap_or_else(|| vec![Self::plain(field)]),
            _ => vec![Self::plain(field)],
        }
    }

    fn plain(field: &str) -> Self {
        Self::of(field, 0..field.len(), Coding::Plain, None)
    }

    fn of(field: &str, raw: Range<usize>, coding: Coding, decoded: Option<Decoded>) -> Self {
        let text = decoded.as_ref().map_or_else(
            || field.get(raw.clone()).unwrap_or_default(),
            |decoded| decoded.text.as_str(),
        );
        let shared = Shared::of(text);
        Self { raw, coding, decoded, shared }
    }

    /// What a detector reads; `field` is the text the view was made of.
    pub fn text<'a>(&'a self, field: &'a str) -> &'a str {
        match &self.decoded {
            Some(decoded) => &decoded.text,
            None => field.get(self.raw.clone()).unwrap_or_default(),
        }
    }

    /// The same, with what is known of it.
    pub fn scan<'a>(&'a self, field: &'a str) -> Scan<'a> {
        Scan::new(self.text(field), &self.shared)
    }

    /// The bytes of the field that this span of the view was read from. A span that touches an
    /// escape takes the whole of it; one in a JSON number takes the whole number.
    pub fn raw(&self, span: Span) -> Span {
        if self.coding == Coding::JsonNumber {
            return Span::new(self.raw.start, self.raw.end).unwrap_or(span);
        }
        let (start, end) = match &self.decoded {
            None => (self.raw.start + span.start(), self.raw.start + span.end()),
            Some(decoded) => (decoded.raw_start(span.start()), decoded.raw_end(span.end())),
        };
        Span::new(start.min(self.raw.end), end.min(self.raw.end)).unwrap_or(span)
    }

    /// `replacement`, written as the field is.
    pub fn encode<'a>(&self, replacement: &'a str) -> Cow<'a, str> {
        match self.coding {
            Coding::Plain => Cow::Borrowed(replacement),
            Coding::JsonString => Cow::Owned(json::escape(replacement)),
            Coding::JsonNumber => Cow::Owned(format!("\"{}\"", json::escape(replacement))),
        }
    }

    /// The shortest replacement that keeps the field well-formed and hides what was there: it is
    /// never longer than the span that it replaces.
    pub fn shortest(&self) -> &'static str {
        match self.coding {
            Coding::Plain | Coding::JsonString => "*",
            Coding::JsonNumber => "0",
        }
    }
}

impl Decoded {
    fn run_at(&self, decoded: usize) -> Option<Run> {
        let index = self.runs.partition_point(|run| run.decoded <= decoded).checked_sub(1)?;
        self.runs.get(index).copied()
    }

    fn raw_start(&self, decoded: usize) -> usize {
        self.run_at(decoded).map_or(0, |run| match run.escape {
            Some(_) => run.raw,
            None => run.raw + (decoded - run.decoded),
        })
    }

    /// `decoded` is the offset behind a character, so what counts is the run that holds the byte
    /// before it.
    fn raw_end(&self, decoded: usize) -> usize {
        let last = decoded.saturating_sub(1);
        self.run_at(last).map_or(0, |run| match run.escape {
            Some(length) => run.raw + length,
            None => run.raw + (decoded - run.decoded),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(field: &str) -> Vec<String> {
        View::all(field).iter().map(|view| view.text(field).to_owned()).collect()
    }

    fn raw<'a>(field: &'a str, part: &str) -> &'a str {
        View::all(field)
            .iter()
            .find_map(|view| {
                let start = view.text(field).find(part)?;
                let span = view.raw(Span::new(start, start + part.len())?);
                Some(&field[span.range()])
            })
            .unwrap()
    }

    #[test]
    fn plain_text_is_one_view() {
        assert_eq!(texts("hello {\"a\":1}"), ["hello {\"a\":1}"]);
        assert_eq!(texts("{not json}"), ["{not json}"]);
        assert_eq!(texts("[1, 2"), ["[1, 2"]);
    }

    #[test]
    fn json_is_read_string_by_string_and_number_by_number() {
        assert_eq!(texts(r#" {"a": ["b", 12.5, true, null], "c": {}}"#), ["a", "b", "12.5", "c"]);
    }

    #[test]
    fn escapes_are_decoded_and_map_back_whole() {
        let field = r#"{"k":"xA\u0042\ud83d\ude00z"}"#;
        assert_eq!(texts(field), ["k", "xAB😀z"]);
        assert_eq!(raw(field, "B"), r"\u0042");
        assert_eq!(raw(field, "AB"), r"A\u0042");
        assert_eq!(raw(field, "😀z"), r"\ud83d\ude00z");
        assert_eq!(raw(field, "z"), "z");
    }

    #[test]
    fn a_number_is_replaced_by_a_string() {
        let field = r#"{"card":4111111111111111}"#;
        let views = View::all(field);
        assert_eq!(views[1].text(field), "4111111111111111");
        assert_eq!(&field[views[1].raw(Span::new(3, 5).unwrap()).range()], "4111111111111111");
        assert_eq!(views[1].encode("[card]"), "\"[card]\"");
    }

    #[test]
    fn a_document_deeper_than_any_stack_is_read() {
        let deep = format!("{}\"x\"{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(texts(&deep), ["x"]);
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(serde_json::Value::from),
            any::<bool>().prop_map(serde_json::Value::from),
            "\\PC{0,12}|[\"\\\\/\\n\u{1}é😀]{0,6}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                prop::collection::btree_map("[a-z\"é]{1,4}", inner, 0..4)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Value>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_offset_of_a_view_maps_back_exactly(value in json()) {
            let field = serde_json::to_string(&value).unwrap();
            for view in View::all(&field) {
                let text = view.text(&field);
                let mut behind = None;
                for (start, character) in text.char_indices() {
                    if view.coding == Coding::JsonNumber { continue; }
                    let end = start + character.len_utf8();
                    let raw = view.raw(Span::new(start, end).unwrap());
                    if let Some(behind) = behind {
                        prop_assert_eq!(raw.start(), behind, "no gap, no overlap");
                    }
                    behind = Some(raw.end());
                    let written = &field[raw.range()];
                    if view.coding == Coding::JsonString {
                        let read: String = serde_json::from_str(&format!("\"{written}\"")).unwrap();
                        prop_assert_eq!(read, character.to_string());
                    } else {
                        prop_assert_eq!(written, character.to_string());
                    }
                }
            }
        }

        #[test]
        fn reading_agrees_with_a_json_parser(text in "[\\[\\]{}\",:0-9eE.tfn\\\\u+ -]{0,24}") {
            let text = format!("[{text}]");
            let strict = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(json::views(&text).is_some(), strict, "{}", text);
        }

        #[test]
        fn a_replacement_keeps_json_valid(value in json(), by in "\\PC{0,8}|[\"\\\\\n]{1,3}") {
            let field = serde_json::to_string(&value).unwrap();
            for view in View::all(&field) {
                let Some(all) = Span::new(0, view.text(&field).len()) else { continue };
                if view.coding == Coding::Plain { continue; }
                let raw = view.raw(all);
                for by in [view.encode(&by), Cow::Borrowed(view.shortest())] {
                    let after =
                        format!("{}{}{}", &field[..raw.start()], by, &field[raw.end()..]);
                    prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&after).is_ok());
                }
                prop_assert!(view.shortest().len() <= raw.end() - raw.start());
            }
        }
    }
}
