//! The walk over a value and its shape.

use serde_json::Value;

use super::scalars::scalar_reads;
use crate::contract::members::{Direction, open_once};
use crate::contract::words::shape_text;
use crate::contract::{Def, MediaKind, Shape, media};
use crate::violation::{Violation, describe};

#[derive(Default)]
pub(super) struct Validator {
    pub(super) path: Vec<String>,
    pub(super) found: Vec<Violation>,
    generics: Vec<&'static Def>,
}

impl Validator {
    pub(super) fn check(&mut self, shape: &'static Shape, value: &Value) {
        match (shape, value) {
            (Shape::Named(def), _) => match MediaKind::defined_by(def.get()) {
                Some(kind) => self.media(kind, value),
                None => self.check(&def.get().body, value),
            },
            (Shape::Generic(def), _) => self.within(def, |validator| validator.check(&def.body, value)),
            (Shape::Ref(id), _) => self.enclosing(id, |validator, body| validator.check(body, value)),
            (Shape::Split { read, .. }, _) => self.check(read, value),
            (Shape::Option(_), Value::Null) => {}
            (Shape::Option(inner), _) => self.check(inner, value),
            (Shape::Array(item), Value::Array(values)) => {
                self.each(values.iter().map(|value| (*item, value)), Self::check);
            }
            (Shape::Tuple(items), Value::Array(values)) if items.len() == values.len() => {
                self.each(items.iter().copied().zip(values), Self::check);
            }
            (Shape::Struct(object), Value::Object(entries)) => self.object(object, entries),
            (Shape::Map { key, value }, Value::Object(entries)) => self.map(key, value, entries),
            (Shape::Enum(one_of), _) => self.one_of(shape, one_of, value),
            (Shape::Float { .. }, Value::Number(number)) if !scalar_reads(shape, value) => {
                self.refuse_as(&format!("number ({:e}..={:e})", f32::MIN, f32::MAX), &format!("number {number}"));
            }
            _ if scalar_reads(shape, value) => {}
            _ => self.refuse(shape, value),
        }
    }

    fn media(&mut self, kind: MediaKind, value: &Value) {
        let inside = |found: Violation| {
            let pointer = Violation::new(&self.path, "", "").pointer + &found.pointer;
            Violation { pointer, ..found }
        };
        let found = media::violation(kind, value).map(inside);
        self.found.extend(found);
    }

    /// Works on the body of a definition.
    pub(super) fn within(&mut self, def: &'static Def, work: impl FnOnce(&mut Self)) {
        self.generics.push(def);
        work(self);
        self.generics.pop();
    }

    /// Resolves a shape for reading and runs `work` inside the definitions on the way.
    pub(super) fn opening(&mut self, shape: &'static Shape, work: impl FnOnce(&mut Self, &'static Shape)) {
        match open_once(shape, Direction::Read) {
            Some(body) => {
                let len = self.generics.len();
                self.generics.extend(match shape {
                    Shape::Generic(def) => Some(*def),
                    _ => None,
                });
                self.opening(body, work);
                self.generics.truncate(len);
            }
            None => work(self, shape),
        }
    }

    /// Works on the body of the enclosing definition that a [`Shape::Ref`] names.
    pub(super) fn enclosing(&mut self, id: &str, work: impl FnOnce(&mut Self, &'static Shape)) {
        let Some(at) = self.generics.iter().rposition(|def| def.id == id) else { return };
        // Inside the definition, only its own enclosing definitions can be referred to.
        let inner = self.generics.split_off(at + 1);
        work(self, &self.generics[at].body);
        self.generics.extend(inner);
    }

    pub(super) fn each<'v>(
        &mut self,
        items: impl Iterator<Item = (&'static Shape, &'v Value)>,
        work: fn(&mut Self, &'static Shape, &Value),
    ) {
        for (index, (shape, value)) in items.enumerate() {
            self.at(&index.to_string(), |validator| work(validator, shape, value));
        }
    }

    pub(super) fn at(&mut self, name: &str, work: impl FnOnce(&mut Self)) {
        self.path.push(name.to_owned());
        work(self);
        self.path.pop();
    }

    /// Whether the value can be read, without recording violations.
    pub(super) fn reads(&mut self, shape: &'static Shape, value: &Value) -> bool {
        let before = std::mem::take(&mut self.found);
        self.check(shape, value);
        std::mem::replace(&mut self.found, before).is_empty()
    }

    pub(super) fn refuse(&mut self, shape: &'static Shape, value: &Value) {
        self.refuse_as(shape_text(shape).as_str(), &describe(value));
    }

    pub(super) fn refuse_as(&mut self, expected: &str, found: &str) {
        self.found.push(Violation::new(&self.path, expected, found));
    }
}
