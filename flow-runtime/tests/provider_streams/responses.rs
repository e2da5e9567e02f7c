//! What is particular to streams of OpenAI's Responses API.

use flow_runtime::provider::FailureKind::*;

use super::server::{json, stream};
use super::*;

const HALF: &str = "event: response.output_text.delta\n\
    data: {\"type\": \"response.output_text.delta\", \"output_index\": 0, \"delta\": \"42\"}\n\n";

/// The last event of a complete response.
fn completed() -> String {
    let item = json!({"type": "message", "content": [{"type": "output_text", "text": "42"}]});
    let response = json!({"id": "r1", "status": "completed", "output": [item]});
    format!("data: {}\n\n", json!({"type": "response.completed", "response": response}))
}

async fn failing(text: &str) -> Failure {
    let (outcome, shown) = answered("responses", stream([HALF.as_bytes(), text.as_bytes()])).await;
    assert_eq!(shown, "42");
    outcome.unwrap_err()
}

#[tokio::test]
async fn an_error_is_classified_in_each_of_its_forms() {
    for (code, kind) in [
        ("rate_limit_exceeded", RateLimited { retry_after: None }),
        ("insufficient_quota", Quota),
        ("context_length_exceeded", ContextLength),
        ("invalid_prompt", InvalidRequest),
        ("server_error", Overloaded { retry_after: None }),
    ] {
        let error = json!({"type": "error", "code": code, "message": "No.", "param": null});
        let failed = json!({"status": "failed", "error": {"code": code, "message": "No."}, "output": []});
        for text in [
            format!("event: error\ndata: {error}\n\n"),
            format!("data: {error}\n\n"),
            format!("data: {}\n\n", json!({"type": "error", "error": error})),
            format!("event: error\ndata: {}\n\n", json!({"type": "error", "error": error})),
            format!("data: {}\n\n", json!({"type": "response.failed", "response": failed})),
        ] {
            let failure = failing(&text).await;
            assert_eq!((failure.kind, &failure.message[..]), (kind, "the endpoint answered 200 OK: No."), "{text}");
        }
    }
}

#[tokio::test]
async fn a_stream_without_its_final_event_is_cut() {
    let done = json!({"type": "response.output_item.done", "output_index": 0, "item": {
        "type": "message", "content": [{"type": "output_text", "text": "42"}],
    }});
    for text in [String::new(), format!("data: {done}\n\n"), "data: [DONE]\n\n".to_owned()] {
        let failure = failing(&text).await;
        assert_eq!(
            (failure.kind, &failure.message[..]),
            (Transport, "the stream ended before the answer did"),
            "{text}"
        );
    }
    let begun = json!({"type": "response.created", "response": {"id": "r1", "status": "in_progress", "instructions": "Be brief."}});
    let failure = answered("responses", stream([format!("data: {begun}\n\n{HALF}").as_bytes()])).await.0.unwrap_err();
    let body = failure.body.unwrap();
    assert!(body.contains("\"42\"") && !body.contains("Be brief."), "what came is kept for people: {body}");
}

/// OpenRouter adds the mark of chat completions, Bedrock the name of the event once more.
#[tokio::test]
async fn what_follows_the_final_event_does_not_matter() {
    for rest in ["", "data: [DONE]\n\n", "event: response.completed\n\n", "event: error\ndata: late\n\n"] {
        let text = format!("{HALF}{}{rest}", completed());
        let (outcome, shown) = answered("responses", stream([text.as_bytes()])).await;
        assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("42", "42"), "{rest}");
    }
}

/// The status is the word in the name of the event unless the response has one.
#[tokio::test]
async fn a_final_event_has_a_status() {
    let last = |kind: &str, response: Value| format!("data: {}\n\n", json!({"type": kind, "response": response}));
    let failure = failing(&last("response.failed", json!({}))).await;
    assert_eq!(failure.message, "the endpoint failed while answering");
    let details = json!({"reason": "max_output_tokens"});
    let failure =
        failing(&last("response.completed", json!({"status": "incomplete", "incomplete_details": details}))).await;
    assert_eq!((failure.kind, failure.written.as_deref()), (Length, Some("42")));
    let (outcome, _) =
        answered("responses", stream([HALF, &last("response.completed", Value::Null)].map(str::as_bytes))).await;
    let reply = outcome.unwrap();
    assert_eq!((&reply.text()[..], reply.finish_reason.as_deref()), ("42", Some("completed")));
}

#[tokio::test]
async fn azure_is_asked_for_streams_and_refusals_are_remembered() {
    let message = "Your organization must be verified to stream this model.";
    let error = json!({"error": {"message": message, "code": "unsupported_value"}}).to_string();
    let whole =
        json!({"output": [{"type": "message", "content": [{"type": "output_text", "text": "42"}]}]}).to_string();
    let whole = || json("200 OK", "application/json", &whole);
    let streamed = stream([completed().as_bytes()]);
    let server = Server::start([json("400 X", "application/json", error), whole(), whole(), streamed]).await;
    let azure = OpenAi::azure(&server.url, KEY).responses();
    let request = |model| Request::new(model, Prompt::user("Hi"));
    for model in [Model::new("azure/gpt-6-sol"), Model::new("azure/gpt-6-sol"), Model::new("azure/gpt-6-luna")] {
        let (outcome, shown) = follow(&azure, &request(model)).await;
        assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("42", "42"));
    }
    let seen = server.seen();
    let sent: Vec<_> = seen.iter().map(|(_, body)| body.get("stream").is_some()).collect();
    assert_eq!(sent, [true, false, false, true]);
    assert!(
        seen.iter()
            .all(|(head, body)| head.starts_with("post /openai/v1/responses ") && body.get("stream_options").is_none())
    );
}
