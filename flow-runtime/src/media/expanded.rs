//! Recorded values with the bytes of their attachments.

use serde_json::Value;

use super::Data;
use super::held::held;
use crate::contract::HASH;

/// Puts the bytes of attachments back where a recorded value refers to them by their hash. What is not in memory stays as it is.
pub(crate) fn expanded(mut value: Value) -> Value {
    expand(&mut value);
    value
}

fn expand(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(expand),
        Value::Object(fields) if fields.contains_key("media_type") => {
            if let Some(Value::String(data)) = fields.get_mut("data")
                && data.starts_with(HASH)
                && let Some(held) = held(data)
            {
                *data = Data(held).base64();
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(expand),
        _ => {}
    }
}
