//! A call as it came in, and the reading of its fields.
//!
//! Errors name the field and the limit it broke, never its value: what a caller wrote may be private.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::wire::Fault;

/// The most items a list answers with, and its default (`MaxResults` in both models).
const PAGE: usize = 50;

/// A call, decoded.
pub(crate) struct Call {
    path: Vec<String>,
    query: BTreeMap<String, String>,
    bearer: Option<String>,
    body: Map<String, Value>,
}

impl Call {
    /// Decodes a call. The path arrives still percent-encoded, because an ARN, slashes and all, is one
    /// segment of it.
    pub(crate) fn read(
        raw_path: &str,
        raw_query: &str,
        bearer: Option<&str>,
        body: &[u8],
    ) -> Result<Self, Fault> {
        let decode = |text: &str| {
            percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(
                |_error| Fault::bad_request("the address is not UTF-8 once percent-decoded"),
            )
        };
        let path = raw_path.trim_matches('/').split('/').map(decode).collect::<Result<_, _>>()?;
        let mut query = BTreeMap::new();
        for pair in raw_query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.insert(decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?);
        }
        let body = if body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(body)
                .map_err(|_error| Fault::bad_request("the body is not a JSON object"))?
        };
        Ok(Self { path, query, bearer: bearer.map(str::to_owned), body })
    }

    /// The decoded path, segment by segment.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The `index`th segment of the path; the router has made sure that it is there.
    pub(crate) fn segment(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    /// What tells operations on the same path apart.
    pub(crate) fn variant(&self) -> Option<&str> {
        self.query("operation").or_else(|| self.query("scope"))
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(crate) fn required_query(&self, name: &str) -> Result<&str, Fault> {
        self.query(name)
            .ok_or_else(|| Fault::bad_request(format!("the query parameter `{name}` is missing")))
    }

    /// The user or bot on whose behalf the call is made.
    pub(crate) fn bearer(&self) -> Result<&str, Fault> {
        self.bearer
            .as_deref()
            .filter(|bearer| !bearer.is_empty())
            .ok_or_else(|| Fault::bad_request("the header `x-amz-chime-bearer` is missing"))
    }

    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields { object: &self.body, within: String::new() }
    }

    /// Which page of a list the call asks for.
    pub(crate) fn page(&self) -> Result<Page<'_>, Fault> {
        let size = match self.query("max-results") {
            None => PAGE,
            Some(text) => {
                text.parse().ok().filter(|size| (1..=PAGE).contains(size)).ok_or_else(|| {
                    Fault::bad_request(format!("`MaxResults` must be a number from 1 to {PAGE}"))
                })?
            }
        };
        Ok(Page { after: self.query("next-token").filter(|token| !token.is_empty()), size })
    }
}

/// One page of a list: up to `size` items whose key comes after `after`.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) after: Option<&'a str>,
    pub(crate) size: usize,
}

impl Page<'_> {
    /// Takes this page's items from `items`, which begin after `self.after`. The second part is the
    /// token of the next page: the key of the last item of this one, if more follow.
    pub(crate) fn take<T>(
        self,
        items: impl Iterator<Item = (String, T)>,
    ) -> (Vec<T>, Option<String>) {
        let mut taken = Vec::new();
        let mut last = None;
        for (key, item) in items {
            if taken.len() == self.size {
                return (taken, last);
            }
            taken.push(item);
            last = Some(key);
        }
        (taken, None)
    }
}

/// How long a text may be, and what is counted.
#[derive(Clone, Copy)]
pub(crate) struct Length {
    min: usize,
    max: usize,
    unit: Unit,
}

#[derive(Clone, Copy)]
enum Unit {
    Bytes,
    Characters,
}

impl Length {
    /// Whether the service counts a message's bytes or characters is not known: bytes are stricter.
    pub(crate) const fn bytes(min: usize, max: usize) -> Self {
        Self { min, max, unit: Unit::Bytes }
    }

    pub(crate) const fn characters(min: usize, max: usize) -> Self {
        Self { min, max, unit: Unit::Characters }
    }

    pub(crate) fn check(self, name: &str, text: &str) -> Result<(), Fault> {
        let (length, unit) = match self.unit {
            Unit::Bytes => (text.len(), "bytes"),
            Unit::Characters => (text.chars().count(), "characters"),
        };
        if (self.min..=self.max).contains(&length) {
            return Ok(());
        }
        let Self { min, max, .. } = self;
        Err(Fault::bad_request(format!(
            "`{name}` must have {min} to {max} {unit}, it has {length}"
        )))
    }
}

pub(crate) const ARN: Length = Length::characters(5, 1600);
pub(crate) const NAME: Length = Length::characters(1, 256);
pub(crate) const METADATA: Length = Length::bytes(0, 1024);

/// The members of a JSON object in a call's body. `null` counts as absent.
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    within: String,
}

