//! Sets a value at a path, creating the objects along it.

use flow_runtime::contract::Violation;
use flow_runtime::graph::{Argument, Meta};
use serde_json::{Map, Value};

use crate::app::failure::Failure;

/// Splits a path into its argument and the path below it.
pub(super) fn argument<'p>(meta: &'static Meta, path: &'p [String]) -> Option<(&'static Argument, &'p [String])> {
    let (name, rest) = path.split_first()?;
    Some((meta.arguments.iter().find(|argument| argument.name == name)?, rest))
}

pub(super) fn put(input: &mut Value, path: &[String], value: Value) -> Result<(), Failure> {
    let mut here = input;
    for (depth, name) in path.iter().enumerate() {
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(fields) = here else { return Err(no_object(path, depth, here)) };
        here = fields.entry(name).or_insert(Value::Null);
    }
    *here = value;
    Ok(())
}

fn no_object(path: &[String], depth: usize, found: &Value) -> Failure {
    let expected = format!("an object with `{}`", path[depth]);
    let violation = Violation::new(&path[..depth], &expected, kind(found));
    Failure::at(format!("`{}` cannot be set", path.join(".")), violation)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(mut input: Value, path: &str) -> Result<Value, String> {
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        put(&mut input, &path, json!("new")).map_err(|failure| failure.to_string())?;
        Ok(input)
    }

    #[test]
    fn objects_on_the_way_are_made_and_kept() {
        assert_eq!(set(json!({}), "a.b"), Ok(json!({ "a": { "b": "new" } })));
        assert_eq!(set(json!({ "a": { "b": 1, "c": 2 } }), "a.b"), Ok(json!({ "a": { "b": "new", "c": 2 } })));
    }

    #[test]
    fn what_is_no_object_is_not_replaced() {
        let wrong = set(json!({ "a": [1] }), "a.b").unwrap_err();
        assert_eq!(wrong, "`a.b` cannot be set\n  at `/a`: expected an object with `b`, found an array");
    }
}
