//! An AWS account with a deployed stack: the messaging service is `local-chime`, in front of which
//! the other services answer what is asked of them here.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Response, request::Parts};
use local_chime::{FallbackAction, Furniture, Options, Server};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::stage::{Ran, Stage, feed};

/// The alias that the stack deployed.
pub(crate) const PROCESSOR: &str = "arn:aws:lambda:us-east-1:111122223333:function:processor:live";
const LAST_RESORT: &str = "mine-LastResort-1";
const MAPPING: &str = "14e0db71-5d35-4eb5-b481-8945cf9d10c2";
const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/chime-messaging-mine";

/// The account. It ends with this value.
pub(crate) struct Account {
    pub(crate) furniture: Furniture,
    url: String,
    books: Arc<Mutex<Books>>,
    http: reqwest::Client,
    _chime: Server,
    runtime: Runtime,
}

/// What the account holds beside the messaging service.
#[derive(Clone)]
pub(crate) struct Books {
    furniture: Furniture,
    /// The processor's resource policy.
    pub(crate) policy: Option<String>,
    /// The functions' variables, by their names.
    pub(crate) variables: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    /// What IAM's simulation comes to for the processor's role.
    pub(crate) decision: &'static str,
    /// And for the last resort's.
    pub(crate) last_resort_decision: &'static str,
    /// The state of the mapping that feeds the associator; `None` when the stack has none, empty
    /// when it is gone.
    pub(crate) mapping: Option<&'static str>,
    pub(crate) encryption: &'static str,
    pub(crate) shards: u32,
    /// Operations that the caller may not call.
    pub(crate) forbidden: BTreeSet<&'static str>,
}

impl Account {
    /// A stack `mine` in which nothing is wrong.
    pub(crate) fn healthy() -> Self {
        Self::invoking(PROCESSOR)
    }

    /// One whose flow invokes this function.
    pub(crate) fn invoking(function: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let chime = runtime.block_on(Server::start(Options::default())).unwrap();
        let furniture = chime.furnish(&["alice"], function, FallbackAction::Abort);
        let permission = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "messaging.chime.amazonaws.com"},
            "Action": "lambda:InvokeFunction", "Resource": PROCESSOR,
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": "111122223333"},
                "ArnLike": {"AWS:SourceArn": format!("{}*", furniture.app_instance_arn)},
            },
        }]});
        let fallback = BTreeMap::from([("FALLBACK_ACTION", "ABORT")]);
        let books = Arc::new(Mutex::new(Books {
            furniture: furniture.clone(),
            policy: Some(permission.to_string()),
            variables: [(PROCESSOR, fallback.clone()), (LAST_RESORT, fallback)].into(),
            decision: "allowed",
            last_resort_decision: "allowed",
            mapping: Some("Enabled"),
            encryption: "KMS",
            shards: 2,
            forbidden: BTreeSet::new(),
        }));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = runtime.block_on(serve(Arc::clone(&books), http.clone(), chime.url()));
        Self { furniture, url, books, http, _chime: chime, runtime }
    }

    /// What it holds, to be changed.
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    /// Makes a channel without a flow.
    pub(crate) fn add_channel(&self, name: &str) -> String {
        let body = json!({
            "AppInstanceArn": self.furniture.app_instance_arn, "Name": name,
            "ClientRequestToken": name, "Privacy": "PRIVATE",
        });
        let request = self.http.post(format!("{}/channels", self.url)).body(body.to_string());
        self.send(request)["ChannelArn"].as_str().unwrap().to_owned()
    }

    /// Gives a channel another flow.
    pub(crate) fn give_another_flow(&self, channel: &str) {
        let body = json!({
            "AppInstanceArn": self.furniture.app_instance_arn, "Name": "other",
            "ClientRequestToken": "other", "Processors": [{
                "Name": "other", "ExecutionOrder": 1, "FallbackAction": "ABORT",
                "Configuration": {"Lambda": {"ResourceArn": PROCESSOR, "InvocationType": "ASYNC"}},
            }],
        });
        let request = self.http.post(format!("{}/channel-flows", self.url)).body(body.to_string());
        let flow = self.send(request)["ChannelFlowArn"].clone();
        let path = format!("{}/channels/{}/channel-flow", self.url, encoded(channel));
        self.send(self.http.put(path).body(json!({"ChannelFlowArn": flow}).to_string()));
    }

    /// Makes the admin a common user.
    pub(crate) fn demote(&self) {
        let Furniture { app_instance_arn, admin_arn, .. } = &self.furniture;
        let (instance, admin) = (encoded(app_instance_arn), encoded(admin_arn));
        let path = format!("{}/app-instances/{instance}/admins/{admin}", self.url);
        self.send(self.http.delete(path));
    }

    /// How many channels have the flow.
    pub(crate) fn moderated(&self) -> usize {
        let flow = encoded(&self.furniture.channel_flow_arn);
        let query = format!("scope=channel-flow-associations&channel-flow-arn={flow}");
        let listed = self.send(self.http.get(format!("{}/channels?{query}", self.url)));
        listed["Channels"].as_array().unwrap().len()
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Value {
        let request = request.header("x-amz-chime-bearer", &self.furniture.admin_arn);
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let body = answer.bytes().await.unwrap();
            assert!(status.is_success(), "{status} {}", String::from_utf8_lossy(&body));
            serde_json::from_slice(&body).unwrap_or_default()
        })
    }

    /// Runs the program with this account's credentials.
    pub(crate) fn run(&self, name: &str, arguments: &[&str]) -> Ran {
        feed(self.command(name, arguments), b"")
    }

    /// The program with this account's credentials, ready to start.
    pub(crate) fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = without_credentials(name, arguments);
        command.env("AWS_ENDPOINT_URL", &self.url).env("AWS_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        command
    }
}

