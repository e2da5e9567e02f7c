//! One contract at two times.

use super::search::Search;
use crate::contract::StructShape;
use crate::contract::members::{Direction, Item, Members};

/// A contract as it was, and as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evolution {
    /// What is written is as it was, and what is read as it is; otherwise the reverse.
    pub forward: bool,
    /// Nothing that is written may be passed over: what is not read is a difference, too.
    pub whole: bool,
}

impl Evolution {
    /// Old values, read now.
    pub const READ_NOW: Self = Self { forward: true, whole: false };
    /// Old values, of which everything must still be there.
    pub const KEPT: Self = Self { forward: true, whole: true };
    /// New values, read as before.
    pub const READ_BEFORE: Self = Self { forward: false, whole: false };
    /// New values, in which nothing may be new.
    pub const NOTHING_NEW: Self = Self { forward: false, whole: true };
}

impl<const N: usize> Search<'_, N> {
    /// Members that an object does not know are a difference.
    pub(super) const fn is_closed(&self, to: &'static StructShape) -> bool {
        to.deny_unknown || matches!(self.evolution, Some(Evolution { whole: true, .. })) && !takes_any(to)
    }
}

/// A flattened map takes whatever nothing else takes, and what a flattened enum takes is compared by variant.
const fn takes_any(object: &'static StructShape) -> bool {
    let mut readers = Members::of(object, Direction::Read);
    while let Some(item) = readers.next() {
        if let Item::Rest { .. } | Item::Unclear { .. } = item {
            return true;
        }
    }
    false
}
