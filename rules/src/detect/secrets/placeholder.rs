//! What documentation writes where a secret belongs.

use crate::detect::listed::Listed;

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
        name.starts_with(['{', '('])
            || letters(name.trim_end_matches(['%', '@', '#']))
            || is_constant(name)
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

/// Whether it is written as constants are named: `TOKEN_2`.
fn is_constant(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether the value begins as code that gets one: `os.environ[`, `models.CharField(max_length=128`,
/// `Column(String(128`. A word alone is code only where another follows in the bracket, since
/// `Summer(2024)` may be a password.
pub(super) fn is_expression(value: &str) -> bool {
    let Some((name, rest)) = value.find(['(', '[']).and_then(|at| value.split_at_checked(at))
    else {
        return false;
    };
    let is_name = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let path = name.split("::").flat_map(|part| part.split('.'));
    let is_path = path.clone().count() > 1;
    let word_follows = || {
        let inside = rest.trim_start_matches(['(', '[', ')', ']', '.']);
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        // `prompt_1()`
        let called = || inside.is_empty() && name.contains('_');
        called() || is_word && inside.bytes().next().is_none_or(|next| next.is_ascii_alphabetic())
    };
    path.into_iter().all(is_name) && (is_path || word_follows())
}

/// Whether the value, known by its name alone, is put together of words, or counts, or is a version
/// or a file.
pub(super) fn is_wordy(value: &str) -> bool {
    counts(value.as_bytes(), MOST_COUNT)
        || value.ends_with("...")
        || has_version(value)
        || is_file(value)
        || is_marked(value)
        || is_snake(value)
        || is_member(value)
        || is_made_of_words(value.as_bytes())
}

/// Whether more than half of it is letters of what could be words.
pub(in crate::detect) fn is_made_of_words(bytes: &[u8]) -> bool {
    words(bytes) * 2 > bytes.len()
}

/// Whether three numbers stand in it with full stops between them: `rc0.15.0-SNAPSHOT`.
fn has_version(value: &str) -> bool {
    let mut numbers = 0;
    value.split('.').any(|part| {
        let begins = part.starts_with(|one: char| one.is_ascii_digit());
        let ends = part.ends_with(|one: char| one.is_ascii_digit());
        let number = part.bytes().all(|byte| byte.is_ascii_digit());
        let last = numbers >= 2 && begins;
        numbers = match numbers {
            _ if number && !part.is_empty() => numbers + 1,
            _ if ends => 1,
            _ => 0,
        };
        last || numbers >= 3
    })
}

/// Whether it ends like the name of a file that keys are kept in, or settings.
fn is_file(value: &str) -> bool {
    const ENDINGS: Listed = Listed::of(
        "\
         cer cfg conf config crt csv der env gpg html ini jks json jwk jwks key keystore log p12 \
         pem pfx properties pub toml txt xml yaml yml",
    );
    value.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.has(ending))
}

/// Whether a word in it says that it stands for another: `your-key-2`.
fn is_marked(value: &str) -> bool {
    const MARKS: Listed = Listed::of("dummy example fake placeholder sample your");
    value.split(|one: char| !one.is_ascii_alphabetic()).any(|word| MARKS.has(word))
}

/// Whether it is how code calls a value that is kept elsewhere: `process.env.API_TOKEN_2`.
pub(super) fn is_member(value: &str) -> bool {
    let name = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let Some((first, rest)) = value.split_once('.') else { return false };
    first.len() > 2
        && first.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && rest.split('.').all(name)
        && rest.split('.').any(|part| is_made_of_words(part.as_bytes()) || is_snake(part))
}

/// Whether it is mostly words and numbers, parted by underscores: `SHA384_KEY_2`.
fn is_snake(value: &str) -> bool {
    let plain = |part: &&str| {
        let all = |is: fn(&u8) -> bool| part.as_bytes().iter().all(is);
        all(u8::is_ascii_lowercase) || all(u8::is_ascii_uppercase) || all(u8::is_ascii_digit)
    };
    let plain: usize = value.split('_').filter(plain).map(|part| part.len() + 1).sum();
    value.contains('_') && plain * 2 > value.len()
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
            "$PASSWORD_2",
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
    fn code_that_gets_a_value_is_told_from_values_with_brackets() {
        for value in
            ["Summer(2024)", "Tr0ub4dor(3x", "(ab1", "a1[b2", "[x", "p4ss.(x", "hunter2", ""]
        {
            assert!(!is_expression(value), "{value}");
        }
        for value in [
            "os.environ[",
            "z.string().min(8",
            "models.CharField(max_length=128",
            "Column(String(128",
            "hashlib.sha256(pw).hexdigest(",
            "std::env::var(",
            "getenv(",
            "input()",
            "prompt_1(",
        ] {
            assert!(is_expression(value), "{value}");
        }
    }

    #[test]
    fn words_are_told_from_random_letters() {
        for value in [
            "AnnualReports-2.3",
            "a1b2c3-123456789",
            "YourSecretGoesHere1",
            "k3y...",
            "rc0.15.0_20231217-X7",
            "jjwt-x9q8z7-0.11.2",
            "REF_ID_923q8.properties",
            "your-k3y-77",
            "RSA_2048_8192_SHA384_OLD_KEY",
            "nl80211_key_attributes",
            "process.env.STRIPE_KEY_V3",
            "self._lib.NID_aes_256_cbc",
        ] {
            assert!(is_wordy(value), "{value}");
        }
        for value in [
            "Vr8K1TQMZ5WcJhx3BdPyLuGnAs6oFe2i",
            "7fd3a1c9e2b84f60",
            "hbtcou4zevpd7k2",
            "Vr8K1.TQ2.Z5W7c.Jhx3",
            "zq_8Vr2KcT_5Wn7xJh",
            "abc.Vr8K1TQ2Z5W7cJhx3",
            "q8Xyourz7Kq29Lm4T",
        ] {
            assert!(!is_wordy(value), "{value}");
        }
    }
}
