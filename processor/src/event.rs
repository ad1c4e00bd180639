//! The invocation event: what the service hands the Lambda, read with tolerance.
//!
//! Three ids are needed to answer a message. Everything else may be missing, new or of another
//! form than documented, and the message is still judged and echoed: a text field whose value is
//! not a string is read as its JSON text, so that rules see what members would.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rules::{Message, Persistence, Push, Sender, Text};
use serde_json::value::RawValue;

/// A message that waits for its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Names this waiting message to the service; good for one accepted callback.
    pub callback_id: String,
    /// The message. An edit comes with the id of the message it edits.
    pub message_id: String,
    /// The channel.
    pub channel_arn: String,
    /// What the rules see.
    pub message: Message,
    /// What the rules do not see and the callback echoes.
    pub echo: Echo,
    /// Fields that had another form than documented, by path.
    pub unexpected: Vec<&'static str>,
}

/// What a callback gives back just as it came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Echo {
    /// How the push notification is shown: `DEFAULT` or `VOIP`.
    pub push_type: Option<String>,
    /// The sub-channel of an elastic channel.
    pub sub_channel_id: Option<String>,
    /// The content's type.
    pub content_type: Option<String>,
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Event")
            .field("message_id", &self.message_id)
            .field("channel_arn", &self.channel_arn)
            .finish_non_exhaustive()
    }
}

/// Why an event cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON.
    NotJson,
    /// It is JSON, but not an object.
    NotAnObject,
    /// These paths are missing, empty or not strings.
    Missing(Vec<&'static str>),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => formatter.write_str("the event is not JSON"),
            Self::NotAnObject => formatter.write_str("the event is not a JSON object"),
            Self::Missing(paths) => {
                write!(formatter, "the event has no text at `{}`", paths.join("`, `"))
            }
        }
    }
}

impl std::error::Error for Unreadable {}

impl Event {
    /// Reads an invocation's payload.
    ///
    /// Bytes that are not UTF-8 and escapes of half a surrogate pair become U+FFFD: neither can be
    /// sent back as it came, and neither is a reason to leave the message pending.
    ///
    /// # Errors
    /// What is missing for an answer.
    pub fn read(payload: &[u8]) -> Result<Self, Unreadable> {
        let text = text_of(payload);
        Self::from_fields(&fields_of(&text)?)
    }

    pub(crate) fn from_fields(root: &Fields<'_>) -> Result<Self, Unreadable> {
        let mut unexpected = Vec::new();
        let inner = object(root, "ChannelMessage", "ChannelMessage", &mut unexpected);
        let inner = inner.unwrap_or_default();
        let ids = [
            ("CallbackId", id(root, "CallbackId")),
            ("ChannelMessage.MessageId", id(&inner, "MessageId")),
            ("ChannelMessage.ChannelArn", id(&inner, "ChannelArn")),
        ];
        let missing = ids.iter().filter(|(_, id)| id.is_none()).map(|(path, _)| *path).collect();
        let [(_, Some(callback_id)), (_, Some(message_id)), (_, Some(channel_arn))] = ids else {
            return Err(Unreadable::Missing(missing));
        };
        let (message, echo) = message(&inner, &channel_arn, &mut unexpected);
        Ok(Self { callback_id, message_id, channel_arn, message, echo, unexpected })
    }

    /// The app instance that the channel belongs to, as its ARN; the whole channel ARN when it has
    /// another form than documented.
    pub fn app_instance(&self) -> &str {
        self.channel_arn.split_once("/channel/").map_or(&self.channel_arn, |(before, _)| before)
    }
}

/// An object's members, not yet read. Of two with the same name, the last counts.
pub(crate) type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// A payload as text that can be read as JSON if it is JSON at all.
pub(crate) fn text_of(payload: &[u8]) -> String {
    let text = String::from_utf8_lossy(payload);
    match with_whole_surrogates(&text) {
        Cow::Borrowed(_) => text.into_owned(),
        Cow::Owned(mended) => mended,
    }
}

