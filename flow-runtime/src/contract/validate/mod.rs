//! Whether a JSON value can be read as a shape, with all violations.

mod attached;
mod bounds;
mod integers;
mod keys;
mod meant;
mod object;
mod scalars;
mod unknown;
mod validator;
mod variants;

use crate::violation::Violation;
pub(super) use crate::violation::describe;
pub(crate) use attached::each_attached;
pub(super) use bounds::{has_bounds, violated_bounds};
pub(crate) use integers::with_integers;
pub use meant::{means_only_text, means_text, takes_media, takes_text};
pub(crate) use unknown::unknown_fields;

use serde_json::Value;

use super::Shape;
use validator::Validator;

/// Returns everything that prevents `value` from being read as `shape`; empty if it can be read.
///
/// Like serde, it ignores unknown fields unless the type has `deny_unknown_fields`. String formats that only their type can parse
/// are left to [`decode`](super::decode).
pub fn validate(shape: &'static Shape, value: &Value) -> Vec<Violation> {
    let mut validator = Validator::default();
    validator.check(shape, value);
    validator.found
}

#[cfg(test)]
mod tests;
