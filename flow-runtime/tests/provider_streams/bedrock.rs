//! What is particular to streams of Bedrock.

use std::time::Duration;

use flow_runtime::provider::FailureKind::*;
use flow_runtime::provider::{AwsCredentials, Bedrock, ToolSchema};

use super::frames::{event, exception, frame};
use super::server::{After, chunk, end, head_of, json, stream_of};
use super::*;

const KIND: &str = "application/vnd.amazon.eventstream";

fn half() -> Vec<u8> {
    let delta = |text: &str| event("contentBlockDelta", &json!({"contentBlockIndex": 0, "delta": {"text": text}}));
    [event("messageStart", &json!({"role": "assistant"})), delta("4"), delta("2")].concat()
}

fn stopped() -> Vec<u8> {
    event("messageStop", &json!({"stopReason": "end_turn"}))
}

fn counted() -> Vec<u8> {
    event("metadata", &json!({"usage": {"inputTokens": 12, "outputTokens": 7, "totalTokens": 19}}))
}

fn whole() -> Response {
    let body = json!({"output": {"message": {"content": [{"text": "42"}]}}, "stopReason": "end_turn"});
    json("200 OK", "application/json", body.to_string())
}

async fn failing(bytes: &[u8]) -> Failure {
    let (outcome, shown) = answered("bedrock", stream_of(KIND, [bytes])).await;
    assert_eq!(shown, "42");
    outcome.unwrap_err()
}

#[tokio::test]
async fn an_exception_is_what_the_same_error_is_without_a_stream() {
    for (status, name, message) in [
        ("400 X", "validationException", "Malformed input."),
        ("400 X", "validationException", "Input is too long for requested model."),
        ("400 X", "serviceQuotaExceededException", "Your quota is used up."),
        ("403 X", "accessDeniedException", "You have no access to the model."),
        ("403 X", "expiredTokenException", "The security token is expired."),
        ("404 X", "resourceNotFoundException", "No such model."),
        ("408 X", "modelTimeoutException", "The model took too long."),
        ("424 X", "modelErrorException", "The model failed."),
        ("424 X", "modelStreamErrorException", "The model failed."),
        ("429 X", "throttlingException", "Too many requests."),
        ("429 X", "throttlingException", "Too many tokens per day, please wait."),
        ("429 X", "modelNotReadyException", "Starting."),
        ("500 X", "internalServerException", "Sorry."),
        ("503 X", "serviceUnavailableException", "Sorry."),
    ] {
        let body = json!({"message": message}).to_string();
        let (mut refused, after) = json(status, "application/json", &body).remove(0);
        let at = refused.windows(2).position(|pair| pair == b"\r\n").unwrap() + 2;
        refused.splice(at..at, format!("x-amzn-errortype: {name}:http://x/\r\n").into_bytes());
        let unstreamed = answered("bedrock", vec![(refused, after)]).await.0.unwrap_err();
        let failure = failing(&[half(), counted(), exception(name, &body)].concat()).await;
        assert_eq!(
            (failure.kind, failure.is_retryable()),
            (unstreamed.kind, unstreamed.is_retryable()),
            "{name}: {message}"
        );
        assert_eq!(failure.message, format!("the endpoint answered 200 OK: {message}"));
        assert_eq!((failure.status, failure.usage.input_tokens), (Some(200), Some(12)), "what was told is counted");
    }
}

#[tokio::test]
async fn an_error_outside_the_model_of_the_api_is_named() {
    let headers = [(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "It broke.")];
    let failure = failing(&[half(), frame(&headers, b"")].concat()).await;
    let overloaded = Overloaded { retry_after: None };
    assert_eq!((failure.kind, &failure.message[..]), (overloaded, "the endpoint answered 200 OK: It broke."));
    let failure = failing(&[half(), exception("throttlingException", "<html>")].concat()).await;
    assert_eq!(failure.message, "the endpoint answered 200 OK: <html>");
}

#[tokio::test]
async fn a_stream_without_its_end_is_cut() {
    let failure = failing(&[half(), counted()].concat()).await;
    assert_eq!((failure.kind, &failure.message[..]), (Transport, "the stream ended before the answer did"));
    assert_eq!(*failure.usage, Usage::new(12, 7));
    assert!(failure.body.unwrap().contains("42"), "what came is kept for people");
}

#[tokio::test]
async fn a_frame_that_was_damaged_is_a_transport_failure() {
    let mut bytes = [half(), stopped(), counted()].concat();
    let at = half().len() + 60;
    bytes[at] ^= 1;
    let failure = failing(&bytes).await;
    assert!(failure.message.starts_with("the stream contains a frame that cannot be read: "), "{failure}");
    assert_eq!((failure.kind, failure.status), (Transport, Some(200)));
}

#[tokio::test]
async fn a_call_that_has_not_begun_is_named() {
    let delta = event("contentBlockDelta", &json!({"contentBlockIndex": 3, "delta": {"toolUse": {"input": "{}"}}}));
    let failure = failing(&[half(), delta].concat()).await;
    assert_eq!(failure.message, "the stream continues block 3, which has not begun");
}

