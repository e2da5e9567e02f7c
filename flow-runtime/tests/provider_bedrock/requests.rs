//! Requests.

use flow_runtime::prompt::{Message, Part, Role};
use flow_runtime::provider::{AnswerSchema, Effort, FailureKind, ToolChoice, ToolSchema};

use super::*;

fn city() -> Value {
    json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": false})
}

fn find() -> ToolSchema {
    ToolSchema::new("find", city()).description("Finds it.")
}

async fn sent(request: &Request) -> Value {
    ask(request, "200 OK", "", &said(json!([{"text": "Paris"}]), "end_turn")).await.1.body
}

/// A conversation in which the model thought, called two tools, and got their results.
fn conversation(model: Model) -> Request {
    let thought = json!({"reasoningContent": {"reasoningText": {"text": "Find it.", "signature": "s"}}});
    let said = vec![
        Part::opaque("bedrock", thought),
        Part::opaque("anthropic", json!({"type": "thinking", "thinking": "secret"})),
        Part::text("One moment."),
        Part::tool_call("functions.find:0", "find", json!({"city": "Paris"})),
        Part::tool_call("t2", "find", json!("{\"city\": ")),
    ];
    let results = vec![Part::tool_result("functions.find:0", "found"), Part::tool_error("t2", "invalid")];
    let messages = vec![
        Message::new(Role::User, "Where?"),
        Message::new(Role::Assistant, said),
        Message::new(Role::User, results),
        Message::new(Role::User, "And now?"),
    ];
    Request::new(model, Prompt { messages })
}

#[tokio::test]
async fn only_what_was_set_is_sent() {
    let answer = said(json!([{"text": "Paris"}]), "end_turn");
    let (_, seen) = ask(&question(CLAUDE), "200 OK", "", &answer).await;
    let line = "post /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3a0/converse http/1.1";
    assert_eq!(seen.head.lines().next(), Some(line));
    assert!(seen.head.contains("authorization: bearer key-4711-0815\r\n"), "{}", seen.head);
    let expected =
        json!({"messages": [{"role": "user", "content": [{"text": "Where?"}]}], "system": [{"text": "Be brief."}]});
    assert_eq!(seen.body, expected);
}

