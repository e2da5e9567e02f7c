//! A block of a streamed answer, put together from its deltas.

use serde_json::{Map, Value, json};

use crate::provider::Deltas;
use crate::provider::http::fold::append;
use crate::provider::parts::arguments;

/// A block so far. It has one kind of content.
#[derive(Default)]
pub(super) struct Block {
    /// What its start says of a tool, or its text.
    fields: Map<String, Value>,
    /// The input of a tool, as JSON text.
    input: String,
    /// The text of a thought, and its signature.
    thought: Map<String, Value>,
    /// A thought that is not readable.
    redacted: String,
    /// The result of a tool that the endpoint runs itself.
    results: Vec<Value>,
}

impl Block {
    /// Adds what is known at the start. Only tools have a start.
    pub(super) fn start(&mut self, start: Value) {
        if let Value::Object(start) = start {
            self.fields.extend(start);
        }
    }

    pub(super) fn is_tool(&self) -> bool {
        self.fields.get("toolUse").is_some_and(Value::is_object)
    }

    /// Adds a delta. Citations are skipped: no reply is read from them.
    pub(super) fn add(&mut self, delta: Value, deltas: &Deltas) {
        let Value::Object(delta) = delta else { return };
        for (name, piece) in delta {
            match (&name[..], piece) {
                ("text", Value::String(piece)) => {
                    deltas.text(&piece);
                    append(&mut self.fields, "text", &piece);
                }
                ("toolUse", piece) => self.input.push_str(piece["input"].as_str().unwrap_or_default()),
                ("reasoningContent", Value::Object(piece)) => self.think(piece),
                ("toolResult", Value::Array(more)) => self.results.extend(more),
                _ => {}
            }
        }
    }

    fn think(&mut self, piece: Map<String, Value>) {
        for (name, piece) in piece {
            match (&name[..], piece) {
                ("redactedContent", Value::String(piece)) => self.redacted.push_str(&piece),
                (_, Value::String(piece)) => append(&mut self.thought, &name, &piece),
                _ => {}
            }
        }
    }

    /// The block as it comes at once, unless it is empty.
    pub(super) fn value(self) -> Option<Value> {
        let mut fields = self.fields;
        if !self.input.is_empty() {
            put(&mut fields, "toolUse", "input", arguments(&self.input));
        }
        if !self.results.is_empty() {
            put(&mut fields, "toolResult", "content", self.results.into());
        }
        if !self.thought.is_empty() {
            fields.insert("reasoningContent".to_owned(), json!({"reasoningText": self.thought}));
        } else if !self.redacted.is_empty() {
            fields.insert("reasoningContent".to_owned(), json!({"redactedContent": self.redacted}));
        }
        (!fields.is_empty()).then(|| fields.into())
    }
}

/// Sets a field of an object in a field.
fn put(fields: &mut Map<String, Value>, outer: &str, inner: &str, value: Value) {
    if let Some(Value::Object(fields)) = fields.get_mut(outer) {
        fields.insert(inner.to_owned(), value);
    }
}
