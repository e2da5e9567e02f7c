//! The body of a request for a message.

use serde_json::{Map, Value, json};

use super::models::usual_max_tokens;
use crate::prompt::{Message, Prompt, Role};
use crate::provider::http;
use crate::provider::lower::size::Size;
use crate::provider::{AnswerSchema, Failure, FailureKind, Model, Request, SchemaSupport};

/// The most optional properties of a JSON output.
/// Source: <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#schema-complexity-limits>,
/// 2026-11-22.
const OPTIONAL: usize = 24;

/// The most unions of a JSON output, by the same page.
const UNIONS: usize = 16;

/// Writes the body. Parameters that were not set are not in it, but for the limit that the API asks for.
pub(super) fn body(request: &Request, support: SchemaSupport, effort: Option<&'static str>) -> Result<Value, Failure> {
    let model = &request.model;
    let mut body = Map::new();
    body.insert("model".to_owned(), model.api_name().into());
    body.insert("max_tokens".to_owned(), model.get_max_output_tokens().unwrap_or(usual_max_tokens(model)).into());
    say(&mut body, &request.prompt, model.get_prompt_cache())?;
    if let Some(answer) = &request.schema {
        shape(&mut body, answer, support);
    }
    parameters(&mut body, model, effort);
    http::extend(&mut body, model)?;
    Ok(Value::Object(body))
}

/// The conversation; what the system says stands beside it.
fn say(body: &mut Map<String, Value>, prompt: &Prompt, cache: bool) -> Result<(), Failure> {
    let (system, said): (Vec<_>, Vec<_>) = prompt.messages.iter().partition(|message| message.role == Role::System);
    if said.is_empty() {
        let text = "the prompt has no message but the system's, and Claude answers only a user's";
        return Err(Failure::new(FailureKind::InvalidRequest, text));
    }
    let instructions: Vec<_> = system.iter().map(|message| &message.content[..]).collect();
    if !instructions.is_empty() {
        body.insert("system".to_owned(), content(&instructions.join("\n\n"), cache));
    }
    let first = |index| cache && index == 0 && instructions.is_empty();
    let messages = said.iter().enumerate().map(|(index, message)| turn(message, first(index)));
    body.insert("messages".to_owned(), messages.collect());
    Ok(())
}

fn turn(message: &Message, cache: bool) -> Value {
    let role = if message.role == Role::Assistant { "assistant" } else { "user" };
    json!({"role": role, "content": content(&message.content, cache)})
}

/// A text; as a block where everything up to its end is to be cached.
fn content(text: &str, cache: bool) -> Value {
    match cache {
        true => json!([{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]),
        false => text.into(),
    }
}

fn shape(body: &mut Map<String, Value>, answer: &AnswerSchema, support: SchemaSupport) {
    match support {
        SchemaSupport::None | SchemaSupport::JsonMode => {}
        SchemaSupport::Anthropic if is_small(&answer.schema) => {
            body.insert(
                "output_config".to_owned(),
                json!({"format": {"type": "json_schema", "schema": answer.schema}}),
            );
        }
        _ => tool(body, answer),
    }
}

fn is_small(schema: &Value) -> bool {
    let size = Size::of(schema);
    size.optional <= OPTIONAL && size.unions <= UNIONS
}

/// Asks for the answer as the input of a tool that has to be called.
fn tool(body: &mut Map<String, Value>, answer: &AnswerSchema) {
    let AnswerSchema { name, description, schema } = answer;
    let description = description.as_deref().unwrap_or("Gives the answer.");
    let tool = json!({"name": name, "description": description, "input_schema": schema});
    body.insert("tools".to_owned(), json!([tool]));
    let choice = json!({"type": "tool", "name": name, "disable_parallel_tool_use": true});
    body.insert("tool_choice".to_owned(), choice);
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
