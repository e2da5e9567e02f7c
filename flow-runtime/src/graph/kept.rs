//! Effects that a `strict` workflow keeps after an error it handles.

use super::called::Called;
use super::{Kind, Meta, MetaPtr};
use crate::contract::Report;

/// Checks an arm that handles an error and ends its workflow with `Ok`: each earlier call with a `compensate` step must be
/// followed by `flow::undo`. `calls` lists the calls before the arm, each with the calls that follow it on one path to the end.
///
/// # Panics
///
/// Otherwise, at compile time.
#[track_caller]
pub const fn undone(calls: &[(MetaPtr, &[MetaPtr])]) {
    let mut at = 0;
    while at < calls.len() {
        let (call, since) = calls[at];
        if !undoes(since)
            && let Some(step) = undoable(call.get())
        {
            kept(step);
        }
        at += 1;
    }
}

const fn undoes(calls: &[MetaPtr]) -> bool {
    let mut at = 0;
    while at < calls.len() {
        if matches!(calls[at].get().kind, Kind::Undo) {
            return true;
        }
        at += 1;
    }
    false
}

#[track_caller]
const fn kept(step: &Meta) -> ! {
    let undo = match step.policy.compensate {
        Some(undo) => undo.get().name,
        None => "",
    };
    let mut report =
        Report::new().headline(&["this handles an error and ends the workflow with `Ok`, but does not undo step `"]);
    report.write(&[step.name, "`, which has `compensate = ", undo, "`"]);
    report.write(&["\n  help: undo it with `flow::undo().await?`, return the error, or write `#[workflow(keeps_effects)]` to keep the effect"]);
    report.write(&["\n  see flow::errors::undo"]);
    panic!("{}", report.as_str());
}

/// The step itself, or any step that it or the workflow may run, that has a `compensate` step.
#[track_caller]
const fn undoable(meta: &'static Meta) -> Option<&'static Meta> {
    let mut called = Called::from(meta);
    while let Some(meta) = called.next() {
        if meta.policy.compensate.is_some() {
            return Some(meta);
        }
    }
    None
}
