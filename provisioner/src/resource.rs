//! The custom resources: what one is, the table of all, and the life they share.
//!
//! # Physical ids
//! A resource's physical id names the real thing in the service (its ARN, or its owner's ARN and
//! what it is there), is the same for the same properties, and differs exactly when the thing is
//! another one. CloudFormation compares it after an update: a new id means *replaced*, and the old
//! thing is deleted afterwards with a delete of its own.
//!
//! A create that fails before anything was made answers with an id that says so, and the delete
//! that CloudFormation sends after it does nothing: it must not remove what was there before.

use std::{fmt, future::Future, pin::Pin};

use serde_json::{Map, Value};

use crate::{
    failure::Failure,
    properties::Properties,
    request::{Request, Verb},
    service::Session,
};

pub mod app_instance_admin;
pub mod channel_flow_association;
pub mod channel_flow_drain;
pub mod message_retention;
pub mod messaging_streaming;

/// Every custom resource, sorted by name. A new one is one file and one line here.
pub static REGISTRY: &[Definition] = &[
    Definition::of::<app_instance_admin::AppInstanceAdmin>(),
    Definition::of::<channel_flow_association::ChannelFlowAssociation>(),
    Definition::of::<channel_flow_drain::ChannelFlowDrain>(),
    Definition::of::<message_retention::MessageRetention>(),
    Definition::of::<messaging_streaming::MessagingStreaming>(),
];

/// Something CloudFormation has no type of its own for.
///
/// Lambda may run each request again, so all of these must be repeatable.
pub trait Resource: Sized {
    /// Its type in a template.
    const NAME: &'static str;

    /// Reads the properties, each through `properties`, so that all problems are found at once.
    fn parse(properties: &mut Properties<'_>) -> Option<Self>;

    /// The id that names this very thing; `logical_id` may only tell two alike apart.
    fn physical_id(&self, logical_id: &str) -> String;

    /// What a physical id of this kind names, where the declared properties name another thing or
    /// cannot be read; `None` for an id that is not of this kind.
    fn recall(physical_id: &str, declared: Option<&Self>) -> Option<Self>;

    /// Makes it, or finds it made. When it replaces another, that one still exists.
    fn create(
        &self,
        replaced: Option<&Self>,
        session: &Session<'_>,
    ) -> impl Future<Output = Result<(), Failure>>;

    /// Changes it in place, so that it is as if it had been created with these properties.
    /// Without `old` (which could not be read) what was there before is unknown.
    fn update(
        &self,
        old: Option<&Self>,
        session: &Session<'_>,
    ) -> impl Future<Output = Result<(), Failure>>;

    /// Removes what `create` and `update` made, and nothing else. What is already gone is success;
    /// what is merely forbidden is not.
    fn delete(&self, session: &Session<'_>) -> impl Future<Output = Result<(), Failure>>;
}

/// What was done, for the answer and the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Made, or found made.
    Created,
    /// Changed; it is the same thing as before.
    UpdatedInPlace,
    /// Another thing was made; CloudFormation deletes the old one when all else has succeeded.
    Replaced,
    /// Removed, or found gone.
    Deleted,
    /// There was nothing to remove: the create had failed before it made anything.
    NothingToDelete,
}

impl Change {
    /// A stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::UpdatedInPlace => "UpdatedInPlace",
            Self::Replaced => "Replaced",
            Self::Deleted => "Deleted",
            Self::NothingToDelete => "NothingToDelete",
        }
    }
}

/// A request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The resource's physical id from now on.
    pub physical_id: String,
    /// What was done.
    pub change: Change,
}

/// A kind of resource, as data.
pub struct Definition {
    /// Its type in a template.
    pub name: &'static str,
    /// Carries out a request.
    pub serve: Serve,
    /// The physical id for the properties, if they can be read.
    pub physical_id: fn(&Request) -> Option<String>,
}

/// Carries out a request for one kind of resource.
pub type Serve = for<'a> fn(
    &'a Request,
    &'a Session<'_>,
) -> Pin<Box<dyn Future<Output = Result<Done, Failure>> + 'a>>;

