//! What documentation writes where a secret belongs.

/// Whether a secret of a known form is a sample: one character over and over, the alphabet, or
/// marked as one.
pub(super) fn is_sample(secret: &str) -> bool {
    secret.contains("EXAMPLE") || blanks(secret) || counts(secret.as_bytes(), MOST_ALPHABET)
}

/// Whether the value is a placeholder: a variable, a template, a path, a word for nothing.
pub(super) fn is_placeholder(value: &str) -> bool {
    let letters = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b' '))
    };
    let variable = value.strip_prefix(['$', '%', '@', '#']).is_some_and(|name| {
        name.starts_with(['{', '(']) || letters(name.trim_end_matches(['%', '@', '#']))
    });
    let bracketed = [('<', '>'), ('[', ']'), ('{', '}'), ('(', ')')].iter().any(|(open, close)| {
        let inner = value.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close));
        inner.is_some_and(|inner| *open == '<' || inner.starts_with(*open) || letters(inner))
    });
    let path = value.starts_with(['/', '~']) && value.matches('/').count() > 1
        || value.starts_with("./")
        || value.contains("://");
    let nothing =
        ["true", "false", "null", "none", "nil", "undefined", "redacted", "changeme", "changeit"];
    value.is_empty()
        || variable
        || bracketed
        || path
        || nothing.iter().any(|word| value.eq_ignore_ascii_case(word))
        || is_one_character(value)
        || is_sample(value)
}

/// Whether the value, known by its name alone, is put together of words, or counts.
pub(super) fn is_wordy(value: &str) -> bool {
    counts(value.as_bytes(), MOST_COUNT)
        || value.ends_with("...")
        || words(value.as_bytes()) * 2 > value.len()
}

/// Letters in alphabetical order, or digits, from which on they are no accident.
const MOST_ALPHABET: usize = 20;
const MOST_COUNT: usize = 9;
/// As many of a character that stands for any in a row are a blank form.
const MOST_BLANK: usize = 6;

/// Whether characters count up, `least` of them: `123456789`, `890123456`.
fn counts(bytes: &[u8], least: usize) -> bool {
    let mut run = 1;
    bytes.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        let next = first.is_ascii_alphanumeric() && first + 1 == *second
            || (*first == b'9' && *second == b'0');
        run = if next { run + 1 } else { 1 };
        run >= least
    })
}

/// Whether it has a row of characters that stand for others.
fn blanks(secret: &str) -> bool {
    let mut run = 0;
    let mut before = 0;
    secret.bytes().any(|byte| {
        let blank = matches!(byte, b'x' | b'X' | b'*' | b'.' | b'#');
        run = if blank && byte == before { run + 1 } else { usize::from(blank) };
        before = byte;
        run >= MOST_BLANK
    })
}

fn is_one_character(value: &str) -> bool {
    let mut characters = value.chars();
    let first = characters.next();
    characters.all(|one| Some(one) == first)
}

/// How many of the bytes are letters of what could be a word: four or more of one case (a capital
/// may begin it), with vowels and consonants in turn.
fn words(bytes: &[u8]) -> usize {
    let mut all = 0;
    let mut from = 0;
    for at in 0..=bytes.len() {
        let here = bytes.get(at);
        let begins = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|before| {
            before.is_ascii_lowercase() && here.is_some_and(u8::is_ascii_uppercase)
        });
        let letter = here.is_some_and(u8::is_ascii_alphabetic);
        if begins || !letter {
            let word = bytes.get(from..at).unwrap_or_default();
            all += if is_word(word) { word.len() } else { 0 };
            from = if letter { at } else { at + 1 };
        }
    }
    all
}

fn is_word(letters: &[u8]) -> bool {
    const MOST_CONSONANTS: usize = 3;
    const SHORTEST: usize = 4;
    let rest = letters.get(1..).unwrap_or_default();
    let one_case =
        rest.iter().all(u8::is_ascii_lowercase) || letters.iter().all(u8::is_ascii_uppercase);
    let vowel = |byte: &u8| b"aeiouyAEIOUY".contains(byte);
    let vowels = letters.iter().filter(|byte| vowel(byte)).count();
    let consonants = letters.split(vowel).map(<[u8]>::len).max().unwrap_or_default();
    letters.len() >= SHORTEST
        && one_case
        && vowels * 4 >= letters.len()
        && vowels * 3 <= letters.len() * 2
        && consonants <= MOST_CONSONANTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for value in [
            "$PASSWORD",
            "${password}",
            "$(cat file.txt)",
            "%TOKEN%",
            "@token@",
            "{{ .Values.x }}",
            "<your key>",
            "{password}",
            "****",
            "aaaa",
            "True",
            "/etc/keys/a.pem",
            "AKIAIOSFODNN7EXAMPLE",
            "12-xxxxxx-34",
            "abcdefghijklmnopqrstuvwxyz",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["hunter2", "{Tq7wB2mZk9}", "a$b", "/x1", "p4ss@w0rd", "h7VwT31bQz!m"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn words_are_told_from_random_letters() {
        for value in ["AnnualReports-2.3", "a1b2c3-123456789", "YourSecretGoesHere1", "k3y..."] {
            assert!(is_wordy(value), "{value}");
        }
        for value in ["Vr8K1TQMZ5WcJhx3BdPyLuGnAs6oFe2i", "7fd3a1c9e2b84f60", "hbtcou4zevpd7k2"] {
            assert!(!is_wordy(value), "{value}");
        }
    }
}
