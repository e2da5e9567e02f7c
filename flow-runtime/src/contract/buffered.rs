//! What serde cannot read out of its buffer.
//!
//! Whatever is flattened, beside a tag or without one is first read into a buffer, since its type is not known yet. There keys
//! are strings for good (<https://github.com/serde-rs/serde/issues/1183>).

use super::members::{Direction, opened};
use super::{EnumShape, Repr, Shape};

/// Why a shape, itself or as a map, cannot be read out of the buffer.
pub(crate) const fn unreadable(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Map { key, .. } if !is_text(key) => Some(
            "serde cannot read keys that are no strings inside what is flattened, untagged or beside a tag: use strings",
        ),
        _ => None,
    }
}

/// A key that is read from a string as it is.
const fn is_text(key: &'static Shape) -> bool {
    matches!(
        opened(key, Direction::Read),
        Shape::Str { .. } | Shape::Char | Shape::Opaque(_) | Shape::Enum(EnumShape { repr: Repr::External, .. })
    )
}
