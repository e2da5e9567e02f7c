//! The body of a request.

use serde_json::{Map, Value, json};

use crate::provider::http;
use crate::provider::{AnswerSchema, Capabilities, Failure, Model, Request, SchemaSupport};

/// Writes the body. Parameters that were not set are not in it: many models refuse ones that they do not know.
pub(super) fn body(request: &Request, capabilities: Capabilities, official: bool) -> Result<Value, Failure> {
    let model = &request.model;
    let mut body = Map::new();
    body.insert("model".to_owned(), model.api_name().into());
    body.insert("messages".to_owned(), json!(request.prompt.messages));
    let format = request.schema.as_ref().and_then(|schema| format(schema, capabilities.schema));
    body.extend(format.map(|format| ("response_format".to_owned(), format)));
    parameters(&mut body, model, official);
    http::extend(&mut body, model)?;
    Ok(Value::Object(body))
}

fn format(answer: &AnswerSchema, support: SchemaSupport) -> Option<Value> {
    let AnswerSchema { name, description, schema } = answer;
    match support {
        SchemaSupport::None => return None,
        SchemaSupport::JsonMode => return Some(json!({"type": "json_object"})),
        _ => {}
    }
    let mut format = json!({"name": name, "schema": schema});
    if let Some(text) = description {
        format["description"] = text.as_str().into();
    }
    if support == SchemaSupport::Strict {
        format["strict"] = true.into();
    }
    Some(json!({"type": "json_schema", "json_schema": format}))
}

fn parameters(body: &mut Map<String, Value>, model: &Model, official: bool) {
    // Current models of OpenAI refuse the older name; most other servers know only that one.
    let limit = if official { "max_completion_tokens" } else { "max_tokens" };
    let parameters = [
        (limit, model.get_max_output_tokens().map(Value::from)),
        ("temperature", model.get_temperature().map(Value::from)),
        ("reasoning_effort", model.get_effort().map(|effort| effort.name().into())),
    ];
    body.extend(parameters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
}
