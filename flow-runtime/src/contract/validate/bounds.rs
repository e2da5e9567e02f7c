//! Bounds of numbers and lengths, which are in the published schema but not in the shape.

use serde_json::{Map, Value};

use crate::violation::{Violation, describe};

/// The supported keywords: what each measures, and whether it is a lower bound.
const BOUNDS: [(&str, Measure, bool); 6] = [
    ("minimum", Measure::Number, true),
    ("maximum", Measure::Number, false),
    ("minLength", Measure::Chars, true),
    ("maxLength", Measure::Chars, false),
    ("minItems", Measure::Items, true),
    ("maxItems", Measure::Items, false),
];

#[derive(Clone, Copy)]
enum Measure {
    Number,
    Chars,
    Items,
}

/// Whether the schema has bounds besides those of integer types, which the shape has.
pub(crate) fn has_bounds(schema: &Value) -> bool {
    match schema {
        Value::Object(entries) => entries.iter().any(|(key, value)| match measured(key) {
            Some(_) => !is_implied(entries, key, value),
            None => has_bounds(value),
        }),
        Value::Array(items) => items.iter().any(has_bounds),
        _ => false,
    }
}

fn measured(keyword: &str) -> Option<(Measure, bool)> {
    BOUNDS.iter().find(|(known, ..)| *known == keyword).map(|(_, measure, lower)| (*measure, *lower))
}

/// Whether a bound follows from the integer type that schemars names in `format`.
fn is_implied(schema: &Map<String, Value>, keyword: &str, bound: &Value) -> bool {
    let Some(format) = schema.get("format").and_then(Value::as_str) else { return false };
    let bits = |prefix: &str| format.strip_prefix(prefix)?.parse::<u32>().ok().filter(|bits| (1..64).contains(bits));
    match (keyword, bound.as_i64()) {
        ("minimum", Some(0)) => format.starts_with("uint"),
        ("minimum", Some(least)) => bits("int").is_some_and(|bits| least == -(1 << (bits - 1))),
        ("maximum", Some(most)) => {
            let signed = bits("int").is_some_and(|bits| most == (1 << (bits - 1)) - 1);
            signed || bits("uint").is_some_and(|bits| most == (1 << bits) - 1)
        }
        _ => false,
    }
}

/// The bounds of the published schema that a value of the right shape violates.
pub(crate) fn violated_bounds(schema: &Value, value: &Value) -> Vec<Violation> {
    let mut walk = Walk { root: schema, path: Vec::new(), found: Vec::new() };
    walk.check(schema, value);
    walk.found
}

struct Walk<'s> {
    root: &'s Value,
    path: Vec<String>,
    found: Vec<Violation>,
}

impl<'s> Walk<'s> {
    fn check(&mut self, schema: &'s Value, value: &Value) {
        // Most keywords are absent, so one pass over those that are there is much faster than asking for each.
        for (keyword, part) in schema.as_object().into_iter().flatten() {
            match keyword.as_str() {
                "$ref" => self.target(schema).into_iter().for_each(|target| self.check(target, value)),
                "anyOf" | "oneOf" => self.any(part, value),
                keyword => self.bound(keyword, part, value),
            }
        }
        self.inside(schema, value);
    }

    fn bound(&mut self, keyword: &str, bound: &Value, value: &Value) {
        let Some((measure, lower)) = measured(keyword) else { return };
        if let (Some(bound), Some(size)) = (bound.as_f64(), measure.of(value)) {
            self.compare(keyword, bound, size, lower, value);
        }
    }

    fn compare(&mut self, keyword: &str, bound: f64, size: f64, lower: bool, value: &Value) {
        let kept = if lower { bound <= size } else { size <= bound };
        if !kept {
            self.found.push(Violation::new(&self.path, &format!("{keyword} {bound}"), &describe(value)));
        }
    }

