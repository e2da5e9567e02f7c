//! What all dialects do with the parts of messages.

use serde_json::{Map, Value, json};

use super::{Failure, FailureKind};
use crate::contract::{hash, parse_json};
use crate::prompt::{Content, Message, Part, Prompt, Role};

/// How ids begin that no endpoint gave.
const OURS: &str = "flow-";

/// The parts of a reply while it is read.
pub(super) struct Parts<'a> {
    parts: Vec<Part>,
    provider: &'a str,
    /// The endpoint's id of the reply.
    reply: &'a str,
}

impl<'a> Parts<'a> {
    /// No parts yet of a provider's reply.
    pub(super) fn of(provider: &'a str, reply: &'a Value) -> Self {
        Self { parts: Vec::new(), provider, reply: reply.as_str().unwrap_or_default() }
    }

    /// Adds a text; pieces of text that follow each other become one part.
    pub(super) fn text(&mut self, more: &str) {
        match self.parts.last_mut() {
            _ if more.is_empty() => {}
            Some(Part::Text { text }) => text.push_str(more),
            _ => self.parts.push(Part::text(more)),
        }
    }

    /// Adds a call. Its arguments are an object, or the text of something else.
    pub(super) fn call(&mut self, id: Option<&str>, name: &str, arguments: Value) {
        let id = match id.filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            // A reply that is read again gets the same ids.
            None => format!("{OURS}{:016x}", hash(&format!("{} {} {name}", self.reply, self.parts.len()))),
        };
        self.parts.push(Part::ToolCall { id, name: name.to_owned(), arguments });
    }

    /// Adds what the provider gets back as it is.
    pub(super) fn opaque(&mut self, value: Value) {
        self.parts.push(Part::opaque(self.provider, value));
    }

    pub(super) fn content(self) -> Content {
        self.parts.into()
    }
}

/// The id of a call if an endpoint gave it.
pub(super) fn given(id: &str) -> Option<&str> {
    (!id.starts_with(OURS)).then_some(id)
}

/// The arguments of a call that were written as text.
pub(super) fn arguments(text: &str) -> Value {
    match parse_json(text.as_bytes()) {
        Ok(value) if value.is_object() => value,
        _ if text.trim().is_empty() => json!({}),
        _ => text.into(),
    }
}

/// The arguments of a call as an object, for endpoints that take nothing else.
pub(super) fn object(arguments: &Value) -> Value {
    match arguments {
        Value::Object(_) => arguments.clone(),
        other => json!({ "invalid": other }),
    }
}

/// The fields of a value that are there.
pub(super) fn some(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Refuses parts that no dialect takes where they are.
pub(super) fn checked(prompt: &Prompt) -> Result<(), Failure> {
    prompt.messages.iter().try_for_each(|message| {
        match message.content.parts().iter().find_map(|part| fault(message, part)) {
            Some(fault) => Err(Failure::new(FailureKind::InvalidRequest, fault)),
            None => Ok(()),
        }
    })
}

fn fault(message: &Message, part: &Part) -> Option<String> {
    Some(match part {
        Part::ToolCall { name, .. } if message.role != Role::Assistant => {
            format!("the call of tool `{name}` is not in a message of the assistant")
        }
        Part::ToolResult { call, .. } if message.role != Role::User => {
            format!("the result of call `{call}` is not in a message of the user")
        }
        Part::ToolResult { content, .. } if content.parts().iter().any(|part| part.as_text().is_none()) => {
            "results of tools are sent as text only".to_owned()
        }
        Part::Media { media_type, .. } => {
            format!("this provider sends no media yet, and the prompt has `{media_type}`")
        }
        _ => return None,
    })
}
