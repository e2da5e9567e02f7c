//! OpenAI's Responses API, and Azure's forms of OpenAI's APIs: what is sent, and how every kind of answer is read.

#![cfg(feature = "providers")]

mod answers;
mod azure;
mod requests;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;
mod turns;

use flow_runtime::provider::{Failure, OpenAi, Provider, Reply, Request};
use serde_json::{Value, json};

use server::{Script, Server, response};

/// A complete response with these items.
fn said(items: Value) -> Value {
    let usage = json!({
        "input_tokens": 12, "input_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 2},
        "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 19,
    });
    json!({
        "id": "resp_1", "object": "response", "model": "gpt-6-sol-2026-06-01", "status": "completed", "error": null,
        "incomplete_details": null, "output": items, "usage": usage,
    })
}

fn message(text: &str) -> Value {
    json!({
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": "final_answer",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    })
}

/// Asks an endpoint with OpenAI's rules once, and returns what it was sent.
async fn ask_azure(request: &Request, body: &Value) -> (Result<Reply, Failure>, server::Seen) {
    let server = Server::start([Script::Bytes(response("200 OK", "", &body.to_string()))]).await;
    let answer = OpenAi::azure(&server.url, "key-4711-0815").responses().complete(request).await;
    (answer, server.only())
}

/// Asks any other endpoint once.
async fn ask_other(request: &Request, body: &Value) -> (Result<Reply, Failure>, server::Seen) {
    let server = Server::start([Script::Bytes(response("200 OK", "", &body.to_string()))]).await;
    let answer = OpenAi::at("other", &server.url).responses().complete(request).await;
    (answer, server.only())
}
