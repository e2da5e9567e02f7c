//! The user's own error types.

use std::error::Error as StdError;

use serde_json::Value;

use super::{BoxError, Result};
use crate::violation::Violation;

/// Converts the user's own error type to JSON and back, so that a resumed run has it again.
#[derive(Clone, Copy, Debug)]
pub struct OwnError {
    /// Encodes the error, if it is of this type.
    pub encode: fn(&(dyn StdError + 'static)) -> Option<Result<Value>>,
    /// Decodes a recorded error.
    pub decode: fn(Value) -> Result<BoxError, Vec<Violation>>,
    /// The published schema of the written form.
    pub schema: fn() -> Value,
}
