//! What may be wrong with a shape.

use super::finite::Circle;
use super::names::Clash;
use crate::contract::{Shape, Variant};

/// A flaw of a shape.
#[derive(Clone, Copy)]
pub(super) enum Flaw {
    /// An option of a type that may be `null`.
    Null(&'static Shape),
    /// A 128-bit integer.
    Wide,
    /// A map with keys that JSON cannot represent.
    Key(&'static Shape),
    /// A type without a finite value.
    NoValue(Circle),
    /// A flattened field that is not an object.
    NoObject(&'static Shape),
    /// A flattened option whose `None` would be lost, and why.
    LosesNone(&'static str),
    /// A flattened field that consumes the entries of another flattened one, which comes later (`after`) or leaves its entries.
    TakesAll {
        other: &'static str,
        after: bool,
    },
    /// An enum that rejects unknown fields, flattened or next to a tag.
    RefusesOthers(&'static Shape),
    /// A flattened field that shares a name with another member.
    Clash(Clash),
    /// The content of an internally tagged variant that is not an object.
    Untaggable {
        variant: &'static str,
        tag: &'static str,
        found: &'static Shape,
    },
    /// A variant with a field named like its tag.
    TagClash {
        tag: &'static str,
    },
    /// An untagged variant that is always read as an earlier one, or as one of several (not `alone`). If it came first, it would
    /// hide them in turn (`mutual`).
    Hidden {
        variant: &'static Variant,
        earlier: &'static Variant,
        alone: bool,
        mutual: bool,
    },
    /// Inner content that serde cannot read at this place, and why.
    Unreadable(&'static str),
    TooLarge,
}

/// A field or variant of a generic type, which is not checked where it is defined.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) of: &'static str,
    pub(super) member: &'static str,
}
