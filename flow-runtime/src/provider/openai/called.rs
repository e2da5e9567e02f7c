//! The tool calls of a streamed completion, put together from their pieces.

use serde_json::{Map, Value, json};

use super::joined::join;
use super::messages::PRIVATE;
use crate::provider::http::fold::append;

/// The calls so far, in order of their beginnings.
#[derive(Default)]
pub(super) struct Calls(Vec<Value>);

impl Calls {
    pub(super) fn list(self) -> Vec<Value> {
        self.0
    }

    /// Adds a piece of a call: the first has its id and name, later ones have more of the arguments.
    pub(super) fn add(&mut self, piece: Value) {
        let Value::Object(piece) = piece else { return };
        let at = match self.begun(&piece) {
            Some(at) => at,
            None => {
                self.0.push(json!({"index": piece.get("index"), "type": "function", "function": {}}));
                self.0.len() - 1
            }
        };
        if let Some(Value::Object(call)) = self.0.get_mut(at) {
            extend(call, piece);
        }
    }

    /// The call that a piece continues. Some servers give all calls the same index, or none: there a name begins the next call,
    /// unless the piece repeats the id.
    fn begun(&self, piece: &Map<String, Value>) -> Option<usize> {
        let index = piece.get("index").filter(|index| !index.is_null());
        let at = match index {
            Some(index) => self.0.iter().rposition(|call| call["index"] == *index)?,
            None => self.0.len().checked_sub(1)?,
        };
        let (call, id) = (&self.0[at], text(piece.get("id")));
        let is_same = !id.is_empty() && call["id"] == id;
        let is_named = !text(piece.get("function").map(|function| &function["name"])).is_empty();
        let is_next = is_named && !is_same && (index.is_none() || !(id.is_empty() || text(call.get("id")).is_empty()));
        (!is_next).then_some(at)
    }
}

fn extend(call: &mut Map<String, Value>, piece: Map<String, Value>) {
    for (name, value) in piece {
        match (&name[..], value) {
            ("id", Value::String(id)) if text(call.get("id")).is_empty() => drop(call.insert(name, id.into())),
            ("function", Value::Object(more)) => {
                if let Some(Value::Object(function)) = call.get_mut("function") {
                    more.into_iter().for_each(|(name, value)| extend_function(function, &name, value));
                }
            }
            (name, value) if PRIVATE.contains(&name) => join(call, name, value),
            _ => {}
        }
    }
}

fn extend_function(function: &mut Map<String, Value>, name: &str, value: Value) {
    match (name, value) {
        // A name that is repeated with each piece is still one name.
        ("name", Value::String(value)) if text(function.get(name)).is_empty() => {
            function.insert(name.to_owned(), value.into());
        }
        ("arguments", Value::String(piece)) => append(function, name, &piece),
        ("arguments", value) if !value.is_null() => drop(function.insert(name.to_owned(), value)),
        _ => {}
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}
