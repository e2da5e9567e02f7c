//! The two forms of a value: with the bytes of its attachments, and as in records.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::held::{Held, held};
use super::{Data, Medium};
use crate::contract::{HASH, MediaKind, Shape, each_attached, in_records};

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

/// Replaces each attachment that a recorded value refers to by a mark, like [`marked`](super::marked).
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
