//! Turns a lock read at run time into the constant data that the comparisons use.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use flow_base::lock::{Field, Form, Lock, Object, OneOf, Shape as Text, Variant};

use super::data::{Locked, LockedArgument, LockedStep, locked_field};
use crate::contract::{self, Access, Def, DefPtr, EnumShape, Member, Repr, Shape, StructShape};

/// The data of a lock. It is leaked, as all shapes are, so each text is converted only once.
pub(super) fn locked(lock: &Lock) -> &'static Locked {
    static KNOWN: OnceLock<Mutex<HashMap<String, &'static Locked>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(lock.to_text()).or_insert_with(|| Reader { types: &lock.types, known: BTreeMap::new() }.lock(lock))
}

struct Reader<'a> {
    types: &'a BTreeMap<String, Text>,
    /// The types made so far or being made; a recursive type refers to itself.
    known: BTreeMap<&'a str, DefPtr>,
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

impl<'a> Reader<'a> {
    fn lock(&mut self, lock: &'a Lock) -> &'static Locked {
        let steps: Vec<_> = lock
            .steps
            .iter()
            .map(|(place, step)| LockedStep {
                place: text(place),
                input: self.arguments(&step.input),
                output: self.shape(&step.output),
                from: sources(&step.from),
            })
            .collect();
        leak(Locked {
            file: text(&format!("contracts/{}.json", lock.workflow)),
            version: lock.version,
            input: self.arguments(&lock.input),
            output: self.shape(&lock.output),
            steps: steps.leak(),
        })
    }

    fn arguments(&mut self, arguments: &'a BTreeMap<String, Text>) -> &'static [LockedArgument] {
        let all = arguments.iter().map(|(name, shape)| LockedArgument { name: text(name), shape: self.shape(shape) });
        all.collect::<Vec<_>>().leak()
    }

    fn shape(&mut self, shape: &'a Text) -> &'static Shape {
        leak(match shape {
            Text::Any => Shape::Any,
            Text::Null => Shape::Null,
            Text::Bool => Shape::Bool,
            Text::Number => Shape::Number,
            Text::Float(bits) => Shape::Float { bits: *bits },
            Text::Int(min, max) => Shape::Int { min: *min, max: *max },
            Text::Char => Shape::Char,
            Text::Str(format) => Shape::Str { format: format.as_deref().map(text) },
            Text::Opaque(name) => Shape::Opaque(text(name)),
            Text::Named(name) => self.named(name),
            Text::Array(item) => Shape::Array(self.shape(item)),
            Text::Option(inner) => Shape::Option(self.shape(inner)),
            Text::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.shape(item)).collect();
                Shape::Tuple(items.leak())
            }
            Text::Map(key, value) => Shape::Map { key: self.shape(key), value: self.shape(value) },
            Text::Split(write, read) => Shape::Split { write: self.shape(write), read: self.shape(read) },
            Text::Object(object) => Shape::Struct(self.object(object)),
            Text::OneOf(one_of) => Shape::Enum(self.one_of(one_of)),
        })
    }

    fn named(&mut self, name: &'a str) -> Shape {
        if let Some(known) = self.known.get(name) {
            return Shape::Named(*known);
        }
        let Some(number) = self.types.keys().position(|known| known == name) else { return Shape::Any };
        let id = text(&format!("lock {name}"));
        Shape::Named(DefPtr::tied(|pointer| {
            self.known.insert(name, pointer);
            let body = *self.shape(&self.types[name]);
            Def { id, name: text(name), hash: number as u64, access: Access::Members, body }
        }))
    }

    fn object(&mut self, object: &'a Object) -> StructShape {
        let fields = object.fields.iter().map(|(name, field)| match field.is_plain() {
            true => Member::plain(text(name), self.shape(&field.shape)),
            false => Member::Field(self.field(name, field)),
        });
        let mut members: Vec<_> = fields.collect();
        members.extend(object.flatten.iter().map(|shape| Member::Flatten { rust: "", shape: self.shape(shape) }));
        StructShape { members: members.leak(), deny_unknown: object.closed }
    }

    fn field(&mut self, name: &str, field: &'a Field) -> contract::Field {
        let names = (name_of(name, field.written.as_ref()), name_of(name, field.read.as_ref()));
        let flags = (field.always_written, field.never_null, field.required);
        locked_field(names, texts(&field.aliases), flags, self.shape(&field.shape))
    }

    fn one_of(&mut self, one_of: &'a OneOf) -> EnumShape {
        let repr = match &one_of.form {
            Form::External => Repr::External,
            Form::Internal(tag) => Repr::Internal { tag: text(tag) },
            Form::Adjacent(tag, content) => Repr::Adjacent { tag: text(tag), content: text(content) },
            Form::Untagged => Repr::Untagged,
        };
        let variants: Vec<_> = one_of.variants.iter().map(|variant| self.variant(variant)).collect();
        EnumShape { repr, variants: variants.leak(), deny_unknown: one_of.closed }
    }

    fn variant(&mut self, variant: &'a Variant) -> contract::Variant {
        contract::Variant {
            rust: text(&variant.name),
            ser: name_of(&variant.name, variant.written.as_ref()),
            de: name_of(&variant.name, variant.read.as_ref()),
            aliases: texts(&variant.aliases),
            other: variant.other,
            newtype: false,
            shape: variant.content.as_ref().map(|content| self.shape(content)),
        }
    }
}

fn sources(from: &BTreeMap<String, Vec<String>>) -> &'static [(&'static str, &'static str)] {
    let all = from.iter().flat_map(|(name, all)| all.iter().map(|source| (text(name), text(source))));
    all.collect::<Vec<_>>().leak()
}

fn texts(all: &[String]) -> &'static [&'static str] {
    all.iter().map(|one| text(one)).collect::<Vec<_>>().leak()
}

fn name_of(name: &str, other: Option<&Option<String>>) -> Option<&'static str> {
    match other {
        None => Some(text(name)),
        Some(other) => other.as_deref().map(text),
    }
}
