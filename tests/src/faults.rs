//! Messages under a seeded plan of faults: whatever befalls the processes, the service, the policy
//! file and the webhook, each message ends where the plan and the policy say, once.

mod ending;
mod hook;
mod http;
mod plan;
mod policies;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use local_chime::{
    FailedInvocation, FallbackAction, MessageBook, Options, Outcome, Server, Status, Trouble,
};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

pub use ending::{Ending, Reply, ending};
pub use plan::{Fate, Plan};
pub use policies::Policies;

use crate::platform::{CANARY, Function, Instance, Order, Strike, Watch, target};
use hook::Webhook;
use plan::{Start, TRIES, digest};

/// How long a message may take to its end, its repetitions included.
const PATIENCE: Duration = Duration::from_mins(2);
/// How many messages are on their way at once.
const AT_ONCE: usize = 24;

/// The two functions' binaries.
#[derive(Clone, Debug)]
pub struct Binaries {
    /// The processor.
    pub processor: PathBuf,
    /// The last resort.
    pub last_resort: PathBuf,
}

/// What came of a plan.
#[derive(Debug, Default)]
pub struct Report {
    /// Names where each message ended and what members see of it; the same for each run of a plan.
    pub outcome: String,
    /// Whatever is not as it must be.
    pub problems: Vec<String>,
    /// Messages that the processor answered.
    pub by_processor: u32,
    /// Messages that the last resort answered.
    pub by_last_resort: u32,
    /// Messages in the dead-letter queue that have no answer.
    pub unanswered: u32,
    /// Messages in the dead-letter queue that have one all the same: a false alarm.
    pub false_alarms: u32,
    /// Invocations of the processor.
    pub invocations: u64,
    /// Of those, failed ones.
    pub failed_invocations: u64,
    /// Callbacks that reached the service.
    pub callbacks: u64,
}

/// Runs a plan with `processors` instances of the processor.
pub async fn run(plan: Plan, binaries: &Binaries, processors: usize) -> Report {
    let plan = Arc::new(plan);
    let server = Server::start(Options {
        retry_delay: Duration::from_millis(5),
        fallback: plan.fallback,
        ..Options::default()
    })
    .await
    .expect("the service starts");
    server.set_trouble(trouble(&plan));
    let webhook = Arc::new(Webhook::start(&plan).await);
    let policies = Arc::new(Policies::new(webhook.url(), &nobody()));
    let watch = Arc::new(Watch::default());
    let folder = Folder::new(plan.seed);

    let function = |name: &str, binary: &PathBuf| {
        let mut function = Function::new(name, binary.clone(), &server);
        let fallback = match plan.fallback {
            FallbackAction::Abort => "ABORT",
            FallbackAction::Continue => "CONTINUE",
        };
        function.environment.push(("FALLBACK_ACTION".to_owned(), fallback.to_owned()));
        function.gated = true;
        function
    };
    let instances: Vec<_> = (0..processors)
        .map(|number| {
            let mut function = function("processor", &binaries.processor);
            let path = folder.0.join(format!("policy-{number}.toml"));
            function.policy = Some((path, policies.usual_text.clone()));
            Instance::new(function, Arc::clone(&watch))
        })
        .collect();
    let last_resorts: Vec<_> = (0..2)
        .map(|_| Instance::new(function("last-resort", &binaries.last_resort), Arc::clone(&watch)))
        .collect();

    let orders = Arc::new(Orders {
        plan: Arc::clone(&plan),
        policies: Arc::clone(&policies),
        webhook: Arc::clone(&webhook),
        processors: Count::default(),
        last_resorts: Count::default(),
    });
    let for_last_resort = Arc::clone(&orders);
    server.set_default_target(target(&instances, move |event| orders.processor(event)));
    server.set_on_failure(target(&last_resorts, move |record| for_last_resort.last_resort(record)));

    let failures = Arc::new(Failures::default());
    let told = Arc::clone(&failures);
    server.watch_failures(move |failed| told.note(failed));

    let server = Arc::new(server);
    let outcomes = deliver(&server, &plan).await;
    let mut report = Report::default();
    if !server.await_quiet(PATIENCE).await {
        report.problems.push("deliveries are still under way".to_owned());
    }
    examine(&server, &plan, &policies, &outcomes, &failures, &mut report);
    if webhook.unredacted() > 0 {
        let count = webhook.unredacted();
        report.problems.push(format!("the webhook saw {count} tickets that a rule hides"));
    }
    report.problems.extend(watch.leaks().into_iter().map(|line| format!("printed: {line}")));
    report
}

