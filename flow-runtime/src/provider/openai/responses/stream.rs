//! A streamed response, folded into one that comes at once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::reply::texts;
use crate::provider::http::fold::{has, size, take};
use crate::provider::http::{Events, Fold};
use crate::provider::{Deltas, Failure};

/// Events with the whole response, which end the stream; the word after the dot is its status.
const FINAL: &[&str] = &["response.completed", "response.failed", "response.incomplete"];

/// Fields that are known from the start, without those that repeat the request.
const HEAD: &[&str] = &["id", "model", "status"];

/// A response so far.
#[derive(Default)]
pub(in crate::provider::openai) struct Stream {
    fields: Map<String, Value>,
    /// The complete items, by their places in the output.
    items: BTreeMap<u64, Value>,
    /// The text of the current item.
    text: String,
    is_shown: bool,
    is_over: bool,
    size: usize,
}

impl Fold for Stream {
    type Wire = Events;

    fn add(&mut self, mut chunk: Value, deltas: &Deltas) -> Result<bool, Failure> {
        let kind = take(&mut chunk, "type");
        match kind.as_str().unwrap_or_default() {
            _ if has(&chunk, "error") => self.fail(take(&mut chunk, "error")),
            "error" => self.fail(chunk),
            "response.output_text.delta" => self.say(chunk["delta"].as_str().unwrap_or_default(), deltas),
            "response.output_item.done" => {
                let index = chunk["output_index"].as_u64();
                self.item(index, take(&mut chunk, "item"), deltas);
            }
            kind if FINAL.contains(&kind) => self.end(kind, take(&mut chunk, "response"), deltas),
            _ => {
                if let Value::Object(response) = take(&mut chunk, "response") {
                    self.fields.extend(response.into_iter().filter(|(name, _)| HEAD.contains(&&name[..])));
                }
            }
        }
        Ok(self.is_over)
    }

    fn is_complete(&self) -> bool {
        self.is_over
    }

    fn size(&self) -> usize {
        self.size
    }

    /// The final response. Some servers leave its output empty: it is then made of the items before.
    fn body(self) -> Value {
        let mut body = self.fields;
        let is_told = body.get("output").and_then(Value::as_array).is_some_and(|output| !output.is_empty());
        if !(is_told || body.is_empty()) {
            let cut = (!self.text.is_empty()).then(|| {
                let part = json!({"type": "output_text", "text": self.text});
                json!({"type": "message", "status": "in_progress", "content": [part]})
            });
            body.insert("output".to_owned(), self.items.into_values().chain(cut).collect());
        }
        body.into()
    }
}

impl Stream {
    fn say(&mut self, piece: &str, deltas: &Deltas) {
        self.size += piece.len();
        self.text.push_str(piece);
        self.show(piece, deltas);
    }

    fn show(&mut self, piece: &str, deltas: &Deltas) {
        self.is_shown |= !piece.is_empty();
        deltas.text(piece);
    }

    /// Adds a complete item. Its text is shown now if it did not come in pieces.
    fn item(&mut self, index: Option<u64>, item: Value, deltas: &Deltas) {
        let pieces = std::mem::take(&mut self.text);
        self.size = self.size + size(&item) - pieces.len();
        if pieces.is_empty() {
            texts(&item).for_each(|text| self.show(text, deltas));
        }
        let next = self.items.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
        self.items.insert(index.unwrap_or(next), item);
    }

    fn end(&mut self, kind: &str, response: Value, deltas: &Deltas) {
        self.is_over = true;
        let status = kind.strip_prefix("response.").unwrap_or(kind);
        self.fields.insert("status".to_owned(), status.into());
        if let Value::Object(response) = response {
            self.fields.extend(response.into_iter().filter(|(name, value)| name != "status" || !value.is_null()));
        }
        if !self.is_shown {
            let items = self.fields.get("output").and_then(Value::as_array).cloned().unwrap_or_default();
            items.iter().flat_map(texts).for_each(|text| self.show(text, deltas));
        }
    }

    fn fail(&mut self, error: Value) {
        self.is_over = true;
        self.fields.insert("error".to_owned(), error);
    }
}
