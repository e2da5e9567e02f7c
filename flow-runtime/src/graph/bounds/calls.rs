//! How often one step may ask models.

use super::memo::{Memo, State};
use super::walk::walk;
use super::{Bounds, add, multiply};
use crate::graph::{Kind, Meta};

/// How far steps that serve steps are followed.
const DEPTH: u32 = 8;

/// A single step; `one_model` where its call names a model of its own.
pub(super) const fn step(meta: &'static Meta, one_model: bool, memo: &mut Memo) -> Bounds {
    Bounds { max_steps: Some(1), max_model_calls: model_calls(meta, one_model, DEPTH, memo), max_parallel: Some(1) }
}

/// Questions to models for one step. `depth` ends gates that are judged by themselves.
const fn model_calls(meta: &'static Meta, one_model: bool, depth: u32, memo: &mut Memo) -> Option<u64> {
    if depth == 0 {
        return None;
    }
    if meta.graph.is_some() {
        return of_workflow(meta, memo);
    }
    let policy = &meta.policy;
    let models = if one_model { 1 } else { policy.models.len() as u64 };
    let rounds = 1 + policy.repair as u64;
    let mut total = multiply(multiply(Some(models), Some(policy.retry.max_attempts as u64)), Some(rounds));
    let mut judged = match meta.kind {
        Kind::Model => rounds,
        _ => 1,
    };
    if let Some((fix, times)) = policy.fix {
        total = add(total, multiply(model_calls(fix.get(), false, depth - 1, memo), Some(times as u64)));
        judged += times as u64;
    }
    if let Some(fallback) = policy.fallback {
        total = add(total, model_calls(fallback.get(), false, depth - 1, memo));
        judged += 1;
    }
    let mut gate = 0;
    while gate < policy.gates.len() {
        if let Some(judge) = policy.gates[gate].step {
            total = add(total, multiply(model_calls(judge.get(), false, depth - 1, memo), Some(judged)));
        }
        gate += 1;
    }
    total
}

/// Questions to models for a workflow that serves a step. One that is under way already would serve itself: nobody knows how often.
const fn of_workflow(meta: &'static Meta, memo: &mut Memo) -> Option<u64> {
    match memo.state(meta) {
        State::Known(bounds) => bounds.max_model_calls,
        State::UnderWay => None,
        State::New => {
            let before = memo.len();
            match walk(meta, memo, false) {
                Some(bounds) => bounds.max_model_calls,
                None => {
                    memo.forget_after(before);
                    None
                }
            }
        }
    }
}