impl Definition {
    /// The definition of a resource.
    pub const fn of<R: Resource + 'static>() -> Self {
        Self {
            name: R::NAME,
            serve: |request, session| Box::pin(serve::<R>(request, session)),
            physical_id: |request| {
                let declared = Properties::parse(&request.properties, R::parse).ok()?;
                Some(declared.physical_id(&request.logical_id))
            },
        }
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Definition").field(&self.name).finish()
    }
}

/// The id of a resource of which nothing was made.
pub(crate) fn nothing_made(logical_id: &str) -> String {
    format!("{NOTHING_MADE}{logical_id}")
}

const NOTHING_MADE: &str = "nothing-made/";

async fn serve<R: Resource>(request: &Request, session: &Session<'_>) -> Result<Done, Failure> {
    let logical_id = &request.logical_id;
    let declared = Properties::parse(&request.properties, R::parse);
    match &request.verb {
        Verb::Create => {
            let wanted = declared?;
            wanted.create(None, session).await?;
            Ok(Done { physical_id: wanted.physical_id(logical_id), change: Change::Created })
        }
        Verb::Update { physical_id, old } => {
            update(request, declared?, physical_id, old, session).await
        }
        Verb::Delete { physical_id } => {
            let change = match target::<R>(logical_id, physical_id, declared)? {
                Some(target) => {
                    target.delete(session).await?;
                    Change::Deleted
                }
                None => Change::NothingToDelete,
            };
            Ok(Done { physical_id: physical_id.clone(), change })
        }
    }
}

async fn update<R: Resource>(
    request: &Request,
    wanted: R,
    present_id: &str,
    old: &Map<String, Value>,
    session: &Session<'_>,
) -> Result<Done, Failure> {
    // The old properties may be ones that are refused today.
    let old = Properties::parse(old, R::parse).ok();
    let physical_id = wanted.physical_id(&request.logical_id);
    let old_id = old.as_ref().map(|old| old.physical_id(&request.logical_id));
    if physical_id != present_id {
        // A rollback of a replacement comes here as well, and finds the first one still there.
        wanted.create(old.as_ref(), session).await?;
        return Ok(Done { physical_id, change: Change::Replaced });
    }
    match (old, old_id) {
        (Some(attempted), Some(old_id)) if old_id != present_id => {
            // The present thing never was what the old properties describe: this rolls back a
            // replacement that failed, and nobody else will remove what that may have left.
            wanted.update(None, session).await?;
            if let Err(failure) = attempted.delete(session).await {
                tracing::warn!(left_over = old_id, %failure, "a failed replacement left something");
            }
        }
        (old, _) => wanted.update(old.as_ref(), session).await?,
    }
    Ok(Done { physical_id, change: Change::UpdatedInPlace })
}

/// What a delete is about: the physical id decides, the properties fill in what it does not say.
fn target<R: Resource>(
    logical_id: &str,
    physical_id: &str,
    declared: Result<R, Failure>,
) -> Result<Option<R>, Failure> {
    if physical_id.starts_with(NOTHING_MADE) {
        return Ok(None);
    }
    match declared {
        Ok(declared) if declared.physical_id(logical_id) == physical_id => Ok(Some(declared)),
        declared => match (R::recall(physical_id, declared.as_ref().ok()), declared) {
            (Some(target), _) => Ok(Some(target)),
            // An id that CloudFormation made up, after a create that was never answered: what the
            // properties describe may have been made.
            (None, Ok(declared)) => Ok(Some(declared)),
            (None, Err(failure)) if physical_id.starts_with("arn:") => Err(failure),
            // Nothing is ever made with properties that cannot be read.
            (None, Err(_)) => Ok(None),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_sorted_and_its_names_are_cloudformations_form() {
        assert!(REGISTRY.is_sorted_by(|one, next| one.name < next.name));
        for definition in REGISTRY {
            assert!(definition.name.starts_with("Custom::"), "{}", definition.name);
            assert!(definition.name.len() <= 60, "{}", definition.name);
        }
    }
}
