//! `3.0` for an integer: JSON Schema allows it, serde does not. Values from outside are converted before validation; records are
//! read unchanged.

use serde_json::{Map, Number, Value};

use super::validator::Validator;
use super::variants::{content, reader};
use crate::contract::{EnumShape, Member, Repr, Shape, StructShape, Variant};

type Entries = Map<String, Value>;

/// Below this, floats represent integers exactly; larger ones may have lost digits.
const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// Converts floats in a value from outside to integers if `shape` expects an integer.
pub(crate) fn with_integers(shape: &'static Shape, mut value: Value) -> Value {
    if has_integral_float(&value) {
        Validator::default().integers(shape, &mut value);
    }
    value
}

fn has_integral_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => integral(number).is_some(),
        Value::Array(items) => items.iter().any(has_integral_float),
        Value::Object(fields) => fields.values().any(has_integral_float),
        _ => false,
    }
}

/// The integer that a float represents, if any.
fn integral(number: &Number) -> Option<i64> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    (float.fract() == 0.0 && float.abs() < EXACT).then_some(float as i64)
}

impl Validator {
    pub(super) fn integers(&mut self, shape: &'static Shape, value: &mut Value) {
        match (shape, value) {
            (Shape::Named(def), value) => self.integers(&def.get().body, value),
            (Shape::Generic(def), value) => self.within(def, |validator| validator.integers(&def.body, value)),
            (Shape::Ref(id), value) => self.enclosing(id, |validator, body| validator.integers(body, value)),
            (Shape::Split { read: inner, .. } | Shape::Option(inner), value) => self.integers(inner, value),
            (Shape::Int { .. }, Value::Number(number)) => {
                if let Some(integer) = integral(number) {
                    *number = integer.into();
                }
            }
            (Shape::Array(item), Value::Array(values)) => {
                values.iter_mut().for_each(|value| self.integers(item, value))
            }
            (Shape::Tuple(items), Value::Array(values)) => {
                items.iter().zip(values).for_each(|(item, value)| self.integers(item, value));
            }
            (Shape::Map { value: shape, .. }, Value::Object(entries)) => {
                entries.values_mut().for_each(|value| self.integers(shape, value));
            }
            (Shape::Struct(_), Value::Object(entries)) => self.integers_in(shape, entries, &mut Vec::new()),
            (Shape::Enum(one_of), value) => self.integers_of_variant(shape, one_of, value),
            _ => {}
        }
    }

    fn integers_of_variant(&mut self, shape: &'static Shape, one_of: &'static EnumShape, value: &mut Value) {
        match (one_of.repr, value) {
            (Repr::Untagged, value) => self.integers_of_untagged(one_of, value),
            (Repr::External, Value::Object(entries)) => {
                for (name, value) in entries {
                    if let Some(variant) = reader(one_of, name) {
                        self.integers(content(variant), value);
                    }
                }
            }
            (_, Value::Object(entries)) => self.integers_in(shape, entries, &mut Vec::new()),
            _ => {}
        }
    }

    /// A variant that reads the value unchanged takes precedence: `3.0` stays a float if there is a variant for floats.
    fn integers_of_untagged(&mut self, one_of: &'static EnumShape, value: &mut Value) {
        if self.untagged(one_of, value).is_some() {
            return;
        }
        for shape in one_of.variants.iter().filter(|variant| variant.de.is_some()).map(content) {
            let mut with = value.clone();
            self.integers(shape, &mut with);
            if self.reads(shape, &with) {
                *value = with;
                return;
            }
        }
    }

    /// The entries of one object, except those `taken` by the object that this one is flattened into.
    fn integers_in(&mut self, shape: &'static Shape, entries: &mut Entries, taken: &mut Vec<String>) {
        match shape {
            Shape::Named(def) => self.integers_in(&def.get().body, entries, taken),
            Shape::Generic(def) => self.within(def, |validator| validator.integers_in(&def.body, entries, taken)),
            Shape::Ref(id) => self.enclosing(id, |validator, body| validator.integers_in(body, entries, taken)),
            Shape::Split { read: inner, .. } | Shape::Option(inner) => self.integers_in(inner, entries, taken),
            Shape::Struct(object) => self.integers_of_members(object, entries, taken),
            Shape::Map { value: shape, .. } => {
                let rest = entries.iter_mut().filter(|(name, _)| !taken.contains(name));
                rest.for_each(|(_, value)| self.integers(shape, value));
            }
            Shape::Enum(one_of) => self.integers_beside(one_of, entries, taken),
            _ => {}
        }
    }

    fn integers_of_members(&mut self, object: &'static StructShape, entries: &mut Entries, taken: &mut Vec<String>) {
        for field in object.members.iter().filter_map(Member::field) {
            for name in field.de.iter().chain(field.aliases) {
                self.integers_at(name, field.shape, entries, taken);
            }
        }
        for member in object.members {
            if let Member::Flatten { shape, .. } = member {
                self.integers_in(shape, entries, taken);
            }
        }
    }

    fn integers_at(&mut self, name: &str, shape: &'static Shape, entries: &mut Entries, taken: &mut Vec<String>) {
        if let Some(value) = entries.get_mut(name)
            && !taken.iter().any(|taken| taken == name)
        {
            taken.push(name.to_owned());
            self.integers(shape, value);
        }
    }

    fn integers_beside(&mut self, one_of: &'static EnumShape, entries: &mut Entries, taken: &mut Vec<String>) {
        let tagged =
            |tag: &str, entries: &Entries| -> Option<&'static Variant> { reader(one_of, entries.get(tag)?.as_str()?) };
        match one_of.repr {
            Repr::External => {
                let name = entries.keys().find(|name| !taken.contains(name) && reader(one_of, name).is_some()).cloned();
                if let Some((name, variant)) =
                    name.and_then(|name| reader(one_of, &name).map(|variant| (name, variant)))
                {
                    self.integers_at(&name, content(variant), entries, taken);
                }
            }
            Repr::Internal { tag } => {
                if let Some(shape) = tagged(tag, entries).and_then(|variant| variant.shape) {
                    taken.push(tag.to_owned());
                    self.integers_in(shape, entries, taken);
                }
            }
            Repr::Adjacent { tag, content: name } => {
                if let Some(variant) = tagged(tag, entries) {
                    self.integers_at(name, content(variant), entries, taken);
                }
            }
            Repr::Untagged => {
                let rest = entries.iter().filter(|(name, _)| !taken.contains(name));
                let mut rest = Value::Object(rest.map(|(name, value)| (name.clone(), value.clone())).collect());
                self.integers_of_untagged(one_of, &mut rest);
                if let Value::Object(rest) = rest {
                    entries.extend(rest);
                }
            }
        }
    }
}
