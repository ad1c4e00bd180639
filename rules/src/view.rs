//! Readings of a field: what a detector sees, and how its spans map back to the field's bytes.
//!
//! Some clients percent-encode what they send, some escape it for HTML, many put JSON into the
//! metadata, and bots send whole JSON envelopes. Detection that reads only the raw bytes is blind
//! behind `%34` and `\u0034`, and a careless redaction leaves a document that nobody can parse. So
//! a field is decoded layer by layer, and what is written goes back through the same layers.

mod html;
mod json;
mod percent;

use std::borrow::Cow;
use std::ops::Range;

use crate::detect::{Scan, Shared};
use crate::span::Span;

/// How many layers are taken off: an envelope in percent-encoding with JSON and HTML inside has
/// three. Each costs a pass over the text.
const MOST_LAYERS: usize = 4;

/// What stands for a text where there is no room for more.
pub(crate) const SHORTEST: &str = "*";

/// One stretch of a field, decoded.
///
/// Holds what members wrote, so it has no `Debug`.
pub struct View {
    /// From the field inwards.
    layers: Vec<Layer>,
    text: Reading,
    shared: Shared,
    /// Whether another view reads the same bytes with their percent escapes decoded.
    is_beside_decoded: bool,
}

/// The decoded text: of its own, or a stretch of the field as it is written.
enum Reading {
    Own(String),
    Field(Range<usize>),
}

/// One encoding, taken off.
#[derive(Clone)]
struct Layer {
    coding: Coding,
    /// The stretch of the text around it.
    stretch: Range<usize>,
    /// How decoded offsets map to the text around it; empty where both advance together.
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    /// `%20`.
    Percent,
    /// The same in a text that may also be meant as it stands, and how it may be.
    PercentPerhaps(percent::Kind),
    /// `&amp;`.
    Html,
    /// The same in a text that has `&amp`, too.
    BareHtml,
    /// Between the quotes of a JSON string.
    JsonString,
    /// A JSON number, which only another JSON value can replace.
    JsonNumber,
}

/// A run of decoded text: an escape, or bytes that stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    decoded: usize,
    raw: usize,
    /// How many bytes around it an escape takes; `None` where bytes stand for themselves.
    escape: Option<usize>,
}

/// A decoded text with its runs, as the decoders make it.
#[derive(Default)]
struct Decoded {
    text: String,
    runs: Vec<Run>,
}

impl View {
    /// The readings of `field`. Two overlap only where percent signs may or may not be meant as
    /// escapes; then there is a reading of each, the decoded one first. The other is for what an
    /// escape may be a part of: links, secrets, what a policy spells out.
    pub fn all(field: &str) -> Vec<Self> {
        Self::all_named(field, None)
    }

    /// The same where the field has a name of its own.
    pub(crate) fn all_named(field: &str, name: Option<&str>) -> Vec<Self> {
        let mut views = Vec::new();
        read(field, Reading::Field(0..field.len()), name, &mut Vec::new(), &mut views);
        views
    }

    /// What a detector reads; `field` is the text the view was made of.
    pub fn text<'a>(&'a self, field: &'a str) -> &'a str {
        match &self.text {
            Reading::Own(text) => text,
            Reading::Field(range) => field.get(range.clone()).unwrap_or_default(),
        }
    }

    /// The same, with what is known of it.
    pub fn scan<'a>(&'a self, field: &'a str) -> Scan<'a> {
        Scan::new(self.text(field), &self.shared)
    }

    /// Whether percent signs are read as escapes that may be meant as they stand: then another view
    /// reads the same bytes.
    pub fn is_doubtful(&self) -> bool {
        self.layers.iter().any(|layer| matches!(layer.coding, Coding::PercentPerhaps(_)))
    }

    /// Whether another view reads the same bytes with their percent escapes decoded.
    pub(crate) fn is_beside_decoded(&self) -> bool {
        self.is_beside_decoded
    }

    /// The bytes of the field that this span of the view was read from. A span that touches an
    /// escape takes the whole of it; one in a JSON number takes the whole number.
    pub fn raw(&self, span: Span) -> Span {
        self.layers.iter().rev().fold(span, |span, layer| layer.around(span))
    }

