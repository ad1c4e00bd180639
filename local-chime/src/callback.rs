//! `ChannelFlowCallback`: the processor's answer, and the trouble it may meet.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::oneshot;

use crate::call::{Call, Length};
use crate::flight::{Rewrite, Verdict};
use crate::line::Cut;
use crate::message::{
    CONTENT, Status, read_attributes, read_content_type, read_metadata, read_push,
};
use crate::service::Service;
use crate::session::News;
use crate::trouble::CallbackFault;
use crate::wire::{Answer, Fault, FaultKind};
use crate::world::{World, now};

const CALLBACK_ID: Length = Length::characters(32, 64);
const MESSAGE_ID: Length = Length::characters(1, 128);

/// What a callback is answered with, and whether the answer gets through.
pub(crate) struct Reply {
    pub(crate) result: Result<Answer, Fault>,
    pub(crate) cut: Option<Cut>,
}

/// A callback that satisfies the model.
struct Request {
    callback_id: String,
    channel_arn: String,
    message_id: String,
    verdict: Verdict,
}

impl Request {
    fn read(call: &Call) -> Result<Self, Fault> {
        let fields = call.fields();
        let message = fields.object("ChannelMessage")?;
        let rewrite = Rewrite {
            content: message.optional_text("Content", CONTENT)?.map(str::to_owned),
            metadata: read_metadata(&message)?,
            push_notification: read_push(&message)?,
            attributes: read_attributes(&message)?,
            content_type: read_content_type(&message)?,
        };
        Ok(Self {
            callback_id: fields.text("CallbackId", CALLBACK_ID)?.to_owned(),
            channel_arn: call.segment(1).to_owned(),
            message_id: message.text("MessageId", MESSAGE_ID)?.to_owned(),
            verdict: if fields.flag("DeleteResource")? {
                Verdict::Deny
            } else {
                Verdict::Deliver(rewrite)
            },
        })
    }
}

/// Answers a callback. Which message it counts for is decided by its `CallbackId` alone.
pub(crate) async fn answer(service: &Arc<Service>, call: &Call) -> Reply {
    let callback_id =
        call.fields().value("CallbackId").and_then(|id| id.as_str()).unwrap_or_default();
    let Some((message, attempt)) = note_attempt(&mut service.world(), callback_id) else {
        // Nobody's callback: wrong in itself, or made up.
        let result = Request::read(call).and_then(|_request| Err(Fault::forbidden()));
        return Reply { result, cut: None };
    };
    let fault = {
        let channel = call.segment(1);
        service.unrest().for_callback(&message, channel, attempt)
    };
    let refusal = match fault {
        CallbackFault::HangUp => {
            note(&mut service.world(), &message, |entry| entry.hung_up += 1);
            return Reply { result: Err(Fault::forbidden()), cut: Some(Cut::Before) };
        }
        CallbackFault::BadRequest => Some(Fault::bad_request("the request is not valid")),
        CallbackFault::NotFound => Some(Fault::not_found("there is no such resource")),
        CallbackFault::Conflict => {
            Some(Fault::conflict("another callback for this message is being processed"))
        }
        CallbackFault::Throttle => {
            Some(Fault::new(FaultKind::Throttled, "the channel's request rate is exceeded"))
        }
        CallbackFault::Failure => Some(Fault::new(FaultKind::ServiceFailure, "the service failed")),
        CallbackFault::Unavailable => {
            Some(Fault::new(FaultKind::ServiceUnavailable, "the service is unavailable"))
        }
        CallbackFault::Forbidden => Some(Fault::forbidden()),
        CallbackFault::None
        | CallbackFault::LoseAnswer
        | CallbackFault::Twice
        | CallbackFault::SlowMs(_)
        | CallbackFault::LateMs(_) => None,
    };
    let result = match refusal {
        Some(refusal) => Err(refusal),
        None => match Request::read(call) {
            Ok(request) => work(service, &message, request, fault).await,
            Err(wrong) => Err(wrong),
        },
    };
    let result = match result {
        Ok(_) if fault == CallbackFault::Twice => {
            note_attempt(&mut service.world(), callback_id);
            Err(Fault::forbidden())
        }
        result => result,
    };
    let mut cut = None;
    match &result {
        Err(refused) => {
            let status = refused.kind.status().as_u16();
            note(&mut service.world(), &message, |entry| {
                *entry.refused.entry(status).or_default() += 1;
            });
        }
        Ok(_) if fault == CallbackFault::LoseAnswer => {
            note(&mut service.world(), &message, |entry| entry.answers_lost += 1);
            cut = Some(Cut::Within);
        }
        Ok(_) => {}
    }
    Reply { result, cut }
}

