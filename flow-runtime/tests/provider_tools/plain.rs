//! Normalizes requests, so that two of them can be compared. These differences are accepted:
//!
//! - A list with a single text equals the text. A message that only calls tools may have no content, `null` or `""`.
//! - Fields without information are dropped: nulls, empty descriptions, false `is_error` and `thought`, Mistral's false `prefix`,
//!   the index of a call, Anthropic's `caller` of a tool, the citations of a text without any.
//! - Arguments that OpenAI's dialect writes as text are compared as values.
//! - Gemini's fields have one spelling each: `functionDeclarations`, `parametersJsonSchema`; the system instruction has no role.
//! - The tool choice is sent only if it is not `auto`. Server-side tools are not ours to offer.
//! - `thought_signature` of Google's compatible endpoint is also inside `extra_content`.

use flow_runtime::provider::ToolSchema;
use serde_json::{Map, Value, json};

/// The content of a body, without the model's parameters.
pub(crate) fn body(body: Value) -> Value {
    let dialect = if body.get("contents").is_some() { "gemini" } else { "" };
    let mut said = Map::new();
    for key in ["messages", "contents", "system", "systemInstruction"] {
        said.extend(body.get(key).map(|value| (key.to_owned(), turn(value.clone()))));
    }
    if let Some(system) = said.get_mut("systemInstruction").and_then(Value::as_object_mut) {
        system.remove("role");
    }
    let dialect = if body["tools"][0].get("function").is_some() { "openai" } else { dialect };
    let dialect = if dialect.is_empty() { "anthropic" } else { dialect };
    let names: Vec<_> = tools(dialect, &body).into_iter().map(|tool| format!("{tool:?}")).collect();
    said.insert("tools".to_owned(), json!(names));
    said.into()
}

/// The tools that a body offers.
pub(crate) fn tools(dialect: &str, body: &Value) -> Vec<ToolSchema> {
    let list = match &body["tools"] {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let list = list.into_iter().flat_map(|tool| match dialect {
        "openai" => vec![tool["function"].clone()],
        "anthropic" => vec![tool],
        _ => {
            let functions = tool.get("functionDeclarations").or(tool.get("function_declarations"));
            functions.and_then(Value::as_array).cloned().unwrap_or_default()
        }
    });
    let names = ["parameters", "input_schema", "parametersJsonSchema", "parameters_json_schema"];
    let read = |tool: Value| {
        let schema = names.iter().find_map(|name| tool.get(*name))?.clone();
        let read = ToolSchema::new(tool["name"].as_str()?, schema);
        let read = match tool["description"].as_str().filter(|text| !text.is_empty()) {
            Some(text) => read.description(text),
            None => read,
        };
        Some(if tool["strict"] == true { read.strict() } else { read })
    };
    list.filter_map(read).collect()
}

/// The model's turn in a reply.
pub(crate) fn said(dialect: &str, reply: &Value) -> Value {
    turn(match dialect {
        "openai" => reply["choices"][0]["message"].clone(),
        "anthropic" => json!({"role": "assistant", "content": reply["content"]}),
        _ => reply["candidates"][0]["content"].clone(),
    })
}

/// The content of a turn.
pub(crate) fn turn(value: Value) -> Value {
    match value {
        Value::Array(list) => match &list[..] {
            [one] if one["type"] == "text" => one["text"].clone(),
            _ => list.into_iter().map(turn).collect(),
        },
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match (&name[..], value) {
                ("arguments", Value::String(text)) => (name, serde_json::from_str(&text).unwrap_or_default()),
                ("args" | "input" | "response", value) => (name, value),
                (_, value) => (name, turn(value)),
            });
            let mut fields: Map<_, _> = fields.filter(|(name, value)| !is_nothing(name, value)).collect();
            if let Some(function) = fields.get_mut("function").and_then(Value::as_object_mut) {
                function.entry("arguments").or_insert_with(|| json!({}));
            }
            fields.into()
        }
        other => other,
    }
}

fn is_nothing(name: &str, value: &Value) -> bool {
    let is_false = matches!(name, "is_error" | "thought" | "prefix") && *value == false;
    let is_meant = matches!(name, "index" | "caller" | "annotations" | "padding" | "thought_signature" | "refusal");
    // A call without an id gets one from us.
    is_false || is_meant || value.is_null() || *value == "" || (name == "id" && value.as_str().is_some_and(is_ours))
}

fn is_ours(id: &str) -> bool {
    id.starts_with("flow-")
}
