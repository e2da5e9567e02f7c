//! The content of a streamed message, put together from its deltas.

use serde_json::{Map, Value, json};

use super::body::Binding;
use crate::provider::http::fold::{append, size, unbegun};
use crate::provider::parts::arguments;
use crate::provider::{Deltas, Failure};

/// The blocks so far.
pub(super) struct Blocks {
    blocks: Vec<Block>,
    binding: Binding,
    size: usize,
}

struct Block {
    /// The number of the block in the stream.
    index: Option<u64>,
    fields: Map<String, Value>,
    /// The input of a tool, as JSON text.
    input: String,
}

impl Block {
    fn is(&self, kind: &str) -> bool {
        self.fields.get("type").is_some_and(|of| *of == kind)
    }

    fn text(&self) -> &str {
        self.fields.get("text").and_then(Value::as_str).unwrap_or_default()
    }

    fn value(self) -> Value {
        let mut fields = self.fields;
        // Some servers send the whole input with the start of its block.
        if !self.input.is_empty() {
            fields.insert("input".to_owned(), arguments(&self.input));
        }
        fields.into()
    }
}

impl Blocks {
    pub(super) fn new(binding: Binding) -> Self {
        Self { blocks: Vec::new(), binding, size: 0 }
    }

    /// Starts a block.
    pub(super) fn start(&mut self, index: Option<u64>, block: Value, deltas: &Deltas) {
        self.size += size(&block);
        let Value::Object(fields) = block else { return };
        self.blocks.push(Block { index, fields, input: String::new() });
        if let Some(block) = self.blocks.last().filter(|block| block.is("text") && self.binding != Binding::Tool) {
            deltas.text(block.text());
        }
    }

    /// Adds a delta to a block.
    ///
    /// # Errors
    ///
    /// Fails if the block has not begun.
    pub(super) fn add(&mut self, index: Option<u64>, delta: &Value, deltas: &Deltas) -> Result<(), Failure> {
        self.size += size(delta);
        let Some(at) = self.blocks.iter().rposition(|block| block.index == index) else { return Err(unbegun(index)) };
        let is_answer = self.is_answer(at);
        let block = &mut self.blocks[at];
        let piece = |name: &str| delta[name].as_str().unwrap_or_default();
        match delta["type"].as_str().unwrap_or_default() {
            "text_delta" => {
                append(&mut block.fields, "text", piece("text"));
                deltas.text(if is_answer { piece("text") } else { "" });
            }
            "input_json_delta" => {
                block.input.push_str(piece("partial_json"));
                deltas.text(if is_answer { piece("partial_json") } else { "" });
            }
            "thinking_delta" => append(&mut block.fields, "thinking", piece("thinking")),
            "signature_delta" => append(&mut block.fields, "signature", piece("signature")),
            "citations_delta" => match block.fields.get_mut("citations") {
                Some(Value::Array(citations)) => citations.push(delta["citation"].clone()),
                _ => drop(block.fields.insert("citations".to_owned(), json!([delta["citation"]]))),
            },
            _ => {}
        }
        Ok(())
    }

    /// Notes the end of the message. An answer that did not take the form of its tool is told now.
    pub(super) fn stop(&self, deltas: &Deltas) {
        if self.binding != Binding::Tool {
            return;
        }
        match self.blocks.iter().find(|block| block.is("tool_use")) {
            Some(tool) if tool.input.is_empty() => {
                deltas.text(&tool.fields.get("input").map(Value::to_string).unwrap_or_default());
            }
            Some(_) => {}
            None => self.blocks.iter().filter(|block| block.is("text")).for_each(|block| deltas.text(block.text())),
        }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn content(self) -> Value {
        self.blocks.into_iter().map(Block::value).collect()
    }

    /// Whether a block is the answer: a text, or the input of the tool that stands for it.
    fn is_answer(&self, at: usize) -> bool {
        match self.binding {
            Binding::Tool => self.blocks.iter().position(|block| block.is("tool_use")) == Some(at),
            Binding::No | Binding::Output => self.blocks[at].is("text"),
        }
    }
}