pub(crate) fn fields_of(text: &str) -> Result<Fields<'_>, Unreadable> {
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Unreadable::NotAnObject,
        _ => Unreadable::NotJson,
    })
}

fn message(
    inner: &Fields<'_>,
    channel_arn: &str,
    unexpected: &mut Vec<&'static str>,
) -> (Message, Echo) {
    let sender = object(inner, "Sender", "ChannelMessage.Sender", unexpected).unwrap_or_default();
    let push = object(inner, "PushNotification", "ChannelMessage.PushNotification", unexpected);
    let mut text = |fields: &Fields<'_>, name, path| text(fields, name, path, unexpected);
    let message = Message {
        content: text(inner, "Content", "ChannelMessage.Content").unwrap_or_default(),
        metadata: text(inner, "Metadata", "ChannelMessage.Metadata"),
        push: push.as_ref().map(|push| Push {
            title: text(push, "Title", "ChannelMessage.PushNotification.Title"),
            body: text(push, "Body", "ChannelMessage.PushNotification.Body"),
        }),
        sender: Sender {
            arn: id(&sender, "Arn").unwrap_or_default(),
            name: text(&sender, "Name", "ChannelMessage.Sender.Name"),
        },
        channel: channel_arn.to_owned(),
        persistence: match id(inner, "Persistence").as_deref() {
            Some("PERSISTENT") => Some(Persistence::Persistent),
            Some("NON_PERSISTENT") => Some(Persistence::NonPersistent),
            _ => None,
        },
        // Only an edit has it, and its form (text or number) is undocumented.
        edited: present(inner, "LastEditedTimestamp").is_some_and(|raw| raw.get() != r#""""#),
        attributes: attributes(inner, unexpected),
    };
    let echo = Echo {
        push_type: push.as_ref().and_then(|push| id(push, "Type")),
        sub_channel_id: id(inner, "SubChannelId"),
        content_type: id(inner, "ContentType"),
    };
    (message, echo)
}

/// `{"name": {"StringValues": ["…"]}}`, and what else may be there as its JSON text.
fn attributes(inner: &Fields<'_>, unexpected: &mut Vec<&'static str>) -> BTreeMap<Text, Vec<Text>> {
    const PATH: &str = "ChannelMessage.MessageAttributes";
    let Some(all) = object(inner, "MessageAttributes", PATH, unexpected) else {
        return BTreeMap::new();
    };
    let mut attributes = BTreeMap::new();
    for (name, raw) in all {
        let fields: Fields<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let values = fields.get("StringValues").map(|values| values.get());
        let values = values.and_then(|values| serde_json::from_str::<Vec<&RawValue>>(values).ok());
        if values.is_none() && !unexpected.contains(&PATH) {
            unexpected.push(PATH);
        }
        let values = values.unwrap_or_else(|| vec![raw]).into_iter().map(string_or_json);
        attributes.insert(name.into(), values.collect());
    }
    attributes
}

/// A member that is there and not `null`.
fn present<'a>(fields: &Fields<'a>, name: &str) -> Option<&'a RawValue> {
    fields.get(name).copied().filter(|raw| raw.get() != "null")
}

/// A text that is no message text: not empty, and `None` when it is not a string.
fn id(fields: &Fields<'_>, name: &str) -> Option<String> {
    let text: String = serde_json::from_str(present(fields, name)?.get()).ok()?;
    (!text.is_empty()).then_some(text)
}

fn text(
    fields: &Fields<'_>,
    name: &str,
    path: &'static str,
    unexpected: &mut Vec<&'static str>,
) -> Option<Text> {
    let raw = present(fields, name)?;
    if !raw.get().starts_with('"') {
        unexpected.push(path);
    }
    Some(string_or_json(raw))
}

fn string_or_json(raw: &RawValue) -> Text {
    let text = serde_json::from_str::<String>(raw.get());
    text.map_or_else(|_| raw.get().into(), Text::from)
}

