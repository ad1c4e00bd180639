//! What happens when a processor cannot be invoked, fails, or is behind a Lambda endpoint.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use local_chime::{FallbackAction, Options, Server, Status, Target, TargetError, Trouble};
use tokio::task::JoinSet;

use crate::stage::{PATIENCE, Stage, answered};

/// Nothing listens there: the port was free a moment ago.
async fn nowhere() -> Target {
    let server = Server::start(Options::default()).await.unwrap();
    let url = server.url();
    server.shutdown().await.unwrap();
    Target::LambdaEndpoint { url, function: None }
}

#[tokio::test]
async fn a_processor_that_cannot_be_invoked_is_what_the_fallback_is_for() {
    let unreachable = [None, Some(nowhere().await), Some(Target::fleet(Vec::new()))];
    for default_target in unreachable {
        let options = || Options { default_target: default_target.clone(), ..Options::default() };
        let aborting = Stage::with_fallback(options(), FallbackAction::Abort).await;
        let id = aborting.send("hello").await;
        assert_eq!(aborting.settle(&id).await, Status::Failed);
        assert_eq!(aborting.read(aborting.bob(), &id).await, None);
        assert_eq!(
            aborting.read(aborting.alice(), &id).await,
            Some(("hello".into(), "FAILED".into()))
        );
        assert_eq!(aborting.status(aborting.alice(), &id).await, "FAILED");
        let book = aborting.server.book(&id).unwrap();
        assert_eq!((book.invocations, book.fallback), (0, Some(FallbackAction::Abort)));

        let continuing = Stage::with_fallback(options(), FallbackAction::Continue).await;
        let id = continuing.send("hello").await;
        assert_eq!(continuing.settle(&id).await, Status::Sent);
        assert_eq!(
            continuing.read(continuing.bob(), &id).await,
            Some(("hello".into(), "SENT".into()))
        );
    }
}

#[tokio::test]
async fn whoever_watches_is_told_why_an_invocation_came_to_nothing() {
    let told_of = |stage: &Stage| {
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        stage.server.watch_failures(move |failed| keep.lock().unwrap().push(failed.clone()));
        told
    };
    let default_target = Some(nowhere().await);
    let options = Options { default_target, ..Options::default() };
    let stage = Stage::with_fallback(options, FallbackAction::Abort).await;
    let told = told_of(&stage);
    let id = stage.send("hello").await;
    assert_eq!(stage.settle(&id).await, Status::Failed);
    let failed = told.lock().unwrap()[0].clone();
    assert_eq!((failed.message_id, failed.attempt), (id, 1));
    assert_eq!(failed.error, TargetError::Unreachable("no connection".into()));

    let stage = answered(|_| {}).await;
    let told = told_of(&stage);
    stage.send("hello").await;
    stage.send("crash").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    let attempts: Vec<_> = told.lock().unwrap().iter().map(|failed| failed.attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
    let crash = TargetError::Failed("panicked".into());
    assert!(told.lock().unwrap().iter().all(|failed| failed.error == crash));
}

#[tokio::test]
async fn trouble_makes_a_processor_unreachable() {
    let stage =
        answered(|options| options.trouble = Trouble { unreachable: true, ..Trouble::default() })
            .await;
    let id = stage.send("hello").await;
    assert_eq!(stage.settle(&id).await, Status::Failed);
    stage.server.set_trouble(Trouble::default());
    let id = stage.send("hello").await;
    assert_eq!(stage.settle(&id).await, Status::Sent);
}

#[tokio::test]
async fn a_processor_that_fails_is_tried_thrice_and_then_dead_lettered_with_the_message_pending() {
    let stage = answered(|_| {}).await;
    let id = stage.send("crash").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.invocations, book.failed_invocations, book.accepted), (3, 3, 0));
    assert_eq!((book.dead_lettered, book.fallback), (1, None));
    let letters = stage.server.dead_letters();
    let [(letter, event)] = letters.as_slice() else { panic!("not one letter") };
    assert_eq!((letter.message_id.as_str(), letter.reason.as_str()), (id.as_str(), "panicked"));
    assert!(String::from_utf8_lossy(event).contains(&id));
    assert_eq!(stage.server.books().dead_letters.len(), 1);
}

#[tokio::test]
async fn a_retry_can_succeed() {
    let tries = Arc::new(AtomicU32::new(0));
    let counted = tries.clone();
    let target = Target::in_process(move |_event| {
        let failed = counted.fetch_add(1, Ordering::SeqCst) < 2;
        std::future::ready(if failed {
            Err(TargetError::Failed("Runtime.ExitError".into()))
        } else {
            Ok(())
        })
    });
    let stage = Stage::new(Options { default_target: Some(target), ..Options::default() }).await;
    let id = stage.send("hello").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.invocations, book.failed_invocations, book.dead_lettered), (3, 2, 0));
}

#[tokio::test]
async fn a_processor_that_hangs_fails_at_its_timeout() {
    let target = Target::in_process(|_event| std::future::pending());
    let options = Options {
        default_target: Some(target),
        invocation_timeout: Duration::from_millis(20),
        ..Options::default()
    };
    let stage = Stage::new(options).await;
    stage.send("hello").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    assert_eq!(stage.server.books().dead_letters[0].reason, "timed out");
}

