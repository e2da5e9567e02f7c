//! The attachments of a value, found by its shape: an object that only looks like one is not.

use serde_json::{Map, Value};

use super::validator::Validator;
use super::variants::{content, reader};
use crate::contract::{EnumShape, MediaKind, Member, Repr, Shape, StructShape};

type Entries = Map<String, Value>;
type Change<'c> = &'c mut dyn FnMut(&mut String);

/// Changes the `data` of each attachment in a value of this shape.
pub(crate) fn each_attached(shape: &'static Shape, value: &mut Value, change: Change<'_>) {
    if may_attach(value) {
        Validator::default().attached(shape, value, change);
    }
}

fn may_attach(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(may_attach),
        Value::Object(fields) => has_data(fields) || fields.values().any(may_attach),
        _ => false,
    }
}

fn has_data(fields: &Entries) -> bool {
    fields.contains_key("media_type") && matches!(fields.get("data"), Some(Value::String(_)))
}

impl Validator {
    fn attached(&mut self, shape: &'static Shape, value: &mut Value, change: Change<'_>) {
        match (shape, value) {
            (Shape::Named(_), Value::Object(fields)) if MediaKind::of_shape(shape).is_some() => {
                if has_data(fields)
                    && let Some(Value::String(data)) = fields.get_mut("data")
                {
                    change(data);
                }
            }
            (Shape::Named(def), value) => self.attached(&def.get().body, value, change),
            (Shape::Generic(def), value) => self.within(def, |validator| validator.attached(&def.body, value, change)),
            (Shape::Ref(id), value) => self.enclosing(id, |validator, body| validator.attached(body, value, change)),
            (Shape::Split { read, write }, value) => {
                let shape = if self.reads(read, value) { read } else { write };
                self.attached(shape, value, change);
            }
            (Shape::Option(inner), value) => self.attached(inner, value, change),
            (Shape::Array(item), Value::Array(values)) => {
                values.iter_mut().for_each(|value| self.attached(item, value, change));
            }
            (Shape::Tuple(items), Value::Array(values)) => {
                items.iter().zip(values).for_each(|(item, value)| self.attached(item, value, change));
            }
            (Shape::Enum(one_of), value) if one_of.repr == Repr::Untagged => {
                if let Some(shape) = self.untagged(one_of, value) {
                    self.attached(shape, value, change);
                }
            }
            (_, Value::Object(entries)) => self.attached_in(shape, entries, &mut Vec::new(), change),
            _ => {}
        }
    }

    /// The entries of one object, except those `taken` by the object that this one is flattened into.
    fn attached_in(
        &mut self,
        shape: &'static Shape,
        entries: &mut Entries,
        taken: &mut Vec<String>,
        change: Change<'_>,
    ) {
        match shape {
            // Flattened; its entries are in a row with others.
            Shape::Named(_) if MediaKind::of_shape(shape).is_some() => {
                self.attached_at("data", None, entries, taken, change)
            }
            Shape::Named(def) => self.attached_in(&def.get().body, entries, taken, change),
            Shape::Generic(def) => {
                self.within(def, |validator| validator.attached_in(&def.body, entries, taken, change));
            }
            Shape::Ref(id) => {
                self.enclosing(id, |validator, body| validator.attached_in(body, entries, taken, change));
            }
            Shape::Split { read: inner, .. } | Shape::Option(inner) => self.attached_in(inner, entries, taken, change),
            Shape::Struct(object) => self.attached_of(object, entries, taken, change),
            Shape::Map { value: shape, .. } => {
                let rest = entries.iter_mut().filter(|(name, _)| !taken.contains(name));
                rest.for_each(|(_, value)| self.attached(shape, value, change));
            }
            Shape::Enum(one_of) => self.attached_beside(one_of, entries, taken, change),
            _ => {}
        }
    }

    fn attached_of(
        &mut self,
        object: &'static StructShape,
        entries: &mut Entries,
        taken: &mut Vec<String>,
        change: Change<'_>,
    ) {
        for field in object.members.iter().filter_map(Member::field) {
            for name in field.de.iter().chain(&field.ser).chain(field.aliases) {
                self.attached_at(name, Some(field.shape), entries, taken, change);
            }
        }
        for member in object.members {
            if let Member::Flatten { shape, .. } = member {
                self.attached_in(shape, entries, taken, change);
            }
        }
    }

    /// One entry; without a shape, it is the `data` of an attachment itself.
    fn attached_at(
        &mut self,
        name: &str,
        shape: Option<&'static Shape>,
        entries: &mut Entries,
        taken: &mut Vec<String>,
        change: Change<'_>,
    ) {
        if taken.iter().any(|taken| taken == name) {
            return;
        }
        let Some(value) = entries.get_mut(name) else { return };
        taken.push(name.to_owned());
        match (shape, value) {
            (Some(shape), value) => self.attached(shape, value, change),
            (None, Value::String(data)) => change(data),
            _ => {}
        }
    }

    fn attached_beside(
        &mut self,
        one_of: &'static EnumShape,
        entries: &mut Entries,
        taken: &mut Vec<String>,
        change: Change<'_>,
    ) {
        let tagged = |tag: &str, entries: &Entries| reader(one_of, entries.get(tag)?.as_str()?);
        match one_of.repr {
            Repr::External => {
                let name = entries.keys().find(|name| !taken.contains(name) && reader(one_of, name).is_some()).cloned();
                if let Some((name, variant)) =
                    name.and_then(|name| reader(one_of, &name).map(|variant| (name, variant)))
                {
                    self.attached_at(&name, Some(content(variant)), entries, taken, change);
                }
            }
            Repr::Internal { tag } => {
                if let Some(shape) = tagged(tag, entries).and_then(|variant| variant.shape) {
                    taken.push(tag.to_owned());
                    self.attached_in(shape, entries, taken, change);
                }
            }
            Repr::Adjacent { tag, content: name } => {
                if let Some(variant) = tagged(tag, entries) {
                    self.attached_at(name, Some(content(variant)), entries, taken, change);
                }
            }
            Repr::Untagged => {
                let rest = entries.iter().filter(|(name, _)| !taken.contains(name));
                let rest = Value::Object(rest.map(|(name, value)| (name.clone(), value.clone())).collect());
                if let Some(shape) = self.untagged(one_of, &rest) {
                    self.attached_in(shape, entries, taken, change);
                }
            }
        }
    }
}
