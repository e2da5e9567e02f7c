//! Large values are stored once and replaced by references, `{"~payload": "<hash>"}`, however often runs mention them.
//!
//! A value is split bottom-up: first the large values inside it, then the rest if it is still large. So the items of a long
//! list are shared with the steps that each take one as input.

use std::collections::HashMap;

use blake3::Hash;
use serde_json::{Map, Value};

use super::codec::{Sealed, Sealer};

/// Values of at least this size, in bytes of JSON, are stored separately.
pub(super) const LARGE: usize = 8 * 1024;

/// The only key of a reference. A user's own object with such a key gets one more `~`.
const KEY: &str = "~payload";

/// The size of a reference, in bytes.
const REFERENCE: usize = 80;

/// A large value that a run mentions.
pub(super) struct Payload {
    pub(super) hash: Hash,
    /// `None` if the run has mentioned it before.
    pub(super) body: Option<Sealed>,
    /// Whether the run may mention it again.
    pub(super) again: bool,
}

/// Replaces large values by references.
pub(super) struct Splitter<'a> {
    pub(super) sealer: &'a Sealer,
    /// Whether the run has mentioned a value before.
    pub(super) known: &'a dyn Fn(&Hash) -> bool,
    pub(super) found: Vec<Payload>,
}

impl Splitter<'_> {
    /// Replaces the large values in the fields of an object, but never the object itself.
    pub(super) fn split_fields(&mut self, value: &mut Value) {
        if let Value::Object(fields) = value {
            fields.values_mut().for_each(|field| _ = self.split(field));
        }
    }

    /// Returns the remaining size, in bytes.
    fn split(&mut self, value: &mut Value) -> usize {
        let size = match value {
            Value::String(text) => text.len() + 2,
            Value::Array(items) => items.iter_mut().map(|item| self.split(item) + 1).sum::<usize>() + 2,
            Value::Object(fields) => {
                let size = fields.iter_mut().map(|(key, field)| key.len() + 4 + self.split(field)).sum::<usize>() + 2;
                escape(fields);
                size
            }
            _ => size_of::<f64>(),
        };
        if size < LARGE {
            return size;
        }
        self.take(value);
        REFERENCE
    }

    /// Replaces a text of any size that the run will not mention again. Must run after `split_fields`.
    pub(super) fn take_text(&mut self, value: &mut Value) {
        if value.is_string() {
            self.take(value);
            if let Some(payload) = self.found.last_mut() {
                payload.again = false;
            }
        }
    }

    /// Replaces a value of any size. Must run after `split_fields`.
    pub(super) fn take(&mut self, value: &mut Value) {
        let taken = value.take();
        *value = reference(&self.keep(&taken));
    }

    fn keep(&mut self, value: &Value) -> Hash {
        // A string is hashed directly: a known one need not be serialized at all.
        let (hash, json) = match value {
            Value::String(text) => (self.sealer.hash(b's', text.as_bytes()), None),
            other => {
                let json = to_json(other);
                (self.sealer.hash(b'j', &json), Some(json))
            }
        };
        let known = (self.known)(&hash) || self.found.iter().any(|payload| payload.hash == hash);
        let body = (!known).then(|| self.sealer.seal(json.unwrap_or_else(|| to_json(value))));
        self.found.push(Payload { hash, body, again: true });
        hash
    }
}

/// Replaces references by their values.
pub(super) struct Joiner<'a, E> {
    pub(super) sealer: &'a Sealer,
    /// Reads the value stored under a hash.
    pub(super) load: &'a dyn Fn(&str) -> Result<Value, E>,
    /// The error for a damaged or missing value.
    pub(super) damaged: &'a dyn Fn(&str) -> E,
    pub(super) loaded: HashMap<String, Value>,
}

