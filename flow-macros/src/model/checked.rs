//! What the rules have accepted.

use std::ops::Deref;

/// A step or workflow that went through `check`, with what the rules found out about it. Only `check` makes one, and `expand` writes
/// code for nothing else.
pub(crate) struct Checked<T, Found = ()> {
    checked: T,
    pub(crate) found: Found,
}

impl<T, Found> Checked<T, Found> {
    pub(crate) fn new(checked: T, found: Found) -> Self {
        Self { checked, found }
    }
}

impl<T, Found> Deref for Checked<T, Found> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.checked
    }
}
