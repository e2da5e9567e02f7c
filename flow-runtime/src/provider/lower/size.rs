//! How large a schema is, in what endpoints count.

use serde_json::Value;

use super::{Limits, Rules};
use crate::provider::SchemaSupport;

/// How large a schema is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::provider) struct Size {
    pub(in crate::provider) properties: usize,
    /// Objects within objects, definitions each by itself.
    pub(in crate::provider) depth: usize,
    pub(in crate::provider) enum_values: usize,
    /// Letters of all names and listed values.
    pub(in crate::provider) letters: usize,
    /// Properties that may be absent.
    pub(in crate::provider) optional: usize,
    /// Places with several alternatives or types.
    pub(in crate::provider) unions: usize,
}

impl Size {
    pub(in crate::provider) fn of(schema: &Value) -> Self {
        let mut size = Self::default();
        size.add(schema, 0);
        size
    }

    fn add(&mut self, schema: &Value, above: usize) {
        let depth = above + usize::from(schema.get("properties").is_some());
        self.depth = self.depth.max(depth);
        self.unions += usize::from(schema.get("anyOf").is_some() || schema["type"].is_array());
        let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        for value in values {
            self.enum_values += 1;
            self.letters += letters(value);
        }
        self.letters += schema.get("const").map_or(0, letters);
        self.add_properties(schema, depth);
        for definition in schema.get("$defs").and_then(Value::as_object).into_iter().flat_map(|map| map.values()) {
            self.add(definition, 0);
        }
        for key in ["items", "additionalProperties"] {
            self.add_part(schema.get(key), depth);
        }
        for key in ["anyOf", "prefixItems"] {
            schema.get(key).and_then(Value::as_array).into_iter().flatten().for_each(|part| self.add(part, depth));
        }
    }

    fn add_part(&mut self, part: Option<&Value>, depth: usize) {
        if let Some(part) = part.filter(|part| part.is_object()) {
            self.add(part, depth);
        }
    }

    fn add_properties(&mut self, schema: &Value, depth: usize) {
        let required = schema.get("required").and_then(Value::as_array);
        for (name, part) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let always = required.is_some_and(|required| required.iter().any(|wanted| wanted == name));
            self.properties += 1;
            self.optional += usize::from(!always);
            self.letters += name.chars().count();
            self.add(part, depth);
        }
    }
}

fn letters(value: &Value) -> usize {
    value.as_str().map_or_else(|| value.to_string().len(), |text| text.chars().count())
}

/// What makes a lowered schema too large for an endpoint, with what the endpoint takes.
pub(in crate::provider) fn too_large(schema: &Value, support: SchemaSupport) -> Option<String> {
    let rules = Rules::of(support)?;
    let (size, most) = (Size::of(schema), rules.limits);
    let Limits { properties, depth, enum_values, letters } = most;
    let counts = [
        (size.properties, properties, "properties"),
        (size.depth, depth, "levels of objects within objects"),
        (size.enum_values, enum_values, "listed values"),
        (size.letters, letters, "letters of names and listed values"),
    ];
    let (found, most, what) = counts.into_iter().find_map(|(found, most, what)| {
        let most = most.filter(|most| found > *most)?;
        Some((found, most, what))
    })?;
    Some(format!("it has {found} {what}, and the provider takes {most} ({}, {})", rules.source, rules.read))
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
        assert!(text.starts_with("it has 11 levels of objects within objects, and the provider takes 10 (https://"));
        assert_eq!(too_large(&deep(11), SchemaSupport::Gemini), None);
    }
}
