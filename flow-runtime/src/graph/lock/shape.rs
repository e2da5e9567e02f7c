//! Converts shapes to their form in a lock: types by name, each defined once.

use std::collections::BTreeMap;

use flow_base::lock::{Field, Form, Object, OneOf, Shape as Text, Variant};

use crate::contract::{self, Def, EnumShape, Member, Repr, Shape, StructShape};

/// The definitions met so far.
#[derive(Default)]
pub(super) struct Types {
    /// Definition, whether it is an instance, and name. Types without parameters are compared by id, instances by address.
    known: Vec<(&'static Def, bool, String)>,
    bodies: BTreeMap<String, Text>,
    /// The instances being written.
    around: Vec<(&'static Def, String)>,
}

impl Types {
    pub(super) fn into_bodies(self) -> BTreeMap<String, Text> {
        self.bodies
    }

    pub(super) fn shape(&mut self, shape: &'static Shape) -> Text {
        let mut boxed = |shape| Box::new(self.shape(shape));
        match shape {
            Shape::Any => Text::Any,
            Shape::Null => Text::Null,
            Shape::Bool => Text::Bool,
            Shape::Number => Text::Number,
            Shape::Float { bits } => Text::Float(*bits),
            Shape::Int { min, max } => Text::Int(*min, *max),
            Shape::Char => Text::Char,
            Shape::Str { format } => Text::Str(format.map(str::to_owned)),
            Shape::Opaque(name) => Text::Opaque((*name).to_owned()),
            Shape::Array(item) => Text::Array(boxed(item)),
            Shape::Option(inner) => Text::Option(boxed(inner)),
            Shape::Tuple(items) => Text::Tuple(items.iter().map(|item| self.shape(item)).collect()),
            Shape::Map { key, value } => Text::Map(boxed(key), boxed(value)),
            Shape::Split { write, read } => Text::Split(boxed(write), boxed(read)),
            Shape::Struct(object) => Text::Object(self.object(object)),
            Shape::Enum(one_of) => Text::OneOf(self.one_of(one_of)),
            Shape::Named(def) => Text::Named(self.named(def.get(), false)),
            Shape::Generic(def) => Text::Named(self.named(def, true)),
            Shape::Ref(id) => match self.around.iter().rev().find(|(def, _)| def.id == *id) {
                Some((_, name)) => Text::Named(name.clone()),
                None => Text::Any,
            },
        }
    }

    /// The name of a definition; writes the definition unless it was written before.
    fn named(&mut self, def: &'static Def, instance: bool) -> String {
        let is_known = |known: &&(&'static Def, bool, String)| {
            std::ptr::eq(known.0, def) || !instance && !known.1 && known.0.is(def)
        };
        if let Some((.., name)) = self.known.iter().find(is_known) {
            return name.clone();
        }
        let name = self.free(def.name);
        self.known.push((def, instance, name.clone()));
        // Reserves the name while the body is being written.
        self.bodies.insert(name.clone(), Text::Any);
        if instance {
            self.around.push((def, name.clone()));
        }
        let body = self.shape(&def.body);
        if instance {
            self.around.pop();
        }
        match self.same_instance(def, &name, &body).filter(|_| instance) {
            Some(earlier) => {
                self.bodies.remove(&name);
                self.known.retain(|known| known.2 != name);
                self.known.push((def, true, earlier.clone()));
                earlier
            }
            None => {
                self.bodies.insert(name.clone(), body);
                name
            }
        }
    }

    /// An earlier instance of the same type with the same text, regardless of where it is defined.
    fn same_instance(&self, def: &Def, name: &str, body: &Text) -> Option<String> {
        let same = |(known, _, other): &&(&'static Def, bool, String)| {
            other != name
                && known.is(def)
                && self.bodies.get(other).is_some_and(|known| renamed(body, name, other) == *known)
        };
        self.known.iter().find(same).map(|(.., name)| name.clone())
    }

    fn free(&self, name: &str) -> String {
        let numbered = (1..).map(|number| if number == 1 { name.to_owned() } else { format!("{name}{number}") });
        numbered.into_iter().find(|name| !self.bodies.contains_key(name)).unwrap_or_default()
    }

    fn object(&mut self, object: &'static StructShape) -> Object {
        let mut all = Object { closed: object.deny_unknown, ..Object::default() };
        for member in object.members {
            if let Some(field) = member.field() {
                let name = key(&all, &field);
                let field = self.field(&name, &field);
                all.fields.insert(name, field);
            } else if let Member::Flatten { shape, .. } = member {
                all.flatten.push(self.shape(shape));
            }
        }
        all
    }

    fn field(&mut self, name: &str, field: &contract::Field) -> Field {
        Field {
            shape: self.shape(field.shape),
            written: other_name(name, field.ser),
            read: other_name(name, field.de),
            aliases: sorted(field.aliases),
            always_written: field.always_written,
            never_null: field.never_null,
            required: field.required,
        }
    }

    fn one_of(&mut self, one_of: &'static EnumShape) -> OneOf {
        let form = match one_of.repr {
            Repr::External => Form::External,
            Repr::Internal { tag } => Form::Internal(tag.to_owned()),
            Repr::Adjacent { tag, content } => Form::Adjacent(tag.to_owned(), content.to_owned()),
            Repr::Untagged => Form::Untagged,
        };
        let mut variants: Vec<_> = one_of.variants.iter().map(|variant| self.variant(variant)).collect();
        if form != Form::Untagged {
            variants.sort_by(|a, b| a.name.cmp(&b.name));
        }
        OneOf { form, closed: one_of.deny_unknown, variants }
    }

    fn variant(&mut self, variant: &'static contract::Variant) -> Variant {
        let name = variant.ser.or(variant.de).unwrap_or(variant.rust);
        Variant {
            name: name.to_owned(),
            written: other_name(name, variant.ser),
            read: other_name(name, variant.de),
            aliases: sorted(variant.aliases),
            other: variant.other,
            content: variant.shape.map(|shape| self.shape(shape)),
        }
    }
}

/// The key of a field: its name on the wire. Two fields may share a name in different directions.
fn key(object: &Object, field: &contract::Field) -> String {
    let mut name = field.ser.or(field.de).unwrap_or(field.rust).to_owned();
    while object.fields.contains_key(&name) {
        name.push('\'');
    }
    name
}

fn other_name(name: &str, found: Option<&str>) -> Option<Option<String>> {
    (found != Some(name)).then(|| found.map(str::to_owned))
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}

/// The shape with one type renamed.
fn renamed(shape: &Text, from: &str, to: &str) -> Text {
    let mut shape = shape.clone();
    shape.rename(from, to);
    shape
}
