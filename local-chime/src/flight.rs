//! A message's time with the processor: from `PENDING` to one of `SENT`, `DENIED` and `FAILED`.
//!
//! The state machine is pure: it has no clock, no lock and no wire. A message has at most one flight.
//! Its `CallbackId` is good for one accepted callback; after that, and for everything else that ends
//! the flight, the id is spent for ever.

use std::sync::Arc;

use crate::flows::FallbackAction;
use crate::message::{Body, Message, Status, Version};
use crate::wire::Fault;
use crate::world::Millis;

/// What is on its way through the flow.
pub(crate) struct Flight {
    pub(crate) callback_id: Arc<str>,
    pub(crate) version: Version,
    pub(crate) fallback: FallbackAction,
    pub(crate) opened: Millis,
    /// A callback is being worked on: another one at the same time is a conflict.
    pub(crate) busy: bool,
}

/// What a callback asks for.
pub(crate) enum Verdict {
    Deny,
    Deliver(Rewrite),
}

/// What a callback carries besides its ids.
///
/// What the real service does with what is left out is not documented. Here content, attributes and
/// content type stay (the last two never reach a processor, so none could echo them), while metadata
/// and push notification are gone: a processor that forgets to echo them is found out.
pub(crate) struct Rewrite {
    pub(crate) content: Option<String>,
    pub(crate) metadata: Option<String>,
    pub(crate) push_notification: Option<crate::message::PushNotification>,
    pub(crate) attributes: Option<std::collections::BTreeMap<String, Vec<String>>>,
    pub(crate) content_type: Option<String>,
}

impl Message {
    /// Hands a version to the processor. The caller has made sure that there is no flight.
    pub(crate) fn depart(&mut self, flight: Flight) {
        self.sent = flight.version.body.clone();
        self.is_edit = flight.version.edited.is_some();
        self.entry.rounds += 1;
        self.enter(Status::Pending, flight.opened);
        self.flight = Some(flight);
    }

    /// Begins a callback: checks that the id is still good and keeps others out until it ends.
    pub(crate) fn begin_callback(&mut self, callback_id: &str) -> Result<(), Fault> {
        match &mut self.flight {
            Some(flight) if *flight.callback_id == *callback_id => {
                if flight.busy {
                    return Err(Fault::conflict(
                        "another callback for this message is being processed",
                    ));
                }
                flight.busy = true;
                Ok(())
            }
            _ => Err(Fault::forbidden()),
        }
    }

    /// Ends a callback that [`Self::begin_callback`] let in: the one place where one is accepted.
    pub(crate) fn finish_callback(
        &mut self,
        callback_id: &str,
        verdict: Verdict,
        now: Millis,
    ) -> Result<Status, Fault> {
        let Some(flight) = self.flight.take_if(|flight| *flight.callback_id == *callback_id) else {
            return Err(Fault::forbidden());
        };
        self.entry.accepted += 1;
        let status = match verdict {
            Verdict::Deny => Status::Denied,
            Verdict::Deliver(rewrite) => {
                self.delivered = Some(Version {
                    updated: now,
                    body: rewrite.apply(flight.version.body),
                    ..flight.version
                });
                Status::Sent
            }
        };
        self.enter(status, now);
        Ok(status)
    }

    /// Ends a flight whose processor could not be invoked, as the flow says. `None` if it has ended already.
    pub(crate) fn fall_back(&mut self, callback_id: &str, now: Millis) -> Option<FallbackAction> {
        let flight = self.flight.take_if(|flight| *flight.callback_id == *callback_id)?;
        match flight.fallback {
            FallbackAction::Abort => {
                if self.delivered.is_none() {
                    self.entry.failed = Some(Version { updated: now, ..flight.version });
                }
                self.enter(Status::Failed, now);
            }
            FallbackAction::Continue => {
                self.delivered = Some(Version { updated: now, ..flight.version });
                self.enter(Status::Sent, now);
            }
        }
        self.entry.fallback = Some(flight.fallback);
        Some(flight.fallback)
    }

    /// Delivers a version that no flow looks at.
    pub(crate) fn deliver(&mut self, version: Version) {
        self.sent = version.body.clone();
        self.is_edit = version.edited.is_some();
        let now = version.updated;
        self.delivered = Some(version);
        self.enter(Status::Sent, now);
    }

    /// Takes the text out of a delivered message.
    pub(crate) fn redact(&mut self, now: Millis) {
        if let Some(delivered) = &mut self.delivered {
            delivered.body = Body::default();
            delivered.updated = now;
            self.sent = Body::default();
            self.redacted = true;
            self.changed.notify_waiters();
        }
    }

    fn enter(&mut self, status: Status, at: Millis) {
        self.status = status;
        self.entry.enter(status, at);
        self.changed.notify_waiters();
    }
}

