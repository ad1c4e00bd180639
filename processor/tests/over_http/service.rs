//! A server of the service's side, over plain sockets: it says what a script tells it to say,
//! breaks off where the script breaks off, and counts which callbacks it accepted.

use std::collections::{HashSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Takes the callback; says 403, as the service does, when it was taken before.
    Accept,
    /// Takes it, and cuts the connection instead of answering.
    AcceptAndCut,
    /// Takes it, and answers too late.
    AcceptAndStall(Duration),
    /// Does not take it, and answers too late.
    Stall(Duration),
    /// Answers with a status, an error code and a message.
    Say(u16, &'static str, String),
    /// Answers 200 with a body.
    Body(Vec<u8>),
}

impl Step {
    pub(crate) fn status(status: u16, code: &'static str) -> Self {
        Self::Say(status, code, "scripted".to_owned())
    }

    pub(crate) fn forbidden() -> Self {
        let said = "You do not have sufficient access to perform this action.";
        Self::Say(403, "Forbidden", said.to_owned())
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct State {
    script: VecDeque<Step>,
    otherwise: Option<Step>,
    requests: Vec<Request>,
    answered: HashSet<String>,
    accepted: Vec<Value>,
    connections: usize,
}

#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// A server that follows the script and then accepts.
    pub(crate) fn new(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::on(listener, script.into_iter().collect(), None)
    }

    /// A server that follows the script and then always does the same.
    pub(crate) fn then(script: impl IntoIterator<Item = Step>, step: Step) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::on(listener, script.into_iter().collect(), Some(step))
    }

    /// A server that always does the same.
    pub(crate) fn always(step: Step) -> Self {
        Self::then([], step)
    }

    /// Has it do the same from now on.
    pub(crate) fn change(&self, step: Step) {
        let mut state = self.state.lock().unwrap();
        state.script.clear();
        state.otherwise = Some(step);
    }

    /// A server whose port refuses connections for a while.
    pub(crate) fn late(after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let state = Arc::<Mutex<State>>::default();
        let server = Self { address, state: Arc::clone(&state) };
        thread::spawn(move || {
            thread::sleep(after);
            serve(&TcpListener::bind(address).unwrap(), &state);
        });
        server
    }

    fn on(listener: TcpListener, script: VecDeque<Step>, otherwise: Option<Step>) -> Self {
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { script, otherwise, ..State::default() }));
        let own = Arc::clone(&state);
        thread::spawn(move || serve(&listener, &own));
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Bodies of the callbacks that were taken.
    pub(crate) fn accepted(&self) -> Vec<Value> {
        self.state.lock().unwrap().accepted.clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }
}

fn serve(listener: &TcpListener, state: &Arc<Mutex<State>>) {
    for stream in listener.incoming() {
        let state = Arc::clone(state);
        state.lock().unwrap().connections += 1;
        thread::spawn(move || {
            let stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while let Some(request) = read(&mut reader) {
                if !respond(&stream, &request, &state) {
                    return;
                }
            }
        });
    }
}

pub(crate) fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut parts = line.split_whitespace();
    let method = parts.next()?.to_owned();
    let path = parts.next()?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let find = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, v)| v);
    let mut body = Vec::new();
    if let Some(length) = find("content-length") {
        body.resize(length.parse().ok()?, 0);
        reader.read_exact(&mut body).ok()?;
    } else if find("transfer-encoding").is_some() {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }
    Some(Request { method, path, headers, body })
}

pub(crate) fn write(
    mut stream: &TcpStream,
    status: u16,
    headers: &[(&str, &str)],
    body: &[u8],
) -> bool {
    let mut response = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        response.extend([name, ": ", value, "\r\n"]);
    }
    response.push_str("\r\n");
    let mut response = response.into_bytes();
    response.extend_from_slice(body);
    stream.write_all(&response).is_ok()
}

/// Says whether the connection stays.
fn respond(stream: &TcpStream, request: &Request, state: &Mutex<State>) -> bool {
    let (step, fresh) = {
        let mut state = state.lock().unwrap();
        state.requests.push(request.clone());
        let step = state.script.pop_front().or_else(|| state.otherwise.clone());
        let step = step.unwrap_or(Step::Accept);
        let takes = matches!(step, Step::Accept | Step::AcceptAndCut | Step::AcceptAndStall(_));
        let fresh = takes && {
            let body = request.json();
            let fresh = state.answered.insert(body["CallbackId"].as_str().unwrap().to_owned());
            if fresh {
                state.accepted.push(body);
            }
            fresh
        };
        (step, fresh)
    };
    let error = |status: u16, code: &str, said: &str| {
        let body = serde_json::json!({"Code": code, "Message": said}).to_string();
        let kind = format!("{code}Exception");
        write(stream, status, &[("x-amzn-errortype", &kind)], body.as_bytes())
    };
    match step {
        Step::AcceptAndCut => false,
        Step::AcceptAndStall(time) | Step::Stall(time) => {
            thread::sleep(time);
            false
        }
        Step::Accept if fresh => write(stream, 200, &[], b"{\"CallbackId\":\"taken\"}"),
        Step::Accept => {
            error(403, "Forbidden", "You do not have sufficient access to perform this action.")
        }
        Step::Say(status, code, said) => error(status, code, &said),
        Step::Body(body) => write(stream, 200, &[], &body),
    }
}
