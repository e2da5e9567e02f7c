//! Requests for streams, and what is sent if a server refuses them.

use flow_runtime::provider::FailureKind::InvalidRequest;

use super::server::{json, stream, stream_of};
use super::*;

const SAID: &str =
    "data: {\"choices\": [{\"delta\": {\"content\": \"4\"}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n";

fn said() -> Response {
    stream([SAID.as_bytes()])
}

fn refused(status: &str, body: Value) -> Response {
    json(status, "application/json", body.to_string())
}

#[tokio::test]
async fn a_stream_is_asked_for_in_each_dialect() {
    for case in cases::all().into_iter().filter(|case| case.name == "text") {
        let server = Server::start([stream_of(case.kind(), [&case.stream[..]])]).await;
        follow(&*provider(case.dialect, &server.url), &question(case.dialect)).await.0.unwrap();
        let (head, body) = server.seen().remove(0);
        let (path, stream, options) = match case.dialect {
            "openai" => ("/v1/chat/completions", json!(true), json!({"include_usage": true})),
            "responses" => ("/v1/responses", json!(true), Value::Null),
            "anthropic" => ("/v1/messages", json!(true), Value::Null),
            "bedrock" => ("/v1/model/model/converse-stream", Value::Null, Value::Null),
            _ => ("/v1/models/model:streamgeneratecontent?alt=sse", Value::Null, Value::Null),
        };
        assert!(head.starts_with(&format!("post {path} http")), "{head}");
        assert_eq!((&body["stream"], &body["stream_options"]), (&stream, &options), "{}", case.dialect);
        assert!(head.contains(KEY));
    }
}

#[tokio::test]
async fn options_of_the_model_are_kept() {
    let server = Server::start([said()]).await;
    let model = Model::new("any/model").extra(&[("stream_options", r#"{"include_obfuscation": false}"#)]);
    follow(&OpenAi::at("any", &server.url), &Request::new(model, Prompt::user("Hi"))).await.0.unwrap();
    let options = json!({"include_obfuscation": false, "include_usage": true});
    assert_eq!(server.seen()[0].1["stream_options"], options);
}

#[tokio::test]
async fn a_server_that_refuses_the_options_streams_without_them() {
    for (status, body) in [
        ("400 X", json!({"error": {"message": "Unrecognized request argument supplied: stream_options"}})),
        ("422 X", json!({"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]})),
    ] {
        let server = Server::start([refused(status, body), said(), said()]).await;
        let provider = OpenAi::at("any", &server.url);
        for _ in 0..2 {
            let (outcome, shown) = follow(&provider, &question("openai")).await;
            assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("4", "4"));
        }
        let sent: Vec<_> = server.seen().iter().map(|(_, body)| body.get("stream_options").is_some()).collect();
        assert_eq!(sent, [true, false, false], "the refusal is remembered");
    }
}

#[tokio::test]
async fn a_model_that_may_not_be_streamed_answers_at_once() {
    let message = "Your organization must be verified to stream this model. Please go to: https://example.com";
    let error = json!({"error": {"message": message, "param": "stream", "code": "unsupported_value"}});
    let whole = json!({"choices": [{"message": {"content": "4"}, "finish_reason": "stop"}]});
    let whole = || json("200 OK", "application/json", whole.to_string());
    let server = Server::start([refused("400 X", error), whole(), whole(), said()]).await;
    let provider = OpenAi::at("any", &server.url);
    for _ in 0..2 {
        let (outcome, shown) = follow(&provider, &question("openai")).await;
        assert_eq!((&outcome.unwrap().text()[..], &shown[..]), ("4", "4"));
    }
    let other = Request::new(Model::new("any/other"), Prompt::user("Hi"));
    follow(&provider, &other).await.0.unwrap();
    let sent: Vec<_> = server.seen().iter().map(|(_, body)| body.get("stream").is_some()).collect();
    assert_eq!(sent, [true, false, false, true], "the refusal is that model's");
    assert!(server.seen()[1].1.get("stream_options").is_none());
}

#[tokio::test]
async fn another_refusal_is_the_outcome() {
    let error = json!({"error": {"message": "No such model"}});
    let server = Server::start([refused("404 X", error)]).await;
    let failure = follow(&OpenAi::at("any", &server.url), &question("openai")).await.0.unwrap_err();
    assert_eq!((failure.kind, failure.status, server.seen().len()), (InvalidRequest, Some(404), 1));
}

#[tokio::test]
async fn a_schema_that_is_too_complex_goes_into_the_prompt() {
    let error = json!({"type": "error", "error": {
        "type": "invalid_request_error", "message": "Schema is too complex for compilation.",
    }});
    let case = cases::all().into_iter().find(|case| case.dialect == "anthropic" && case.name == "text").unwrap();
    let server = Server::start([refused("400 X", error), stream_of(case.kind(), [&case.stream[..]])]).await;
    let schema = AnswerSchema::new("years", json!({"type": "object", "properties": {}}));
    let request = question("anthropic").schema(schema);
    let (outcome, shown) = follow(&*provider("anthropic", &server.url), &request).await;
    assert_eq!((&outcome.unwrap().text()[..], &shown[..]), (case.shown, case.shown));
    let seen = server.seen();
    assert!(seen.iter().all(|(_, body)| body["stream"] == true));
    assert!(seen[0].1.get("output_config").is_some() && seen[1].1.get("output_config").is_none());
}