/// Works on a callback. What takes time goes on when the caller hangs up, as it does in a real service.
async fn work(
    service: &Arc<Service>,
    message: &Arc<str>,
    request: Request,
    fault: CallbackFault,
) -> Result<Answer, Fault> {
    begin(service, message, &request)?;
    let pause = |millis| tokio::time::sleep(Duration::from_millis(millis));
    match fault {
        CallbackFault::SlowMs(millis) => {
            let (tell, told) = oneshot::channel();
            let (worker, message) = (service.clone(), message.clone());
            service.spawn(async move {
                pause(millis).await;
                // The caller may have gone; the callback counts all the same.
                let _gone = tell.send(finish(&worker, &message, request));
            });
            told.await.unwrap_or_else(|_stopped| {
                Err(Fault::new(FaultKind::ServiceUnavailable, "the service is stopping"))
            })
        }
        CallbackFault::LateMs(millis) => {
            let result = finish(service, message, request);
            pause(millis).await;
            result
        }
        _ => finish(service, message, request),
    }
}

/// Checks that the callback is for a message that waits for it.
fn begin(service: &Service, message: &str, request: &Request) -> Result<(), Fault> {
    let mut world = service.world();
    if !world.channels.contains_key(&request.channel_arn) {
        return Err(Fault::forbidden());
    }
    let message = world.messages.get_mut(message).ok_or_else(Fault::forbidden)?;
    if *message.channel != *request.channel_arn {
        return Err(Fault::forbidden());
    }
    if *message.id != *request.message_id {
        return Err(Fault::bad_request(
            "`ChannelMessage.MessageId` is not the one that this `CallbackId` was given out for",
        ));
    }
    let expired = message
        .flight
        .as_ref()
        .is_some_and(|flight| now() - flight.opened > service.callback_window);
    if expired {
        return Err(Fault::forbidden());
    }
    message.begin_callback(&request.callback_id)
}

fn finish(service: &Service, id: &str, request: Request) -> Result<Answer, Fault> {
    let mut world = service.world();
    let message = world.messages.get_mut(id).ok_or_else(Fault::forbidden)?;
    let status = message.finish_callback(&request.callback_id, request.verdict, now())?;
    let nothing_left = status == Status::Denied && message.delivered.is_none();
    world.totals.accepted += 1;
    world.announce(id, if status == Status::Denied { News::Denied } else { News::Delivered });
    if nothing_left {
        world.unlist(id);
    }
    Ok(Answer::Ok(json!({ "ChannelArn": request.channel_arn, "CallbackId": request.callback_id })))
}

/// Counts a callback, and says which message it is for and the how many-th for it.
fn note_attempt(world: &mut World, callback_id: &str) -> Option<(Arc<str>, u32)> {
    world.totals.callback_attempts += 1;
    let message = world.callbacks.get(callback_id).and_then(|id| world.messages.get_mut(id));
    let Some(message) = message else {
        world.totals.unknown_callbacks += 1;
        return None;
    };
    message.entry.callback_attempts += 1;
    Some((message.id.clone(), message.entry.callback_attempts))
}

fn note(world: &mut World, message: &str, write: impl FnOnce(&mut crate::books::Entry)) {
    if let Some(message) = world.messages.get_mut(message) {
        write(&mut message.entry);
        message.changed.notify_waiters();
    }
}
