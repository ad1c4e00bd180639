//! HTML's character references: the numeric ones, and the names that escaping functions write.

use super::Decoded;

const NAMES: &[(&str, char)] =
    &[("amp", '&'), ("apos", '\''), ("gt", '>'), ("lt", '<'), ("nbsp", '\u{a0}'), ("quot", '"')];

/// The longest reference: `&#x10FFFF;`, and some leading zeros.
const LONGEST: usize = 16;

/// The text with its references decoded; `None` when there is none. What is no reference, or not
/// one of a character, stands for itself.
pub(super) fn decode(text: &str) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let mut plain = 0;
    let mut any = false;
    for start in memchr::memchr_iter(b'&', text.as_bytes()) {
        let Some((character, length)) = reference(text.as_bytes().get(start..).unwrap_or_default())
        else {
            continue;
        };
        decoded.plain(text.get(plain..start).unwrap_or_default(), plain);
        decoded.escape(character, start, length);
        plain = start + length;
        any = true;
    }
    if !any {
        return None;
    }
    decoded.plain(text.get(plain..).unwrap_or_default(), plain);
    Some(decoded)
}

/// `text` with the characters escaped that mean something in HTML.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            other => encoded.push(other),
        }
    }
    encoded
}

/// The character that the reference at the beginning stands for, and its length.
fn reference(bytes: &[u8]) -> Option<(char, usize)> {
    let end = bytes.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(bytes.get(1..end)?).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) = match number.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)?
        }
        None => NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1,
    };
    Some((character, end + 1))
}
