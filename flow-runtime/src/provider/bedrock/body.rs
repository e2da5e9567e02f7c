//! The request body.

use serde_json::{Map, Value, json};

use super::messages::say;
use super::models;
use super::tools::offer;
use crate::provider::http;
use crate::provider::parts::some;
use crate::provider::{AnswerSchema, Failure, Request, SchemaSupport};

/// Writes the body. Unset parameters are omitted.
pub(super) fn body(
    request: &Request,
    provider: &str,
    support: SchemaSupport,
    level: Option<&'static str>,
) -> Result<Value, Failure> {
    let model = &request.model;
    let mut body = Map::new();
    say(&mut body, &request.prompt, model, provider)?;
    let config = some([
        ("maxTokens", model.get_max_output_tokens().map(Value::from)),
        ("temperature", model.get_temperature().map(Value::from)),
    ]);
    if !config.is_empty() {
        body.insert("inferenceConfig".to_owned(), config.into());
    }
    offer(&mut body, request);
    let is_bound = !matches!(support, SchemaSupport::None | SchemaSupport::JsonMode);
    if let Some(answer) = request.schema.as_ref().filter(|_| is_bound) {
        body.insert("outputConfig".to_owned(), json!({"textFormat": format(answer)}));
    }
    if let Some((field, level)) = models::effort_field(model).zip(level) {
        body.insert("additionalModelRequestFields".to_owned(), nested(field, level));
    }
    http::extend(&mut body, model)?;
    Ok(Value::Object(body))
}

/// The schema, which the API takes as JSON text.
fn format(answer: &AnswerSchema) -> Value {
    let schema = some([
        ("name", Some(answer.name.as_str().into())),
        ("description", answer.description.as_deref().map(Value::from)),
        ("schema", Some(answer.schema.to_string().into())),
    ]);
    json!({"type": "json_schema", "structure": {"jsonSchema": schema}})
}

/// A value at a path of names.
fn nested(path: &str, value: &str) -> Value {
    path.rsplit('/').filter(|name| !name.is_empty()).fold(value.into(), |inner: Value, name| json!({ name: inner }))
}
