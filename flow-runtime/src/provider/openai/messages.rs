//! The messages of a request.

use serde_json::{Map, Value, json};

use super::attached;
use super::responses::ITEM;
use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::Failure;
use crate::provider::attached::Taken;
use crate::provider::calls::{self, CallIds};
use crate::provider::parts::{checked, extend};

/// Fields of a message or call that are returned unchanged: the reasoning of DeepSeek, xAI and llama.cpp; of Groq, Ollama and
/// vLLM; of OpenRouter, with signatures; the thought signatures of Google's compatible endpoint.
/// See <https://api-docs.deepseek.com/guides/thinking_mode#tool-calls>,
/// <https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#preserving-reasoning>,
/// <https://ai.google.dev/gemini-api/docs/thought-signatures>.
pub(super) const PRIVATE: &[&str] = &["extra_content", "reasoning", "reasoning_content", "reasoning_details"];

/// DeepSeek's reasoning.
const REASONING: &str = "reasoning_content";

/// What an endpoint accepts in the messages of a conversation.
pub(super) struct Dialect<'a> {
    /// The provider, whose opaque parts go back; `None` if it does not take them.
    pub(super) provider: Option<&'a str>,
    pub(super) call_ids: CallIds,
    pub(super) attached: &'static Taken,
    /// Whether each message of the assistant needs its reasoning.
    pub(super) requires_reasoning: bool,
}

/// Writes the messages.
pub(super) fn messages(prompt: &Prompt, dialect: &Dialect<'_>) -> Result<Value, Failure> {
    checked(prompt, dialect.attached)?;
    let mut messages = Vec::with_capacity(prompt.messages.len());
    prompt.messages.iter().for_each(|message| dialect.say(message, &mut messages));
    Ok(messages.into())
}

impl Dialect<'_> {
    fn say(&self, message: &Message, to: &mut Vec<Value>) {
        if message.role == Role::Assistant {
            return to.extend(self.assistant(&message.content));
        }
        if let Some(text) = message.content.as_text() {
            return to.push(json!({"role": message.role, "content": text}));
        }
        for part in message.content.parts() {
            if let Part::ToolResult { call, content, .. } = part {
                let id = self.call_ids.accepted(call);
                to.push(json!({"role": "tool", "tool_call_id": id, "content": content.text()}));
            }
        }
        if message.content.parts().iter().any(|part| matches!(part, Part::Media { .. })) {
            let blocks = message.content.parts().iter().filter_map(|part| attached::block(part, self.attached));
            to.push(json!({"role": message.role, "content": blocks.collect::<Vec<_>>()}));
        } else if message.content.parts().iter().any(|part| part.as_text().is_some()) {
            to.push(json!({"role": message.role, "content": message.text()}));
        }
    }

    /// A message of the assistant, or `None` if it has only opaque parts of other providers. Reasoning is returned only with tool
    /// calls, unless it is required: otherwise it is useless.
    fn assistant(&self, content: &Content) -> Option<Value> {
        let Said { calls, thoughts, fields } = self.said(content);
        let text = content.text();
        if calls.is_empty() && text.is_empty() && content.as_text().is_none() {
            return None;
        }
        let mut message = json!({"role": "assistant"});
        let keeps_reasoning = !calls.is_empty() || self.requires_reasoning;
        if calls.is_empty() {
            message["content"] = text.into();
        } else {
            message["content"] = with_thoughts(&text, thoughts);
            message["tool_calls"] = calls.into();
        }
        if keeps_reasoning {
            extend(&mut message, fields);
        }
        Some(message)
    }

    fn said(&self, content: &Content) -> Said {
        let (mut said, mut of_call) = (Said::default(), Map::new());
        for part in content.parts() {
            match part {
                Part::ToolCall { id, name, arguments } => {
                    let function = json!({"name": calls::name(name), "arguments": written(arguments)});
                    let mut call = json!({"id": self.call_ids.accepted(id), "type": "function", "function": function});
                    extend(&mut call, std::mem::take(&mut of_call));
                    said.calls.push(call);
                }
                Part::Opaque { provider, value } if Some(provider.as_str()) == self.provider => {
                    match (value.get("tool_call"), value) {
                        // Of a turn through the Responses API.
                        _ if value.get(ITEM).is_some() => {}
                        (Some(Value::Object(own)), _) => of_call.clone_from(own),
                        (_, Value::Object(own)) if !own.contains_key("type") => said.fields.extend(own.clone()),
                        _ => said.thoughts.push(value.clone()),
                    }
                }
                _ => {}
            }
        }
        if self.requires_reasoning && !said.fields.contains_key(REASONING) {
            said.fields.insert(REASONING.to_owned(), unknown(content).into());
        }
        said
    }
}

/// What a message of the assistant has besides text.
#[derive(Default)]
struct Said {
    calls: Vec<Value>,
    thoughts: Vec<Value>,
    fields: Map<String, Value>,
}

/// What stands for the reasoning of another model. It must not be empty, and models repeat a text that is the same in each message.
/// See <https://github.com/NousResearch/hermes-agent/pull/18263>, <https://github.com/Lingtai-AI/lingtai-kernel/issues/9>.
fn unknown(content: &Content) -> String {
    let names = content.tool_calls().filter_map(|call| match call {
        Part::ToolCall { name, .. } => Some(&name[..]),
        _ => None,
    });
    match names.collect::<Vec<_>>()[..] {
        [] => "(answered without recorded reasoning)".to_owned(),
        ref names => format!("(called {} without recorded reasoning)", names.join(", ")),
    }
}

/// The arguments as JSON text; arguments that are not an object as the model wrote them.
fn written(arguments: &Value) -> String {
    arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned)
}

/// The content of a message with calls: null if it only calls tools, a list if it starts with thoughts.
fn with_thoughts(text: &str, mut thoughts: Vec<Value>) -> Value {
    match (text.is_empty(), thoughts.is_empty()) {
        (true, true) => Value::Null,
        (false, true) => text.into(),
        (is_empty, false) => {
            thoughts.extend((!is_empty).then(|| json!({"type": "text", "text": text})));
            thoughts.into()
        }
    }
}
