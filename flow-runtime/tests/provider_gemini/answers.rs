//! Responses.

use flow_runtime::provider::FailureKind::{self, *};
use flow_runtime::provider::Usage;

use super::*;

async fn answer(body: &str) -> Result<Reply, Failure> {
    let (answer, server) = ask(&question(MODEL), Script::Bytes(response("200 OK", "", body))).await;
    assert_eq!(server.seen().len(), 1, "a provider does not retry");
    answer
}

/// The tokens of each response here: thoughts count as output.
fn usage() -> Usage {
    let mut usage = Usage::new(12, 10);
    (usage.cached_input_tokens, usage.reasoning_tokens) = (Some(8), Some(3));
    usage
}

#[tokio::test]
async fn an_answer_comes_with_all_that_is_known_of_it() {
    let parts = json!([{"text": "four?", "thought": true}, {"text": "{\"years\""}, {"text": ":4}"}]);
    let body = content(json!({"content": {"parts": parts}, "finishReason": "STOP"}));
    let reply = answer(&body).await.unwrap();
    assert_eq!((&reply.text()[..], reply.usage), (r#"{"years":4}"#, usage()));
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("resp_1"), Some("gemini-2.5-flash-002")));
}

#[tokio::test]
async fn answers_without_an_answer_keep_their_usage() {
    let cases: [(&str, FailureKind, &str); 6] = [
        ("MAX_TOKENS", Length, "the answer was cut at the token limit"),
        ("SAFETY", Refused, "the model refused (SAFETY): said why"),
        ("PROHIBITED_CONTENT", Refused, "the model refused (PROHIBITED_CONTENT): said why"),
        ("RECITATION", Filtered, "the answer was withheld (RECITATION): said why"),
        ("OTHER", Filtered, "the answer was withheld (OTHER): said why"),
        ("MALFORMED_FUNCTION_CALL", Transport, "the model's answer was malformed (MALFORMED_FUNCTION_CALL): said why"),
    ];
    for (reason, kind, text) in cases {
        let candidate = json!({
            "content": {"parts": [{"text": "{\"years\""}]}, "finishReason": reason, "finishMessage": "said\nwhy",
        });
        let failure = answer(&content(candidate)).await.unwrap_err();
        assert_eq!((failure.kind, &failure.message[..], *failure.usage), (kind, text, usage()));
        assert_eq!(failure.is_retryable(), kind == Transport);
    }
}

#[tokio::test]
async fn a_blocked_prompt_is_a_refusal() {
    let body = json!({
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 12},
    });
    let failure = answer(&body.to_string()).await.unwrap_err();
    assert_eq!((failure.kind, &failure.message[..]), (Refused, "the prompt was blocked (PROHIBITED_CONTENT)"));
    assert_eq!((failure.usage.input_tokens, failure.usage.output_tokens), (Some(12), None));
}

#[tokio::test]
async fn a_body_that_is_no_content_is_a_transport_failure() {
    for body in ["", "<html>", "[]", "3", "{}", "{\"candidates\": []}", "{\"candidates\": [{"] {
        let failure = answer(body).await.unwrap_err();
        assert_eq!((failure.kind, failure.status), (Transport, Some(200)), "{body}: {failure}");
        assert!(failure.is_retryable());
    }
}

#[tokio::test]
async fn an_error_under_a_200_is_an_error_alone_or_in_a_list() {
    let error = json!({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}});
    for body in [error.to_string(), json!([error]).to_string()] {
        assert_eq!(answer(&body).await.unwrap_err().kind, Overloaded { retry_after: None });
    }
}

#[tokio::test]
async fn missing_usage_is_unknown() {
    let reply = answer(r#"{"candidates": [{"content": {"parts": [{"text": "a"}]}}]}"#).await.unwrap();
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
