//! What a person's silence means.

use serde_json::{Value, json};

use super::attempt::fill;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, OnTimeout};

/// Puts the decision that `on_timeout` names in place of an answer that did not come in time; any other failure stays.
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

/// Accepts the first argument that the review can hold: the value the person was shown.
fn accept(meta: &'static Meta, ops: &mut dyn Ops) -> Result<()> {
    let input = ops.input()?;
    let mut shown = meta.arguments.iter().filter_map(|argument| input.get(argument.name));
    if shown.any(|value| ops.fill(accepted(value)).is_ok()) {
        return Ok(());
    }
    Err(Error::terminal("`on_timeout = accept` finds no argument that the review could hold"))
}

fn accepted(value: &Value) -> Value {
    json!({ "decision": "accept", "value": value })
}