fn object<'a>(
    fields: &Fields<'a>,
    name: &str,
    path: &'static str,
    unexpected: &mut Vec<&'static str>,
) -> Option<Fields<'a>> {
    let object = serde_json::from_str(present(fields, name)?.get()).ok();
    if object.is_none() {
        unexpected.push(path);
    }
    object
}

/// Half of a surrogate pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

impl Half {
    /// The half that an escape stands for; `escape` is what follows the backslash.
    fn of(escape: &str) -> Option<Self> {
        let digits = escape.strip_prefix('u')?.get(..4)?;
        match u16::from_str_radix(digits, 16).ok()? {
            0xd800..=0xdbff => Some(Self::High),
            0xdc00..=0xdfff => Some(Self::Low),
            _ => None,
        }
    }
}

/// JSON in which each escape of half a surrogate pair, which no reader accepts, stands for U+FFFD.
fn with_whole_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('\\') {
        mended.push_str(before);
        let behind = after.get(5..).unwrap_or_default();
        let length = match (Half::of(after), behind.strip_prefix('\\').and_then(Half::of)) {
            (Some(Half::High), Some(Half::Low)) => 11,
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                rest = behind;
                continue;
            }
            // One character, so that the second backslash of `\\` begins nothing.
            (None, _) => after.chars().next().map_or(0, char::len_utf8),
        };
        let (escape, behind) = after.split_at_checked(length).unwrap_or((after, ""));
        mended.push('\\');
        mended.push_str(escape);
        rest = behind;
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: &str = r#""MessageId":"m","ChannelArn":"arn:aws:chime:us-east-1:111122223333:app-instance/i/channel/c""#;

    fn read(inner: &str) -> Event {
        let json = format!(r#"{{"CallbackId":"k","ChannelMessage":{{{IDS},{inner}}}}}"#);
        Event::read(json.as_bytes()).unwrap()
    }

    fn missing(json: &str) -> Unreadable {
        Event::read(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn an_event_with_the_three_ids_alone_is_a_message() {
        let event = read(r#""Content":null"#);
        assert_eq!(event.callback_id, "k");
        assert_eq!(event.message.content.as_str(), "");
        assert_eq!(event.message.metadata, None);
        assert!(!event.message.edited);
        assert!(event.unexpected.is_empty());
        assert_eq!(event.app_instance(), "arn:aws:chime:us-east-1:111122223333:app-instance/i");
    }

    #[test]
    fn what_is_missing_is_named() {
        let all = vec!["CallbackId", "ChannelMessage.MessageId", "ChannelMessage.ChannelArn"];
        assert_eq!(missing("{}"), Unreadable::Missing(all));
        let one = format!(r#"{{"CallbackId":"","ChannelMessage":{{{IDS}}}}}"#);
        assert_eq!(missing(&one), Unreadable::Missing(vec!["CallbackId"]));
        let number = format!(r#"{{"CallbackId":7,"ChannelMessage":{{{IDS}}}}}"#);
        assert_eq!(missing(&number).to_string(), "the event has no text at `CallbackId`");
        assert_eq!(missing(r#"{"a""#), Unreadable::NotJson);
        assert_eq!(missing("[1]"), Unreadable::NotAnObject);
    }

    #[test]
    fn everything_that_is_there_is_read() {
        let event = read(
            r#""Content":"hi","Metadata":"{\"k\":1}","Sender":{"Arn":"s","Name":"n"},
               "Persistence":"NON_PERSISTENT","LastEditedTimestamp":1786701600.1,
               "PushNotification":{"Title":"t","Body":"b","Type":"VOIP"},
               "MessageAttributes":{"tag":{"StringValues":["a","b"]}},
               "SubChannelId":"sub","ContentType":"text/plain","New":{"deep":[[1]]}"#,
        );
        let message = &event.message;
        assert_eq!(message.content.as_str(), "hi");
        assert_eq!(message.metadata, Some(r#"{"k":1}"#.into()));
        assert_eq!(message.sender.arn, "s");
        assert_eq!(message.sender.name, Some("n".into()));
        assert_eq!(message.persistence, Some(Persistence::NonPersistent));
        assert!(message.edited);
        let push = Push { title: Some("t".into()), body: Some("b".into()) };
        assert_eq!(message.push, Some(push));
        assert_eq!(message.attributes["tag"], ["a".into(), "b".into()]);
        assert_eq!(event.echo.push_type.as_deref(), Some("VOIP"));
        assert_eq!(event.echo.sub_channel_id.as_deref(), Some("sub"));
        assert_eq!(event.echo.content_type.as_deref(), Some("text/plain"));
        assert!(event.unexpected.is_empty(), "{:?}", event.unexpected);
    }

    #[test]
    fn an_edit_is_known_by_its_timestamp_in_either_form() {
        assert!(read(r#""LastEditedTimestamp":"2026-08-14T10:00:00.123Z""#).message.edited);
        assert!(read(r#""LastEditedTimestamp":1786701600"#).message.edited);
        assert!(!read(r#""LastEditedTimestamp":null"#).message.edited);
        assert!(!read(r#""LastEditedTimestamp":"""#).message.edited);
    }

    #[test]
    fn a_wrong_type_loses_neither_the_message_nor_the_text() {
        let event = read(
            r#""Content":5,"Metadata":{"k":"v"},"Sender":"alice","PushNotification":[1],
               "Persistence":true,"MessageAttributes":{"tag":["a"]},"ContentType":7"#,
        );
        assert_eq!(event.message.content.as_str(), "5");
        assert_eq!(event.message.metadata, Some(r#"{"k":"v"}"#.into()));
        assert_eq!(event.message.push, None);
        assert_eq!(event.message.attributes["tag"], [r#"["a"]"#.into()]);
        assert_eq!(
            event.unexpected,
            [
                "ChannelMessage.Sender",
                "ChannelMessage.PushNotification",
                "ChannelMessage.Content",
                "ChannelMessage.Metadata",
                "ChannelMessage.MessageAttributes",
            ]
        );
    }

    #[test]
    fn an_unknown_event_type_is_a_message_all_the_same() {
        let json = format!(
            r#"{{"EventType":"NEW","CallbackId":"k","Other":1,"ChannelMessage":{{{IDS}}}}}"#
        );
        assert!(Event::read(json.as_bytes()).is_ok());
    }

    #[test]
    fn deep_nesting_in_an_unknown_field_is_skipped() {
        let deep = format!(r#""New":{}{}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(read(&deep).message_id, "m");
    }

    #[test]
    fn half_a_surrogate_pair_does_not_make_an_event_unreadable() {
        assert_eq!(read(r#""Content":"\ud83d\ude00""#).message.content.as_str(), "😀");
        assert_eq!(
            read(r#""Content":"a\ud83db\uDE00""#).message.content.as_str(),
            "a\u{fffd}b\u{fffd}"
        );
        assert_eq!(
            read(r#""Content":"\ud83d\ud83d\ude00""#).message.content.as_str(),
            "\u{fffd}😀"
        );
        assert_eq!(read(r#""Content":"\\ud83d""#).message.content.as_str(), r"\ud83d");
        assert_eq!(read(r#""Content":"\\\ud83d\n""#).message.content.as_str(), "\\\u{fffd}\n");
    }

    #[test]
    fn bytes_that_are_no_text_do_not_make_an_event_unreadable() {
        let mut json =
            format!(r#"{{"CallbackId":"k","ChannelMessage":{{{IDS},"Content":"a"#).into_bytes();
        json.push(0xff);
        json.extend_from_slice(br#""}}"#);
        assert_eq!(Event::read(&json).unwrap().message.content.as_str(), "a\u{fffd}");
    }

    #[test]
    fn debug_shows_no_text() {
        let event = read(
            r#""Content":"canary","MessageAttributes":{"canary":{}},"Sender":{"Name":"canary"}"#,
        );
        assert!(!format!("{event:?}").contains("canary"));
    }
}
