//! What can stand beside a tag, or among the fields of another object: an object, or nothing at all.

use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Repr, Shape};

/// How many alternatives of one content are looked at.
const ALTERNATIVES: usize = 32;

/// A part of the content that is no object in this direction, if there is one. serde refuses an option beside a tag.
pub(super) const fn no_object(content: &'static Shape) -> Option<&'static Shape> {
    match first(content, Direction::Write) {
        Some(found) => Some(found),
        None => first(content, Direction::Read),
    }
}

const fn first(content: &'static Shape, direction: Direction) -> Option<&'static Shape> {
    let mut queue = [content; ALTERNATIVES];
    let (mut at, mut len) = (0, 1);
    while at < len {
        match opened(queue[at], direction) {
            Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
                let mut next = 0;
                while next < variants.len() {
                    if let Some(shape) = variants[next].shape
                        && len < ALTERNATIVES
                    {
                        queue[len] = shape;
                        len += 1;
                    }
                    next += 1;
                }
            }
            shape if is_object(shape) => {}
            shape => return Some(shape),
        }
        at += 1;
    }
    None
}

/// What is not known may be one.
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
