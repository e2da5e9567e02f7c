//! A server that answers with exact bytes and records requests.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The response on one connection, after its request was read.
#[derive(Clone)]
pub(crate) enum Script {
    /// These bytes, then close.
    Bytes(Vec<u8>),
    /// These bytes, then silence without closing.
    Silence(Vec<u8>),
    /// An endless chunked body.
    Endless,
    /// These bytes, then keep the connection for the next request.
    Keep(Vec<u8>),
}

pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The request line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Server {
    /// Serves one script per connection; the last one repeats.
    pub(crate) async fn start(scripts: impl Into<Vec<Script>>) -> Self {
        let scripts = scripts.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let log = seen.clone();
        tokio::spawn(async move {
            for turn in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let script = scripts[turn.min(scripts.len() - 1)].clone();
                tokio::spawn(play(stream, script, log.clone()));
            }
        });
        Self { url, seen }
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "one attempt is one request: {seen:?}");
        seen.into_iter().next().unwrap()
    }
}

async fn play(mut stream: TcpStream, script: Script, log: Arc<Mutex<Vec<Seen>>>) {
    while let Some(request) = read(&mut stream).await {
        log.lock().unwrap().push(request);
        match &script {
            Script::Bytes(bytes) => return drop(stream.write_all(bytes).await),
            Script::Keep(bytes) => drop(stream.write_all(bytes).await),
            Script::Silence(bytes) => {
                let _ = stream.write_all(bytes).await;
                return std::future::pending().await;
            }
            Script::Endless => return endless(stream).await,
        }
    }
}

async fn endless(mut stream: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut sent = stream.write_all(head.as_bytes()).await;
    while sent.is_ok() {
        sent = stream.write_all(b"400\r\n").await;
        sent = sent.and(stream.write_all(&[b' '; 0x400]).await).and(stream.write_all(b"\r\n").await);
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = |line: &str| line.to_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok();
    let mut body = vec![0; head.lines().find_map(length).unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen { head: head.to_lowercase(), body: serde_json::from_slice(&body).unwrap() })
}

/// A complete response.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
