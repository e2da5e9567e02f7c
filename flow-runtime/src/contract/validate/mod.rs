//! Whether a JSON value can be read as a shape, with all violations.

mod bounds;
mod integers;
mod meant;
mod object;
mod unknown;
mod variants;

use crate::violation::Violation;
pub(super) use crate::violation::describe;
pub(super) use bounds::{has_bounds, violated_bounds};
pub(crate) use integers::with_integers;
pub use meant::{means_only_text, means_text, takes_text};
pub(crate) use unknown::unknown_fields;

use serde_json::{Number, Value};

use super::members::{Direction, open_once, opened};
use super::words::shape_text;
use super::{Def, EnumShape, Repr, Shape};

/// Returns everything that prevents `value` from being read as `shape`; empty if it can be read.
///
/// Like serde, it ignores unknown fields unless the type has `deny_unknown_fields`. String formats that only their type can parse
/// are left to [`decode`](super::decode).
pub fn validate(shape: &'static Shape, value: &Value) -> Vec<Violation> {
    let mut validator = Validator::default();
    validator.check(shape, value);
    validator.found
}

#[derive(Default)]
struct Validator {
    path: Vec<String>,
    found: Vec<Violation>,
    generics: Vec<&'static Def>,
}

impl Validator {
    fn check(&mut self, shape: &'static Shape, value: &Value) {
        match (shape, value) {
            (Shape::Named(def), _) => self.check(&def.get().body, value),
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

    /// Works on the body of a definition.
    fn within(&mut self, def: &'static Def, work: impl FnOnce(&mut Self)) {
        self.generics.push(def);
        work(self);
        self.generics.pop();
    }

    /// Resolves a shape for reading and runs `work` inside the definitions on the way.
    fn opening(&mut self, shape: &'static Shape, work: impl FnOnce(&mut Self, &'static Shape)) {
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
    fn enclosing(&mut self, id: &str, work: impl FnOnce(&mut Self, &'static Shape)) {
        let Some(at) = self.generics.iter().rposition(|def| def.id == id) else { return };
        // Inside the definition, only its own enclosing definitions can be referred to.
        let inner = self.generics.split_off(at + 1);
        work(self, &self.generics[at].body);
        self.generics.extend(inner);
    }

    fn each<'v>(
        &mut self,
        items: impl Iterator<Item = (&'static Shape, &'v Value)>,
        work: fn(&mut Self, &'static Shape, &Value),
    ) {
        for (index, (shape, value)) in items.enumerate() {
            self.at(&index.to_string(), |validator| work(validator, shape, value));
        }
    }

    fn at(&mut self, name: &str, work: impl FnOnce(&mut Self)) {
        self.path.push(name.to_owned());
        work(self);
        self.path.pop();
    }

    /// Whether the value can be read, without recording violations.
    fn reads(&mut self, shape: &'static Shape, value: &Value) -> bool {
        let before = std::mem::take(&mut self.found);
        self.check(shape, value);
        std::mem::replace(&mut self.found, before).is_empty()
    }

    fn refuse(&mut self, shape: &'static Shape, value: &Value) {
        self.refuse_as(shape_text(shape).as_str(), &describe(value));
    }

    fn refuse_as(&mut self, expected: &str, found: &str) {
        self.found.push(Violation::new(&self.path, expected, found));
    }
}

fn scalar_reads(shape: &Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Any | Shape::Opaque(_), _)
        | (Shape::Null, Value::Null)
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Number, Value::Number(_)) => true,
        // serde reads a number that is too large as infinity.
        (Shape::Float { bits: f32::MANTISSA_DIGITS }, Value::Number(number)) => {
            number.as_f64().is_some_and(|number| (number as f32).is_finite())
        }
        (Shape::Float { .. }, Value::Number(_)) => true,
        (Shape::Int { min, max }, Value::Number(number)) => integer(number).is_some_and(|n| (*min..=*max).contains(&n)),
        (Shape::Char, Value::String(text)) => text.chars().count() == 1,
        (Shape::Str { format }, Value::String(text)) => format.is_none_or(|format| has_format(text, format)),
        _ => false,
    }
}

/// `1.0` is an integer for JSON Schema but not for serde, see [`with_integers`].
fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// Only formats that the standard library can parse.
fn has_format(text: &str, format: &str) -> bool {
    match format {
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "ip" => text.parse::<std::net::IpAddr>().is_ok(),
        "socket-address" => text.parse::<std::net::SocketAddr>().is_ok(),
        "socket-address-v4" => text.parse::<std::net::SocketAddrV4>().is_ok(),
        "socket-address-v6" => text.parse::<std::net::SocketAddrV6>().is_ok(),
        _ => true,
    }
}

/// Whether an object key can be read as a shape: it is the text of a value.
fn key_reads(shape: &'static Shape, key: &str) -> bool {
    match opened(shape, Direction::Read) {
        Shape::Int { min, max } => integer_key(key).is_some_and(|n| (*min..=*max).contains(&n)),
        Shape::Number | Shape::Float { .. } => key.parse::<f64>().is_ok(),
        Shape::Bool => matches!(key, "true" | "false"),
        Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
            variants.iter().filter_map(|variant| variant.shape).any(|shape| key_reads(shape, key))
        }
        Shape::Enum(one_of) => variants::reader(one_of, key).is_some_and(|variant| variant.shape.is_none()),
        shape => scalar_reads(shape, &Value::String(key.to_owned())),
    }
}

/// An integer in JSON notation: `01` and `+1` are not valid.
fn integer_key(key: &str) -> Option<i128> {
    key.parse().ok().filter(|n: &i128| n.to_string() == key)
}

#[cfg(test)]
mod tests;
