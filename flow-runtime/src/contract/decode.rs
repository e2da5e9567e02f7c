//! Decodes JSON into a type, and reports every violation.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::validate::{has_bounds, validate, violated_bounds};
use super::{Contract, Direction, Shape, schema};
use crate::violation::Violation;

/// Returns everything that keeps `value` from being a `T`: violations of its shape, then of the bounds in the published schema.
pub fn check<T: Contract + JsonSchema + 'static>(value: &Value) -> Vec<Violation> {
    let found = validate(T::SHAPE, value);
    match bounded_schema::<T>() {
        Some(schema) if found.is_empty() => violated_bounds(&schema, value),
        _ => found,
    }
}

/// The same if only shape and schema are known.
pub(crate) fn violations(shape: &'static Shape, schema: impl FnOnce() -> Value, value: &Value) -> Vec<Violation> {
    let found = validate(shape, value);
    if found.is_empty() { violated_bounds(&schema(), value) } else { found }
}

/// Reads a value that passes [`check`].
///
/// # Errors
///
/// Returns what `check` finds, or the error of `T`'s own code (an invalid date, a failing `try_from`).
pub fn decode<T: Contract + JsonSchema + DeserializeOwned + 'static>(value: Value) -> Result<T, Vec<Violation>> {
    let found = check::<T>(&value);
    if !found.is_empty() {
        return Err(found);
    }
    serde_path_to_error::deserialize(value).map_err(|error| vec![refused(&error)])
}

fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> Violation {
    let path: Vec<_> = error.path().iter().filter_map(segment).collect();
    Violation::new(&path, "a value its type accepts", &error.inner().to_string())
}

fn segment(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    }
}

/// The published schema, if it has bounds to check; computed once per type.
fn bounded_schema<T: JsonSchema + 'static>() -> Option<Arc<Value>> {
    static MADE: LazyLock<Mutex<HashMap<TypeId, Option<Arc<Value>>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(TypeId::of::<T>())
        .or_insert_with(|| {
            let schema = schema::<T>(Direction::Read);
            has_bounds(&schema).then(|| Arc::new(schema))
        })
        .clone()
}