/// The program on a machine that knows nothing of AWS.
pub(crate) fn without_credentials(name: &str, arguments: &[&str]) -> Command {
    let mut command = Stage::new(name).command(arguments);
    let settings: Vec<_> = std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_string_lossy().starts_with("AWS_"))
        .collect();
    for setting in settings {
        command.env_remove(setting);
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "none").env("AWS_SHARED_CREDENTIALS_FILE", "none");
    command
}

/// Starts to serve; gives the address.
async fn serve(books: Arc<Mutex<Books>>, http: reqwest::Client, chime: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |request: Request| {
        let (books, http, chime) = (Arc::clone(&books), http.clone(), chime.clone());
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            let answer = books.lock().unwrap().answer(&parts, &body);
            match answer {
                Some((status, body)) => {
                    Response::builder().status(status).body(Body::from(body)).unwrap()
                }
                None => {
                    let path = format!("{chime}{}", parts.uri.path_and_query().unwrap());
                    let forwarded = http.request(parts.method, path).headers(parts.headers);
                    let answer = forwarded.body(body).send().await.unwrap();
                    let mut response = Response::builder().status(answer.status());
                    *response.headers_mut().unwrap() = answer.headers().clone();
                    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
                }
            }
        }
    });
    #[expect(clippy::disallowed_methods, reason = "a test's server lives beside the test")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

impl Books {
    /// The answer of another service than messaging.
    fn answer(&self, head: &Parts, body: &[u8]) -> Option<(u16, String)> {
        let path = percent_decode_str(head.uri.path()).decode_utf8().unwrap();
        let parts: Vec<&str> = path.splitn(5, '/').collect();
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        if path.ends_with("/streaming-configurations") {
            let streams = json!([{"DataType": "Channel", "ResourceArn": STREAM}]);
            return Some((200, json!({"StreamingConfigurations": streams}).to_string()));
        }
        if let ["", "2015-03-31", "functions", function, operation] = parts.as_slice() {
            return Some(self.lambda(function, operation));
        }
        if let ["", "2015-03-31", "event-source-mappings", id] = parts.as_slice() {
            assert_eq!(*id, MAPPING);
            return Some(match self.mapping {
                _ if self.forbidden.contains("GetEventSourceMapping") => denied_json(),
                Some("") => {
                    let error = json!({"__type": "ResourceNotFoundException", "Message": "none"});
                    (404, error.to_string())
                }
                state => (200, json!({"UUID": MAPPING, "State": state}).to_string()),
            });
        }
        if let Some(operation) = header("x-amz-target") {
            assert_eq!(operation, "Kinesis_20131202.DescribeStreamSummary");
            return Some(self.kinesis());
        }
        let form = String::from_utf8_lossy(body);
        let fields: BTreeMap<&str, String> = form
            .split('&')
            .filter_map(|field| field.split_once('='))
            .map(|(name, value)| (name, percent_decode_str(value).decode_utf8_lossy().into()))
            .collect();
        Some(self.query(fields.get("Action")?, &fields))
    }

