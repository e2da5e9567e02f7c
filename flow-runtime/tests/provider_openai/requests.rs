//! Requests.

use flow_runtime::provider::{Capabilities, Effort, EffortLevels, FailureKind, SchemaSupport, Usage};

use super::*;

async fn sent(request: Request, options: impl FnOnce(OpenAi) -> OpenAi) -> Value {
    let server = Server::start([Script::Bytes(response("200 OK", "", &spoken("{}")))]).await;
    options(OpenAi::at("local", &server.url)).complete(&request).await.unwrap();
    server.only().body
}

#[tokio::test]
async fn only_what_was_set_is_sent() {
    let body = sent(question(), |openai| openai).await;
    let schema = json!({"type": "object", "properties": {"years": {"type": "integer"}}, "required": ["years"]});
    let expected = json!({
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How many years?"}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "years", "schema": schema}},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn what_was_set_is_sent() {
    const TUNED: Model = Model::new("local/org/tiny")
        .max_output_tokens(600)
        .temperature(0.5)
        .effort(Effort::Low)
        .extra(&[("seed", "7"), ("stop", r#"["END"]"#)]);
    let body = sent(Request::new(TUNED, Prompt::user("Hi")), |openai| openai).await;
    let expected = json!({
        "model": "org/tiny",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 600, "temperature": 0.5, "reasoning_effort": "low", "seed": 7, "stop": ["END"],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_schema_is_sent_as_the_endpoint_takes_it() {
    let strict = sent(question(), |openai| openai.capabilities(Capabilities::new(SchemaSupport::Strict))).await;
    assert_eq!(strict["response_format"]["json_schema"]["strict"], true);
    let json = sent(question(), OpenAi::json_mode).await;
    assert_eq!(json["response_format"], json!({"type": "json_object"}));
    let none = sent(question(), OpenAi::no_schema).await;
    assert!(none.get("response_format").is_none());
}

#[tokio::test]
async fn an_extra_parameter_that_is_not_json_is_named_and_nothing_is_sent() {
    let server = Server::start([Script::Endless]).await;
    let model = MODEL.extra(&[("stop", "END")]);
    let failure =
        OpenAi::at("local", &server.url).complete(&Request::new(model, Prompt::user("Hi"))).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    assert!(failure.message.contains("`stop`"), "{failure}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_key_is_sent_and_shown_nowhere() {
    let (answer, server) = ask(Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    answer.unwrap();
    assert!(server.only().head.contains(&format!("authorization: bearer {KEY}")));
    assert!(server.only().head.contains(concat!("user-agent: flow/", env!("CARGO_PKG_VERSION"))));
    let server = Server::start([Script::Bytes(response("200 OK", "", &spoken("{}")))]).await;
    OpenAi::at("local", &server.url).complete(&question()).await.unwrap();
    assert!(!server.only().head.contains("authorization"));
}

#[tokio::test]
async fn an_answer_comes_with_all_that_is_known_of_it() {
    let reply = ask(Script::Bytes(response("200 OK", "", &spoken(r#"{"years":4}"#)))).await.0.unwrap();
    assert_eq!(reply.text(), r#"{"years":4}"#);
    assert_eq!((reply.id.as_deref(), reply.model.as_deref()), (Some("chatcmpl-1"), Some("tiny-2026")));
    let mut usage = Usage::new(12, 7);
    (usage.cached_input_tokens, usage.reasoning_tokens) = (Some(8), Some(3));
    assert_eq!(reply.usage, usage);
}

#[tokio::test]
async fn missing_usage_is_unknown() {
    let body = r#"{"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}], "usage": null}"#;
    let reply = ask(Script::Bytes(response("200 OK", "", body))).await.0.unwrap();
    assert_eq!((&reply.text()[..], reply.usage), ("ab", Usage::default()));
}

#[tokio::test]
async fn servers_are_told_apart_by_their_constructors() {
    let limited = Model::new("any/tiny").max_output_tokens(600);
    for (make, limit) in [
        (OpenAi::vllm as fn(String) -> OpenAi, "max_completion_tokens"),
        (OpenAi::llama_cpp, "max_tokens"),
        (|url| OpenAi::ollama().base_url(url), "max_tokens"),
    ] {
        let server = Server::start([Script::Bytes(response("200 OK", "", &spoken("{}")))]).await;
        let provider = make(server.url.clone());
        assert!(Provider::capabilities(&provider, &limited).schema_in_prompt, "a grammar is not shown to the model");
        provider.complete(&Request::new(limited, Prompt::user("Hi"))).await.unwrap();
        assert_eq!(server.only().body[limit], 600, "{provider:?}");
    }
}

#[tokio::test]
async fn effort_is_sent_in_a_level_that_is_known() {
    let ask = |id: &'static str| Request::new(Model::new(id).effort(Effort::Minimal), Prompt::user("Hi"));
    assert_eq!(sent(ask("local/gpt-5"), |openai| openai).await["reasoning_effort"], "minimal");
    assert_eq!(sent(ask("local/gpt-5.1"), |openai| openai).await["reasoning_effort"], "none");
    let levels = |names: &[&'static str]| EffortLevels::named(names.iter().copied()).unwrap();
    let said = sent(ask("local/gpt-5"), |openai| openai.effort_levels(levels(&["low", "high"]))).await;
    assert_eq!(said["reasoning_effort"], "low");
    let none = sent(ask("local/gpt-5"), |openai| openai.effort_levels(levels(&[]))).await;
    assert!(none.get("reasoning_effort").is_none());
}
