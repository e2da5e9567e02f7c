//! A streamed answer of Converse, folded into one that comes at once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::blocks::Block;
use super::frames::Frames;
use crate::provider::http::Fold;
use crate::provider::http::fold::{has, size, take, unbegun};
use crate::provider::{Deltas, Failure};

/// An answer so far.
#[derive(Default)]
pub(super) struct Converse {
    /// The fields without the message.
    fields: Map<String, Value>,
    role: Option<Value>,
    blocks: BTreeMap<u64, Block>,
    is_stopped: bool,
    is_counted: bool,
    size: usize,
}

impl Fold for Converse {
    type Wire = Frames;

    fn add(&mut self, mut chunk: Value, deltas: &Deltas) -> Result<bool, Failure> {
        if has(&chunk, "error") {
            self.fields.insert("error".to_owned(), take(&mut chunk, "error"));
            return Ok(true);
        }
        let Value::Object(chunk) = chunk else { return Ok(false) };
        for (name, mut event) in chunk {
            match &name[..] {
                "messageStart" => self.role = Some(take(&mut event, "role")),
                "contentBlockStart" => self.block(&event).start(take(&mut event, "start")),
                "contentBlockDelta" => self.delta(event, deltas)?,
                "messageStop" => {
                    self.is_stopped = has(&event, "stopReason");
                    self.extend(event);
                }
                "metadata" => {
                    self.is_counted = true;
                    self.extend(event);
                }
                // The end of a block, or something new.
                _ => {}
            }
        }
        Ok(self.is_stopped && self.is_counted)
    }

    /// The counts usually come last, but an answer is complete without them.
    fn is_complete(&self) -> bool {
        self.is_stopped
    }

    fn size(&self) -> usize {
        self.size
    }

    fn body(self) -> Value {
        let mut body = self.fields;
        if self.is_stopped || self.role.is_some() || !self.blocks.is_empty() {
            let content: Value = self.blocks.into_values().filter_map(Block::value).collect();
            body.insert("output".to_owned(), json!({"message": {"role": self.role, "content": content}}));
        }
        body.into()
    }
}

impl Converse {
    /// The block of an event.
    fn block(&mut self, event: &Value) -> &mut Block {
        self.size += size(event);
        self.blocks.entry(index(event).unwrap_or_default()).or_default()
    }

    fn delta(&mut self, mut event: Value, deltas: &Deltas) -> Result<(), Failure> {
        let block = self.block(&event);
        let delta = take(&mut event, "delta");
        if has(&delta, "toolUse") && !block.is_tool() {
            return Err(unbegun(index(&event)));
        }
        block.add(delta, deltas);
        Ok(())
    }

    /// Adds the fields of an event without `p`, which is padding.
    fn extend(&mut self, event: Value) {
        self.size += size(&event);
        if let Value::Object(event) = event {
            self.fields.extend(event.into_iter().filter(|(name, value)| name != "p" && !value.is_null()));
        }
    }
}

fn index(event: &Value) -> Option<u64> {
    event["contentBlockIndex"].as_u64()
}
