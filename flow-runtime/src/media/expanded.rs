//! The two forms of a value: with the bytes of its attachments, and as in records.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Data;
use super::held::held;
use crate::contract::{HASH, Shape, each_attached, in_records};

/// Puts the bytes of attachments back where a recorded value of this shape refers to them by their hash. What is not in memory
/// stays as it is.
pub(crate) fn expanded(shape: &'static Shape, value: Value) -> Value {
    changed(shape, value, &mut |data| {
        if let Some(held) = held(data) {
            *data = Data(held).base64();
        }
    })
}

/// Refers to the attachments of a value by their hash, for comparisons and messages.
pub(crate) fn by_hash(shape: &'static Shape, value: Value) -> Value {
    changed(shape, value, &mut |data| {
        if !data.starts_with(HASH)
            && let Ok(bytes) = STANDARD.decode(&*data)
        {
            *data = Data::from(bytes).hash().to_owned();
        }
    })
}

fn changed(shape: &'static Shape, mut value: Value, change: &mut dyn FnMut(&mut String)) -> Value {
    in_records(|| each_attached(shape, &mut value, change));
    value
}
