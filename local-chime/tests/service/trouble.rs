//! Each kind of trouble, and that one callback is accepted all the same.

use std::collections::BTreeMap;
use std::time::Duration;

use local_chime::{CallbackFault, Rate, Status, Trouble};

use crate::stage::{PATIENCE, answered, error_code, watched};

/// Sends one message whose first callbacks meet `script`; the processor tries until it gets through.
async fn survive(script: Vec<CallbackFault>) -> local_chime::MessageBook {
    let stage = answered(|options| options.trouble.script = script).await;
    let id = stage.send("hello").await;
    assert_eq!(stage.settle(&id).await, Status::Sent);
    assert!(stage.server.await_quiet(PATIENCE).await);
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("HELLO".into(), "SENT".into())));
    let book = stage.server.book(&id).unwrap();
    assert_eq!(book.accepted, 1);
    book
}

#[tokio::test]
async fn errors_accept_nothing() {
    use CallbackFault::{Conflict, Failure, Throttle, Unavailable};
    let book = survive(vec![Conflict, Throttle, Failure, Unavailable]).await;
    assert_eq!(book.refused, BTreeMap::from([(409, 1), (429, 1), (500, 1), (503, 1)]));
    assert_eq!(book.callback_attempts, 5);
}

#[tokio::test]
async fn a_hang_up_accepts_nothing() {
    let book = survive(vec![CallbackFault::HangUp, CallbackFault::HangUp]).await;
    assert_eq!((book.hung_up, book.callback_attempts), (2, 3));
    assert!(book.refused.is_empty());
}

#[tokio::test]
async fn a_lost_answer_was_accepted_so_that_the_next_callback_is_forbidden() {
    let book = survive(vec![CallbackFault::LoseAnswer]).await;
    assert_eq!((book.answers_lost, book.callback_attempts), (1, 2));
    assert_eq!(book.refused, BTreeMap::from([(403, 1)]));
}

#[tokio::test]
async fn a_cut_connection_looks_like_one_to_the_client() {
    for fault in [CallbackFault::HangUp, CallbackFault::LoseAnswer] {
        let (stage, mut events) = watched().await;
        stage.server.set_trouble(Trouble { script: vec![fault], ..Trouble::default() });
        stage.send("hello").await;
        let event = events.recv().await.unwrap();
        let error = event.callback(&stage.client).send().await.unwrap_err();
        assert_eq!(error_code(&error), "no answer", "{fault:?}");
    }
}

#[tokio::test]
async fn a_slow_callback_conflicts_with_the_next_and_counts_when_its_caller_has_gone() {
    let (stage, mut events) = watched().await;
    stage
        .server
        .set_trouble(Trouble { script: vec![CallbackFault::SlowMs(200)], ..Trouble::default() });
    let id = stage.send("hello").await;
    let event = events.recv().await.unwrap();
    let gave_up =
        tokio::time::timeout(Duration::from_millis(50), event.callback(&stage.client).send()).await;
    assert!(gave_up.is_err());
    let second = event.callback(&stage.client).send().await.unwrap_err();
    assert_eq!(error_code(&second), "ConflictException");
    assert_eq!(stage.settle(&id).await, Status::Sent);
    let third = event.callback(&stage.client).send().await.unwrap_err();
    assert_eq!(error_code(&third), "ForbiddenException");
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.accepted, book.refused), (1, BTreeMap::from([(403, 1), (409, 1)])));
}

#[tokio::test]
async fn a_late_answer_was_accepted_at_once() {
    let (stage, mut events) = watched().await;
    stage
        .server
        .set_trouble(Trouble { script: vec![CallbackFault::LateMs(2_000)], ..Trouble::default() });
    let id = stage.send("hello").await;
    let event = events.recv().await.unwrap();
    let gave_up =
        tokio::time::timeout(Duration::from_millis(100), event.callback(&stage.client).send())
            .await;
    assert!(gave_up.is_err());
    assert_eq!(stage.status(stage.alice(), &id).await, "SENT");
}

#[tokio::test]
async fn a_missing_grant_is_forbidden_for_ever() {
    let (stage, mut events) = watched().await;
    stage.server.set_trouble(Trouble { missing_grant: true, ..Trouble::default() });
    let id = stage.send("hello").await;
    let event = events.recv().await.unwrap();
    for _ in 0..3 {
        assert_eq!(
            error_code(&event.callback(&stage.client).send().await.unwrap_err()),
            "ForbiddenException"
        );
    }
    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    assert_eq!(stage.server.book(&id).unwrap().accepted, 0);
    stage.server.set_trouble(Trouble::default());
    event.callback(&stage.client).send().await.unwrap();
}

