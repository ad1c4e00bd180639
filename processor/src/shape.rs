//! The shape of a raw event: names and JSON types, no values.
//!
//! What the documentation leaves open (does `MessageAttributes` arrive, are timestamps numbers)
//! can so be read from a log that holds nothing a member wrote.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::event::text_of;

/// Objects deeper than this are only called objects.
const DEEPEST: usize = 6;
/// Members whose names and values are written by clients.
const CLIENTS_OWN: &[&str] = &["Content", "Metadata"];
/// Members whose own members are named by clients.
const NAMED_BY_CLIENTS: &[&str] = &["MessageAttributes"];

/// The shape of a payload: each value becomes the name of its type.
///
/// A string is a string, whatever it holds: JSON inside `Metadata` is not looked into. Names that
/// are not in the service's style (`PascalCase`) may be a client's: they become `*`, and what they name is not looked into.
pub fn of(payload: &[u8]) -> Value {
    let text = text_of(payload);
    serde_json::from_str::<&RawValue>(&text)
        .map_or_else(|_| Value::from("not JSON"), |raw| shape(raw, DEEPEST))
}

fn shape(raw: &RawValue, depth: usize) -> Value {
    let json = raw.get();
    let kind = match json.bytes().next() {
        Some(b'{') if depth > 0 => return object(json, depth),
        Some(b'[') if depth > 0 => return array(json, depth),
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    };
    kind.into()
}

fn object(json: &str, depth: usize) -> Value {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    let mut shapes = Map::new();
    for (name, raw) in members {
        let shape = match name.as_str() {
            own if CLIENTS_OWN.contains(&own) => shape(raw, 0),
            by_clients if NAMED_BY_CLIENTS.contains(&by_clients) => attributes(raw, depth - 1),
            name if is_the_services(name) => shape(raw, depth - 1),
            _ => {
                shapes.insert("*".to_owned(), shape(raw, 0));
                continue;
            }
        };
        shapes.insert(name, shape);
    }
    Value::Object(shapes)
}

fn attributes(raw: &RawValue, depth: usize) -> Value {
    let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get()) else {
        return shape(raw, 0);
    };
    let mut shapes = Map::new();
    for raw in members.into_values() {
        shapes.insert("*".to_owned(), shape(raw, depth));
    }
    Value::Object(shapes)
}

/// The kinds of an array's items, each once.
fn array(json: &str, depth: usize) -> Value {
    let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
    let mut kinds: Vec<Value> = Vec::new();
    for item in items {
        let kind = shape(item, depth - 1);
        if kinds.len() < 8 && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Value::Array(kinds)
}

fn is_the_services(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_has_names_and_types_and_no_value() {
        let event = json!({
            "EventType": "CHANNEL_MESSAGE_EVENT",
            "ChannelMessage": {
                "Content": "canary",
                "Metadata": "{\"canary\": 1}",
                "CreatedTimestamp": 1_786_701_600.5,
                "PushNotification": null,
                "MessageAttributes": {
                    "canary": {"StringValues": ["canary", "canary"]},
                    "Canary": {"StringValues": [1]},
                },
                "New": {"Flag": true, "canary": {"Canary": "canary"}},
            },
        });
        let shape = of(event.to_string().as_bytes());
        assert_eq!(
            shape,
            json!({
                "EventType": "string",
                "ChannelMessage": {
                    "Content": "string",
                    "Metadata": "string",
                    "CreatedTimestamp": "number",
                    "PushNotification": "null",
                    "MessageAttributes": {"*": {"StringValues": ["string"]}},
                    "New": {"Flag": "boolean", "*": "object"},
                },
            })
        );
    }

    #[test]
    fn metadata_that_is_an_object_is_not_looked_into() {
        let shape = of(br#"{"ChannelMessage":{"Metadata":{"Canary":1},"Content":["Canary"]}}"#);
        assert_eq!(shape, json!({"ChannelMessage": {"Metadata": "object", "Content": "array"}}));
    }

    #[test]
    fn what_is_not_json_has_no_shape() {
        assert_eq!(of(b"canary"), json!("not JSON"));
        assert_eq!(of(b"\xff"), json!("not JSON"));
    }

    #[test]
    fn it_does_not_go_down_forever() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(of(deep.as_bytes()).to_string(), r#"[[[[[["array"]]]]]]"#);
    }
}
