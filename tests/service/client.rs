//! A minimal HTTP client, written by hand so that tests control every byte.

use std::net::SocketAddr;

use flow::serde_json::{self, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn of(text: &[u8]) -> Self {
        let text = std::str::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The first header with this lowercase name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The body of a problem, after checking its form.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        let problem = self.json();
        assert_eq!((self.status, &problem["status"]), (status, &status.into()), "{problem}");
        assert_eq!(problem["type"], format!("/problems/{name}"), "{problem}");
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
        problem
    }
}

/// Sends `POST /x` or `GET /x` with header lines and a body; adds the content length.
pub(crate) async fn send(to: SocketAddr, request: &str, headers: &[&str], body: &str) -> Answer {
    let length = format!("content-length: {}", body.len());
    let headers = if request.starts_with("POST") { &[headers, &[&length]].concat()[..] } else { headers };
    read(open(to, request, headers, body).await).await
}

/// The same without waiting for the answer. A `host` header replaces the default one.
pub(crate) async fn open(to: SocketAddr, request: &str, headers: &[&str], body: &str) -> TcpStream {
    let mut head = format!("{request} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|header| header.starts_with("host:")) {
        head += &format!("host: {to}\r\n");
    }
    headers.iter().for_each(|header| head += &format!("{header}\r\n"));
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.unwrap();
    stream
}

/// A connection for several requests.
pub(crate) struct Connection {
    to: SocketAddr,
    stream: TcpStream,
}

impl Connection {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        Self { to, stream: TcpStream::connect(to).await.unwrap() }
    }

    /// Sends one request and reads its answer, which must have a content length.
    pub(crate) async fn send(&mut self, request: &str, headers: &[&str], body: &str) -> Answer {
        let mut head = format!("{request} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", self.to, body.len());
        headers.iter().for_each(|header| head += &format!("{header}\r\n"));
        self.stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.unwrap();
        let mut text = Vec::new();
        while !text.ends_with(b"\r\n\r\n") {
            text.push(self.stream.read_u8().await.unwrap());
        }
        let mut answer = Answer::of(&text);
        let length = answer.header("content-length").expect("a length").parse().unwrap();
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }
}

pub(crate) async fn read(mut stream: TcpStream) -> Answer {
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    Answer::of(&text)
}
