//! The worst case of a run, computed while the crate compiles.
//!
//! The walk keeps its own stack: the stack of const evaluation is as deep as the user's crate allows, which is not deep.

use super::{Block, Graph, Kind, Meta, Op};

/// The worst case of a run. `None` is unknown: a loop or a map without a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Steps executed, gates and fallbacks not counted.
    pub max_steps: Option<u64>,
    /// Questions to models: attempts × (1 + repairs) over the chain of models, with judging and mending steps.
    pub max_model_calls: Option<u64>,
    /// Steps under way at one moment.
    pub max_parallel: Option<u64>,
}

/// How deep blocks and sub-workflows may nest.
const DEPTH: usize = 128;

#[derive(Clone, Copy)]
struct Level {
    owner: &'static Meta,
    graph: &'static Graph,
    next: usize,
    kind: LevelKind,
    arm: u32,
    closed: Bounds,
    open: Bounds,
}

#[derive(Clone, Copy)]
enum LevelKind {
    Whole,
    Block(Block),
}

/// The bounds of a step or a workflow; a circle has none.
pub(super) const fn of(meta: &'static Meta) -> Bounds {
    match walk(meta, false) {
        Some(bounds) => bounds,
        None => Bounds { max_steps: None, max_model_calls: None, max_parallel: None },
    }
}

/// Whether workflows call each other in a circle somewhere below.
pub(super) const fn has_circle(meta: &'static Meta) -> bool {
    walk(meta, false).is_none()
}

/// Ends the build with the circle that leads back to `meta`. One circle is told once: at the workflow whose name is first.
#[track_caller]
pub(super) const fn refuse_circles(meta: &'static Meta) {
    walk(meta, true);
}

#[track_caller]
const fn walk(meta: &'static Meta, tell: bool) -> Option<Bounds> {
    let Some(graph) = meta.graph else { return Some(step(meta)) };
    let mut levels = [Level::whole(meta, graph); DEPTH];
    let mut top = 0;
    loop {
        let level = levels[top];
        let (ended, entered) = if level.next < level.graph.structure.len() {
            levels[top].next += 1;
            advance(&mut levels[top], level.graph.structure[level.next])
        } else {
            (Some(level.open), None)
        };
        if let Some(inner) = entered {
            if let Some(from) = circle_start(&levels, top, inner) {
                if tell && from == 0 && is_first_by_name(&levels, top) {
                    tell_circle(&levels, top);
                }
                return None;
            }
            top += 1;
            assert!(top < DEPTH, "blocks and sub-workflows are nested deeper than 128 levels");
            levels[top] = inner;
        } else if let Some(whole) = ended {
            if top == 0 {
                return Some(whole);
            }
            let next = levels[top].next;
            let is_block = matches!(levels[top].kind, LevelKind::Block(_));
            top -= 1;
            levels[top].open = levels[top].open.then(whole);
            if is_block {
                levels[top].next = next;
            }
        }
    }
}

/// One element: the value of the level where it ended, or the level that it opens.
const fn advance(level: &mut Level, op: Op) -> (Option<Bounds>, Option<Level>) {
    match op {
        Op::Step(node) => {
            let meta = level.graph.nodes[node as usize].step.get();
            if let Some(graph) = meta.graph {
                return (None, Some(Level::whole(meta, graph)));
            }
            level.open = level.open.then(step_with(meta, level.graph.nodes[node as usize].model.is_some()));
            (None, None)
        }
        Op::Open(block) => (None, Some(level.block(block))),
        Op::Arm(_) => {
            level.close_arm();
            (None, None)
        }
        Op::Close => {
            level.close_arm();
            (Some(level.closed), None)
        }
    }
}

impl Level {
    const fn whole(owner: &'static Meta, graph: &'static Graph) -> Self {
        Self { owner, graph, next: 0, kind: LevelKind::Whole, arm: 0, closed: Bounds::ZERO, open: Bounds::ZERO }
    }

    const fn block(&self, block: Block) -> Self {
        Self { kind: LevelKind::Block(block), arm: 0, closed: Bounds::ZERO, open: Bounds::ZERO, ..*self }
    }

    /// Adds the part that ends here to its block. What stands before the first `Arm` is empty.
    const fn close_arm(&mut self) {
        let part = self.open;
        self.closed = match self.kind {
            LevelKind::Whole => self.closed.then(part),
            LevelKind::Block(Block::Branch { .. }) => self.closed.or(part),
            LevelKind::Block(Block::Parallel) => self.closed.beside(part),
            // The condition is asked once more than the body runs.
            LevelKind::Block(Block::Loop { bound, .. }) if self.arm == 1 => {
                self.closed.then(part.times(plus_one(bound)))
            }
            LevelKind::Block(Block::Loop { bound, .. }) => self.closed.then(part.times(widen(bound))),
            LevelKind::Block(Block::Map { bound, concurrency, .. }) => {
                self.closed.then(part.each(widen(bound), concurrency as u64))
            }
        };
        self.open = Bounds::ZERO;
        self.arm += 1;
    }
}

