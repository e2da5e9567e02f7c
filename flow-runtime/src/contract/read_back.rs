//! A value as it will be read back from its record.

use serde_json::Value;

use super::Violation;
use super::sets::sorted;
use super::validate::describe;
use crate::error::{Error, ErrorKind, Result};

/// Maximum number of differences in a message.
const SHOWN: usize = 8;

/// Encodes and decodes a type.
pub(crate) struct Ways<'w, T> {
    /// The name of the value in messages.
    pub(crate) what: &'w str,
    pub(crate) encode: &'w dyn Fn(&T) -> Result<Value>,
    pub(crate) decode: &'w dyn Fn(Value) -> Result<T, Vec<Violation>>,
    /// The published schema of the written form; only requested if the order of a set may matter.
    pub(crate) schema: &'w dyn Fn() -> Value,
}

/// Writes a value and reads it back; returns the result and the written form.
///
/// # Errors
///
/// Fails if the value cannot be written or read back, or if it is written differently after that (each difference is reported
/// with a JSON Pointer): a resumed run would continue with a different value than the first run had.
pub(crate) fn read_back<T>(value: &T, ways: &Ways<'_, T>) -> Result<(T, Value)> {
    let written = (ways.encode)(value)?;
    let read = (ways.decode)(written.clone()).map_err(|found| unreadable(ways.what, found, &written))?;
    let again = (ways.encode)(&read)?;
    let changes = if again == written { Vec::new() } else { changes(&(ways.schema)(), &written, &again) };
    if changes.is_empty() { Ok((read, written)) } else { Err(unlike(ways.what, changes, &written)) }
}

#[cold]
fn unreadable(what: &str, violations: Vec<Violation>, written: &Value) -> Error {
    let text = format!(
        "{what} cannot be read back from its record: its type's `Deserialize` rejects what its `Serialize` writes"
    );
    Error::new(ErrorKind::ContractViolated { violations, answer: written.to_string() }, text)
}

#[cold]
fn unlike(what: &str, violations: Vec<Violation>, written: &Value) -> Error {
    let text = format!(
        "{what} changes when it is read back and written again: its type's `Serialize` and `Deserialize` do not agree"
    );
    Error::new(ErrorKind::ContractViolated { violations, answer: written.to_string() }, text)
}

/// The differences between two written forms of a value, ignoring the order of sets.
fn changes(schema: &Value, written: &Value, again: &Value) -> Vec<Violation> {
    let (written, again) = (sorted(schema, written), sorted(schema, again));
    let mut found = Vec::new();
    collect(&mut Vec::new(), Some(&written), Some(&again), &mut found);
    found
}

fn collect(path: &mut Vec<String>, written: Option<&Value>, again: Option<&Value>, found: &mut Vec<Violation>) {
    if found.len() == SHOWN || written == again {
        return;
    }
    let mut part = |name: String, written: Option<&Value>, again: Option<&Value>| {
        path.push(name);
        collect(path, written, again, found);
        path.pop();
    };
    match (written, again) {
        (Some(Value::Object(one)), Some(Value::Object(two))) => {
            let names = one.keys().chain(two.keys().filter(|name| !one.contains_key(*name)));
            names.for_each(|name| part(name.clone(), one.get(name), two.get(name)));
        }
        (Some(Value::Array(one)), Some(Value::Array(two))) => {
            (0..one.len().max(two.len())).for_each(|at| part(at.to_string(), one.get(at), two.get(at)));
        }
        _ => {
            let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), describe);
            let expected = format!("{}, as first written", shown(written));
            found.push(Violation::new(path, &expected, &shown(again)));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_change_has_its_pointer() {
        let written = json!({ "a": [1, { "b/c": 0 }], "d": "x", "same": null });
        let again = json!({ "d": "y", "a": [1, {}, 2], "same": null });
        let told: Vec<_> = changes(&json!({}), &written, &again).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "at `/a/1/b~1c`: expected number 0, as first written, found nothing",
                "at `/a/2`: expected nothing, as first written, found number 2",
                "at `/d`: expected string \"x\", as first written, found string \"y\"",
            ]
        );
        let wide = |n: u32| Value::from((0..100).map(|at| at + n).collect::<Vec<_>>());
        assert_eq!(changes(&json!({}), &wide(0), &wide(1)).len(), SHOWN);
    }

    #[test]
    fn an_integer_is_no_float() {
        assert_eq!(changes(&json!({}), &json!(3), &json!(3.0)).len(), 1);
    }
}
