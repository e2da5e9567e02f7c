//! Replies: answers, refusals, and answers that were cut off.

use flow_runtime::prompt::{Part, Prompt};
use flow_runtime::provider::{FailureKind, Model, Usage};

use super::*;

async fn read(body: &Value) -> Result<Reply, Failure> {
    ask_azure(&Request::new(Model::new("azure/gpt-6-sol"), Prompt::user("Hi")), body).await.0
}

fn incomplete(reason: &str, items: Value) -> Value {
    let mut body = said(items);
    body["status"] = "incomplete".into();
    body["incomplete_details"] = json!({ "reason": reason });
    body
}

fn counted() -> Usage {
    let mut usage = Usage::new(12, 7);
    (usage.cached_input_tokens, usage.cache_write_tokens, usage.reasoning_tokens) = (Some(8), Some(2), Some(3));
    usage
}

#[tokio::test]
async fn an_answer_comes_with_all_that_is_known_of_it() {
    let reply = read(&said(json!([message("Pa"), message("ris")]))).await.unwrap();
    assert_eq!(reply.content.as_text(), Some("Paris"), "a text alone is stored as a text");
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("resp_1"), Some("gpt-6-sol-2026-06-01")));
    assert_eq!((reply.finish_reason.as_deref(), reply.usage), (Some("completed"), counted()));
}

/// OpenAI calls it `completed`; some servers leave the status out, or shorten it.
#[tokio::test]
async fn a_complete_answer_is_known_by_each_of_its_names() {
    for status in [json!("completed"), json!("complete"), json!(null)] {
        let mut body = said(json!([message("Paris")]));
        body["status"] = status;
        assert_eq!(read(&body).await.unwrap().text(), "Paris", "{body}");
    }
}

#[tokio::test]
async fn calls_are_read_with_their_arguments() {
    let call = |id: &str, arguments: &str| {
        json!({
            "type": "function_call", "id": "fc_1", "call_id": id, "name": "find", "arguments": arguments, "status": "completed",
        })
    };
    let body = said(json!([call("call_1", r#"{"n": 1}"#), call("call_2", ""), call("call_3", r#"{"n": "#)]));
    let expected = [
        Part::tool_call("call_1", "find", json!({"n": 1})),
        Part::tool_call("call_2", "find", json!({})),
        Part::tool_call("call_3", "find", json!(r#"{"n": "#)),
    ];
    assert_eq!(read(&body).await.unwrap().content.parts(), expected);
}

#[tokio::test]
async fn half_an_answer_is_never_an_output() {
    use FailureKind::*;
    let half = || json!([message("half")]);
    let refused = json!([{"type": "message", "content": [{"type": "refusal", "refusal": "I can't\nassist."}]}]);
    let with = |status: &str, background: bool| {
        let mut body = said(json!([]));
        (body["status"], body["background"]) = (status.into(), background.into());
        body
    };
    let failed = |code: &str| {
        let mut body = with("failed", false);
        body["error"] = json!({"code": code, "message": "It broke."});
        body
    };
    let reasoning = json!([{"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "s"}]);
    for (body, kind, text) in [
        (incomplete("max_output_tokens", half()), Length, "the answer was cut at the token limit"),
        (incomplete("max_output_tokens", reasoning.clone()), Length, "the answer was cut at the token limit"),
        (incomplete("content_filter", half()), Filtered, "the answer was withheld by a content filter"),
        (incomplete("something_new", half()), Transport, "the answer ended with the unknown reason `something_new`"),
        (said(refused), Refused, "the model refused: I can't assist."),
        (said(reasoning), Empty, "the model ended its answer without writing anything"),
        (said(json!([])), Empty, "the model ended its answer without writing anything"),
        (failed("server_error"), Overloaded { retry_after: None }, "the endpoint answered 200 OK: It broke."),
        (failed("rate_limit_exceeded"), RateLimited { retry_after: None }, "the endpoint answered 200 OK: It broke."),
        (failed("invalid_prompt"), InvalidRequest, "the endpoint answered 200 OK: It broke."),
        (with("failed", false), Overloaded { retry_after: None }, "the endpoint failed while answering"),
        (with("cancelled", false), Transport, "the answer ended with the unknown reason `cancelled`"),
        (
            with("queued", true),
            InvalidRequest,
            "the endpoint answers in the background, which is not supported; remove the parameter `background`",
        ),
        (
            with("in_progress", false),
            Transport,
            "the endpoint sent an answer that has not ended: its status is `in_progress`",
        ),
        (json!({"choices": []}), Transport, "the body is not a response: it has no list `output`"),
    ] {
        let is_counted = body.get("usage").is_some();
        let failure = read(&body).await.unwrap_err();
        assert_eq!((failure.kind, &failure.message[..]), (kind, text), "{body}");
        assert_eq!(*failure.usage, if is_counted { counted() } else { Usage::default() });
        assert_eq!(failure.status, Some(200));
    }
    let cut = read(&incomplete("max_output_tokens", half())).await.unwrap_err();
    assert_eq!((cut.written.as_deref(), cut.finish_reason.as_deref()), (Some("half"), Some("max_output_tokens")));
}

#[tokio::test]
async fn an_error_is_told_in_the_endpoints_words() {
    let body =
        json!({"error": {"message": "No such model.", "type": "invalid_request_error", "code": "model_not_found"}});
    let server = Server::start([Script::Bytes(response("400 Bad Request", "", &body.to_string()))]).await;
    let request = Request::new(Model::new("other/tiny"), Prompt::user("Hi"));
    let failure = OpenAi::at("other", &server.url).responses().complete(&request).await.unwrap_err();
    assert_eq!(failure.message, "the endpoint answered 400 Bad Request: No such model.");
    assert_eq!((failure.kind, failure.status), (FailureKind::InvalidRequest, Some(400)));
}
