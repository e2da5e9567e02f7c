//! Encodes values as JSON. JSON has no `NaN` or infinity, and serde_json silently writes `null` for them.

mod finite;

use serde::Serialize;
use serde_json::Value;

use super::{Violation, too_deep};
use crate::error::{Error, ErrorKind, Result};

/// Encodes a value as JSON.
///
/// # Errors
///
/// Fails if serde cannot write the value, if it is nested too deeply to be read back, or if it contains non-finite numbers (each
/// reported with its JSON Pointer).
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    encode_at(&[], value)
}

/// The same for the value at a path of names; pointers start with it.
pub(crate) fn encode_at<T: Serialize + ?Sized>(path: &[&str], value: &T) -> Result<Value> {
    let json = serde_json::to_value(value)
        .map_err(|error| Error::terminal(format!("a value cannot be written as JSON: {error}")).with_source(error))?;
    if let Some(violation) = too_deep(&json) {
        let violation = path.iter().rev().fold(violation, |inner, name| inner.under(name));
        return Err(unreadable(violation, &json));
    }
    // The check walks the value again, so it runs only if a `null` may stand for a number.
    let violations = if has_null(&json) { finite::violations(path, value) } else { Vec::new() };
    if violations.is_empty() { Ok(json) } else { Err(not_finite(violations, &json)) }
}

#[cold]
fn unreadable(violation: Violation, json: &Value) -> Error {
    let kind = ErrorKind::ContractViolated { violations: vec![violation], answer: json.to_string() };
    Error::new(kind, "a value is nested too deeply to be read back from a record: flatten it, for example into a list")
}

fn not_finite(violations: Vec<Violation>, json: &Value) -> Error {
    let kind = ErrorKind::ContractViolated { violations, answer: json.to_string() };
    Error::new(
        kind,
        "a value cannot be written as JSON, which has no `NaN` or infinity: return `None` or an error for an unknown number",
    )
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}
