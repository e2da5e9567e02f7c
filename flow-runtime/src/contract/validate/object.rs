//! Validates objects and maps.

use serde_json::{Map, Value};

use super::keys::key_reads;
use super::validator::Validator;
use super::variants;
use crate::contract::members::{Direction, opened};
use crate::contract::words::shape_text;
use crate::contract::{EnumShape, Field, Member, Repr, Shape, StructShape};

type Entries = Map<String, Value>;

impl Validator {
    pub(super) fn object(&mut self, object: &'static StructShape, entries: &Entries) {
        self.fields(object, entries, false);
        if object.members.iter().any(|member| matches!(member, Member::Flatten { .. })) {
            self.flattened(object, entries);
        }
        if object.deny_unknown {
            self.unknown(object, entries);
        }
    }

    fn fields(&mut self, object: &'static StructShape, entries: &Entries, soft: bool) {
        for member in object.members {
            if let Some(field) = member.field() {
                self.field(&field, entries, soft);
            }
        }
    }

    fn field(&mut self, field: &Field, entries: &Entries, soft: bool) {
        let Some(name) = field.de else { return };
        let mut given = std::iter::once(&name).chain(field.aliases).filter_map(|name| entries.get_key_value(*name));
        match (given.next(), given.next()) {
            (Some((name, value)), None) => self.at(name, |validator| validator.check(field.shape, value)),
            (Some(_), Some((again, _))) => {
                self.at(again, |validator| {
                    validator.refuse_as(&format!("`{name}` under one name"), "it a second time")
                });
            }
            (None, _) if field.required && !soft => {
                self.at(name, |validator| validator.refuse_as(shape_text(field.shape).as_str(), "nothing"));
            }
            (None, _) => {}
        }
    }

    /// Flattened members receive, in order, the entries that fields left; a struct removes its fields, a map does not. A
    /// flattened option is `None` if a field is missing (`soft`).
    fn flattened(&mut self, object: &'static StructShape, entries: &Entries) {
        let mut left = entries.clone();
        left.retain(|name, _| !has_field(object, name));
        for member in object.members {
            if let Member::Flatten { shape, .. } = member {
                self.flattened_member(shape, &mut left, false);
            }
        }
    }

    fn flattened_member(&mut self, shape: &'static Shape, left: &mut Entries, soft: bool) {
        self.opening(shape, |validator, shape| match shape {
            Shape::Option(inner) => validator.flattened_member(inner, left, true),
            Shape::Struct(object) if is_plain(object) => {
                validator.fields(object, left, soft);
                left.retain(|name, _| !has_field(object, name));
            }
            Shape::Struct(object) => validator.object(object, left),
            Shape::Null => {}
            shape @ Shape::Enum(one_of) if matches!(one_of.repr, Repr::External) => {
                validator.flattened_variant(shape, one_of, left);
            }
            shape @ Shape::Enum(EnumShape { repr: Repr::Adjacent { tag, content }, .. }) => {
                let mut own = left.clone();
                own.retain(|name, _| name == tag || name == content);
                left.retain(|name, _| name != tag && name != content);
                validator.check(shape, &Value::Object(own));
            }
            other => {
                let value = Value::Object(left.clone());
                validator.check(other, &value);
            }
        });
    }

    /// The first entry named like a variant is the enum. If there is none, the error is about all remaining entries.
    fn flattened_variant(&mut self, shape: &'static Shape, one_of: &'static EnumShape, left: &mut Entries) {
        let name = left.keys().find(|name| variants::reader(one_of, name).is_some()).cloned();
        let entry = name.and_then(|name| left.shift_remove_entry(&name));
        let value = Value::Object(entry.map_or_else(|| left.clone(), |entry| Entries::from_iter([entry])));
        self.one_of(shape, one_of, &value);
    }

    fn unknown(&mut self, object: &'static StructShape, entries: &Entries) {
        let known = known(object);
        for name in entries.keys().filter(|name| !knows(object, name)) {
            self.refuse_field(name, &known);
        }
    }

    pub(super) fn map(&mut self, key: &'static Shape, value: &'static Shape, entries: &Entries) {
        for (name, entry) in entries {
            self.at(name, |validator| {
                if !key_reads(key, name) {
                    validator.refuse_as(&format!("a key that is {}", shape_text(key)), &format!("{name:?}"));
                }
                validator.check(value, entry);
            });
        }
    }
}

/// Whether the object itself reads this name.
pub(super) fn has_field(object: &StructShape, name: &str) -> bool {
    object.members.iter().any(|member| member.field().is_some_and(|field| reads(&field, name)))
}

/// Whether the object, or something flattened into it, reads this name.
fn knows(object: &StructShape, name: &str) -> bool {
    has_field(object, name)
        || object.members.iter().any(|member| match member {
            Member::Flatten { shape, .. } => match opened(shape, Direction::Read) {
                Shape::Struct(inner) => knows(inner, name),
                _ => false,
            },
            _ => false,
        })
}

/// The names that the object or something flattened into it reads, without aliases.
fn known(object: &StructShape) -> Vec<&'static str> {
    let names = object.members.iter().flat_map(|member| match member {
        Member::Flatten { shape, .. } => match opened(shape, Direction::Read) {
            Shape::Struct(inner) => known(inner),
            _ => Vec::new(),
        },
        _ => member.field().and_then(|field| field.de).into_iter().collect(),
    });
    names.collect()
}

fn reads(field: &Field, name: &str) -> bool {
    field.de.is_some_and(|own| own == name || field.aliases.contains(&name))
}

/// Whether the object flattens nothing.
fn is_plain(object: &StructShape) -> bool {
    !object.members.iter().any(|member| matches!(member, Member::Flatten { .. }))
}
