//! The message of a streamed completion, put together from its deltas.

use serde_json::{Map, Value, json};

use super::called::Calls;
use super::joined::{join, join_part};
use super::messages::PRIVATE;
use crate::provider::Deltas;
use crate::provider::http::fold::{append, size};

/// A message so far.
#[derive(Default)]
pub(super) struct Message {
    text: String,
    /// The content, once a part of it came as part of a list.
    parts: Vec<Value>,
    /// Refusal and reasoning.
    fields: Map<String, Value>,
    calls: Calls,
    /// The older form of a single call.
    function: Calls,
    size: usize,
}

impl Message {
    /// Adds a delta. Fields that no reply is read from are skipped.
    pub(super) fn add(&mut self, delta: Map<String, Value>, deltas: &Deltas) {
        for (name, piece) in delta {
            let bytes = size(&piece);
            match (&name[..], piece) {
                ("content", piece) => self.content(piece, deltas),
                ("refusal", Value::String(piece)) => append(&mut self.fields, "refusal", &piece),
                ("tool_calls", Value::Array(calls)) => calls.into_iter().for_each(|call| self.calls.add(call)),
                ("function_call", piece) if piece.is_object() => self.function.add(json!({ "function": piece })),
                (name, piece) if PRIVATE.contains(&name) => join(&mut self.fields, name, piece),
                _ => continue,
            }
            self.size += bytes;
        }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The message as it comes at once.
    pub(super) fn value(self) -> Value {
        let mut message = self.fields;
        let content = if self.parts.is_empty() { self.text.into() } else { Value::from(self.parts) };
        message.insert("content".to_owned(), content);
        let calls = self.calls.list();
        if !calls.is_empty() {
            message.insert("tool_calls".to_owned(), calls.into());
        }
        if let Some(mut call) = self.function.list().into_iter().next() {
            message.insert("function_call".to_owned(), call["function"].take());
        }
        message.into()
    }

    fn content(&mut self, piece: Value, deltas: &Deltas) {
        match piece {
            Value::String(text) if self.parts.is_empty() => {
                deltas.text(&text);
                self.text.push_str(&text);
            }
            Value::String(text) => self.part(json!({"type": "text", "text": text}), deltas),
            Value::Array(parts) => {
                if !self.text.is_empty() {
                    self.parts.push(json!({"type": "text", "text": std::mem::take(&mut self.text)}));
                }
                parts.into_iter().for_each(|part| self.part(part, deltas));
            }
            _ => {}
        }
    }

    fn part(&mut self, part: Value, deltas: &Deltas) {
        deltas.text(part["text"].as_str().unwrap_or_default());
        join_part(&mut self.parts, part);
    }
}
