//! Recorded replies with status 200: one file each, with source and expected interpretation.

#![cfg(feature = "providers")]

#[path = "../wire/server.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod server;

mod recorded;

use std::fs;
use std::path::Path;

use flow_runtime::prompt::{Part, Prompt};
use flow_runtime::provider::{Anthropic, Failure, FailureKind, Gemini, Model, OpenAi, Provider, Reply, Request, Usage};
use serde::Deserialize;
use serde_json::{Value, json};

use server::{Script, Server, response};

/// A shortened reply and its meaning: its text, the tools it calls, or the failure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    source: String,
    body: Value,
    text: Option<String>,
    #[serde(default)]
    calls: Vec<String>,
    kind: Option<String>,
    retryable: Option<bool>,
    message: Option<String>,
    usage: Usage,
}

async fn ask(provider: &str, body: &Value) -> Result<Reply, Failure> {
    ask_with(provider, "200 OK", body).await
}

async fn ask_with(provider: &str, status: &str, body: &Value) -> Result<Reply, Failure> {
    let server = Server::start([Script::Bytes(response(status, "", &body.to_string()))]).await;
    let request = Request::new(Model::new("any/model"), Prompt::user("Hi"));
    match provider {
        "openai" => OpenAi::at("any", &server.url).complete(&request).await,
        "anthropic" => Anthropic::at("any", &server.url).complete(&request).await,
        "gemini" => Gemini::at("any", &server.url).complete(&request).await,
        other => panic!("no provider is called `{other}`"),
    }
}

fn called(reply: &Reply) -> Vec<String> {
    let name = |call: &Part| match call {
        Part::ToolCall { name, .. } => name.clone(),
        other => panic!("{other:?}"),
    };
    reply.content.tool_calls().map(name).collect()
}

#[tokio::test]
async fn recorded_replies_are_read_as_they_were_meant() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider_replies");
    for (provider, at_least) in [("openai", 13), ("anthropic", 7), ("gemini", 9)] {
        let files: Vec<_> = fs::read_dir(root.join(provider)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= at_least, "{provider}");
        for file in files {
            let recorded: Recorded = serde_json::from_str(&fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(recorded.source.starts_with("https://"), "{}", file.display());
            let (found, usage) = match ask(provider, &recorded.body).await {
                Ok(reply) => ((Some(reply.text().into_owned()), called(&reply), None, None, None), reply.usage),
                Err(failure) => {
                    let (kind, again) = (format!("{:?}", failure.kind), failure.is_retryable());
                    ((None, Vec::new(), Some(kind), Some(again), Some(failure.message)), *failure.usage)
                }
            };
            let Recorded { text, calls, kind, retryable, message, .. } = recorded;
            assert_eq!((found, usage), ((text, calls, kind, retryable, message), recorded.usage), "{}", file.display());
        }
    }
}

/// How a partial answer with this finish reason is interpreted.
async fn ended(provider: &str, reason: &str) -> Result<String, FailureKind> {
    let half = "{\"amount\": 1";
    let body = match provider {
        "openai" => json!({"choices": [{"finish_reason": reason, "message": {"content": half}}]}),
        "anthropic" => json!({"content": [{"type": "text", "text": half}], "stop_reason": reason}),
        _ => json!({"candidates": [{"content": {"parts": [{"text": half}]}, "finishReason": reason}]}),
    };
    ask(provider, &body).await.map(|reply| reply.text().into_owned()).map_err(|failure| failure.kind)
}

