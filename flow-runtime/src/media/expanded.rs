//! Recorded values with the bytes of their attachments.

use std::sync::Arc;

use serde_json::Value;

use super::held::{Held, held};
use super::{Data, Medium};
use crate::contract::{HASH, MediaKind};

/// Puts the bytes of attachments back where a recorded value refers to them by their hash. What is not in memory stays as it is.
pub(crate) fn expanded(mut value: Value) -> Value {
    referring(&mut value, &mut |value, held| value["data"] = Data(held).base64().into());
    value
}

/// Puts a mark in the place of each attachment to whose bytes a recorded value refers, like [`marked`](super::marked).
pub(crate) fn detached(mut value: Value, mark: impl Fn(usize) -> String) -> (Value, Vec<Medium>) {
    let mut media: Vec<Medium> = Vec::new();
    referring(&mut value, &mut |value, held| {
        let Some(kind) = value["media_type"].as_str().and_then(MediaKind::of) else { return };
        let Ok(medium) = Medium::new(kind, None, Data(held)) else { return };
        let known = media.iter().position(|other| *other == medium);
        let index = known.unwrap_or(media.len());
        media.extend(known.is_none().then_some(medium));
        *value = mark(index).into();
    });
    (value, media)
}

/// Visits the attachments that a recorded value refers to by hashes of bytes in memory.
fn referring(value: &mut Value, visit: &mut impl FnMut(&mut Value, Arc<Held>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| referring(item, visit)),
        Value::Object(fields) if fields.contains_key("media_type") => {
            let data = fields.get("data").and_then(Value::as_str).filter(|data| data.starts_with(HASH));
            if let Some(held) = data.and_then(held) {
                visit(value, held);
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| referring(field, visit)),
        _ => {}
    }
}
