//! Error responses.

use std::time::Duration;

use flow_runtime::provider::FailureKind::{self, *};

use super::*;

/// The kind of failure for a status with these headers and this body.
async fn kind(status: &str, headers: &str, body: &str) -> FailureKind {
    failing(response(status, headers, body)).await.kind
}

fn error(code: &str, message: &str) -> String {
    json!({"error": {"message": message, "type": "some_error", "code": code, "param": null}}).to_string()
}

#[tokio::test]
async fn rate_limits_say_when_to_come_back() {
    let limited = |wait| RateLimited { retry_after: wait };
    let body = error("rate_limit_exceeded", "Slow down");
    assert_eq!(kind("429 Too Many Requests", "", &body).await, limited(None));
    assert_eq!(kind("429 X", "retry-after: 2\r\n", &body).await, limited(Some(Duration::from_secs(2))));
    let both = "retry-after: 9\r\nretry-after-ms: 1500\r\n";
    assert_eq!(kind("429 X", both, &body).await, limited(Some(Duration::from_millis(1500))));
    let past = "retry-after: Tue, 15 Nov 1994 08:12:31 GMT\r\n";
    assert_eq!(kind("429 X", past, &body).await, limited(Some(Duration::ZERO)));
}

/// Requests larger than the tokens per minute get a 413 from Groq, a 429 from OpenAI.
#[tokio::test]
async fn a_request_that_never_fits_into_its_limit_is_not_sent_again() {
    for (status, message, is_retryable) in [
        ("413 X", "Request too large: Limit 6000, Requested 9461", false),
        ("413 X", "Request too large", false),
        ("413 X", "Limit 6000, Used 5000, Requested 2000", true),
        ("429 X", "Rate Limit: Limit 30,000, Requested 34,267", false),
        ("429 X", "Limit: 30,000, Requested: 900", true),
        ("429 X", "Limit 6000, Used 6000, Requested 6000", true),
        ("429 X", "Slow down", true),
    ] {
        let failure = failing(response(status, "", &error("rate_limit_exceeded", message))).await;
        assert_eq!(
            (failure.kind, failure.is_retryable()),
            (RateLimited { retry_after: None }, is_retryable),
            "{message}"
        );
    }
    let waits = failing(response("413 X", "retry-after: 7\r\n", &error("rate_limit_exceeded", ""))).await;
    assert!(waits.is_retryable(), "it says when");
    assert_eq!(kind("413 X", "", &error("request_too_large", "")).await, ContextLength);
}

