//! The tools of a request.

use serde_json::{Map, Value, json};

use crate::provider::parts::some;
use crate::provider::{Request, ToolChoice, ToolSchema};

/// Adds the functions, and the tool choice unless it is left to the model.
pub(super) fn offer(body: &mut Map<String, Value>, request: &Request) {
    if request.tools.is_empty() {
        return;
    }
    let functions: Vec<_> = request.tools.iter().map(function).collect();
    body.insert("tools".to_owned(), json!([{"functionDeclarations": functions}]));
    let config = match &request.tool_choice {
        ToolChoice::Auto => return,
        ToolChoice::None => json!({"mode": "NONE"}),
        ToolChoice::Required => json!({"mode": "ANY"}),
        ToolChoice::Tool(name) => json!({"mode": "ANY", "allowedFunctionNames": [name]}),
    };
    body.insert("toolConfig".to_owned(), json!({"functionCallingConfig": config}));
}

fn function(tool: &ToolSchema) -> Map<String, Value> {
    some([
        ("name", Some(tool.name.as_str().into())),
        ("description", tool.description.as_deref().map(Value::from)),
        ("parametersJsonSchema", Some(tool.parameters.clone())),
    ])
}
