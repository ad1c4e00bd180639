//! Our facts about providers' keys, in the notation at the top of `providers.txt`, as regular
//! expressions and as samples.

use std::fmt::Write as _;

/// More repetitions than this are written without an upper bound: what is found stays the same but
/// for its end.
const MOST_REPETITIONS: usize = 150;
/// What may stand between a name and the value that is given to it.
const GIVEN: &str = r#"[\w .\t-]{0,32}[\s=:>,|?"'`\\]{1,16}"#;
/// What the word of a secret may stand in, and what is then given to it.
const NAMED: &str = r"(?i:access|api|auth|cred|creds|credential|credentials|key|keys|passwd|password|pwd|secret|secrets|token|tokens)";

/// A line of the table.
struct Form<'a> {
    near: Option<&'a str>,
    named: Option<&'a str>,
    segments: Vec<Segment<'a>>,
    inside: bool,
}

enum Segment<'a> {
    Literal(Vec<&'a str>),
    Run { least: usize, most: Option<usize>, alphabet: String },
    Uuid,
}

/// An expression for each line, and one for values that only their names give away.
pub fn expressions(table: &str) -> Result<Vec<String>, String> {
    let mut all = vec![format!("{NAMED}{GIVEN}[A-Za-z0-9_.+/~=-]{{10,150}}")];
    for line in lines(table) {
        all.push(Form::read(line)?.expression());
    }
    Ok(all)
}