/// A lone surrogate, an invalid byte, and a raw control character.
#[tokio::test]
async fn an_error_that_is_written_wrong_is_read_as_an_answer_would_be() {
    let body = b"{\"error\": {\"message\": \"too \\ud83d long\n\xff\", \"code\": \"context_length_exceeded\"}}";
    let mut bytes = format!("HTTP/1.1 400 X\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    let failure = failing(bytes).await;
    assert_eq!(failure.kind, ContextLength);
    assert!(failure.message.ends_with(": too \u{fffd} long \u{fffd}"), "{}", failure.message);
    let raw = json!({"error": {"message": "Provider returned error", "code": 400, "metadata": {
        "raw": "{\"error\": {\"message\": \"too long \\ud83d\", \"code\": \"context_length_exceeded\"}}",
    }}});
    assert_eq!(kind("400 X", "", &raw.to_string()).await, ContextLength);
    let said =
        r#"{"error": {"code": "json_validate_failed", "message": "bad", "failed_generation": "{\"a\": \ud83d"}}"#;
    let answer = ask(Script::Bytes(response("400 X", "", said))).await.0.unwrap();
    assert_eq!(answer.text(), "{\"a\": \u{fffd}");
}

#[tokio::test]
async fn an_empty_account_is_no_rate_limit() {
    for code in ["insufficient_quota", "credit_balance_exhausted", "enforced_spend_limit_reached"] {
        let failure = failing(response("429 X", "retry-after: 1\r\n", &error(code, "No money"))).await;
        assert_eq!(failure.kind, Quota, "{code}");
        assert!(!failure.is_retryable());
    }
    assert_eq!(kind("402 Payment Required", "", "").await, Quota);
}

#[tokio::test]
async fn overload_and_inner_failures_pass() {
    for status in ["500 X", "502 X", "503 X", "504 X", "529 X", "409 X"] {
        let failure = failing(response(status, "retry-after: 3\r\n", "<html>busy</html>")).await;
        assert_eq!(failure.kind, Overloaded { retry_after: Some(Duration::from_secs(3)) }, "{status}");
        assert_eq!(failure.body.as_deref(), Some("<html>busy</html>"));
        assert!(failure.is_retryable());
    }
    assert_eq!(kind("408 X", "", "").await, TimedOut);
    assert_eq!(kind("501 X", "", "").await, InvalidRequest);
}

#[tokio::test]
async fn what_the_endpoint_says_about_trying_again_goes_first() {
    assert!(!failing(response("503 X", "x-should-retry: false\r\n", "")).await.is_retryable());
    assert!(failing(response("400 X", "x-should-retry: true\r\n", "")).await.is_retryable());
    assert!(!failing(response("400 X", "x-should-retry: perhaps\r\n", "")).await.is_retryable());
}

#[tokio::test]
async fn wrong_keys_are_named_without_being_shown() {
    let failure = failing(response("401 X", "", &error("invalid_api_key", &format!("Wrong key: {KEY}")))).await;
    assert_eq!(failure.kind, Unauthorized);
    assert_eq!(failure.message, "the endpoint answered 401 Unauthorized: Wrong key: [key]");
    assert!(failure.body.unwrap().contains("Wrong key: [key]"));
    assert_eq!(kind("403 X", "", "").await, Unauthorized);
}

#[tokio::test]
async fn prompts_that_are_too_long_are_told_from_other_bad_requests() {
    assert_eq!(kind("400 X", "", &error("context_length_exceeded", "")).await, ContextLength);
    let llama = r#"{"error": {"code": 400, "message": "the request exceeds it", "type": "exceed_context_size_error", "n_ctx": 8}}"#;
    assert_eq!(kind("400 X", "", llama).await, ContextLength);
    let vllm = r#"{"object": "error", "message": "This model's maximum context length is 8 tokens.", "type": "BadRequestError", "code": 400}"#;
    assert_eq!(kind("400 X", "", vllm).await, ContextLength);
    assert_eq!(kind("400 X", "", &error("invalid_json_schema", "Bad schema")).await, InvalidRequest);
    assert_eq!(kind("404 X", "", &error("model_not_found", "No such model")).await, InvalidRequest);
}

#[tokio::test]
async fn errors_are_read_in_every_form() {
    for body in [
        r#"{"error": "model\n not   found"}"#,
        r#"{"message": "model not found"}"#,
        r#"[{"error": {"message": "model not found", "code": 404}}]"#,
    ] {
        let failure = failing(response("404 Not Found", "", body)).await;
        assert_eq!(failure.message, "the endpoint answered 404 Not Found: model not found");
        assert_eq!((failure.kind, failure.status), (InvalidRequest, Some(404)));
    }
}

#[tokio::test]
async fn an_error_under_a_200_is_an_error() {
    let failure = failing(response("200 OK", "", r#"{"error": {"message": "busy", "code": 503}}"#)).await;
    assert_eq!((failure.kind, failure.status), (Overloaded { retry_after: None }, Some(200)));
    assert_eq!(
        kind("200 OK", "", r#"{"error": {"message": "slow", "code": 429}}"#).await,
        RateLimited { retry_after: None }
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let failure = failing(response("307 Temporary Redirect", "location: https://example.com/v1\r\n", "")).await;
    assert_eq!(failure.kind, InvalidRequest);
    assert!(failure.message.ends_with("https://example.com/v1"), "{failure}");
}

#[tokio::test]
async fn answers_without_an_answer_keep_their_usage() {
    let refused = json!({"finish_reason": "stop", "message": {"content": null, "refusal": "I cannot\nhelp."}});
    let cut = json!({"finish_reason": "length", "message": {"content": "{\"years\""}});
    let filtered = json!({"finish_reason": "content_filter", "message": {"content": ""}});
    for (choice, kind) in [(refused, Refused), (cut, Length), (filtered, Filtered)] {
        let failure = failing(response("200 OK", "", &completion(choice))).await;
        assert_eq!(failure.kind, kind);
        assert_eq!(failure.usage.output_tokens, Some(7));
        assert!(!failure.is_retryable() && failure.body.is_some());
    }
}

#[tokio::test]
async fn an_answer_that_the_endpoint_found_invalid_is_an_answer() {
    let body =
        |code| json!({"error": {"message": "Failed to validate JSON", "code": code, "failed_generation": "{\"a\": 1"}});
    let script = Script::Bytes(response("400 Bad Request", "", &body("json_validate_failed").to_string()));
    assert_eq!(ask(script).await.0.unwrap().text(), "{\"a\": 1");
    let other = failing(response("400 Bad Request", "", &body("tool_use_failed").to_string())).await;
    assert_eq!((other.kind, other.is_retryable()), (Transport, true));
}
