//! A message's texts, as JSON.

use std::collections::BTreeMap;

use local_chime::Body;
use serde::Serialize;

/// A message's texts in the form that `eval` reads.
#[derive(Serialize)]
pub(crate) struct Texts<'a> {
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    push: Option<Push<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: &'a BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
struct Push<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
}

impl<'a> Texts<'a> {
    pub(crate) fn of(body: &'a Body) -> Self {
        Self {
            content: &body.content,
            metadata: body.metadata.as_deref(),
            push: body
                .push_notification
                .as_ref()
                .map(|push| Push { title: push.title.as_deref(), body: push.body.as_deref() }),
            attributes: &body.attributes,
        }
    }
}
