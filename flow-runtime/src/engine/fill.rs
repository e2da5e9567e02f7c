//! Fills the slot of a call.

use serde_json::Value;

use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};

/// Stores a value in the slot of a call; fails if it breaks the contract of the step.
pub(super) fn fill(ops: &mut dyn Ops, value: Value) -> Result<()> {
    let answer = value.to_string();
    ops.fill(value).map_err(|violations| {
        Error::new(ErrorKind::ContractViolated { violations, answer }, "the answer breaks the step's contract")
    })
}
