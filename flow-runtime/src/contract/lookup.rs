//! Finds members of a shape by their wire names, as prompts do: `{{ resume.text }}`.

use super::members::{Direction, Item, Members, Written, opened};
use super::text::{equal, hash};
use super::{Field, Shape, StructShape};
use flow_base::near::Nearest;

/// The result of looking up a name.
#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    /// A field that is written under this name.
    Found {
        /// The shape of its value.
        shape: &'static Shape,
        /// Whether every value has it, and not as `null`.
        always: bool,
    },
    /// Maps and arbitrary JSON may have a member of any name.
    Perhaps {
        /// The shape of its value, if it is there.
        shape: &'static Shape,
    },
    /// There is none, but the object has one of a similar name, if any is.
    Absent {
        /// The similar name.
        nearest: Option<&'static str>,
    },
    /// The shape has no members at all.
    NoObject,
}

/// Looks up a member by its name in JSON. Options are looked through; their members are never always present.
pub const fn field_by_wire_name(shape: &'static Shape, name: &str) -> Lookup {
    match opened(shape, Direction::Write) {
        Shape::Struct(object) => in_object(object, name),
        Shape::Map { value, .. } => Lookup::Perhaps { shape: value },
        Shape::Any => Lookup::Perhaps { shape: &Shape::Any },
        Shape::Option(inner) => match field_by_wire_name(inner, name) {
            Lookup::Found { shape, .. } => Lookup::Found { shape, always: false },
            other => other,
        },
        _ => Lookup::NoObject,
    }
}

const fn in_object(object: &'static StructShape, name: &str) -> Lookup {
    let (hash, mut rest, mut near) = (hash(name), None, Nearest::new(name));
    let mut members = Members::of(object, Direction::Write);
    while let Some(item) = members.next() {
        match item {
            Item::Field { writer: Written { field, soft, .. }, .. } => {
                if field.is_called(Direction::Write, name, hash) {
                    return found(&field, soft);
                }
                if let Some(written) = field.ser {
                    near.offer(written);
                }
            }
            Item::Rest { value, .. } => rest = Some(value),
            Item::Unclear { .. } => rest = Some(&Shape::Any),
        }
    }
    match rest {
        Some(shape) => Lookup::Perhaps { shape },
        None => Lookup::Absent { nearest: near.get() },
    }
}

const fn found(field: &Field, soft: bool) -> Lookup {
    let nullable = matches!(opened(field.shape, Direction::Write), Shape::Option(_) | Shape::Null);
    Lookup::Found { shape: field.shape, always: field.always_written && !soft && !nullable }
}

/// Returns the nearest name, for a suggestion.
pub const fn nearest_name(wanted: &str, names: &[&'static str]) -> Option<&'static str> {
    let mut near = Nearest::new(wanted);
    let mut at = 0;
    while at < names.len() {
        if equal(names[at], wanted) {
            return Some(names[at]);
        }
        near.offer(names[at]);
        at += 1;
    }
    near.get()
}
