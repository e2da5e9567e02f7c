//! Effects that a `strict` workflow keeps after an error it handles.

use super::{Kind, Meta, MetaPtr};
use crate::contract::Report;

/// Checks an arm that handles an error and ends its workflow with `Ok`: each earlier call with a `compensate` step must be
/// followed by `flow::undo`. `calls` lists the calls before the arm, each with the calls that follow it on one path to the end.
///
/// # Panics
///
/// Otherwise, at compile time.
/// Where one has, while the crate compiles.
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

/// How many workflows are searched for a step that can be undone.
const CAPACITY: usize = 256;

/// The step itself, or any step called by the workflow or below it, that has a `compensate` step.
const fn undoable(meta: &'static Meta) -> Option<&'static Meta> {
    let (mut met, mut len, mut next) = ([meta; CAPACITY], 1, 0);
    while next < len {
        let meta = met[next];
        if meta.policy.compensate.is_some() {
            return Some(meta);
        }
        if let Some(graph) = meta.graph {
            let mut at = 0;
            while at < graph.nodes.len() {
                len = enter(&mut met, len, graph.nodes[at].step.get());
                at += 1;
            }
        }
        next += 1;
    }
    None
}

/// Adds a workflow, or a step that can be undone, if it is new and fits.
const fn enter(met: &mut [&'static Meta; CAPACITY], len: usize, meta: &'static Meta) -> usize {
    if meta.graph.is_none() && meta.policy.compensate.is_none() {
        return len;
    }
    let mut at = 0;
    while at < len {
        if met[at].is(meta) {
            return len;
        }
        at += 1;
    }
    if len < CAPACITY {
        met[len] = meta;
        return len + 1;
    }
    len
}
