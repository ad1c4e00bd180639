//! The forms of keys and tokens: how they are written down in `providers.txt`, and matched.

use std::ops::Range;

use super::entropy::entropy;

/// What a key or token of a provider looks like.
#[derive(Debug)]
pub(super) struct Form {
    /// Words of which one begins the name that the secret is given to; none where the form alone
    /// tells.
    pub(super) near: Vec<&'static str>,
    /// Words of which one stands in the rest of that name, if there are any.
    pub(super) named: Vec<&'static str>,
    segments: Vec<Segment>,
    /// The entropy that the secret exceeds, in bits per byte.
    bits: f64,
    digit: bool,
    mixed: bool,
    inside: bool,
}

#[derive(Debug)]
enum Segment {
    /// One of these.
    Literal(Vec<&'static str>),
    Run {
        least: usize,
        most: usize,
        alphabet: Alphabet,
    },
    Uuid,
}

/// A set of ASCII characters, a bit for each.
#[derive(Clone, Copy, Debug)]
struct Alphabet {
    bits: u128,
    /// Letters are all small or all capitals.
    one_case: bool,
}

/// The most bytes of a run that is written without an upper bound.
const MOST_RUN: usize = 4000;
/// The least entropy beside a word that stands for the provider, unless the form says.
const BITS_NEAR: f64 = 2.0;
/// More characters of base64 than this around a form are a file, not a key.
const MOST_AROUND: usize = 64;

impl Form {
    /// Reads a line; `None` where it is not in the notation.
    pub(super) fn read(line: &'static str) -> Option<Self> {
        // The id is for those who read the table.
        let (_, line) = line.split_once(' ')?;
        let mut tokens = line.split_ascii_whitespace();
        let mut form = Self {
            near: Vec::new(),
            named: Vec::new(),
            segments: Vec::new(),
            bits: 0.0,
            digit: false,
            mixed: false,
            inside: false,
        };
        while let Some(token) = tokens.next() {
            match token {
                "near" => {
                    form.near = tokens.next()?.split('|').collect();
                    form.bits = BITS_NEAR;
                    form.digit = true;
                }
                "named" => form.named = tokens.next()?.split('|').collect(),
                "bits" => form.bits = tokens.next()?.parse().ok()?,
                "digit" => form.digit = true,
                "mixed" => (form.digit, form.mixed) = (false, true),
                "inside" => form.inside = true,
                "uuid" => form.segments.push(Segment::Uuid),
                token => {
                    let literal = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    form.segments.push(match literal {
                        Some("") => return None,
                        Some("|") => Segment::Literal(vec!["|"]),
                        Some(literal) => Segment::Literal(literal.split('|').collect()),
                        None => Segment::run(token, tokens.next()?)?,
                    });
                }
            }
        }
        let anchored = !form.near.is_empty() || form.anchor().is_some();
        (anchored && !form.segments.is_empty()).then_some(form)
    }

    /// Whether nothing but its length and alphabet tells it from other text.
    pub(super) fn is_plain(&self) -> bool {
        !self.segments.iter().any(|segment| matches!(segment, Segment::Literal(_)))
    }

