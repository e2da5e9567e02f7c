//! Responses.

use flow_runtime::provider::FailureKind::{self, *};
use flow_runtime::provider::Usage;

use super::*;

async fn answer(body: &str) -> Result<Reply, Failure> {
    let (answer, server) = ask(&question(MODEL), Script::Bytes(response("200 OK", "", body))).await;
    assert_eq!(server.seen().len(), 1, "a provider does not retry");
    answer
}

/// The tokens of each message here, with all input tokens summed up.
fn usage() -> Usage {
    let mut usage = Usage::new(142, 7);
    (usage.cached_input_tokens, usage.cache_write_tokens, usage.reasoning_tokens) = (Some(100), Some(30), Some(3));
    usage
}

#[tokio::test]
async fn an_answer_comes_with_all_that_is_known_of_it() {
    let content = json!([
        {"type": "thinking", "thinking": "four?", "signature": "s"},
        {"type": "text", "text": "{\"years\""},
        {"type": "text", "text": ":4}"},
    ]);
    let reply = answer(&message(json!({"content": content, "stop_reason": "end_turn"}))).await.unwrap();
    assert_eq!((&reply.text()[..], reply.usage), (r#"{"years":4}"#, usage()));
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("msg_1"), Some("claude-haiku-4-5-20251001")));
}

#[tokio::test]
async fn the_input_of_a_tool_is_the_answer() {
    let content = json!([
        {"type": "text", "text": "I will answer."},
        {"type": "tool_use", "id": "toolu_1", "name": "years", "input": {"years": 4}},
    ]);
    let body = message(json!({"content": content, "stop_reason": "tool_use"}));
    let old = question(Model::new("anthropic/claude-3-5-haiku-20241022"));
    let reply = ask(&old, Script::Bytes(response("200 OK", "", &body))).await.0.unwrap();
    assert_eq!(reply.content, r#"{"years":4}"#);
    let reply = answer(&body).await.unwrap();
    assert_eq!((&reply.text()[..], reply.content.tool_calls().count()), ("I will answer.", 1), "it was not asked for");
}

#[tokio::test]
async fn answers_without_an_answer_keep_their_usage() {
    let details = json!({"type": "refusal", "category": "bio", "explanation": "I cannot\nhelp."});
    let cases: [(Value, FailureKind, &str); 6] = [
        (json!({"stop_reason": "refusal", "stop_details": details}), Refused, "the model refused: I cannot help."),
        (json!({"stop_reason": "refusal", "stop_details": {"category": "bio"}}), Refused, "the model refused (bio)"),
        (json!({"stop_reason": "refusal"}), Refused, "the model refused"),
        (json!({"stop_reason": "max_tokens"}), Length, "the answer was cut at the token limit"),
        (
            json!({"stop_reason": "model_context_window_exceeded"}),
            Length,
            "the answer was cut at the end of the model's context",
        ),
        (
            json!({"stop_reason": "pause_turn"}),
            InvalidRequest,
            "the model paused for a server-side tool, which is not supported; remove such tools",
        ),
    ];
    for (mut fields, kind, text) in cases {
        fields["content"] = json!([{"type": "text", "text": "{\"years\""}]);
        let failure = answer(&message(fields)).await.unwrap_err();
        assert_eq!((failure.kind, &failure.message[..], *failure.usage), (kind, text, usage()));
        assert!(!failure.is_retryable() && failure.body.is_some());
    }
}

#[tokio::test]
async fn a_body_that_is_no_message_is_a_transport_failure() {
    for body in ["", "<html>", "[]", "3", "{}", "{\"content\": \"text\"}", "{\"content\": [{\"type\": \"text\""] {
        let failure = answer(body).await.unwrap_err();
        assert_eq!((failure.kind, failure.status), (Transport, Some(200)), "{body}: {failure}");
        assert!(failure.is_retryable());
    }
}

#[tokio::test]
async fn an_error_under_a_200_is_an_error_of_its_name() {
    let body = |name: &str| json!({"type": "error", "error": {"type": name, "message": "no"}}).to_string();
    for (name, kind) in [
        ("overloaded_error", Overloaded { retry_after: None }),
        ("rate_limit_error", RateLimited { retry_after: None }),
        ("authentication_error", Unauthorized),
        ("invalid_request_error", InvalidRequest),
        ("something_new", Overloaded { retry_after: None }),
    ] {
        assert_eq!(answer(&body(name)).await.unwrap_err().kind, kind, "{name}");
    }
}

#[tokio::test]
async fn missing_usage_is_unknown() {
    let reply = answer(r#"{"content": [{"type": "text", "text": "a"}]}"#).await.unwrap();
    assert_eq!((&reply.text()[..], reply.usage), ("a", Usage::default()));
}

#[tokio::test]
async fn silence_ends_by_time_and_an_endless_body_by_size() {
    let (answer, _server) = ask(&question(MODEL), Script::Silence(Vec::new())).await;
    assert_eq!(answer.unwrap_err().kind, TimedOut);
    let (answer, _server) = ask(&question(MODEL), Script::Endless).await;
    assert_eq!(answer.unwrap_err().kind, TooLarge);
    let (answer, _server) = ask(&question(MODEL), Script::Bytes(Vec::new())).await;
    assert_eq!(answer.unwrap_err().kind, Transport);
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_shown_nowhere() {
    let body = json!({"type": "error", "error": {"type": "authentication_error", "message": format!("wrong: {KEY}")}});
    let script = Script::Bytes(response("401 Unauthorized", "", &body.to_string()));
    let failure = ask(&question(MODEL), script).await.0.unwrap_err();
    assert_eq!(failure.kind, Unauthorized);
    assert!(!format!("{failure:?}").contains(KEY) && failure.message.ends_with("wrong: [key]"), "{failure:?}");
}
