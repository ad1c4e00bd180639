//! What serde reads a policy's values from: by reference, so that the rest can be read again without
//! what was refused, and with little code, because every kind of options has its own reading of it.

use std::ops::Range;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The name under which a value asks for its place too: it is visited as a sequence of where it
/// begins, where it ends, and itself.
pub(super) const PLACED: &str = "$placed";

/// Why a value was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// In serde's words.
    pub(super) message: String,
    /// Byte offsets into the policy.
    pub(super) range: Option<Range<usize>>,
}

impl Refusal {
    /// The innermost place is the one that counts.
    #[cold]
    fn within(mut self, range: Range<usize>) -> Self {
        self.range.get_or_insert(range);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Error for Refusal {
    #[cold]
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), range: None }
    }
}

/// Whole numbers of any size are read as one kind.
macro_rules! whole_numbers {
    ($($function:ident)*) => {$(
        fn $function<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
            self.deserialize_i64(visitor)
        }
    )*};
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Value<'a> {
    pub(super) value: &'a DeValue<'a>,
    pub(super) range: Range<usize>,
}

impl<'a> From<&'a Spanned<DeValue<'a>>> for Value<'a> {
    fn from(spanned: &'a Spanned<DeValue<'a>>) -> Self {
        Self { value: spanned.get_ref(), range: spanned.span() }
    }
}

impl Value<'_> {
    fn integer(&self) -> Result<i64, Refusal> {
        match self.value {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .map_err(|_too_long| Refusal::custom("the number is too large")),
            _ => Err(self.wrong(&"a whole number")),
        }
    }

    /// What is said where another kind of value is wanted.
    #[cold]
    fn wrong(&self, wanted: &dyn Expected) -> Refusal {
        let unexpected = match self.value {
            DeValue::String(text) => Unexpected::Str(text),
            DeValue::Integer(_) => match self.integer() {
                Ok(integer) => Unexpected::Signed(integer),
                Err(too_large) => return too_large,
            },
            DeValue::Float(float) => Unexpected::Float(float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(yes) => Unexpected::Bool(*yes),
            DeValue::Datetime(_) => Unexpected::Other("date"),
            DeValue::Array(_) => Unexpected::Seq,
            DeValue::Table(_) => Unexpected::Map,
        };
        Refusal::invalid_type(unexpected, wanted)
    }

    /// What was read, or why not and where.
    fn placed<T>(&self, read: Result<T, Refusal>) -> Result<T, Refusal> {
        read.map_err(|refusal| refusal.within(self.range.clone()))
    }
}

// Each kind of value is read by a function of its own, which is there once for each type that is
// read so: what a type can never be given needs no code.
impl<'a> Deserializer<'a> for Value<'a> {
    type Error = Refusal;

    #[inline(never)]
    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            DeValue::String(_) => self.deserialize_str(visitor),
            DeValue::Integer(_) => self.deserialize_i64(visitor),
            DeValue::Boolean(_) => self.deserialize_bool(visitor),
            DeValue::Array(_) => self.deserialize_seq(visitor),
            DeValue::Table(_) => self.deserialize_map(visitor),
            DeValue::Float(float) => self.placed(match float.as_str().parse() {
                Ok(float) => visitor.visit_f64(float),
                Err(_) => Err(self.wrong(&visitor)),
            }),
            DeValue::Datetime(_) => self.placed(Err(self.wrong(&visitor))),
        }
    }

    #[inline(never)]
    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.wrong(&visitor)),
        })
    }

    #[inline(never)]
    fn deserialize_i64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::Integer(_) => self.integer().and_then(|integer| visitor.visit_i64(integer)),
            _ => Err(self.wrong(&visitor)),
        })
    }

    #[inline(never)]
    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::Boolean(yes) => visitor.visit_bool(*yes),
            _ => Err(self.wrong(&visitor)),
        })
    }

    #[inline(never)]
    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::Array(elements) => visitor.visit_seq(Elements(elements.iter())),
            _ => Err(self.wrong(&visitor)),
        })
    }

    #[inline(never)]
    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::Table(table) => visitor.visit_map(Entries::of(table)),
            _ => Err(self.wrong(&visitor)),
        })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_map(visitor)
    }

    #[inline(never)]
    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.placed(match self.value {
            DeValue::String(text) => visitor.visit_enum(text.as_ref().into_deserializer()),
            _ => Err(self.wrong(&"a string")),
        })
    }

    /// What is there is something; what is not there is never asked for.
    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        if name == PLACED {
            visitor.visit_seq(Placed { value: self, given: 0 })
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        i128 u128 f32 f64 bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// See [`PLACED`].
struct Placed<'a> {
    value: Value<'a>,
    given: u8,
}

impl<'a> SeqAccess<'a> for Placed<'a> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refusal> {
        self.given = self.given.saturating_add(1);
        let range = &self.value.range;
        match self.given {
            1 => seed.deserialize(range.start.into_deserializer()).map(Some),
            2 => seed.deserialize(range.end.into_deserializer()).map(Some),
            3 => seed.deserialize(self.value.clone()).map(Some),
            _ => Ok(None),
        }
    }
}

/// What is left of an array.
struct Elements<'a>(std::slice::Iter<'a, Spanned<DeValue<'a>>>);

impl<'a> SeqAccess<'a> for Elements<'a> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refusal> {
        self.0.next().map(|element| seed.deserialize(Value::from(element))).transpose()
    }
}

/// What is left of a table.
struct Entries<'a> {
    left: toml::map::Iter<'a, Spanned<DeString<'a>>, Spanned<DeValue<'a>>>,
    value: Option<&'a Spanned<DeValue<'a>>>,
}

impl<'a> Entries<'a> {
    fn of(table: &'a DeTable<'a>) -> Self {
        Self { left: table.iter(), value: None }
    }
}

impl<'a> MapAccess<'a> for Entries<'a> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refusal> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        let name = BorrowedStrDeserializer::new(key.get_ref());
        seed.deserialize(name).map(Some).map_err(|refusal: Refusal| refusal.within(key.span()))
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        match self.value.take() {
            Some(value) => seed.deserialize(Value::from(value)),
            None => Err(Refusal::custom("a value without a key")),
        }
    }
}
