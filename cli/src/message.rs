//! Messages as a line of JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rules::{Message, Persistence, Push, Sender, Text};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a line may hold besides its content, for `--help`.
pub(crate) const FORM: &str = "\
A message is a JSON object on one line. Only `content` is needed; `null` is the same as absent,
and other keys are not read:
  content      the text
  metadata     a string, or any JSON value: its text on the line is then the metadata
  push         {\"title\": \"…\", \"body\": \"…\"}
  attributes   {\"name\": [\"value\", …], …}
  sender       the ARN, or {\"arn\": \"…\", \"name\": \"…\"}
  channel      the ARN
  persistence  \"PERSISTENT\" or \"NON_PERSISTENT\"
  edited       true for an edit";

/// Why a line is not a message. Names keys and places, never what stands there: a broken line may
/// be a member's message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAMessage(String);

impl fmt::Display for NotAMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The keys of a line, each still to be read, so that a mistake can name its key.
#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    push: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sender: Option<&'a RawValue>,
    #[serde(borrow, default)]
    channel: Option<&'a RawValue>,
    #[serde(borrow, default)]
    persistence: Option<&'a RawValue>,
    #[serde(borrow, default)]
    edited: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct PushKeys<'a> {
    #[serde(borrow, default)]
    title: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct SenderKeys<'a> {
    #[serde(borrow, default)]
    arn: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
}

/// Reads a line, or any text that holds one message.
pub(crate) fn read(line: &[u8]) -> Result<Message, NotAMessage> {
    let line = std::str::from_utf8(line)
        .map_err(|error| NotAMessage(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let keys: Keys<'_> = object(line, "")?;
    let content = string(keys.content, "content")?
        .ok_or_else(|| NotAMessage("`content` is missing".to_owned()))?;
    let persistence = string(keys.persistence, "persistence")?
        .map(|text| match text.as_ref() {
            "PERSISTENT" => Ok(Persistence::Persistent),
            "NON_PERSISTENT" => Ok(Persistence::NonPersistent),
            _ => Err(NotAMessage(
                "`persistence` is neither \"PERSISTENT\" nor \"NON_PERSISTENT\"".to_owned(),
            )),
        })
        .transpose()?;
    Ok(Message {
        content: text(content),
        metadata: metadata(keys.metadata)?.map(text),
        push: keys.push.map(push).transpose()?,
        attributes: keys.attributes.map(attributes).transpose()?.unwrap_or_default(),
        sender: keys.sender.map(sender).transpose()?.unwrap_or_default(),
        channel: string(keys.channel, "channel")?.unwrap_or_default().into_owned(),
        persistence,
        edited: edited(keys.edited)?,
    })
}

fn text(text: Cow<'_, str>) -> Text {
    Text::from(text.into_owned())
}

/// What is not a string is taken as it is written on the line, so that offsets and the order of
/// keys are the sender's.
fn metadata(raw: Option<&RawValue>) -> Result<Option<Cow<'_, str>>, NotAMessage> {
    match raw {
        Some(raw) if !raw.get().starts_with('"') => Ok(Some(Cow::Borrowed(raw.get()))),
        _ => string(raw, "metadata"),
    }
}

fn push(raw: &RawValue) -> Result<Push, NotAMessage> {
    let keys: PushKeys<'_> = object(raw.get(), "`push` is ")?;
    Ok(Push {
        title: string(keys.title, "push.title")?.map(text),
        body: string(keys.body, "push.body")?.map(text),
    })
}

fn attributes(raw: &RawValue) -> Result<BTreeMap<Text, Vec<Text>>, NotAMessage> {
    let names: BTreeMap<String, &RawValue> = object(raw.get(), "`attributes` is ")?;
    let mut attributes = BTreeMap::new();
    for (name, raw) in names {
        let values = if raw.get().starts_with('[') {
            serde_json::from_str::<Vec<String>>(raw.get())
        } else {
            serde_json::from_str::<String>(raw.get()).map(|one| vec![one])
        };
        // The cause may quote the value.
        let Ok(values) = values else {
            return Err(NotAMessage(
                "a value in `attributes` is neither a string nor a list of strings".to_owned(),
            ));
        };
        attributes.insert(name.into(), values.into_iter().map(Text::from).collect());
    }
    Ok(attributes)
}

fn sender(raw: &RawValue) -> Result<Sender, NotAMessage> {
    if !raw.get().starts_with('{') {
        let arn = string(Some(raw), "sender")?.unwrap_or_default().into_owned();
        return Ok(Sender { arn, name: None });
    }
    let keys: SenderKeys<'_> = object(raw.get(), "`sender` is ")?;
    Ok(Sender {
        arn: string(keys.arn, "sender.arn")?.unwrap_or_default().into_owned(),
        name: string(keys.name, "sender.name")?.map(text),
    })
}

fn edited(raw: Option<&RawValue>) -> Result<bool, NotAMessage> {
    match raw.map(RawValue::get) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(NotAMessage(format!("`edited` is {}, not true or false", kind(other)))),
    }
}

/// `subject` begins the error: empty for the message as a whole, "`key` is " for a part of it.
fn object<'a, T: Deserialize<'a>>(json: &'a str, subject: &str) -> Result<T, NotAMessage> {
    // serde would take a list for an object with its keys left away.
    if !json.trim_start().starts_with('{') {
        let what = if json.trim().is_empty() { "empty" } else { "not a JSON object" };
        return Err(NotAMessage(format!("{subject}{what}")));
    }
    serde_json::from_str(json).map_err(|error| {
        // serde's own message may quote what stands there.
        NotAMessage(match error.classify() {
            serde_json::error::Category::Data => {
                format!("{subject}an object with a key twice, or one that is no text")
            }
            serde_json::error::Category::Eof => format!("{subject}cut off: the JSON goes on"),
            _ => format!("{subject}not JSON at column {}", error.column()),
        })
    })
}

fn string<'a>(raw: Option<&'a RawValue>, key: &str) -> Result<Option<Cow<'a, str>>, NotAMessage> {
    let Some(raw) = raw else { return Ok(None) };
    let json = raw.get();
    if !json.starts_with('"') {
        return Err(NotAMessage(format!("`{key}` is {}, not a string", kind(json))));
    }
    // Well-formed as JSON, so what is left to be wrong is a surrogate without its other half.
    serde_json::from_str::<String>(json).map(|text| Some(Cow::Owned(text))).map_err(|error| {
        NotAMessage(format!(
            "`{key}` is not a text: half of a surrogate pair at its column {}",
            error.column()
        ))
    })
}

