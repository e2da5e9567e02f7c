//! The rules of a contract. Each one checks the complete item independently.

mod names;
mod schemars;
mod secret;
mod serde;

use serde_derive_internals::ast::Container;

use crate::errors::Errors;

pub(super) fn check(container: &Container<'_>, errors: &mut Errors) {
    serde::check(container, errors);
    names::check(container, errors);
    schemars::check(container, errors);
    secret::check(container, errors);
}
