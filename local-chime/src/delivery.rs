//! From a message in flight to its processor, as the service and Lambda's asynchronous invocation do it:
//! at least once, three tries, then the last resort, then the dead-letter list.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::arn;
use crate::books::DeadLetter;
use crate::event::EventShape;
use crate::flight::Flight;
use crate::flows::{FallbackAction, Processor};
use crate::message::Version;
use crate::service::Service;
use crate::session::News;
use crate::target::{Target, TargetError};
use crate::world::{World, now};

/// How often Lambda tries an asynchronous invocation.
const TRIES: u32 = 3;

/// An event on its way.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) message: Arc<str>,
    pub(crate) channel: Arc<str>,
    pub(crate) callback_id: Arc<str>,
    pub(crate) function_arn: Arc<str>,
    pub(crate) event: Bytes,
    pub(crate) round: u32,
}

impl World {
    /// Hands a version of a message to the processor, under a new `CallbackId`.
    pub(crate) fn open_round(
        &mut self,
        id: &Arc<str>,
        version: Version,
        processor: Processor,
        shape: EventShape,
    ) -> Option<Delivery> {
        let callback_id: Arc<str> = self.uuid().into();
        let message = self.messages.get(id)?;
        let event = shape.write(message, &callback_id, &version);
        self.open_round_with(id, version, processor, callback_id, event)
    }

    /// The same with a given `CallbackId` and event.
    pub(crate) fn open_round_with(
        &mut self,
        id: &Arc<str>,
        version: Version,
        processor: Processor,
        callback_id: Arc<str>,
        event: Bytes,
    ) -> Option<Delivery> {
        let message = self.messages.get_mut(id)?;
        self.totals.rounds += 1;
        self.callbacks.insert(callback_id.clone(), id.clone());
        message.entry.callback_ids.push(callback_id.clone());
        message.depart(Flight {
            callback_id: callback_id.clone(),
            version,
            fallback: processor.fallback,
            opened: now(),
            busy: false,
        });
        Some(Delivery {
            message: id.clone(),
            channel: message.channel.clone(),
            callback_id,
            function_arn: processor.function_arn.into(),
            event,
            round: message.entry.rounds,
        })
    }

    fn under_way(&mut self, id: &str) {
        self.under_way += 1;
        if let Some(message) = self.messages.get_mut(id) {
            message.entry.under_way += 1;
        }
    }

    fn arrived(&mut self, id: &str) {
        self.under_way = self.under_way.saturating_sub(1);
        if let Some(message) = self.messages.get_mut(id) {
            message.entry.under_way = message.entry.under_way.saturating_sub(1);
            message.changed.notify_waiters();
        }
    }
}

impl Service {
    /// Sends an event on its way: once, and again for each duplicate that trouble wants.
    pub(crate) fn start(self: &Arc<Self>, world: &mut World, delivery: &Delivery) {
        let trouble = self.unrest().for_delivery(&delivery.message, delivery.round);
        for copy in 0..=trouble.duplicates {
            world.under_way(&delivery.message);
            let delay = trouble
                .delay_ms
                .saturating_add(trouble.duplicate_delay_ms.saturating_mul(copy.into()));
            let (service, delivery) = (self.clone(), delivery.clone());
            self.spawn(async move {
                if delay > 0 {
                    tokio::time::sleep(Duration::from_millis(delay)).await;
                }
                service.run(&delivery).await;
                service.world().arrived(&delivery.message);
                service.quiet.notify_waiters();
            });
        }
    }