    /// `replacement`, written as the field is where it takes the place of the bytes `raw`. Where
    /// percent signs may or may not be escapes, it is written as it stands if it is read the same
    /// either way and belongs there so: in what somebody wrote with spaces, where `raw` has no escape
    /// itself, and where it is all that there was.
    pub fn encode<'a>(&self, replacement: &'a str, raw: &str) -> Cow<'a, str> {
        let is_plain = |layer: &&Layer| match layer.coding {
            Coding::PercentPerhaps(kind) => {
                let is_all = raw.len() == layer.stretch.len();
                percent::is_plain(replacement, if is_all { "" } else { raw }, kind)
            }
            _ => false,
        };
        let layers = self.layers.iter().rev().filter(|layer| !is_plain(layer));
        layers.fold(Cow::Borrowed(replacement), |text, layer| {
            Cow::Owned(match layer.coding {
                Coding::Percent | Coding::PercentPerhaps(_) => percent::encode(&text),
                Coding::Html => html::encode(&text, false),
                Coding::BareHtml => html::encode(&text, true),
                Coding::JsonString => json::escape(&text),
                Coding::JsonNumber => format!("\"{}\"", json::escape(&text)),
            })
        })
    }

    /// The shortest replacement that keeps the field well-formed and hides what was there: it is
    /// never longer than the span that it replaces.
    pub fn shortest(&self) -> &'static str {
        match self.layers.last().map(|layer| layer.coding) {
            Some(Coding::JsonNumber) => "0",
            _ => SHORTEST,
        }
    }
}

/// Adds the readings of `text`, which lies behind `layers`.
/// `name` is what it is called.
fn read(
    text: &str,
    reading: Reading,
    name: Option<&str>,
    layers: &mut Vec<Layer>,
    views: &mut Vec<View>,
) {
    let mut is_beside_decoded = false;
    if layers.len() < MOST_LAYERS {
        // What is JSON as it stands has its escapes inside its strings.
        if let Some(scalars) = json::scalars(text) {
            for json::Scalar { coding, stretch, decoded, name } in scalars {
                let inner = text.get(stretch.clone()).unwrap_or_default();
                let (own, runs) = decoded
                    .map_or((None, Vec::new()), |decoded| (Some(decoded.text), decoded.runs));
                let reading = match (&own, &reading) {
                    (None, Reading::Field(outer)) => {
                        Reading::Field(outer.start + stretch.start..outer.start + stretch.end)
                    }
                    (own, _) => Reading::Own(own.clone().unwrap_or_else(|| inner.to_owned())),
                };
                layers.push(Layer { coding, stretch, runs });
                let name = name.as_deref();
                if coding == Coding::JsonNumber {
                    views.push(view(inner, reading, name, layers));
                } else {
                    read(own.as_deref().unwrap_or(inner), reading, name, layers, views);
                }
                layers.pop();
            }
            return;
        }
        if let Some((decoded, kind)) = percent::decode(text) {
            // One doubtful encoding is read in both ways; each further one would double the work.
            let is_first = layers
                .iter()
                .all(|layer| !matches!(layer.coding, Coding::Percent | Coding::PercentPerhaps(_)));
            let is_certain = kind == percent::Kind::Certain;
            let coding = if is_certain { Coding::Percent } else { Coding::PercentPerhaps(kind) };
            enter(coding, text, decoded, name, layers, views);
            if is_certain || !is_first {
                return;
            }
            is_beside_decoded = true;
        } else if let Some((decoded, is_bare)) = html::decode(text) {
            let coding = if is_bare { Coding::BareHtml } else { Coding::Html };
            enter(coding, text, decoded, name, layers, views);
            return;
        }
    }
    views.push(View { is_beside_decoded, ..view(text, reading, name, layers) });
}