/// What a JSON value is, by its first character.
fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(line: &str) -> String {
        read(line.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_line_needs_only_its_content() {
        assert_eq!(read(br#"{"content":"hi"}"#), Ok(Message::text("hi")));
        let nulls =
            br#"{"content":"hi","metadata":null,"push":null,"attributes":null,"sender":null,
            "channel":null,"persistence":null,"edited":null,"id":7}"#;
        assert_eq!(read(nulls), Ok(Message::text("hi")), "null is absent, other keys are not read");
    }

    #[test]
    fn a_line_may_hold_the_whole_message() {
        let line = r#"{"content":"c","metadata":{"b": 1,"a":1e400},"push":{"title":"t","body":null},
            "attributes":{"x":["1","2"],"y":"3"},"sender":{"arn":"arn:a","name":"A"},"channel":"arn:c",
            "persistence":"NON_PERSISTENT","edited":true}"#;
        let message = read(line.as_bytes()).unwrap();
        assert_eq!(message.metadata.as_deref(), Some(r#"{"b": 1,"a":1e400}"#));
        assert_eq!(message.push, Some(Push { title: Some("t".into()), body: None }));
        assert_eq!(message.attributes["x"], ["1".into(), "2".into()]);
        assert_eq!(message.attributes["y"], ["3".into()]);
        assert_eq!(message.sender, Sender { arn: "arn:a".into(), name: Some("A".into()) });
        assert_eq!(message.channel, "arn:c");
        assert_eq!(message.persistence, Some(Persistence::NonPersistent));
        assert!(message.edited);
        let plain = read(br#"{"content":"c","sender":"arn:b","metadata":"not json"}"#).unwrap();
        assert_eq!(plain.sender.arn, "arn:b");
        assert_eq!(plain.metadata.as_deref(), Some("not json"));
    }

    #[test]
    fn a_mistake_names_its_key() {
        for (line, expected) in [
            ("", "empty"),
            ("secret", "not a JSON object"),
            ("[1]", "not a JSON object"),
            ("{}", "`content` is missing"),
            (r#"{"content":null}"#, "`content` is missing"),
            (r#"{"content":7}"#, "`content` is a number, not a string"),
            (r#"{"content":"secret"#, "cut off: the JSON goes on"),
            (r#"{"content" "secret"}"#, "not JSON at column 12"),
            (r#"{"content":"a"} secret"#, "not JSON at column 17"),
            (
                r#"{"content":"a","content":"secret"}"#,
                "an object with a key twice, or one that is no text",
            ),
            (r#"{"content":"a","push":"secret"}"#, "`push` is not a JSON object"),
            (
                r#"{"content":"a","push":{"title":["secret"]}}"#,
                "`push.title` is a list, not a string",
            ),
            (r#"{"content":"a","edited":"secret"}"#, "`edited` is a string, not true or false"),
            (r#"{"content":"a","sender":false}"#, "`sender` is a boolean, not a string"),
            (
                r#"{"content":"a","attributes":{"x":["secret",1]}}"#,
                "a value in `attributes` is neither a string nor a list of strings",
            ),
            (
                r#"{"content":"a","persistence":"secret"}"#,
                "`persistence` is neither \"PERSISTENT\" nor \"NON_PERSISTENT\"",
            ),
        ] {
            assert_eq!(mistake(line), expected, "{line}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        for json in [r#""\ud83d""#, r#""\udca9""#, r#""\ud83dx""#, r#""\ud83d\ud83d""#] {
            let mistake = mistake(&format!("{{\"content\":{json}}}"));
            assert!(mistake.starts_with("`content` is not a text"), "{json}: {mistake}");
        }
        assert!(read(br#"{"content":"\ud83d\udca9"}"#).is_ok());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_a_mistake() {
        assert_eq!(read(b"{\"content\":\"\xff\"}").unwrap_err().0, "not UTF-8 at byte 12");
    }

    #[test]
    fn deep_nesting_is_a_mistake_and_not_a_crash() {
        let deep = "[".repeat(100_000);
        assert!(read(format!("{{\"content\":\"a\",\"metadata\":{deep}").as_bytes()).is_err());
    }
}
