//! The default decision for a person who does not answer in time.

use serde_json::{Value, json};

use super::fill::fill;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, OnTimeout};

/// Replaces a missing answer by the decision in `on_timeout`; any other failure stays.
pub(super) fn decide(meta: &'static Meta, ops: &mut dyn Ops, failure: Error) -> Result<()> {
    if !matches!(failure.kind(), ErrorKind::TimedOut { .. }) {
        return Err(failure);
    }
    match meta.policy.on_timeout {
        OnTimeout::Fail => Err(failure),
        OnTimeout::Accept => accept(meta, ops),
        OnTimeout::Reject => {
            let reason = failure.message();
            fill(ops, json!({ "decision": "reject", "value": { "reason": reason } }))
        }
    }
}

/// Accepts the first argument that the review can accept: the value that the person was shown.
fn accept(meta: &'static Meta, ops: &mut dyn Ops) -> Result<()> {
    let input = ops.input()?;
    let mut shown = meta.arguments.iter().filter_map(|argument| input.get(argument.name));
    if shown.any(|value| ops.fill(accepted(value)).is_ok()) {
        return Ok(());
    }
    Err(Error::terminal("`on_timeout = accept` found no argument that the review can accept"))
}

fn accepted(value: &Value) -> Value {
    json!({ "decision": "accept", "value": value })
}
