//! OpenAI's chat completions, byte by byte: the requests sent, and the interpretation of every possible response.

#![cfg(feature = "providers")]

mod failures;
mod requests;
#[path = "../wire/server.rs"]
mod server;
mod transport;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{AnswerSchema, Failure, Model, OpenAi, Provider, Reply, Request};
use serde_json::{Value, json};

use server::{Script, Server, response};

const MODEL: Model = Model::new("local/tiny");
const KEY: &str = "sk-secret-4711";

fn question() -> Request {
    let schema = json!({"type": "object", "properties": {"years": {"type": "integer"}}, "required": ["years"]});
    Request::new(MODEL, Prompt::user("How many years?").system("Be brief.")).schema(AnswerSchema::new("years", schema))
}

/// A completion with the given choice.
fn completion(choice: Value) -> String {
    let usage = json!({
        "prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19,
        "prompt_tokens_details": {"cached_tokens": 8}, "completion_tokens_details": {"reasoning_tokens": 3},
    });
    json!({"id": "chatcmpl-1", "model": "tiny-2026", "choices": [choice], "usage": usage}).to_string()
}

fn spoken(text: &str) -> String {
    completion(json!({"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}))
}

/// One attempt against a server with a single script.
async fn ask(script: Script) -> (Result<Reply, Failure>, Server) {
    let server = Server::start([script]).await;
    let provider = OpenAi::at("local", &server.url).key(KEY);
    let answer = provider.complete(&question()).await;
    (answer, server)
}

/// The failure of one attempt that gets these bytes.
async fn failing(bytes: Vec<u8>) -> Failure {
    let (answer, server) = ask(Script::Bytes(bytes)).await;
    let failure = answer.unwrap_err();
    assert_eq!(server.seen().len(), 1, "a provider does not retry");
    assert!(!format!("{failure:?} {failure}").contains(KEY), "{failure:?}");
    failure
}