impl Rewrite {
    fn apply(self, sent: Body) -> Body {
        Body {
            content: self.content.unwrap_or(sent.content),
            metadata: self.metadata,
            push_notification: self.push_notification,
            attributes: self.attributes.unwrap_or(sent.attributes),
            content_type: self.content_type.or(sent.content_type),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;
    use crate::books::Entry;
    use crate::message::{Kind, Persistence};
    use crate::world::Identity;

    fn message() -> Message {
        Message {
            id: "m".into(),
            channel: "c".into(),
            sequence: 1,
            sender: Identity { arn: "alice".into(), name: "Alice".into() },
            kind: Kind::Standard,
            persistence: Persistence::Persistent,
            addressee: None,
            created: 0,
            token: None,
            delivered: None,
            flight: None,
            sent: Body::default(),
            status: Status::Pending,
            redacted: false,
            is_edit: false,
            entry: Entry::default(),
            changed: Arc::new(Notify::new()),
        }
    }

    fn flight(callback_id: &str, content: &str, fallback: FallbackAction) -> Flight {
        let body = Body { content: content.into(), metadata: Some("{}".into()), ..Body::default() };
        Flight {
            callback_id: callback_id.into(),
            version: Version { body, edited: None, updated: 0 },
            fallback,
            opened: 0,
            busy: false,
        }
    }

    fn rewrite(content: &str) -> Verdict {
        Verdict::Deliver(Rewrite {
            content: Some(content.into()),
            metadata: None,
            push_notification: None,
            attributes: None,
            content_type: None,
        })
    }

    fn read(message: &Message, reader: &str) -> Option<(String, Status)> {
        message.seen_by(reader).map(|(version, status)| (version.body.content.clone(), status))
    }

    #[test]
    fn a_spent_or_foreign_callback_id_changes_nothing() {
        let mut message = message();
        message.depart(flight("one", "hello", FallbackAction::Abort));
        assert!(message.begin_callback("two").is_err());
        assert!(message.finish_callback("two", Verdict::Deny, 1).is_err());
        message.begin_callback("one").unwrap();
        assert_eq!(message.finish_callback("one", rewrite("h"), 1).unwrap(), Status::Sent);
        assert!(message.begin_callback("one").is_err());
        assert!(message.finish_callback("one", Verdict::Deny, 2).is_err());
        assert!(message.fall_back("one", 2).is_none());
        assert_eq!((message.status, message.entry.accepted), (Status::Sent, 1));
        assert_eq!(read(&message, "bob"), Some(("h".into(), Status::Sent)));
    }

    #[test]
    fn two_callbacks_at_once_are_a_conflict() {
        let mut message = message();
        message.depart(flight("one", "hello", FallbackAction::Abort));
        message.begin_callback("one").unwrap();
        let fault = message.begin_callback("one").unwrap_err();
        assert_eq!(fault.kind, crate::wire::FaultKind::Conflict);
    }

    #[test]
    fn only_the_sender_sees_a_message_in_flight() {
        let mut message = message();
        message.depart(flight("one", "hello", FallbackAction::Abort));
        assert_eq!(read(&message, "bob"), None);
        assert_eq!(read(&message, "alice"), Some(("hello".into(), Status::Pending)));
    }

    #[test]
    fn members_see_the_former_version_until_an_edit_is_through() {
        let mut message = message();
        message.depart(flight("one", "first", FallbackAction::Abort));
        message.finish_callback("one", rewrite("first"), 1).unwrap();
        message.depart(flight("two", "second", FallbackAction::Abort));
        assert_eq!(read(&message, "bob"), Some(("first".into(), Status::Sent)));
        assert_eq!(read(&message, "alice"), Some(("second".into(), Status::Pending)));
        message.finish_callback("two", Verdict::Deny, 2).unwrap();
        assert_eq!(read(&message, "bob"), Some(("first".into(), Status::Sent)));
        assert_eq!(read(&message, "alice"), Some(("first".into(), Status::Sent)));
        assert_eq!(message.entry.accepted, message.entry.rounds);
    }

    #[test]
    fn the_fallback_delivers_or_fails() {
        let mut aborted = message();
        aborted.depart(flight("one", "hello", FallbackAction::Abort));
        aborted.fall_back("one", 1);
        assert_eq!(read(&aborted, "bob"), None);
        assert_eq!(read(&aborted, "alice"), Some(("hello".into(), Status::Failed)));

        let mut continued = message();
        continued.depart(flight("one", "hello", FallbackAction::Continue));
        continued.fall_back("one", 1);
        assert_eq!(read(&continued, "bob"), Some(("hello".into(), Status::Sent)));
        assert!(continued.begin_callback("one").is_err(), "the fallback spends the callback id");
    }

    #[test]
    fn metadata_that_is_not_echoed_is_gone() {
        let mut message = message();
        message.depart(flight("one", "hello", FallbackAction::Abort));
        message.finish_callback("one", rewrite("hello"), 1).unwrap();
        assert_eq!(message.delivered.unwrap().body.metadata, None);
    }
}
