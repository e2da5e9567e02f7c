//! Reading as serde does, written anew from what serde's derives generate. It shares nothing with the comparison and the validator,
//! and is itself compared with serde on real types.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use flow::contract::{Def, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};
use flow::serde_json::{Map, Number, Value};

type Entry = (String, Value);

/// What comes of reading a value as a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Refused,
    /// A float is not the number that was written.
    Rounded,
    Exact,
}

/// Reads a value as a shape.
pub(super) fn reading(shape: &'static Shape, value: &Value) -> Reading {
    let mut reader = Reader { generics: Vec::new(), rounded: false };
    match (reader.value(shape, value, false), reader.rounded) {
        (false, _) => Reading::Refused,
        (true, true) => Reading::Rounded,
        (true, false) => Reading::Exact,
    }
}

struct Reader {
    generics: Vec<&'static Def>,
    /// A float was read that is not the number written.
    rounded: bool,
}

impl Reader {
    /// `buffered`: serde has read the value before it knew its type.
    fn value(&mut self, shape: &'static Shape, value: &Value, buffered: bool) -> bool {
        self.opening(shape, |reader, shape| reader.body(shape, value, buffered))
    }

    fn opening<T>(&mut self, shape: &'static Shape, work: impl FnOnce(&mut Self, &'static Shape) -> T) -> T {
        match shape {
            Shape::Named(def) => self.opening(&def.get().body, work),
            Shape::Split { read, .. } => self.opening(read, work),
            Shape::Generic(def) => {
                self.generics.push(def);
                let done = self.opening(&def.body, work);
                self.generics.pop();
                done
            }
            Shape::Ref(id) => {
                let at =
                    self.generics.iter().rposition(|def| def.id == *id).expect("a definition around its reference");
                let inner = self.generics.split_off(at + 1);
                let done = self.opening(&self.generics[at].body, work);
                self.generics.extend(inner);
                done
            }
            body => work(self, body),
        }
    }

    fn body(&mut self, shape: &'static Shape, value: &Value, buffered: bool) -> bool {
        match (shape, value) {
            (Shape::Any | Shape::Opaque(_), _) | (Shape::Null | Shape::Option(_), Value::Null) => true,
            (Shape::Bool, Value::Bool(_)) | (Shape::Number, Value::Number(_)) => true,
            (Shape::Float { bits }, Value::Number(number)) => {
                self.rounded |= !is_exact(number, *bits);
                true
            }
            (Shape::Int { min, max }, Value::Number(number)) => {
                let number = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
                number.is_some_and(|number| (*min..=*max).contains(&number))
            }
            (Shape::Char, Value::String(text)) => text.chars().count() == 1,
            (Shape::Str { format }, Value::String(text)) => is_formatted(*format, text),
            (Shape::Array(item), Value::Array(values)) => values.iter().all(|value| self.value(item, value, buffered)),
            (Shape::Tuple(items), Value::Array(values)) => {
                items.len() == values.len()
                    && items.iter().zip(values).all(|(item, value)| self.value(item, value, buffered))
            }
            (Shape::Map { key, value }, Value::Object(entries)) => {
                entries.iter().all(|(name, entry)| self.key(key, name, buffered) && self.value(value, entry, buffered))
            }
            (Shape::Option(inner), _) => self.value(inner, value, buffered),
            (Shape::Struct(object), Value::Object(entries)) => self.object(object, entries_of(entries), buffered),
            (Shape::Enum(one_of), _) => self.one_of(one_of, value, buffered),
            _ => false,
        }
    }

    /// In the buffer a key is a string for good.
    fn key(&mut self, shape: &'static Shape, name: &str, buffered: bool) -> bool {
        self.opening(shape, |reader, shape| match shape {
            Shape::Int { min, max } => !buffered && name.parse().is_ok_and(|key: i128| (*min..=*max).contains(&key)),
            Shape::Number | Shape::Float { .. } => !buffered && name.parse::<f64>().is_ok(),
            Shape::Bool => !buffered && matches!(name, "true" | "false"),
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                variants.iter().filter_map(|variant| variant.shape).any(|shape| reader.key(shape, name, buffered))
            }
            shape => reader.body(shape, &Value::String(name.to_owned()), buffered),
        })
    }

    fn object(&mut self, object: &'static StructShape, entries: Vec<Entry>, buffered: bool) -> bool {
        let known = |name: &str| object.members.iter().filter_map(Member::field).any(|field| is_called(&field, name));
        let (own, mut left): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(name, _)| known(name));
        if !self.fields(object, &own, buffered) || object.deny_unknown && !left.is_empty() {
            return false;
        }
        object.members.iter().all(|member| match member {
            Member::Flatten { shape, .. } => self.flattened(shape, &mut left),
            _ => true,
        })
    }

    fn fields(&mut self, object: &'static StructShape, entries: &[Entry], buffered: bool) -> bool {
        object.members.iter().filter_map(Member::field).all(|field| {
            let mut given = entries.iter().filter(|(name, _)| is_called(&field, name));
            match (given.next(), given.next()) {
                (Some((_, value)), None) => self.value(field.shape, value, buffered),
                (Some(_), Some(_)) => false,
                (None, _) => field.de.is_none() || !field.required,
            }
        })
    }

    /// A struct takes its fields away, an enum the entry of its variant; anything else looks at all that is left.
    fn flattened(&mut self, shape: &'static Shape, left: &mut Vec<Entry>) -> bool {
        self.opening(shape, |reader, shape| match shape {
            Shape::Option(inner) => {
                let _ = reader.trying(|reader| reader.flattened(inner, left));
                true
            }
            Shape::Null => true,
            Shape::Struct(object) if !object.members.iter().any(|member| matches!(member, Member::Flatten { .. })) => {
                let known =
                    |name: &str| object.members.iter().filter_map(Member::field).any(|field| is_called(&field, name));
                let taken: Vec<_> = left.extract_if(.., |(name, _)| known(name)).collect();
                reader.fields(object, &taken, true)
            }
            Shape::Struct(object) => reader.object(object, left.clone(), true),
            Shape::Enum(one_of) if one_of.repr == Repr::External => {
                let Some(at) = left.iter().position(|(name, _)| variant(one_of, name).is_some()) else { return false };
                let (name, value) = left.remove(at);
                variant(one_of, &name).is_some_and(|variant| reader.content(variant, &value, true))
            }
            other => reader.body(other, &Value::Object(left.iter().cloned().collect()), true),
        })
    }

    fn one_of(&mut self, one_of: &'static EnumShape, value: &Value, buffered: bool) -> bool {
        match (one_of.repr, value) {
            (Repr::Untagged, _) => {
                let variants = one_of.variants.iter().filter(|variant| variant.de.is_some());
                // Integers but zero are two ranges, and read as an integer is.
                let is_integer = variants.clone().all(|variant| matches!(variant.shape, Some(Shape::Int { .. })));
                let mut variants = variants;
                variants.any(|variant| self.trying(|reader| reader.content(variant, value, buffered || !is_integer)))
            }
            (Repr::External, Value::String(name)) => variant(one_of, name).is_some_and(|found| found.shape.is_none()),
            (Repr::External, Value::Object(entries)) if entries.len() == 1 => entries
                .iter()
                .all(|(name, value)| variant(one_of, name).is_some_and(|found| self.content(found, value, buffered))),
            (Repr::Internal { tag }, Value::Object(entries)) => {
                let Some(found) = entries.get(tag).and_then(Value::as_str).and_then(|name| variant(one_of, name))
                else {
                    return false;
                };
                let rest: Map<_, _> = entries.iter().filter(|(name, _)| *name != tag).map(owned).collect();
                let closed = one_of.deny_unknown && !rest.is_empty();
                match found.shape {
                    None => !closed,
                    Some(Shape::Null) => true,
                    Some(shape) => self.value(shape, &Value::Object(rest), true),
                }
            }
            (Repr::Adjacent { tag, content }, Value::Object(entries)) => {
                let Some(found) = entries.get(tag).and_then(Value::as_str).and_then(|name| variant(one_of, name))
                else {
                    return false;
                };
                let names: Vec<_> = entries.keys().filter(|name| *name == tag || *name == content).collect();
                let closed = one_of.deny_unknown && names.len() < entries.len();
                let buffered = buffered || names[0] == content;
                !closed
                    && match (entries.get(content), found.shape) {
                        (Some(value), _) => self.content(found, value, buffered),
                        (None, None | Some(Shape::Option(_))) => true,
                        (None, Some(_)) => false,
                    }
            }
            _ => false,
        }
    }

    /// What was rounded in an attempt that fails is not kept.
    fn trying(&mut self, attempt: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.rounded;
        let done = attempt(self);
        self.rounded = if done { self.rounded } else { before };
        done
    }

    fn content(&mut self, variant: &'static Variant, value: &Value, buffered: bool) -> bool {
        self.value(variant.shape.unwrap_or(&Shape::Null), value, buffered)
    }
}

