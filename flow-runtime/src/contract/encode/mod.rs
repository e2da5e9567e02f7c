//! Values as JSON, which has no `NaN` and no infinity: serde_json writes `null` in their place, and nobody would know.

mod finite;

use serde::Serialize;
use serde_json::Value;

use super::{Violation, too_deep};
use crate::error::{Error, ErrorKind, Result};

/// A value as JSON.
///
/// # Errors
///
/// A value that serde cannot write, or that is nested too deep to be read back; numbers that are not finite, each with its JSON
/// Pointer.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    encode_at(&[], value)
}

/// The same for the value at a path of names; pointers begin there.
pub(crate) fn encode_at<T: Serialize + ?Sized>(path: &[&str], value: &T) -> Result<Value> {
    let json = serde_json::to_value(value)
        .map_err(|error| Error::terminal(format!("a value cannot be written as JSON: {error}")).with_source(error))?;
    if let Some(violation) = too_deep(&json) {
        let violation = path.iter().rev().fold(violation, |inner, name| inner.under(name));
        return Err(unreadable(violation, &json));
    }
    // Looking costs another walk over the value, which is due only where a `null` may stand for a number.
    let violations = if has_null(&json) { finite::violations(path, value) } else { Vec::new() };
    if violations.is_empty() { Ok(json) } else { Err(not_finite(violations, &json)) }
}

#[cold]
fn unreadable(violation: Violation, json: &Value) -> Error {
    let kind = ErrorKind::ContractViolated { violations: vec![violation], answer: json.to_string() };
    Error::new(kind, "a value is nested too deep to be read back from a record; make it flatter, a list for instance")
}

fn not_finite(violations: Vec<Violation>, json: &Value) -> Error {
    let kind = ErrorKind::ContractViolated { violations, answer: json.to_string() };
    Error::new(
        kind,
        "a value cannot be written as JSON, which has no `NaN` and no infinity; where a number is not known, return `None` or an error",
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
