//! A message's way through the flow, as the real SDK sees it.

use crate::stage::{Event, PATIENCE, answered, error_code, watched};
use aws_sdk_chimesdkmessaging::types::{
    ChannelMessageCallback, ChannelMessagePersistenceType, ChannelMessageType,
    MessageAttributeValue, PushNotificationConfiguration, PushNotificationType,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use local_chime::{Options, Status};

#[tokio::test]
async fn a_message_is_pending_for_its_sender_alone_until_it_is_answered() {
    let (stage, mut events) = watched().await;
    let sent = stage.message("hello").send().await.unwrap();
    assert_eq!(sent.status.unwrap().value.unwrap().as_str(), "PENDING");
    let id = sent.message_id.unwrap();
    assert_eq!(stage.read(stage.bob(), &id).await, None);
    assert_eq!(stage.read(stage.alice(), &id).await, Some(("hello".into(), "PENDING".into())));
    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    assert_eq!(stage.status(stage.bob(), &id).await, "ForbiddenException");

    let event = events.recv().await.unwrap();
    let answer = event.callback(&stage.client).send().await.unwrap();
    assert_eq!(answer.callback_id.as_deref(), event.0["CallbackId"].as_str());
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("HELLO".into(), "SENT".into())));
    assert_eq!(stage.status(stage.alice(), &id).await, "SENT");
    let book = stage.server.book(&id).unwrap();
    assert_eq!(
        book.history.iter().map(|change| change.status).collect::<Vec<_>>(),
        [Status::Pending, Status::Sent]
    );
    assert_eq!(
        (book.rounds, book.invocations, book.callback_attempts, book.accepted),
        (1, 1, 1, 1)
    );
}

#[tokio::test]
async fn the_event_is_as_documented() {
    let (stage, mut events) = watched().await;
    let push = PushNotificationConfiguration::builder()
        .title("t")
        .body("b")
        .r#type(PushNotificationType::Default)
        .build();
    let id = stage
        .message("hello")
        .metadata("{\"k\":1}")
        .push_notification(push)
        .send()
        .await
        .unwrap()
        .message_id
        .unwrap();
    let Event(event) = events.recv().await.unwrap();
    let callback_id = event["CallbackId"].as_str().unwrap();
    assert!((32..=64).contains(&callback_id.len()));
    let created = event["ChannelMessage"]["CreatedTimestamp"].as_str().unwrap();
    assert!(created.starts_with("20") && created.ends_with('Z'), "{created}");
    assert_eq!(
        event,
        serde_json::json!({
            "EventType": "CHANNEL_MESSAGE_EVENT",
            "CallbackId": callback_id,
            "ChannelMessage": {
                "MessageId": id,
                "ChannelArn": stage.scene.channel_arn,
                "Content": "hello",
                "Metadata": "{\"k\":1}",
                "Sender": { "Arn": stage.alice(), "Name": "alice" },
                "Persistence": "PERSISTENT",
                "Type": "STANDARD",
                "CreatedTimestamp": created,
                "PushNotification": { "Title": "t", "Body": "b", "Type": "DEFAULT" },
            },
        })
    );

    stage.send("plain").await;
    let Event(plain) = events.recv().await.unwrap();
    let plain = plain["ChannelMessage"].as_object().unwrap();
    assert!(
        plain["PushNotification"].is_null()
            && !plain.contains_key("Metadata")
            && !plain.contains_key("LastEditedTimestamp")
    );
}

#[tokio::test]
async fn a_callback_id_is_good_for_one_callback() {
    let (stage, mut events) = watched().await;
    let id = stage.send("hello").await;
    let event = events.recv().await.unwrap();
    event.callback(&stage.client).send().await.unwrap();
    let again = event.callback(&stage.client).send().await.unwrap_err();
    assert_eq!(error_code(&again), "ForbiddenException");
    assert_eq!(again.message(), Some("You do not have sufficient access to perform this action."));
    let denial = event.callback(&stage.client).delete_resource(true).send().await.unwrap_err();
    assert_eq!(error_code(&denial), "ForbiddenException");
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("HELLO".into(), "SENT".into())));
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.callback_attempts, book.accepted, book.refused[&403]), (3, 1, 2));
}

