//! Rewrites enums to the form that all generators support: one list of values instead of one arm for each constant.

use serde_json::{Map, Value, json};

/// Merges the string arms of a schema and everything inside it. The meaning of each value becomes a line of the description.
pub(super) fn gather(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(gather),
        Value::Object(fields) => {
            fields.values_mut().for_each(gather);
            gather_arms(fields);
        }
        _ => {}
    }
}

fn gather_arms(fields: &mut Map<String, Value>) {
    let Some(arms) = fields.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    let (strings, others): (Vec<_>, Vec<_>) = std::mem::take(arms).into_iter().partition(|arm| values(arm).is_some());
    if strings.is_empty() {
        *arms = others;
        return;
    }
    let all: Value = strings.iter().filter_map(values).flatten().cloned().collect();
    let meanings: Vec<_> = strings.iter().filter_map(meaning).collect();
    let mut list = json!({ "type": "string", "enum": all });
    if !others.is_empty() {
        describe(&mut list, &meanings);
        *arms = std::iter::once(list).chain(others).collect();
        return;
    }
    if let Some(description) = fields.get("description") {
        list["description"] = description.clone();
    }
    describe(&mut list, &meanings);
    fields.shift_remove("oneOf");
    fields.extend(list.as_object().cloned().unwrap_or_default());
}

/// The values of an arm that allows only strings.
fn values(arm: &Value) -> Option<&[Value]> {
    if arm["type"] != "string" {
        return None;
    }
    arm.get("const").map(std::slice::from_ref).or_else(|| arm["enum"].as_array().map(Vec::as_slice))
}

/// The meaning of a value, as a Markdown list item: descriptions are Markdown.
fn meaning(arm: &Value) -> Option<String> {
    let (value, description) = (arm["const"].as_str()?, arm["description"].as_str()?);
    Some(format!("- `{value}`: {description}"))
}

fn describe(list: &mut Value, meanings: &[String]) {
    if !meanings.is_empty() {
        let before = list["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
        list["description"] = format!("{before}{}", meanings.join("\n")).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(value: &str) -> Value {
        json!({ "type": "string", "const": value, "description": format!("It is {value}.") })
    }

    #[test]
    fn an_enum_of_described_values_is_a_list() {
        let mut schema =
            json!({ "oneOf": [{ "type": "string", "enum": ["c"] }, arm("a"), arm("b")], "description": "Which." });
        gather(&mut schema);
        let description = "Which.\n\n- `a`: It is a.\n- `b`: It is b.";
        assert_eq!(schema, json!({ "type": "string", "enum": ["c", "a", "b"], "description": description }));
    }

    #[test]
    fn the_other_arms_stay() {
        let object = json!({ "type": "object" });
        let mut schema = json!({ "items": { "oneOf": [object, arm("a")] } });
        gather(&mut schema);
        let list = json!({ "type": "string", "enum": ["a"], "description": "- `a`: It is a." });
        assert_eq!(schema, json!({ "items": { "oneOf": [list, object] } }));
    }

    #[test]
    fn what_has_no_strings_is_as_it_was() {
        let before =
            json!({ "oneOf": [{ "type": "object" }, { "type": "null" }], "properties": { "oneOf": arm("a") } });
        let mut schema = before.clone();
        gather(&mut schema);
        assert_eq!(schema, before);
    }
}
