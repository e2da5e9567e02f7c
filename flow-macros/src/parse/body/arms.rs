//! Arms that handle an error, and the role of values in a function.

use proc_macro2::TokenStream;

#[derive(Default)]
pub(super) struct Arms {
    pub(super) all: Vec<Arm>,
    /// Indices of the arms around the current position.
    pub(super) open: Vec<usize>,
}

/// An arm that is taken if a call has failed.
pub(super) struct Arm {
    /// The tokens that test for the error: a pattern, a method, or `else`.
    pub(super) at: TokenStream,
    /// Indices of the calls that have failed if it is taken.
    pub(super) failed: Vec<usize>,
    /// It is only taken if they have failed. Otherwise it begins before the element at its start, however that ends.
    pub(super) is_certain: bool,
    /// Indices of the arms around it.
    pub(super) within: Vec<usize>,
    /// Its first position in the structure.
    pub(super) start: usize,
    /// The positions in the structure at which it ends the workflow with `Ok`.
    pub(super) ends: Vec<usize>,
}

/// The errors that an arm handles.
pub(super) struct Handled {
    pub(super) at: TokenStream,
    pub(super) failed: Vec<usize>,
    /// The arm is only taken if a call has failed.
    pub(super) is_certain: bool,
}

/// The role of a value in the enclosing function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tail {
    /// The function continues after it.
    #[default]
    No,
    /// It is the result of the function.
    Result,
    /// It is inside the `Ok(…)` that is the result.
    InOk,
}

impl Arms {
    pub(super) fn read(self) -> Vec<Arm> {
        self.all
    }

    /// Adjusts the arms after the structure was truncated to `from`.
    pub(super) fn left_out(&mut self, from: usize) {
        let ends = self.all.iter_mut().flat_map(|arm| &mut arm.ends);
        ends.for_each(|end| *end = from.min(*end));
    }

    pub(super) fn has_failed(&self, call: usize) -> bool {
        self.open.iter().any(|arm| self.all[*arm].failed.contains(&call))
    }
}
