//! A streamed chat completion, folded into one that comes at once.

use serde_json::{Map, Value, json};

use super::delta::Message;
use crate::provider::http::fold::has;
use crate::provider::http::{Events, Fold};
use crate::provider::parts::some;
use crate::provider::{Deltas, Failure};

/// A completion so far.
#[derive(Default)]
pub(super) struct Chat {
    /// What a completion has besides its choice: id, model, usage, error.
    head: Map<String, Value>,
    message: Message,
    /// The last reason, which is null while the answer continues; `None` if the server never gives one.
    finish_reason: Option<Value>,
    /// The error of the choice.
    error: Option<Value>,
    has_choice: bool,
    has_delta: bool,
    is_done: bool,
}

impl Fold for Chat {
    type Wire = Events;

    fn add(&mut self, mut chunk: Value, deltas: &Deltas) -> Result<bool, Failure> {
        for name in ["id", "model"] {
            let is_first = self.head.get(name).is_none();
            if let Some(text) = chunk[name].as_str().filter(|text| is_first && !text.is_empty()) {
                self.head.insert(name.to_owned(), text.into());
            }
        }
        // Counts of later chunks include those of earlier ones.
        if let Some(usage) = chunk.get_mut("usage").filter(|usage| usage.is_object()) {
            self.head.insert("usage".to_owned(), usage.take());
        }
        if has(&chunk, "error") {
            self.head.insert("error".to_owned(), chunk["error"].take());
            return Ok(true);
        }
        if chunk["object"] == "error" {
            self.head.insert("error".to_owned(), chunk);
            return Ok(true);
        }
        if let Some(Value::Array(choices)) = chunk.get_mut("choices").map(Value::take) {
            choices.into_iter().filter(is_first).for_each(|choice| self.choice(choice, deltas));
        }
        Ok(self.error.is_some())
    }

    fn done(&mut self) {
        self.is_done = true;
    }

    /// Most servers end with `[DONE]`, and Perplexity with its finish reason. Snowflake gives no reason.
    fn is_complete(&self) -> bool {
        self.is_done || self.is_finished()
    }

    fn size(&self) -> usize {
        self.message.size()
    }

    fn body(self) -> Value {
        let mut body = self.head;
        if self.has_choice {
            let fields =
                [("message", Some(self.message.value())), ("finish_reason", self.finish_reason), ("error", self.error)];
            let choice = some(fields);
            body.insert("choices".to_owned(), json!([choice]));
        } else if self.is_done {
            body.insert("choices".to_owned(), json!([]));
        }
        body.into()
    }
}

impl Chat {
    fn choice(&mut self, mut choice: Value, deltas: &Deltas) {
        self.has_choice = true;
        if let Some(reason) = choice.get_mut("finish_reason").filter(|_| !self.is_finished()) {
            self.finish_reason = Some(reason.take());
        }
        if has(&choice, "error") {
            self.error = Some(choice["error"].take());
        }
        // Perplexity repeats the message beside each delta. A server that does not stream may send nothing but the message.
        if let Some(Value::Object(delta)) = choice.get_mut("delta").map(Value::take) {
            self.has_delta = true;
            self.message.add(delta, deltas);
        } else if let Some(Value::Object(message)) = choice.get_mut("message").map(Value::take)
            && !self.has_delta
        {
            self.has_delta = true;
            self.message.add(message, deltas);
        }
    }

    /// Whether a reason was given. An empty one may come with every chunk.
    fn is_finished(&self) -> bool {
        self.finish_reason.as_ref().and_then(Value::as_str).is_some_and(|reason| !reason.is_empty())
    }
}

/// Whether a choice is the one that replies are read from.
fn is_first(choice: &Value) -> bool {
    choice.is_object() && choice.get("index").is_none_or(|index| index.is_null() || *index == 0)
}
