//! Failures of streams.

use flow_runtime::provider::FailureKind::*;

use super::server::{json, stream};
use super::*;

/// The failure of a stream, and the text that was shown before.
async fn failing(dialect: &str, text: &str) -> (Failure, String) {
    let (outcome, shown) = answered(dialect, stream([text.as_bytes()])).await;
    let failure = outcome.unwrap_err();
    assert!(!format!("{failure:?} {failure}").contains(KEY), "{failure:?}");
    assert_eq!(failure.status, Some(200));
    (failure, shown)
}

#[tokio::test]
async fn an_error_of_a_response_is_what_it_is_without_a_stream() {
    for dialect in
        ["openai", "responses", "anthropic", "gemini", "bedrock"].into_iter().filter(|dialect| is_built(dialect))
    {
        for status in ["401 X", "429 X", "500 X", "413 X"] {
            let body = format!("{{\"error\": {{\"message\": \"no {KEY}\", \"type\": \"some_error\"}}}}");
            let response = || json(status, "text/event-stream", &body);
            let server = Server::start([response(), response()]).await;
            let (provider, question) = (provider(dialect, &server.url), question(dialect));
            let streamed = follow(&*provider, &question).await.0.unwrap_err();
            let whole = provider.complete(&question).await.unwrap_err();
            assert_eq!(format!("{streamed:?}"), format!("{whole:?}"));
            assert!(streamed.message.ends_with("no [key]"), "{streamed}");
        }
    }
}

#[tokio::test]
async fn an_event_that_is_an_error_is_classified() {
    let begun = "data: {\"choices\": [{\"delta\": {\"content\": \"maybe\"}}], \"usage\": {\"prompt_tokens\": 9}}\n\n";
    for (event, kind, said) in [
        (
            "event: error\ndata: {\"error\": {\"message\": \"no tool\", \"type\": \"invalid_request_error\", \"code\": \"tool_use_failed\"}}\n\n",
            Transport,
            "no tool",
        ),
        (
            "event: error\ndata: {\"message\": \"slow down\", \"code\": 429}\n\n",
            RateLimited { retry_after: None },
            "slow down",
        ),
        ("event: error\ndata: upstream died\n\n", Overloaded { retry_after: None }, "upstream died"),
        ("data: {\"error\": \"upstream died\"}\n\n", Overloaded { retry_after: None }, "upstream died"),
        (
            "data: {\"object\": \"error\", \"message\": \"busy\", \"code\": 503}\n\n",
            Overloaded { retry_after: None },
            "busy",
        ),
        (
            "data: {\"error\": {\"code\": 400, \"message\": \"Token limit reached\"}, \"choices\": []}\n\n",
            InvalidRequest,
            "Token limit reached",
        ),
    ] {
        let (failure, shown) = failing("openai", &format!("{begun}{event}data: [DONE]\n\n")).await;
        assert_eq!((failure.kind, &shown[..]), (kind, "maybe"), "{event}");
        assert!(failure.message.ends_with(said), "{failure}");
        assert_eq!(failure.usage.input_tokens, Some(9), "{event}");
    }
    let list =
        "data: [{\"error\": {\"code\": 429, \"message\": \"slow\", \"details\": [{\"retryDelay\": \"2s\"}]}}]\r\n\r\n";
    let limited = RateLimited { retry_after: Some(std::time::Duration::from_secs(2)) };
    assert_eq!(failing("gemini", list).await.0.kind, limited);
}

/// A gateway's error after a normal end.
#[tokio::test]
async fn an_error_after_the_finish_reason_is_an_error() {
    let text = "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": \"stop\"}]}\n\n\
        data: {\"error\": {\"code\": 502, \"message\": \"died\"}, \"choices\": [{\"delta\": {}, \"finish_reason\": null}]}\n\n\
        data: [DONE]\n\n";
    assert_eq!(failing("openai", text).await.0.kind, Overloaded { retry_after: None });
}

#[tokio::test]
async fn an_answer_that_the_endpoint_found_invalid_is_an_answer() {
    let error = json!({"error": {"code": "json_validate_failed", "failed_generation": "{\"a\": 1"}});
    let (outcome, shown) = answered("openai", json("400 Bad Request", "application/json", error.to_string())).await;
    assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("{\"a\": 1", "{\"a\": 1"));
    let usage = "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 9}}\n\n";
    let text = format!("{usage}event: error\ndata: {error}\n\n");
    let reply = answered("openai", stream([text.as_bytes()])).await.0.unwrap();
    assert_eq!((&reply.text()[..], reply.usage.input_tokens), ("{\"a\": 1", Some(9)));
}

