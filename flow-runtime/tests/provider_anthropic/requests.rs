//! Requests.

use flow_runtime::prompt::Role;
use flow_runtime::provider::{Effort, FailureKind, ToolChoice, ToolSchema};

use super::*;

#[tokio::test]
async fn only_what_was_set_and_the_limit_that_the_api_wants_is_sent() {
    let expected = json!({
        "model": "claude-haiku-4-5",
        "max_tokens": 16_000,
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "How many years?"}],
        "output_config": {"format": {"type": "json_schema", "schema": schema()}},
    });
    assert_eq!(sent(question(MODEL)).await, expected);
}

#[tokio::test]
async fn what_was_set_is_sent() {
    const TUNED: Model = Model::new("anthropic/claude-opus-4-5")
        .max_output_tokens(600)
        .temperature(1.0)
        .effort(Effort::Minimal)
        .extra(&[("metadata", r#"{"user_id": "7"}"#)]);
    let prompt = Prompt::user("Hi").with(Role::Assistant, "Hello").with(Role::User, "Go on");
    let expected = json!({
        "model": "claude-opus-4-5",
        "max_tokens": 600,
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "Go on"},
        ],
        "temperature": 1.0,
        "output_config": {"effort": "low"},
        "metadata": {"user_id": "7"},
    });
    assert_eq!(sent(Request::new(TUNED, prompt)).await, expected);
}

#[tokio::test]
async fn a_model_from_before_json_outputs_is_made_to_call_a_tool() {
    let body = sent(question(Model::new("anthropic/claude-3-5-haiku-latest"))).await;
    let tool = json!({"name": "years", "description": "Gives the answer.", "input_schema": schema()});
    assert_eq!(body["tools"], json!([tool]));
    let choice = json!({"type": "tool", "name": "years", "disable_parallel_tool_use": true});
    assert_eq!((&body["tool_choice"], &body["max_tokens"]), (&choice, &json!(4_096)));
    assert!(body.get("output_config").is_none());
}

#[tokio::test]
async fn a_schema_that_json_outputs_refuse_for_its_size_is_the_input_of_a_tool() {
    let with = |optional: usize| {
        let properties: serde_json::Map<_, _> =
            (0..optional).map(|index| (format!("p{index}"), json!({"type": "string"}))).collect();
        let schema = json!({"type": "object", "properties": properties, "required": [], "additionalProperties": false});
        Request::new(MODEL, Prompt::user("Hi")).schema(AnswerSchema::new("many", schema))
    };
    assert!(sent(with(24)).await.get("output_config").is_some());
    let body = sent(with(25)).await;
    assert!(body.get("output_config").is_none() && body["tools"][0]["name"] == "many");
}

#[tokio::test]
async fn the_start_of_a_prompt_is_cached_only_where_the_model_says_so() {
    let block = |text: &str| json!([{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]);
    let body = sent(question(MODEL.prompt_cache())).await;
    assert_eq!(body["system"], block("Be brief."));
    assert_eq!(body["messages"][0]["content"], "How many years?");

    let prompt = Prompt::user("A long text.").with(Role::User, "A question.");
    let body = sent(Request::new(MODEL.prompt_cache(), prompt)).await;
    assert_eq!(body["messages"][0]["content"], block("A long text."));
    assert_eq!(body["messages"][1]["content"], "A question.");
}

#[tokio::test]
async fn the_key_and_the_version_are_headers_and_the_path_has_one_version() {
    let (_, server) = ask(&question(MODEL), Script::Bytes(response("200 OK", "", &spoken("{}")))).await;
    let head = server.only().head;
    assert!(head.starts_with("post /v1/messages http/1.1"), "{head}");
    assert!(head.contains(&format!("x-api-key: {KEY}")) && head.contains("anthropic-version: 2023-06-01"), "{head}");

    let bare = Server::start([Script::Bytes(response("200 OK", "", &spoken("{}")))]).await;
    let provider = Anthropic::at("a", bare.url.trim_end_matches("/v1"));
    provider.complete(&question(MODEL)).await.unwrap();
    let head = bare.only().head;
    assert!(head.starts_with("post /v1/messages http/1.1") && !head.contains("x-api-key"), "{head}");
}

#[tokio::test]
async fn a_prompt_that_asks_nothing_is_named_and_nothing_is_sent() {
    let request = Request::new(MODEL, Prompt::default().system("Be brief."));
    let (answer, server) = ask(&request, Script::Endless).await;
    let failure = answer.unwrap_err();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
    assert!(failure.message.contains("only system messages"), "{failure}");
    assert!(server.seen().is_empty());
}

/// The two request bodies when the schema is rejected with a message and then requested once more.
async fn asked_again(refusal: &str, then: &[Script]) -> (Vec<Result<Reply, Failure>>, Vec<Value>) {
    let error = json!({"type": "error", "error": {"type": "invalid_request_error", "message": refusal}});
    let refused = Script::Bytes(response("400 Bad Request", "", &error.to_string()));
    let server = Server::start([&[refused], then].concat()).await;
    let claude = Anthropic::at("anthropic", &server.url);
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        outcomes.push(claude.complete(&question(MODEL)).await);
    }
    (outcomes, server.seen().into_iter().map(|seen| seen.body).collect())
}

#[tokio::test]
async fn a_schema_that_is_too_complex_is_asked_for_in_words_from_then_on() {
    let good = message(json!({"content": [{"type": "text", "text": "{\"years\":4}"}], "stop_reason": "end_turn"}));
    let good = [Script::Bytes(response("200 OK", "", &good))];
    for refusal in [
        "Schema is too complex for compilation. Try reducing the number of tools or simplifying tool schemas.",
        "The compiled grammar is too large, which would cause performance issues.",
        "Schemas contains too many optional parameters (25), which would make grammar compilation inefficient.",
        "Schemas contains too many parameters with union types (17 parameters with type arrays or anyOf).",
    ] {
        let (outcomes, bodies) = asked_again(refusal, &good).await;
        assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap().text() == "{\"years\":4}"), "{refusal}");
        let bound: Vec<_> = bodies.iter().map(|body| body.get("output_config").is_some()).collect();
        assert_eq!(bound, [true, false, false], "{refusal}");
        for body in &bodies[1..] {
            let said = body["messages"].as_array().unwrap();
            assert_eq!(said.len(), 1);
            let text = said[0]["content"].as_str().unwrap();
            assert!(text.starts_with("How many years?\n\n") && text.contains("\"years\""), "{text}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_otherwise_is_not_asked_again() {
    let (outcomes, bodies) = asked_again("temperature: range: 0..1", &[]).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(bodies.len(), 2);
}

#[tokio::test]
async fn effort_is_left_out_where_a_model_takes_none() {
    let model = Model::new("anthropic/claude-haiku-4-5").effort(Effort::High);
    assert!(sent(Request::new(model, Prompt::user("Hi"))).await.get("output_config").is_none());
}

/// "Thinking may not be enabled when tool_choice forces tool use."
#[tokio::test]
async fn a_model_that_thinks_is_not_forced() {
    let thinking = &[("thinking", r#"{"type": "enabled", "budget_tokens": 1024}"#)];
    for model in [Model::new("anthropic/claude-sonnet-4-0").extra(thinking), Model::new("anthropic/claude-opus-5-5")] {
        let ping = || ToolSchema::new("ping", json!({"type": "object", "properties": {}}));
        for choice in [ToolChoice::Required, ToolChoice::Tool("ping".into())] {
            let request = Request::new(model, Prompt::user("Hi")).tool(ping()).tool_choice(choice);
            let (answer, server) = ask(&request, Script::Endless).await;
            let failure = answer.unwrap_err();
            assert_eq!(failure.kind, FailureKind::InvalidRequest);
            assert_eq!(failure.message, format!("`{}` cannot be forced to call a tool", model.id()));
            assert!(server.seen().is_empty());
        }
        let auto = Request::new(model, Prompt::user("Hi")).tool(ping());
        assert_eq!(sent(auto).await["tools"][0]["name"], "ping");
    }
    // This model has no JSON outputs, so its answer would be the input of a forced tool.
    let body = sent(question(Model::new("anthropic/claude-sonnet-4-0").extra(thinking))).await;
    assert!(body.get("tool_choice").is_none() && body.get("tools").is_none(), "{body}");
    assert!(body["messages"][0]["content"].as_str().unwrap().contains("\"years\""), "{body}");
}
