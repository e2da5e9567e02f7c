//! The rules of a contract. Each looks at the whole item and reports on its own.

mod names;
mod schemars;
mod secret;
mod serde;

use serde_derive_internals::ast::Container;

use crate::errors::Errors;

/// Applies every rule.
pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    serde::check(container, errors);
    names::check(container, errors);
    schemars::check(container, errors);
    secret::check(container, errors);
}