/// A secret of each line's form, given to a name where it needs one.
pub fn samples(table: &str) -> Result<Vec<String>, String> {
    let mut random = fastrand::Rng::with_seed(7);
    lines(table).map(|line| Ok(Form::read(line)?.sample(&mut random))).collect()
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl<'a> Form<'a> {
    fn read(line: &'a str) -> Result<Self, String> {
        let wrong = || format!("not in the notation: {line}");
        let mut form = Self { near: None, named: None, segments: Vec::new(), inside: false };
        let mut tokens = line.split_ascii_whitespace().skip(1);
        while let Some(token) = tokens.next() {
            match token {
                "near" => form.near = Some(tokens.next().ok_or_else(wrong)?),
                "named" => form.named = Some(tokens.next().ok_or_else(wrong)?),
                // A regular expression cannot ask for them.
                "bits" => drop(tokens.next()),
                "digit" | "mixed" => {}
                "inside" => form.inside = true,
                "uuid" => form.segments.push(Segment::Uuid),
                token => {
                    let literal = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    form.segments.push(match literal {
                        Some("|") => Segment::Literal(vec!["|"]),
                        Some(literal) => Segment::Literal(literal.split('|').collect()),
                        None => {
                            let alphabet = tokens.next().ok_or_else(wrong)?;
                            Segment::run(token, alphabet).ok_or_else(wrong)?
                        }
                    });
                }
            }
        }
        if form.segments.is_empty() { Err(wrong()) } else { Ok(form) }
    }

    fn expression(&self) -> String {
        let form: String = self.segments.iter().map(Segment::expression).collect();
        match (self.near, self.named) {
            (Some(near), Some(named)) => {
                format!(r"(?i:{near})[\w .\t-]{{0,16}}(?i:{named}){GIVEN}{form}(?:[^A-Za-z0-9]|$)")
            }
            (Some(near), None) => format!("(?i:{near}){GIVEN}{form}(?:[^A-Za-z0-9]|$)"),
            (None, _) if self.inside => form,
            (None, _) => format!("(?:^|[^A-Za-z0-9_+]){form}(?:[^A-Za-z0-9]|$)"),
        }
    }

    fn sample(&self, random: &mut fastrand::Rng) -> String {
        let first = |words: Option<&'a str>| words.and_then(|words| words.split('|').next());
        // Nearly all keys hold digits, and so do those that are asked for here.
        let mut made =
            || self.segments.iter().map(|one| one.sample(random)).collect::<Vec<_>>().concat();
        let mut secret = made();
        for _ in 0..20 {
            if secret.contains(|one: char| one.is_ascii_digit()) {
                break;
            }
            secret = made();
        }
        match (first(self.near), first(self.named)) {
            (Some(near), Some(named)) => format!("{near}_{named} = \"{secret}\""),
            (Some(near), None) => format!("{near}_value = \"{secret}\""),
            (None, _) => format!("here: {secret} "),
        }
    }
}

impl<'a> Segment<'a> {
    fn run(count: &str, alphabet: &str) -> Option<Self> {
        let (least, most) = match (count.split_once('-'), count.strip_suffix('+')) {
            (Some((least, most)), _) => (least.parse().ok()?, Some(most.parse().ok()?)),
            (None, Some(least)) => (least.parse().ok()?, None),
            (None, None) => (count.parse().ok()?, Some(count.parse().ok()?)),
        };
        let most = most.filter(|most| *most == least || *most <= MOST_REPETITIONS);
        Some(Self::Run { least, most, alphabet: characters(alphabet)? })
    }

    fn expression(&self) -> String {
        match self {
            Self::Literal(literals) => {
                let literals: Vec<_> = literals.iter().map(|one| regex::escape(one)).collect();
                format!("(?:{})", literals.join("|"))
            }
            Self::Run { least, most, alphabet } => {
                let mut class = String::new();
                for character in alphabet.chars() {
                    let _written = write!(class, "\\x{:02x}", u32::from(character));
                }
                let most = most.map_or_else(String::new, |most| most.to_string());
                format!("[{class}]{{{least},{most}}}")
            }
            Self::Uuid => "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned(),
        }
    }

    fn sample(&self, random: &mut fastrand::Rng) -> String {
        let mut pick = |alphabet: &str, count: usize| -> String {
            let alphabet: Vec<char> = alphabet.chars().collect();
            (0..count).filter_map(|_| random.choice(&alphabet).copied()).collect()
        };
        match self {
            Self::Literal(literals) => literals.first().copied().unwrap_or_default().to_owned(),
            Self::Run { least, most, alphabet } => {
                let count = most.unwrap_or(usize::MAX).min((*least).max(8)).max(*least);
                let plain: String = alphabet.chars().filter(char::is_ascii_alphanumeric).collect();
                // Digits of hexadecimal numbers are of one case.
                let hex = plain.eq_ignore_ascii_case("0123456789ABCDEFabcdef");
                let plain = if hex { "0123456789abcdef" } else { &plain };
                pick(if plain.is_empty() { alphabet } else { plain }, count)
            }
            Self::Uuid => {
                let parts = [8, 4, 4, 4, 12].map(|count| pick("0123456789abcdef", count));
                parts.join("-")
            }
        }
    }
}

/// The characters of an alphabet of the notation.
fn characters(alphabet: &str) -> Option<String> {
    let (name, more) = alphabet.split_once('+').unwrap_or((alphabet, ""));
    let holds: fn(char) -> bool = match name {
        "digit" => |one| one.is_ascii_digit(),
        "letter" => |one| one.is_ascii_alphabetic(),
        "lower" => |one| one.is_ascii_lowercase() || one.is_ascii_digit(),
        "upper" => |one| one.is_ascii_uppercase() || one.is_ascii_digit(),
        "alnum" => |one| one.is_ascii_alphanumeric(),
        "hex" | "anyhex" => |one| one.is_ascii_hexdigit(),
        "hexh" => |one| matches!(one, 'a'..='h' | '0'..='9'),
        "base32" => |one| matches!(one, 'A'..='Z' | '2'..='7'),
        "base64" => |one| one.is_ascii_alphanumeric() || matches!(one, '+' | '/'),
        "bech32" => |one| "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".contains(one),
        "word" => |one| one.is_ascii_alphanumeric() || one == '_',
        "graph" => |one| one.is_ascii_graphic() && !"\"'`<>".contains(one),
        "pad" => |one| one == '=',
        _ => return None,
    };
    Some((0..128_u8).map(char::from).filter(|one| holds(*one) || more.contains(*one)).collect())
}
