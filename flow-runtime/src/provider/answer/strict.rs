//! Parsing of a model's JSON; duplicate keys are an error, as in all external JSON.

use serde_json::Value;

use crate::contract::{Unparsed, parse_json, parse_json_prefix};

/// Parses a text that contains nothing but JSON.
pub(super) fn parse(text: &str) -> serde_json::Result<Value> {
    parse_json(text.as_bytes()).map_err(Unparsed::into_error)
}

/// Parses the JSON at the start of a text; also returns its length.
pub(super) fn parse_prefix(text: &str) -> Option<(usize, Value)> {
    parse_json_prefix(text)
}
