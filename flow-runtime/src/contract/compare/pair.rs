//! A pair of shapes to compare, and how it was reached.

use crate::contract::project::mentions_enclosing;
use crate::contract::{Def, Shape};

/// The step from a pair to one inside it.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Part of the same value: an alternative, or the content of an option.
    Same,
    /// The definition of a named type.
    Opened,
    /// Not a pair: the types that the members below were flattened from.
    Scope,
    Field(&'static str),
    Index(usize),
    Item,
    Value,
    Variant(&'static str),
}

/// A named type on one side of a pair. Two instances of a generic type share an id and are distinguished by `home`, the pair that
/// introduced each.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) def: &'static Def,
    pub(super) instance: bool,
    pub(super) home: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: Option<&'static Shape>,
    pub(super) to: Option<&'static Shape>,
    pub(super) from_name: Option<Name>,
    pub(super) to_name: Option<Name>,
    pub(super) parent: usize,
    pub(super) step: Step,
    /// serde reads this out of its buffer.
    pub(super) buffered: bool,
    /// If set, `from` is written only as this combination of variants of its enums.
    pub(super) choice: Option<usize>,
    /// The previous pair of names; links assumptions so that lookups skip everything else.
    pub(super) earlier: Option<usize>,
}

impl Pair {
    /// A placeholder for unused entries.
    pub(super) const NONE: Self = Self {
        from: None,
        to: None,
        from_name: None,
        to_name: None,
        parent: 0,
        step: Step::Same,
        buffered: false,
        choice: None,
        earlier: None,
    };
}

impl Name {
    /// The same non-generic type on both sides: whether it reads what it writes is checked elsewhere.
    pub(super) const fn is_one_type(self, other: Self) -> bool {
        !self.instance && self.is(other)
    }

    pub(super) const fn is(self, other: Self) -> bool {
        self.def.is(other.def) && (!self.instance || self.home == other.home)
    }
}

/// The shape of a member, and the generic type that it was flattened from.
#[derive(Clone, Copy)]
pub(super) struct Scoped {
    pub(super) shape: &'static Shape,
    pub(super) home: Option<&'static Shape>,
}

impl Scoped {
    pub(super) const fn home(&self) -> Option<&'static Shape> {
        match self.home {
            Some(home) if mentions_enclosing(self.shape) => Some(home),
            _ => None,
        }
    }
}