fn enter(
    coding: Coding,
    text: &str,
    Decoded { text: inner, runs }: Decoded,
    name: Option<&str>,
    layers: &mut Vec<Layer>,
    views: &mut Vec<View>,
) {
    layers.push(Layer { coding, stretch: 0..text.len(), runs });
    read(&inner, Reading::Own(inner.clone()), name, layers, views);
    layers.pop();
}

fn view(text: &str, reading: Reading, name: Option<&str>, layers: &[Layer]) -> View {
    let in_document =
        layers.iter().any(|layer| matches!(layer.coding, Coding::JsonString | Coding::JsonNumber));
    let shared = Shared::of(text).named(name);
    let shared = if in_document { shared.part() } else { shared };
    View { layers: layers.to_vec(), text: reading, shared, is_beside_decoded: false }
}

impl Layer {
    /// Where a span of the decoded text lies in the text around it.
    fn around(&self, span: Span) -> Span {
        let (start, end) = if self.coding == Coding::JsonNumber {
            (self.stretch.start, self.stretch.end)
        } else if self.runs.is_empty() {
            (self.stretch.start + span.start(), self.stretch.start + span.end())
        } else {
            (self.start(span.start()), self.end(span.end()))
        };
        Span::new(start.min(self.stretch.end), end.min(self.stretch.end)).unwrap_or(span)
    }

    fn run_at(&self, decoded: usize) -> Option<Run> {
        let index = self.runs.partition_point(|run| run.decoded <= decoded).checked_sub(1)?;
        self.runs.get(index).copied()
    }

    fn start(&self, decoded: usize) -> usize {
        self.run_at(decoded).map_or(self.stretch.start, |run| match run.escape {
            Some(_) => run.raw,
            None => run.raw + (decoded - run.decoded),
        })
    }

    /// `decoded` is the offset behind a character, so what counts is the run that holds the byte
    /// before it.
    fn end(&self, decoded: usize) -> usize {
        self.run_at(decoded.saturating_sub(1)).map_or(self.stretch.start, |run| match run.escape {
            Some(length) => run.raw + length,
            None => run.raw + (decoded - run.decoded),
        })
    }
}

impl Decoded {
    /// Adds bytes that stand for themselves; `raw` is where they begin.
    fn plain(&mut self, text: &str, raw: usize) {
        if !text.is_empty() {
            self.runs.push(Run { decoded: self.text.len(), raw, escape: None });
            self.text.push_str(text);
        }
    }

