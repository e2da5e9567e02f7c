//! Merges shared arguments into those of each line.

use flow_runtime::contract::Violation;
use serde_json::{Map, Value};

/// Merges the shared arguments and those of a line.
///
/// # Errors
///
/// Returns the path of a value that both provide.
pub(super) fn merge(shared: &Value, own: Value) -> Result<Value, Violation> {
    let mut path = Vec::new();
    match (shared, own) {
        (Value::Object(shared), Value::Object(own)) => objects(shared, own, &mut path).map(Value::Object),
        // If the line is not an object, validation reports that.
        (_, own) => Ok(own),
    }
}

fn objects<'a>(
    shared: &'a Map<String, Value>,
    mut own: Map<String, Value>,
    path: &mut Vec<&'a str>,
) -> Result<Map<String, Value>, Violation> {
    for (name, value) in shared {
        path.push(name);
        let merged = match (value, own.remove(name)) {
            (value, None) => value.clone(),
            (Value::Object(shared), Some(Value::Object(own))) => Value::Object(objects(shared, own, path)?),
            (_, Some(found)) => return Err(clash(path, &found)),
        };
        path.pop();
        own.insert(name.clone(), merged);
    }
    Ok(own)
}

fn clash(path: &[&str], found: &Value) -> Violation {
    const SHOWN: usize = 60;
    let found: String = found.to_string().chars().take(SHOWN).collect();
    let path: Vec<_> = path.iter().map(|name| (*name).to_owned()).collect();
    Violation::new(&path, "nothing, because `--set` or `--file` sets it for all lines", &found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_merged_and_anything_else_clashes() {
        let shared = json!({ "job": { "title": "Baker" }, "limit": 3 });
        let merged = merge(&shared, json!({ "job": { "town": "Riga" }, "text": "x" })).unwrap();
        assert_eq!(merged, json!({ "job": { "title": "Baker", "town": "Riga" }, "limit": 3, "text": "x" }));
        let clash = merge(&shared, json!({ "job": { "title": "Cook" } })).unwrap_err();
        assert_eq!(
            clash.to_string(),
            "at `/job/title`: expected nothing, because `--set` or `--file` sets it for all lines, found \"Cook\""
        );
        assert!(merge(&shared, json!({ "job": null })).is_err());
    }

    #[test]
    fn a_line_that_is_no_object_is_left_to_the_contract() {
        assert_eq!(merge(&json!({ "a": 1 }), json!([1])).unwrap(), json!([1]));
    }
}
