//! Where a scenario plays: requests go in, answers come out, and the service can be looked at.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{Value, json};

use crate::{
    chime::{ANSWERS, Chime, SECRET},
    emulator::Emulator,
    in_process::InProcess,
};

/// Makes each scenario two tests: one in this process, one with the built binary.
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        mod in_process {
            $(#[tokio::test(start_paused = true)]
            async fn $name() {
                super::$name(crate::stage::Stage::in_process()).await;
            })+
        }
        mod emulated {
            $(#[tokio::test]
            async fn $name() {
                if let Some(stage) = crate::stage::Stage::emulated("provisioner").await {
                    super::$name(stage).await;
                }
            })+
        }
    };
}
pub(crate) use scenarios;

pub(crate) struct Stage {
    pub chime: Arc<Chime>,
    provisioner: Provisioner,
    address: String,
    requests: usize,
}

enum Provisioner {
    InProcess(InProcess),
    Emulated(Emulator),
}

/// A resource of the stack, as CloudFormation remembers it.
#[derive(Clone, Debug)]
pub(crate) struct Remembered {
    pub physical_id: String,
    pub properties: Value,
}

impl Stage {
    pub(crate) fn in_process() -> Self {
        let chime = Arc::new(Chime::new());
        let provisioner = Provisioner::InProcess(InProcess::new(Arc::clone(&chime)));
        Self { chime, provisioner, address: "http://answers.invalid".to_owned(), requests: 0 }
    }

    /// The built binary; nothing if the machine has no emulator and said so.
    pub(crate) async fn emulated(binary: &str) -> Option<Self> {
        let chime = Arc::new(Chime::new());
        let address = crate::server::start(Arc::clone(&chime)).await;
        let emulator = Emulator::start(binary, &address, &BTreeMap::new()).await?;
        Some(Self { chime, provisioner: Provisioner::Emulated(emulator), address, requests: 0 })
    }

    /// The time limit of an invocation.
    pub(crate) fn limit() -> Duration {
        Duration::from_secs(crate::emulator::TIMEOUT_SECONDS)
    }

    /// The event of CloudFormation, with a response URL that nobody must see.
    #[expect(clippy::needless_pass_by_value, reason = "the fields are written where it is called")]
    pub(crate) fn event(&mut self, kind: &str, resource: &str, fields: Value) -> Value {
        self.requests += 1;
        let logical_id = resource.trim_start_matches("Custom::");
        let mut event = json!({
            "RequestType": kind,
            "ServiceToken": "arn:aws:lambda:us-east-1:111122223333:function:provisioner",
            "ResponseURL": format!("{}{ANSWERS}?X-Amz-Signature={SECRET}", self.address),
            "StackId": "arn:aws:cloudformation:us-east-1:111122223333:stack/moderation/1",
            "RequestId": format!("00000000-0000-4000-8000-{:012}", self.requests),
            "ResourceType": resource,
            "LogicalResourceId": logical_id,
        });
        for (name, value) in fields.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }

    /// Sends an event, twice as Lambda may, and gives the answer, which must be one and the same.
    pub(crate) async fn send(&mut self, event: &Value) -> Value {
        let first = self.send_once(event).await;
        let again = self.send_once(event).await;
        assert_eq!(first, again, "a repeated request was answered differently");
        first
    }

    /// Sends an event once.
    pub(crate) async fn send_once(&mut self, event: &Value) -> Value {
        let before = self.chime.state().answers.len();
        self.invoke(event).await;
        let state = self.chime.state();
        assert_eq!(state.answers.len(), before + 1, "not exactly one answer");
        assert_eq!(state.complaints, Vec::<String>::new());
        let answer = state.answers.last().unwrap().clone();
        for field in ["StackId", "RequestId", "LogicalResourceId"] {
            assert_eq!(answer[field], event[field], "{answer}");
        }
        assert!(!answer["PhysicalResourceId"].as_str().unwrap().is_empty(), "{answer}");
        answer
    }

    /// Invokes the function; the result is its own, not CloudFormation's.
    pub(crate) async fn invoke(&mut self, event: &Value) -> Value {
        match &mut self.provisioner {
            Provisioner::InProcess(provisioner) => provisioner.invoke(event).await,
            Provisioner::Emulated(emulator) => {
                let result = emulator.invoke(event).await;
                assert!(!emulator.log().contains(SECRET), "the response URL is in the log");
                result
            }
        }
    }

    pub(crate) async fn create(&mut self, resource: &str, properties: Value) -> Remembered {
        let event = self.event("Create", resource, json!({"ResourceProperties": properties}));
        let answer = self.send(&event).await;
        let physical_id = succeeded(&answer, "Created");
        Remembered { physical_id, properties }
    }

    /// Updates, checks what is said about it, and gives what CloudFormation remembers from then on.
    pub(crate) async fn update(
        &mut self,
        resource: &str,
        before: &Remembered,
        properties: Value,
        change: &str,
    ) -> Remembered {
        let event = self.update_event(resource, before, &properties);
        let answer = self.send(&event).await;
        let physical_id = succeeded(&answer, change);
        assert_eq!(physical_id == before.physical_id, change == "UpdatedInPlace", "{answer}");
        Remembered { physical_id, properties }
    }

    pub(crate) fn update_event(
        &mut self,
        resource: &str,
        before: &Remembered,
        properties: &Value,
    ) -> Value {
        let fields = json!({
            "PhysicalResourceId": before.physical_id,
            "ResourceProperties": properties,
            "OldResourceProperties": before.properties,
        });
        self.event("Update", resource, fields)
    }

    pub(crate) async fn delete(&mut self, resource: &str, present: &Remembered) {
        let event = self.delete_event(resource, present);
        let answer = self.send(&event).await;
        assert_eq!(succeeded(&answer, "Deleted"), present.physical_id);
    }

    pub(crate) fn delete_event(&mut self, resource: &str, present: &Remembered) -> Value {
        let fields = json!({
            "PhysicalResourceId": present.physical_id,
            "ResourceProperties": present.properties,
        });
        self.event("Delete", resource, fields)
    }

    /// A create that must fail; gives the answer.
    pub(crate) async fn fail_to_create(&mut self, resource: &str, properties: &Value) -> Value {
        let event = self.event("Create", resource, json!({"ResourceProperties": properties}));
        let answer = self.send_once(&event).await;
        assert_eq!(answer["Status"], "FAILED", "{answer}");
        answer
    }

    /// What CloudFormation sends after a failed create: a delete with the id of the answer.
    pub(crate) async fn roll_back_create(
        &mut self,
        resource: &str,
        answer: &Value,
        properties: Value,
    ) -> Value {
        let physical_id = answer["PhysicalResourceId"].as_str().unwrap().to_owned();
        let event = self.delete_event(resource, &Remembered { physical_id, properties });
        self.send(&event).await
    }
}

/// Checks that the answer is a success with this change, and gives the physical id.
pub(crate) fn succeeded(answer: &Value, change: &str) -> String {
    assert_eq!(answer["Status"], "SUCCESS", "{answer}");
    assert_eq!(answer["Data"]["Change"], change, "{answer}");
    answer["PhysicalResourceId"].as_str().unwrap().to_owned()
}

/// The reason of an answer that must be a failure.
pub(crate) fn reason(answer: &Value) -> &str {
    assert_eq!(answer["Status"], "FAILED", "{answer}");
    answer["Reason"].as_str().unwrap()
}
