//! The maximum nesting of values.

use serde_json::Value;

use super::Violation;

/// The maximum nesting of arrays and objects in a contract value.
///
/// serde_json reads at most 127 levels, and a record adds a few. A value within this limit can be read back from any record.
pub const MAX_DEPTH: usize = 100;

/// The limit for JSON text from outside, where values may be fields of a few enclosing objects.
pub(super) const MAX_TEXT_DEPTH: usize = MAX_DEPTH + 20;

/// The violation of a value that is nested too deeply.
pub(crate) fn too_deep(value: &Value) -> Option<Violation> {
    is_deeper(value, MAX_DEPTH).then(|| violation(&[]))
}

pub(super) fn violation(path: &[String]) -> Violation {
    Violation::new(path, &format!("at most {MAX_DEPTH} nested arrays and objects"), "more")
}

/// Stops as soon as the limit is exceeded.
fn is_deeper(value: &Value, limit: usize) -> bool {
    let within = |value: &Value| is_deeper(value, limit - 1);
    match value {
        Value::Array(_) | Value::Object(_) if limit == 0 => true,
        Value::Array(items) => items.iter().any(within),
        Value::Object(fields) => fields.values().any(within),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) })
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        assert_eq!(too_deep(&nested(MAX_DEPTH)), None);
        assert_eq!(too_deep(&json!([1, nested(MAX_DEPTH - 1)])), None);
        for value in [nested(MAX_DEPTH + 1), json!([1, nested(MAX_DEPTH)]), nested(3 * MAX_DEPTH)] {
            let found = too_deep(&value).unwrap().under("v");
            assert_eq!(found.to_string(), "at `/v`: expected at most 100 nested arrays and objects, found more");
        }
    }
}
