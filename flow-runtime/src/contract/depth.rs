//! How deep a value may be nested.

use serde_json::Value;

use super::Violation;

/// The most arrays and objects within each other that a value of a contract may have.
///
/// serde_json reads no more than 127, and a record puts its values a few levels deeper. What is within this limit can be read back
/// from wherever it is recorded.
pub const MAX_DEPTH: usize = 100;

/// The most in a JSON text from outside, in which values may be fields of a few objects more.
pub(super) const MAX_TEXT_DEPTH: usize = MAX_DEPTH + 20;

/// What is wrong with the depth of a value.
pub(crate) fn too_deep(value: &Value) -> Option<Violation> {
    is_deeper(value, MAX_DEPTH).then(|| violation(&[]))
}

pub(super) fn violation(path: &[String]) -> Violation {
    Violation::new(path, &format!("at most {MAX_DEPTH} nested arrays and objects"), "more")
}

/// It goes no further into a value than it has to.
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
