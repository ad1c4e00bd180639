//! Reading tables so that every mistake in them is reported, not only the first.
//!
//! serde stops at the first mistake. Here the offending entry is noted, taken out, and the rest is
//! read again, until nothing is wrong: what is left is read as if the mistakes were not there.

use std::marker::PhantomData;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, SeqAccess, Visitor};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Build;
use super::diagnostic::{Code, Diagnostic, Label};
use super::value::{PLACED, Value};

/// A value and where it stands in the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Byte offsets into the policy.
    pub range: Range<usize>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    // Once for each `T`, wherever it stands.
    #[inline(never)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Placed<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
            type Value = At<T>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a value and its place")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<At<T>, A::Error> {
                let missing = |at| A::Error::invalid_length(at, &"a value and its place");
                let start = parts.next_element()?.ok_or_else(|| missing(0))?;
                let end = parts.next_element()?.ok_or_else(|| missing(1))?;
                let value = parts.next_element()?.ok_or_else(|| missing(2))?;
                Ok(At { value, range: start..end })
            }
        }

        deserializer.deserialize_newtype_struct(PLACED, Placed(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}

/// One string, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneOrMany(pub Vec<At<String>>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Strings;

        impl<'de> Visitor<'de> for Strings {
            type Value = OneOrMany;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, one: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![At { value: one.to_owned(), range: 0..0 }]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = list.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }

        deserializer.deserialize_any(Strings)
    }
}

impl At<OneOrMany> {
    /// The strings, each with its place.
    pub(crate) fn placed(self) -> Vec<At<String>> {
        let outer = self.range;
        let place = |mut one: At<String>| {
            if one.range.is_empty() {
                one.range = outer.clone();
            }
            one
        };
        self.value.0.into_iter().map(place).collect()
    }
}

impl JsonSchema for OneOrMany {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OneOrMany".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } }
            ]
        })
    }
}

/// A rule's `options`, not read yet: only its detector knows what may be in it.
#[derive(Clone)]
pub struct Options<'i> {
    pub(crate) table: Option<Spanned<DeTable<'i>>>,
}

impl Options<'_> {
    /// Reads them as the detector wants them. `None` when a required one is missing; mistakes are
    /// reported to `build`.
    pub(crate) fn read<T: DeserializeOwned>(self, build: &mut Build<'_>) -> Option<T> {
        // Without a table, an empty one is read, so that what is required is named.
        let table = self.table.unwrap_or_else(|| Spanned::new(build.place.clone(), DeTable::new()));
        let before = build.diagnostics.len();
        let options = read(table, build.diagnostics);
        build.incomplete = build.diagnostics.len() > before;
        options.value
    }
}

/// What was read, and what was not.
pub(crate) struct Table<T> {
    /// The table as if its mistakes were not there; `None` when a required key is missing.
    pub(crate) value: Option<T>,
    /// The keys whose values were refused and reported: they are not missing.
    pub(crate) refused: Vec<String>,
}

/// Reads a table as a `T`, reporting everything that is wrong with it.
pub(crate) fn read<T: DeserializeOwned>(
    table: Spanned<DeTable<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Table<T> {
    let place = table.span();
    let mut table = DeValue::Table(table.into_inner());
    let mut refused: Vec<String> = Vec::new();
    loop {
        let refusal = match T::deserialize(Value { value: &table, range: place.clone() }) {
            Ok(read) => return Table { value: Some(read), refused },
            Err(refusal) => refusal,
        };
        let at = refusal.range.unwrap_or_else(|| place.clone());
        if let Some(missing) = missing(&refusal.message) {
            if !refused.iter().any(|key| key == missing) {
                diagnostics.push(missing_key(missing, at));
            }
            return Table { value: None, refused };
        }
        let key = match &mut table {
            DeValue::Table(table) => take_out(table, &at),
            _ => None,
        };
        diagnostics.push(mistake(&refusal.message, at));
        match key {
            Some(key) => refused.push(key),
            None => return Table { value: None, refused },
        }
    }
}

/// Removes the innermost entry or element that holds `at`; says the key of the outermost.
fn take_out(table: &mut DeTable<'_>, at: &Range<usize>) -> Option<String> {
    let holds = |range: Range<usize>| range.start <= at.start && at.end <= range.end;
    let key = table
        .iter()
        .find(|(key, value)| holds(key.span()) || holds(value.span()))
        .map(|(key, _)| key.clone())?;
    let name = key.get_ref().to_string();
    let inside = table.get_mut(&key).filter(|value| !holds(key.span()) && value.span() != *at);
    let removed = match inside.map(Spanned::get_mut) {
        Some(DeValue::Table(inner)) => take_out(inner, at).is_some(),
        Some(DeValue::Array(inner)) => {
            let before = inner.len();
            let elements = std::mem::replace(inner, DeArray::new()).into_iter();
            *inner = elements.filter(|element| !holds(element.span())).collect();
            // A list of which nothing is left goes as a whole: it is not the one that is empty.
            inner.len() < before && !inner.is_empty()
        }
        _ => false,
    };
    if !removed {
        table.remove(&key);
    }
    Some(name)
}

/// The key that is missing, if that is what the message says.
fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

#[cold]
pub(crate) fn missing_key(key: &str, range: Range<usize>) -> Diagnostic {
    Diagnostic {
        code: Code::MissingKey,
        message: format!("`{key}` is missing"),
        labels: vec![Label { range, text: String::new() }],
        help: Some(format!("add `{key} = …`")),
    }
}

/// A mistake that serde found, in our words.
#[cold]
fn mistake(message: &str, range: Range<usize>) -> Diagnostic {
    let message = message.trim();
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (code, text, help) = match names.as_slice() {
        [name, known @ ..] if message.starts_with("unknown field") => {
            (Code::UnknownKey, format!("`{name}` is not a key here"), Some(known_keys(name, known)))
        }
        [name, known @ ..] if message.starts_with("unknown variant") => (
            Code::InvalidOption,
            format!("`{name}` is not one of the values here"),
            instead(name, known),
        ),
        [number] if message.starts_with("invalid value: integer") => {
            let (text, help) = out_of_range(number, message);
            (Code::InvalidOption, text, Some(help))
        }
        _ => {
            let (text, help) =
                wrong_type(message).unwrap_or_else(|| (message.to_lowercase(), None));
            (Code::WrongType, text, help)
        }
    };
    Diagnostic { code, message: text, labels: vec![Label { range, text: String::new() }], help }
}

/// Which keys there are besides the one that is none.
fn known_keys(name: &str, known: &[&str]) -> String {
    // What a rule may be taken to have.
    const OPTIONS: &str = "what its detector takes stands in `options = { … }`";
    if !known.contains(&"detect") {
        return instead(name, known).unwrap_or_else(|| "there are none; delete it".to_owned());
    }
    match name {
        "confidence" => "did you mean `threshold`?".to_owned(),
        _ => instead(name, known).map_or_else(String::new, |help| format!("{help}; ")) + OPTIONS,
    }
}

/// A value of one kind where another is wanted, and how that is written.
fn wrong_type(message: &str) -> Option<(String, Option<String>)> {
    let (found, wanted) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let found = match found.split([' ', ',']).next()? {
        "string" => "a string",
        "integer" => "a whole number",
        "floating" => "a number with a fraction",
        "boolean" => "`true` or `false`",
        "sequence" => "a list",
        "map" => "a table",
        _ => "a date",
    };
    let (wanted, help) = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" | "a whole number" => {
            ("a whole number", Some("write digits alone, without quotes or a fraction"))
        }
        "a boolean" => ("`true` or `false`", Some("write it without quotes")),
        "a string" => ("a string", Some("write it in quotes")),
        "a sequence" => ("a list", Some("write it in brackets: `[\"one\", \"other\"]`")),
        "a map" => ("a table", Some(TABLE)),
        other if other.starts_with("struct ") => ("a table", Some(TABLE)),
        other => (other, None),
    };
    Some((format!("this is {found}, not {wanted}"), help.map(str::to_owned)))
}

