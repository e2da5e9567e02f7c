//! What `parse` gives to `check`.

use super::Finding;

/// A function, step or workflow as it is written, with what the rules have to decide on, in the order of the source.
pub(crate) struct Parsed<T> {
    pub(crate) model: T,
    pub(crate) findings: Vec<Finding>,
}
