//! The shape of a part of a value: `a.candidate.skills[0]`, by Rust names.

use super::members::{Direction, opened};
use super::report::Report;
use super::text::equal;
use super::{Access, Def, Field, Member, Shape, Variant};

/// A step from a value to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seg {
    /// A field by its Rust name: of a struct, or of a struct variant after [`Variant`](Self::Variant).
    Field(&'static str),
    /// A positional field: `.0` of a tuple or tuple struct.
    Index(usize),
    /// An element of a sequence: `xs[i]`, or the variable of a `for`.
    Item,
    /// What is in an `Option`: after `?`, `unwrap()`, or in the pattern `Some(x)`.
    Some,
    /// The struct variant with this Rust name, of an enum; [`Field`](Self::Field) follows.
    Variant(&'static str),
    /// The same text in another type: after `to_string()`.
    Text,
    /// A positional field of a variant: `x` in `Kind::Bug(x)`.
    Payload {
        /// The Rust name of the variant.
        variant: &'static str,
        /// The position.
        index: usize,
    },
}

/// The target of a projection.
#[derive(Clone, Copy, Debug)]
pub enum Projection {
    /// To this shape.
    Known(&'static Shape),
    /// Something the contract does not describe: a skipped field, a field with its own serde functions, the inside of an opaque
    /// or converted type.
    Unknown,
}

/// Returns the shape at `path` in what a type writes.
pub const fn project(shape: &'static Shape, path: &[Seg]) -> Projection {
    let mut shape = shape;
    let mut at = 0;
    while at < path.len() {
        shape = match step(shape, path[at]) {
            Some(part) => part,
            None => return Projection::Unknown,
        };
        at += 1;
    }
    // A reference to an enclosing definition is meaningless without it.
    if mentions_enclosing(shape) { Projection::Unknown } else { Projection::Known(shape) }
}

const fn step(shape: &'static Shape, seg: Seg) -> Option<&'static Shape> {
    match shape.def() {
        Some(def) => in_def(def, seg),
        None => in_body(shape, seg),
    }
}

const fn in_def(def: &'static Def, seg: Seg) -> Option<&'static Shape> {
    match (def.access, seg) {
        (Access::Hidden, _) => None,
        (Access::Inner(field), Seg::Index(0)) if equal(field, "0") => Some(&def.body),
        (Access::Inner(field), Seg::Field(name)) if equal(field, name) => Some(&def.body),
        // A wrapper has no other fields; derefs and patterns of its content are unknown.
        (Access::Inner(_), _) => None,
        // A pattern with the name of a struct matches its fields.
        (Access::Members, Seg::Variant(name)) if is_struct(&def.body) && equal(def.name, name) => Some(&def.body),
        (Access::Members, Seg::Payload { variant, index }) if !is_enum(&def.body) && equal(def.name, variant) => {
            in_body(&def.body, Seg::Index(index))
        }
        (Access::Members, _) => in_body(&def.body, seg),
    }
}

const fn in_body(shape: &'static Shape, seg: Seg) -> Option<&'static Shape> {
    match (shape, seg) {
        (Shape::Split { write, .. }, _) => in_body(write, seg),
        (Shape::Struct(object), Seg::Field(name)) => field(object.members, name),
        (Shape::Tuple(items), Seg::Index(index)) if index < items.len() => Some(items[index]),
        (Shape::Array(item), Seg::Item) => Some(item),
        (Shape::Tuple(items), Seg::Item) => same_items(items),
        // Iterating over an option yields at most one item.
        (Shape::Option(inner), Seg::Some | Seg::Item) => Some(inner),
        (Shape::Str { .. } | Shape::Char, Seg::Text) => Some(TEXT),
        (Shape::Enum(one_of), Seg::Variant(name)) => match variant(one_of.variants, name) {
            Some(variant) => variant.shape,
            None => None,
        },
        (Shape::Enum(one_of), Seg::Payload { variant: name, index }) => match variant(one_of.variants, name) {
            Some(variant) => payload(variant, index),
            None => None,
        },
        _ => None,
    }
}

const TEXT: &Shape = &Shape::Str { format: None };

const fn is_struct(body: &Shape) -> bool {
    matches!(body, Shape::Struct(_))
}

const fn is_enum(body: &Shape) -> bool {
    matches!(body, Shape::Enum(_))
}

const fn field(members: &'static [Member], name: &str) -> Option<&'static Shape> {
    let mut at = 0;
    while at < members.len() {
        match &members[at] {
            Member::Plain(rust, _, shape) if equal(rust, name) => return Some(shape),
            Member::Field(field) if equal(field.rust, name) => {
                let known = !field.by_hand && field.ser.is_some();
                return if known { Some(field.shape) } else { None };
            }
            Member::Flatten { rust, shape } if equal(rust, name) => return Some(shape),
            _ => {}
        }
        at += 1;
    }
    None
}

const fn variant(variants: &'static [Variant], name: &str) -> Option<&'static Variant> {
    let mut at = 0;
    while at < variants.len() {
        if equal(variants[at].rust, name) {
            return Some(&variants[at]);
        }
        at += 1;
    }
    None
}

const fn payload(variant: &'static Variant, index: usize) -> Option<&'static Shape> {
    match variant.shape {
        Some(shape) if variant.newtype && index == 0 => Some(shape),
        Some(Shape::Tuple(items)) if !variant.newtype && index < items.len() => Some(items[index]),
        _ => None,
    }
}

/// The elements of a tuple may differ, and `[T; N]` has the same shape as a tuple, so only a single element is known.
const fn same_items(items: &'static [&'static Shape]) -> Option<&'static Shape> {
    match items {
        [only] => Some(only),
        _ => None,
    }
}

/// Whether the shape refers to an enclosing definition and is meaningless alone. Named types inside are self-contained.
pub(crate) const fn mentions_enclosing(shape: &'static Shape) -> bool {
    match opened_container(shape) {
        Shape::Ref(_) => true,
        Shape::Tuple(items) => any_mentions(items),
        Shape::Struct(object) => any_member_mentions(object.members),
        _ => false,
    }
}

const fn any_member_mentions(members: &'static [Member]) -> bool {
    let mut at = 0;
    while at < members.len() {
        let (Member::Plain(_, _, shape) | Member::Field(Field { shape, .. }) | Member::Flatten { shape, .. }) =
            &members[at];
        if mentions_enclosing(shape) {
            return true;
        }
        at += 1;
    }
    false
}

const fn any_mentions(items: &'static [&'static Shape]) -> bool {
    let mut at = 0;
    while at < items.len() {
        if mentions_enclosing(items[at]) {
            return true;
        }
        at += 1;
    }
    false
}

const fn opened_container(mut shape: &'static Shape) -> &'static Shape {
    loop {
        shape = match shape {
            Shape::Array(inner) | Shape::Option(inner) | Shape::Map { value: inner, .. } => inner,
            _ => return shape,
        };
    }
}

/// Returns whether the shape is written as an object with named members.
pub const fn is_object(shape: &'static Shape) -> bool {
    matches!(opened(shape, Direction::Write), Shape::Struct(_))
}

impl Seg {
    /// Appends the step in Rust syntax.
    pub(crate) const fn write(&self, report: &mut Report) {
        match self {
            Self::Field(name) => report.write(&[".", name]),
            Self::Index(index) => {
                report.write(&["."]);
                report.write_int(*index);
            }
            Self::Item => report.write(&["[]"]),
            Self::Some | Self::Text => {}
            Self::Variant(name) => report.write(&["::", name]),
            Self::Payload { variant, index } => {
                report.write(&["::", variant, "."]);
                report.write_int(*index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::DefPtr;

    const TEXT: &Shape = &Shape::Str { format: None };
    static PLACE: Def = Def {
        id: "place",
        name: "Place",
        hash: 0,
        access: Access::Members,
        body: Shape::Struct(crate::contract::StructShape {
            members: &[Member::Plain("city", 0, TEXT), Member::Plain("zip", 0, &Shape::Option(TEXT))],
            deny_unknown: false,
        }),
    };
    const NAMED: &Shape = &Shape::Named(DefPtr::new(&PLACE));

    fn is_text(path: &[Seg]) -> bool {
        matches!(project(NAMED, path), Projection::Known(Shape::Str { .. }))
    }

    #[test]
    fn a_pattern_with_the_name_of_a_struct_is_its_fields() {
        assert!(is_text(&[Seg::Variant("Place"), Seg::Field("city")]));
        assert!(!is_text(&[Seg::Variant("Other"), Seg::Field("city")]));
    }

    #[test]
    fn a_text_stays_a_text_and_nothing_else_is_one() {
        assert!(is_text(&[Seg::Field("city"), Seg::Text]));
        assert!(matches!(project(NAMED, &[Seg::Text]), Projection::Unknown));
    }

    #[test]
    fn an_option_is_a_list_of_one() {
        assert!(is_text(&[Seg::Field("zip"), Seg::Item]) && is_text(&[Seg::Field("zip"), Seg::Some]));
    }
}
