//! Conversations with tools, also those that change from one API to the other.

use flow_runtime::prompt::{Message, Part, Prompt, Role};
use flow_runtime::provider::{Model, ToolSchema};

use super::*;

fn reasoning() -> Value {
    json!({"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Find it."}], "encrypted_content": "s"})
}

fn call(id: &str) -> Value {
    json!({"type": "function_call", "id": "fc_1", "call_id": id, "name": "find", "arguments": "{\"n\":1}", "status": "completed"})
}

fn ping() -> ToolSchema {
    ToolSchema::new("ping", json!({"type": "object", "properties": {}}))
}

/// The request after an answer, with a result for each of its calls.
fn after(model: &'static str, reply: &Reply) -> Request {
    let results = reply.content.tool_calls().filter_map(|call| match call {
        Part::ToolCall { id, .. } => Some(Part::tool_result(id, "found")),
        _ => None,
    });
    let messages = vec![
        Message::new(Role::User, "Hi"),
        Message::new(Role::Assistant, reply.content.clone()),
        Message::new(Role::User, results.collect::<Vec<_>>()),
    ];
    Request::new(Model::new(model), Prompt { messages }).tool(ping())
}

async fn reply(items: Value) -> Reply {
    let request = Request::new(Model::new("azure/gpt-6-sol"), Prompt::user("Hi")).tool(ping());
    ask_azure(&request, &said(items)).await.0.unwrap()
}

/// The items of the next request.
async fn input(request: &Request) -> Value {
    ask_azure(request, &said(json!([message("Done.")]))).await.1.body["input"].clone()
}

/// The messages of the next request through chat completions.
async fn chat(request: &Request) -> Value {
    let body = json!({"choices": [{"finish_reason": "stop", "message": {"content": "Done."}}]});
    let server = Server::start([Script::Bytes(response("200 OK", "", &body.to_string()))]).await;
    OpenAi::azure(&server.url, "k").chat_completions().complete(request).await.unwrap();
    server.only().body["messages"].clone()
}

#[tokio::test]
async fn reasoning_goes_back_word_for_word_before_its_calls() {
    let mut remark = message("One moment.");
    remark["phase"] = "commentary".into();
    let reply = reply(json!([reasoning(), remark, call("call_1"), call("call_2")])).await;
    let expected = json!([
        {"role": "user", "content": "Hi"},
        reasoning(),
        {"role": "assistant", "content": "One moment.", "phase": "commentary"},
        {"type": "function_call", "call_id": "call_1", "name": "find", "arguments": "{\"n\":1}"},
        {"type": "function_call", "call_id": "call_2", "name": "find", "arguments": "{\"n\":1}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "found"},
        {"type": "function_call_output", "call_id": "call_2", "output": "found"},
    ]);
    assert_eq!(input(&after("azure/gpt-6-sol", &reply)).await, expected);
}

/// "Reasoning input items can only be provided to a reasoning or computer use model."
#[tokio::test]
async fn a_model_that_does_not_reason_gets_no_reasoning() {
    let reply = reply(json!([reasoning(), call("call_1")])).await;
    let items = input(&after("azure/gpt-4o", &reply)).await;
    assert_eq!((items.as_array().unwrap().len(), items.to_string().contains("reasoning")), (3, false));
}

/// "Item with id 'rs_1' not found": nothing was stored.
#[tokio::test]
async fn reasoning_that_is_only_an_id_is_dropped_and_open_reasoning_is_kept() {
    let summary = json!({"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Find it."}]});
    assert_eq!(reply(json!([summary, call("call_1")])).await.content.parts().len(), 1);
    let open = json!({"type": "reasoning", "id": "rs_1", "content": [{"type": "reasoning_text", "text": "Find it."}]});
    let reply = reply(json!([open.clone(), call("call_1")])).await;
    assert_eq!(input(&after("azure/gpt-6-sol", &reply)).await[1], open);
}

#[tokio::test]
async fn items_of_tools_at_the_endpoint_go_back() {
    let search = json!({"type": "web_search_call", "id": "ws_1", "status": "completed"});
    let reply = reply(json!([search.clone(), call("call_1")])).await;
    assert_eq!(input(&after("azure/gpt-4o", &reply)).await[1], search);
}

#[tokio::test]
async fn a_conversation_changes_from_one_api_to_the_other() {
    let calls = json!([{"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{\"n\":1}"}}]);
    let began = reply(json!([reasoning(), call("call_1")])).await;
    let expected = json!([
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": null, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_1", "content": "found"},
    ]);
    assert_eq!(chat(&after("azure/gpt-4o", &began)).await, expected);

    let private = vec![
        Part::opaque("azure", json!({"reasoning_content": "secret"})),
        Part::opaque("azure", json!({"type": "thinking", "thinking": "secret"})),
        Part::opaque("other", json!({"item": {"type": "reasoning", "encrypted_content": "secret"}})),
        Part::opaque("azure", json!({"tool_call": {"extra_content": "secret"}})),
        Part::tool_call("call_1", "find", json!({"n": 1})),
    ];
    let items = input(&after("azure/gpt-6-sol", &Reply::new(private))).await;
    assert_eq!((items.as_array().unwrap().len(), items.to_string().contains("secret")), (3, false), "{items}");
}