    fn lambda(&self, function: &str, operation: &str) -> (u16, String) {
        match operation {
            "policy" if self.forbidden.contains("GetPolicy") => denied_json(),
            "policy" => match &self.policy {
                Some(policy) => (200, json!({"Policy": policy}).to_string()),
                None => {
                    let error = json!({"__type": "ResourceNotFoundException", "Message": "none"});
                    (404, error.to_string())
                }
            },
            "configuration" if self.forbidden.contains("GetFunctionConfiguration") => denied_json(),
            "configuration" => {
                let variables = &self.variables[function];
                let name = if function == PROCESSOR { "processor" } else { "last-resort" };
                let role = format!("arn:aws:iam::111122223333:role/{name}");
                let answer = json!({"Role": role, "Environment": {"Variables": variables}});
                (200, answer.to_string())
            }
            other => panic!("{other} is not asked of Lambda"),
        }
    }

    fn kinesis(&self) -> (u16, String) {
        if self.forbidden.contains("DescribeStreamSummary") {
            return denied_json();
        }
        let summary = json!({
            "StreamName": "chime-messaging-mine", "StreamARN": STREAM, "StreamStatus": "ACTIVE",
            "RetentionPeriodHours": 24, "StreamCreationTimestamp": 1.0, "EnhancedMonitoring": [],
            "EncryptionType": self.encryption, "OpenShardCount": self.shards,
        });
        (200, json!({"StreamDescriptionSummary": summary}).to_string())
    }

    /// CloudFormation and IAM.
    fn query(&self, action: &str, fields: &BTreeMap<&str, String>) -> (u16, String) {
        let answer = |result: &str| {
            let text = format!(
                "<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
            );
            (200, text)
        };
        let error = |status, code: &str, message: &str| {
            let error = format!("<Code>{code}</Code><Message>{message}</Message>");
            (status, format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>"))
        };
        if self.forbidden.contains(action) {
            return error(403, "AccessDenied", "not authorized");
        }
        let resource = |logical: &str, physical: &str| {
            format!(
                "<StackName>mine</StackName><LogicalResourceId>{logical}</LogicalResourceId>\
                 <PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>T</ResourceType>\
                 <ResourceStatus>CREATE_COMPLETE</ResourceStatus>"
            )
        };
        let Furniture { channel_flow_arn: flow, admin_arn: admin, .. } = &self.furniture;
        match action {
            "DescribeStacks" if fields["StackName"] == "mine" => {
                let outputs: String = [
                    ("ChannelFlowArn", flow.as_str()),
                    ("AdminArn", admin.as_str()),
                    ("ProcessorArn", PROCESSOR),
                ]
                .map(|(key, value)| {
                    let key = format!("<OutputKey>{key}</OutputKey>");
                    format!("<member>{key}<OutputValue>{value}</OutputValue></member>")
                })
                .concat();
                answer(&format!(
                    "<Stacks><member><StackName>mine</StackName>\
                     <CreationTime>2026-08-14T10:00:00Z</CreationTime>\
                     <StackStatus>CREATE_COMPLETE</StackStatus>\
                     <Outputs>{outputs}</Outputs></member></Stacks>"
                ))
            }
            "DescribeStackResources" if fields["PhysicalResourceId"] == *flow => {
                let member = resource("Flow", flow);
                answer(&format!("<StackResources><member>{member}</member></StackResources>"))
            }
            "DescribeStacks" | "DescribeStackResources" => {
                error(400, "ValidationError", "Stack does not exist")
            }
            "DescribeStackResource" => {
                let name = fields["LogicalResourceId"].as_str();
                let detail = match name {
                    "LastResort" => resource(name, LAST_RESORT),
                    "NewChannels" if self.mapping.is_some() => resource(name, MAPPING),
                    _ => {
                        let message = format!("Resource {name} does not exist for stack mine");
                        return error(400, "ValidationError", &message);
                    }
                };
                answer(&format!("<StackResourceDetail>{detail}</StackResourceDetail>"))
            }
            "SimulatePrincipalPolicy" => {
                assert_eq!(fields["ActionNames.member.1"], "chime:ChannelFlowCallback");
                let channel = &fields["ResourceArns.member.1"];
                assert!(channel.starts_with(&self.furniture.app_instance_arn), "{channel}");
                let of_processor = fields["PolicySourceArn"].ends_with("/processor");
                let decision = if of_processor { self.decision } else { self.last_resort_decision };
                answer(&format!(
                    "<EvaluationResults><member>\
                     <EvalActionName>chime:ChannelFlowCallback</EvalActionName>\
                     <EvalDecision>{decision}</EvalDecision></member></EvaluationResults>"
                ))
            }
            other => panic!("{other} is not asked"),
        }
    }
}

fn denied_json() -> (u16, String) {
    (403, json!({"__type": "AccessDeniedException", "Message": "not authorized"}).to_string())
}

fn encoded(arn: &str) -> String {
    percent_encoding::utf8_percent_encode(arn, percent_encoding::NON_ALPHANUMERIC).to_string()
}
