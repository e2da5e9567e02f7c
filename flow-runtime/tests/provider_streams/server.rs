//! A server that answers each request with the next response.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a response does after a piece of it.
#[derive(Clone)]
pub(crate) enum After {
    /// Goes on at once.
    Nothing,
    /// Waits.
    Pause(Duration),
    /// Closes the connection.
    Close,
    /// Sends nothing more.
    Silence,
}

/// Pieces of a response.
pub(crate) type Response = Vec<(Vec<u8>, After)>;

pub(crate) struct Server {
    pub(crate) url: String,
    log: Arc<Mutex<Vec<(String, Value)>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub(crate) async fn start(responses: impl IntoIterator<Item = Response>) -> Self {
        let responses = Arc::new(Mutex::new(responses.into_iter().collect::<VecDeque<_>>()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (log, connections) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<usize>>::default());
        let (to, count) = (log.clone(), connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *count.lock().unwrap() += 1;
                tokio::spawn(serve(stream, responses.clone(), to.clone()));
            }
        });
        Self { url, log, connections }
    }

    /// The request lines with headers in lower case, and the bodies.
    pub(crate) fn seen(&self) -> Vec<(String, Value)> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn serve(
    mut stream: TcpStream,
    responses: Arc<Mutex<VecDeque<Response>>>,
    log: Arc<Mutex<Vec<(String, Value)>>>,
) -> Option<()> {
    stream.set_nodelay(true).unwrap();
    loop {
        let request = read(&mut stream).await?;
        log.lock().unwrap().push(request);
        let response = responses.lock().unwrap().pop_front().expect("a response for each request");
        for (bytes, after) in response {
            stream.write_all(&bytes).await.ok()?;
            match after {
                After::Nothing => {}
                After::Pause(time) => tokio::time::sleep(time).await,
                After::Close => return None,
                After::Silence => return std::future::pending().await,
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<(String, Value)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, serde_json::from_slice(&body).unwrap()))
}

/// A complete response of JSON.
pub(crate) fn json(status: &str, kind: &str, body: impl AsRef<[u8]>) -> Response {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
    vec![([head.as_bytes(), body].concat(), After::Nothing)]
}

/// The head of a stream of events.
pub(crate) fn head() -> (Vec<u8>, After) {
    head_of("text/event-stream")
}

/// The head of a stream.
pub(crate) fn head_of(kind: &str) -> (Vec<u8>, After) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n");
    (head.into(), After::Nothing)
}

/// A piece of a stream that arrives by itself.
pub(crate) fn chunk(bytes: &[u8], after: After) -> (Vec<u8>, After) {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    (chunk, after)
}

/// The end of a stream.
pub(crate) fn end() -> (Vec<u8>, After) {
    (b"0\r\n\r\n".to_vec(), After::Nothing)
}

/// A stream of events that arrives in these pieces.
pub(crate) fn stream<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Response {
    stream_of("text/event-stream", pieces)
}

/// A stream that arrives in these pieces.
pub(crate) fn stream_of<'a>(kind: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Response {
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty()).map(|piece| chunk(piece, After::Nothing).0);
    let bytes = [head_of(kind).0].into_iter().chain(pieces).chain([end().0]).collect::<Vec<_>>().concat();
    vec![(bytes, After::Nothing)]
}

/// A stream whose connection breaks after these bytes.
pub(crate) fn broken(kind: &str, bytes: &[u8]) -> Response {
    let piece = if bytes.is_empty() { Vec::new() } else { chunk(bytes, After::Nothing).0 };
    vec![([head_of(kind).0, piece].concat(), After::Close)]
}