impl Bounds {
    const ZERO: Self = Self { max_steps: Some(0), max_model_calls: Some(0), max_parallel: Some(0) };

    const fn then(self, next: Self) -> Self {
        Self {
            max_steps: add(self.max_steps, next.max_steps),
            max_model_calls: add(self.max_model_calls, next.max_model_calls),
            max_parallel: max(self.max_parallel, next.max_parallel),
        }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            max_steps: max(self.max_steps, other.max_steps),
            max_model_calls: max(self.max_model_calls, other.max_model_calls),
            max_parallel: max(self.max_parallel, other.max_parallel),
        }
    }

    const fn beside(self, other: Self) -> Self {
        Self { max_parallel: add(self.max_parallel, other.max_parallel), ..self.then(other) }
    }

    const fn times(self, turns: Option<u64>) -> Self {
        Self {
            max_steps: multiply(self.max_steps, turns),
            max_model_calls: multiply(self.max_model_calls, turns),
            max_parallel: self.max_parallel,
        }
    }

    const fn each(self, items: Option<u64>, at_once: u64) -> Self {
        let width = match items {
            Some(items) if items < at_once => items,
            _ => at_once,
        };
        Self { max_parallel: multiply(self.max_parallel, Some(width)), ..self.times(items) }
    }
}

/// A single step with its own models.
const fn step(meta: &'static Meta) -> Bounds {
    step_with(meta, false)
}

const fn step_with(meta: &'static Meta, one_model: bool) -> Bounds {
    Bounds { max_steps: Some(1), max_model_calls: model_calls(meta, one_model, 8), max_parallel: Some(1) }
}

/// Questions to models for one step. `depth` ends gates that are judged by themselves.
const fn model_calls(meta: &'static Meta, one_model: bool, depth: u32) -> Option<u64> {
    if depth == 0 {
        return None;
    }
    if meta.graph.is_some() {
        return of(meta).max_model_calls;
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
        total = add(total, multiply(model_calls(fix.get(), false, depth - 1), Some(times as u64)));
        judged += times as u64;
    }
    if let Some(fallback) = policy.fallback {
        total = add(total, model_calls(fallback.get(), false, depth - 1));
        judged += 1;
    }
    let mut gate = 0;
    while gate < policy.gates.len() {
        if let Some(judge) = policy.gates[gate].step {
            total = add(total, multiply(model_calls(judge.get(), false, depth - 1), Some(judged)));
        }
        gate += 1;
    }
    total
}

/// The level of the workflow that is entered once more, if it is under way already.
const fn circle_start(levels: &[Level; DEPTH], top: usize, inner: Level) -> Option<usize> {
    if !matches!(inner.kind, LevelKind::Whole) {
        return None;
    }
    let mut at = 0;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) && same(levels[at].owner, inner.owner) {
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn is_first_by_name(levels: &[Level; DEPTH], top: usize) -> bool {
    let mut at = 1;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) && before(levels[at].owner, levels[0].owner) {
            return false;
        }
        at += 1;
    }
    true
}

#[track_caller]
const fn tell_circle(levels: &[Level; DEPTH], top: usize) {
    let first = levels[0].owner.name;
    let mut text = crate::contract::Text::<1024>::new();
    text.push("workflow `");
    text.push(first);
    text.push("` calls itself: ");
    let mut at = 0;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) {
            text.push(levels[at].owner.name);
            text.push(" -> ");
        }
        at += 1;
    }
    text.push(first);
    text.push("; a workflow graph has no circles, write the repetition as a `#[bound(N)]` loop");
    panic!("{}", text.as_str());
}

/// By module and name, as text.
const fn before(a: &Meta, b: &Meta) -> bool {
    if str_eq(a.module, b.module) { str_before(a.name, b.name) } else { str_before(a.module, b.module) }
}

const fn str_before(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}

/// One definition is one place in one file of one module.
const fn same(a: &Meta, b: &Meta) -> bool {
    a.line == b.line && str_eq(a.name, b.name) && str_eq(a.module, b.module)
}

pub(super) const fn str_eq(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while a.len() == b.len() && at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

const fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b),
        _ => None,
    }
}

const fn max(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a > b { a } else { b }),
        _ => None,
    }
}

/// Nothing stays nothing, however often it is repeated.
const fn multiply(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(0), _) | (_, Some(0)) => Some(0),
        (Some(a), Some(b)) => a.checked_mul(b),
        _ => None,
    }
}

const fn widen(bound: Option<u32>) -> Option<u64> {
    match bound {
        Some(bound) => Some(bound as u64),
        None => None,
    }
}

const fn plus_one(bound: Option<u32>) -> Option<u64> {
    add(widen(bound), Some(1))
}
