//! Lowered schemas contain nothing that the provider rejects.

use flow_runtime::provider::SchemaSupport::{Anthropic, Gemini};
use flow_runtime::provider::lower;
use schemars::schema_for;
use serde_json::{Value, json};

use super::{each_schema, says_what_it_is, types};

/// Closed objects, no bounds, and no recursion.
pub(crate) fn anthropic(schema: &Value) {
    assert_eq!(schema["type"], "object");
    each_schema(schema, &mut |part| {
        only(part, &["additionalProperties", "anyOf", "const", "enum", "format", "items", "minItems", "pattern"]);
        assert!(part["type"] != "object" || part["additionalProperties"] == false, "{part}");
        assert!(part.get("minItems").is_none_or(|count| count.as_u64() <= Some(1)), "{part}");
        says_what_it_is(part);
    });
    assert_eq!(cycle(schema, false), None, "{schema:#}");
}

/// Known keywords only, single values by `enum`, and recursion only beneath optional properties.
pub(crate) fn gemini(schema: &Value) {
    assert_eq!(schema["type"], "object");
    each_schema(schema, &mut |part| {
        let known = [
            "additionalProperties",
            "anyOf",
            "enum",
            "format",
            "items",
            "maxItems",
            "maximum",
            "minItems",
            "minimum",
            "prefixItems",
        ];
        only(part, &known);
        let values = part.get("enum").and_then(Value::as_array);
        assert!(
            values.is_none_or(|values| values.iter().all(|value| value.is_string() || value.is_number())),
            "{part}"
        );
        says_what_it_is(part);
    });
    assert_eq!(cycle(schema, true), None, "{schema:#}");
}

fn only(schema: &Value, keywords: &[&str]) {
    const ALWAYS: [&str; 6] = ["$defs", "$ref", "description", "properties", "required", "type"];
    for keyword in schema.as_object().unwrap().keys() {
        assert!(keywords.contains(&&keyword[..]) || ALWAYS.contains(&&keyword[..]), "`{keyword}` in {schema}");
    }
}

/// A recursive definition, if any; optional properties may be skipped.
fn cycle(schema: &Value, pass_optional: bool) -> Option<String> {
    let names = schema["$defs"].as_object().into_iter().flat_map(|defs| defs.keys());
    let found = names.into_iter().find(|name| {
        let mut found = targets(&schema["$defs"][name], pass_optional);
        let mut at = 0;
        while at < found.len() {
            for target in targets(&schema["$defs"][&found[at]], pass_optional) {
                if !found.contains(&target) {
                    found.push(target);
                }
            }
            at += 1;
        }
        found.contains(*name)
    });
    found.cloned()
}

fn targets(schema: &Value, pass_optional: bool) -> Vec<String> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/$defs/"));
            let optional = |name: &String| !schema["required"].as_array().unwrap().contains(&json!(name));
            let parts = map.iter().flat_map(|(key, part)| match (key.as_str(), part) {
                ("properties", Value::Object(properties)) => properties
                    .iter()
                    .filter(|(name, _)| !(pass_optional && optional(name)))
                    .flat_map(|(_, part)| targets(part, pass_optional))
                    .collect(),
                _ => targets(part, pass_optional),
            });
            parts.chain(own.map(str::to_owned)).collect()
        }
        Value::Array(items) => items.iter().flat_map(|part| targets(part, pass_optional)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_contains_itself_travels_as_text_where_nothing_may() {
    let lowered = lower(&schema_for!(types::Family).to_value(), Anthropic);
    let children = json!({
        "type": "array",
        "items": {"description": "A value of `Root`, written as JSON text in this string.", "type": "string"},
    });
    assert_eq!(lowered.schema["$defs"]["Root"]["properties"]["children"], children);
    let value = serde_json::to_value(types::family()).unwrap();
    let wire = lowered.encode(value.clone());
    assert_eq!(wire["children"][1]["children"], json!([r#"{"name":"Ada","children":[]}"#]));
    assert_eq!(lowered.raise(wire), value);
}

#[test]
fn a_deep_value_within_itself_is_one_text_and_not_a_text_at_each_level() {
    let lowered = lower(&schema_for!(types::Family).to_value(), Anthropic);
    let deep =
        (0..40).fold(json!({"name": "Ada", "children": []}), |child, _| json!({"name": "Ada", "children": [child]}));
    let wire = lowered.encode(deep.clone());
    assert!(wire.to_string().len() < 2 * deep.to_string().len(), "{wire}");
    assert_eq!(lowered.raise(wire), deep);
    let around = |child: Value| json!({"name": "Ada", "children": [{"name": "Eve", "children": [child]}]});
    let nested = json!(r#"{"name": "Bo", "children": ["{\"name\": \"Cy\", \"children\": []}"]}"#);
    let bo = json!({"name": "Bo", "children": [{"name": "Cy", "children": []}]});
    assert_eq!(lowered.raise(around(nested)), around(bo), "a text within a text is read all the same");
}

#[test]
fn what_contains_itself_is_optional_where_only_that_may() {
    let lowered = lower(&schema_for!(types::Family).to_value(), Gemini);
    assert_eq!(lowered.schema["$defs"]["Root"]["required"], json!(["name"]));
    let dropped: Vec<_> = lowered.dropped.iter().map(|dropped| (&dropped.pointer[..], &dropped.keyword[..])).collect();
    assert_eq!(dropped, [("/$defs/Root/properties/children", "required")]);
}

#[test]
fn bounds_that_a_provider_does_not_take_are_said_in_words() {
    let schema = schema_for!(types::Bounded).to_value();
    let stars = |support| lower(&schema, support).schema["properties"]["stars"].clone();
    assert_eq!(stars(Anthropic), json!({"description": "(maximum: 5, minimum: 1)", "type": "integer"}));
    assert_eq!(stars(Gemini), json!({"type": "integer", "minimum": 1, "maximum": 5}));
    let slug = |support| lower(&schema, support).schema["properties"]["slug"].clone();
    assert_eq!(slug(Anthropic), json!({"type": "string", "pattern": "^[a-z]+$"}));
    assert_eq!(slug(Gemini), json!({"description": "(pattern: \"^[a-z]+$\")", "type": "string"}));
}

#[test]
fn names_in_other_letters_are_mended_where_a_provider_may_change_them() {
    let schema = schema_for!(Vec<types::Internal>).to_value();
    let answer = json!({"value": [{"kind": "STRUCT", "x": 1}, {"kind": "Payload", "x": 1.5}, {"kind": "unit"}]});
    let mended = json!([{"kind": "struct", "x": 1}, {"kind": "payload", "x": 1.5}, {"kind": "unit"}]);
    assert_eq!(lower(&schema, Anthropic).raise(answer.clone()), mended);
    assert_eq!(lower(&schema, Gemini).raise(answer.clone()), answer["value"], "others do not change them");
}

#[test]
fn letters_that_tell_names_apart_are_left_alone() {
    let lowered = lower(&json!({"enum": ["ok", "OK", "no"]}), Anthropic);
    for (answer, raised) in [("ok", "ok"), ("OK", "OK"), ("Ok", "Ok"), ("NO", "no"), ("nope", "nope")] {
        assert_eq!(lowered.raise(json!({"value": answer})), raised);
    }
}