#[tokio::test]
async fn duplicates_carry_one_callback_id_and_one_callback_is_accepted() {
    let stage = answered(|options| {
        options.trouble.duplicates = 2;
        options.trouble.duplicate_delay_ms = 5;
    })
    .await;
    let id = stage.send("hello").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.invocations, book.callback_attempts, book.accepted), (3, 3, 1));
    assert_eq!(book.refused.values().sum::<u32>(), 2);
}

#[tokio::test]
async fn an_invocation_comes_as_late_as_asked() {
    let stage = answered(|options| options.trouble.invocation_delay_ms = 150).await;
    let started = std::time::Instant::now();
    let id = stage.send("hello").await;
    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    assert_eq!(stage.settle(&id).await, Status::Sent);
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_script_can_be_for_one_channel_or_message() {
    let (stage, mut events) = watched().await;
    let first = stage.send("first").await;
    let second = stage.send("second").await;
    stage.server.set_trouble(Trouble {
        channels: BTreeMap::from([(
            stage.scene.channel_arn.clone(),
            vec![CallbackFault::Throttle],
        )]),
        messages: BTreeMap::from([(second.clone(), vec![CallbackFault::Failure])]),
        ..Trouble::default()
    });
    let (one, two) = (events.recv().await.unwrap(), events.recv().await.unwrap());
    let (one, two) = if one.text("MessageId") == first { (one, two) } else { (two, one) };
    assert_eq!(
        error_code(&two.callback(&stage.client).send().await.unwrap_err()),
        "ServiceFailureException"
    );
    assert_eq!(
        error_code(&one.callback(&stage.client).send().await.unwrap_err()),
        "ThrottledClientException"
    );
    one.callback(&stage.client).send().await.unwrap();
    two.callback(&stage.client).send().await.unwrap();
}

#[tokio::test]
async fn seeded_chance_loses_and_doubles_nothing() {
    let rate = |fault, share| Rate { fault, share };
    let stage = answered(|options| {
        options.seed = Some(7);
        options.trouble = Trouble {
            rates: vec![
                rate(CallbackFault::Conflict, 0.1),
                rate(CallbackFault::Throttle, 0.1),
                rate(CallbackFault::Failure, 0.1),
                rate(CallbackFault::Unavailable, 0.1),
                rate(CallbackFault::HangUp, 0.1),
                rate(CallbackFault::LoseAnswer, 0.1),
                rate(CallbackFault::SlowMs(20), 0.1),
            ],
            duplicates: 1,
            duplicate_delay_ms: 3,
            duplicate_share: 0.3,
            seed: 7,
            ..Trouble::default()
        };
    })
    .await;
    for n in 0..150 {
        stage.send(&format!("hello {n}")).await;
    }
    assert!(stage.server.await_quiet(PATIENCE).await);
    let books = stage.server.books();
    assert_eq!(books.messages.len(), 150);
    assert!(
        books.messages.iter().all(|book| book.accepted == 1 && book.status == Some(Status::Sent))
    );
    assert!(books.messages.iter().any(|book| book.hung_up > 0));
    assert!(books.messages.iter().any(|book| book.answers_lost > 0));
    assert!(books.messages.iter().any(|book| book.invocations == 2));
    assert!(books.messages.iter().any(|book| book.invocations == 1));
}

#[tokio::test]
async fn trouble_and_books_are_read_and_set_over_http() {
    let stage = answered(|_| {}).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = |path: &str| format!("{}/local-chime/{path}", stage.server.url());
    let put = http
        .put(url("trouble"))
        .body(r#"{"script": ["throttle", {"slow_ms": 5}]}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), 204);
    let trouble = http.get(url("trouble")).send().await.unwrap().bytes().await.unwrap();
    let trouble: Trouble = serde_json::from_slice(&trouble).unwrap();
    assert_eq!(trouble.script, [CallbackFault::Throttle, CallbackFault::SlowMs(5)]);
    let wrong = http.put(url("trouble")).body(r#"{"skript": []}"#).send().await.unwrap();
    assert_eq!(wrong.status(), 400);

    let id = stage.message("canary").metadata("canary").send().await.unwrap().message_id.unwrap();
    assert_eq!(stage.settle(&id).await, Status::Sent);
    let books = http.get(url("books")).send().await.unwrap().bytes().await.unwrap();
    assert!(
        !String::from_utf8_lossy(&books).to_lowercase().contains("canary"),
        "the books have text in them"
    );
    let books: local_chime::Books = serde_json::from_slice(&books).unwrap();
    assert_eq!(books, stage.server.books());
    assert_eq!(books.message(&id).unwrap().refused, BTreeMap::from([(429, 1)]));
    let one = http.get(url(&format!("books/{id}"))).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(
        Some(&serde_json::from_slice::<local_chime::MessageBook>(&one).unwrap()),
        books.message(&id)
    );
}