#[tokio::test]
async fn what_was_set_is_sent() {
    const TUNED: Model = Model::new("bedrock/openai.gpt-oss-120b-1:0")
        .max_output_tokens(600)
        .temperature(0.5)
        .effort(Effort::Minimal)
        .extra(&[("additionalModelRequestFields", r#"{"seed": 7}"#), ("serviceTier", r#"{"type": "flex"}"#)]);
    let body = sent(&Request::new(TUNED, Prompt::user("Hi")).schema(AnswerSchema::new("city", city()))).await;
    let format = &body["outputConfig"]["textFormat"];
    let schema = &format["structure"]["jsonSchema"];
    assert_eq!((&format["type"], &schema["name"]), (&json!("json_schema"), &json!("city")));
    assert_eq!(serde_json::from_str::<Value>(schema["schema"].as_str().unwrap()).unwrap(), city());
    assert_eq!(body["inferenceConfig"], json!({"maxTokens": 600, "temperature": 0.5}));
    assert_eq!(body["additionalModelRequestFields"], json!({"reasoning_effort": "low", "seed": 7}));
    assert_eq!(body["serviceTier"], json!({"type": "flex"}));
}

#[tokio::test]
async fn effort_and_schema_go_only_to_models_that_take_them() {
    let claude = Model::new("bedrock/global.anthropic.claude-opus-4-6-v1").effort(Effort::High);
    assert_eq!(
        sent(&question(claude)).await["additionalModelRequestFields"],
        json!({"output_config": {"effort": "high"}})
    );
    let body = sent(&question(NOVA.effort(Effort::High)).schema(AnswerSchema::new("city", city()))).await;
    assert!(body.get("additionalModelRequestFields").is_none() && body.get("outputConfig").is_none(), "{body}");
}

#[tokio::test]
async fn tools_are_offered_with_their_choice() {
    let spec = json!({"toolSpec": {"name": "find", "description": "Finds it.", "inputSchema": {"json": city()}}});
    for (choice, form) in [
        (ToolChoice::Auto, None),
        (ToolChoice::Required, Some(json!({"any": {}}))),
        (ToolChoice::Tool("find".into()), Some(json!({"tool": {"name": "find"}}))),
    ] {
        let body = sent(&question(CLAUDE).tool(find()).tool_choice(choice)).await;
        assert_eq!(body["toolConfig"]["tools"], json!([spec]));
        assert_eq!(body["toolConfig"].get("toolChoice"), form.as_ref());
    }
    assert_eq!(sent(&question(CLAUDE).tool_choice(ToolChoice::Required)).await.get("toolConfig"), None);
}

/// "The toolConfig field must be defined when using toolUse and toolResult content blocks."
#[tokio::test]
async fn a_conversation_with_tools_defines_them_to_its_end() {
    for request in [conversation(CLAUDE), conversation(CLAUDE).tool(find()).tool_choice(ToolChoice::None)] {
        let config = sent(&request).await["toolConfig"].clone();
        let spec = &config["tools"][0]["toolSpec"];
        let text = "This tool is no longer available. Answer without calling it.";
        assert_eq!((&spec["name"], &spec["description"]), (&json!("find"), &json!(text)));
        assert_eq!((config["tools"].as_array().unwrap().len(), config.get("toolChoice")), (1, None));
    }
    let config = sent(&conversation(CLAUDE).tool(find())).await["toolConfig"].clone();
    assert_eq!(config["tools"][0]["toolSpec"]["description"], "Finds it.");
}

#[tokio::test]
async fn a_conversation_is_written_as_the_api_takes_it() {
    let messages = sent(&conversation(CLAUDE).tool(find())).await["messages"].clone();
    let id = messages[1]["content"][2]["toolUse"]["toolUseId"].as_str().unwrap().to_owned();
    assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric()), "{id}");
    let expected = json!([
        {"role": "user", "content": [{"text": "Where?"}]},
        {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "Find it.", "signature": "s"}}},
            {"text": "One moment."},
            {"toolUse": {"toolUseId": id, "name": "find", "input": {"city": "Paris"}}},
            {"toolUse": {"toolUseId": "t2", "name": "find", "input": {"invalid": "{\"city\": "}}},
        ]},
        {"role": "user", "content": [
            {"toolResult": {"toolUseId": id, "content": [{"text": "found"}]}},
            {"toolResult": {"toolUseId": "t2", "content": [{"text": "invalid"}], "status": "error"}},
            {"text": "And now?"},
        ]},
    ]);
    assert_eq!(messages, expected);
}

/// Other models reject thoughts, and the status of a result.
#[tokio::test]
async fn a_conversation_goes_on_at_another_model() {
    let model = Model::new("bedrock/us.meta.llama3-1-8b-instruct-v1:0");
    let messages = sent(&conversation(model).tool(find())).await["messages"].to_string();
    assert!(!messages.contains("reasoningContent") && !messages.contains("status"), "{messages}");
}

#[tokio::test]
async fn the_start_of_a_prompt_is_marked_for_models_with_a_cache() {
    let point = json!({"cachePoint": {"type": "default"}});
    assert_eq!(sent(&question(NOVA.prompt_cache())).await["system"], json!([{"text": "Be brief."}, point]));
    let body = sent(&Request::new(CLAUDE.prompt_cache(), Prompt::user("Where?"))).await;
    assert_eq!(body["messages"][0]["content"], json!([{"text": "Where?"}, point]));
    let other = Model::new("bedrock/qwen.qwen3-32b-v1:0").prompt_cache();
    assert!(!sent(&question(other)).await.to_string().contains("cachePoint"));
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_before_anything_is_sent() {
    let bedrock = Bedrock::new("us-east-1", "key").base_url("http://127.0.0.1:1");
    let model = Model::new("bedrock/anthropic.claude-v2");
    let failure = bedrock.complete(&question(model).tool(find())).await.unwrap_err();
    let text = "`bedrock/anthropic.claude-v2` takes no tools on Bedrock; ask another model";
    assert_eq!((failure.kind, &failure.message[..]), (FailureKind::InvalidRequest, text));
    let mut prompt = Prompt::user("");
    prompt.messages.clear();
    let failure = bedrock.complete(&Request::new(CLAUDE, prompt.system("Be brief."))).await.unwrap_err();
    assert_eq!(failure.message, "the prompt has only system messages, but Bedrock requires a user message");
}
