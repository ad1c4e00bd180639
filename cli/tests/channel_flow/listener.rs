//! A service that answers one request over HTTP.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

/// A service at a port of its own.
pub(crate) struct Listener {
    pub(crate) url: String,
    request: JoinHandle<String>,
}

impl Listener {
    /// Answers the next request with this JSON.
    pub(crate) fn answering(body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let request = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut part = [0; 4096];
            loop {
                let read = connection.read(&mut part).unwrap();
                assert!(read > 0, "the request is cut off");
                request.extend(part.iter().take(read));
                let text = String::from_utf8_lossy(&request);
                let Some((head, behind)) = text.split_once("\r\n\r\n") else { continue };
                let length = head
                    .lines()
                    .filter_map(|line| {
                        line.to_ascii_lowercase()
                            .strip_prefix("content-length: ")
                            .map(str::to_owned)
                    })
                    .find_map(|length| length.parse::<usize>().ok())
                    .unwrap();
                if behind.len() >= length {
                    break;
                }
            }
            let length = body.len();
            write!(connection, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").unwrap();
            String::from_utf8(request).unwrap()
        });
        Self { url, request }
    }

    /// The request that came.
    pub(crate) fn request(self) -> String {
        self.request.join().unwrap()
    }
}
