//! The law of lowering: whatever serde writes for a type is a valid answer at every level, and is raised to the same value.

mod random;
mod subsets;
mod types;

use std::collections::BTreeMap;
use std::fmt::Debug;

use flow_runtime::provider::SchemaSupport::{
    self, Anthropic, Compatible, Full, Gemini, JsonMode, None as NoSchema, Strict,
};
use flow_runtime::provider::{Lowered, lower};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const LEVELS: [SchemaSupport; 7] = [Full, Strict, Compatible, Anthropic, Gemini, JsonMode, NoSchema];

/// Checks the law for values of one type.
fn law<T: Serialize + DeserializeOwned + JsonSchema + PartialEq + Debug>(values: impl IntoIterator<Item = T>) {
    let schema = schema_for!(T).to_value();
    let lowered = LEVELS.map(|support| (support, lower(&schema, support)));
    for value in values {
        for (support, lowered) in &lowered {
            holds(&value, *support, lowered);
        }
    }
    strict_is_strict(&lowered[1].1.schema);
    compatible_is_compatible(&lowered[2].1.schema);
    subsets::anthropic(&lowered[3].1.schema);
    subsets::gemini(&lowered[4].1.schema);
}

fn holds<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, support: SchemaSupport, lowered: &Lowered) {
    let written = serde_json::to_value(value).unwrap();
    let wire = lowered.encode(written.clone());
    if let Err(error) = jsonschema::draft202012::new(&lowered.schema).unwrap().validate(&wire) {
        panic!("{support:?}: {error} at {}\nvalue {wire}\nschema {:#}", error.instance_path(), lowered.schema);
    }
    let raised = lowered.raise(wire.clone());
    let back: T = serde_json::from_value(raised.clone())
        .unwrap_or_else(|error| panic!("{support:?}: {error}\nwritten {written}\nwire {wire}\nraised {raised}"));
    assert_eq!(back, *value, "{support:?}: wire {wire}, raised {raised}");
}

/// Checks strict mode: every object is closed and complete, references have no siblings, and no unsupported keyword is used.
fn strict_is_strict(schema: &Value) {
    assert_eq!(schema["type"], "object");
    each_schema(schema, &mut |schema| {
        for refused in
            ["oneOf", "allOf", "prefixItems", "patternProperties", "minLength", "uniqueItems", "default", "title"]
        {
            assert!(schema.get(refused).is_none(), "`{refused}` in {schema}");
        }
        if schema["type"] == "object" {
            let names: Vec<_> = schema["properties"].as_object().unwrap().keys().map(|name| json!(name)).collect();
            assert_eq!(schema["required"], json!(names), "{schema}");
            assert_eq!(schema["additionalProperties"], false, "{schema}");
        }
        says_what_it_is(schema);
    });
}

/// Checks for references to the root, siblings of references and untyped schemas: each makes some server fail or ignore it.
fn compatible_is_compatible(schema: &Value) {
    assert_eq!(schema["type"], "object");
    each_schema(schema, &mut |schema| says_what_it_is(schema));
}

fn says_what_it_is(schema: &Value) {
    let map = schema.as_object().unwrap_or_else(|| panic!("{schema} as a schema"));
    if let Some(target) = map.get("$ref") {
        assert_eq!(map.len(), 1, "beside a reference: {schema}");
        assert!(target.as_str().unwrap().starts_with("#/$defs/"), "{schema}");
    } else {
        assert!(["type", "anyOf", "const", "enum"].iter().any(|key| map.contains_key(*key)), "untyped: {schema}");
    }
}

/// Visits a schema and all schemas inside it.
fn each_schema(schema: &Value, visit: &mut impl FnMut(&Value)) {
    visit(schema);
    for key in ["properties", "$defs"] {
        schema[key].as_object().into_iter().flatten().for_each(|(_, part)| each_schema(part, visit));
    }
    for key in ["anyOf", "prefixItems"] {
        schema[key].as_array().into_iter().flatten().for_each(|part| each_schema(part, visit));
    }
    for key in ["items", "additionalProperties"] {
        schema.get(key).filter(|part| part.is_object()).into_iter().for_each(|part| each_schema(part, visit));
    }
}

#[test]
fn structs() {
    law(types::plain());
    law(types::defaults());
    let (empty, newtype, outer, pair, flat, denies) = types::small();
    law([empty]);
    law([newtype]);
    law([outer]);
    law([pair]);
    law([flat]);
    law([denies]);
    law([types::generic()]);
}

#[test]
fn enums_in_all_four_representations() {
    law([types::Units::A, types::Units::B, types::Units::C]);
    law(types::external());
    law(types::internal());
    law(types::tagged_map());
    law(types::adjacent());
    law(types::untagged());
}

#[test]
fn recursive_types() {
    law([types::list()]);
    law([types::family()]);
    law([types::expr()]);
}

#[test]
fn flattened_parts() {
    law(types::flat_options());
    law(types::flat_enums());
    law(types::flat_two());
    law(types::flat_maps());
    law([types::flat_any()]);
}

#[test]
fn containers_and_roots_of_every_kind() {
    law(types::containers());
    law([vec![types::point()], vec![]]);
    law([Some(types::Units::A), None]);
    law([None, Some(types::point())]);
    law([json!(null), json!("text"), json!({"value": 1}), json!([1, {"a": null}])]);
    law([BTreeMap::from([("a".to_owned(), types::point())]), BTreeMap::new()]);
    law([("a".to_owned(), 1_u8)]);
    law([()]);
    law(["text".to_owned()]);
    law([true]);
    law([i64::MIN, i64::MAX]);
    law([Box::new(types::list())]);
}

