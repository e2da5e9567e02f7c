//! The size of a schema, in the units of endpoint limits.

use std::collections::HashMap;

use serde_json::Value;

use super::{Rules, SizeLimits};
use crate::provider::SchemaSupport;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::provider) struct Size {
    pub(in crate::provider) properties: usize,
    /// The maximum nesting of objects.
    pub(in crate::provider) depth: usize,
    pub(in crate::provider) enum_values: usize,
    /// Characters of all names and listed values.
    pub(in crate::provider) letters: usize,
    /// Optional properties.
    pub(in crate::provider) optional: usize,
    /// Nodes with several alternatives or types.
    pub(in crate::provider) unions: usize,
}

impl Size {
    pub(in crate::provider) fn of(schema: &Value) -> Self {
        let depth = Depth { defs: &schema["$defs"], known: HashMap::new() }.of(schema);
        let mut size = Self { depth, ..Self::default() };
        size.add(schema);
        size
    }

    fn add(&mut self, schema: &Value) {
        self.unions += usize::from(schema.get("anyOf").is_some() || schema["type"].is_array());
        for value in list(schema, "enum") {
            self.enum_values += 1;
            self.letters += letters(value);
        }
        self.letters += schema.get("const").map_or(0, letters);
        self.add_properties(schema);
        schema["$defs"].as_object().into_iter().flat_map(|defs| defs.values()).for_each(|part| self.add(part));
        parts(schema).for_each(|part| self.add(part));
    }

    fn add_properties(&mut self, schema: &Value) {
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            self.properties += 1;
            self.optional += usize::from(!list(schema, "required").any(|wanted| wanted == name));
            self.letters += name.chars().count();
            self.add(part);
        }
    }
}

/// Computes the nesting of objects, following references.
struct Depth<'a> {
    defs: &'a Value,
    /// The depth of each definition; 0 while it is being computed, which ends recursion.
    known: HashMap<&'a str, usize>,
}

impl<'a> Depth<'a> {
    fn of(&mut self, schema: &'a Value) -> usize {
        if let Some(name) = schema["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/")) {
            return self.definition(name);
        }
        let properties = schema["properties"].as_object();
        let within = properties.into_iter().flat_map(|map| map.values()).chain(parts(schema));
        let deepest = within.map(|part| self.of(part)).max().unwrap_or(0);
        deepest + usize::from(properties.is_some())
    }

    fn definition(&mut self, name: &'a str) -> usize {
        if let Some(depth) = self.known.get(name) {
            return *depth;
        }
        self.known.insert(name, 0);
        let depth = self.of(&self.defs[name]);
        self.known.insert(name, depth);
        depth
    }
}

/// The schemas of items and alternatives.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let single = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
    let several = ["anyOf", "prefixItems"].into_iter().flat_map(|key| list(schema, key));
    single.filter(|part| part.is_object()).chain(several)
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn letters(value: &Value) -> usize {
    value.as_str().map_or_else(|| value.to_string().len(), |text| text.chars().count())
}

/// Describes the endpoint limit that a lowered schema exceeds, if any.
pub(crate) fn too_large(schema: &Value, support: SchemaSupport) -> Option<String> {
    let rules = Rules::of(support)?;
    let (size, most) = (Size::of(schema), rules.limits);
    let SizeLimits { properties, depth, enum_values, letters } = most;
    let counts = [
        (size.properties, properties, "properties"),
        (size.depth, depth, "levels of nested objects"),
        (size.enum_values, enum_values, "listed values"),
        (size.letters, letters, "characters in names and listed values"),
    ];
    let (found, most, what) = counts.into_iter().find_map(|(found, most, what)| {
        let most = most.filter(|most| found > *most)?;
        Some((found, most, what))
    })?;
    Some(format!("it has {found} {what}, but the provider accepts at most {most} ({}, {})", rules.source, rules.read))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_that_endpoints_count_is_counted() {
        let schema = json!({
            "properties": {
                "ab": {"anyOf": [{"properties": {"c": {"const": "xyz"}}, "required": ["c"]}, {"type": "null"}]},
                "list": {"type": "array", "items": {"type": ["string", "null"], "enum": ["one", null]}},
            },
            "required": ["ab"],
            "$defs": {"D": {"properties": {"d": {}}, "required": ["d"]}},
        });
        let size = Size { properties: 4, depth: 2, enum_values: 2, letters: 18, optional: 1, unions: 2 };
        assert_eq!(Size::of(&schema), size);
    }

    #[test]
    fn a_schema_that_is_too_deep_is_named_with_the_limit() {
        let deep =
            |levels| (0..levels).fold(json!({"type": "string"}), |inner, _| json!({"properties": {"in": inner}}));
        assert_eq!(too_large(&deep(10), SchemaSupport::Strict), None);
        let text = too_large(&deep(11), SchemaSupport::Strict).unwrap();
        assert!(text.starts_with("it has 11 levels of nested objects, but the provider accepts at most 10 (https://"));
        assert_eq!(too_large(&deep(11), SchemaSupport::Gemini), None);
    }

    #[test]
    fn references_are_followed_and_those_in_a_circle_end() {
        let defs = json!({
            "A": {"properties": {"b": {"anyOf": [{"$ref": "#/$defs/B"}]}}},
            "B": {"properties": {"b": {"$ref": "#/$defs/B"}}},
        });
        let schema = json!({"properties": {"a": {"items": {"$ref": "#/$defs/A"}}}, "$defs": defs});
        assert_eq!(Size::of(&schema).depth, 3);
    }
}
