//! Percent-encoding, as `encodeURIComponent` writes it.

use super::Decoded;

/// The text with its escapes decoded, and whether it can only have been meant so: nothing stands in
/// it that `encodeURIComponent` would have escaped. `None` when there is no escape.
///
/// What is no escape, or not of a UTF-8 character, stands for itself.
pub(super) fn decode(text: &str) -> Option<(Decoded, bool)> {
    memchr::memchr(b'%', text.as_bytes())?;
    let mut decoded = Decoded::default();
    let mut is_certain = true;
    let mut plain = 0;
    let mut at = 0;
    let mut any = false;
    while let Some(found) = text.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'%', rest)) {
        let start = at + found;
        match character(text, start) {
            Some((character, length)) => {
                decoded.plain(text.get(plain..start).unwrap_or_default(), plain);
                decoded.escape(character, start, length);
                any = true;
                at = start + length;
                plain = at;
            }
            None => {
                is_certain = false;
                at = start + 1;
            }
        }
    }
    if !any {
        return None;
    }
    decoded.plain(text.get(plain..).unwrap_or_default(), plain);
    is_certain &= text.bytes().all(|byte| byte == b'%' || is_unreserved(byte));
    Some((decoded, is_certain))
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
