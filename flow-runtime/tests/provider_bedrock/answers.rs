//! Replies: answers, refusals, and answers that were cut off.

use std::time::Duration;

use flow_runtime::prompt::Part;
use flow_runtime::provider::{FailureKind, Usage};

use super::*;

async fn read(body: &Value) -> Result<Reply, Failure> {
    ask(&question(CLAUDE), "200 OK", "", body).await.0
}

/// Input includes cached tokens.
fn counted() -> Usage {
    let mut usage = Usage::new(40, 7);
    (usage.cached_input_tokens, usage.cache_write_tokens) = (Some(20), Some(8));
    usage
}

#[tokio::test]
async fn an_answer_comes_with_all_that_is_known_of_it() {
    let reply = read(&said(json!([{"text": "Pa"}, {"text": "ris"}]), "end_turn")).await.unwrap();
    assert_eq!(reply.content.as_text(), Some("Paris"));
    assert_eq!((reply.usage, reply.finish_reason.as_deref()), (counted(), Some("end_turn")));
}

#[tokio::test]
async fn text_with_citations_is_text() {
    let cited =
        json!({"citationsContent": {"content": [{"text": "Pa"}, {"text": "ris"}], "citations": [{"title": "Atlas"}]}});
    let reply = read(&said(json!([{"text": "In "}, cited, {"text": "."}]), "end_turn")).await.unwrap();
    assert_eq!(reply.content.as_text(), Some("In Paris."));
}

#[tokio::test]
async fn calls_and_signed_thoughts_are_kept_in_order() {
    let signed = json!({"reasoningContent": {"reasoningText": {"text": "Find it.", "signature": "s"}}});
    let redacted = json!({"reasoningContent": {"redactedContent": "cmVk"}});
    let served = json!({"toolUse": {"toolUseId": "t0", "name": "run", "input": {}, "type": "server_tool_use"}});
    let call = |id: &str| json!({"toolUse": {"toolUseId": id, "name": "find", "input": {"n": 1}}});
    let blocks = json!([
        signed, redacted, {"reasoningContent": {"reasoningText": {"text": "Only shown."}}}, served, call("t1"), call("t2"),
        {"toolUse": {"toolUseId": "t3", "name": "ping"}},
    ]);
    let expected = [
        Part::opaque("bedrock", signed.clone()),
        Part::opaque("bedrock", redacted.clone()),
        Part::opaque("bedrock", served.clone()),
        Part::tool_call("t1", "find", json!({"n": 1})),
        Part::tool_call("t2", "find", json!({"n": 1})),
        Part::tool_call("t3", "ping", json!({})),
    ];
    assert_eq!(read(&said(blocks, "tool_use")).await.unwrap().content.parts(), expected);
}

#[tokio::test]
async fn half_an_answer_is_never_an_output() {
    use FailureKind::*;
    let half = json!([{"text": "half"}]);
    for (body, kind, text) in [
        (said(half.clone(), "max_tokens"), Length, "the answer was cut at the token limit"),
        (
            said(half.clone(), "model_context_window_exceeded"),
            Length,
            "the answer was cut at the end of the model's context",
        ),
        (
            said(half.clone(), "guardrail_intervened"),
            Filtered,
            "the answer was withheld by a filter of Bedrock (guardrail_intervened)",
        ),
        (
            said(half.clone(), "content_filtered"),
            Filtered,
            "the answer was withheld by a filter of Bedrock (content_filtered)",
        ),
        (said(half.clone(), "refusal"), Refused, "the model refused"),
        (said(half.clone(), "malformed_tool_use"), Transport, "the model's answer was malformed (malformed_tool_use)"),
        (said(half, "something_new"), Transport, "the answer ended with the unknown reason `something_new`"),
        (said(json!([]), "end_turn"), Empty, "the model ended its answer without writing anything"),
        (
            json!({"usage": said(json!([]), "")["usage"]}),
            Transport,
            "the body is not a response: it has no list `output.message.content`",
        ),
    ] {
        let failure = read(&body).await.unwrap_err();
        assert_eq!((failure.kind, &failure.message[..], *failure.usage), (kind, text, counted()), "{body}");
    }
    let cut = read(&said(json!([{"text": "half"}]), "max_tokens")).await.unwrap_err();
    assert_eq!((cut.written.as_deref(), cut.finish_reason.as_deref()), (Some("half"), Some("max_tokens")));
}

/// The type of an error is only in a header.
#[tokio::test]
async fn errors_are_told_apart_by_their_type() {
    use FailureKind::*;
    let limited = |wait| RateLimited { retry_after: wait };
    let overloaded = Overloaded { retry_after: None };
    for (status, kind, message, expected) in [
        ("400 Bad Request", "ValidationException:http://internal.amazon.com/", "Malformed input.", InvalidRequest),
        ("400 Bad Request", "ValidationException", "Input is too long for requested model.", ContextLength),
        ("400 Bad Request", "ServiceQuotaExceededException", "Your quota is used up.", Quota),
        ("403 Forbidden", "AccessDeniedException", "You have no access to the model.", Unauthorized),
        ("403 Forbidden", "ExpiredTokenException", "The security token is expired.", Unauthorized),
        ("404 Not Found", "ResourceNotFoundException", "The model has reached the end of its life.", InvalidRequest),
        ("408 Request Timeout", "ModelTimeoutException", "The model took too long.", TimedOut),
        ("424 Failed Dependency", "ModelErrorException", "The model failed.", overloaded),
        ("429 Too Many Requests", "ThrottlingException", "Too many requests.", limited(Some(Duration::from_secs(2)))),
        ("429 Too Many Requests", "ThrottlingException", "Too many tokens per day, please wait.", Quota),
        ("429 Too Many Requests", "ModelNotReadyException", "Starting.", limited(Some(Duration::from_secs(2)))),
        ("500 Internal Server Error", "InternalServerException", "Sorry.", overloaded),
        ("503 Service Unavailable", "ServiceUnavailableException", "Sorry.", overloaded),
    ] {
        let wait = if status.starts_with("429") { "retry-after: 2\r\n" } else { "" };
        let headers = format!("x-amzn-errortype: {kind}\r\n{wait}");
        for key in ["message", "Message"] {
            let failure = ask(&question(CLAUDE), status, &headers, &json!({key: message})).await.0.unwrap_err();
            assert_eq!(failure.kind, expected, "{kind}: {message}");
            assert_eq!(failure.message, format!("the endpoint answered {status}: {message}"));
        }
    }
}
