//! Gemini's `generateContent`, byte by byte: the requests sent, and the interpretation of every possible response.

#![cfg(feature = "providers")]

mod answers;
mod requests;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other providers use more of it")]
mod server;
mod vertex;

use std::time::Duration;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{AnswerSchema, Failure, Gemini, Model, Provider, Reply, Request};
use serde_json::{Value, json};

use server::{Script, Server, response};

const MODEL: Model = Model::new("gemini/gemini-2.5-flash");
const KEY: &str = "AIza-secret-4711";

fn schema() -> Value {
    json!({"type": "object", "properties": {"years": {"type": "integer"}}, "required": ["years"], "additionalProperties": false})
}

fn question(model: Model) -> Request {
    let prompt = Prompt::user("How many years?").system("Be brief.");
    Request::new(model, prompt).schema(AnswerSchema::new("years", schema()))
}

/// A response with the given candidate and a usage.
fn content(candidate: Value) -> String {
    let usage = json!({
        "promptTokenCount": 12, "cachedContentTokenCount": 8, "candidatesTokenCount": 7, "thoughtsTokenCount": 3,
        "totalTokenCount": 22,
    });
    let ids = ("gemini-2.5-flash-002", "resp_1");
    json!({"candidates": [candidate], "usageMetadata": usage, "modelVersion": ids.0, "responseId": ids.1}).to_string()
}

fn spoken(text: &str) -> String {
    content(json!({"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}))
}

/// One attempt against a server with a single script.
async fn ask(request: &Request, script: Script) -> (Result<Reply, Failure>, Server) {
    // A silent server takes the full timeout; otherwise it must exceed the delays of a busy machine.
    let patience = match script {
        Script::Silence(_) => Duration::from_millis(500),
        _ => Duration::from_secs(60),
    };
    let server = Server::start([script]).await;
    let url = server.url.replace("/v1", "/v1beta");
    let provider = Gemini::at("gemini", url).key(KEY).timeout(patience).max_response_bytes(100_000);
    let answer = provider.complete(request).await;
    (answer, server)
}

/// The body sent for a request.
async fn sent(request: Request) -> Value {
    let (answer, server) = ask(&request, Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    answer.unwrap();
    server.only().body
}
