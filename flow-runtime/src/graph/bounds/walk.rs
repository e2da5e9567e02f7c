//! The walk over a workflow and everything below it, including the helpers of its steps.

use super::calls::{Helper, Questions, helper, helpers, own, tool_calls};
use super::circle::closes;
use super::cost::Bounds;
use super::measure::Measure;
use super::memo::{Memo, State};
use super::sum::NONE;
use super::ways::{Level, Ways};
use crate::graph::{Meta, Op};
use crate::provider::Model;

/// Maximum depth of helper steps that are followed.
pub(super) const DEPTH: u32 = 8;

/// The bounds of a step or a workflow; `None` if workflows call each other in a cycle. With `tell`, a cycle fails the build.
#[track_caller]
pub(super) const fn walk(meta: &'static Meta, memo: &mut Memo, tell: bool) -> Option<Bounds> {
    let Some(graph) = meta.graph else { return Some(step(meta, &None, memo)) };
    let mut ways = Ways::<0>::new(meta, graph, Measure::Steps);
    memo.begin(meta);
    loop {
        let Some(op) = next(&mut ways) else {
            let whole = ways.whole().bounds;
            memo.end(ways.levels[ways.top].owner, whole);
            if ways.top == 0 {
                return Some(whole);
            }
            ways.top -= 1;
            ways.then(whole, NONE);
            continue;
        };
        if let Some(inner) = advance(&mut ways, op, memo) {
            if closes(&ways, inner.owner, memo, tell) {
                return None;
            }
            ways.enter(inner);
            memo.begin(inner.owner);
        }
    }
}

/// The next element of the workflow being walked.
const fn next<const N: usize>(ways: &mut Ways<N>) -> Option<Op> {
    let level = &mut ways.levels[ways.top];
    if level.next == level.graph.structure.len() {
        return None;
    }
    level.next += 1;
    Some(level.graph.structure[level.next - 1])
}

/// Processes one element; returns the workflow to enter, if any.
const fn advance(ways: &mut Ways<0>, op: Op, memo: &mut Memo) -> Option<Level> {
    match op {
        Op::Step(node) => {
            let node = &ways.levels[ways.top].graph.nodes[node as usize];
            let meta = node.step.get();
            let bounds = match meta.graph {
                None => step(meta, &node.model, memo),
                Some(graph) => match memo.state(meta) {
                    State::Known(bounds) => bounds,
                    _ => return Some(Level::whole(meta, graph)),
                },
            };
            ways.then(bounds, NONE);
        }
        Op::Open(block) => ways.open(block),
        Op::Arm(part) => ways.arm(part),
        Op::Leave(leave) => ways.leave(leave),
        Op::Close => {
            let next = ways.levels[ways.top].next;
            ways.close();
            ways.levels[ways.top].next = next;
        }
    }
    None
}

/// A single step. `model` is the model set on the call, if any.
pub(super) const fn step(meta: &'static Meta, model: &Option<Model>, memo: &mut Memo) -> Bounds {
    step_within(meta, model, DEPTH, memo)
}

/// The model calls include those of helpers; steps and width only those of tools. `depth` stops recursion through gates that judge
/// themselves.
const fn step_within(meta: &'static Meta, model: &Option<Model>, depth: u32, memo: &mut Memo) -> Bounds {
    if depth == 0 {
        return Bounds { max_steps: Some(1), max_parallel: Some(1), ..Bounds::UNKNOWN };
    }
    // A model set on the call is known only there.
    let can_be_known = model.is_none() && meta.policy.tools.is_some();
    if can_be_known && let Some(bounds) = memo.step(meta, depth) {
        return bounds;
    }
    let Questions { calls, output_tokens } = without_tools(meta, model, depth, memo);
    let mut bounds =
        Bounds { max_steps: Some(1), max_model_calls: calls, max_output_tokens: output_tokens, max_parallel: Some(1) };
    if meta.policy.tools.is_some() {
        let times = tool_calls(meta);
        bounds = bounds.then(largest_tool(meta, depth, memo).each(Some(times), times));
    }
    if can_be_known {
        memo.know(meta, depth, bounds);
    }
    bounds
}

/// The model calls of the step itself, and of its helpers.
const fn without_tools(meta: &'static Meta, model: &Option<Model>, depth: u32, memo: &mut Memo) -> Questions {
    let (mut total, mut at) = (own(meta, model), 0);
    while at < helpers(meta) {
        if let Some(Helper { step, times, .. }) = helper(meta, at) {
            total = total.plus(questions(step, depth - 1, memo).times(Some(times)));
        }
        at += 1;
    }
    total
}

/// The most expensive tool of a step; each bound may be that of another tool.
pub(super) const fn largest_tool(meta: &'static Meta, depth: u32, memo: &mut Memo) -> Bounds {
    let (mut largest, mut at) = (Bounds::ZERO, 0);
    let Some(tools) = meta.policy.tools else { return largest };
    while at < tools.tools.len() {
        largest = largest.or(tool(tools.tools[at].step.get(), depth, memo));
        at += 1;
    }
    largest
}

/// One call of a tool.
pub(super) const fn tool(meta: &'static Meta, depth: u32, memo: &mut Memo) -> Bounds {
    match (meta.graph, depth) {
        (_, 0) => Bounds::UNKNOWN,
        (None, _) => step_within(meta, &None, depth - 1, memo),
        (Some(_), _) => of_workflow(meta, memo),
    }
}

/// The model calls of a helper.
pub(super) const fn questions(meta: &'static Meta, depth: u32, memo: &mut Memo) -> Questions {
    match meta.graph {
        Some(_) if depth > 0 => of_workflow(meta, memo).questions(),
        _ => step_within(meta, &None, depth, memo).questions(),
    }
}

/// The bounds of a workflow that serves a step. If that workflow is being walked already, it serves itself, so they are unknown.
const fn of_workflow(meta: &'static Meta, memo: &mut Memo) -> Bounds {
    match memo.state(meta) {
        State::Known(bounds) => bounds,
        State::UnderWay => Bounds::UNKNOWN,
        State::New => {
            let before = memo.len();
            match walk(meta, memo, false) {
                Some(bounds) => bounds,
                None => {
                    memo.forget_after(before);
                    Bounds::UNKNOWN
                }
            }
        }
    }
}