    /// The literals by which the form is found in a text, and how far behind its start they stand.
    pub(super) fn anchor(&self) -> Option<(&[&'static str], usize)> {
        let mut before = 0;
        for segment in &self.segments {
            match segment {
                Segment::Literal(literals) => return Some((literals, before)),
                Segment::Run { least, most, .. } if least == most => before += least,
                Segment::Run { .. } | Segment::Uuid => return None,
            }
        }
        None
    }

    /// The secret that begins at `start`, if it has this form. Looks at a bounded number of bytes.
    pub(super) fn at(&self, bytes: &[u8], start: usize) -> Option<Range<usize>> {
        if !self.inside && !begins(bytes, start) {
            return None;
        }
        let mut end = start;
        let mut last = None;
        for segment in &self.segments {
            let rest = bytes.get(end..)?;
            end += segment.length(rest)?;
            last = segment.alphabet();
        }
        // A full stop behind the secret is not a part of it, where it may be one; nor is a backslash
        // that escapes a quotation mark.
        if let Some(Segment::Run { least, .. }) = self.segments.last() {
            let secret = bytes.get(start..end)?;
            let escapes = secret.iter().rev().take_while(|byte| **byte == b'\\').count();
            let more = escapes.max(usize::from(secret.ends_with(b".")));
            end -= if secret.len() >= least + more { more } else { 0 };
        }
        let secret = bytes.get(start..end)?;
        let apart = self.inside || ends(bytes, end, last);
        let digit = !self.digit || secret.iter().any(u8::is_ascii_digit);
        let mixed = !self.mixed || is_mixed(secret);
        let fits = apart && digit && mixed && entropy(secret) > self.bits;
        (fits && (self.inside || !is_in_file(bytes, &(start..end)))).then_some(start..end)
    }
}

impl Form {
    /// Before which place no secret of this form begins, after none began at `start`. The run behind
    /// the form's first literal ends at one place, wherever in it a secret may begin; where the form
    /// wants another literal there, and that cannot stand inside the run, they all fail together.
    /// Without this, a run made of the beginnings of secrets would be read again from each of them.
    pub(super) fn fails_until(&self, bytes: &[u8], start: usize) -> Option<usize> {
        let [first @ Segment::Literal(firsts), run, next @ Segment::Literal(literals), ..] =
            self.segments.as_slice()
        else {
            return None;
        };
        let Segment::Run { most, alphabet, .. } = run else { return None };
        let inside = |literal: &&str| literal.bytes().next().is_none_or(|one| alphabet.holds(one));
        if literals.iter().any(inside) {
            return None;
        }
        let behind = start + first.length(bytes.get(start..)?)?;
        let rest = bytes.get(behind..)?;
        let end = behind + rest.iter().take_while(|byte| alphabet.holds(**byte)).count();
        // A first literal may reach over the end; and where the other one is there, what begins too
        // far before it fails all the same.
        let longest = firsts.iter().map(|literal| literal.len()).max()?;
        let near = next.length(bytes.get(end..)?).map_or(0, |_| *most);
        Some(end.saturating_sub(longest + near))
    }
}

impl Segment {
    fn run(count: &str, alphabet: &str) -> Option<Self> {
        let (least, most) = match (count.split_once('-'), count.strip_suffix('+')) {
            (Some((least, most)), _) => (least.parse().ok()?, most.parse().ok()?),
            (None, Some(least)) => (least.parse().ok()?, MOST_RUN),
            (None, None) => (count.parse().ok()?, count.parse().ok()?),
        };
        (least <= most).then_some(Self::Run { least, most, alphabet: Alphabet::named(alphabet)? })
    }

    /// How many bytes the segment takes at the start of `rest`.
    fn length(&self, rest: &[u8]) -> Option<usize> {
        match self {
            Self::Literal(literals) => literals
                .iter()
                .filter(|literal| rest.starts_with(literal.as_bytes()))
                .map(|literal| literal.len())
                .max(),
            Self::Run { least, most, alphabet } => {
                let run = rest.iter().take(*most).take_while(|byte| alphabet.holds(**byte));
                let run = rest.get(..run.count())?;
                let one_case = !run.iter().any(u8::is_ascii_lowercase)
                    || !run.iter().any(u8::is_ascii_uppercase);
                (run.len() >= *least && (one_case || !alphabet.one_case)).then_some(run.len())
            }
            Self::Uuid => {
                let uuid = rest.get(..36)?;
                let fits = uuid.iter().enumerate().all(|(at, byte)| match at {
                    8 | 13 | 18 | 23 => *byte == b'-',
                    _ => byte.is_ascii_hexdigit(),
                });
                fits.then_some(36)
            }
        }
    }

    fn alphabet(&self) -> Option<Alphabet> {
        match self {
            Self::Run { alphabet, .. } => Some(*alphabet),
            Self::Literal(_) | Self::Uuid => None,
        }
    }
}

impl Alphabet {
    /// The alphabet of this name, with the characters behind `+` added.
    fn named(name: &str) -> Option<Self> {
        let (name, more) = name.split_once('+').unwrap_or((name, ""));
        let is_in: fn(u8) -> bool = match name {
            "digit" => |byte| byte.is_ascii_digit(),
            "letter" => |byte| byte.is_ascii_alphabetic(),
            "lower" => |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit(),
            "upper" => |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            "alnum" => |byte| byte.is_ascii_alphanumeric(),
            "hex" | "anyhex" => |byte| byte.is_ascii_hexdigit(),
            "hexh" => |byte| matches!(byte, b'a'..=b'h' | b'0'..=b'9'),
            "base32" => |byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            "base64" => |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
            "bech32" => |byte| b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".contains(&byte),
            "word" => |byte| byte.is_ascii_alphanumeric() || byte == b'_',
            "graph" => |byte| byte.is_ascii_graphic() && !b"\"'`<>".contains(&byte),
            "pad" => |byte| byte == b'=',
            _ => return None,
        };
        let bits = (0..128_u8)
            .filter(|byte| is_in(*byte) || more.as_bytes().contains(byte))
            .fold(0, |bits, byte| bits | 1 << byte);
        Some(Self { bits, one_case: name == "hex" })
    }