/// The plan's faults that are the service's.
fn trouble(plan: &Plan) -> Trouble {
    let mut trouble = Trouble { duplicate_delay_ms: 3, ..Trouble::default() };
    for (number, fate) in plan.fates.iter().enumerate() {
        let mut script = fate.script.clone();
        if fate.down {
            // More than all invocations can meet within their time.
            script.extend([local_chime::CallbackFault::Unavailable; 200]);
        }
        trouble.messages.insert(message_id(number), script);
        trouble.copies.insert(message_id(number), fate.copies);
    }
    trouble
}

async fn deliver(server: &Arc<Server>, plan: &Arc<Plan>) -> Vec<Outcome> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut messages = JoinSet::new();
    for number in 0..plan.fates.len() {
        let place = Arc::clone(&places).acquire_owned().await.expect("nobody closes it");
        let (server, plan) = (Arc::clone(server), Arc::clone(plan));
        messages.spawn(async move {
            let _place = place;
            let event = event(&plan, number);
            let outcome = server.deliver(event, PATIENCE).await;
            (number, outcome.expect("the service takes the event"))
        });
    }
    let mut outcomes = messages.join_all().await;
    outcomes.sort_by_key(|(number, _)| *number);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// The service's books against the plan.
fn examine(
    server: &Server,
    plan: &Plan,
    policies: &Policies,
    outcomes: &[Outcome],
    failures: &Failures,
    report: &mut Report,
) {
    let books = server.books();
    let by_id: HashMap<&str, &MessageBook> =
        books.messages.iter().map(|book| (book.message_id.as_str(), book)).collect();
    let mut accepted = 0;
    let mut ends = String::new();
    for (number, (fate, outcome)) in plan.fates.iter().zip(outcomes).enumerate() {
        let mut wrong = |why: String| {
            let failed = failures.of(&outcome.message_id);
            let problem = format!("m{number}: {why}\n  {fate:?}\n  failed: {failed}");
            report.problems.push(problem);
        };
        let Some(book) = by_id.get(outcome.message_id.as_str()) else {
            wrong("it is not in the books".to_owned());
            continue;
        };
        accepted += u64::from(book.accepted);
        if book.accepted > 1 {
            wrong(format!("{} callbacks were accepted", book.accepted));
        }
        if book.accepted == 0 && book.dead_lettered == 0 {
            wrong(format!("it has no answer and is not in the queue: {book:?}"));
        }
        let got =
            outcome.seen.as_ref().map(|body| (body.content.as_str(), body.metadata.as_deref()));
        let want = ending(fate, plan.fallback, policies);
        let (status, seen) = match &want {
            Ending::Processor(reply) | Ending::LastResort(reply) => match reply {
                Reply::Deliver(content, metadata) => {
                    (Status::Sent, Some((content.as_str(), metadata.as_deref())))
                }
                Reply::Delete => (Status::Denied, None),
            },
            Ending::Unanswered => (Status::Pending, None),
        };
        match want {
            Ending::Processor(_) => report.by_processor += 1,
            Ending::LastResort(_) => report.by_last_resort += 1,
            Ending::Unanswered => report.unanswered += 1,
        }
        report.false_alarms += u32::from(book.accepted > 0 && book.dead_lettered > 0);
        // The status of a moment ago may be that of a delivery that was still under way.
        let now = book.status.unwrap_or(outcome.status);
        if (now, got) != (status, seen) {
            wrong(format!(
                "it is {now} and {got:?}, and should be {status} and {seen:?}: {book:?}"
            ));
        }
        let _written = writeln!(ends, "{number} {now} {got:?}");
    }
    let totals = server.totals();
    if totals.accepted != accepted {
        report.problems.push(format!("{} were accepted in all, not {accepted}", totals.accepted));
    }
    if totals.unknown_callbacks > 0 {
        let count = totals.unknown_callbacks;
        report.problems.push(format!("{count} callbacks had an invented CallbackId"));
    }
    report.outcome = digest(|text| text.write_str(&ends));
    report.invocations = totals.invocations;
    report.failed_invocations = totals.failed_invocations;
    report.callbacks = totals.callback_attempts;
}