#[tokio::test]
async fn the_last_resort_gets_the_failure_record_and_answers() {
    let stage = answered(|_| {}).await;
    let client = stage.client.clone();
    stage.server.set_on_failure(Target::in_process(move |record| {
        let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
        assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
        assert_eq!(record["requestContext"]["approximateInvokeCount"], 3);
        let event = crate::stage::Event(record["requestPayload"].clone());
        let client = client.clone();
        async move {
            event.callback(&client).delete_resource(true).send().await.unwrap();
            Ok(())
        }
    }));
    let id = stage.send("crash").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.status, book.accepted), (Some(Status::Denied), 1));
    assert_eq!((book.last_resorts, book.dead_lettered), (1, 0));
}

#[tokio::test]
async fn a_last_resort_that_fails_too_leaves_a_dead_letter() {
    let stage = answered(|options| {
        options.on_failure = Some(Target::in_process(|_| {
            std::future::ready(Err(TargetError::Failed("Unhandled".into())))
        }));
    })
    .await;
    let id = stage.send("crash").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    let book = stage.server.book(&id).unwrap();
    assert_eq!((book.last_resorts, book.dead_lettered), (3, 1));
}

/// An endpoint that answers as the function's name asks, and calls of which are counted.
async fn endpoint() -> (String, Arc<AtomicU32>, JoinSet<()>) {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let invoke = move |Path(name): Path<String>, body: Bytes| {
        counted.fetch_add(1, Ordering::SeqCst);
        assert!(
            serde_json::from_slice::<serde_json::Value>(&body).unwrap().get("CallbackId").is_some()
        );
        let mut headers = HeaderMap::new();
        let (status, body) = match name.as_str() {
            "flow" | "function" => (StatusCode::OK, "null"),
            "function-error" => {
                headers.insert("x-amz-function-error", "Unhandled".parse().unwrap());
                (StatusCode::OK, "{}")
            }
            "emulator-error" => {
                (StatusCode::OK, r#"{"errorType": "Runtime.ExitError", "errorMessage": "canary"}"#)
            }
            "unavailable" => (StatusCode::SERVICE_UNAVAILABLE, ""),
            _ => (StatusCode::NOT_FOUND, r#"{"Type": "User", "Message": "Function not found"}"#),
        };
        std::future::ready((status, headers, body))
    };
    let router = Router::new().route("/2015-03-31/functions/{name}/invocations", post(invoke));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, calls, serving)
}

#[tokio::test]
async fn a_lambda_endpoints_answers_are_told_apart() {
    let (url, calls, _serving) = endpoint().await;
    for (function, invoked, reason) in [
        (None, 1, None),
        (Some("function"), 1, None),
        (Some("function-error"), 3, Some("function error")),
        (Some("emulator-error"), 3, Some("Runtime.ExitError")),
        (Some("unavailable"), 3, Some("HTTP 503")),
    ] {
        calls.store(0, Ordering::SeqCst);
        let target =
            Target::LambdaEndpoint { url: url.clone(), function: function.map(str::to_owned) };
        let stage =
            Stage::new(Options { default_target: Some(target), ..Options::default() }).await;
        let id = stage.send("hello").await;
        assert!(stage.server.await_quiet(PATIENCE).await);
        assert_eq!(calls.load(Ordering::SeqCst), invoked, "{function:?}");
        assert_eq!(
            stage.server.books().dead_letters.first().map(|letter| letter.reason.as_str()),
            reason,
            "{function:?}"
        );
        assert_eq!(stage.status(stage.alice(), &id).await, "PENDING");
    }
    let deleted = Target::LambdaEndpoint { url, function: Some("deleted".into()) };
    let stage = Stage::new(Options { default_target: Some(deleted), ..Options::default() }).await;
    let id = stage.send("hello").await;
    assert_eq!(stage.settle(&id).await, Status::Failed);
}

#[tokio::test]
async fn an_instance_of_a_fleet_takes_one_event_at_a_time() {
    let (at_work, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let instance = || {
        let (at_work, most) = (at_work.clone(), most.clone());
        Target::in_process(move |_event| {
            let (at_work, most) = (at_work.clone(), most.clone());
            async move {
                most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                at_work.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        })
    };
    let fleet = Target::fleet(vec![instance(), instance(), instance()]);
    let stage = Stage::new(Options { default_target: Some(fleet), ..Options::default() }).await;
    for _ in 0..30 {
        stage.send("hello").await;
    }
    assert!(stage.server.await_quiet(PATIENCE).await);
    assert_eq!(stage.server.totals().invocations, 30);
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_processor_is_found_by_its_functions_name_before_the_default() {
    let counter = || {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let target = Target::in_process(move |_event| {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(()))
        });
        (calls, target)
    };
    let ((named, target), (other, default_target)) = (counter(), counter());
    let options = Options {
        targets: [("flow".to_owned(), target)].into(),
        default_target: Some(default_target),
        ..Options::default()
    };
    let stage = Stage::new(options).await;
    stage.send("hello").await;
    assert!(stage.server.await_quiet(PATIENCE).await);
    assert_eq!((named.load(Ordering::SeqCst), other.load(Ordering::SeqCst)), (1, 0));
}