#[test]
fn bounded_values() {
    law([types::bounded()]);
}

#[test]
fn what_strict_mode_cannot_enforce_is_said_and_reported() {
    let lowered = lower(&schema_for!(types::Bounded).to_value(), Strict);
    let name = &lowered.schema["properties"]["name"];
    assert_eq!(name, &json!({"description": "(minLength: 1, maxLength: 8)", "type": "string"}));
    assert_eq!(lowered.schema["properties"]["slug"]["pattern"], "^[a-z]+$");
    let dropped: Vec<_> = lowered.dropped.iter().map(|dropped| (&dropped.pointer[..], &dropped.keyword[..])).collect();
    assert_eq!(dropped, [("/properties/name", "minLength"), ("/properties/name", "maxLength")]);
}

#[test]
fn an_enum_of_names_keeps_what_is_said_of_each() {
    let lowered = lower(&schema_for!(types::Units).to_value(), Strict);
    let expected =
        json!({"description": "`A`: The first.\n`C`: The third.", "type": "string", "enum": ["B", "A", "C"]});
    assert_eq!(lowered.schema["properties"]["value"], expected);
}

#[test]
fn a_description_beside_a_reference_stays_outside_of_it() {
    let lowered = lower(&schema_for!(types::Plain).to_value(), Strict);
    let expected = json!({"description": "Where it is.", "anyOf": [{"$ref": "#/$defs/Point"}]});
    assert_eq!(lowered.schema["properties"]["point"], expected);
}

#[test]
fn properties_keep_their_order() {
    for support in LEVELS {
        let lowered = lower(&schema_for!(types::Plain).to_value(), support);
        let names: Vec<_> = lowered.schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["name", "count", "maybe", "nested", "point"], "{support:?}");
    }
}

#[test]
fn null_for_an_optional_property_without_null_is_taken_as_absent() {
    for support in LEVELS {
        let lowered = lower(&schema_for!(types::Defaults).to_value(), support);
        let raised = lowered.raise(json!({"count": null, "items": null, "maybe": null}));
        assert_eq!(raised, json!({"maybe": null}), "{support:?}");
    }
}

#[test]
fn a_missing_wrapping_is_forgiven() {
    let lowered = lower(&json!({"type": "integer"}), JsonMode);
    assert_eq!(lowered.raise(json!(3)), json!(3));
    assert_eq!(lowered.raise(json!({"value": 3})), json!(3));
}

#[test]
fn wrapping_a_schema_moves_its_references() {
    let schema = json!({
        "anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#"}}, {"$ref": "#/$defs/A"}],
        "$defs": {"A": {"type": "integer"}},
    });
    let lowered = lower(&schema, Full);
    let validator = jsonschema::draft202012::new(&lowered.schema).unwrap();
    assert!(validator.is_valid(&json!({"value": [null, [1]]})));
    assert!(!validator.is_valid(&json!({"value": ["x"]})));
}

#[test]
fn wrong_answers_are_left_for_validation_to_name() {
    let lowered = lower(&schema_for!(types::Containers).to_value(), Strict);
    for wrong in [json!(3), json!({"ints": [{"key": 1}], "tuple": {"0": 1}, "any": "not json"}), json!([null])] {
        let raised = lowered.raise(wrong.clone());
        assert_eq!(raised, wrong);
    }
    let twice = json!({"ints": [{"key": "1", "value": "a"}, {"key": "1", "value": "b"}]});
    assert_eq!(lowered.raise(twice.clone()), twice);
}

/// Schemas that are recursive in every possible way, and schemas that say nothing.
#[test]
fn odd_schemas_end() {
    let odd = [
        json!(true),
        json!(false),
        json!({}),
        json!({"$ref": "#"}),
        json!({"$ref": "https://example.com/schema"}),
        json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}),
        json!({"anyOf": [{"$ref": "#"}, {"type": "string"}]}),
        json!({"allOf": [{"$ref": "#"}, {"type": "object", "properties": {"a": {"$ref": "#"}}}]}),
        json!({"type": "object", "properties": {"kids": {"type": "array", "items": {"properties": {"kind": {"const": "n"}}, "$ref": "#"}}}}),
        json!({"type": ["object", "null"], "not": {"required": ["a"]}}),
    ];
    for (schema, support) in odd.iter().flat_map(|schema| LEVELS[1..5].iter().map(move |support| (schema, *support))) {
        let lowered = lower(schema, support);
        jsonschema::draft202012::new(&lowered.schema).unwrap_or_else(|error| panic!("{schema} {support:?}: {error}"));
        for value in [json!(null), json!("s"), json!({"a": {"a": {}}}), json!({"kids": [{"kind": "n", "kids": []}]})] {
            let _ = lowered.raise(lowered.encode(value.clone()));
        }
    }
}

/// Both alternatives lead to the same union, and only the last property distinguishes them.
#[test]
fn deep_answers_of_like_alternatives_are_raised_soon() {
    let part = |last: &str| json!({"type": "object", "properties": {"next": {"$ref": "#"}, "last": {"type": last}}, "required": ["last"]});
    let deep = (0..100).fold(json!({"last": "end"}), |next, _| json!({"next": next, "last": "more"}));
    for support in [Strict, Gemini] {
        let lowered = lower(&json!({"anyOf": [part("integer"), part("string")]}), support);
        assert_eq!(lowered.raise(lowered.encode(deep.clone())), deep);
    }
}
