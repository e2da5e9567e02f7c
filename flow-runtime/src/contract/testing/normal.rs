//! Schemas in one form, so that two ways to say the same are equal.

use serde_json::{Map, Value, json};

/// How often one definition is unrolled within itself before recursion is cut.
const UNROLLED: usize = 2;

/// Keywords that describe, or bound what a shape does not bound.
const DROPPED: [&str; 23] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "not",
    "$ref",
    "anyOf",
    "oneOf",
    "enum",
];

/// The schema without descriptions and bounds, references inlined, alternatives as one sorted list.
pub(super) fn normal(schema: &Value) -> Value {
    Normaliser { root: schema, open: Vec::new() }.schema(schema)
}

struct Normaliser<'s> {
    root: &'s Value,
    open: Vec<&'s str>,
}

impl<'s> Normaliser<'s> {
    fn schema(&mut self, schema: &'s Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut own = self.own_keywords(keywords);
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            merge(&mut own, self.reference(target));
        }
        let own = finish(own);
        match self.alternatives(keywords, &own) {
            Some(alternatives) => one_list(alternatives),
            None => own,
        }
    }

    fn own_keywords(&mut self, keywords: &'s Map<String, Value>) -> Map<String, Value> {
        let mut own = Map::new();
        for (key, value) in keywords.iter().filter(|(key, _)| !DROPPED.contains(&key.as_str())) {
            let value = match (key.as_str(), value) {
                ("properties" | "patternProperties", Value::Object(parts)) => self.parts(parts),
                ("prefixItems" | "allOf", Value::Array(items)) => items.iter().map(|item| self.schema(item)).collect(),
                ("items" | "additionalProperties" | "unevaluatedProperties", value) => self.schema(value),
                (_, value) => value.clone(),
            };
            own.insert(key.clone(), value);
        }
        own
    }

    fn parts(&mut self, parts: &'s Map<String, Value>) -> Value {
        let mut named: Vec<_> = parts.iter().map(|(name, part)| (name.clone(), self.schema(part))).collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        Value::Object(named.into_iter().collect())
    }

    fn reference(&mut self, target: &'s str) -> Value {
        if self.open.iter().filter(|open| **open == target).count() == UNROLLED {
            return json!({"recursion": true});
        }
        let Some(schema) = self.root.pointer(target.trim_start_matches('#')) else { return Value::Bool(true) };
        self.open.push(target);
        let schema = self.schema(schema);
        self.open.pop();
        schema
    }

    /// `anyOf`, `oneOf`, `enum` and lists of types are one thing; what stands beside them holds for each alternative.
    fn alternatives(&mut self, keywords: &'s Map<String, Value>, own: &Value) -> Option<Vec<Value>> {
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return Some(values.iter().map(constant).collect());
        }
        if let Some(Value::Array(types)) = own.get("type") {
            return Some(types.iter().map(|one| of_type(own, one)).collect());
        }
        let Some(Value::Array(schemas)) = keywords.get("anyOf").or_else(|| keywords.get("oneOf")) else { return None };
        let schemas: Vec<_> = schemas.iter().map(|schema| self.schema(schema)).collect();
        match own {
            Value::Bool(_) => Some(schemas),
            own => Some(vec![json!({"with": own, "one of": one_list(schemas)})]),
        }
    }
}

fn constant(value: &Value) -> Value {
    if value.is_null() { json!({"type": "null"}) } else { json!({"const": value}) }
}

/// One type of several. Keywords of the others do no harm, but `null` never has any.
fn of_type(own: &Value, one: &Value) -> Value {
    if one == "null" {
        return json!({"type": "null"});
    }
    let Value::Object(own) = own else { return json!({"type": one}) };
    let mut own = own.clone();
    own.insert("type".to_owned(), one.clone());
    finish(own)
}

/// A flat, sorted list; a list of one is the one.
fn one_list(alternatives: Vec<Value>) -> Value {
    let mut flat = Vec::new();
    for alternative in alternatives {
        match alternative.get("anyOf") {
            Some(Value::Array(inner)) => flat.extend(inner.clone()),
            _ => flat.push(alternative),
        }
    }
    flat.sort_by_key(Value::to_string);
    flat.dedup();
    match flat.len() {
        1 => flat.remove(0),
        _ => json!({"anyOf": flat}),
    }
}

/// Keywords beside a `$ref`: the tag of an enum beside the content of its variant.
fn merge(own: &mut Map<String, Value>, target: Value) {
    let Value::Object(target) = target else { return };
    for (key, value) in target {
        match (own.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(_), _) => {}
            (None, value) => drop(own.insert(key, value)),
        }
    }
}

/// The last touches to one schema whose parts are in order.
fn finish(mut own: Map<String, Value>) -> Value {
    own.retain(|key, value| !is_void(key, value));
    if let Some(Value::Array(names)) = own.get_mut("required") {
        names.sort_by_key(Value::to_string);
    }
    if own.contains_key("const") || matches!(own.get("type").and_then(Value::as_str), Some("integer" | "number")) {
        own.remove("format");
    }
    if own.contains_key("const") {
        own.remove("type");
    }
    same_items(&mut own);
    same_entries(&mut own);
    own.sort_keys();
    if own.is_empty() { Value::Bool(true) } else { Value::Object(own) }
}

fn is_void(key: &str, value: &Value) -> bool {
    match (key, value) {
        ("properties", Value::Object(parts)) => parts.is_empty(),
        ("required", Value::Array(names)) => names.is_empty(),
        ("additionalProperties" | "unevaluatedProperties", value) => *value == Value::Bool(true),
        _ => false,
    }
}

/// `[T; N]` is published as a list with bounds.
fn same_items(own: &mut Map<String, Value>) {
    if let Some(Value::Array(items)) = own.get("prefixItems")
        && let Some(first) = items.first().cloned()
        && items.iter().all(|item| *item == first)
    {
        own.remove("prefixItems");
        own.insert("items".to_owned(), first);
    }
}

/// A map is published with its possible keys or without, depending on how its key is documented; and serde refuses unknown
/// fields of the standard library's times, which schemars does not say.
fn same_entries(own: &mut Map<String, Value>) {
    if own.get("additionalProperties") != Some(&Value::Bool(false)) {
        return;
    }
    let all = own.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if all == ["nanos", "secs"] || all == ["nanos_since_epoch", "secs_since_epoch"] {
        own.remove("additionalProperties");
    }
    let parts = ["properties", "patternProperties"].iter().filter_map(|key| own.get(*key)?.as_object());
    let parts: Vec<_> = parts.flat_map(|parts| parts.values().cloned()).collect();
    if let (Some(first), true) = (parts.first(), all.is_empty())
        && parts.iter().all(|part| part == first)
    {
        own.remove("properties");
        own.remove("patternProperties");
        if *first == Value::Bool(true) {
            own.remove("additionalProperties");
        } else {
            own.insert("additionalProperties".to_owned(), first.clone());
        }
    }
}