/// How a table is written.
const TABLE: &str = "write it in braces: `{ key = \"value\" }`";

/// What is wrong with a whole number that does not fit, and what to write instead.
fn out_of_range(number: &str, message: &str) -> (String, String) {
    let help = match message.rsplit(' ').next() {
        _ if number.starts_with('-') => "write a whole number that is not below 0",
        Some("u8") => "write a whole number of at most 255",
        _ => "write a smaller whole number",
    };
    (format!("`{number}` is out of range here"), help.to_owned())
}

/// So many names are told; more help nobody.
const MOST_TOLD: usize = 20;

/// So many of them are proposed where several have the name in them.
const MOST_PROPOSED: usize = 3;

/// What to write instead of `name`, of what is known: the nearest, those that have a part of that
/// name, or all of it, if it is not too much.
#[cold]
pub fn instead(name: &str, known: &[&str]) -> Option<String> {
    let quoted = |names: &[&str]| names.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>();
    let nearest = known
        .iter()
        .map(|known| (distance(name, known), known))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4);
    if let Some((_, nearest)) = nearest {
        return Some(format!("did you mean `{nearest}`?"));
    }
    // `emails` for `email-address`, `card` for `payment-card`.
    let stem = name.trim_end_matches('s').to_lowercase();
    let has_part = |known: &&str| known.split('-').any(|part| part.trim_end_matches('s') == stem);
    let alike: Vec<&str> = known.iter().copied().filter(has_part).collect();
    if (1..=MOST_PROPOSED).contains(&alike.len()) {
        return Some(format!("did you mean {}?", quoted(&alike).join(" or ")));
    }
    let tells = (1..=MOST_TOLD).contains(&known.len());
    tells.then(|| format!("write one of {}", quoted(known).join(", ")))
}

/// Levenshtein's distance of the first 64 characters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, left) in one.chars().take(64).enumerate() {
        let mut diagonal = above;
        let mut last = above + 1;
        let mut next = vec![last];
        for (right, up) in other.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(left != *right);
            last = changed.min(last + 1).min(up + 1);
            diagonal = *up;
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn the_nearest_name_is_proposed() {
        assert_eq!(
            instead("paymant-card", &["iban", "payment-card"]).unwrap(),
            "did you mean `payment-card`?"
        );
        assert_eq!(instead("zzz", &["a", "b"]).unwrap(), "write one of `a`, `b`");
        let many: Vec<String> = (0..30).map(|number| format!("of-many-{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(instead("zzz", &many), None);
        assert_eq!(instead("many", &many), None, "too many have it");
    }

    #[test]
    fn names_that_have_a_part_of_the_name_are_proposed() {
        let known = ["email-address", "invite-link", "ip-address", "link", "payment-card"];
        let proposed = |name: &str| instead(name, &known).unwrap();
        assert_eq!(proposed("emails"), "did you mean `email-address`?");
        assert_eq!(proposed("Card"), "did you mean `payment-card`?");
        assert_eq!(proposed("address"), "did you mean `email-address` or `ip-address`?");
    }
}
