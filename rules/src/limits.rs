//! What the service accepts. Source: the service model `chime-sdk-messaging/2021-05-15`.
//!
//! Whether the service counts bytes or characters is undocumented; UTF-8 bytes are the stricter
//! reading, so what fits here fits there.

use crate::message::Field;

/// Bytes of content in a callback; at least one.
pub const CONTENT: usize = 4096;
/// Bytes of metadata.
pub const METADATA: usize = 1024;
/// Bytes of all attributes together, names and values.
pub const ATTRIBUTES: usize = 1024;
/// Bytes of an attribute's name; at least one.
pub const ATTRIBUTE_NAME: usize = 64;
/// Bytes of one of its values; at least one.
pub const ATTRIBUTE_VALUE: usize = 512;
/// Bytes of a push notification's title; at least one.
pub const PUSH_TITLE: usize = 50;
/// Bytes of a push notification's body; at least one.
pub const PUSH_BODY: usize = 150;

/// The most bytes a field may hold; what attributes share is [`ATTRIBUTES`].
pub fn most(field: Field) -> usize {
    match field {
        Field::Content => CONTENT,
        Field::Metadata => METADATA,
        Field::PushTitle => PUSH_TITLE,
        Field::PushBody => PUSH_BODY,
        Field::Attribute(_) => ATTRIBUTE_VALUE,
        Field::AttributeName(_) => ATTRIBUTE_NAME,
    }
}

/// Whether the service refuses this field when it is empty.
pub fn must_not_be_empty(field: Field) -> bool {
    !matches!(field, Field::Metadata)
}
