//! The request body.

use serde_json::{Map, Value, json};

use super::input::{Dialect, input};
use crate::prompt::{Message, Role};
use crate::provider::http;
use crate::provider::openai::body::cache_key;
use crate::provider::openai::server::Server;
use crate::provider::parts::some;
use crate::provider::{AnswerSchema, Capabilities, Failure, Request, SchemaSupport, ToolChoice, ToolSchema};

/// Writes the body. Unset parameters are omitted, except for `store`: endpoints keep each response unless told otherwise.
pub(in crate::provider::openai) fn body(
    request: &Request,
    provider: &str,
    capabilities: Capabilities,
    server: &Server,
    effort: Option<&'static str>,
) -> Result<Value, Failure> {
    let model = &request.model;
    let dialect = Dialect {
        provider,
        call_ids: server.call_ids(model),
        reasons: server.reasons(model),
        // An input without items is rejected.
        system_items: !server.instructions
            || request.prompt.messages.iter().all(|message| message.role == Role::System),
    };
    let instructions = if dialect.system_items { None } else { instructions(request) };
    let format = request.schema.as_ref().and_then(|schema| format(schema, capabilities.schema));
    let mut body = some([
        ("model", Some(model.api_name().into())),
        ("instructions", instructions),
        ("input", Some(input(&request.prompt, &dialect)?)),
        ("text", format.map(|format| json!({ "format": format }))),
        ("tools", (!request.tools.is_empty()).then(|| request.tools.iter().map(tool).collect())),
        ("tool_choice", choice(request)),
        ("max_output_tokens", model.get_max_output_tokens().map(Value::from)),
        ("temperature", model.get_temperature().map(Value::from)),
        ("reasoning", effort.map(|effort| json!({ "effort": effort }))),
        ("prompt_cache_key", (model.get_prompt_cache() && server.prompt_cache_key).then(|| cache_key(request).into())),
        ("store", Some(false.into())),
        ("include", included(request, server)),
    ]);
    http::extend(&mut body, model)?;
    Ok(Value::Object(body))
}

/// The system messages.
fn instructions(request: &Request) -> Option<Value> {
    let system = request.prompt.messages.iter().filter(|message| message.role == Role::System);
    let texts: Vec<_> = system.map(Message::text).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n").into())
}

/// Asks for the reasoning in the form that can be sent back, if the conversation may go on after a call.
fn included(request: &Request, server: &Server) -> Option<Value> {
    let goes_on = !request.tools.is_empty() || request.has_calls();
    (goes_on && server.encrypts_reasoning(&request.model)).then(|| json!(["reasoning.encrypted_content"]))
}

fn format(answer: &AnswerSchema, support: SchemaSupport) -> Option<Value> {
    let AnswerSchema { name, description, schema } = answer;
    match support {
        SchemaSupport::None => return None,
        SchemaSupport::JsonMode => return Some(json!({"type": "json_object"})),
        _ => {}
    }
    let format = some([
        ("type", Some("json_schema".into())),
        ("name", Some(name.as_str().into())),
        ("description", description.as_deref().map(Value::from)),
        ("schema", Some(schema.clone())),
        ("strict", (support == SchemaSupport::Strict).then(|| true.into())),
    ]);
    Some(Value::Object(format))
}

/// A tool. Without `strict`, OpenAI holds it to a schema that may not fit strict mode.
fn tool(tool: &ToolSchema) -> Map<String, Value> {
    some([
        ("type", Some("function".into())),
        ("name", Some(tool.name.as_str().into())),
        ("description", tool.description.as_deref().map(Value::from)),
        ("parameters", Some(tool.parameters.clone())),
        ("strict", Some(tool.strict.into())),
    ])
}

fn choice(request: &Request) -> Option<Value> {
    if request.tools.is_empty() {
        return None;
    }
    Some(match &request.tool_choice {
        ToolChoice::Auto => return None,
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Tool(name) => json!({"type": "function", "name": name}),
    })
}
