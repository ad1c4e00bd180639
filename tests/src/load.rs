//! Many messages over many channels, through the service and processes of the processor: none lost,
//! none answered twice, each as the policy says, in the order in which the service took them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use local_chime::{Books, FallbackAction, Furniture, MessageBook, Options, Server, Status, Target};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rules::policy::NoResources;
use rules::{Message, Outcome, Policy, Progress};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::platform::{CANARY, Function, Instance, Order, Watch};
use crate::root;

const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:flow:live";
/// How many clients send at once.
const CLIENTS: usize = 8;
/// How many messages are on their way at once, for each processor: so many that none is idle, and
/// so few that what is measured is not a queue.
const IN_FLIGHT: usize = 4;
/// How long the last messages may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// By how much a processor's memory may grow from a tenth of the run to its end: what is left of
/// filling caches of bounded size.
const GROWTH: f64 = 1.10;
/// The same in bytes, for runs so short that a tenth of them is the start.
const GROWTH_BYTES: u64 = 1_536 << 10;

/// How much load.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Messages in all; a multiple of the channels.
    pub messages: usize,
    /// Channels.
    pub channels: usize,
    /// Processes of the processor.
    pub processors: usize,
    /// What the messages are drawn from.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    load: Load,
    /// Whatever is not as it must be.
    pub problems: Vec<String>,
    elapsed: Duration,
    /// From the event's handing over to the invocation's end.
    times: Vec<Duration>,
    /// From the service's taking the message to its taking the answer, in milliseconds.
    waits: Vec<i64>,
    /// Each processor's memory in bytes, at a tenth of the run and at its end.
    memory: Vec<(u64, u64)>,
    outcomes: [usize; 3],
}

/// A message to send, and what must become of it.
#[derive(Clone)]
struct Draft {
    content: String,
    metadata: Option<String>,
    /// `None`: members never see it.
    seen: Option<(String, Option<String>)>,
    changed: bool,
}

