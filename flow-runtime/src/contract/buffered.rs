//! What serde cannot read out of its buffer.
//!
//! Flattened, internally tagged and untagged content is first read into a buffer, because its type is not known yet. Keys in the
//! buffer remain strings (<https://github.com/serde-rs/serde/issues/1183>).

use super::members::{Direction, open_once, opened};
use super::shape::{is_leaf, is_same};
use super::{EnumShape, Member, Repr, Shape};

/// Why a shape cannot be read out of the buffer. Only maps are checked; their values are not inspected.
pub(crate) const fn unreadable(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Map { key, .. } if !is_text(key) => Some(
            "serde cannot read non-string keys inside flattened, untagged or internally tagged content: use string keys",
        ),
        _ => None,
    }
}

/// A key that is read from a string unchanged.
const fn is_text(key: &'static Shape) -> bool {
    matches!(
        opened(key, Direction::Read),
        Shape::Str { .. } | Shape::Char | Shape::Opaque(_) | Shape::Enum(EnumShape { repr: Repr::External, .. })
    )
}

/// How many shapes inside a content the first pass inspects; most need no more, and const evaluation pays for the array.
const FEW: usize = 8;
/// The limit of the second pass.
const MANY: usize = 1024;

/// Why something inside buffered content cannot be read, if so.
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
