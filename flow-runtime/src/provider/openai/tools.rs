//! The tools of a request.

use serde_json::{Map, Value, json};

use crate::provider::{Request, ToolChoice, ToolSchema};

/// Adds the tools, and the tool choice unless it is left to the model.
pub(super) fn offer(body: &mut Map<String, Value>, request: &Request) {
    if request.tools.is_empty() {
        return;
    }
    body.insert("tools".to_owned(), request.tools.iter().map(tool).collect());
    let choice = match &request.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Tool(name) => json!({"type": "function", "function": {"name": name}}),
    };
    body.insert("tool_choice".to_owned(), choice);
}

fn tool(tool: &ToolSchema) -> Value {
    let mut function = json!({"name": tool.name, "parameters": tool.parameters});
    if let Some(text) = &tool.description {
        function["description"] = text.as_str().into();
    }
    if tool.strict {
        function["strict"] = true.into();
    }
    json!({"type": "function", "function": function})
}