/// Runs the load against the processor's binary, which judges by the policy that is built in.
pub async fn run(load: Load, processor: &Path) -> Report {
    let policy = std::fs::read_to_string(root().join("policy.toml")).expect("there is a policy");
    let policy = Policy::load(&policy, &NoResources).expect("the policy has no mistakes");
    let server = Server::start(Options::default()).await.expect("the service starts");
    let scene = server.furnish(&["alice", "bob"], FUNCTION, FallbackAction::Abort);
    let client = Arc::new(Client::new(server.url(), scene));
    let channels = client.channels(load.channels).await;
    let each = load.messages / load.channels;
    let drafts: Arc<Vec<Vec<Draft>>> = Arc::new(
        (0..load.channels)
            .map(|channel| {
                (0..each).map(|number| draft(&policy, load.seed, channel, number)).collect()
            })
            .collect(),
    );

    let watch = Arc::new(Watch::default());
    let instances: Vec<Arc<Instance>> = (0..load.processors)
        .map(|_| {
            let function = Function::new("processor", processor.to_owned(), &server);
            Instance::new(function, Arc::clone(&watch))
        })
        .collect();
    let places = Arc::new(Semaphore::new(IN_FLIGHT * load.processors));
    server.set_default_target(flow(&instances, &places));

    let began = Instant::now();
    let sent = Arc::new(AtomicUsize::new(0));
    let mut senders = JoinSet::new();
    for sender in 0..CLIENTS {
        let (client, drafts) = (Arc::clone(&client), Arc::clone(&drafts));
        let (places, sent) = (Arc::clone(&places), Arc::clone(&sent));
        let own: Vec<(usize, String)> = channels
            .iter()
            .cloned()
            .enumerate()
            .filter(|(channel, _)| channel % CLIENTS == sender)
            .collect();
        senders.spawn(async move {
            let mut ids = Vec::new();
            for number in 0..each {
                for (channel, arn) in &own {
                    let Some(draft) = drafts.get(*channel).and_then(|all| all.get(number)) else {
                        continue;
                    };
                    places.acquire().await.expect("nobody closes it").forget();
                    let token = format!("{channel}-{number}");
                    ids.push((*channel, client.send(arn, draft, &token).await));
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            }
            ids
        });
    }
    while sent.load(Ordering::Relaxed) * 10 < load.messages {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let early = residents(&instances).await;
    let mut ids: Vec<Vec<String>> = vec![Vec::new(); load.channels];
    for (channel, id) in senders.join_all().await.into_iter().flatten() {
        if let Some(channel) = ids.get_mut(channel) {
            channel.push(id);
        }
    }
    let quiet = server.await_quiet(PATIENCE).await;
    let elapsed = began.elapsed();
    let late = residents(&instances).await;

    let books = server.books();
    let mut report = Report {
        load,
        problems: Vec::new(),
        elapsed,
        times: watch.times(),
        waits: waits(&books),
        memory: early.into_iter().zip(late).collect(),
        outcomes: [0; 3],
    };
    if !quiet {
        report.problems.push("deliveries are still under way".to_owned());
    }
    report.examine(&books, &drafts, &ids);
    report.memory_is_flat();
    if watch.lines() != u64::try_from(load.messages).unwrap_or_default() {
        report
            .problems
            .push(format!("{} lines were printed, and not one for each message", watch.lines()));
    }
    report.problems.extend(watch.leaks().into_iter().map(|line| format!("printed: {line}")));
    for (channel, arn) in channels.iter().enumerate() {
        let listed = client.list(arn).await;
        let (Some(drafts), Some(ids)) = (drafts.get(channel), ids.get(channel)) else { continue };
        if listed != seen(ids, drafts) {
            report.problems.push(format!("channel {channel} does not read as it was written"));
        }
    }
    report
}

/// What members read of a channel, in order: ids, contents and metadata.
fn seen(ids: &[String], drafts: &[Draft]) -> Vec<(String, String, Option<String>)> {
    let seen = |(id, draft): (&String, &Draft)| {
        let (content, metadata) = draft.seen.clone()?;
        Some((id.clone(), content, metadata))
    };
    ids.iter().zip(drafts).filter_map(seen).collect()
}

impl Report {
    /// The books: every message answered once, as the policy says.
    fn examine(&mut self, books: &Books, drafts: &[Vec<Draft>], ids: &[Vec<String>]) {
        let by_id: HashMap<&str, &MessageBook> =
            books.messages.iter().map(|book| (book.message_id.as_str(), book)).collect();
        for (draft, id) in drafts.iter().flatten().zip(ids.iter().flatten()) {
            let Some(book) = by_id.get(id.as_str()) else {
                self.problems.push(format!("{id} is not in the books"));
                continue;
            };
            let status = if draft.seen.is_some() { Status::Sent } else { Status::Denied };
            let once = (book.rounds, book.invocations, book.callback_attempts, book.accepted);
            if once != (1, 1, 1, 1) || book.dead_lettered > 0 {
                self.problems.push(format!("{id} was not answered once, at once: {book:?}"));
            }
            if book.status != Some(status) {
                self.problems.push(format!("{id} is {:?}, and should be {status}", book.status));
            }
            let [passed, updated, denied] = &mut self.outcomes;
            *match (draft.seen.is_some(), draft.changed) {
                (false, _) => denied,
                (true, true) => updated,
                (true, false) => passed,
            } += 1;
        }
        let messages = u64::try_from(self.load.messages).unwrap_or_default();
        let totals = &books.totals;
        let counted = (totals.messages, totals.rounds, totals.accepted, totals.unknown_callbacks);
        if counted != (messages, messages, messages, 0) {
            self.problems.push(format!("the sums are wrong: {totals:?}"));
        }
    }

    fn memory_is_flat(&mut self) {
        if self.memory.len() != self.load.processors {
            self.problems.push("a processor is gone".to_owned());
        }
        for (early, late) in &self.memory {
            let grown = late.saturating_sub(*early);
            if grown > GROWTH_BYTES && ratio(*late, *early) > GROWTH {
                self.problems.push(format!("a processor grew from {early} to {late} bytes"));
            }
        }
    }

    /// The figures, as a table for the documentation.
    pub fn table(&self) -> String {
        let Load { messages, channels, processors, .. } = self.load;
        let [passed, updated, denied] = self.outcomes;
        let seconds = self.elapsed.as_secs_f64();
        let rate = f64::from(u32::try_from(messages).unwrap_or(u32::MAX)) / seconds;
        let millis = |at| {
            let time = percentile(&self.times, at).copied().unwrap_or_default();
            time.as_secs_f64() * 1e3
        };
        let wait = |at| percentile(&self.waits, at).copied().unwrap_or_default();
        let mut table = format!(
            "{messages} messages over {channels} channels: {passed} passed, {updated} changed, \
             {denied} denied. {processors} processes of the release binary with the policy that is \
             built in; clients, service and processes share this machine's {cores} cores.\n\n\
             | | |\n| --- | --- |\n\
             | lost, answered twice, out of order, not as the policy says | {problems} |\n\
             | messages a second | {rate:.0} |\n\
             | event to accepted callback, as the runtime interface sees it, p50 | {p50:.2} ms |\n\
             | p99 | {p99:.2} ms |\n\
             | message taken to answer taken, as the service sees it, p50 | {w50} ms |\n\
             | p99 | {w99} ms |\n",
            cores = std::thread::available_parallelism().map_or(1, usize::from),
            problems = self.problems.len(),
            p50 = millis(50),
            p99 = millis(99),
            w50 = wait(50),
            w99 = wait(99),
        );
        for (number, (early, late)) in self.memory.iter().enumerate() {
            let _written = writeln!(
                table,
                "| memory of process {}, at a tenth of the run and at its end | {:.1} MB, {:.1} MB |",
                number + 1,
                ratio(*early, 1 << 20),
                ratio(*late, 1 << 20),
            );
        }
        table
    }
}

/// The instances behind the flow; each message that has come to its end makes room for another.
fn flow(instances: &[Arc<Instance>], places: &Arc<Semaphore>) -> Target {
    let targets = instances.iter().map(|instance| {
        let (instance, places) = (Arc::clone(instance), Arc::clone(places));
        Target::in_process(move |event| {
            let (instance, places) = (Arc::clone(&instance), Arc::clone(&places));
            async move {
                let ended = instance.invoke(event, &Order::default()).await;
                places.add_permits(1);
                ended
            }
        })
    });
    Target::fleet(targets.collect())
}

async fn residents(instances: &[Arc<Instance>]) -> Vec<u64> {
    let mut all = Vec::new();
    for instance in instances {
        all.extend(instance.memory().await.map(|memory| memory.now));
    }
    all
}

fn waits(books: &Books) -> Vec<i64> {
    let mut waits: Vec<i64> = books
        .messages
        .iter()
        .filter_map(|book| Some(book.history.last()?.at_ms - book.history.first()?.at_ms))
        .collect();
    waits.sort_unstable();
    waits
}

fn percentile<T>(sorted: &[T], at: usize) -> Option<&T> {
    sorted.get((sorted.len() * at / 100).min(sorted.len().saturating_sub(1)))
}

fn ratio(one: u64, other: u64) -> f64 {
    let number = |value| f64::from(u32::try_from(value).unwrap_or(u32::MAX));
    number(one) / number(other.max(1))
}

/// A message of everyday chat, some of it with what the policy acts on; its own for each place.
fn draft(policy: &Policy, seed: u64, channel: usize, number: usize) -> Draft {
    let place = u64::try_from(channel << 20 | number).unwrap_or_default();
    let random = &mut Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place);
    let chat = |random: &mut Rng| {
        let words = [
            "hello",
            "are you coming",
            "tonight",
            "the train leaves at seven",
            "grüße aus köln",
            "как дела",
            "👍🏽",
            "order 2041 was sent",
            "see you",
            "maybe tomorrow, then",
            "元気ですか",
        ];
        let count = random.usize(1..12);
        let chosen: Vec<&str> =
            (0..count).map(|_| *random.choice(&words).unwrap_or(&"hello")).collect();
        format!("{CANARY} {channel}.{number} {}", chosen.join(" "))
    };
    let mut content = chat(random);
    let mut metadata = random.bool().then(|| format!(r#"{{"client":"{CANARY}","n":{number}}}"#));
    match random.u32(..20) {
        0..2 => content.push_str(" my card is 4111 1111 1111 1111"),
        2 => content.push_str(" pay to DE89 3704 0044 0532 0130 00"),
        3 => metadata = Some(r#"{"note":"378282246310005"}"#.to_owned()),
        4 => content.push_str(", I will kill you"),
        5 => content.push_str(" oh sh1t"),
        6 => content.push_str(" https://www.buy-followers.example/now"),
        7 => content.push_str(" write to alice@example.com"),
        8 => {
            while content.len() < 3_000 {
                content.push(' ');
                content.push_str(&chat(random));
            }
        }
        _ => {}
    }
    let message = Message {
        content: content.as_str().into(),
        metadata: metadata.as_deref().map(Into::into),
        ..Message::default()
    };
    let Progress::Done(verdict) = policy.evaluate(&message) else {
        panic!("the policy that is built in asks nobody");
    };
    let changed = matches!(verdict.outcome, Outcome::Update(_));
    let seen = match verdict.outcome {
        Outcome::Pass => Some((content.clone(), metadata.clone())),
        Outcome::Update(after) => Some((
            after.content.as_str().to_owned(),
            after.metadata.as_ref().map(|text| text.as_str().to_owned()),
        )),
        Outcome::Deny | Outcome::Abort(_) => None,
    };
    Draft { content, metadata, seen, changed }
}

/// A client of the service: Alice writes, Bob reads.
struct Client {
    http: reqwest::Client,
    url: String,
    scene: Furniture,
}

impl Client {
    fn new(url: String, scene: Furniture) -> Self {
        let http = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build();
        Self { http: http.expect("a client can be made"), url, scene }
    }

    async fn call(
        &self,
        request: reqwest::RequestBuilder,
        bearer: &str,
        body: Option<Value>,
    ) -> Value {
        let request = request.header("x-amz-chime-bearer", bearer);
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        let response = request.send().await.expect("the service answers");
        let status = response.status();
        let body = response.bytes().await.expect("the answer is whole");
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap_or_default()
    }

    fn path(&self, channel: &str, rest: &str) -> String {
        format!("{}/channels/{}{rest}", self.url, utf8_percent_encode(channel, NON_ALPHANUMERIC))
    }

    /// Channels with Alice and Bob in them, behind the flow.
    async fn channels(&self, count: usize) -> Vec<String> {
        let mut channels = Vec::new();
        for number in 0..count {
            let body = json!({
                "AppInstanceArn": self.scene.app_instance_arn,
                "Name": format!("channel {number}"),
                "MemberArns": self.scene.user_arns,
                "ClientRequestToken": format!("channel-{number}"),
            });
            let request = self.http.post(format!("{}/channels", self.url));
            let made = self.call(request, &self.scene.admin_arn, Some(body)).await;
            let arn = text(&made, "ChannelArn").expect("a channel has an ARN");
            let body = json!({ "ChannelFlowArn": self.scene.channel_flow_arn });
            let request = self.http.put(self.path(&arn, "/channel-flow"));
            self.call(request, &self.scene.admin_arn, Some(body)).await;
            channels.push(arn);
        }
        channels
    }

    /// Alice sends; the message's id.
    async fn send(&self, channel: &str, draft: &Draft, token: &str) -> String {
        let mut body = json!({
            "Content": draft.content,
            "Type": "STANDARD",
            "Persistence": "PERSISTENT",
            "ClientRequestToken": token,
        });
        if let (Some(metadata), Some(fields)) = (&draft.metadata, body.as_object_mut()) {
            fields.insert("Metadata".to_owned(), metadata.as_str().into());
        }
        let alice = self.scene.user_arns.first().expect("Alice is there");
        let request = self.http.post(self.path(channel, "/messages"));
        let sent = self.call(request, alice, Some(body)).await;
        text(&sent, "MessageId").expect("a message has an id")
    }

    /// What Bob reads, oldest first.
    async fn list(&self, channel: &str) -> Vec<(String, String, Option<String>)> {
        let bob = self.scene.user_arns.get(1).expect("Bob is there");
        let mut messages = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let mut path = self.path(channel, "/messages?sort-order=ASCENDING&max-results=50");
            if let Some(next) = &next {
                let _written = write!(path, "&next-token={next}");
            }
            let page = self.call(self.http.get(path), bob, None).await;
            let listed = page.get("ChannelMessages").and_then(Value::as_array);
            messages.extend(listed.into_iter().flatten().map(|message| {
                let field = |name| text(message, name);
                (
                    field("MessageId").unwrap_or_default(),
                    field("Content").unwrap_or_default(),
                    field("Metadata"),
                )
            }));
            next = text(&page, "NextToken");
            if next.is_none() {
                return messages;
            }
        }
    }
}

fn text(json: &Value, name: &str) -> Option<String> {
    json.get(name).and_then(Value::as_str).map(str::to_owned)
}
