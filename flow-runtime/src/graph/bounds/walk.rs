//! The walk over a workflow and all below it.
//!
//! It keeps its own stack: the stack of const evaluation is as deep as the user's crate allows, which is not deep.

use super::calls::step;
use super::circle::closes;
use super::memo::{Memo, State};
use super::{Bounds, plus_one, widen};
use crate::graph::{Block, Graph, Meta, Op};

/// How deep blocks and sub-workflows may nest.
pub(super) const DEPTH: usize = 128;

#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) owner: &'static Meta,
    graph: &'static Graph,
    next: usize,
    pub(super) kind: LevelKind,
    arm: u32,
    closed: Bounds,
    open: Bounds,
}

#[derive(Clone, Copy)]
pub(super) enum LevelKind {
    Whole,
    Block(Block),
}

/// The bounds of a step or a workflow; `None` where workflows call each other in a circle, which `tell` ends the build with.
#[track_caller]
pub(super) const fn walk(meta: &'static Meta, memo: &mut Memo, tell: bool) -> Option<Bounds> {
    let Some(graph) = meta.graph else { return Some(step(meta, &None, memo)) };
    let mut levels = [Level::whole(meta, graph); DEPTH];
    let mut top = 0;
    memo.begin(meta);
    loop {
        let level = levels[top];
        let (ended, entered) = if level.next < level.graph.structure.len() {
            levels[top].next += 1;
            advance(&mut levels[top], level.graph.structure[level.next], memo)
        } else {
            memo.end(level.owner, level.open);
            (Some(level.open), None)
        };
        if let Some(inner) = entered {
            if closes(&levels, top, inner, memo, tell) {
                return None;
            }
            top += 1;
            assert!(top < DEPTH, "blocks and sub-workflows are nested deeper than 128 levels");
            levels[top] = inner;
            if matches!(inner.kind, LevelKind::Whole) {
                memo.begin(inner.owner);
            }
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
const fn advance(level: &mut Level, op: Op, memo: &mut Memo) -> (Option<Bounds>, Option<Level>) {
    match op {
        Op::Step(node) => {
            let node = &level.graph.nodes[node as usize];
            let meta = node.step.get();
            let bounds = match meta.graph {
                None => step(meta, &node.model, memo),
                Some(graph) => match memo.state(meta) {
                    State::Known(bounds) => bounds,
                    _ => return (None, Some(Level::whole(meta, graph))),
                },
            };
            level.open = level.open.then(bounds);
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
    pub(super) const fn whole(owner: &'static Meta, graph: &'static Graph) -> Self {
        Self { owner, graph, next: 0, kind: LevelKind::Whole, arm: 0, closed: Bounds::ZERO, open: Bounds::ZERO }
    }

    pub(super) const fn block(&self, block: Block) -> Self {
        Self { kind: LevelKind::Block(block), arm: 0, closed: Bounds::ZERO, open: Bounds::ZERO, ..*self }
    }

    /// Adds what stands next in sequence.
    pub(super) const fn then(&mut self, next: Bounds) {
        self.open = self.open.then(next);
    }

    /// The part that is open, once.
    pub(super) const fn sum(&self) -> Bounds {
        self.open
    }

    /// The parts that have ended.
    pub(super) const fn closed(&self) -> Bounds {
        self.closed
    }

    pub(super) const fn as_block(&self) -> Option<Block> {
        match self.kind {
            LevelKind::Whole => None,
            LevelKind::Block(block) => Some(block),
        }
    }

    /// Adds the part that ends here to its block. What stands before the first `Arm` is empty.
    pub(super) const fn close_arm(&mut self) {
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
