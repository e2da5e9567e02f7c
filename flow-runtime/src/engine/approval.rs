//! Steps that a person approves before they do anything.

use serde_json::{Map, Value};

use super::attached::input_as;
use super::here::Here;
use crate::call::{Ops, ToolCall};
use crate::error::{Error, ErrorKind, Result};
use crate::gate::Verdict;
use crate::graph::MetaPtr;
use crate::media::by_hash;

/// Asks the approver of a step, if it has one. The answer is recorded, so a resumed run does not ask again.
///
/// # Errors
///
/// Fails with the reasons of a rejection, or if the approver fails.
pub(super) async fn obtain(here: &Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let (Some(approver), Some(call)) = (here.policy().approve, ops.approve()) else { return Ok(()) };
    // The start is recorded after the approval, so a step that has begun was approved.
    if here.past.began.is_some() {
        return Ok(());
    }
    let input = ops.input()?;
    ask(here, approver, call, input).await
}

async fn ask(here: &Here<'_>, approver: MetaPtr, call: ToolCall, input: Value) -> Result<()> {
    let Some(node) = here.policy().approve_node() else { return Ok(()) };
    let names = approver.get().arguments.iter().map(|argument| argument.name);
    let shown: Map<String, Value> =
        names.map(|name| (name.to_owned(), input.get(name).cloned().unwrap_or_default())).collect();
    let answer = {
        // The step itself is inactive, so that the run can leave memory while it waits.
        let _rests = here.rest();
        call(shown.into(), &here.site.cx, node).await?
    };
    let verdict: Verdict = serde_json::from_value(answer.value).map_err(Error::from)?;
    match verdict.reasons() {
        [] => Ok(()),
        reasons => {
            let answer = input_as(by_hash, here.site.meta, input).to_string();
            let kind = ErrorKind::Rejected { reasons: reasons.to_vec(), answer };
            Err(Error::new(kind, format!("`{}` did not approve it", approver.get().name)))
        }
    }
}