    fn holds(self, byte: u8) -> bool {
        byte.is_ascii() && self.bits >> byte & 1 == 1
    }
}

/// Whether it holds a digit, or letters of both cases.
fn is_mixed(secret: &[u8]) -> bool {
    let any = |is: fn(&u8) -> bool| secret.iter().any(is);
    any(u8::is_ascii_digit) || any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase)
}

/// Whether nothing that stands before `start` goes on there.
fn begins(bytes: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|byte| !matches!(byte, b'_' | b'+') && !byte.is_ascii_alphanumeric())
        || is_escape_before(bytes, start)
}

/// Whether a `\n`, `\r` or `\t`, written out, stands before `start`.
fn is_escape_before(bytes: &[u8], start: usize) -> bool {
    let two = start.checked_sub(2).and_then(|at| bytes.get(at..start));
    matches!(two, Some([b'\\', b'n' | b'r' | b't']))
}

/// Whether what ends at `end`, in a run of this alphabet, does not go on there.
fn ends(bytes: &[u8], end: usize, last: Option<Alphabet>) -> bool {
    let rest = bytes.get(end..).unwrap_or_default();
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric();
    match rest {
        [] => true,
        // Ends a sentence, or separates.
        [b'.' | b'-' | b'/', ..] if !rest.get(1).is_some_and(goes_on) => true,
        [b'.' | b'-' | b'_' | b'+' | b'=', ..] => false,
        [byte, ..] => !goes_on(byte) && !last.is_some_and(|last| last.holds(*byte)),
    }
}

/// Whether the range lies in the middle of a long run of base64, such as an image.
fn is_in_file(bytes: &[u8], range: &Range<usize>) -> bool {
    let holds = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let before = bytes.get(..range.start).unwrap_or_default();
    let behind = bytes.get(range.end..).unwrap_or_default();
    let around = before.iter().rev().take(MOST_AROUND + 1).take_while(holds).count()
        + behind.iter().take(MOST_AROUND + 1).take_while(holds).count();
    around > MOST_AROUND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(line: &'static str, text: &str) -> bool {
        Form::read(line).unwrap().at(text.as_bytes(), 0).is_some()
    }

    #[test]
    fn what_is_not_in_the_notation_is_refused() {
        for line in [
            "",
            "id",
            "id 5 hex",
            "id \"a\" 5",
            "id \"\" 5 hex",
            "id \"a\" 5 moon",
            "id \"a\" 9-5 hex",
            "id \"a\" x hex",
            "id 1-5 hex \"a\"",
        ] {
            assert!(Form::read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn length_alphabet_and_case_are_those_of_the_form() {
        for text in ["k_12ab", "k_12abc", "k_12abcdef", "k_12abg", "k_12aBcd", "K_12abcd", "k_1111"]
        {
            assert!(!finds("k \"k_\" 6 hex  bits 1", text), "{text}");
        }
        assert!(finds("k \"k_\" 6 hex", "k_12abcd"));
        assert!(finds("k \"k_\" 6 hex", "k_12ABCD."));
        assert!(finds("k \"k_\" 6 anyhex", "k_12aBcd"));
        assert!(!finds("k \"k_\" 2-4 digit", "k_12345"));
        assert!(finds("k \"k_\" 2-4 digit", "k_123, "));
        assert!(finds("k \"|\" 2 digit", "|12"));
        assert!(finds("k \"k_\" 2+ digit \"-\" 1 letter+!", "k_1234567-!"));
    }

    #[test]
    fn words_are_not_mixed() {
        let line = "k near k 10 alnum mixed";
        assert!(!finds(line, "wrestlings"));
        assert!(!finds(line, "WRESTLINGS"));
        assert!(finds(line, "wrestLings"));
        assert!(finds(line, "wrestling5"));
    }

    #[test]
    fn what_goes_on_is_something_else() {
        for text in ["k_1234x", "k_1234.png", "k_1234-5", "k_1234=", "k_1234_"] {
            assert!(!finds("k \"k_\" 4 digit", text), "{text}");
            assert!(finds("k \"k_\" 4 digit inside", text), "{text}");
        }
        for text in ["k_1234.", "k_1234)", "k_1234\\n", "k_1234/"] {
            assert!(finds("k \"k_\" 4 digit", text), "{text}");
        }
    }

    #[test]
    fn the_anchor_may_stand_behind_runs_of_one_length() {
        let form = Form::read("k 3 hex 1 digit \"Q~|R~\" 2 hex").unwrap();
        assert_eq!(form.anchor(), Some((&["Q~", "R~"][..], 4)));
        assert_eq!(form.at(b"(abc1R~99)", 1), Some(1..9));
    }
}
