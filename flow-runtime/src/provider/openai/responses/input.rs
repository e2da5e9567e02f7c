//! The items of a conversation.

use serde_json::{Map, Value, json};

use super::attached;
use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::Failure;
use crate::provider::calls::{self, CallIds};
use crate::provider::parts::{checked, extend};

/// The key of an opaque value of this API, by which the data of chat completions is told apart: a conversation may change from
/// one to the other. An item goes back as it was; one of type `message` has only the fields of the next text.
pub(in crate::provider::openai) const ITEM: &str = "item";

/// What an endpoint accepts in the items of a conversation.
pub(super) struct Dialect<'a> {
    /// The provider, whose opaque parts go back.
    pub(super) provider: &'a str,
    pub(super) call_ids: CallIds,
    /// Whether the model takes its reasoning back.
    pub(super) reasons: bool,
    /// Whether system messages are items, rather than the instructions of the request.
    pub(super) system_items: bool,
}

/// Writes the items.
pub(super) fn input(prompt: &Prompt, dialect: &Dialect<'_>) -> Result<Value, Failure> {
    checked(prompt, &attached::TAKEN)?;
    let said = prompt.messages.iter().filter(|message| dialect.system_items || message.role != Role::System);
    let mut items = Vec::with_capacity(prompt.messages.len());
    said.for_each(|message| dialect.say(message, &mut items));
    Ok(items.into())
}

impl Dialect<'_> {
    fn say(&self, message: &Message, to: &mut Vec<Value>) {
        let mut fields = Map::new();
        let has_media = attached::has_media(&message.content);
        for part in message.content.parts() {
            match part {
                Part::Text { text } if !(text.is_empty() || has_media) => {
                    let mut said = json!({"role": message.role, "content": text});
                    extend(&mut said, std::mem::take(&mut fields));
                    to.push(said);
                }
                Part::ToolCall { id, name, arguments } => to.push(json!({
                    "type": "function_call", "call_id": self.call_ids.accepted(id), "name": calls::name(name),
                    "arguments": arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned),
                })),
                Part::ToolResult { call, content, .. } => to.push(json!({
                    "type": "function_call_output", "call_id": self.call_ids.accepted(call), "output": output(content),
                })),
                Part::Opaque { provider, value } if provider == self.provider => match value.get(ITEM) {
                    Some(Value::Object(item)) if item.get("type") == Some(&"message".into()) => fields = own(item),
                    Some(item) if self.reasons || item["type"] != "reasoning" => to.push(item.clone()),
                    _ => {}
                },
                _ => {}
            }
        }
        if has_media {
            to.push(json!({"role": message.role, "content": attached::blocks(&message.content)}));
        }
    }
}

/// The output of a tool: a text, or blocks.
fn output(content: &Content) -> Value {
    if attached::has_media(content) { attached::blocks(content) } else { content.text().into() }
}

fn own(item: &Map<String, Value>) -> Map<String, Value> {
    item.iter().filter(|(name, _)| *name != "type").map(|(name, value)| (name.clone(), value.clone())).collect()
}
