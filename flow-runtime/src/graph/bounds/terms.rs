//! The terms of a bound, for the error about a limit and for `graph --bounds`.
//!
//! They are computed only on request, with the same algebra as the bounds, so both agree. A called workflow is one term; its own
//! terms follow once, in a separate section.

use super::calls::{Helper, Role, helper, helpers, own};
use super::cost::{Bounds, multiply};
use super::measure::Measure;
use super::memo::{Memo, State};
use super::sum::{NONE, Sum, What};
use super::walk::{DEPTH as HELPERS_DEPTH, largest_tool, questions, step, tool, walk};
use super::ways::{DEPTH, Ways};
use crate::graph::{Graph, Meta, Node, Op, Tools};

/// How many terms of one workflow are considered, including those of paths that turn out not to be the most expensive.
const ROOM: usize = 1024;

/// The terms of a sum, in source order; terms beyond `N` are counted but not kept.
pub(in crate::graph) struct Terms<const N: usize> {
    pub(super) measure: Measure,
    all: [Term; N],
    len: usize,
}

/// One term of a sum.
#[derive(Clone, Copy)]
pub(super) struct Term {
    /// How many terms enclose it.
    pub(super) depth: usize,
    pub(super) what: What,
    /// What it adds; `None` if unknown.
    pub(super) value: Option<u64>,
}

impl<const N: usize> Terms<N> {
    /// The sum for a workflow; empty if workflows call each other in a cycle.
    pub(in crate::graph) const fn of(meta: &'static Meta, measure: Measure) -> Self {
        let lost = Term { depth: 0, what: What::Lost, value: None };
        let mut terms = Self { measure, all: [lost; N], len: 0 };
        let mut memo = Memo::new();
        let (Some(graph), Some(_)) = (meta.graph, walk(meta, &mut memo, false)) else { return terms };
        terms.add_graph(meta, graph, 0, &mut memo);
        // Sections are appended after the calls that refer to them, so one pass covers all.
        let mut at = 0;
        while at < terms.len {
            if let Some((called, graph)) = called(terms.get(at).what)
                && !terms.has_section(called)
                && !called.is(meta)
            {
                terms.push(0, What::Section(called), terms.measure.of(bounds(called, &mut memo)));
                terms.add_graph(called, graph, 1, &mut memo);
            }
            at += 1;
        }
        terms
    }

    /// The number of terms, including those that were not kept.
    pub(in crate::graph) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn get(&self, at: usize) -> Term {
        if at < N { self.all[at] } else { Term { depth: 0, what: What::Lost, value: None } }
    }

