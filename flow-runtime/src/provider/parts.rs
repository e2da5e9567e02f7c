//! Message parts, as handled by all dialects.

use serde_json::{Map, Value, json};

use super::attached::Taken;
use super::{Failure, FailureKind};
use crate::contract::{hash, parse_json};
use crate::prompt::{Content, Message, Part, Prompt, Role};

/// The prefix of call ids that flow made up.
const OURS: &str = "flow-";

/// Collects the parts of a reply while it is read.
pub(super) struct Parts<'a> {
    parts: Vec<Part>,
    provider: &'a str,
    /// The endpoint's id of the reply.
    reply: &'a str,
}

impl<'a> Parts<'a> {
    /// Starts a reply of a provider.
    pub(super) fn of(provider: &'a str, reply: &'a Value) -> Self {
        Self { parts: Vec::new(), provider, reply: reply.as_str().unwrap_or_default() }
    }

    /// Adds text; consecutive pieces become one part.
    pub(super) fn text(&mut self, more: &str) {
        match self.parts.last_mut() {
            _ if more.is_empty() => {}
            Some(Part::Text { text }) => text.push_str(more),
            _ => self.parts.push(Part::text(more)),
        }
    }

    /// Adds a call. Its arguments are an object, or a string if they were not valid.
    pub(super) fn call(&mut self, id: Option<&str>, name: &str, arguments: Value) {
        let id = match id.filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            // Deterministic, so that reading a reply again gives the same ids.
            None => format!("{OURS}{:016x}", hash(&format!("{} {} {name}", self.reply, self.parts.len()))),
        };
        self.parts.push(Part::ToolCall { id, name: name.to_owned(), arguments });
    }

    /// Adds data that is returned to the provider unchanged.
    pub(super) fn opaque(&mut self, value: Value) {
        self.parts.push(Part::opaque(self.provider, value));
    }

    pub(super) fn content(self) -> Content {
        self.parts.into()
    }
}

/// The id of a call, if the endpoint assigned it.
pub(super) fn given(id: &str) -> Option<&str> {
    (!id.starts_with(OURS)).then_some(id)
}

/// Parses the arguments of a call.
pub(super) fn arguments(text: &str) -> Value {
    match parse_json(text.as_bytes()) {
        Ok(value) if value.is_object() => value,
        Ok(Value::Null) => json!({}),
        _ if text.trim().is_empty() => json!({}),
        _ => text.into(),
    }
}

/// The arguments of a call as an object, for endpoints that accept nothing else.
pub(super) fn object(arguments: &Value) -> Value {
    match arguments {
        Value::Object(_) => arguments.clone(),
        other => json!({ "invalid": other }),
    }
}

/// Adds fields to an object.
pub(super) fn extend(value: &mut Value, fields: Map<String, Value>) {
    if let Value::Object(to) = value {
        to.extend(fields);
    }
}

/// Keeps the fields that have a value.
pub(super) fn some(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Rejects parts that no dialect supports in their position, and attachments that this one does not take.
pub(super) fn checked(prompt: &Prompt, taken: &Taken) -> Result<(), Failure> {
    taken.check(prompt)?;
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
            format!("the call of tool `{name}` must be in an assistant message")
        }
        Part::ToolResult { call, .. } if message.role != Role::User => {
            format!("the result of call `{call}` must be in a user message")
        }
        _ => return None,
    })
}
