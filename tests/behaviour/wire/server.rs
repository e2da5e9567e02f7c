//! A server that answers with exactly the bytes it is given.

use flow::serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to a connection after its request was read.
#[derive(Clone)]
pub(crate) enum Script {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then nothing, and the connection stays open.
    Silence(Vec<u8>),
    /// An endless body.
    Endless,
}

pub(crate) struct Server {
    pub(crate) url: String,
}

impl Server {
    /// Plays one script per connection and repeats the last one.
    pub(crate) async fn start(scripts: impl Into<Vec<Script>>) -> Self {
        let scripts = scripts.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            for turn in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                tokio::spawn(play(stream, scripts[turn.min(scripts.len() - 1)].clone()));
            }
        });
        Self { url }
    }
}

async fn play(mut stream: TcpStream, script: Script) {
    if read(&mut stream).await.is_none() {
        return;
    }
    match script {
        Script::Bytes(bytes) => drop(stream.write_all(&bytes).await),
        Script::Silence(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending().await
        }
        Script::Endless => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                sent = stream.write_all(&[b' '; 4096]).await;
            }
        }
    }
}

/// Reads one request and discards it.
async fn read(stream: &mut TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok().map(drop)
}

/// A complete response.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// A completion with this choice, for 12 input and 7 output tokens.
pub(crate) fn completion(choice: Value) -> String {
    let usage = json!({"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19});
    json!({"id": "chatcmpl-1", "model": "tiny", "choices": [choice], "usage": usage}).to_string()
}

/// A completion with this text.
pub(crate) fn spoken(text: &str) -> String {
    completion(json!({"finish_reason": "stop", "message": {"role": "assistant", "content": text}}))
}
