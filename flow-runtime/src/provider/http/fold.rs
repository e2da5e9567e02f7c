//! How the chunks of a stream become a body.

use serde_json::{Map, Value};

use super::wire::Wire;
use crate::provider::{Deltas, Failure, FailureKind};

/// Folds the chunks of a stream into the body that the endpoint would have sent at once.
pub(in crate::provider) trait Fold: Send + Sized {
    /// How the chunks arrive.
    type Wire: Wire;

    /// Adds a chunk, and puts new text of the answer into `deltas`. Returns whether the stream ends with it.
    ///
    /// # Errors
    ///
    /// Fails if the chunk does not fit those before it.
    fn add(&mut self, chunk: Value, deltas: &Deltas) -> Result<bool, Failure>;

    /// Notes that the server declared the end with `[DONE]`.
    fn done(&mut self) {}

    /// Whether the answer is complete if nothing follows.
    fn is_complete(&self) -> bool;

    /// The approximate number of bytes kept.
    fn size(&self) -> usize;

    /// The body, as far as it is known; an empty object before the first chunk.
    fn body(self) -> Value;
}

/// Takes a field out of a chunk; null if it is missing.
pub(in crate::provider) fn take(chunk: &mut Value, name: &str) -> Value {
    chunk.get_mut(name).map(Value::take).unwrap_or_default()
}

/// Appends a piece to a text field.
pub(in crate::provider) fn append(fields: &mut Map<String, Value>, name: &str, piece: &str) {
    match fields.get_mut(name) {
        Some(Value::String(text)) => text.push_str(piece),
        _ => drop(fields.insert(name.to_owned(), piece.into())),
    }
}

/// Whether a field is there and not null.
pub(in crate::provider) fn has(value: &Value, name: &str) -> bool {
    value.get(name).is_some_and(|field| !field.is_null())
}

/// The approximate number of bytes of a value.
pub(in crate::provider) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + size(value)).sum(),
        _ => size_of::<Value>(),
    }
}

/// The failure of a chunk that continues a block of the answer before its start.
pub(in crate::provider) fn unbegun(index: Option<u64>) -> Failure {
    let index = index.map_or("without a number".to_owned(), |index| index.to_string());
    Failure::new(FailureKind::Transport, format!("the stream continues block {index}, which has not begun"))
}
