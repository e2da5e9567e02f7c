//! JSON of a model, read like all JSON from outside: a key that comes twice is an error.

use serde_json::Value;

use crate::contract::{Unparsed, parse_json, parse_json_prefix};

/// Reads a text that is JSON and nothing else.
pub(super) fn parse(text: &str) -> serde_json::Result<Value> {
    parse_json(text.as_bytes()).map_err(Unparsed::into_error)
}

/// Reads the JSON that a text begins with, and its length.
pub(super) fn parse_prefix(text: &str) -> Option<(usize, Value)> {
    parse_json_prefix(text)
}