#[tokio::test]
async fn half_an_answer_is_never_an_output() {
    use FailureKind::*;
    let overloaded = Overloaded { retry_after: None };
    for (provider, reason, kind) in [
        ("openai", "error", overloaded),
        ("openai", "insufficient_system_resource", overloaded),
        ("openai", "network_error", overloaded),
        ("openai", "abort", overloaded),
        ("openai", "length", Length),
        ("openai", "max_tokens", Length),
        ("openai", "model_length", Length),
        ("openai", "model_context_window_exceeded", Length),
        ("openai", "content_filter", Filtered),
        ("openai", "sensitive", Filtered),
        ("openai", "SAFETY", Filtered),
        ("openai", "something_new", Transport),
        ("anthropic", "max_tokens", Length),
        ("anthropic", "model_context_window_exceeded", Length),
        ("anthropic", "refusal", Refused),
        ("anthropic", "pause_turn", InvalidRequest),
        ("anthropic", "compaction", InvalidRequest),
        ("anthropic", "something_new", Transport),
        ("gemini", "MAX_TOKENS", Length),
        ("gemini", "SAFETY", Refused),
        ("gemini", "IMAGE_SAFETY", Refused),
        ("gemini", "MODEL_ARMOR", Filtered),
        ("gemini", "IMAGE_RECITATION", Filtered),
        ("gemini", "LANGUAGE", Filtered),
        ("gemini", "MALFORMED_RESPONSE", Transport),
        ("gemini", "UNEXPECTED_TOOL_CALL", Transport),
        ("gemini", "TOO_MANY_TOOL_CALLS", Transport),
        ("gemini", "MISSING_THOUGHT_SIGNATURE", InvalidRequest),
        ("gemini", "SOMETHING_NEW", Transport),
    ] {
        assert_eq!(ended(provider, reason).await, Err(kind), "{provider}: {reason}");
    }
    for (provider, reason) in [
        ("openai", "stop"),
        ("openai", ""),
        ("openai", "eos_token"),
        ("anthropic", "end_turn"),
        ("anthropic", "stop_sequence"),
        ("gemini", "STOP"),
    ] {
        assert!(ended(provider, reason).await.is_ok(), "{provider}: {reason}");
    }
}

/// Null means an answer in progress, as in a stream. Servers that never give a reason omit the field.
#[tokio::test]
async fn an_answer_that_says_it_has_not_ended_is_none() {
    let text = json!([{"type": "text", "text": "half"}]);
    for (provider, pointer, mut body) in [
        (
            "openai",
            "/choices/0/finish_reason",
            json!({"choices": [{"finish_reason": null, "message": {"content": "half"}}]}),
        ),
        ("anthropic", "/stop_reason", json!({"content": text, "stop_reason": null})),
        (
            "gemini",
            "/candidates/0/finishReason",
            json!({"candidates": [{"content": {"parts": text}, "finishReason": null}]}),
        ),
    ] {
        let failure = ask(provider, &body).await.unwrap_err();
        assert_eq!((failure.kind, failure.is_retryable()), (FailureKind::Transport, true), "{provider}");
        assert_eq!(failure.message, "the endpoint sent an answer that has not ended: its finish reason is null");
        let (holder, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(name);
        assert_eq!(ask(provider, &body).await.unwrap().text(), "half", "{provider}");
    }
}

#[tokio::test]
async fn an_error_within_a_choice_is_that_error() {
    for (code, kind) in [
        (json!(502), FailureKind::Overloaded { retry_after: None }),
        (json!(429), FailureKind::RateLimited { retry_after: None }),
        (json!("context_length_exceeded"), FailureKind::ContextLength),
    ] {
        let choice = json!({
            "finish_reason": "error", "message": {"content": "half"}, "error": {"code": code, "message": "upstream died"},
        });
        let usage = json!({"prompt_tokens": 12, "completion_tokens": 7});
        let failure = ask("openai", &json!({"choices": [choice], "usage": usage})).await.unwrap_err();
        assert_eq!((failure.kind, *failure.usage), (kind, Usage::new(12, 7)), "{code}");
        assert!(failure.message.contains("upstream died"), "{failure}");
    }
}

#[tokio::test]
async fn an_answer_without_text_is_the_same_in_every_dialect() {
    for text in [json!(""), json!(" \n"), json!(null)] {
        let blocks = if text.is_null() { json!([]) } else { json!([{"type": "text", "text": text}]) };
        for (provider, body) in [
            ("openai", json!({"choices": [{"finish_reason": "stop", "message": {"content": text}}]})),
            ("openai", json!({"choices": [{"finish_reason": "stop", "message": {"content": blocks}}]})),
            ("anthropic", json!({"content": blocks, "stop_reason": "end_turn"})),
            ("gemini", json!({"candidates": [{"content": {"parts": blocks}, "finishReason": "STOP"}]})),
            ("gemini", json!({"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}]})),
        ] {
            let failure = ask(provider, &body).await.unwrap_err();
            assert_eq!(failure.message, "the model ended its answer without writing anything", "{provider}: {text}");
            assert!(failure.kind == FailureKind::Empty && failure.is_retryable());
        }
    }
}

#[tokio::test]
async fn what_was_written_before_a_cut_is_kept_apart_from_an_answer() {
    let body = json!({"choices": [{"finish_reason": "length", "message": {"content": "half"}}]});
    let failure = ask("openai", &body).await.unwrap_err();
    assert_eq!((failure.written.as_deref(), failure.finish_reason.as_deref()), (Some("half"), Some("length")));
}
