//! Requests.

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{AnswerSchema, Capabilities, Effort, Model, SchemaSupport, ToolChoice, ToolSchema};

use super::*;

fn city() -> Value {
    json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": false})
}

fn question(model: Model) -> Request {
    Request::new(model, Prompt::user("Where?").system("Be right.").system("Be brief."))
}

async fn sent(request: &Request) -> Value {
    ask_azure(request, &said(json!([message("Paris")]))).await.1.body
}

#[tokio::test]
async fn only_what_was_set_is_sent_and_nothing_is_stored() {
    let body = sent(&question(Model::new("azure/gpt-6-sol"))).await;
    let expected = json!({
        "model": "gpt-6-sol", "instructions": "Be brief.\n\nBe right.", "input": [{"role": "user", "content": "Where?"}],
        "store": false,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn what_was_set_is_sent() {
    const TUNED: Model = Model::new("azure/gpt-6-sol")
        .max_output_tokens(600)
        .temperature(0.5)
        .effort(Effort::Minimal)
        .prompt_cache()
        .extra(&[("reasoning", r#"{"summary": "auto"}"#), ("store", "true")]);
    let mut body = sent(&Request::new(TUNED, Prompt::user("Hi")).schema(AnswerSchema::new("city", city()))).await;
    assert!(body.as_object_mut().unwrap().remove("prompt_cache_key").unwrap().as_str().unwrap().starts_with("flow-"));
    let expected = json!({
        "model": "gpt-6-sol", "input": [{"role": "user", "content": "Hi"}],
        "text": {"format": {"type": "json_schema", "name": "city", "schema": city(), "strict": true}},
        "max_output_tokens": 600, "temperature": 0.5, "reasoning": {"effort": "none", "summary": "auto"}, "store": true,
    });
    assert_eq!(body, expected);
}

/// A tool is strict at OpenAI unless the request says that it is not.
#[tokio::test]
async fn a_tool_always_says_whether_it_is_strict() {
    let ping = ToolSchema::new("ping", city()).description("Pings.");
    for (choice, form) in [
        (ToolChoice::Auto, None),
        (ToolChoice::None, Some(json!("none"))),
        (ToolChoice::Required, Some(json!("required"))),
        (ToolChoice::Tool("ping".into()), Some(json!({"type": "function", "name": "ping"}))),
    ] {
        let plain = question(Model::new("azure/gpt-6-sol")).tool_choice(choice);
        let body = sent(&plain).await;
        assert!(["tools", "tool_choice", "include"].iter().all(|key| body.get(key).is_none()), "{body}");
        let body = sent(&plain.tool(ping.clone()).tool(ping.clone().strict())).await;
        let tool = |strict| json!({"type": "function", "name": "ping", "description": "Pings.", "parameters": city(), "strict": strict});
        assert_eq!(body["tools"], json!([tool(false), tool(true)]));
        assert_eq!(body.get("tool_choice"), form.as_ref());
    }
}

/// A model that does not reason answers the parameter with a 400; servers that do not encrypt reasoning may not know it.
#[tokio::test]
async fn reasoning_is_asked_for_where_it_can_be_had() {
    let included = json!(["reasoning.encrypted_content"]);
    let ping = ToolSchema::new("ping", city());
    for (id, is_included) in [("azure/gpt-6-sol", true), ("azure/gpt-4o", false), ("azure/gpt-4.1-mini", false)] {
        let body = sent(&question(Model::new(id)).tool(ping.clone())).await;
        assert_eq!(body.get("include"), Some(&included).filter(|_| is_included), "{id}");
    }
    let request = question(Model::new("other/gpt-6-sol")).tool(ping);
    assert_eq!(ask_other(&request, &said(json!([message("Paris")]))).await.1.body.get("include"), None);
}

/// Other servers may not know `instructions`, and are not known to hold a model to a schema.
#[tokio::test]
async fn any_other_server_gets_what_all_of_them_take() {
    let request = question(Model::new("other/tiny")).schema(AnswerSchema::new("city", city()));
    let (_, seen) = ask_other(&request, &said(json!([message("{}")]))).await;
    assert!(seen.head.starts_with("post /v1/responses "), "{}", seen.head);
    let expected = json!({
        "model": "tiny",
        "input": [
            {"role": "system", "content": "Be brief."}, {"role": "system", "content": "Be right."},
            {"role": "user", "content": "Where?"},
        ],
        "text": {"format": {"type": "json_schema", "name": "city", "schema": city()}},
        "store": false,
    });
    assert_eq!(seen.body, expected);
}

#[tokio::test]
async fn the_schema_is_sent_as_the_endpoint_takes_it() {
    for (support, format) in
        [(SchemaSupport::JsonMode, Some(json!({"format": {"type": "json_object"}}))), (SchemaSupport::None, None)]
    {
        let server =
            Server::start([Script::Bytes(response("200 OK", "", &said(json!([message("{}")])).to_string()))]).await;
        let provider = OpenAi::at("other", &server.url).responses().capabilities(Capabilities::new(support));
        let request = question(Model::new("other/tiny")).schema(AnswerSchema::new("city", city()));
        provider.complete(&request).await.unwrap();
        assert_eq!(server.only().body.get("text"), format.as_ref());
    }
}

/// An input without items is a 400.
#[tokio::test]
async fn a_prompt_of_system_messages_is_an_input_too() {
    let mut prompt = Prompt::user("");
    prompt.messages.clear();
    let body = sent(&Request::new(Model::new("azure/gpt-6-sol"), prompt.system("Say hello."))).await;
    assert_eq!((body.get("instructions"), &body["input"][0]["role"]), (None, &json!("system")));
}