    fn inside(&mut self, schema: &'s Value, value: &Value) {
        match value {
            Value::Object(entries) => {
                for (name, entry) in entries {
                    let known = schema.get("properties").and_then(|properties| properties.get(name));
                    if let Some(part) = known.or_else(|| schema.get("additionalProperties")) {
                        self.at(name, part, entry);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let known = schema.get("prefixItems").and_then(|items| items.get(index));
                    if let Some(part) = known.or_else(|| schema.get("items")) {
                        self.at(&index.to_string(), part, item);
                    }
                }
            }
            _ => {}
        }
    }

    fn at(&mut self, name: &str, schema: &'s Value, value: &Value) {
        self.path.push(name.to_owned());
        self.check(schema, value);
        self.path.pop();
    }

    /// At least one of the alternatives that match the value's shape must accept it.
    fn any(&mut self, alternatives: &'s Value, value: &Value) {
        let mut first = None;
        for schema in alternatives.as_array().into_iter().flatten() {
            if !self.has_shape(schema, value) {
                continue;
            }
            let before = self.found.len();
            self.check(schema, value);
            let broken = self.found.split_off(before);
            if broken.is_empty() {
                return;
            }
            first.get_or_insert(broken);
        }
        self.found.extend(first.into_iter().flatten());
    }

    /// A rough test, sufficient to tell the alternatives of one enum apart.
    fn has_shape(&self, schema: &'s Value, value: &Value) -> bool {
        let typed = schema.get("type").is_none_or(|types| is_type(types, value));
        let constant = schema.get("const").is_none_or(|constant| constant == value);
        let listed = schema.get("enum").and_then(Value::as_array).is_none_or(|names| names.contains(value));
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let complete = required.filter_map(Value::as_str).all(|name| value.get(name).is_some());
        typed && constant && listed && complete && self.parts_have_shape(schema, value)
    }

    fn parts_have_shape(&self, schema: &'s Value, value: &Value) -> bool {
        let target = self.target(schema).is_none_or(|target| self.has_shape(target, value));
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        target
            && properties
                .filter_map(|(name, part)| Some((part, value.get(name)?)))
                .all(|(part, value)| self.has_shape(part, value))
    }

    fn target(&self, schema: &'s Value) -> Option<&'s Value> {
        let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
        self.root.pointer(pointer)
    }
}

impl Measure {
    fn of(self, value: &Value) -> Option<f64> {
        match (self, value) {
            (Self::Number, Value::Number(number)) => number.as_f64(),
            (Self::Chars, Value::String(text)) => Some(text.chars().count() as f64),
            (Self::Items, Value::Array(items)) => Some(items.len() as f64),
            _ => None,
        }
    }
}

fn is_type(types: &Value, value: &Value) -> bool {
    match types {
        Value::Array(types) => types.iter().any(|one| is_type(one, value)),
        Value::String(name) => match (name.as_str(), value) {
            ("null", Value::Null) | ("boolean", Value::Bool(_)) | ("string", Value::String(_)) => true,
            ("array", Value::Array(_)) | ("object", Value::Object(_)) | ("number", Value::Number(_)) => true,
            ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
            _ => false,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};
    use serde_json::json;

    use super::*;

    fn of<T: JsonSchema>() -> Value {
        json!(schema_for!(T))
    }

    #[test]
    fn bounds_of_integer_types_are_those_of_the_shape() {
        for schema in
            [of::<u8>(), of::<i8>(), of::<u16>(), of::<i32>(), of::<u32>(), of::<u64>(), of::<i64>(), of::<usize>()]
        {
            assert!(!has_bounds(&schema), "{schema}");
        }
        assert!(has_bounds(&of::<std::num::NonZeroU8>()));
        for narrower in [
            json!({"type": "integer", "format": "uint32", "minimum": 0, "maximum": 255}),
            json!({"type": "integer", "format": "int8", "minimum": -127}),
            json!({"type": "integer", "minimum": 0}),
            json!({"type": "number", "format": "double", "minimum": 0}),
            json!({"type": "array", "items": {"type": "string", "maxLength": 3}}),
        ] {
            assert!(has_bounds(&narrower), "{narrower}");
        }
    }
}
