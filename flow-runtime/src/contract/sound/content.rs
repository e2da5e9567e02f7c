//! Content that can be next to a tag, or among the fields of another object: an object, or nothing.

use crate::contract::members::{Direction, opened};
use crate::contract::text::equal;
use crate::contract::{Access, Def, EnumShape, Member, Repr, Shape};

/// How many alternatives the first pass inspects; most need no more, and const evaluation pays for the array.
const FEW: usize = 4;
/// The limit of the second pass.
const MANY: usize = 256;

/// Where the content is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// Among the fields of another object.
    Fields,
    /// Next to a tag. schemars publishes an externally tagged enum there as elsewhere, but serde writes something else.
    Tag,
}

/// A part of the content that is not allowed there in one of the directions, if any.
pub(super) const fn no_object(content: &'static Shape, among: Among) -> Option<&'static Shape> {
    // The schema of a newtype refers to its content, so a unit inside is published as `null`.
    if matches!(among, Among::Tag) && is_newtype(content) && matches!(opened(content, Direction::Write), Shape::Null) {
        return Some(&Shape::Null);
    }
    match first::<FEW>(content, among, Direction::Write) {
        Some(found) => Some(found),
        None => first::<FEW>(content, among, Direction::Read),
    }
}

const fn first<const N: usize>(content: &'static Shape, among: Among, direction: Direction) -> Option<&'static Shape> {
    let mut queue = [content; N];
    let (mut at, mut len) = (0, 1);
    while at < len {
        match opened(queue[at], direction) {
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                let mut next = 0;
                while next < variants.len() {
                    if len == N {
                        return if N < MANY { first::<MANY>(content, among, direction) } else { None };
                    }
                    queue[len] = match variants[next].shape {
                        Some(shape) => shape,
                        None => &Shape::Null,
                    };
                    len += 1;
                    next += 1;
                }
            }
            Shape::Enum(EnumShape { repr: Repr::External, .. }) if matches!(among, Among::Tag) => {
                return Some(queue[at]);
            }
            // Among alternatives, serde does not read missing content as `null`.
            Shape::Null if at > 0 => return Some(queue[at]),
            shape if is_object(shape) => {}
            _ => return Some(queue[at]),
        }
        at += 1;
    }
    None
}

/// Unknown shapes may be objects.
const fn is_object(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Struct(_)
            | Shape::Map { .. }
            | Shape::Enum(_)
            | Shape::Null
            | Shape::Any
            | Shape::Opaque(_)
            | Shape::Ref(_)
            | Shape::Generic(_)
            | Shape::Named(_)
    )
}

/// Why the `None` of a flattened option of this type would be lost.
pub(super) const fn loses_none(inner: &'static Shape) -> Option<&'static str> {
    match opened(inner, Direction::Read) {
        Shape::Struct(_) if is_newtype(inner) => Some("of a newtype, whose fields its schema requires"),
        Shape::Option(_) => Some("of an `Option`, and one of the two is lost"),
        Shape::Enum(_) => Some("of an enum, which its schema requires"),
        Shape::Struct(object) if !has_required(object.members) => Some(NOTHING),
        Shape::Map { .. } | Shape::Any | Shape::Null => Some(NOTHING),
        _ => None,
    }
}

const fn is_newtype(shape: &'static Shape) -> bool {
    match shape.def() {
        // A transparent struct is published as its content.
        Some(Def { access: Access::Inner(name), .. }) => equal(name, "0"),
        _ => false,
    }
}

const NOTHING: &str = "of a type that can be read without any field, so `None` is read back as `Some`";

const fn has_required(members: &'static [Member]) -> bool {
    let mut at = 0;
    while at < members.len() {
        let required = match &members[at] {
            Member::Flatten { shape, .. } => match opened(shape, Direction::Read) {
                Shape::Struct(object) => has_required(object.members),
                Shape::Enum(_) => true,
                _ => false,
            },
            member => match member.field() {
                Some(field) => field.required,
                None => false,
            },
        };
        if required {
            return true;
        }
        at += 1;
    }
    false
}