    async fn run(&self, delivery: &Delivery) {
        let function = arn::function_name(&delivery.function_arn).unwrap_or_default();
        let unreachable = self.unrest().unreachable();
        let Some(target) = self.target(function).filter(|_| !unreachable) else {
            let error = TargetError::Unreachable(format!("there is no function `{function}`"));
            self.tell(&delivery.message, 1, error);
            self.fall_back(delivery);
            return;
        };
        let Err(error) = self
            .try_thrice(&target, function, &delivery.event, |event| {
                note_invocation(&mut self.world(), delivery, &event);
                if let Invocation::Failed(attempt, error) | Invocation::Never(attempt, error) =
                    event
                {
                    self.tell(&delivery.message, attempt, error);
                }
            })
            .await
        else {
            return;
        };
        let reason = match error {
            // Only a first try that does not begin tells the service that there is nothing to invoke.
            TargetError::Unreachable(_) => {
                self.fall_back(delivery);
                return;
            }
            TargetError::Failed(reason) => reason,
        };
        let reason = match self.last_resort() {
            None => reason,
            Some(last_resort) => {
                let record = failure_record(delivery, &reason);
                let answered = self
                    .try_thrice(&last_resort, "last-resort", &record, |event| {
                        if event == Invocation::Begins
                            && let Some(message) = self.world().messages.get_mut(&delivery.message)
                        {
                            message.entry.last_resorts += 1;
                        }
                    })
                    .await;
                match answered {
                    Ok(()) => return,
                    Err(TargetError::Failed(reason) | TargetError::Unreachable(reason)) => reason,
                }
            }
        };
        let letter = DeadLetter {
            message_id: delivery.message.to_string(),
            channel_arn: delivery.channel.to_string(),
            reason,
        };
        self.world().bury(letter, delivery.event.clone());
    }

    /// Invokes up to three times. `Unreachable` means that the first try did not begin; a later try that
    /// does not begin is one more failure.
    async fn try_thrice(
        &self,
        target: &Target,
        function: &str,
        event: &Bytes,
        note: impl Fn(Invocation),
    ) -> Result<(), TargetError> {
        let mut failure = TargetError::Failed(String::new());
        for attempt in 1..=TRIES {
            if attempt > 1 {
                tokio::time::sleep(self.retry_delay.saturating_mul(attempt - 1)).await;
            }
            note(Invocation::Begins);
            match self.invoker.invoke(target, function, event.clone()).await {
                Ok(()) => return Ok(()),
                Err(error @ TargetError::Unreachable(_)) if attempt == 1 => {
                    note(Invocation::Never(attempt, error.clone()));
                    return Err(error);
                }
                Err(error) => {
                    note(Invocation::Failed(attempt, error.clone()));
                    let (TargetError::Unreachable(reason) | TargetError::Failed(reason)) = error;
                    failure = TargetError::Failed(reason);
                }
            }
        }
        Err(failure)
    }

    fn last_resort(&self) -> Option<Target> {
        self.targets().on_failure.clone()
    }

    fn fall_back(&self, delivery: &Delivery) {
        let mut world = self.world();
        let Some(message) = world.messages.get_mut(&delivery.message) else { return };
        match message.fall_back(&delivery.callback_id, now()) {
            Some(FallbackAction::Abort) => world.announce(&delivery.message, News::Failed),
            Some(FallbackAction::Continue) => world.announce(&delivery.message, News::Delivered),
            None => {}
        }
    }
}

/// What an invocation does; a failure with the number of the try.
#[derive(Clone, PartialEq, Eq)]
enum Invocation {
    Begins,
    /// It turned out not to have begun.
    Never(u32, TargetError),
    Failed(u32, TargetError),
}

fn note_invocation(world: &mut World, delivery: &Delivery, event: &Invocation) {
    let totals = &mut world.totals;
    let Some(message) = world.messages.get_mut(&delivery.message) else { return };
    let entry = &mut message.entry;
    match event {
        Invocation::Begins => {
            totals.invocations += 1;
            entry.invocations += 1;
        }
        Invocation::Never(..) => {
            totals.invocations -= 1;
            entry.invocations -= 1;
        }
        Invocation::Failed(..) => {
            totals.failed_invocations += 1;
            entry.failed_invocations += 1;
        }
    }
}

/// The record that Lambda hands to an OnFailure destination.
fn failure_record(delivery: &Delivery, reason: &str) -> Bytes {
    let payload: Value = serde_json::from_slice(&delivery.event).unwrap_or_default();
    let time = DateTime::from_millis(now()).fmt(Format::DateTime).unwrap_or_default();
    let record = json!({
        "version": "1.0",
        "timestamp": time,
        "requestContext": {
            "requestId": &*delivery.callback_id,
            "functionArn": &*delivery.function_arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": TRIES,
        },
        "requestPayload": payload,
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorType": reason },
    });
    record.to_string().into()
}
