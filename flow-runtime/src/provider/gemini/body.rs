//! The request body.

use serde_json::{Map, Value, json};

use super::contents::say;
use super::models::needs_signatures;
use super::tools::offer;
use crate::provider::http;
use crate::provider::parts::some;
use crate::provider::{AnswerSchema, Effort, Failure, Model, Request, SchemaSupport};

/// Writes the body. Unset parameters are omitted.
pub(super) fn body(
    request: &Request,
    provider: &str,
    support: SchemaSupport,
    level: Option<&'static str>,
) -> Result<Value, Failure> {
    let mut body = Map::new();
    say(&mut body, &request.prompt, provider, needs_signatures(&request.model))?;
    offer(&mut body, request);
    let config = config(request, support, level);
    if !config.is_empty() {
        body.insert("generationConfig".to_owned(), Value::Object(config));
    }
    http::extend(&mut body, &request.model)?;
    Ok(Value::Object(body))
}

fn config(request: &Request, support: SchemaSupport, level: Option<&'static str>) -> Map<String, Value> {
    let model = &request.model;
    some([
        ("responseMimeType", mime(request.schema.as_ref(), support)),
        ("responseJsonSchema", request.schema.as_ref().and_then(|answer| schema(answer, support))),
        ("maxOutputTokens", model.get_max_output_tokens().map(Value::from)),
        ("temperature", model.get_temperature().map(Value::from)),
        ("thinkingConfig", thinking(model, level)),
    ])
}

fn mime(answer: Option<&AnswerSchema>, support: SchemaSupport) -> Option<Value> {
    answer.filter(|_| support != SchemaSupport::None).map(|_| "application/json".into())
}

fn schema(answer: &AnswerSchema, support: SchemaSupport) -> Option<Value> {
    let taken = !matches!(support, SchemaSupport::None | SchemaSupport::JsonMode);
    taken.then(|| answer.schema.clone())
}

/// Gemini 2 takes a token budget for thinking, later models take levels; the API rejects a request with both.
/// Source: <https://ai.google.dev/gemini-api/docs/openai#thinking>, 2026-11-24.
fn thinking(model: &Model, level: Option<&'static str>) -> Option<Value> {
    let level = level?;
    if !model.api_name().starts_with("gemini-2") {
        return Some(json!({"thinkingLevel": level}));
    }
    let budget = match model.get_effort()? {
        Effort::Minimal | Effort::Low => 1_024,
        Effort::Medium => 8_192,
        Effort::High => 24_576,
    };
    Some(json!({"thinkingBudget": budget}))
}
