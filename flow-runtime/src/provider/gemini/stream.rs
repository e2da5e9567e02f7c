//! A streamed response, folded into one that comes at once.

use serde_json::{Map, Value, json};

use crate::provider::http::fold::{has, size};
use crate::provider::http::{Events, Fold};
use crate::provider::{Deltas, Failure};

/// A response so far. Each chunk is a response of its own, with some of the parts.
#[derive(Default)]
pub(super) struct Response {
    /// Its fields without candidates; those of later chunks replace earlier ones.
    fields: Map<String, Value>,
    /// The fields of the candidate without content.
    candidate: Option<Map<String, Value>>,
    parts: Vec<Value>,
    size: usize,
}

impl Fold for Response {
    type Wire = Events;

    fn add(&mut self, chunk: Value, deltas: &Deltas) -> Result<bool, Failure> {
        let is_over = has(&chunk, "error");
        let Value::Object(mut chunk) = chunk else { return Ok(false) };
        if let Some(Value::Array(candidates)) = chunk.shift_remove("candidates") {
            candidates.into_iter().filter(is_first).for_each(|candidate| self.candidate(candidate, deltas));
        }
        self.fields.extend(chunk.into_iter().filter(|(_, value)| !value.is_null()));
        Ok(is_over)
    }

    /// There is no mark for the end, but the last chunk has a reason for it.
    fn is_complete(&self) -> bool {
        let reason = self.candidate.as_ref().and_then(|candidate| candidate.get("finishReason")?.as_str());
        reason.is_some() || self.fields.get("promptFeedback").is_some_and(|feedback| has(feedback, "blockReason"))
    }

    fn size(&self) -> usize {
        self.size
    }

    fn body(self) -> Value {
        let mut body = self.fields;
        if let Some(mut candidate) = self.candidate {
            candidate.insert("content".to_owned(), json!({"parts": self.parts, "role": "model"}));
            body.insert("candidates".to_owned(), json!([candidate]));
        }
        body.into()
    }
}

impl Response {
    fn candidate(&mut self, mut candidate: Value, deltas: &Deltas) {
        let content = candidate.get_mut("content").map(Value::take).unwrap_or_default();
        let fields = candidate.as_object_mut().map(std::mem::take).unwrap_or_default();
        let known = self.candidate.get_or_insert_default();
        known.extend(fields.into_iter().filter(|(name, value)| name != "content" && !value.is_null()));
        for part in content["parts"].as_array().into_iter().flatten() {
            self.size += size(part);
            deltas.text(part["text"].as_str().filter(|_| part["thought"] != true).unwrap_or_default());
            self.part(part.clone());
        }
    }

    /// Adds a part. Texts are joined, but neither with thoughts nor with a part that has a signature.
    /// See <https://ai.google.dev/gemini-api/docs/thought-signatures>.
    fn part(&mut self, part: Value) {
        let (Some(more), Some(Value::Object(last))) = (plain(&part), self.parts.last_mut()) else {
            return self.parts.push(part);
        };
        let same = is_plain(last) && last.get("thought") == part.get("thought");
        match last.get_mut("text") {
            Some(Value::String(text)) if same => text.push_str(more),
            _ => self.parts.push(part),
        }
    }
}

/// The text of a part that has nothing else.
fn plain(part: &Value) -> Option<&str> {
    part.as_object().filter(|fields| is_plain(fields))?.get("text")?.as_str()
}

fn is_plain(fields: &Map<String, Value>) -> bool {
    fields.keys().all(|name| name == "text" || name == "thought")
}

/// Whether a candidate is the one that replies are read from.
fn is_first(candidate: &Value) -> bool {
    candidate.get("index").is_none_or(|index| index.is_null() || *index == 0)
}
