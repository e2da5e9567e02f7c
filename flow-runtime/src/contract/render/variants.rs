//! Renders enums in their four representations.

use serde_json::{Value, json};

use super::Renderer;
use super::object::property;
use crate::contract::members::Direction;
use crate::contract::{EnumShape, Repr, Shape, Variant};

impl Variant {
    /// Returns the name in one direction.
    pub const fn name(&self, direction: Direction) -> Option<&'static str> {
        match direction {
            Direction::Write => self.ser,
            Direction::Read => self.de,
        }
    }
}

impl Renderer {
    /// Flattened into an object, a unit variant is `{"name": null}`.
    pub(super) fn one_of(&mut self, one_of: &'static EnumShape, flattened: bool) -> Value {
        let mut alternatives = Vec::new();
        for variant in one_of.variants {
            if let Some(name) = variant.name(self.direction) {
                alternatives.push(self.variant(one_of, variant, name, flattened));
            }
        }
        match one_of.repr {
            Repr::Untagged => json!({"anyOf": alternatives}),
            _ => json!({"oneOf": alternatives}),
        }
    }

    fn variant(&mut self, one_of: &EnumShape, variant: &'static Variant, name: &str, flattened: bool) -> Value {
        match (one_of.repr, variant.shape) {
            (Repr::External, None) if flattened => tagged_object(name, json!({"type": "null"})),
            (Repr::External, None) => json!({"const": name}),
            (Repr::External, Some(shape)) => {
                let mut schema = tagged_object(name, self.schema(shape));
                if !flattened {
                    schema["additionalProperties"] = Value::Bool(false);
                }
                schema
            }
            (Repr::Internal { tag }, shape) => self.internal(one_of, tag, name, shape),
            (Repr::Adjacent { tag, content }, shape) => {
                let content = shape.map(|shape| (content, self.schema(shape)));
                adjacent(tag, name, content, one_of.deny_unknown)
            }
            (Repr::Untagged, None) => json!({"type": "null"}),
            (Repr::Untagged, Some(shape)) => self.schema(shape),
        }
    }

    /// The tag is an additional property of the content.
    fn internal(&mut self, one_of: &EnumShape, tag: &str, name: &str, shape: Option<&'static Shape>) -> Value {
        let mut schema = match shape {
            Some(shape) => self.opening(shape, |renderer, opened| match opened {
                Shape::Struct(object) => renderer.object(object),
                Shape::Map { key, value } => renderer.map(key, value),
                Shape::Null | Shape::Any => json!({"type": "object"}),
                _ => renderer.schema(shape),
            }),
            None if one_of.deny_unknown => json!({"type": "object", "additionalProperties": false}),
            None => json!({"type": "object"}),
        };
        schema["type"] = "object".into();
        property(&mut schema, tag, json!({"const": name}), true);
        schema
    }
}

fn tagged_object(name: &str, content: Value) -> Value {
    json!({"type": "object", "properties": {name: content}, "required": [name]})
}

fn adjacent(tag: &str, name: &str, content: Option<(&str, Value)>, closed: bool) -> Value {
    let mut schema = json!({"type": "object"});
    property(&mut schema, tag, json!({"const": name}), true);
    if let Some((content, value)) = content {
        property(&mut schema, content, value, true);
    }
    if closed {
        schema["additionalProperties"] = Value::Bool(false);
    }
    schema
}
