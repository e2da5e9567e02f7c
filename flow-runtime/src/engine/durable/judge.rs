//! Judges an answer by the step's gates as soon as it is given: first the gates that work without the run, the rest in
//! the run.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use serde_json::Value;

use crate::call::Cx;
use crate::call::{Given, JudgeAt, panicked};
use crate::engine::attached::input_as;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Kind, Meta, MetaPtr};
use crate::media::{by_hash, expanded};

/// Rejects an answer that the step's contract or its gates reject, without the run.
///
/// Returns the gates that only the run can ask: models, which cost money and may answer differently next time; people;
/// gates with effects; and gates that take a state, or an argument that cannot be restored from its record. Returns all
/// gates if a `fix` step may repair the answer.
pub(super) async fn before(
    runtime: &Runtime,
    step: &'static Meta,
    input: &Value,
    answer: &Value,
    asks_code: bool,
) -> Result<Vec<&'static str>> {
    let all = || step.policy.gates.iter().map(|gate| gate.name).collect();
    let Some(judge) = judge_at(step) else {
        return Ok(all());
    };
    let (run, _engine) = runtime.begin(None, step, None);
    let cx = Cx::root(&run);
    let input = input_as(expanded, step, input.clone());
    let whole = expanded(step.output.shape, answer.clone());
    let given = Given::new(MetaPtr::new(step), whole, &input, &cx, asks_code);
    let judged = AssertUnwindSafe(async { judge(given).await }).catch_unwind().await;
    let said = judged.unwrap_or_else(|panic| Err(panicked(panic)))?;
    if step.policy.fix.is_some() {
        return Ok(all());
    }
    let left = said.left().to_vec();
    let reasons: Vec<String> = said.into_all().iter().flat_map(|said| said.verdict.reasons().to_vec()).collect();
    if reasons.is_empty() { Ok(left) } else { Err(rejected_answer(step, reasons, answer.clone())) }
}

fn judge_at(step: &'static Meta) -> Option<JudgeAt> {
    step.policy.judge.and_then(|judge| judge().downcast::<JudgeAt>().ok()).map(|judge| *judge)
}

/// The error for the caller whose answer was rejected.
pub(super) fn rejected_answer(step: &'static Meta, reasons: Vec<String>, answer: Value) -> Error {
    let kind = ErrorKind::Rejected { reasons, answer: by_hash(step.output.shape, answer).to_string() };
    Error::new(kind, format!("the answer was rejected by the gates of step `{}`", step.name))
}

/// Returns why an answer was rejected.
pub(super) fn reasons(error: &Error) -> Vec<String> {
    match error.kind() {
        ErrorKind::Rejected { reasons, .. } => reasons.clone(),
        ErrorKind::ContractViolated { violations, .. } => violations.iter().map(ToString::to_string).collect(),
        _ => vec![error.message().to_owned()],
    }
}

/// Returns whether the step's gates reach a verdict without waiting for people or a point in time.
pub(super) fn judges_at_once(step: &'static Meta) -> bool {
    let waits = |part: &&'static Meta| matches!(part.kind, Kind::Human | Kind::Signal | Kind::Timer);
    !step.helpers().flat_map(Meta::reachable).any(|part| waits(&part))
}
