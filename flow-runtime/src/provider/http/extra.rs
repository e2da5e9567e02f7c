//! Extra parameters of a model.

use serde_json::{Map, Value};

use crate::provider::{Failure, FailureKind, Model};

/// Adds a model's extra parameters to a body. Objects are merged, other values replaced.
pub(in crate::provider) fn extend(body: &mut Map<String, Value>, model: &Model) -> Result<(), Failure> {
    for (name, text) in model.get_extra() {
        let value = serde_json::from_str(text).map_err(|error| {
            let message = format!("the extra parameter `{name}` is not JSON: {error}");
            Failure::new(FailureKind::InvalidRequest, message)
        })?;
        put(body, name, value);
    }
    Ok(())
}

fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    match (body.get_mut(name), value) {
        (Some(Value::Object(known)), Value::Object(more)) => {
            more.into_iter().for_each(|(name, value)| put(known, &name, value));
        }
        (_, value) => drop(body.insert(name.to_owned(), value)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_merged_and_the_rest_is_replaced() {
        const MODEL: Model = Model::new("p/m").extra(&[("config", r#"{"top": 3, "deep": {"a": 2}}"#), ("seed", "7")]);
        let Value::Object(mut body) = json!({"config": {"deep": {"a": 1, "b": 1}}, "seed": 1}) else { unreachable!() };
        extend(&mut body, &MODEL).unwrap();
        assert_eq!(Value::Object(body), json!({"config": {"deep": {"a": 2, "b": 1}, "top": 3}, "seed": 7}));
    }
}
