//! The alternatives in which an object is written: one per combination of the variants of its enums.

use super::{DEPTH, Direction, Members, opened};
use crate::contract::{EnumShape, Member, Repr, Shape, StructShape, Variant};

/// The writer of an object: a struct, or one variant of an enum.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    pub(super) shape: &'static Shape,
    choice: Option<usize>,
}

/// The maximum number of alternatives of one object that are inspected.
const CHOICES: usize = 256;

impl Source {
    pub(crate) const fn new(shape: &'static Shape, choice: Option<usize>) -> Self {
        Self { shape, choice }
    }

    pub(crate) const fn members(&self) -> Members {
        const NONE: StructShape = StructShape { members: &[], deny_unknown: false };
        let (mut members, first) = match self.shape {
            Shape::Struct(object) => (Members::of(object, Direction::Write), None),
            shape => (Members::of(&NONE, Direction::Write), Some(shape)),
        };
        members.first = first;
        members.choice = self.choice;
        members
    }

    /// The struct itself, whose own fields are found fastest.
    pub(super) const fn object(&self) -> &'static StructShape {
        match self.shape {
            Shape::Struct(object) => object,
            _ => &StructShape { members: &[], deny_unknown: false },
        }
    }

    /// Whether the shape is an enum or has flattened ones.
    pub(crate) const fn has_enums(shape: &'static Shape) -> bool {
        has_enums(shape, DEPTH)
    }

    /// The number of combinations of its enums' variants; `None` if they are too many or cannot be told apart by name.
    pub(crate) const fn choices(shape: &'static Shape) -> Option<usize> {
        match choices(shape, DEPTH) {
            0 => None,
            count => Some(count),
        }
    }
}

const fn has_enums(shape: &'static Shape, depth: usize) -> bool {
    match opened(shape, Direction::Write) {
        _ if depth == 0 => false,
        Shape::Enum(_) => true,
        Shape::Option(inner) => has_enums(inner, depth - 1),
        Shape::Struct(object) => {
            let mut at = 0;
            while at < object.members.len() {
                if let Member::Flatten { shape, .. } = &object.members[at]
                    && has_enums(shape, depth - 1)
                {
                    return true;
                }
                at += 1;
            }
            false
        }
        _ => false,
    }
}

/// 0 means unclear.
const fn choices(shape: &'static Shape, depth: usize) -> usize {
    match opened(shape, Direction::Write) {
        _ if depth == 0 => 0,
        Shape::Option(inner) => choices(inner, depth - 1),
        Shape::Struct(object) => {
            let (mut count, mut at) = (1_usize, 0);
            while at < object.members.len() {
                if let Member::Flatten { shape, .. } = &object.members[at] {
                    count = count.saturating_mul(choices(shape, depth - 1));
                }
                at += 1;
            }
            if count > CHOICES { 0 } else { count }
        }
        Shape::Enum(EnumShape { repr: Repr::Untagged, .. }) => 0,
        Shape::Enum(one_of) if matches!(one_of.repr, Repr::Internal { .. }) && !has_plain_contents(one_of, depth) => 0,
        Shape::Enum(one_of) => one_of.written_count(),
        _ => 1,
    }
}

/// Whether no variant has alternatives next to the tag.
const fn has_plain_contents(one_of: &'static EnumShape, depth: usize) -> bool {
    let mut at = 0;
    while at < one_of.variants.len() {
        if let Some(shape) = one_of.variants[at].shape
            && choices(shape, depth - 1) != 1
        {
            return false;
        }
        at += 1;
    }
    true
}

impl EnumShape {
    /// The number of written variants.
    pub(crate) const fn written_count(&self) -> usize {
        let (mut count, mut at) = (0, 0);
        while at < self.variants.len() {
            count += self.variants[at].ser.is_some() as usize;
            at += 1;
        }
        count
    }

    /// The written variant at an index, with its name.
    pub(crate) const fn written(&self, mut index: usize) -> Option<(&Variant, &'static str)> {
        let mut at = 0;
        while at < self.variants.len() {
            match self.variants[at].ser {
                Some(name) if index == 0 => return Some((&self.variants[at], name)),
                Some(_) => index -= 1,
                None => {}
            }
            at += 1;
        }
        None
    }
}