#[tokio::test]
async fn a_callback_for_something_else_changes_nothing() {
    let (stage, mut events) = watched().await;
    let id = stage.send("hello").await;
    let other = stage.send("other").await;
    let event = events.recv().await.unwrap();
    let right = || event.callback(&stage.client);
    let message =
        |id: &str| ChannelMessageCallback::builder().message_id(id).content("x").build().unwrap();

    let invented =
        right().callback_id("00000000-0000-0000-0000-000000000000").send().await.unwrap_err();
    assert_eq!(error_code(&invented), "ForbiddenException");
    let other_channel =
        right().channel_arn(format!("{}x", stage.scene.channel_arn)).send().await.unwrap_err();
    assert_eq!(error_code(&other_channel), "ForbiddenException");
    let other_message = right().channel_message(message(&other)).send().await.unwrap_err();
    assert_eq!(error_code(&other_message), "BadRequestException");
    let too_short = right().callback_id("short").send().await.unwrap_err();
    assert_eq!(error_code(&too_short), "BadRequestException");
    let emptied = right().channel_message(
        ChannelMessageCallback::builder().message_id(&id).content("").build().unwrap(),
    );
    assert_eq!(error_code(&emptied.send().await.unwrap_err()), "BadRequestException");
    let long = "é".repeat(2049);
    let outgrown = right().channel_message(
        ChannelMessageCallback::builder().message_id(&id).content(long).build().unwrap(),
    );
    assert_eq!(error_code(&outgrown.send().await.unwrap_err()), "BadRequestException");

    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    assert_eq!(stage.server.totals().unknown_callbacks, 2);
    right().send().await.unwrap();
    assert_eq!(stage.status(stage.alice(), &id).await, "SENT");
}

#[tokio::test]
async fn a_denied_message_is_nowhere() {
    let stage = answered(|_| {}).await;
    let id = stage.send("deny this").await;
    assert_eq!(stage.settle(&id).await, Status::Denied);
    assert_eq!(stage.read(stage.alice(), &id).await, None);
    assert_eq!(stage.read(stage.bob(), &id).await, None);
    assert_eq!(stage.status(stage.alice(), &id).await, "NotFoundException");
    let listed = stage
        .client
        .list_channel_messages()
        .channel_arn(&stage.scene.channel_arn)
        .chime_bearer(stage.alice());
    assert!(listed.send().await.unwrap().channel_messages.unwrap().is_empty());
}

#[tokio::test]
async fn an_edit_goes_through_the_flow_and_members_see_the_former_version_meanwhile() {
    let (stage, mut events) = watched().await;
    let id = stage.send("first").await;
    let edit = |content: &str| {
        stage
            .client
            .update_channel_message()
            .channel_arn(&stage.scene.channel_arn)
            .message_id(&id)
            .chime_bearer(stage.alice())
            .content(content)
    };
    let too_soon = edit("second").send().await.unwrap_err();
    assert_eq!(error_code(&too_soon), "ConflictException");
    events.recv().await.unwrap().callback(&stage.client).send().await.unwrap();

    let stranger = edit("second").chime_bearer(stage.bob()).send().await.unwrap_err();
    assert_eq!(error_code(&stranger), "ForbiddenException");
    let edited = edit("second").send().await.unwrap();
    assert_eq!(edited.status.unwrap().value.unwrap().as_str(), "PENDING");
    let event = events.recv().await.unwrap();
    assert_eq!(event.text("MessageId"), id);
    assert!(event.text("LastEditedTimestamp").ends_with('Z'));
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("FIRST".into(), "SENT".into())));
    assert_eq!(stage.read(stage.alice(), &id).await, Some(("second".into(), "PENDING".into())));
    event.callback(&stage.client).send().await.unwrap();
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("SECOND".into(), "SENT".into())));

    edit("deny").send().await.unwrap();
    events.recv().await.unwrap().callback(&stage.client).send().await.unwrap();
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("SECOND".into(), "SENT".into())));
    assert_eq!(stage.status(stage.alice(), &id).await, "SENT");
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.rounds, book.accepted), (3, 3));
}

#[tokio::test]
async fn what_bypasses_the_flow_is_sent_at_once() {
    let (stage, mut events) = watched().await;
    let control = stage.message("typing").r#type(ChannelMessageType::Control).send().await.unwrap();
    assert_eq!(control.status.unwrap().value.unwrap().as_str(), "SENT");
    let id = stage.send("hello").await;
    let pending = stage
        .client
        .redact_channel_message()
        .channel_arn(&stage.scene.channel_arn)
        .message_id(&id)
        .chime_bearer(stage.alice());
    assert_eq!(error_code(&pending.clone().send().await.unwrap_err()), "ConflictException");
    events.recv().await.unwrap().callback(&stage.client).send().await.unwrap();
    pending.send().await.unwrap();
    assert_eq!(stage.read(stage.bob(), &id).await, Some((String::new(), "SENT".into())));

    let delete = |who: &str| {
        stage
            .client
            .delete_channel_message()
            .channel_arn(&stage.scene.channel_arn)
            .message_id(&id)
            .chime_bearer(who)
            .send()
    };
    assert_eq!(error_code(&delete(stage.alice()).await.unwrap_err()), "ForbiddenException");
    delete(&stage.scene.admin_arn).await.unwrap();
    assert_eq!(stage.read(stage.alice(), &id).await, None);
    assert!(events.try_recv().is_err(), "a redaction or deletion was sent through the flow");
}