    /// Adds a character that an escape of `length` bytes at `raw` stands for.
    fn escape(&mut self, character: char, raw: usize, length: usize) {
        self.runs.push(Run { decoded: self.text.len(), raw, escape: Some(length) });
        self.text.push(character);
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
                field.get(span.range())
            })
            .unwrap()
    }

    #[test]
    fn plain_text_is_one_view() {
        assert_eq!(texts("hello {\"a\":1}"), ["hello {\"a\":1}"]);
        assert_eq!(texts("{not json}"), ["{not json}"]);
        assert_eq!(texts("[1, 2"), ["[1, 2"]);
        assert_eq!(texts("100% sure & <done>; 5%"), ["100% sure & <done>; 5%"]);
    }

    #[test]
    fn json_is_read_string_by_string_and_number_by_number() {
        assert_eq!(texts(r#" {"a": ["b", 12.5, true, null], "c": {}}"#), ["a", "b", "12.5", "c"]);
    }

    #[test]
    fn json_that_is_a_string_of_json_is_read_twice() {
        assert_eq!(texts(r#" "{\"a\": [\"\u0034b\"]}""#), ["a", "4b"]);
        assert_eq!(texts(r#""{\"a\": [""#), [r#"{"a": ["#]);
        for text in [r#""they said \"hi\"""#, r#""{""}"#, r#""{" 1"#] {
            assert_eq!(texts(text), [text]);
        }
    }

    #[test]
    fn json_escapes_are_decoded_and_map_back_whole() {
        let field = r#"{"k":"xA\u0042\ud83d\ude00z\ud800"}"#;
        assert_eq!(texts(field), ["k", "xAB😀z\u{fffd}"]);
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
        let number = views[1].raw(Span::new(3, 5).unwrap());
        assert_eq!(field.get(number.range()), Some("4111111111111111"));
        assert_eq!(views[1].encode("[card]", "4111111111111111"), "\"[card]\"");
    }

    #[test]
    fn a_percent_encoded_field_is_read_decoded_and_written_encoded() {
        let field = "my%20card%3A%204111%C3%A9";
        assert_eq!(texts(field), ["my card: 4111é"]);
        assert_eq!(raw(field, ": 4"), "%3A%204");
        assert_eq!(raw(field, "é"), "%C3%A9");
        assert_eq!(View::all(field)[0].encode("[é x]", "%20"), "%5B%C3%A9%20x%5D");
    }

    #[test]
    fn where_percent_may_be_meant_as_written_both_are_read() {
        let field = "20 %50 items %zz %FF";
        assert_eq!(texts(field), ["20 P items %zz %FF", field]);
    }

    #[test]
    fn a_percentage_is_no_escape() {
        for field in ["20%50 items", "20%4111 1111", "5%405 a"] {
            assert_eq!(texts(field), [field], "{field}");
        }
        assert_eq!(texts("2%20a%50b 1%40x")[0], "2 aPb 1@x");
        assert_eq!(texts("20%50"), ["20P"], "a field that is escaped as a whole");
    }

    #[test]
    fn a_label_in_running_text_is_written_plainly() {
        let field = "mail bob%40example.com";
        let views = View::all(field);
        assert_eq!(views[0].encode("[email]", "bob%40example.com"), "[email]");
        assert_eq!(views[0].encode("100%", "bob%40example.com"), "100%25");
        let address = "https://x.example/?q=bob%40example.com";
        assert_eq!(View::all(address)[0].encode("[email]", "bob%40example.com"), "%5Bemail%5D");
        assert_eq!(View::all(address)[0].encode("[link]", address), "[link]");
        assert_eq!(View::all(address)[0].encode("100%", address), "100%25");
    }

    #[test]
    fn what_a_form_sent_is_read_with_spaces_and_as_it_stands() {
        let field = "msg=my+card&tel=+1";
        assert_eq!(texts(field), ["msg=my card&tel=+1", field]);
        assert_eq!(raw(field, "my card"), "my+card");
        assert_eq!(View::all(field)[0].encode("[a b]", "my+card"), "%5Ba%20b%5D");
        assert_eq!(View::all(field)[0].encode("[card]", "my+card"), "[card]");
    }

    #[test]
    fn html_entities_are_decoded_and_map_back_whole() {
        let field = "a &lt;b&gt; &#52;&#x31;1 &nope; & &#xD800;";
        assert_eq!(texts(field), ["a <b> 411 &nope; & &#xD800;"]);
        assert_eq!(raw(field, "41"), "&#52;&#x31;");
        assert_eq!(View::all(field)[0].encode("<&>", field), "&lt;&amp;&gt;");
        let bare = "f&#117ck &ltx";
        assert_eq!(texts(bare), ["fuck &ltx"]);
        assert_eq!(raw(bare, "u"), "&#117");
        assert_eq!(View::all(bare)[0].encode("1st", "ck"), "&#49;st", "or it would be `&#1171`");
    }

    #[test]
    fn layers_inside_layers_are_all_taken_off() {
        let inner = r#"{"Messages":[{"Content":"card &#52;111"}]}"#;
        let field = format!("{{\"body\":\"{}\"}}", json::escape(inner));
        assert!(texts(&field).contains(&"card 4111".to_owned()), "{:?}", texts(&field));
        assert_eq!(raw(&field, "4111"), "&#52;111");
        let encoded = percent::encode(&field);
        assert!(texts(&encoded).contains(&"card 4111".to_owned()), "{:?}", texts(&encoded));
        assert_eq!(raw(&encoded, "4111"), "%26%2352%3B111");
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
            "(%[0-9A-F]{2}|&lt;|&#5[0-9];|a){0,5}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                prop::collection::btree_map("[a-z\"é]{1,4}", inner, 0..4)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Value>()),
            ]
        })
    }

    fn fields() -> impl Strategy<Value = String> {
        prop_oneof![
            json().prop_map(|value| value.to_string()),
            json().prop_map(|value| percent::encode(&value.to_string())),
            "(%[0-9A-Fa-f]{2}|%C3%A9|&amp;|&#x1F600;|&|%|[a-zé \"{}]){0,20}",
            "(&(shy|uuml|copy|nbsp|lt|ETH|zwnj;|fflig;|#117|#x41;?)|[&;=#a-f0-9 ]){0,20}",
            "[a-c]=([a-z+]|%[0-9A-F]{2}|%C3%A9){0,12}(&[a-c]=[a-z0-9+]{0,6})?",
        ]
    }

    proptest! {
        #[test]
        fn every_offset_of_a_view_maps_back_exactly(field in fields()) {
            for view in View::all(&field) {
                let text = view.text(&field);
                let mut behind = None;
                for (start, character) in text.char_indices() {
                    let end = start + character.len_utf8();
                    let raw = view.raw(Span::new(start, end).unwrap());
                    prop_assert!(field.get(raw.range()).is_some());
                    if view.shortest() == "0" { continue; }
                    if let Some(behind) = behind {
                        prop_assert_eq!(raw.start(), behind, "no gap, no overlap");
                    }
                    behind = Some(raw.end());
                    // Read alone, what stands there decodes to the same character.
                    let written = field.get(raw.range()).unwrap();
                    // Alone, the plus sign that a value of a form begins with is one of many.
                    if written == "+" && character == '+' { continue; }
                    let alone = decode(&view, written);
                    prop_assert_eq!(alone, character.to_string(), "{:?}", written);
                }
            }
        }

        #[test]
        fn a_replacement_is_read_again_as_it_was_meant(field in fields(), by in "[a-z\\[\\]*<&%\"\\\\é ]{1,8}") {
            for view in View::all(&field) {
                prop_assume!(!view.layers.is_empty());
                prop_assert_eq!(decode(&view, &view.encode(&by, &field)), by.clone());
            }
        }

        #[test]
        fn reading_agrees_with_a_json_parser(text in "[\\[\\]{}\",:0-9eE.tfn\\\\u+ -]{0,24}") {
            let text = format!("[{text}]");
            let strict = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(json::scalars(&text).is_some(), strict, "{}", text);
        }

        #[test]
        fn a_replacement_keeps_json_valid(value in json(), by in "\\PC{0,8}|[\"\\\\\n]{1,3}") {
            let field = serde_json::to_string(&value).unwrap();
            for view in View::all(&field) {
                let Some(all) = Span::new(0, view.text(&field).len()) else { continue };
                let raw = view.raw(all);
                prop_assert!(view.shortest().len() <= raw.end() - raw.start());
                if json::scalars(&field).is_none() { continue; }
                for by in [view.encode(&by, field.get(raw.range()).unwrap()), Cow::Borrowed(view.shortest())] {
                    let (before, rest) = field.split_at(raw.start());
                    let (_, behind) = rest.split_at(raw.end() - raw.start());
                    let after = format!("{before}{by}{behind}");
                    prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&after).is_ok());
                }
            }
        }
    }

    /// What `written` stands for behind the layers of `view`.
    fn decode(view: &View, written: &str) -> String {
        view.layers.iter().fold(written.to_owned(), |text, layer| match layer.coding {
            Coding::PercentPerhaps(percent::Kind::Form) if text == "+" => " ".to_owned(),
            Coding::Percent | Coding::PercentPerhaps(_) => {
                percent::decode(&text).map_or(text, |(decoded, _)| decoded.text)
            }
            Coding::Html | Coding::BareHtml => {
                html::decode(&text).map_or(text, |(decoded, _)| decoded.text)
            }
            Coding::JsonString => {
                let quoted = format!("\"{text}\"");
                serde_json::from_str(&quoted).unwrap_or_else(|_| "\u{fffd}".to_owned())
            }
            Coding::JsonNumber => serde_json::from_str(&text).unwrap_or_default(),
        })
    }
}