impl<'a> Fields<'a> {
    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.within)
    }

    fn missing(&self, name: &str) -> Fault {
        Fault::bad_request(format!("`{}` is missing", self.name(name)))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn optional_text(
        &self,
        name: &str,
        length: Length,
    ) -> Result<Option<&'a str>, Fault> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value
            .as_str()
            .ok_or_else(|| Fault::bad_request(format!("`{}` must be a string", self.name(name))))?;
        length.check(&self.name(name), text)?;
        Ok(Some(text))
    }

    pub(crate) fn text(&self, name: &str, length: Length) -> Result<&'a str, Fault> {
        self.optional_text(name, length)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn arn(&self, name: &str) -> Result<&'a str, Fault> {
        let arn = self.text(name, ARN)?;
        if arn.starts_with("arn:") {
            return Ok(arn);
        }
        Err(Fault::bad_request(format!("`{}` must be an ARN", self.name(name))))
    }

    pub(crate) fn arns(&self, name: &str, most: usize) -> Result<Vec<&'a str>, Fault> {
        let Some(list) = self.list(name, 1, most)? else { return Ok(Vec::new()) };
        list.iter()
            .map(|item| item.as_str().filter(|arn| arn.starts_with("arn:")))
            .collect::<Option<_>>()
            .ok_or_else(|| {
                Fault::bad_request(format!("`{}` must be a list of ARNs", self.name(name)))
            })
    }

    pub(crate) fn list(
        &self,
        name: &str,
        min: usize,
        max: usize,
    ) -> Result<Option<&'a [Value]>, Fault> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let list =
            value.as_array().filter(|list| (min..=max).contains(&list.len())).ok_or_else(|| {
                Fault::bad_request(format!(
                    "`{}` must be a list of {min} to {max}",
                    self.name(name)
                ))
            })?;
        Ok(Some(list))
    }

    pub(crate) fn optional_choice(
        &self,
        name: &str,
        choices: &[&str],
    ) -> Result<Option<&'a str>, Fault> {
        let Some(text) = self.optional_text(name, Length::characters(0, 256))? else {
            return Ok(None);
        };
        if choices.contains(&text) {
            return Ok(Some(text));
        }
        Err(Fault::bad_request(format!(
            "`{}` must be one of {}",
            self.name(name),
            choices.join(", ")
        )))
    }

    pub(crate) fn choice(&self, name: &str, choices: &[&str]) -> Result<&'a str, Fault> {
        self.optional_choice(name, choices)?.ok_or_else(|| self.missing(name))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, Fault> {
        self.value(name).map_or(Ok(false), |value| {
            value.as_bool().ok_or_else(|| {
                Fault::bad_request(format!("`{}` must be a boolean", self.name(name)))
            })
        })
    }

    pub(crate) fn number(&self, name: &str, min: u64, max: u64) -> Result<u64, Fault> {
        self.value(name)
            .ok_or_else(|| self.missing(name))?
            .as_u64()
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| {
                Fault::bad_request(format!(
                    "`{}` must be a number from {min} to {max}",
                    self.name(name)
                ))
            })
    }

    /// The idempotency token that every create and send carries. The SDKs make one up where the caller does not.
    pub(crate) fn token(&self) -> Result<&'a str, Fault> {
        const NAME: &str = "ClientRequestToken";
        let token = self.text(NAME, Length::characters(2, 64))?;
        if token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Ok(token);
        }
        Err(Fault::bad_request(format!("`{NAME}` may have letters, digits, `-` and `_`")))
    }

    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<Fields<'a>>, Fault> {
        let Some(value) = self.value(name) else { return Ok(None) };
        Self::of(value, &self.name(name)).map(Some)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Fields<'a>, Fault> {
        self.optional_object(name)?.ok_or_else(|| self.missing(name))
    }

    /// The members of `value`, which errors call `name`.
    pub(crate) fn of(value: &'a Value, name: &str) -> Result<Self, Fault> {
        value
            .as_object()
            .map(|object| Fields { object, within: format!("{name}.") })
            .ok_or_else(|| Fault::bad_request(format!("`{name}` must be an object")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: &str) -> Call {
        Call::read("/channels", "", None, body.as_bytes()).unwrap()
    }

    #[test]
    fn refuses_bodies_that_are_no_object() {
        for body in ["[]", "1", "{", "\"\\ud800\""] {
            assert!(Call::read("/", "", None, body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn keeps_an_arn_in_one_segment() {
        let call = Call::read(
            "/channels/arn%3Aaws%3Achime%3A%2Fchannel%2Fc/messages",
            "scope=message-status",
            None,
            b"",
        )
        .unwrap();
        assert_eq!(call.segments(), ["channels", "arn:aws:chime:/channel/c", "messages"]);
        assert_eq!(call.variant(), Some("message-status"));
    }

    #[test]
    fn counts_bytes_where_bytes_are_meant() {
        let call = call(r#"{"Content": "ééé"}"#);
        assert!(call.fields().text("Content", Length::bytes(1, 5)).is_err());
        assert!(call.fields().text("Content", Length::bytes(1, 6)).is_ok());
        assert!(call.fields().text("Content", Length::characters(1, 3)).is_ok());
    }

    #[test]
    fn a_null_is_absent() {
        let call = call(r#"{"Metadata": null}"#);
        assert!(call.fields().optional_text("Metadata", METADATA).unwrap().is_none());
        assert!(call.fields().text("Metadata", METADATA).is_err());
    }

    #[test]
    fn the_last_page_has_no_token() {
        let items = || (1..=3).map(|n| (n.to_string(), n));
        let page = Page { after: None, size: 3 };
        assert_eq!(page.take(items()), (vec![1, 2, 3], None));
        let page = Page { after: None, size: 2 };
        assert_eq!(page.take(items()), (vec![1, 2], Some("2".into())));
    }
}
