//! Renders objects: fields, flattened members and maps.

use serde_json::{Map, Value, json};

use super::Renderer;
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Field, Member, Repr, Shape, StructShape};

impl Renderer {
    pub(super) fn object(&mut self, object: &'static StructShape) -> Value {
        let mut schema = json!({"type": "object"});
        self.members(&mut schema, object.members, false);
        if object.deny_unknown {
            schema["additionalProperties"] = Value::Bool(false);
        }
        schema
    }

    fn members(&mut self, schema: &mut Value, members: &'static [Member], soft: bool) {
        for member in members {
            if let Member::Flatten { shape, .. } = member {
                self.flatten(schema, shape, soft);
            } else if let Some(field) = member.field() {
                self.field(schema, &field, soft);
            }
        }
    }

    fn field(&mut self, schema: &mut Value, field: &Field, soft: bool) {
        let Some(name) = field.name(self.direction) else { return };
        let always = match self.direction {
            Direction::Write => field.always_written,
            Direction::Read => field.required,
        };
        let value = self.schema(field.shape);
        property(schema, name, value, always && !soft);
    }

    fn flatten(&mut self, schema: &mut Value, shape: &'static Shape, soft: bool) {
        self.opening(shape, |renderer, shape| match shape {
            Shape::Struct(object) => renderer.members(schema, object.members, soft),
            Shape::Option(inner) => renderer.flatten(schema, inner, true),
            Shape::Map { key, value } => {
                let mut entries = renderer.map(key, value);
                // Names of other members may not be valid keys of the map.
                if entries["additionalProperties"] == Value::Bool(false) {
                    entries.as_object_mut().map(|keywords| keywords.remove("additionalProperties"));
                }
                merge(schema, entries);
            }
            Shape::Any => merge(schema, json!({"additionalProperties": true})),
            Shape::Enum(one_of) => {
                let alternatives = renderer.one_of(one_of, true);
                merge(schema, alternatives);
            }
            _ => {}
        });
    }

    pub(super) fn map(&mut self, key: &'static Shape, value: &'static Shape) -> Value {
        let value = self.schema(value);
        match opened(key, self.direction) {
            Shape::Int { min, .. } => {
                let digits = if *min >= 0 { r"^\d+$" } else { r"^-?\d+$" };
                json!({"type": "object", "patternProperties": {digits: value}, "additionalProperties": false})
            }
            Shape::Enum(EnumShape { repr: Repr::Untagged, .. }) => {
                json!({"type": "object", "patternProperties": {r"^-?\d+$": value}, "additionalProperties": false})
            }
            Shape::Enum(one_of) => {
                let names = one_of.variants.iter().filter_map(|variant| variant.name(self.direction));
                let properties: Map<_, _> = names.map(|name| (name.to_owned(), value.clone())).collect();
                json!({"type": "object", "properties": properties, "additionalProperties": false})
            }
            _ => json!({"type": "object", "additionalProperties": value}),
        }
    }
}

/// Adds a property, in source order.
pub(super) fn property(schema: &mut Value, name: &str, value: Value, required: bool) {
    schema["properties"][name] = value;
    if required {
        match &mut schema["required"] {
            Value::Array(names) => names.push(name.into()),
            absent => *absent = json!([name]),
        }
    }
}

/// Merges the keywords of a flattened schema into an existing one.
fn merge(schema: &mut Value, other: Value) {
    if let Value::Object(into) = schema {
        merge_into(into, other);
    }
}

/// Two lists of alternatives must both hold.
fn merge_into(into: &mut Map<String, Value>, other: Value) {
    let Value::Object(from) = other else { return };
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key.ends_with("roperties") => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) if key == "allOf" => known.extend(more),
            (Some(known), more) if key == "oneOf" || key == "anyOf" => {
                let both = json!({"allOf": [{&key: known.take()}, {&key: more}]});
                into.shift_remove(&key);
                merge_into(into, both);
            }
            (Some(_), _) => {}
            (None, value) => drop(into.insert(key, value)),
        }
    }
}
