//! What `check` refused in the body of a workflow.

use std::collections::{BTreeMap, BTreeSet};

use syn::Expr;

/// The errors of a body, as far as they change its expansion.
#[derive(Default)]
pub(crate) struct Refusals {
    /// Anything was refused, so analyses of the graph are meaningless.
    pub(crate) any: bool,
    /// The errors in the place of refused expressions, by the index in their placeholders.
    pub(crate) in_place: BTreeMap<usize, Expr>,
    /// Indices of the calls with errors in their arguments, whose callee is not checked.
    pub(crate) calls: BTreeSet<usize>,
}
