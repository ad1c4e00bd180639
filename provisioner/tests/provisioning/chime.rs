//! The identity and messaging services, as far as the provisioner speaks to them, and the other end
//! of an answer: states, refusals and the faults that a test orders.
//!
//! It is strict where the real service is known to be unhelpful: what is not there is *Forbidden*
//! (except where the model lists *not found*), a second admin and a second flow are a conflict, and
//! nobody acts in the name of somebody who is no admin.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use crate::names::{INSTANCE, OTHER_INSTANCE, user};

/// How many items a page of a listing has here: small, so that there are several.
const PAGE: usize = 50;

/// The path under which answers to CloudFormation are put, and the secret in their address.
pub(crate) const ANSWERS: &str = "/answers";
pub(crate) const SECRET: &str = "f00dfeedc0ffee";

#[derive(Debug, Default)]
pub(crate) struct Chime {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub instances: BTreeMap<String, Instance>,
    /// Which flow each channel has.
    pub channels: BTreeMap<String, Option<String>>,
    /// Every operation that came in, with what it was about.
    pub calls: Vec<(String, String)>,
    /// What goes wrong with the next calls of an operation.
    pub faults: BTreeMap<String, VecDeque<Fault>>,
    /// Whether each distinct call is throttled the first time.
    pub throttles_every_first_call: bool,
    throttled: BTreeSet<(String, String)>,
    /// The answers to CloudFormation.
    pub answers: Vec<Value>,
    /// With which status the next answers are refused.
    pub refused_answers: VecDeque<u16>,
    /// What was wrong with the form of a request.
    pub complaints: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Instance {
    pub users: BTreeSet<String>,
    pub admins: BTreeSet<String>,
    pub flows: BTreeSet<String>,
    pub streaming: BTreeMap<String, String>,
    pub retention: Option<i64>,
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused, and not done.
    Refuse(u16),
    /// It is done, and then the answer is lost.
    LoseTheAnswer,
    /// It is never answered.
    Hang,
    /// Nothing: this call is served.
    Serve,
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub method: String,
    /// Undecoded.
    pub path: String,
    pub query: String,
    pub bearer: Option<String>,
    pub content_type: Option<String>,
    pub content_length: Option<String>,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Response {
    Answer(u16, Value),
    /// The connection stays open, and nothing comes.
    Nothing,
}

type Answered = Result<(u16, Value), (u16, &'static str)>;

const FORBIDDEN: (u16, &str) = (403, "You do not have sufficient access to perform this action.");

impl Chime {
    /// With one app instance of two users, and an empty other one.
    pub(crate) fn new() -> Self {
        let chime = Self::default();
        let users = ["alice", "bob"].map(user);
        let instance = Instance { users: users.into(), ..Instance::default() };
        chime.state().instances.insert(INSTANCE.to_owned(), instance);
        chime.state().instances.insert(OTHER_INSTANCE.to_owned(), Instance::default());
        chime
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Orders what goes wrong with the next calls of an operation.
    pub(crate) fn order(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.entry(operation.to_owned()).or_default().extend(faults);
    }

    /// How often an operation came in.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.state().calls.iter().filter(|(name, _)| name == operation).count()
    }

    pub(crate) fn respond(&self, request: &Request) -> Response {
        if request.path.starts_with(ANSWERS) {
            return self.take_answer(request);
        }
        let mut state = self.state();
        let Some((operation, subject)) = route(request) else {
            state.complaints.push(format!("no operation at {} {}", request.method, request.path));
            return refusal(404, "UnknownOperationException");
        };
        let call = (operation.to_owned(), subject.join(" "));
        state.calls.push(call.clone());
        if state.throttles_every_first_call && state.throttled.insert(call) {
            return refusal(429, "Slow down.");
        }
        let fault = state.faults.get_mut(operation).and_then(VecDeque::pop_front);
        match fault {
            Some(Fault::Hang) => return Response::Nothing,
            Some(Fault::Refuse(status)) => return refusal(status, "Ordered by the test."),
            Some(Fault::LoseTheAnswer | Fault::Serve) | None => {}
        }
        let answered = state.serve(operation, &subject, request);
        match (fault, answered) {
            (Some(Fault::LoseTheAnswer), _) => refusal(500, "Something broke."),
            (_, Ok((status, body))) => Response::Answer(status, body),
            (_, Err((status, message))) => refusal(status, message),
        }
    }

    fn take_answer(&self, request: &Request) -> Response {
        let mut state = self.state();
        let mut complain = |wrong: bool, what: &str| {
            if wrong {
                state.complaints.push(format!("the answer {what}"));
            }
        };
        // What S3 insists on with an address signed for CloudFormation.
        complain(request.method != "PUT", "was not put");
        complain(!request.query.contains(SECRET), "lost its signature");
        complain(
            request.content_type.as_deref().is_some_and(|kind| !kind.is_empty()),
            "has a content type",
        );
        complain(request.content_length != Some(request.body.len().to_string()), "has no length");
        complain(request.body.len() > 4096, "is too long");
        if let Some(status) = state.refused_answers.pop_front() {
            return Response::Answer(status, Value::Null);
        }
        state.answers.push(serde_json::from_slice(&request.body).unwrap());
        Response::Answer(200, Value::Null)
    }
}

fn refusal(status: u16, message: &str) -> Response {
    let code = match status {
        400 => "BadRequest",
        401 => "UnauthorizedClient",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        429 => "ThrottledClient",
        503 => "ServiceUnavailable",
        _ => "ServiceFailure",
    };
    Response::Answer(status, json!({"Code": code, "Message": message}))
}

/// The operation, and the ARNs of its path and query.
fn route(request: &Request) -> Option<(&'static str, Vec<String>)> {
    let path: Vec<String> = request.path.trim_matches('/').split('/').map(decoded).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let owned = |arns: &[&str]| arns.iter().map(|arn| (*arn).to_owned()).collect();
    Some(match (request.method.as_str(), path.as_slice()) {
        ("GET", ["app-instances"]) => ("ListAppInstances", vec![]),
        ("GET", ["app-instances", one, "admins"]) => ("ListAppInstanceAdmins", owned(&[one])),
        ("POST", ["app-instances", one, "admins"]) => {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            ("CreateAppInstanceAdmin", owned(&[one, body["AppInstanceAdminArn"].as_str()?]))
        }
        ("DELETE", ["app-instances", one, "admins", admin]) => {
            ("DeleteAppInstanceAdmin", owned(&[one, admin]))
        }
        ("POST", ["app-instance-users"]) => {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            let instance = body["AppInstanceArn"].as_str()?;
            let made = format!("{instance}/user/{}", body["AppInstanceUserId"].as_str()?);
            ("CreateAppInstanceUser", owned(&[instance, &made]))
        }
        ("GET", ["app-instances", one, "retention-settings"]) => {
            ("GetAppInstanceRetentionSettings", owned(&[one]))
        }
        ("PUT", ["app-instances", one, "retention-settings"]) => {
            ("PutAppInstanceRetentionSettings", owned(&[one]))
        }
        ("GET", ["app-instances", one, "streaming-configurations"]) => {
            ("GetMessagingStreamingConfigurations", owned(&[one]))
        }
        ("PUT", ["app-instances", one, "streaming-configurations"]) => {
            ("PutMessagingStreamingConfigurations", owned(&[one]))
        }
        ("DELETE", ["app-instances", one, "streaming-configurations"]) => {
            ("DeleteMessagingStreamingConfigurations", owned(&[one]))
        }
        ("GET", ["channel-flows"]) => {
            ("ListChannelFlows", vec![parameter(request, "app-instance-arn")?])
        }
        ("GET", ["channels"]) if request.query.contains("scope=channel-flow-associations") => {
            ("ListChannelsAssociatedWithChannelFlow", vec![parameter(request, "channel-flow-arn")?])
        }
        ("GET", ["channels"]) => ("ListChannels", vec![parameter(request, "app-instance-arn")?]),
        ("GET", ["channel-flows", one]) => ("DescribeChannelFlow", owned(&[one])),
        ("GET", ["channels", one]) => ("DescribeChannel", owned(&[one])),
        ("PUT", ["channels", one, "channel-flow"]) => {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            ("AssociateChannelFlow", owned(&[one, body["ChannelFlowArn"].as_str()?]))
        }
        ("DELETE", ["channels", one, "channel-flow", flow]) => {
            ("DisassociateChannelFlow", owned(&[one, flow]))
        }
        _ => return None,
    })
}

impl State {
    pub(crate) fn one(&mut self) -> &mut Instance {
        self.instances.get_mut(INSTANCE).expect("the app instance is there")
    }

    /// The channels that have this flow.
    pub(crate) fn channels_with(&self, flow: &str) -> Vec<String> {
        let with = |(_, present): &(_, &Option<String>)| present.as_deref() == Some(flow);
        self.channels.iter().filter(with).map(|(channel, _)| channel.clone()).collect()
    }

    #[expect(clippy::too_many_lines, reason = "a flat list of operations")]
    fn serve(&mut self, operation: &str, subject: &[String], request: &Request) -> Answered {
        let first = subject.first().map_or("", String::as_str);
        let second = subject.get(1).map_or("", String::as_str);
        match operation {
            "ListAppInstances" => {
                let items = self.instances.keys().map(|arn| json!({"AppInstanceArn": arn}));
                Ok(page("AppInstances", items.collect(), request))
            }
            "ListAppInstanceAdmins" => {
                let admins = self.instance(first)?.admins.iter();
                let items = admins.map(|arn| json!({"Admin": {"Arn": arn, "Name": "a name"}}));
                Ok(page("AppInstanceAdmins", items.collect(), request))
            }
            "CreateAppInstanceAdmin" => {
                let instance = self.instance(first)?;
                if !instance.users.contains(second) {
                    return Err(FORBIDDEN);
                }
                if !instance.admins.insert(second.to_owned()) {
                    return Err((409, "The user is an admin."));
                }
                Ok((201, json!({"AppInstanceArn": first, "AppInstanceAdmin": {"Arn": second}})))
            }
            "CreateAppInstanceUser" => {
                if !self.instance(first)?.users.insert(second.to_owned()) {
                    return Err((409, "The user is there."));
                }
                Ok((201, json!({"AppInstanceUserArn": second})))
            }
            "DeleteAppInstanceAdmin" => {
                let removed = self.instance(first)?.admins.remove(second);
                if removed { Ok((204, Value::Null)) } else { Err(FORBIDDEN) }
            }
            "GetAppInstanceRetentionSettings" => {
                let settings =
                    self.instance(first)?.retention.map(|days| json!({"RetentionDays": days}));
                Ok((
                    200,
                    json!({"AppInstanceRetentionSettings": {"ChannelRetentionSettings": settings}}),
                ))
            }
            "PutAppInstanceRetentionSettings" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                let settings = &body["AppInstanceRetentionSettings"]["ChannelRetentionSettings"];
                if !settings.is_object() {
                    return Err((400, "ChannelRetentionSettings is missing."));
                }
                self.instance(first)?.retention = settings["RetentionDays"].as_i64();
                Ok((200, json!({})))
            }
            "GetMessagingStreamingConfigurations" => {
                let streaming = self.instance(first)?.streaming.iter();
                let items: Vec<_> = streaming
                    .map(|(kind, stream)| json!({"DataType": kind, "ResourceArn": stream}))
                    .collect();
                if items.is_empty() {
                    return Err((404, "There is no streaming configuration."));
                }
                Ok((200, json!({"StreamingConfigurations": items})))
            }
            "PutMessagingStreamingConfigurations" => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                let items = body["StreamingConfigurations"].as_array().cloned().unwrap_or_default();
                if !(1..=2).contains(&items.len()) {
                    return Err((400, "One or two configurations."));
                }
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let streaming =
                    items.iter().map(|one| (text(&one["DataType"]), text(&one["ResourceArn"])));
                self.instance(first)?.streaming = streaming.collect();
                Ok((200, json!({"StreamingConfigurations": items})))
            }
            "DeleteMessagingStreamingConfigurations" => {
                self.instance(first)?.streaming.clear();
                Ok((204, Value::Null))
            }
            "ListChannelFlows" => {
                let flows = self.instance(first)?.flows.iter();
                let items = flows.map(|arn| json!({"ChannelFlowArn": arn, "Name": "a flow"}));
                Ok(page("ChannelFlows", items.collect(), request))
            }
            "ListChannelsAssociatedWithChannelFlow" => {
                self.flow(first)?;
                let channels = self.channels_with(first);
                let items =
                    channels.iter().map(|arn| json!({"ChannelArn": arn, "Name": "a channel"}));
                Ok(page("Channels", items.collect(), request))
            }
            "ListChannels" => {
                self.admin(&format!("{first}/channel/any"), request)?;
                // Every third channel is private, and the listing shows one kind at a time.
                let wants_private = parameter(request, "privacy").as_deref() == Some("PRIVATE");
                let shown = self.channels.keys().enumerate();
                let shown = shown.filter(|(index, _)| (index % 3 == 0) == wants_private);
                let items = shown.map(|(_, arn)| json!({"ChannelArn": arn, "Name": "a channel"}));
                Ok(page("Channels", items.collect(), request))
            }
            "DescribeChannelFlow" => {
                self.flow(first)?;
                let lambda = json!({"ResourceArn": "arn:aws:lambda:f", "InvocationType": "ASYNC"});
                let processor = json!({
                    "Name": "p", "ExecutionOrder": 1, "FallbackAction": "ABORT",
                    "Configuration": {"Lambda": lambda},
                });
                Ok((
                    200,
                    json!({"ChannelFlow": {"ChannelFlowArn": first, "Processors": [processor]}}),
                ))
            }
            "DescribeChannel" => {
                self.admin(first, request)?;
                let flow = self.channels.get(first).ok_or(FORBIDDEN)?;
                Ok((200, json!({"Channel": {"ChannelArn": first, "ChannelFlowArn": flow}})))
            }
            "AssociateChannelFlow" => {
                self.admin(first, request)?;
                self.flow(second)?;
                let flow = self.channels.get_mut(first).ok_or(FORBIDDEN)?;
                if flow.is_some() {
                    return Err((409, "The channel has a flow."));
                }
                *flow = Some(second.to_owned());
                Ok((200, json!({})))
            }
            "DisassociateChannelFlow" => {
                self.admin(first, request)?;
                let flow = self.channels.get_mut(first).ok_or(FORBIDDEN)?;
                if flow.as_deref() != Some(second) {
                    return Err((400, "The channel does not have the flow."));
                }
                *flow = None;
                Ok((204, Value::Null))
            }
            other => panic!("{other} is routed and not served"),
        }
    }

    fn instance(&mut self, arn: &str) -> Result<&mut Instance, (u16, &'static str)> {
        self.instances.get_mut(arn).ok_or(FORBIDDEN)
    }

    fn flow(&mut self, arn: &str) -> Result<(), (u16, &'static str)> {
        let (owner, _) = arn.split_once("/channel-flow/").ok_or(FORBIDDEN)?;
        self.instance(owner)?.flows.get(arn).map(drop).ok_or(FORBIDDEN)
    }

    /// Whether the bearer is an admin of the channel's app instance.
    fn admin(&mut self, channel: &str, request: &Request) -> Result<(), (u16, &'static str)> {
        let (owner, _) = channel.split_once("/channel/").ok_or(FORBIDDEN)?;
        let bearer = request.bearer.clone().ok_or((400, "The bearer is missing."))?;
        self.instance(owner)?.admins.get(&bearer).map(drop).ok_or(FORBIDDEN)
    }
}

/// One page of a listing; the token is the number of items already given.
fn page(name: &str, items: Vec<Value>, request: &Request) -> (u16, Value) {
    let start = parameter(request, "next-token").map_or(0, |token| token.parse().unwrap());
    let end = start + PAGE;
    let token = (end < items.len()).then(|| end.to_string());
    let items: Vec<_> = items.into_iter().skip(start).take(PAGE).collect();
    (200, json!({name: items, "NextToken": token}))
}

fn parameter(request: &Request, name: &str) -> Option<String> {
    let mut pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}
