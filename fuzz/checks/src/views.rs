//! The readings of a field: offsets map back, and what is written back is what was there.

use rules::Span;
use rules::view::View;

/// How many characters of a view are written back one by one.
const MOST_WRITTEN: usize = 24;

/// Each view's offsets map back into the field, in order; what is read from a place and written
/// back to it, as the field is encoded, is read again as the same.
///
/// # Panics
/// Where that does not hold.
pub fn check(data: &[u8]) {
    let field = String::from_utf8_lossy(data);
    let field = field.as_ref();
    let views = View::all(field);
    assert!(!views.is_empty() || is_document(field), "a field is read at least once");
    for (number, view) in views.iter().enumerate() {
        let text = view.text(field);
        let Some(whole) = Span::new(0, text.len()) else { continue };
        let whole = view.raw(whole);
        for other in views.iter().skip(number + 1) {
            let Some(all) = Span::new(0, other.text(field).len()) else { continue };
            assert!(
                view.is_doubtful() || other.is_doubtful() || !whole.overlaps(other.raw(all)),
                "two views read the same bytes and do not say so"
            );
        }
        if view.shortest() == "0" {
            // A number is replaced as a whole.
            written_back(field, view, text, whole, text);
            continue;
        }
        in_order(field, view, text);
        if view.encode("%", field).contains("2525") || text.contains(['%', '&']) {
            // There is a limit to how much is taken off, and what is written may take more or less
            // taking off than what was there.
            continue;
        }
        written_back(field, view, text, whole, text);
        let step = text.chars().count() / MOST_WRITTEN + 1;
        for (at, character) in text.char_indices().step_by(step) {
            let Some(span) = Span::new(at, at + character.len_utf8()) else { continue };
            let raw = view.raw(span);
            // A quote may be what keeps a text from being a document, and written in HTML's way it
            // no longer does.
            if character != '"' && raw.end() - raw.start() > character.len_utf8() {
                written_back(field, view, text, raw, character.encode_utf8(&mut [0; 4]));
            }
        }
    }
}

/// Each character was read from bytes of its own, behind those of the one before.
fn in_order(field: &str, view: &View, text: &str) {
    let mut before = 0;
    for (at, character) in text.char_indices() {
        let Some(span) = Span::new(at, at + character.len_utf8()) else { continue };
        let raw = view.raw(span);
        assert!(raw.start() >= before, "the character at {at} was read from bytes already read");
        let read = field.get(raw.range());
        assert!(read.is_some(), "the character at {at} was read from {:?}", raw.range());
        let as_it_stands = read.is_some_and(|read| read.chars().eq([character]));
        let escape = read.is_some_and(|read| read.starts_with(['%', '&', '\\', '+']));
        assert!(as_it_stands || escape, "the character at {at} is neither itself nor an escape");
        before = raw.end();
    }
}

fn written_back(field: &str, view: &View, text: &str, raw: Span, part: &str) {
    let (Some(front), Some(back)) = (field.get(..raw.start()), field.get(raw.end()..)) else {
        assert!(raw.end() <= field.len(), "{:?} is not in the field", raw.range());
        return;
    };
    let before = View::all(field).len();
    let written = view.encode(part, field.get(raw.range()).unwrap_or_default());
    let field = format!("{front}{written}{back}");
    let views = View::all(&field);
    if views.len() != before {
        // What is written is well-formed, also where what was there was not: a document, now.
        return;
    }
    let same = views.iter().any(|view| view.text(&field) == text);
    assert!(same, "what was written back to {:?} is read as something else", raw.range());
}

/// Whether the field holds neither text nor number: `{}`, `[true]`.
fn is_document(field: &str) -> bool {
    field.trim_start().starts_with(['{', '['])
}
