//! Percent-encoding, as `encodeURIComponent` writes it.

use super::Decoded;

/// The text with its escapes decoded, and whether it can only have been meant so: nothing stands in
/// it that `encodeURIComponent` would have escaped. `None` when there is no escape.
///
/// What is no escape, or not of a UTF-8 character, stands for itself; so does, where escapes are not
/// certain, what reads as a percentage.
pub(super) fn decode(text: &str) -> Option<(Decoded, bool)> {
    let first = memchr::memchr(b'%', text.as_bytes())?;
    let is_certain = is_certain(text, first);
    let mut decoded = Decoded::default();
    let mut plain = 0;
    let mut at = first;
    let mut any = false;
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'%', rest)) {
        let start = at + found;
        let escape = character(text, start);
        match escape.filter(|(one, _)| is_certain || !is_percentage(text, start, *one)) {
            Some((character, length)) => {
                decoded.plain(text.get(plain..start).unwrap_or_default(), plain);
                decoded.escape(character, start, length);
                any = true;
                at = start + length;
                plain = at;
            }
            None => at = start + 1,
        }
    }
    if !any {
        return None;
    }
    decoded.plain(text.get(plain..).unwrap_or_default(), plain);
    Some((decoded, is_certain))
}

/// Whether every percent sign, of which this is the first, begins an escape, and nothing stands
/// between them that would have been escaped.
fn is_certain(text: &str, first: usize) -> bool {
    if !text.bytes().all(|byte| byte == b'%' || is_unreserved(byte)) {
        return false;
    }
    let mut at = first;
    while let Some((_, length)) = character(text, at) {
        at += length;
        match text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'%', rest)) {
            Some(found) => at += found,
            None => return true,
        }
    }
    false
}

/// Whether a percent sign at `at` that would escape this character ends a percentage: behind a digit
/// nobody escapes a letter, nor an `@` that a digit follows. `20%4111 1111 1111 1111` has a card.
fn is_percentage(text: &str, at: usize, character: char) -> bool {
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or_default();
    at.checked_sub(1).is_some_and(|before| byte(before).is_ascii_digit())
        && (character.is_ascii_alphabetic() || character == '@' && byte(at + 3).is_ascii_digit())
}

/// `text` with everything escaped that `encodeURIComponent` would.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if u8::try_from(character).is_ok_and(is_unreserved) {
            encoded.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                encoded.push(
                    char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase(),
                );
            }
        }
    }
    encoded
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// The character whose escapes begin at `at`, and how many bytes they take.
fn character(text: &str, at: usize) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let escape = text.as_bytes().get(at + 3 * index..at + 3 * index + 3);
        let Some(&[b'%', high, low]) = escape else { break };
        let digit =
            |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (Some(high), Some(low)) = (digit(high), digit(low)) else { break };
        *byte = high << 4 | low;
        if index == 0 && *byte < 0x80 {
            return Some((char::from(*byte), 3));
        }
    }
    // Bytes behind the character's own are looked at and left: at most three.
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return None,
    };
    let character = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    Some((character, 3 * length))
}