#[tokio::test]
async fn the_tokens_of_a_cut_answer_are_counted_as_far_as_told() {
    let case = cases::all().into_iter().find(|case| case.dialect == "anthropic" && case.name == "text").unwrap();
    let text = String::from_utf8(case.stream).unwrap();
    let at = text.find("event: message_delta").unwrap();
    let (failure, shown) = failing("anthropic", &text[..at]).await;
    assert_eq!((failure.kind, &shown[..]), (Transport, case.shown));
    assert_eq!((failure.usage.input_tokens, failure.usage.output_tokens), (Some(59), Some(1)));
    assert!(failure.body.unwrap().contains("Grüß dich"), "what came is kept for people");
    assert_eq!(failure.written, None, "and is no answer");
}

#[tokio::test]
async fn a_mark_without_an_end_is_no_end() {
    let half = "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": null}]}\n\ndata: [DONE]\n\n";
    let (failure, _) = failing("openai", half).await;
    assert_eq!(failure.message, "the endpoint sent an answer that has not ended: its finish reason is null");
    let half = "data: {\"type\": \"message_start\", \"message\": {\"id\": \"m\"}}\n\ndata: [DONE]\n\n";
    assert_eq!(failing("anthropic", half).await.0.message, "the stream ended before the answer did");
    let half = "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"4\"}]}}]}\n\ndata: [DONE]\n\n";
    assert_eq!(failing("gemini", half).await.0.message, "the stream ended before the answer did");
}

/// Snowflake ends with a mark alone, Perplexity with a finish reason alone.
#[tokio::test]
async fn either_end_of_a_completion_is_one() {
    for text in [
        "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}}]}\n\ndata: [DONE]\n\n",
        "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"message\": {\"content\": \"4\"}}]}\n\n\
         data: {\"choices\": [{\"delta\": {\"content\": \"\"}, \"message\": {\"content\": \"4\"}, \"finish_reason\": \"stop\"}]}\n\n",
        "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": \"\"}]}\n\ndata: [DONE]",
        "data: {\"choices\": [{\"message\": {\"content\": \"4\"}, \"finish_reason\": \"stop\"}]}",
    ] {
        let (outcome, shown) = answered("openai", stream([text.as_bytes()])).await;
        assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("4", "4"), "{text}");
    }
    let unmarked = "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": \"\"}]}\n\n";
    assert_eq!(failing("openai", unmarked).await.0.kind, Transport);
}

#[tokio::test]
async fn what_is_no_part_of_an_answer_is_named() {
    let (failure, _) = failing("openai", "data: oops\n\n").await;
    assert!(failure.message.starts_with("the stream contains an event that is not JSON: "), "{failure}");
    let delta = "data: {\"type\": \"content_block_delta\", \"index\": 3, \"delta\": {\"type\": \"text_delta\", \"text\": \"x\"}}\n\n";
    assert_eq!(failing("anthropic", delta).await.0.message, "the stream continues block 3, which has not begun");
    for strange in [
        "3",
        "\"text\"",
        "null",
        "[]",
        "{}",
        "{\"choices\": 3}",
        "{\"choices\": [3, null]}",
        "[[{}], 1]",
        "{\"choices\": [{\"delta\": {\"content\": 3, \"tool_calls\": [3, {\"function\": 3}, {}], \"reasoning_details\": [1]}}]}",
        "{\"type\": \"content_block_start\"}",
        "{\"type\": \"message_start\", \"message\": 3}",
        "{\"type\": \"message_delta\"}",
        "{\"candidates\": [3, {\"content\": {\"parts\": [3, {}]}}]}",
        "{\"candidates\": 3}",
    ] {
        for dialect in ["openai", "responses", "anthropic", "tool", "gemini"] {
            let (failure, _) = failing(dialect, &format!("data: {strange}\n\n")).await;
            assert_eq!(
                (failure.kind, &failure.message[..]),
                (Transport, "the stream ended before the answer did"),
                "{strange}"
            );
        }
    }
}

/// Servers number parallel calls wrongly, or not at all.
#[tokio::test]
async fn calls_are_told_apart_by_their_ids() {
    let call = |index: Value, id: &str| {
        json!({"choices": [{"index": 0, "delta": {"tool_calls": [
            {"index": index, "id": id, "function": {"name": "ping", "arguments": "{}"}},
        ]}}]})
    };
    for index in [json!(0), Value::Null] {
        let text = format!("data: {}\n\ndata: {}\n\ndata: [DONE]\n\n", call(index.clone(), "a"), call(index, "b"));
        let reply = answered("openai", stream([text.as_bytes()])).await.0.unwrap();
        assert_eq!(reply.content.tool_calls().count(), 2, "{text}");
    }
}