    const fn has_section(&self, meta: &Meta) -> bool {
        let mut at = 0;
        while at < self.len && at < N {
            if let What::Section(other) = self.all[at].what
                && other.is(meta)
            {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn add_graph(&mut self, meta: &'static Meta, graph: &'static Graph, depth: usize, memo: &mut Memo) {
        let mut ways = Ways::<ROOM>::new(meta, graph, self.measure);
        let mut at = 0;
        while at < graph.structure.len() {
            match graph.structure[at] {
                Op::Step(index) => add_call(&mut ways, &graph.nodes[index as usize], memo),
                Op::Open(block) => ways.open(block),
                Op::Arm(part) => ways.arm(part),
                Op::Leave(leave) => ways.leave(leave),
                Op::Close => ways.close(),
            }
            at += 1;
        }
        let last = ways.whole().last;
        self.lay_out(&mut ways.sum, last, depth);
        self.len += ways.sum.lost;
    }

    /// Adds the terms of a path, each before the terms that add up to it.
    const fn lay_out(&mut self, sum: &mut Sum<ROOM>, last: u32, depth: usize) {
        let (mut stack, mut top) = ([NONE; 2 * DEPTH], 0);
        stack[0] = sum.first(last);
        loop {
            if stack[top] == NONE {
                if top == 0 {
                    return;
                }
                top -= 1;
                continue;
            }
            let link = sum.get(stack[top]);
            self.push(depth + top, link.what, link.value);
            stack[top] = link.next;
            if link.inside != NONE {
                top += 1;
                stack[top] = sum.first(link.inside);
            }
        }
    }

    const fn push(&mut self, depth: usize, what: What, value: Option<u64>) {
        if self.len < N {
            self.all[self.len] = Term { depth, what, value };
        }
        self.len += 1;
    }
}

const fn add_call(ways: &mut Ways<ROOM>, node: &'static Node, memo: &mut Memo) {
    let meta = node.step.get();
    let bounds = match meta.graph {
        None => step(meta, &node.model, memo),
        Some(_) => bounds(meta, memo),
    };
    let value = ways.sum.measure.of(bounds);
    let mut last = ways.last();
    if ways.is_come_to() && !is_nothing(value) {
        let inside = add_helpers(&mut ways.sum, node, memo);
        last = ways.sum.push(last, What::Call { node, summed: inside != NONE }, value, inside);
    }
    ways.then(bounds, last);
}

/// Adds the model calls of a step and of its helpers as terms, if any helper adds to the sum.
const fn add_helpers(sum: &mut Sum<ROOM>, node: &'static Node, memo: &mut Memo) -> u32 {
    let meta = node.step.get();
    if meta.graph.is_some() {
        return NONE;
    }
    if matches!(sum.measure, Measure::Steps) {
        return if meta.policy.tools.is_some() { add_tools(sum, node, NONE, memo) } else { NONE };
    }
    let (mut last, mut at) = (NONE, 0);
    while at < helpers(meta) {
        if let Some(helper) = helper(meta, at) {
            let each = questions(helper.step, HELPERS_DEPTH - 1, memo).of(sum.measure);
            let value = multiply(each, Some(helper.times));
            if last == NONE && !is_nothing(value) {
                let own = own(meta, &node.model).of(sum.measure);
                last = sum.push(NONE, What::Own(meta, &node.model), own, NONE);
            }
            last = sum.push(last, What::Helper { helper, each }, value, NONE);
        }
        at += 1;
    }
    add_tools(sum, node, last, memo)
}

/// Adds the calls of the largest tool as a term, if it adds to the sum.
const fn add_tools(sum: &mut Sum<ROOM>, node: &'static Node, before: u32, memo: &mut Memo) -> u32 {
    let meta = node.step.get();
    let Some(tools) = meta.policy.tools else { return before };
    let each = sum.measure.of(largest_tool(meta, HELPERS_DEPTH, memo));
    let value = multiply(each, Some(tools.calls() as u64));
    if is_nothing(value) {
        return before;
    }
    let mut last = before;
    if last == NONE {
        let own = if matches!(sum.measure, Measure::Steps) { Some(1) } else { own(meta, &node.model).of(sum.measure) };
        last = sum.push(NONE, What::Own(meta, &node.model), own, NONE);
    }
    let helper =
        Helper { role: Role::Tool, step: largest(tools, each, sum.measure, memo), times: tools.calls() as u64 };
    sum.push(last, What::Helper { helper, each }, value, NONE)
}

/// The tool that costs as much as the largest.
const fn largest(tools: &'static Tools, each: Option<u64>, measure: Measure, memo: &mut Memo) -> &'static Meta {
    let mut at = 0;
    while at + 1 < tools.tools.len() {
        let step = tools.tools[at].step.get();
        match (measure.of(tool(step, HELPERS_DEPTH, memo)), each) {
            (None, None) => return step,
            (Some(own), Some(each)) if own == each => return step,
            _ => {}
        }
        at += 1;
    }
    tools.tools[at].step.get()
}

/// The workflow that a term calls.
const fn called(what: What) -> Option<(&'static Meta, &'static Graph)> {
    let meta = match what {
        What::Call { node, .. } => node.step.get(),
        What::Helper { helper, .. } => helper.step,
        _ => return None,
    };
    match meta.graph {
        Some(graph) => Some((meta, graph)),
        None => None,
    }
}

/// The bounds of a workflow below the walked one.
const fn bounds(meta: &'static Meta, memo: &mut Memo) -> Bounds {
    match memo.state(meta) {
        State::Known(bounds) => bounds,
        _ => super::of(meta),
    }
}

const fn is_nothing(value: Option<u64>) -> bool {
    matches!(value, Some(0))
}
