//! The tools of a request.

use serde_json::{Map, Value, json};

use crate::prompt::Part;
use crate::provider::parts::some;
use crate::provider::{Request, ToolChoice, ToolSchema, calls};

/// What a tool that is offered no more is described as: the API has no choice of none, and rejects a conversation with tools that
/// defines none.
const GONE: &str = "This tool is no longer available. Answer without calling it.";

/// Adds the tools, and the tool choice unless it is left to the model.
pub(super) fn offer(body: &mut Map<String, Value>, request: &Request) {
    let is_gone = request.tools.is_empty() || request.tool_choice == ToolChoice::None;
    let tools: Vec<_> = if is_gone { called(request) } else { request.tools.iter().map(tool).collect() };
    if tools.is_empty() {
        return;
    }
    let choice = match &request.tool_choice {
        _ if is_gone => None,
        ToolChoice::Auto | ToolChoice::None => None,
        ToolChoice::Required => Some(json!({"any": {}})),
        ToolChoice::Tool(name) => Some(json!({"tool": {"name": name}})),
    };
    body.insert("toolConfig".to_owned(), some([("tools", Some(tools.into())), ("toolChoice", choice)]).into());
}

fn tool(tool: &ToolSchema) -> Value {
    let spec = some([
        ("name", Some(tool.name.as_str().into())),
        ("description", tool.description.as_deref().map(Value::from)),
        ("inputSchema", Some(json!({"json": tool.parameters}))),
        ("strict", tool.strict.then(|| true.into())),
    ]);
    json!({ "toolSpec": spec })
}

/// The tools that were called in the conversation.
fn called(request: &Request) -> Vec<Value> {
    let parts = request.prompt.messages.iter().flat_map(|message| message.content.parts());
    let mut names: Vec<_> = parts
        .filter_map(|part| match part {
            Part::ToolCall { name, .. } => Some(calls::name(name)),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    let gone = |name| ToolSchema::new(name, json!({"type": "object", "properties": {}})).description(GONE);
    names.iter().map(|name| tool(&gone(name))).collect()
}
