//! The law for random contracts and values.

use flow_runtime::provider::lower;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{LEVELS, subsets};

/// A schema as schemars might write it, and a valid value.
#[derive(Clone, Debug)]
struct Pair {
    schema: Value,
    value: Value,
}

fn pair(schema: Value, value: impl Into<Value>) -> Pair {
    Pair { schema, value: value.into() }
}

fn scalar() -> impl Strategy<Value = Pair> {
    prop_oneof![
        Just(pair(json!({"type": "null"}), Value::Null)),
        any::<bool>().prop_map(|value| pair(json!({"type": "boolean"}), value)),
        any::<u8>()
            .prop_map(|value| pair(json!({"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255}), value)),
        (-4000..4000).prop_map(|quarters: i32| {
            let schema = json!({"type": "number", "exclusiveMaximum": 1e9, "multipleOf": 0.25});
            pair(schema, f64::from(quarters) / 4.0)
        }),
        "[a-z]{1,4}"
            .prop_map(|value| pair(json!({"type": "string", "minLength": 1, "pattern": "^(?=[a-z])[a-z]+$"}), value)),
        Just(pair(json!({"type": ["string", "null"]}), Value::Null)),
        (0..3_usize).prop_map(|at| pair(json!({"enum": ["a", "b", "c"]}), ["a", "b", "c"][at])),
        Just(pair(json!({"type": "boolean", "const": true}), true)),
        Just(pair(json!({"enum": ["a", 1, null, true]}), Value::Null)),
        Just(pair(json!(true), json!({"any": [1, null, "thing"]}))),
    ]
}

/// Fields; optional ones are present or absent.
fn object(field: impl Strategy<Value = Pair>) -> impl Strategy<Value = Pair> {
    let fields = vec((field, any::<bool>(), any::<bool>()), 0..4);
    (fields, any::<bool>()).prop_map(|(fields, closed)| {
        let (mut properties, mut required, mut value) = (Map::new(), Vec::new(), Map::new());
        for (index, (field, always, here)) in fields.into_iter().enumerate() {
            let name = format!("f/{index}");
            if always || here {
                value.insert(name.clone(), field.value);
            }
            if always {
                required.push(name.clone());
            }
            properties.insert(name, field.schema);
        }
        let mut schema = json!({"type": "object", "properties": properties, "required": required});
        if closed {
            schema["additionalProperties"] = false.into();
        }
        pair(schema, value)
    })
}

fn map(entry: impl Strategy<Value = Pair>) -> impl Strategy<Value = Pair> {
    (entry, 0..3_usize).prop_map(|(entry, count)| {
        let value: Map<_, _> = (0..count).map(|index| (format!("k{index}"), entry.value.clone())).collect();
        pair(json!({"type": "object", "additionalProperties": entry.schema, "maxProperties": 9}), value)
    })
}

fn list(item: impl Strategy<Value = Pair>) -> impl Strategy<Value = Pair> {
    (item, 1..3_usize).prop_map(|(item, count)| {
        let value = vec![item.value; count];
        pair(json!({"type": "array", "items": item.schema, "minItems": 1, "maxItems": 5}), value)
    })
}

fn tuple(item: impl Strategy<Value = Pair>) -> impl Strategy<Value = Pair> {
    vec(item, 1..3).prop_map(|items| {
        let schemas: Vec<_> = items.iter().map(|item| item.schema.clone()).collect();
        let count = items.len();
        let value: Value = items.into_iter().map(|item| item.value).collect();
        pair(json!({"type": "array", "prefixItems": schemas, "minItems": count, "maxItems": count}), value)
    })
}

/// Tagged variants, one of which is chosen.
fn tagged(payload: impl Strategy<Value = Pair>) -> impl Strategy<Value = Pair> {
    (vec(payload, 1..4), any::<prop::sample::Index>()).prop_map(|(payloads, chosen)| {
        let variant = |(index, payload): (usize, &Pair)| {
            let tag = json!({"type": "string", "const": format!("v{index}")});
            json!({"type": "object", "properties": {"tag": tag, "content": payload.schema}, "required": ["tag", "content"]})
        };
        let schema = json!({"oneOf": payloads.iter().enumerate().map(variant).collect::<Vec<_>>()});
        let at = chosen.index(payloads.len());
        pair(schema, json!({"tag": format!("v{at}"), "content": payloads[at].value}))
    })
}

fn any_pair() -> impl Strategy<Value = Pair> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            3 => object(inner.clone()),
            1 => map(inner.clone()),
            1 => list(inner.clone()),
            1 => tuple(inner.clone()),
            2 => tagged(inner),
        ]
    })
}

/// Moves a schema into a definition, and adds a sibling to the reference.
fn referred(inner: Pair, description: Option<String>) -> Pair {
    let mut place = json!({"$ref": "#/$defs/Inner"});
    if let Some(text) = description {
        place["description"] = text.into();
    }
    let schema =
        json!({"type": "object", "properties": {"at": place}, "required": ["at"], "$defs": {"Inner": inner.schema}});
    pair(schema, json!({"at": inner.value}))
}

/// The value without null properties, which mean the same as absent ones.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, bare(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        value => value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_valid_value_is_an_answer_everywhere_and_comes_back(
        inner in any_pair(),
        wrapped in option::of(option::of("[a-z ]{1,9}")),
    ) {
        let Pair { schema, value } = match wrapped {
            Some(description) => referred(inner, description),
            None => inner,
        };
        let contract = jsonschema::draft202012::new(&schema).unwrap();
        prop_assert!(contract.is_valid(&value), "the pair itself: {schema} {value}");
        for support in LEVELS {
            let lowered = lower(&schema, support);
            let wire = lowered.encode(value.clone());
            let answers = jsonschema::draft202012::new(&lowered.schema).unwrap();
            prop_assert!(answers.is_valid(&wire), "{support:?}: {wire}\n{}", lowered.schema);
            let raised = lowered.raise(wire);
            prop_assert!(contract.is_valid(&raised), "{support:?}: {raised}\n{}", lowered.schema);
            prop_assert_eq!(bare(raised), bare(value.clone()), "{:?}: {}", support, lowered.schema);
        }
        subsets::anthropic(&lower(&schema, LEVELS[3]).schema);
        subsets::gemini(&lower(&schema, LEVELS[4]).schema);
    }
}
