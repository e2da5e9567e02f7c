//! Conflicts between flattened members: serde gives each the entries that earlier ones left.

use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, Member, Repr, Shape, StructShape};

/// Maximum depth to which a flattened shape is inspected.
const DEPTH: usize = 8;

/// The Rust name of a flattened member whose entries the member at `at` would consume, and whether it comes later.
pub(super) const fn taken(members: &'static [Member], at: usize) -> Option<(&'static str, bool)> {
    let Member::Flatten { shape, .. } = &members[at] else { return None };
    if !takes_all(shape, DEPTH) {
        return None;
    }
    let mut next = 0;
    while next < members.len() {
        if let Member::Flatten { rust, shape } = &members[next]
            && next != at
            && has_entries(shape)
        {
            // Of two members that consume everything, the first is reported.
            if next > at || leaves(shape, DEPTH) && !takes_all(shape, DEPTH) {
                return Some((rust, next > at));
            }
        }
        next += 1;
    }
    None
}

/// Whether the shape reads all remaining entries.
const fn takes_all(shape: &'static Shape, left: usize) -> bool {
    if left == 0 {
        return false;
    }
    match opened(shape, Direction::Read) {
        Shape::Map { .. } | Shape::Any => true,
        Shape::Option(inner) => takes_all(inner, left - 1),
        Shape::Struct(StructShape { members, .. }) => {
            let mut at = 0;
            while at < members.len() {
                if let Member::Flatten { shape, .. } = &members[at]
                    && takes_all(shape, left - 1)
                {
                    return true;
                }
                at += 1;
            }
            false
        }
        Shape::Enum(EnumShape { repr: Repr::Internal { .. } | Repr::Untagged, variants, .. }) => {
            let mut at = 0;
            while at < variants.len() {
                if let Some(shape) = variants[at].shape
                    && takes_all(shape, left - 1)
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

/// Whether the entries stay available after the shape has read them: only fields known by name are removed.
const fn leaves(shape: &'static Shape, left: usize) -> bool {
    match opened(shape, Direction::Read) {
        Shape::Option(inner) if left > 0 => leaves(inner, left - 1),
        Shape::Struct(object) => flattens(object.members),
        Shape::Enum(EnumShape { repr: Repr::External | Repr::Adjacent { .. }, .. }) => false,
        _ => true,
    }
}

const fn flattens(members: &'static [Member]) -> bool {
    let mut at = 0;
    while at < members.len() {
        if let Member::Flatten { .. } = &members[at] {
            return true;
        }
        at += 1;
    }
    false
}

const fn has_entries(shape: &'static Shape) -> bool {
    match opened(shape, Direction::Write) {
        Shape::Null => false,
        Shape::Struct(object) => !object.members.is_empty(),
        _ => true,
    }
}

/// Whether the shape is an enum with a variant that rejects unknown fields, and thus the fields next to it.
pub(super) const fn refuses_others(shape: &'static Shape) -> bool {
    let Shape::Enum(one_of) = opened(shape, Direction::Read) else { return false };
    if one_of.deny_unknown && !matches!(one_of.repr, Repr::External) {
        return true;
    }
    let mut at = 0;
    while matches!(one_of.repr, Repr::Internal { .. } | Repr::Untagged) && at < one_of.variants.len() {
        if let Some(content) = one_of.variants[at].shape
            && let Shape::Struct(StructShape { deny_unknown: true, .. }) = opened(content, Direction::Read)
        {
            return true;
        }
        at += 1;
    }
    false
}
