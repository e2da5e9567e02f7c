//! A streamed message, folded into one that comes at once.

use serde_json::{Map, Value};

use super::blocks::Blocks;
use super::body::Binding;
use crate::provider::http::fold::{has, take};
use crate::provider::http::{Events, Fold};
use crate::provider::{Deltas, Failure};

/// A message so far.
pub(super) struct Message {
    /// Its fields without content and usage.
    fields: Map<String, Value>,
    usage: Map<String, Value>,
    blocks: Blocks,
    is_stopped: bool,
}

impl Message {
    /// Starts the answer to a request that bound it to a schema by `binding`.
    pub(super) fn new(binding: Binding) -> Self {
        Self { fields: Map::new(), usage: Map::new(), blocks: Blocks::new(binding), is_stopped: false }
    }

    fn count(&mut self, usage: Value) {
        let Value::Object(usage) = usage else { return };
        for (name, value) in usage.into_iter().filter(|(_, value)| !value.is_null()) {
            // The counts are cumulative, and some servers send zeros for those they have told before.
            let is_less = self.usage.get(&name).and_then(Value::as_f64) > value.as_f64();
            if !is_less || !value.is_number() {
                self.usage.insert(name, value);
            }
        }
    }
}

impl Fold for Message {
    type Wire = Events;

    fn add(&mut self, mut chunk: Value, deltas: &Deltas) -> Result<bool, Failure> {
        if has(&chunk, "error") {
            self.fields.insert("error".to_owned(), chunk["error"].take());
            return Ok(true);
        }
        let index = chunk["index"].as_u64();
        let (delta, kind) = (take(&mut chunk, "delta"), take(&mut chunk, "type"));
        match kind.as_str() {
            Some("message_start") => {
                if let Value::Object(mut message) = take(&mut chunk, "message") {
                    message.shift_remove("content");
                    self.count(message.shift_remove("usage").unwrap_or_default());
                    self.fields.extend(message);
                }
            }
            Some("content_block_start") => self.blocks.start(index, take(&mut chunk, "content_block"), deltas),
            Some("content_block_delta") => self.blocks.add(index, &delta, deltas)?,
            Some("message_delta") => {
                self.count(take(&mut chunk, "usage"));
                if let Value::Object(delta) = delta {
                    self.fields.extend(delta);
                }
            }
            Some("message_stop") => {
                self.blocks.stop(deltas);
                self.is_stopped = true;
            }
            // The end of a block, a ping, or something new.
            _ => {}
        }
        Ok(self.is_stopped)
    }

    fn is_complete(&self) -> bool {
        self.is_stopped
    }

    fn size(&self) -> usize {
        self.blocks.size()
    }

    fn body(self) -> Value {
        let mut body = self.fields;
        if !body.is_empty() {
            body.insert("content".to_owned(), self.blocks.content());
        }
        if !self.usage.is_empty() {
            body.insert("usage".to_owned(), self.usage.into());
        }
        body.into()
    }
}
