//! Bedrock's Converse API: what is sent and signed, and how every kind of answer is read.

#![cfg(feature = "bedrock")]

mod answers;
mod requests;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;
mod signed;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{Bedrock, Failure, Model, Provider, Reply, Request};
use serde_json::{Value, json};

use server::{Script, Server, response};

const CLAUDE: Model = Model::new("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0");
const NOVA: Model = Model::new("bedrock/us.amazon.nova-lite-v1:0");

/// A complete answer with these blocks.
fn said(blocks: Value, reason: &str) -> Value {
    let usage = json!({
        "inputTokens": 12, "outputTokens": 7, "cacheReadInputTokens": 20, "cacheWriteInputTokens": 8, "totalTokens": 47,
    });
    json!({"output": {"message": {"role": "assistant", "content": blocks}}, "stopReason": reason, "usage": usage})
}

/// Asks once, and returns what was sent.
async fn ask(request: &Request, status: &str, headers: &str, body: &Value) -> (Result<Reply, Failure>, server::Seen) {
    let server = Server::start([Script::Bytes(response(status, headers, &body.to_string()))]).await;
    let bedrock = Bedrock::new("us-east-1", "key-4711-0815").base_url(server.url.trim_end_matches("/v1"));
    (bedrock.complete(request).await, server.only())
}

fn question(model: Model) -> Request {
    Request::new(model, Prompt::user("Where?").system("Be brief."))
}
