//! The answer: exactly one, whatever happens.

use std::{pin::Pin, sync::Arc, time::Duration};

use provisioner::{
    courier::{Courier, Undelivered},
    failure::Failure,
    grant::PROVISIONER,
    handler::{self, Desk, Unanswered},
    pace::Pace,
    request::{Request, ResponseUrl},
    resource::{Definition, Done},
    service::Session,
};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    chime::{Chime, Fault},
    in_process::service,
    names::{INSTANCE, user},
    stage::{Stage, reason, scenarios, succeeded},
};

const ADMIN: &str = "Custom::AppInstanceAdmin";

fn admin() -> Value {
    json!({"AppInstanceArn": INSTANCE, "AppInstanceUserArn": user("alice")})
}

scenarios!(
    an_answer_that_is_refused_is_put_again,
    an_answer_that_is_never_taken_is_an_error_so_that_lambda_comes_back,
    an_unknown_type_is_named_with_those_that_are_known,
    a_malformed_event_is_answered,
    an_event_without_an_address_is_an_error,
    a_service_that_never_answers_is_reported_in_time,
    a_service_that_always_throttles_is_reported,
);

async fn an_answer_that_is_refused_is_put_again(mut stage: Stage) {
    stage.chime.state().refused_answers.extend([503, 403, 500]);
    let event = stage.event("Create", ADMIN, json!({"ResourceProperties": admin()}));
    succeeded(&stage.send_once(&event).await, "Created");
    assert_eq!(stage.chime.count("CreateAppInstanceAdmin"), 1);
}

async fn an_answer_that_is_never_taken_is_an_error_so_that_lambda_comes_back(mut stage: Stage) {
    stage.chime.state().refused_answers.extend([503; 1000]);
    let event = stage.event("Create", ADMIN, json!({"ResourceProperties": admin()}));
    let result = stage.invoke(&event).await.to_string();
    assert!(result.contains("the response URL answered 503"), "{result}");
    assert_eq!(stage.chime.state().answers, Vec::<Value>::new());
    // Lambda runs the request again.
    stage.chime.state().refused_answers.clear();
    succeeded(&stage.send_once(&event).await, "Created");
}

async fn an_unknown_type_is_named_with_those_that_are_known(mut stage: Stage) {
    let answer = stage.fail_to_create("Custom::AppInstanceAdmln", &json!({})).await;
    for part in ["`Custom::AppInstanceAdmln` is not a resource", "Custom::AppInstanceAdmin, "] {
        assert!(reason(&answer).contains(part), "{answer}");
    }
    let answer = stage.roll_back_create("Custom::AppInstanceAdmln", &answer, json!({})).await;
    succeeded(&answer, "NothingToDelete");
}

async fn a_malformed_event_is_answered(mut stage: Stage) {
    let malformed = [
        ("Describe", json!({"ResourceProperties": {}})),
        ("Create", json!({"ResourceProperties": "none"})),
        ("Create", json!({"ResourceProperties": {}, "ResourceType": 7})),
        ("Update", json!({"ResourceProperties": {}, "PhysicalResourceId": "arn"})),
        ("Delete", json!({"ResourceProperties": {}})),
    ];
    for (kind, fields) in malformed {
        let event = stage.event(kind, ADMIN, fields);
        let answer = stage.send(&event).await;
        assert!(reason(&answer).contains("the event is malformed"), "{answer}");
    }
}

async fn an_event_without_an_address_is_an_error(mut stage: Stage) {
    let mut event = stage.event("Create", ADMIN, json!({"ResourceProperties": admin()}));
    event.as_object_mut().unwrap().remove("ResponseURL");
    let result = stage.invoke(&event).await.to_string();
    assert!(result.contains("the event has no `ResponseURL`"), "{result}");
    assert_eq!(stage.chime.state().calls, []);
}

async fn a_service_that_never_answers_is_reported_in_time(mut stage: Stage) {
    stage.chime.order("CreateAppInstanceAdmin", [Fault::Hang; 50]);
    let event = stage.event("Create", ADMIN, json!({"ResourceProperties": admin()}));
    let started = tokio::time::Instant::now();
    let answer = stage.send_once(&event).await;
    assert!(started.elapsed() < Stage::limit(), "answered too late");
    assert!(reason(&answer).contains("the function's time is over"), "{answer}");
    // It may have been done, so the id is the real one, and the delete looks.
    assert_eq!(answer["PhysicalResourceId"], user("alice"));
    stage.chime.state().faults.clear();
    succeeded(&stage.roll_back_create(ADMIN, &answer, admin()).await, "Deleted");
}

async fn a_service_that_always_throttles_is_reported(mut stage: Stage) {
    stage.chime.order("CreateAppInstanceAdmin", [Fault::Refuse(429); 500]);
    let answer = stage.fail_to_create(ADMIN, &admin()).await;
    let told = reason(&answer);
    assert!(told.contains("throttled") || told.contains("time is over"), "{answer}");
}

/// Keeps what is put.
#[derive(Default)]
struct Keeper(Mutex<Vec<Value>>);

impl Courier for Keeper {
    async fn put(&self, _: &ResponseUrl, body: Vec<u8>) -> Result<(), Undelivered> {
        self.0.lock().await.push(serde_json::from_slice(&body).unwrap());
        Ok(())
    }
}

type Work<'a> = Pin<Box<dyn Future<Output = Result<Done, Failure>> + 'a>>;

fn panics<'a>(_: &'a Request, _: &'a Session<'_>) -> Work<'a> {
    Box::pin(async { panic!("the secret text of a message") })
}

fn panics_at_once<'a>(_: &'a Request, _: &'a Session<'_>) -> Work<'a> {
    panic!("the secret text of a message")
}

fn never_ends<'a>(_: &'a Request, _: &'a Session<'_>) -> Work<'a> {
    Box::pin(std::future::pending())
}

async fn answers_of(
    registry: &[Definition],
    time: Duration,
) -> (Vec<Value>, Result<(), Unanswered>) {
    let chime = Arc::new(Chime::new());
    let service = service(&chime, &PROVISIONER);
    let courier = Keeper::default();
    let desk = Desk { registry, courier: &courier, pace: Pace::default(), log_stream: "s" };
    let event = json!({
        "RequestType": "Create", "ResponseURL": "https://example.org", "RequestId": "r",
        "StackId": "s", "LogicalResourceId": "Broken", "ResourceType": "Custom::Broken",
        "ResourceProperties": {},
    });
    let result = handler::handle(event, time, &service.session(), &desk).await;
    (courier.0.into_inner(), result)
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_without_its_message() {
    for serve in [panics, panics_at_once] {
        let registry = [Definition { name: "Custom::Broken", serve, physical_id: |_| None }];
        let (answers, result) = answers_of(&registry, Duration::from_secs(10)).await;
        assert_eq!(result, Ok(()));
        let [answer] = answers.as_slice() else { panic!("not one answer: {answers:?}") };
        assert!(reason(answer).contains("the provisioner panicked"), "{answer}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_never_ends_is_answered_before_the_deadline() {
    let registry =
        [Definition { name: "Custom::Broken", serve: never_ends, physical_id: |_| None }];
    for seconds in [0, 1, 3, 60, 900] {
        let time = Duration::from_secs(seconds);
        let started = tokio::time::Instant::now();
        let (answers, result) = answers_of(&registry, time).await;
        assert!(started.elapsed() <= time);
        if seconds > 0 {
            assert_eq!((answers.len(), result), (1, Ok(())), "{seconds} s");
            assert!(reason(&answers[0]).contains("the function's time is over"));
        }
    }
}
