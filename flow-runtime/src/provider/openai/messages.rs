//! The messages of a request.

use serde_json::{Map, Value, json};

use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::Failure;
use crate::provider::parts::checked;

/// Fields of a message or call that are returned unchanged: the reasoning of DeepSeek, xAI and llama.cpp; of Groq, Ollama and
/// vLLM; of OpenRouter, with signatures; the thought signatures of Google's compatible endpoint.
/// See <https://api-docs.deepseek.com/guides/thinking_mode#tool-calls>,
/// <https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#preserving-reasoning>,
/// <https://ai.google.dev/gemini-api/docs/thought-signatures>.
pub(super) const PRIVATE: &[&str] = &["extra_content", "reasoning", "reasoning_content", "reasoning_details"];

/// Writes the messages; opaque parts go back only to the `provider` they came from, if it takes them.
pub(super) fn messages(prompt: &Prompt, provider: Option<&str>) -> Result<Value, Failure> {
    checked(prompt)?;
    let mut messages = Vec::with_capacity(prompt.messages.len());
    prompt.messages.iter().for_each(|message| say(message, provider, &mut messages));
    Ok(messages.into())
}

fn say(message: &Message, provider: Option<&str>, to: &mut Vec<Value>) {
    if let Some(text) = message.content.as_text() {
        return to.push(json!({"role": message.role, "content": text}));
    }
    if message.role == Role::Assistant {
        return to.extend(assistant(&message.content, provider));
    }
    for part in message.content.parts() {
        if let Part::ToolResult { call, content, .. } = part {
            to.push(json!({"role": "tool", "tool_call_id": call, "content": content.text()}));
        }
    }
    if message.content.parts().iter().any(|part| part.as_text().is_some()) {
        to.push(json!({"role": message.role, "content": message.text()}));
    }
}

/// An assistant message, or `None` if it has only opaque parts of other providers. Reasoning is returned only with tool calls:
/// otherwise it is useless, and DeepSeek rejects it.
fn assistant(content: &Content, provider: Option<&str>) -> Option<Value> {
    let (mut calls, mut thoughts) = (Vec::new(), Vec::new());
    let (mut fields, mut of_call) = (Map::new(), Map::new());
    for part in content.parts() {
        match part {
            Part::ToolCall { id, name, arguments } => {
                let function = json!({"name": name, "arguments": written(arguments)});
                let mut call = json!({"id": id, "type": "function", "function": function});
                extend(&mut call, std::mem::take(&mut of_call));
                calls.push(call);
            }
            Part::Opaque { provider: of, value } if Some(of.as_str()) == provider => {
                match (value.get("tool_call"), value) {
                    (Some(Value::Object(own)), _) => of_call.clone_from(own),
                    (_, Value::Object(own)) if !own.contains_key("type") => fields.extend(own.clone()),
                    _ => thoughts.push(value.clone()),
                }
            }
            _ => {}
        }
    }
    if calls.is_empty() {
        let text = content.text();
        return (!text.is_empty()).then(|| json!({"role": "assistant", "content": text}));
    }
    let mut message = json!({"role": "assistant", "content": text(content, thoughts), "tool_calls": calls});
    extend(&mut message, fields);
    Some(message)
}

/// The arguments as JSON text; arguments that are not an object as the model wrote them.
fn written(arguments: &Value) -> String {
    arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned)
}

/// The content of an assistant message: null if it only calls tools, a list if it starts with thoughts.
fn text(content: &Content, mut thoughts: Vec<Value>) -> Value {
    let text = content.text();
    match (text.is_empty(), thoughts.is_empty()) {
        (true, true) => Value::Null,
        (false, true) => text.into(),
        (is_empty, false) => {
            thoughts.extend((!is_empty).then(|| json!({"type": "text", "text": text})));
            thoughts.into()
        }
    }
}

fn extend(value: &mut Value, fields: Map<String, Value>) {
    if let Value::Object(to) = value {
        to.extend(fields);
    }
}