impl<E> Joiner<'_, E> {
    pub(super) fn join(&mut self, value: &mut Value) -> Result<(), E> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.join(item)),
            Value::Object(fields) => match referred(fields) {
                Some(Found::Payload(hash)) => {
                    *value = self.payload(&hash)?;
                    Ok(())
                }
                Some(Found::Escaped) => {
                    unescape(fields);
                    fields.values_mut().try_for_each(|field| self.join(field))
                }
                None => fields.values_mut().try_for_each(|field| self.join(field)),
            },
            _ => Ok(()),
        }
    }

    fn payload(&mut self, hash: &str) -> Result<Value, E> {
        if let Some(value) = self.loaded.get(hash) {
            return Ok(value.clone());
        }
        let mut value = (self.load)(hash)?;
        let is = match &value {
            Value::String(text) => self.sealer.hash(b's', text.as_bytes()),
            other => self.sealer.hash(b'j', &to_json(other)),
        };
        if is.to_hex().as_str() != hash {
            return Err((self.damaged)(hash));
        }
        self.join(&mut value)?;
        self.loaded.insert(hash.to_owned(), value.clone());
        Ok(value)
    }
}

enum Found {
    Payload(String),
    Escaped,
}

/// What an object with a single key encodes, or `None` for an ordinary object.
fn referred(fields: &Map<String, Value>) -> Option<Found> {
    let (key, value) = only(fields)?;
    match value {
        Value::String(hash) if key == KEY => Some(Found::Payload(hash.clone())),
        _ => Some(Found::Escaped),
    }
}

/// The only field of an object, if its key looks like ours.
fn only(fields: &Map<String, Value>) -> Option<(&String, &Value)> {
    let field = fields.iter().next().filter(|_| fields.len() == 1)?;
    (field.0.starts_with('~') && field.0.trim_start_matches('~') == &KEY[1..]).then_some(field)
}

fn escape(fields: &mut Map<String, Value>) {
    if let Some((key, _)) = only(fields) {
        rename(fields, format!("~{key}"));
    }
}

fn unescape(fields: &mut Map<String, Value>) {
    if let Some((key, _)) = only(fields) {
        rename(fields, key[1..].to_owned());
    }
}

fn rename(fields: &mut Map<String, Value>, key: String) {
    let value = std::mem::take(fields).into_iter().next().map(|(_, value)| value);
    fields.extend(value.map(|value| (key, value)));
}

fn reference(hash: &Hash) -> Value {
    Value::Object(Map::from_iter([(KEY.to_owned(), Value::String(hash.to_hex().to_string()))]))
}

/// Cannot fail: JSON values have string keys and finite numbers.
fn to_json(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).expect("a JSON value can be written")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn there_and_back(value: &Value) -> (Value, usize) {
        let sealer = Sealer { codec: None, key: [7; super::super::codec::KEY] };
        let mut splitter = Splitter { sealer: &sealer, known: &|_| false, found: Vec::new() };
        let mut split = json!({ "input": value });
        splitter.split_fields(&mut split);
        let bodies = splitter.found.iter().filter_map(|payload| {
            let body: Value = serde_json::from_slice(payload.body.as_ref()?.bytes()).unwrap();
            Some((payload.hash.to_hex().to_string(), body))
        });
        let stored: HashMap<_, _> = bodies.collect();
        let load = |hash: &str| stored.get(hash).cloned().ok_or_else(|| hash.to_owned());
        let (damaged, loaded) = (&|hash: &str| hash.to_owned(), HashMap::new());
        let mut joiner = Joiner { sealer: &sealer, load: &load, damaged, loaded };
        joiner.join(&mut split).unwrap();
        (split["input"].take(), stored.len())
    }

    #[test]
    fn what_is_large_is_stored_once_and_put_back() {
        let long = "ü\"".repeat(LARGE);
        let items: Vec<_> = (0..500).map(|n| json!({ "n": n, "text": long })).collect();
        let (back, stored) = there_and_back(&json!(items));
        assert_eq!(back, json!(items));
        assert_eq!(stored, 2, "the text, and the list that mentions it 500 times");
    }

    #[test]
    fn what_is_small_stays_where_it_is() {
        let value = json!({ "text": "short", "list": [1, 2.5, null, true] });
        assert_eq!(there_and_back(&value), (value, 0));
    }

    #[test]
    fn a_key_of_the_users_is_not_taken_for_ours() {
        let long = "x".repeat(LARGE);
        for key in ["~payload", "~~payload", "~~~payload", "payload", "~other"] {
            for value in [json!("0123"), json!(long), json!({ key: "in" }), json!(5)] {
                let value = json!([{ key: value }, { key: 1, "beside": 2 }]);
                assert_eq!(there_and_back(&value).0, value);
            }
        }
    }
}
