//! Servers at an address.

use std::sync::{Arc, Mutex};

use flow::ErrorKind;
use flow::mcp::{Server, Variable};
use flow::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{text, tool};

#[step(mcp = "remote/note", effect = idempotent, retry(max_attempts = 2, initial_delay = "1ms"))]
async fn note(text: &str) -> Result<String>;

/// A server over HTTP, with one tool.
#[derive(Clone)]
struct Remote(Arc<Mutex<State>>);

struct State {
    /// The number of the current session; a restarted server forgets the earlier ones.
    session: u32,
    required: Vec<&'static str>,
    seen: Vec<String>,
    /// The address that it sends requests on to.
    moved: Option<String>,
}

impl Remote {
    async fn listen() -> (Self, String) {
        let remote = State { session: 1, required: vec!["text"], seen: Vec::new(), moved: None };
        let remote = Self(Arc::new(Mutex::new(remote)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let served = remote.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served.clone().serve(stream));
            }
        });
        (remote, url)
    }

    async fn serve(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some((head, body)) = read(&mut stream).await {
            let response = self.respond(&head, &body);
            if stream.get_mut().write_all(response.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn respond(&self, head: &str, body: &str) -> String {
        let mut state = self.0.lock().unwrap();
        let lower = head.to_lowercase();
        if !head.starts_with("POST") {
            return response(if head.starts_with("DELETE") { "200 OK" } else { "405 Method Not Allowed" }, "", "");
        }
        if !head.contains("Bearer secret") {
            return response("401 Unauthorized", "WWW-Authenticate: Bearer\r\n", "");
        }
        if let Some(url) = &state.moved {
            return response("307 Temporary Redirect", &format!("Location: {url}\r\n"), "");
        }
        let message: Value = serde_json::from_str(body).unwrap();
        let method = message["method"].as_str().unwrap_or_default().to_owned();
        state.seen.push(method.clone());
        let session = format!("Mcp-Session-Id: s{}\r\n", state.session);
        if method != "initialize" && !lower.contains(&session.to_lowercase()) {
            return response("404 Not Found", "", "");
        }
        let result = match method.as_str() {
            "initialize" => json!({
                "protocolVersion": "2025-06-18",
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "remote", "version": "1" },
            }),
            "tools/list" => {
                let properties = json!({ "text": { "type": "string" }, "author": { "type": "string" } });
                json!({ "tools": [tool("note", properties, &state.required)] })
            }
            "tools/call" => text("noted"),
            _ => return response("202 Accepted", "", ""),
        };
        let reply = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }).to_string();
        response("200 OK", &format!("Content-Type: application/json\r\n{session}"), &reply)
    }
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn runtime(url: &str, token: Option<&str>) -> Runtime {
    let token = token.map(str::to_owned);
    let server = Server::http(url)
        .header("Authorization", Variable::new("REMOTE_TOKEN").prefix("Bearer "))
        .variables(move |name| token.clone().filter(|_| name == "REMOTE_TOKEN"));
    Runtime::builder().mcp("remote", server).build().unwrap()
}

#[tokio::test]
async fn a_tool_is_called_with_headers_from_the_environment() {
    let (remote, url) = Remote::listen().await;
    let runtime = runtime(&url, Some("secret"));
    assert_eq!(runtime.step(note("a")).await.unwrap(), "noted");
    assert_eq!(runtime.step(note("b")).await.unwrap(), "noted");
    let seen = remote.0.lock().unwrap().seen.clone();
    let count = |method: &str| seen.iter().filter(|seen| *seen == method).count();
    assert_eq!((count("initialize"), count("tools/list"), count("tools/call")), (1, 1, 2), "{seen:?}");
}

#[tokio::test]
async fn a_missing_or_wrong_token_is_told_before_the_first_step() {
    let (_, url) = Remote::listen().await;
    let error = runtime(&url, None).step(note("a")).await.unwrap_err();
    assert!(error.message().contains("the header `Authorization` needs REMOTE_TOKEN, which is not set"), "{error}");
    let error = runtime(&url, Some("wrong")).step(note("a")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Setup);
    assert!(
        error.message().contains("requires authorization (HTTP 401)") && !error.to_string().contains("wrong"),
        "{error}"
    );
}

#[tokio::test]
async fn a_restarted_server_is_checked_again() {
    let (remote, url) = Remote::listen().await;
    let runtime = runtime(&url, Some("secret"));
    assert_eq!(runtime.step(note("a")).await.unwrap(), "noted");
    remote.0.lock().unwrap().session = 2;
    assert_eq!(runtime.step(note("b")).await.unwrap(), "noted", "the second attempt has a new session");
    {
        let mut state = remote.0.lock().unwrap();
        state.session = 3;
        state.required = vec!["text", "author"];
    }
    let error = runtime.step(note("c")).await.unwrap_err();
    assert!(error.message().contains("argument `author`: the step sends nothing"), "{error}");
}

#[tokio::test]
async fn a_token_does_not_follow_a_redirect() {
    let ((remote, url), (elsewhere, target)) = (Remote::listen().await, Remote::listen().await);
    remote.0.lock().unwrap().moved = Some(target);
    let error = runtime(&url, Some("secret")).step(note("a")).await.unwrap_err();
    assert!(error.message().contains("307"), "{error}");
    assert!(elsewhere.0.lock().unwrap().seen.is_empty());
}

#[tokio::test]
async fn an_address_without_a_server_is_told() {
    let error = runtime("http://127.0.0.1:9/mcp", Some("secret")).step(note("a")).await.unwrap_err();
    assert!(error.message().contains("server `remote`: cannot connect: error sending request"), "{error}");
    assert!(error.message().contains("Connection refused") && !error.message().contains("127.0.0.1"), "{error}");
}
