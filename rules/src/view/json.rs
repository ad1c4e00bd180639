//! A JSON reader that keeps places: RFC 8259, without recursion, so that a hostile depth costs
//! memory for some words a level and never the stack.

use std::ops::Range;

use super::{Coding, Decoded};
use crate::hex::hex;

/// A string (keys too) or number of a document.
pub(super) struct Scalar {
    pub(super) coding: Coding,
    /// The number, or what is between the string's quotes.
    pub(super) stretch: Range<usize>,
    /// The string decoded, where it has escapes.
    pub(super) decoded: Option<Decoded>,
    /// What the document calls it, where it is no key itself and has a name.
    pub(super) name: Option<String>,
}

/// The scalars of a JSON object or array, in order, or the string that may be one once more; `None`
/// when `text` is neither.
pub(super) fn scalars(text: &str) -> Option<Vec<Scalar>> {
    let begins = text.trim_start();
    let inside = begins.strip_prefix('"').map_or(begins, str::trim_start);
    if !inside.starts_with(['{', '[']) {
        return None;
    }
    let mut reader = Reader {
        field: text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        scalars: Vec::new(),
    };
    reader.document()?;
    Some(reader.scalars)
}

/// `text` as it stands between the quotes of a JSON string.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            control if control < ' ' => {
                let code = u8::try_from(control).unwrap_or(0);
                escaped.push_str("\\u00");
                escaped.push_str(&hex(&[code]));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

struct Reader<'a> {
    field: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// What is not closed yet.
    open: Vec<Open>,
    scalars: Vec<Scalar>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// An array or an object that is being read. Names are indices of scalars.
struct Open {
    container: Container,
    /// The key whose value it is, or that of the arrays around it.
    name: Option<usize>,
    /// Its last key, of an object.
    key: Option<usize>,
    /// The string that says what its value is: `{"name":"ssn","value":…}`.
    label: Option<usize>,
}

/// Keys that say that something is a value and not of what: the object around them does, or a
/// string beside them.
const GENERIC: &[&str] = &[
    "value", "values", "val", "number", "num", "no", "nr", "date", "home", "work", "main",
    "primary", "raw", "answer",
];
/// Keys of the strings that say what the value beside them is.
const LABELS: &[&str] = &["name", "label", "key", "type", "field", "question", "title"];

/// The longest name of several values, in bytes.
const LONGEST: usize = 64;

fn is_one_of(key: &str, keys: &[&str]) -> bool {
    keys.iter().any(|one| one.eq_ignore_ascii_case(key))
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        loop {
            // A value begins here.
            self.space();
            match self.peek()? {
                b'[' => {
                    self.at += 1;
                    self.space();
                    if self.peek()? != b']' {
                        self.enter(Container::Array);
                        continue;
                    }
                    self.at += 1;
                }
                b'{' => {
                    self.at += 1;
                    self.space();
                    if self.peek()? != b'}' {
                        self.enter(Container::Object);
                        self.key()?;
                        continue;
                    }
                    self.at += 1;
                }
                b'"' => {
                    let name = self.name();
                    self.string(name)?;
                    self.labelled();
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => return None,
            }
            // A value ended here: close what it closes.
            loop {
                self.space();
                let Some(open) = self.open.last() else {
                    return (self.at == self.bytes.len()).then_some(());
                };
                match (self.peek()?, open.container) {
                    (b',', Container::Array) => {
                        self.at += 1;
                        break;
                    }
                    (b',', Container::Object) => {
                        self.at += 1;
                        self.space();
                        self.key()?;
                        break;
                    }
                    (b']', Container::Array) | (b'}', Container::Object) => {
                        self.at += 1;
                        self.open.pop();
                    }
                    _ => return None,
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn enter(&mut self, container: Container) {
        let name = self.key_of_value();
        self.open.push(Open { container, name, key: None, label: None });
    }

    fn key(&mut self) -> Option<()> {
        let key = self.scalars.len();
        self.string(None)?;
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key);
        }
        self.space();
        (self.peek()? == b':').then(|| self.at += 1)
    }

    /// The key of the value that begins here: its own, or that of the arrays around it.
    fn key_of_value(&self) -> Option<usize> {
        let open = self.open.last()?;
        if open.container == Container::Object { open.key } else { open.name }
    }

    /// What the value that begins here is called.
    fn name(&self) -> Option<String> {
        let open = self.open.last()?;
        let key = self.text(self.key_of_value()?);
        // What names many values is read for each of them.
        let is_short = |name: &&str| name.len() <= LONGEST;
        if open.container == Container::Array {
            return Some(key).filter(is_short).map(str::to_owned);
        }
        if !is_one_of(key, GENERIC) {
            return Some(key.to_owned());
        }
        let mut around = String::new();
        for name in [open.name, open.label].into_iter().flatten() {
            let name = self.text(name);
            if is_short(&name) {
                around.push_str(name);
                around.push(' ');
            }
        }
        around.truncate(around.trim_end().len());
        Some(if around.is_empty() { key.to_owned() } else { around })
    }

    /// Notes the string that was read last where it says what a value beside it is.
    fn labelled(&mut self) {
        let key = self.open.last().and_then(|open| open.key);
        if key.is_some_and(|key| is_one_of(self.text(key), LABELS))
            && let Some(open) = self.open.last_mut()
        {
            open.label = self.scalars.len().checked_sub(1);
        }
    }

    /// A scalar, decoded.
    fn text(&self, index: usize) -> &str {
        let Some(scalar) = self.scalars.get(index) else { return "" };
        let plain = || self.field.get(scalar.stretch.clone()).unwrap_or_default();
        scalar.decoded.as_ref().map_or_else(plain, |decoded| decoded.text.as_str())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let name = self.name();
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.scalars.push(Scalar {
            coding: Coding::JsonNumber,
            stretch: start..self.at,
            decoded: None,
            name,
        });
        Some(())
    }

    fn string(&mut self, name: Option<String>) -> Option<()> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let start = self.at;
        let mut decoded: Option<Decoded> = None;
        // Where the run of bytes that stand for themselves began.
        let mut run = start;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    let target = decoded.get_or_insert_default();
                    target.plain(self.field.get(run..self.at)?, run);
                    let escape = self.at;
                    let character = self.escape()?;
                    target.escape(character, escape, self.at - escape);
                    run = self.at;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        if let Some(decoded) = &mut decoded {
            decoded.plain(self.field.get(run..self.at)?, run);
        }
        let stretch = start..self.at;
        self.scalars.push(Scalar { coding: Coding::JsonString, stretch, decoded, name });
        self.at += 1;
        Some(())
    }

    /// The character that the escape at hand stands for.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let character = match self.peek()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.utf16();
            }
            _ => return None,
        };
        self.at += 1;
        Some(character)
    }

    /// The character behind `\\u`, both halves of a surrogate pair taken. A lone half is JSON but
    /// no character: it reads as U+FFFD.
    fn utf16(&mut self) -> Option<char> {
        let unit = self.hex()?;
        if (0xd800..0xdc00).contains(&unit) {
            let behind = self.at;
            if self.word(b"\\u").is_some() {
                let low = self.hex()?;
                if (0xdc00..0xe000).contains(&low) {
                    return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
                }
                self.at = behind;
            }
        }
        Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.field.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
