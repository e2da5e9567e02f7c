//! Anthropic's Messages API, byte by byte: the requests sent, and the interpretation of every possible response.

#![cfg(feature = "providers")]

mod answers;
mod requests;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other providers use more of it")]
mod server;

use std::time::Duration;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{AnswerSchema, Anthropic, Failure, Model, Provider, Reply, Request};
use serde_json::{Value, json};

use server::{Script, Server, response};

const MODEL: Model = Model::new("anthropic/claude-haiku-4-5");
const KEY: &str = "sk-ant-secret-4711";

fn schema() -> Value {
    json!({"type": "object", "properties": {"years": {"type": "integer"}}, "required": ["years"], "additionalProperties": false})
}

fn question(model: Model) -> Request {
    let prompt = Prompt::user("How many years?").system("Be brief.");
    Request::new(model, prompt).schema(AnswerSchema::new("years", schema()))
}

/// A message with the given fields and a usage.
fn message(fields: Value) -> String {
    let mut body = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-haiku-4-5-20251001",
        "usage": {
            "input_tokens": 12, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30, "output_tokens": 7,
            "output_tokens_details": {"thinking_tokens": 3},
        },
    });
    fields.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
    body.to_string()
}

fn spoken(text: &str) -> String {
    message(json!({"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}))
}

/// One attempt against a server with a single script.
async fn ask(request: &Request, script: Script) -> (Result<Reply, Failure>, Server) {
    // A silent server takes the full timeout; otherwise it must exceed the delays of a busy machine.
    let patience = match script {
        Script::Silence(_) => Duration::from_millis(500),
        _ => Duration::from_secs(60),
    };
    let server = Server::start([script]).await;
    let provider = Anthropic::at("anthropic", &server.url).key(KEY).timeout(patience).max_response_bytes(100_000);
    let answer = provider.complete(request).await;
    (answer, server)
}

/// The body sent for a request.
async fn sent(request: Request) -> Value {
    let (answer, server) = ask(&request, Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    answer.unwrap();
    server.only().body
}