#[tokio::test]
async fn strange_events_are_no_answer() {
    for strange in [json!(3), json!({}), json!({"contentBlockIndex": "x", "delta": 3, "start": 3, "usage": 3})] {
        for kind in [
            "messageStart",
            "contentBlockStart",
            "contentBlockDelta",
            "contentBlockStop",
            "messageStop",
            "metadata",
            "new",
        ] {
            let failure = failing(&[half(), event(kind, &strange)].concat()).await;
            assert_eq!(failure.message, "the stream ended before the answer did", "{kind} {strange}");
        }
    }
}

/// Tokens are counted after the end of the answer.
#[tokio::test]
async fn the_counts_are_waited_for_and_the_connection_is_not() {
    let late = Duration::from_millis(200);
    let response = vec![
        head_of(KIND),
        chunk(&[half(), stopped()].concat(), After::Pause(late)),
        chunk(&counted(), After::Silence),
    ];
    let (outcome, _) = answered("bedrock", response).await;
    assert_eq!(outcome.unwrap().usage, Usage::new(12, 7));
    let (outcome, _) =
        answered("bedrock", vec![head_of(KIND), chunk(&[half(), stopped()].concat(), After::Nothing), end()]).await;
    assert_eq!(outcome.unwrap().usage, Usage::default(), "an answer without counts is an answer");
}

#[tokio::test]
async fn a_stream_is_limited_in_size_and_silence() {
    let limited = |bytes: Vec<u8>| async move {
        let server = Server::start([stream_of(KIND, [&bytes[..]])]).await;
        let bedrock = Bedrock::new("us-east-1", KEY).base_url(&server.url).max_response_bytes(1_000);
        follow(&bedrock, &question("bedrock")).await.0.unwrap_err()
    };
    let many = half().repeat(600);
    assert_eq!(limited(many).await.kind, TooLarge, "many pieces");
    assert_eq!(limited(event("messageStart", &json!({"p": "x".repeat(2_000)}))).await.kind, TooLarge, "one frame");
    let server = Server::start([vec![head_of(KIND), chunk(&half(), After::Silence)]]).await;
    let bedrock = Bedrock::new("us-east-1", KEY).base_url(&server.url).stream_idle_timeout(Duration::from_millis(200));
    let failure = follow(&bedrock, &question("bedrock")).await.0.unwrap_err();
    assert!(failure.message.starts_with("the stream stalled: nothing arrived for 200ms"), "{failure}");
}

/// Llama refuses to stream with tools.
#[tokio::test]
async fn a_model_that_refuses_to_stream_answers_at_once() {
    let refused = |message: &str| json("400 X", "application/json", json!({"message": message}).to_string());
    let streamed = || stream_of(KIND, [&[half(), stopped(), counted()].concat()[..]]);
    for message in ["This model doesn't support tool use in streaming mode.", "The model is unsupported for streaming."]
    {
        let server = Server::start([refused(message), whole(), whole(), streamed()]).await;
        let bedrock = Bedrock::new("us-east-1", KEY).base_url(&server.url);
        let plain = question("bedrock");
        let with_tool = plain.clone().tool(ToolSchema::new("add", json!({"type": "object"})));
        for request in [&with_tool, &with_tool, &plain] {
            let (outcome, shown) = follow(&bedrock, request).await;
            assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("42", "42"));
        }
        let paths: Vec<_> = server.seen().iter().map(|(head, _)| head.split(' ').nth(1).unwrap().to_owned()).collect();
        let stream = "/v1/model/model/converse-stream";
        let at_once = "/v1/model/model/converse";
        assert_eq!(paths, [stream, at_once, at_once, stream], "remembered for requests with tools");
    }
    let server = Server::start([refused("Malformed input.")]).await;
    let failure =
        follow(&Bedrock::new("us-east-1", KEY).base_url(&server.url), &question("bedrock")).await.0.unwrap_err();
    assert_eq!((failure.kind, server.seen().len()), (InvalidRequest, 1), "another refusal is the outcome");
}

#[tokio::test]
async fn a_stream_is_signed_and_its_secrets_are_hidden() {
    let token = "session-4711-0815";
    let said = exception("accessDeniedException", &json!({"message": format!("{token} is expired")}).to_string());
    let server = Server::start([stream_of(KIND, [&said[..]])]).await;
    let credentials = AwsCredentials::new("AKIDEXAMPLE", "secret").session_token(token);
    let bedrock = Bedrock::signed("us-east-1", credentials).base_url(&server.url);
    let failure = follow(&bedrock, &question("bedrock")).await.0.unwrap_err();
    assert_eq!(failure.message, "the endpoint answered 200 OK: [key] is expired");
    assert!(!format!("{failure:?}").contains(token));
    let (head, _) = server.seen().remove(0);
    assert!(
        head.contains("aws4-hmac-sha256 credential=akidexample/") && head.contains("x-amz-security-token: "),
        "{head}"
    );
}
