//! The tools of a request.

use serde_json::{Map, Value, json};

use crate::provider::{AnswerSchema, Request, ToolChoice, ToolSchema};

/// Adds the tools, and the tool choice unless it is left to the model.
pub(super) fn offer(body: &mut Map<String, Value>, request: &Request) {
    if request.tools.is_empty() {
        return;
    }
    body.insert("tools".to_owned(), request.tools.iter().map(tool).collect());
    let choice = match &request.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => json!({"type": "none"}),
        ToolChoice::Required => json!({"type": "any"}),
        ToolChoice::Tool(name) => json!({"type": "tool", "name": name}),
    };
    body.insert("tool_choice".to_owned(), choice);
}

/// Whether the model must call a tool.
pub(super) fn forces(request: &Request) -> bool {
    !request.tools.is_empty() && matches!(request.tool_choice, ToolChoice::Required | ToolChoice::Tool(_))
}

fn tool(tool: &ToolSchema) -> Value {
    let mut written = json!({"name": tool.name, "input_schema": tool.parameters});
    if let Some(text) = &tool.description {
        written["description"] = text.as_str().into();
    }
    if tool.strict {
        written["strict"] = true.into();
    }
    written
}

/// Requests the answer as the input of a tool that must be called.
pub(super) fn demand(body: &mut Map<String, Value>, answer: &AnswerSchema) {
    let AnswerSchema { name, description, schema } = answer;
    let description = description.as_deref().unwrap_or("Gives the answer.");
    let tool = json!({"name": name, "description": description, "input_schema": schema});
    body.insert("tools".to_owned(), json!([tool]));
    let choice = json!({"type": "tool", "name": name, "disable_parallel_tool_use": true});
    body.insert("tool_choice".to_owned(), choice);
}
