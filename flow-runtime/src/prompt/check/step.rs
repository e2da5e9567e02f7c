//! One step of a path, over all alternatives of a value.

use super::field;
use super::walk::{Concrete, Defs, Fields, Shapes, TEXT};
use super::{Seg, text::same};
use crate::contract::Shape;

/// Why a value may be absent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is optional.
    Null,
    /// Not every value has the field.
    Field,
    /// The map may lack the key.
    Key,
    /// The list may be shorter.
    Index,
}

/// The result of a step.
#[allow(clippy::large_enum_variant, reason = "constant evaluation has no heap")]
pub(super) enum Step {
    To { shapes: Shapes, absent: Option<Absent> },
    NoField(&'static str),
    NoItems,
    NoIndex,
    NoPairs,
    Short(usize),
}

pub(super) const fn step(from: &Concrete, seg: Seg, defs: &mut Defs) -> Step {
    match seg {
        Seg::Field(name) => field_step(from, name, defs),
        Seg::Item => item_step(from),
        Seg::Value => value_step(from, defs),
        Seg::Index(n) => index_step(from, Some(n), defs),
        Seg::Lookup => index_step(from, None, defs),
    }
}

const fn field_step(from: &Concrete, name: &'static str, defs: &mut Defs) -> Step {
    let found = field::find(from, name, defs);
    if found.shapes.len == 0 {
        return Step::NoField(name);
    }
    let absent = match found {
        field::Found { always: true, .. } => None,
        field::Found { key: true, .. } => Some(Absent::Key),
        _ => Some(Absent::Field),
    };
    Step::To { shapes: found.shapes, absent }
}

const fn item_step(from: &Concrete) -> Step {
    let mut shapes = Shapes::new();
    let mut i = 0;
    while i < from.shapes.len {
        match from.shapes.at[i] {
            Shape::Array(item) => shapes.push(item),
            Shape::Tuple(items) => push_all(&mut shapes, items),
            Shape::Map { .. } | Shape::Struct(_) | Shape::Enum(_) => shapes.push(TEXT),
            Shape::Any => shapes.push(&Shape::Any),
            _ => return Step::NoItems,
        }
        i += 1;
    }
    Step::To { shapes, absent: None }
}

const fn push_all(shapes: &mut Shapes, items: &[&'static Shape]) {
    let mut i = 0;
    while i < items.len() {
        shapes.push(items[i]);
        i += 1;
    }
}

const fn value_step(from: &Concrete, defs: &mut Defs) -> Step {
    let mut shapes = Shapes::new();
    let mut i = 0;
    while i < from.shapes.len {
        match from.shapes.at[i] {
            shape @ (Shape::Map { .. } | Shape::Struct(_) | Shape::Enum(_) | Shape::Any) => {
                let mut fields = Fields::of(shape);
                while let Some(entry) = fields.next(defs) {
                    shapes.push(entry.shape);
                }
            }
            _ => return Step::NoPairs,
        }
        i += 1;
    }
    Step::To { shapes, absent: None }
}

/// `[n]`, or `[key]` if `n` is `None`.
const fn index_step(from: &Concrete, n: Option<usize>, defs: &mut Defs) -> Step {
    let mut shapes = Shapes::new();
    let mut absent = None;
    let mut i = 0;
    while i < from.shapes.len {
        match (from.shapes.at[i], n) {
            (Shape::Array(item), _) => {
                absent = Some(Absent::Index);
                shapes.push(item);
            }
            (Shape::Tuple(items), Some(n)) if n < items.len() => shapes.push(items[n]),
            (Shape::Tuple(items), Some(_)) => return Step::Short(items.len()),
            (Shape::Tuple(items), None) => {
                absent = Some(Absent::Index);
                push_all(&mut shapes, items);
            }
            (Shape::Any, _) => shapes.push(&Shape::Any),
            (shape @ (Shape::Map { .. } | Shape::Struct(_) | Shape::Enum(_)), _) => {
                absent = Some(Absent::Key);
                let mut fields = Fields::of(shape);
                while let Some(entry) = fields.next(defs) {
                    shapes.push(entry.shape);
                }
            }
            _ => return Step::NoIndex,
        }
        i += 1;
    }
    Step::To { shapes, absent }
}

/// Whether both paths are equal in their first `len` steps.
pub(super) const fn same_way(a: &[Seg], b: &[Seg], len: usize) -> bool {
    if a.len() < len || b.len() < len {
        return false;
    }
    let mut i = 0;
    while i < len {
        let equal = match (a[i], b[i]) {
            (Seg::Field(a), Seg::Field(b)) => same(a, b),
            (Seg::Index(a), Seg::Index(b)) => a == b,
            (Seg::Item, Seg::Item) | (Seg::Value, Seg::Value) | (Seg::Lookup, Seg::Lookup) => true,
            _ => false,
        };
        if !equal {
            return false;
        }
        i += 1;
    }
    true
}
