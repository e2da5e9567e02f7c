//! Validates enums in their four representations.

use serde_json::{Map, Value};

use super::validator::Validator;
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Repr, Shape, Variant};
use crate::violation;

impl Validator {
    pub(super) fn one_of(&mut self, shape: &'static Shape, one_of: &'static EnumShape, value: &Value) {
        match (one_of.repr, value) {
            (Repr::Untagged, _) => {
                if !one_of.variants.iter().any(|variant| variant.de.is_some() && self.reads(content(variant), value)) {
                    self.refuse(shape, value);
                }
            }
            (Repr::External, Value::String(name)) => self.unit(shape, one_of, name),
            (Repr::External, Value::Object(entries)) => match entries.iter().next() {
                Some((name, value)) if entries.len() == 1 => self.external(shape, one_of, name, value),
                _ => self.refuse(shape, value),
            },
            (Repr::Internal { tag }, Value::Object(entries)) => self.internal(shape, one_of, tag, entries),
            (Repr::Adjacent { tag, content }, Value::Object(entries)) => {
                self.adjacent(shape, one_of, (tag, content), entries);
            }
            _ => self.refuse(shape, value),
        }
    }

    fn unit(&mut self, shape: &'static Shape, one_of: &'static EnumShape, name: &str) {
        match reader(one_of, name) {
            Some(variant) if variant.shape.is_none() => {}
            _ => self.refuse_as(self::name_of(shape).as_str(), &format!("{name:?}")),
        }
    }

    fn external(&mut self, shape: &'static Shape, one_of: &'static EnumShape, name: &str, value: &Value) {
        match reader(one_of, name) {
            Some(variant) => self.at(name, |validator| validator.check(content(variant), value)),
            None => self.refuse_as(name_of(shape).as_str(), &format!("{name:?}")),
        }
    }

    fn internal(&mut self, shape: &'static Shape, one_of: &'static EnumShape, tag: &str, entries: &Map<String, Value>) {
        let Some(variant) = self.tagged(shape, one_of, tag, entries) else { return };
        let mut rest = entries.clone();
        rest.remove(tag);
        match variant.shape {
            // Fields next to the tag of a unit variant are ignored.
            None => {}
            Some(shape) if matches!(opened(shape, Direction::Read), Shape::Null) => {}
            Some(shape) => self.check(shape, &Value::Object(rest)),
        }
    }

    fn adjacent(
        &mut self,
        shape: &'static Shape,
        one_of: &'static EnumShape,
        (tag, name): (&'static str, &'static str),
        entries: &Map<String, Value>,
    ) {
        let Some(variant) = self.tagged(shape, one_of, tag, entries) else { return };
        match (entries.get(name), variant.shape) {
            (Some(value), _) => self.at(name, |validator| validator.check(content(variant), value)),
            // serde treats missing content like a missing field.
            (None, None | Some(Shape::Option(_))) => {}
            (None, Some(shape)) => self.at(name, |validator| validator.refuse_as(name_of(shape).as_str(), "nothing")),
        }
        if one_of.deny_unknown {
            for key in entries.keys().filter(|key| *key != tag && *key != name) {
                self.refuse_field(key, &[tag, name]);
            }
        }
    }

    fn tagged(
        &mut self,
        shape: &'static Shape,
        one_of: &'static EnumShape,
        tag: &str,
        entries: &Map<String, Value>,
    ) -> Option<&'static Variant> {
        let found = match entries.get(tag) {
            Some(Value::String(name)) => match reader(one_of, name) {
                Some(variant) => return Some(variant),
                None => format!("{name:?}"),
            },
            Some(value) => violation::describe(value),
            None => "nothing".to_owned(),
        };
        self.at(tag, |validator| validator.refuse_as(name_of(shape).as_str(), &found));
        None
    }
}

fn name_of(shape: &Shape) -> crate::contract::ShapeText {
    crate::contract::shape_text(shape)
}

pub(super) fn content(variant: &Variant) -> &'static Shape {
    variant.shape.unwrap_or(&Shape::Null)
}

/// The variant that reads a name.
pub(super) fn reader(one_of: &'static EnumShape, name: &str) -> Option<&'static Variant> {
    let reads = |variant: &&Variant| variant.de.is_some_and(|own| own == name || variant.aliases.contains(&name));
    one_of.variants.iter().find(reads).or_else(|| one_of.variants.iter().find(|variant| variant.other))
}
