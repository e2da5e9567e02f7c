//! The request body.

use serde_json::{Map, Value, json};

use super::messages::say;
use super::models::{self, usual_max_tokens};
use super::tools::{demand, offer};
use crate::provider::http;
use crate::provider::lower::size::Size;
use crate::provider::{AnswerSchema, Failure, Model, Request, SchemaSupport};

/// The maximum number of optional properties in a JSON output.
/// Source: <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#schema-complexity-limits>,
/// 2026-11-22.
const OPTIONAL: usize = 24;

/// The maximum number of unions in a JSON output, from the same page.
const UNIONS: usize = 16;

/// How the schema of an answer is enforced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// Not enforced.
    No,
    /// As a JSON output.
    Output,
    /// As the input of a tool that must be called.
    Tool,
}

impl Binding {
    pub(super) fn of(request: &Request, support: SchemaSupport) -> Self {
        match (&request.schema, support) {
            (None, _) | (_, SchemaSupport::None | SchemaSupport::JsonMode) => Self::No,
            (Some(answer), SchemaSupport::Anthropic) if is_small(&answer.schema) => Self::Output,
            _ => Self::Tool,
        }
    }
}

/// Writes the body. Unset parameters are omitted, except for the token limit, which the API requires.
pub(super) fn body(
    request: &Request,
    provider: &str,
    binding: Binding,
    effort: Option<&'static str>,
) -> Result<Value, Failure> {
    let model = &request.model;
    let mut body = Map::new();
    body.insert("model".to_owned(), model.api_name().into());
    body.insert("max_tokens".to_owned(), model.get_max_output_tokens().unwrap_or(usual_max_tokens(model)).into());
    say(&mut body, &request.prompt, provider, model.get_prompt_cache())?;
    offer(&mut body, request);
    if let Some(answer) = &request.schema {
        bind(&mut body, answer, binding);
    }
    parameters(&mut body, model, effort);
    http::extend(&mut body, model)?;
    if models::thinks(body.get("thinking")) && continues_without_thoughts(&body) {
        body.shift_remove("thinking");
    }
    Ok(Value::Object(body))
}

/// Whether the last results are those of calls before which the model did not think, such as another model's. A model that thinks
/// within a budget rejects them with a 400.
/// See <https://platform.claude.com/docs/en/build-with-claude/extended-thinking#toggling-thinking-modes-in-conversations>.
fn continues_without_thoughts(body: &Map<String, Value>) -> bool {
    let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let [.., said, results] = messages else { return false };
    let first = &said["content"][0]["type"];
    results["content"][0]["type"] == "tool_result" && !(first == "thinking" || first == "redacted_thinking")
}

fn bind(body: &mut Map<String, Value>, answer: &AnswerSchema, binding: Binding) {
    match binding {
        Binding::No => {}
        Binding::Output => {
            let format = json!({"type": "json_schema", "schema": answer.schema});
            body.insert("output_config".to_owned(), json!({"format": format}));
        }
        Binding::Tool => demand(body, answer),
    }
}

fn is_small(schema: &Value) -> bool {
    let size = Size::of(schema);
    size.optional <= OPTIONAL && size.unions <= UNIONS
}

fn parameters(body: &mut Map<String, Value>, model: &Model, effort: Option<&'static str>) {
    if let Some(temperature) = model.get_temperature() {
        body.insert("temperature".to_owned(), temperature.into());
    }
    if let Some(word) = effort {
        let config = body.entry("output_config").or_insert_with(|| json!({}));
        config["effort"] = word.into();
    }
}