fn entries_of(entries: &Map<String, Value>) -> Vec<Entry> {
    entries.iter().map(owned).collect()
}

fn owned((name, value): (&String, &Value)) -> Entry {
    (name.clone(), value.clone())
}

fn is_called(field: &Field, name: &str) -> bool {
    field.de.is_some_and(|own| own == name || field.aliases.contains(&name))
}

fn variant(one_of: &'static EnumShape, name: &str) -> Option<&'static Variant> {
    let named = |found: &&Variant| found.de.is_some_and(|own| own == name || found.aliases.contains(&name));
    one_of.variants.iter().find(named).or_else(|| one_of.variants.iter().find(|variant| variant.other))
}

/// Whether a float of so many bits is the number itself.
fn is_exact(number: &Number, bits: u32) -> bool {
    let read = |number: f64| if bits == f32::MANTISSA_DIGITS { f64::from(number as f32) } else { number };
    match number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)) {
        Some(whole) => read(whole as f64) as i128 == whole,
        None => number.as_f64().is_some_and(|number| read(number) == number),
    }
}

fn is_formatted(format: Option<&str>, text: &str) -> bool {
    match format {
        None => true,
        Some("ipv4") => text.parse::<Ipv4Addr>().is_ok(),
        Some("ipv6") => text.parse::<Ipv6Addr>().is_ok(),
        Some("ip") => text.parse::<IpAddr>().is_ok(),
        Some(format) => panic!("the format {format} is not generated"),
    }
}
