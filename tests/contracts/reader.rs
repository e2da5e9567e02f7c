//! Reads as serde does: an independent implementation of the code that serde's derives generate. It shares no code with the
//! comparison and the validator, and is compared with serde on real types.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use flow::contract::{Def, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};
use flow::serde_json::{Map, Number, Value};

use super::typed::Typed;

type Entry = (String, Value);

/// The result of reading a value as a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Refused,
    /// A float differs from the number that was written.
    Rounded,
    Exact,
}

pub(super) fn reading(shape: &'static Shape, value: &Value) -> Reading {
    let mut reader = Reader { generics: Vec::new(), rounded: false };
    match (reader.value(shape, value, false), reader.rounded) {
        (None, _) => Reading::Refused,
        (Some(_), true) => Reading::Rounded,
        (Some(_), false) => Reading::Exact,
    }
}

#[allow(dead_code, reason = "not every test looks at it")]
pub(super) fn read(shape: &'static Shape, value: &Value) -> Option<Typed> {
    Reader { generics: Vec::new(), rounded: false }.value(shape, value, false)
}

struct Reader {
    generics: Vec<&'static Def>,
    /// Whether a float differs from the number that was written.
    rounded: bool,
}

impl Reader {
    /// `buffered`: serde has read the value before it knew the type.
    fn value(&mut self, shape: &'static Shape, value: &Value, buffered: bool) -> Option<Typed> {
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

    fn body(&mut self, shape: &'static Shape, value: &Value, buffered: bool) -> Option<Typed> {
        match (shape, value) {
            (Shape::Option(_), Value::Null) => Some(Typed::None),
            (Shape::Any | Shape::Opaque(_), _) | (Shape::Null, Value::Null) => Some(Typed::Leaf(value.clone())),
            (Shape::Bool, Value::Bool(_)) | (Shape::Number, Value::Number(_)) => Some(Typed::Leaf(value.clone())),
            (Shape::Float { bits }, Value::Number(number)) => {
                self.rounded |= !is_exact(number, *bits);
                Some(Typed::Leaf(number.as_f64().into()))
            }
            (Shape::Int { min, max }, Value::Number(number)) => {
                let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))?;
                (*min..=*max).contains(&whole).then(|| Typed::Leaf(value.clone()))
            }
            (Shape::Char, Value::String(text)) if text.chars().count() == 1 => Some(Typed::Leaf(value.clone())),
            (Shape::Str { format }, Value::String(text)) if is_formatted(*format, text) => {
                Some(Typed::Leaf(value.clone()))
            }
            (Shape::Array(item), Value::Array(values)) => {
                values.iter().map(|value| self.value(item, value, buffered)).collect::<Option<_>>().map(Typed::List)
            }
            (Shape::Tuple(items), Value::Array(values)) if items.len() == values.len() => {
                let mut pairs = items.iter().zip(values);
                let read: Option<_> = pairs.by_ref().map(|(item, value)| self.value(item, value, buffered)).collect();
                read.map(Typed::List)
            }
            (Shape::Map { key, value }, Value::Object(entries)) => {
                let mut entry = |(name, entry): (&String, &Value)| {
                    let read = self.key(key, name, buffered).then(|| self.value(value, entry, buffered)).flatten()?;
                    Some((name.clone(), read))
                };
                entries.iter().map(&mut entry).collect::<Option<_>>().map(Typed::Map)
            }
            (Shape::Option(inner), _) => Some(Typed::Some(Box::new(self.value(inner, value, buffered)?))),
            (Shape::Struct(object), Value::Object(entries)) => self.object(object, entries_of(entries), buffered),
            (Shape::Enum(one_of), _) => self.one_of(one_of, value, buffered),
            _ => None,
        }
    }

    /// In serde's buffer, a key remains a string.
    fn key(&mut self, shape: &'static Shape, name: &str, buffered: bool) -> bool {
        self.opening(shape, |reader, shape| match shape {
            Shape::Int { min, max } => !buffered && name.parse().is_ok_and(|key: i128| (*min..=*max).contains(&key)),
            Shape::Number | Shape::Float { .. } => !buffered && name.parse::<f64>().is_ok(),
            Shape::Bool => !buffered && matches!(name, "true" | "false"),
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                variants.iter().filter_map(|variant| variant.shape).any(|shape| reader.key(shape, name, buffered))
            }
            shape => reader.body(shape, &Value::String(name.to_owned()), buffered).is_some(),
        })
    }

    fn object(&mut self, object: &'static StructShape, entries: Vec<Entry>, buffered: bool) -> Option<Typed> {
        let known = |name: &str| object.members.iter().filter_map(Member::field).any(|field| is_called(&field, name));
        let (own, mut left): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(name, _)| known(name));
        if object.deny_unknown && !left.is_empty() {
            return None;
        }
        let mut members = Vec::new();
        for member in object.members {
            members.push(match member {
                Member::Flatten { shape, .. } => Some(self.flattened(shape, &mut left)?),
                member => self.field(&member.field()?, &own, buffered)?,
            });
        }
        Some(Typed::Object(members))
    }

    /// The outer option says whether the field can be read, the inner one whether it is present.
    fn field(&mut self, field: &Field, entries: &[Entry], buffered: bool) -> Option<Option<Typed>> {
        let mut given = entries.iter().filter(|(name, _)| is_called(field, name));
        match (given.next(), given.next()) {
            (Some((_, value)), None) => Some(Some(self.value(field.shape, value, buffered)?)),
            (Some(_), Some(_)) => None,
            (None, _) if field.de.is_some() && field.required => None,
            (None, _) => Some(matches!(field.shape, Shape::Option(_)).then_some(Typed::None)),
        }
    }

    /// A struct removes its fields from `left`, an enum the entry of its variant; all other shapes see everything left.
    fn flattened(&mut self, shape: &'static Shape, left: &mut Vec<Entry>) -> Option<Typed> {
        self.opening(shape, |reader, shape| match shape {
            Shape::Option(inner) => Some(match reader.trying(|reader| reader.flattened(inner, left)) {
                Some(read) => Typed::Some(Box::new(read)),
                None => Typed::None,
            }),
            Shape::Null => Some(Typed::Leaf(Value::Null)),
            Shape::Struct(object) if !object.members.iter().any(|member| matches!(member, Member::Flatten { .. })) => {
                let known =
                    |name: &str| object.members.iter().filter_map(Member::field).any(|field| is_called(&field, name));
                let taken: Vec<_> = left.extract_if(.., |(name, _)| known(name)).collect();
                reader.object(object, taken, true)
            }
            Shape::Struct(object) => reader.object(object, left.clone(), true),
            Shape::Enum(one_of) if one_of.repr == Repr::External => {
                let at = left.iter().position(|(name, _)| variant(one_of, name).is_some())?;
                let (name, value) = left.remove(at);
                let (at, variant) = variant(one_of, &name)?;
                reader.content(at, variant, &value, true)
            }
            other => reader.body(other, &Value::Object(left.iter().cloned().collect()), true),
        })
    }

    fn one_of(&mut self, one_of: &'static EnumShape, value: &Value, buffered: bool) -> Option<Typed> {
        match (one_of.repr, value) {
            (Repr::Untagged, _) => {
                let mut variants = one_of.variants.iter().enumerate().filter(|(_, variant)| variant.de.is_some());
                // Non-zero integers are two ranges; they are read without the buffer, like a plain integer.
                let is_integer = variants.clone().all(|(_, variant)| matches!(variant.shape, Some(Shape::Int { .. })));
                variants.find_map(|(at, variant)| {
                    self.trying(|reader| reader.content(at, variant, value, buffered || !is_integer))
                })
            }
            (Repr::External, Value::String(name)) => {
                let (at, found) = variant(one_of, name)?;
                found.shape.is_none().then(|| Typed::unit(at))
            }
            (Repr::External, Value::Object(entries)) if entries.len() == 1 => {
                let (name, value) = entries.iter().next()?;
                let (at, found) = variant(one_of, name)?;
                self.content(at, found, value, buffered)
            }
            (Repr::Internal { tag }, Value::Object(entries)) => {
                let (at, found) = variant(one_of, entries.get(tag)?.as_str()?)?;
                let rest: Map<_, _> = entries.iter().filter(|(name, _)| *name != tag).map(owned).collect();
                match found.shape {
                    None if one_of.deny_unknown && !rest.is_empty() => None,
                    None | Some(Shape::Null) => Some(Typed::unit(at)),
                    Some(_) => self.content(at, found, &Value::Object(rest), true),
                }
            }
            (Repr::Adjacent { tag, content }, Value::Object(entries)) => {
                let (at, found) = variant(one_of, entries.get(tag)?.as_str()?)?;
                let names: Vec<_> = entries.keys().filter(|name| *name == tag || *name == content).collect();
                if one_of.deny_unknown && names.len() < entries.len() {
                    return None;
                }
                let buffered = buffered || names[0] == content;
                match (entries.get(content), found.shape) {
                    (Some(value), _) => self.content(at, found, value, buffered),
                    (None, None) => Some(Typed::unit(at)),
                    (None, Some(Shape::Option(_))) => Some(Typed::Variant(at, Box::new(Typed::None))),
                    (None, Some(_)) => None,
                }
            }
            _ => None,
        }
    }

    /// Restores the flag if the attempt fails.
    fn trying(&mut self, attempt: impl FnOnce(&mut Self) -> Option<Typed>) -> Option<Typed> {
        let before = self.rounded;
        let done = attempt(self);
        self.rounded = if done.is_some() { self.rounded } else { before };
        done
    }

    fn content(&mut self, at: usize, variant: &'static Variant, value: &Value, buffered: bool) -> Option<Typed> {
        let content = self.value(variant.shape.unwrap_or(&Shape::Null), value, buffered)?;
        Some(Typed::Variant(at, Box::new(content)))
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

fn variant(one_of: &'static EnumShape, name: &str) -> Option<(usize, &'static Variant)> {
    let named =
        |(_, found): &(usize, &Variant)| found.de.is_some_and(|own| own == name || found.aliases.contains(&name));
    let mut variants = one_of.variants.iter().enumerate();
    variants.clone().find(named).or_else(|| variants.find(|(_, variant)| variant.other))
}

/// Whether a float of this precision represents the number exactly.
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