/// Who is invoked for the how many-th time, and what the plan has for it.
struct Orders {
    plan: Arc<Plan>,
    policies: Arc<Policies>,
    webhook: Arc<Webhook>,
    processors: Count,
    last_resorts: Count,
}

impl Orders {
    fn processor(&self, event: &Bytes) -> Order {
        let event: Value = serde_json::from_slice(event).unwrap_or_default();
        let Some((number, fate)) = self.fate(&event) else { return Order::default() };
        let one = fate.tries.get(self.processors.next(number));
        let (start, strike) =
            one.map_or((Start::Warm, Strike::None), |one| (one.start, one.strike));
        let notice = Arc::<Notify>::default();
        if strike == Strike::AtHook {
            self.webhook.expect(number, Arc::clone(&notice));
        }
        Order {
            launch: self.policies.launch(start),
            strike,
            time: fate.time(strike),
            notice,
            payload: None,
        }
    }

    fn last_resort(&self, record: &Bytes) -> Order {
        let record: Value = serde_json::from_slice(record).unwrap_or_default();
        let Some(event) = record.get("requestPayload") else { return Order::default() };
        let Some((number, fate)) = self.fate(event) else { return Order::default() };
        let strike = fate.last.get(self.last_resorts.next(number)).copied();
        let strike = strike.unwrap_or(Strike::None);
        Order { strike, time: fate.time(strike), ..Order::default() }
    }

    fn fate(&self, event: &Value) -> Option<(usize, &Fate)> {
        let id = event.get("ChannelMessage")?.get("MessageId")?.as_str()?;
        let number = id.rsplit('-').next()?.parse().ok()?;
        Some((number, self.plan.fates.get(number)?))
    }
}

/// Why the processor's invocations failed, for whoever asks why a message did not end as planned.
#[derive(Default)]
struct Failures(Mutex<HashMap<String, Vec<String>>>);

impl Failures {
    fn note(&self, failed: &FailedInvocation) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reason = format!("{} ({})", failed.error, failed.attempt);
        failures.entry(failed.message_id.clone()).or_default().push(reason);
    }

    /// Those for a message, in the order in which they failed.
    fn of(&self, message_id: &str) -> String {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(message_id).map_or_else(|| "none".to_owned(), |reasons| reasons.join(", "))
    }
}

/// How often each message was invoked for.
#[derive(Default)]
struct Count(Mutex<HashMap<usize, usize>>);

impl Count {
    /// How often before.
    fn next(&self, number: usize) -> usize {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(number).or_default();
        *count += 1;
        *count - 1
    }
}

/// The message's id: its number is in it.
fn message_id(number: usize) -> String {
    format!("message-{number:024}")
}

fn event(plan: &Plan, number: usize) -> Vec<u8> {
    let fate = plan.fates.get(number).expect("each number is a message's");
    let mut message = json!({
        "MessageId": message_id(number),
        "ChannelArn": format!("{}/channel/c{}", policies::INSTANCE, number % 20),
        "Content": fate.content,
        "Sender": { "Arn": fate.sender.arn(), "Name": CANARY },
        "Persistence": "PERSISTENT",
        "Type": "STANDARD",
        "CreatedTimestamp": "2026-08-14T10:00:00.123Z",
    });
    if let (Some(metadata), Some(fields)) = (&fate.metadata, message.as_object_mut()) {
        fields.insert("Metadata".to_owned(), metadata.as_str().into());
    }
    let event = json!({
        "EventType": "CHANNEL_MESSAGE_EVENT",
        "CallbackId": format!("callback-{number:027}"),
        "ChannelMessage": message,
    });
    event.to_string().into_bytes()
}

/// An address that nobody listens at.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    format!("http://{address}/check")
}

/// A folder for policy files. It is removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(seed: u64) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("faults-{}-{seed}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Says what is wrong with a run and how to repeat it.
pub fn complaint(seed: u64, messages: u32, plan_digest: &str, report: &Report) -> String {
    let mut text = format!(
        "seed {seed}, plan {plan_digest}: {} of {messages} messages or more are not as they must be; \
         `cargo xtask faults --seed {seed} --messages {messages} --runs 1` repeats it\n",
        report.problems.len()
    );
    for problem in report.problems.iter().take(8) {
        let _written = writeln!(text, "- {problem}");
    }
    text
}

const _: () = assert!(TRIES == 3, "as often as local-chime tries");
