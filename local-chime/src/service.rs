//! The service: what it knows, what it invokes, and the tasks it has running.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::event::EventShape;
use crate::flows::FallbackAction;
use crate::target::{FailedInvocation, Invoker, Target, TargetError, Watch};
use crate::trouble::Unrest;
use crate::world::{Millis, World};

/// What is invoked.
pub(crate) struct Targets {
    pub(crate) by_name: BTreeMap<String, Target>,
    pub(crate) default: Option<Target>,
    pub(crate) on_failure: Option<Target>,
}

pub(crate) struct Service {
    /// Where it listens, as `host:port`.
    pub(crate) host: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) targets: Mutex<Targets>,
    pub(crate) invoker: Invoker,
    /// Who is told of invocations that come to nothing.
    pub(crate) watch: Mutex<Option<Watch>>,
    pub(crate) retry_delay: Duration,
    pub(crate) callback_window: Millis,
    pub(crate) shape: EventShape,
    /// The fallback of events that were handed in for a channel without a flow.
    pub(crate) fallback: FallbackAction,
    /// Told when a delivery to a processor ends.
    pub(crate) quiet: Arc<Notify>,
    pub(crate) world: Mutex<World>,
    pub(crate) unrest: Mutex<Unrest>,
    pub(crate) tasks: Mutex<JoinSet<()>>,
}

impl Service {
    /// What the service knows. Held only between awaits, and never while `unrest` is held.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // Whoever panicked while holding it changed at most counters.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn unrest(&self) -> MutexGuard<'_, Unrest> {
        self.unrest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` until it ends or the server stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        // Tasks that have ended are let go here, so that the set stays as small as what is running.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    pub(crate) fn stop(&self) {
        self.tasks().abort_all();
    }

    /// Tells whoever watches that an invocation came to nothing.
    pub(crate) fn tell(&self, message_id: &str, attempt: u32, error: TargetError) {
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(watch) = watch {
            watch(&FailedInvocation { message_id: message_id.to_owned(), attempt, error });
        }
    }

    pub(crate) fn targets(&self) -> MutexGuard<'_, Targets> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn target(&self, function: &str) -> Option<Target> {
        let targets = self.targets();
        targets.by_name.get(function).or(targets.default.as_ref()).cloned()
    }
}
