//! Conversations with tools at hosts that are known by their names. The requests are sent by another process, with a proxy that
//! plays every host.

#![cfg(feature = "providers")]

mod cases;
#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;

use std::env;
use std::process::Command;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{FailureKind, Model, OpenAi, Provider, Request};

use cases::{all, ping};
use server::{Script, Server, response};

/// A reply of either API.
const REPLY: &str = r#"{
    "choices": [{"finish_reason": "stop", "message": {"content": "Done."}}],
    "status": "completed", "output": [{"type": "message", "content": [{"type": "output_text", "text": "Done."}]}]
}"#;

/// Set in the process that sends the requests.
const SENDS: &str = "FLOW_TEST_SENDS";

#[tokio::test]
async fn a_host_gets_what_it_accepts() {
    let server = Server::start([Script::Bytes(response("200 OK", "", REPLY))]).await;
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "--ignored", "send"]).env("http_proxy", server.url.trim_end_matches("/v1")).env(SENDS, "1");
    child.env_remove("no_proxy").env_remove("NO_PROXY");
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let (seen, cases) = (server.seen(), all());
    assert_eq!(seen.len(), cases.len());
    for (seen, case) in seen.iter().zip(cases) {
        for (pointer, expected) in case.sent {
            let found = seen.body.pointer(pointer);
            assert_eq!(found, expected.as_ref(), "{}: {pointer} in {}", case.what, seen.body);
        }
    }
}

#[tokio::test]
#[ignore = "the other test starts it with a proxy"]
async fn send() {
    if env::var(SENDS).is_err() {
        return;
    }
    for case in all() {
        let provider = OpenAi::at("here", case.url);
        let provider = if case.is_chat { provider.chat_completions() } else { provider };
        provider.complete(&case.request).await.unwrap();
    }
}

/// No effort lets these models call tools through chat completions; through responses they take them.
#[tokio::test]
async fn a_model_without_tools_is_refused_before_anything_is_sent() {
    for id in ["openai/gpt-6.1-sol", "openai/gpt-6-astra-2026-09-01"] {
        let openai = OpenAi::new("sk-none").base_url("http://api.openai.com:1/v1");
        assert!(Provider::capabilities(&openai, &Model::new(id)).tools);
        let openai = openai.chat_completions();
        let request = Request::new(Model::new(id), Prompt::user("Hi")).tool(ping());
        let failure = openai.complete(&request).await.unwrap_err();
        let text = format!(
            "`{id}` takes tools only through OpenAI's Responses API; ask it through that API, or ask another model"
        );
        assert_eq!((failure.kind, failure.message), (FailureKind::InvalidRequest, text));
        assert!(!Provider::capabilities(&openai, &request.model).tools);
    }
    let elsewhere = OpenAi::at("openrouter", "https://openrouter.ai/api/v1");
    assert!(Provider::capabilities(&elsewhere, &Model::new("openrouter/openai/gpt-6.1-sol")).tools);
}
