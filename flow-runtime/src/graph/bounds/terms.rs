//! The sum that a bound is, term by term: what the message about a limit and `graph --bounds` show.
//!
//! It is made only where somebody reads it, and by the algebra of the walk, so that it comes to the same.
//! A workflow that is called is one term; its own follow in a section of its own, once.

use super::calls::{DEPTH as HELPERS_DEPTH, Helper, Role, helper, helpers, own, questions, step};
use super::memo::{Memo, State};
use super::walk::{DEPTH, Level, walk};
use super::{Bounds, Measure, multiply, plus_one, same, widen};
use crate::graph::{Block, Graph, Meta, Node, Op};
use crate::provider::Model;

/// The terms of a sum, in the order written; what is past `N` is counted and not kept.
pub(in crate::graph) struct Terms<const N: usize> {
    pub(super) measure: Measure,
    all: [Term; N],
    len: usize,
}

/// One term of a sum.
#[derive(Clone, Copy)]
pub(super) struct Term {
    /// How many terms it is a part of.
    pub(super) depth: usize,
    pub(super) what: What,
    /// What it adds; `None` is unknown.
    pub(super) value: Option<u64>,
}

#[derive(Clone, Copy)]
pub(super) enum What {
    /// It was not kept.
    Lost,
    /// The head of the section of a workflow that is called.
    Section(&'static Meta),
    /// A call; `summed` where its parts follow.
    Call { node: &'static Node, summed: bool },
    /// What a step asks itself, beside the steps that serve it.
    Own(&'static Meta, &'static Option<Model>),
    /// A step that serves the one above.
    Helper { helper: Helper, each: Option<u64> },
    /// A part of a block: all of it, or one turn where it is repeated, comes to `each`.
    Part { block: Block, part: &'static str, times: Option<u64>, each: Option<u64> },
}

/// A block that is open: where its terms begin.
#[derive(Clone, Copy)]
struct Open {
    /// The term that heads the part, or the branch.
    head: usize,
    /// The first term of the part.
    start: usize,
    /// How deep its terms are.
    depth: usize,
    parts: u32,
}

impl<const N: usize> Terms<N> {
    /// The sum for a workflow. Workflows that call each other in a circle have none.
    pub(in crate::graph) const fn of(meta: &'static Meta, measure: Measure) -> Self {
        let lost = Term { depth: 0, what: What::Lost, value: None };
        let mut terms = Self { measure, all: [lost; N], len: 0 };
        let mut memo = Memo::new();
        let (Some(graph), Some(_)) = (meta.graph, walk(meta, &mut memo, false)) else { return terms };
        terms.add_graph(meta, graph, 0, &mut memo);
        // Sections come after what leads to them, so one pass sees all.
        let mut at = 0;
        while at < terms.len {
            if let Some((called, graph)) = called(terms.get(at).what)
                && !terms.has_section(called)
                && !same(called, meta)
            {
                terms.push(0, What::Section(called), terms.measure.of(bounds(called, &mut memo)));
                terms.add_graph(called, graph, 1, &mut memo);
            }
            at += 1;
        }
        terms
    }

    /// How many terms there are, those included that were not kept.
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
                && same(other, meta)
            {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn add_graph(&mut self, meta: &'static Meta, graph: &'static Graph, depth: usize, memo: &mut Memo) {
        let outermost = Open { head: self.len, start: self.len, depth, parts: 0 };
        let (mut levels, mut open) = ([Level::whole(meta, graph); DEPTH], [outermost; DEPTH]);
        let (mut top, mut at) = (0, 0);
        while at < graph.structure.len() {
            match graph.structure[at] {
                Op::Step(index) => {
                    let node = &graph.nodes[index as usize];
                    levels[top].then(self.add_call(node, open[top].depth, memo));
                }
                Op::Open(block) => {
                    levels[top + 1] = levels[top].block(block);
                    open[top + 1] = self.open(block, open[top].depth);
                    top += 1;
                }
                Op::Arm(label) => self.next_part(&mut levels[top], &mut open[top], Some(label)),
                Op::Close => {
                    self.next_part(&mut levels[top], &mut open[top], None);
                    let whole = levels[top].closed();
                    top -= 1;
                    levels[top].then(whole);
                }
            }
            at += 1;
        }
    }

    const fn add_call(&mut self, node: &'static Node, depth: usize, memo: &mut Memo) -> Bounds {
        let meta = node.step.get();
        let bounds = match meta.graph {
            None => step(meta, &node.model, memo),
            Some(_) => bounds(meta, memo),
        };
        let value = self.measure.of(bounds);
        if !is_nothing(value) {
            let call = self.len;
            self.push(depth, What::Call { node, summed: false }, value);
            if meta.graph.is_none() && !matches!(self.measure, Measure::Steps) && self.add_helpers(meta, depth, memo) {
                self.set(call, What::Call { node, summed: true }, value);
                self.insert_own(call + 1, depth + 1, node);
            }
        }
        bounds
    }

    /// The steps that serve one and add to the sum; `false` where there are none.
    const fn add_helpers(&mut self, meta: &'static Meta, depth: usize, memo: &mut Memo) -> bool {
        let (start, mut at) = (self.len, 0);
        while at < helpers(meta) {
            if let Some(helper) = helper(meta, at) {
                let each = questions(helper.step, &None, HELPERS_DEPTH - 1, memo).of(self.measure);
                let value = multiply(each, Some(helper.times));
                if !is_nothing(value) {
                    self.push(depth + 1, What::Helper { helper, each }, value);
                }
            }
            at += 1;
        }
        self.len > start
    }

    /// What the step asks itself stands before what serves it.
    const fn insert_own(&mut self, place: usize, depth: usize, node: &'static Node) {
        let value = own(node.step.get(), &node.model).of(self.measure);
        if is_nothing(value) {
            return;
        }
        let what = What::Own(node.step.get(), &node.model);
        self.push(depth, what, value);
        let mut at = self.len - 1;
        while at > place {
            let before = self.get(at - 1);
            self.set(at, before.what, before.value);
            at -= 1;
        }
        self.set(place, what, value);
    }

    /// A branch is headed once, by its largest arm; the parts of other blocks are headed one by one, those of a parallel block
    /// not at all: they add up like what stands in sequence.
    const fn open(&mut self, block: Block, depth: usize) -> Open {
        let head = self.len;
        let depth = match block {
            Block::Parallel => depth,
            _ => depth + 1,
        };
        if let Block::Branch { .. } = block {
            self.push(depth - 1, What::Part { block, part: "", times: Some(1), each: Some(0) }, Some(0));
        }
        Open { head, start: self.len, depth, parts: 0 }
    }

    /// Ends the part that is open, if there is one, and begins another with that label.
    const fn next_part(&mut self, level: &mut Level, open: &mut Open, label: Option<&'static str>) {
        let (Some(block), each) = (level.as_block(), self.measure.of(level.sum())) else { return };
        if open.parts > 0 {
            match block {
                Block::Parallel => {}
                Block::Branch { .. } => self.keep_larger(open, each),
                _ => self.end_repeated(open, each),
            }
        }
        level.close_arm();
        let Some(part) = label else {
            if matches!(block, Block::Branch { .. }) && is_nothing(self.get(open.head).value) {
                self.len = open.head;
            }
            return;
        };
        match block {
            Block::Parallel => {}
            Block::Branch { .. } => {
                open.start = self.len;
                self.push(open.depth, What::Part { block, part, times: Some(1), each: None }, None);
            }
            _ => {
                open.head = self.len;
                // The condition is asked once more than the body runs.
                let times = match block {
                    Block::Loop { bound, .. } if open.parts == 0 => plus_one(bound),
                    Block::Loop { bound, .. } | Block::Map { bound, .. } => widen(bound),
                    _ => Some(1),
                };
                self.push(open.depth - 1, What::Part { block, part, times, each: None }, None);
            }
        }
        open.parts += 1;
    }

    const fn end_repeated(&mut self, open: &Open, each: Option<u64>) {
        if is_nothing(each) {
            self.len = open.head;
            return;
        }
        if let What::Part { block, part, times, .. } = self.get(open.head).what {
            self.set(open.head, What::Part { block, part, times, each }, multiply(each, times));
        }
    }

    /// The arm that has ended takes the place of those before it, or goes. It stands behind a head of its own, which names it.
    const fn keep_larger(&mut self, open: &Open, value: Option<u64>) {
        let (best, arm) = (self.get(open.head), self.get(open.start).what);
        let larger = match (best.value, value) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(best), Some(value)) => value > best,
        };
        if !larger {
            self.len = open.start;
            return;
        }
        if let What::Part { block, part, times, .. } = arm {
            self.set(open.head, What::Part { block, part, times, each: value }, value);
        }
        let (mut from, mut to) = (open.start + 1, open.head + 1);
        while from < self.len {
            let term = self.get(from);
            if to < N {
                self.all[to] = term;
            }
            (from, to) = (from + 1, to + 1);
        }
        self.len = to;
    }

    const fn push(&mut self, depth: usize, what: What, value: Option<u64>) {
        if self.len < N {
            self.all[self.len] = Term { depth, what, value };
        }
        self.len += 1;
    }

    const fn set(&mut self, at: usize, what: What, value: Option<u64>) {
        if at < N {
            self.all[at].what = what;
            self.all[at].value = value;
        }
    }
}

/// The workflow that a term is a call of.
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

/// The bounds of a workflow below the one that was walked.
const fn bounds(meta: &'static Meta, memo: &mut Memo) -> Bounds {
    match memo.state(meta) {
        State::Known(bounds) => bounds,
        _ => super::of(meta),
    }
}

const fn is_nothing(value: Option<u64>) -> bool {
    matches!(value, Some(0))
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Fix => "fix",
            Self::Fallback => "fallback",
        }
    }
}
