//! JSON Schema keywords: structural ones, annotations, and constraints.

use serde_json::{Map, Value, json};

use super::tree::{Kind, Type};

/// Keywords that the reader turns into tree structure.
const STRUCTURE: &[&str] = &[
    "$defs",
    "$ref",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "definitions",
    "enum",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "required",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that do not constrain the value.
const ANNOTATIONS: &[&str] = &[
    "$anchor",
    "$comment",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "readOnly",
    "title",
    "writeOnly",
];

const NUMBER: &[&str] = &["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"];
const STRING: &[&str] = &["contentEncoding", "contentMediaType", "format", "maxLength", "minLength", "pattern"];
const ARRAY: &[&str] = &["contains", "maxContains", "maxItems", "minContains", "minItems", "uniqueItems"];
const OBJECT: &[&str] = &["dependentRequired", "dependentSchemas", "maxProperties", "minProperties", "propertyNames"];

/// The constraining keywords of a schema.
pub(super) fn constraints(schema: &Map<String, Value>) -> Map<String, Value> {
    let narrows = |key: &str| !STRUCTURE.contains(&key) && !ANNOTATIONS.contains(&key);
    let mut constraints: Map<_, _> =
        schema.iter().filter(|(key, _)| narrows(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    bound_by_format(&mut constraints);
    name_by_pattern(schema, &mut constraints);
    constraints
}

/// Expresses `patternProperties` as `propertyNames`, because the tree keeps the values of such a map but not the pattern of its
/// keys.
fn name_by_pattern(schema: &Map<String, Value>, constraints: &mut Map<String, Value>) {
    let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) else { return };
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false)) && !schema.contains_key("properties");
    if let (Some(pattern), 1, true) = (patterns.keys().next(), patterns.len(), closed) {
        constraints.insert("propertyNames".to_owned(), json!({ "pattern": pattern }));
    }
}

/// Replaces the format of a Rust number by its bounds: no endpoint knows `uint32`, all know `maximum`.
fn bound_by_format(constraints: &mut Map<String, Value>) {
    let Some(format) = constraints.get("format").and_then(Value::as_str) else { return };
    let bounds: Option<(i64, i64)> = match format {
        "int8" => Some((i8::MIN.into(), i8::MAX.into())),
        "uint8" => Some((0, u8::MAX.into())),
        "int16" => Some((i16::MIN.into(), i16::MAX.into())),
        "uint16" => Some((0, u16::MAX.into())),
        "int32" => Some((i32::MIN.into(), i32::MAX.into())),
        "uint32" => Some((0, u32::MAX.into())),
        // Beyond what all endpoints can express exactly as a bound; unsigned types already have `minimum: 0`.
        "int" | "uint" | "int64" | "uint64" | "int128" | "uint128" | "float" | "double" => None,
        _ => return,
    };
    constraints.remove("format");
    if let Some((minimum, maximum)) = bounds {
        tighten(constraints, "minimum", minimum.into());
        tighten(constraints, "maximum", maximum.into());
    }
}

/// Adds a constraint; of two bounds, the narrower is kept.
pub(super) fn tighten(constraints: &mut Map<String, Value>, key: &str, value: Value) {
    let wider = match (constraints.get(key).and_then(Value::as_f64), value.as_f64()) {
        (Some(old), Some(new)) if key.contains("min") || key.contains("Min") => old >= new,
        (Some(old), Some(new)) => old <= new,
        _ => false,
    };
    if !wider {
        constraints.insert(key.to_owned(), value);
    }
}

/// Whether a keyword can constrain values of a kind at all.
pub(super) fn concerns(key: &str, kind: &Kind) -> bool {
    let scalar =
        |wanted: &[Type]| matches!(kind, Kind::Scalar { types, .. } if types.iter().any(|ty| wanted.contains(ty)));
    match key {
        _ if *kind == Kind::Any => true,
        _ if NUMBER.contains(&key) => scalar(&[Type::Integer, Type::Number]),
        _ if STRING.contains(&key) => scalar(&[Type::String]),
        _ if ARRAY.contains(&key) => matches!(kind, Kind::Array(_)),
        _ if OBJECT.contains(&key) => matches!(kind, Kind::Object { .. }),
        _ => true,
    }
}