#[tokio::test]
async fn a_channel_without_a_flow_sends_at_once() {
    let (stage, mut events) = watched().await;
    let call = stage.client.disassociate_channel_flow().channel_arn(&stage.scene.channel_arn);
    call.channel_flow_arn(&stage.scene.channel_flow_arn)
        .chime_bearer(&stage.scene.admin_arn)
        .send()
        .await
        .unwrap();
    let id = stage.send("hello").await;
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("hello".into(), "SENT".into())));
    assert!(events.try_recv().is_err());
    assert_eq!(stage.server.book(&id).unwrap().rounds, 0);
}

#[tokio::test]
async fn a_message_that_is_not_persistent_passes_the_flow_and_leaves_no_history() {
    let stage = answered(|_| {}).await;
    let call = stage.message("hello").persistence(ChannelMessagePersistenceType::NonPersistent);
    let id = call.send().await.unwrap().message_id.unwrap();
    assert_eq!(stage.settle(&id).await, Status::Sent);
    assert_eq!(stage.read(stage.bob(), &id).await, None);
    assert_eq!(stage.server.book(&id).unwrap().accepted, 1);
}

#[tokio::test]
async fn a_callback_after_the_window_is_forbidden() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let target = local_chime::Target::in_process(move |event: bytes::Bytes| {
        tell.send(Event(serde_json::from_slice(&event).unwrap())).unwrap();
        std::future::ready(Ok(()))
    });
    let window = std::time::Duration::from_millis(20);
    let stage = crate::stage::Stage::new(Options {
        default_target: Some(target),
        callback_window: window,
        ..Options::default()
    })
    .await;
    let id = stage.send("hello").await;
    let event = told.recv().await.unwrap();
    tokio::time::sleep(window * 2).await;
    let late = event.callback(&stage.client).send().await.unwrap_err();
    assert_eq!(error_code(&late), "ForbiddenException");
    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
}

#[tokio::test]
async fn many_messages_end_in_one_accepted_callback_each() {
    let stage = answered(|_| {}).await;
    let mut ids = Vec::new();
    for n in 0..200 {
        let word = if n % 5 == 0 { "deny" } else { "hello" };
        ids.push(stage.send(&format!("{word} {n}")).await);
    }
    assert!(stage.server.await_quiet(PATIENCE).await);
    let books = stage.server.books();
    for (n, id) in ids.iter().enumerate() {
        let book = books.message(id).unwrap();
        assert_eq!(book.accepted, 1);
        assert_eq!(book.status, Some(if n % 5 == 0 { Status::Denied } else { Status::Sent }));
    }
    let mut read = Vec::new();
    let mut next = None;
    loop {
        let page = stage
            .client
            .list_channel_messages()
            .channel_arn(&stage.scene.channel_arn)
            .chime_bearer(stage.bob());
        let page = page
            .sort_order("ASCENDING".into())
            .max_results(50)
            .set_next_token(next)
            .send()
            .await
            .unwrap();
        read.extend(
            page.channel_messages.unwrap().into_iter().map(|message| message.content.unwrap()),
        );
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..200).filter(|n| n % 5 != 0).map(|n| format!("HELLO {n}")).collect();
    assert_eq!(read, expected, "in the order that they were sent");
}

#[tokio::test]
async fn the_oldest_messages_are_forgotten_when_there_are_too_many() {
    let stage = answered(|options| options.keep_messages = 10).await;
    let mut ids = Vec::new();
    for n in 0..30 {
        let id = stage.send(&format!("hello {n}")).await;
        stage.settle(&id).await;
        ids.push(id);
    }
    assert!(stage.server.await_quiet(PATIENCE).await);
    stage.settle(&stage.send("last").await).await;
    let books = stage.server.books();
    assert!(books.messages.len() <= 11, "{} are remembered", books.messages.len());
    assert_eq!((books.totals.messages, books.totals.accepted), (31, 31));
    assert_eq!(stage.read(stage.bob(), &ids[0]).await, None);
    assert!(stage.read(stage.bob(), &ids[29]).await.is_some());
}

#[tokio::test]
async fn what_is_undocumented_about_the_event_can_be_had_either_way() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let target = local_chime::Target::in_process(move |event: bytes::Bytes| {
        tell.send(Event(serde_json::from_slice(&event).unwrap())).unwrap();
        std::future::ready(Ok(()))
    });
    let event_shape = local_chime::EventShape { attributes: true, numeric_timestamps: true };
    let options = Options { default_target: Some(target), event_shape, ..Options::default() };
    let stage = crate::stage::Stage::new(options).await;
    let attribute = MessageAttributeValue::builder().string_values("v").build();
    stage.message("hello").message_attributes("k", attribute).send().await.unwrap();
    let Event(event) = told.recv().await.unwrap();
    let message = &event["ChannelMessage"];
    assert!(message["CreatedTimestamp"].as_f64().unwrap() > 1.7e9);
    assert_eq!(message["MessageAttributes"]["k"]["StringValues"][0], "v");
}
