//! Steps and workflows that passed the checks.

use std::ops::Deref;

use super::{Refusals, Workflow};

/// A step or workflow that passed `check`, with the facts the checks collected. Only `check` constructs it, and `expand` takes
/// nothing else.
pub(crate) struct Checked<T, Found = ()> {
    checked: T,
    pub(crate) found: Found,
}

pub(crate) type CheckedWorkflow = Checked<Workflow, Refusals>;

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
