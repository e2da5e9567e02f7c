//! What serde cannot read out of its buffer.
//!
//! Whatever is flattened, beside a tag or without one is first read into a buffer, since its type is not known yet. There keys
//! are strings for good (<https://github.com/serde-rs/serde/issues/1183>).

use super::members::{Direction, open_once, opened};
use super::round_trip::is_leaf;
use super::{EnumShape, Member, Repr, Shape, is_same};

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

/// How many shapes inside one content are looked at where few are enough: const evaluation pays for the list it makes.
const FEW: usize = 8;
/// How many are looked at otherwise; no more are.
const MANY: usize = 1024;

/// Why something inside what is read out of the buffer cannot be read, if that is so.
pub(crate) const fn unreadable_inside(content: &'static Shape) -> Option<&'static str> {
    let mut few = Walk::<FEW>::new(content);
    let reason = few.reason();
    if few.full { Walk::<MANY>::new(content).reason() } else { reason }
}

struct Walk<const N: usize> {
    queue: [&'static Shape; N],
    len: usize,
    full: bool,
}

impl<const N: usize> Walk<N> {
    const fn new(content: &'static Shape) -> Self {
        Self { queue: [content; N], len: 1, full: false }
    }

    const fn reason(&mut self) -> Option<&'static str> {
        let mut at = 0;
        while at < self.len {
            let shape = match open_once(self.queue[at], Direction::Read) {
                Some(body) => body,
                None => self.queue[at],
            };
            if let Some(reason) = unreadable(shape) {
                return Some(reason);
            }
            self.parts(shape);
            at += 1;
        }
        None
    }

    const fn push(&mut self, shape: &'static Shape) {
        if is_leaf(shape) {
            return;
        }
        let mut at = 0;
        while at < self.len {
            if is_same(self.queue[at], shape) {
                return;
            }
            at += 1;
        }
        if self.len == N {
            self.full = true;
            return;
        }
        self.queue[self.len] = shape;
        self.len += 1;
    }

    const fn parts(&mut self, shape: &'static Shape) {
        match shape {
            Shape::Array(inner) | Shape::Option(inner) | Shape::Map { value: inner, .. } => self.push(inner),
            Shape::Tuple(items) => {
                let mut at = 0;
                while at < items.len() {
                    self.push(items[at]);
                    at += 1;
                }
            }
            Shape::Struct(object) => {
                let mut at = 0;
                while at < object.members.len() {
                    match &object.members[at] {
                        Member::Plain(_, _, shape) | Member::Flatten { shape, .. } => self.push(shape),
                        Member::Field(field) => self.push(field.shape),
                    }
                    at += 1;
                }
            }
            Shape::Enum(one_of) => {
                let mut at = 0;
                while at < one_of.variants.len() {
                    if let Some(shape) = one_of.variants[at].shape {
                        self.push(shape);
                    }
                    at += 1;
                }
            }
            Shape::Named(_) | Shape::Generic(_) | Shape::Split { .. } => self.push(shape),
            _ => {}
        }
    }
}
