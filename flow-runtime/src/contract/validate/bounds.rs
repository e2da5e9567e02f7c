//! Bounds of numbers and lengths, which are in the published schema but not in the shape.

use serde_json::Value;

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

/// Whether the schema has any bounds.
pub(crate) fn has_bounds(schema: &Value) -> bool {
    match schema {
        Value::Object(entries) => {
            entries.iter().any(|(key, value)| BOUNDS.iter().any(|(bound, ..)| key == bound) || has_bounds(value))
        }
        Value::Array(items) => items.iter().any(has_bounds),
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
        for (keyword, measure, lower) in BOUNDS {
            if let (Some(bound), Some(size)) = (schema.get(keyword).and_then(Value::as_f64), measure.of(value)) {
                self.compare(keyword, bound, size, lower, value);
            }
        }
        if let Some(target) = self.target(schema) {
            self.check(target, value);
        }
        for alternatives in [schema.get("anyOf"), schema.get("oneOf")].into_iter().flatten() {
            self.any(alternatives, value);
        }
        self.inside(schema, value);
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
