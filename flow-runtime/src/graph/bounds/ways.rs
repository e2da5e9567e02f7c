//! The algebra of a walk: the cost of paths through blocks, including paths that leave them early.
//!
//! It keeps its own stack, because the stack of const evaluation is limited by the user's crate.

use super::cost::{Bounds, minus_one, multiply, plus_one, widen};
use super::left::{All, Left, To};
use super::measure::Measure;
use super::sum::{NONE, Sum, What};
use super::way::{Way, dearer, is_dearer};
use crate::graph::{Block, Graph, Leave, Meta};

/// Maximum nesting of blocks and sub-workflows.
pub(super) const DEPTH: usize = 128;

/// An open workflow or block.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) owner: &'static Meta,
    pub(super) graph: &'static Graph,
    /// The index of the next element of the structure.
    pub(super) next: usize,
    pub(super) kind: LevelKind,
    parts: u32,
    /// The open part.
    part: &'static str,
    /// The path through the open part so far; `None` if this point is unreachable.
    open: Option<Way>,
    /// The closed parts: of a branch the most expensive one, of a loop its condition, of a parallel block all of them together.
    closed: Option<Way>,
    /// Which part of a branch is the most expensive.
    dearest: &'static str,
}

#[derive(Clone, Copy)]
pub(super) enum LevelKind {
    Whole,
    Block(Block),
}

/// A loop whose parts have been walked.
#[derive(Clone, Copy)]
struct Turns {
    block: Block,
    bound: Option<u64>,
    condition: Way,
    /// The most expensive path through the body that leads to another iteration.
    again: Option<Way>,
}

/// The open levels, the paths that have left some of them, and the terms of each path if requested.
pub(super) struct Ways<const N: usize> {
    pub(super) levels: [Level; DEPTH],
    pub(super) top: usize,
    left: All,
    pub(super) sum: Sum<N>,
}

impl<const N: usize> Ways<N> {
    pub(super) const fn new(meta: &'static Meta, graph: &'static Graph, measure: Measure) -> Self {
        Self { levels: [Level::whole(meta, graph); DEPTH], top: 0, left: All::NONE, sum: Sum::new(measure) }
    }

    pub(super) const fn enter(&mut self, level: Level) {
        self.top += 1;
        assert!(self.top < DEPTH, "blocks and sub-workflows are nested deeper than 128 levels");
        self.levels[self.top] = level;
    }

    /// The last term of the path so far.
    pub(super) const fn last(&self) -> u32 {
        match self.levels[self.top].open {
            Some(way) => way.last,
            None => NONE,
        }
    }

    /// Whether this point is reachable.
    pub(super) const fn is_come_to(&self) -> bool {
        self.levels[self.top].open.is_some()
    }

    /// Appends a step in sequence, with its term `last`.
    pub(super) const fn then(&mut self, bounds: Bounds, last: u32) {
        if let Some(way) = self.levels[self.top].open {
            self.levels[self.top].open = Some(Way { bounds: way.bounds.then(bounds), last });
        }
    }

    pub(super) const fn open(&mut self, block: Block) {
        self.enter(self.levels[self.top].block(block));
    }

    /// Ends the open part and begins another. Nothing precedes the first one.
    pub(super) const fn arm(&mut self, part: &'static str) {
        self.end_part();
        let (level, around) = (self.levels[self.top], self.levels[self.top - 1].open);
        let LevelKind::Block(block) = level.kind else { return };
        // The terms of these blocks are listed on the level of the enclosing block.
        let last = match (block, level.closed, around) {
            (Block::Parallel | Block::Race { .. }, Some(before), _) => before.last,
            (Block::Parallel | Block::Race { .. } | Block::Labelled { .. }, _, Some(around)) => around.last,
            _ => NONE,
        };
        let is_body = matches!(block, Block::Loop { .. }) && level.parts == 1;
        let is_come_to = !is_body || level.closed.is_some();
        let open = if is_come_to { Some(Way { last, ..Way::FREE }) } else { None };
        self.levels[self.top] = Level { parts: level.parts + 1, part, open, ..level };
    }

    /// Control leaves the block.
    pub(super) const fn leave(&mut self, leave: Leave) {
        let Some(way) = self.levels[self.top].open else { return };
        let (to, target) = match leave {
            Leave::Break(blocks) => (To::Behind, self.top - blocks as usize),
            Leave::Continue(blocks) => (To::Again, self.top - blocks as usize),
            Leave::End(_) => (To::End, self.function()),
        };
        if self.add(target, to, way) {
            self.levels[self.top].open = None;
        }
    }

    /// Ends the innermost block.
    pub(super) const fn close(&mut self) {
        let LevelKind::Block(block) = self.levels[self.top].kind else { return };
        self.end_part();
        let level = self.levels[self.top];
        let turns = match block {
            Block::Loop { bound, .. } => Some(self.turns(block, widen(bound))),
            _ => None,
        };
        self.top -= 1;
        let Some(before) = self.levels[self.top].open else {
            // The block is unreachable.
            while self.left.take_above(self.top).is_some() {}
            return;
        };
        let mut after = match (turns, level.closed) {
            (Some(turns), condition) => self.head(before, &turns, condition.is_some()),
            (None, Some(closed)) => Some(self.around(before, block, level.dearest, closed)),
            (None, None) => None,
        };
        // Every part of these blocks is assumed to end.
        if after.is_none() && is_function(block) {
            after = Some(before);
        }
        self.levels[self.top].open = self.move_left(before, block, &turns, after);
    }

    /// The most expensive path through the workflow of the innermost level.
    pub(super) const fn whole(&mut self) -> Way {
        let open = self.levels[self.top].open;
        let ended = self.left.take(self.top, To::End);
        match dearer(self.sum.measure, open, ended) {
            Some(way) => way,
            None => Way::FREE,
        }
    }

    /// The level of the innermost function: a workflow, an item of a map, a part of a parallel block.
    const fn function(&self) -> usize {
        let mut at = self.top;
        while let LevelKind::Block(block) = self.levels[at].kind {
            if is_function(block) {
                break;
            }
            at -= 1;
        }
        at
    }

    const fn end_part(&mut self) {
        let level = self.levels[self.top];
        let LevelKind::Block(block) = level.kind else { return };
        if level.parts == 0 {
            return;
        }
        match block {
            Block::Branch { .. } => {
                if is_dearer(self.sum.measure, level.closed, level.open) {
                    self.levels[self.top].dearest = level.part;
                }
                self.levels[self.top].closed = dearer(self.sum.measure, level.closed, level.open);
            }
            Block::Parallel | Block::Race { .. } => {
                let ended = self.left.take(self.top, To::End);
                let part = dearer(self.sum.measure, level.open, ended);
                self.levels[self.top].closed = match (level.closed, part) {
                    (Some(all), Some(part)) => Some(Way { bounds: all.bounds.beside(part.bounds), last: part.last }),
                    (all, None) => all,
                    (None, part) => part,
                };
            }
            Block::Map { .. } => {
                let ended = self.left.take(self.top, To::End);
                self.levels[self.top].closed = dearer(self.sum.measure, level.open, ended);
            }
            // The body is evaluated when the loop ends.
            Block::Loop { .. } if level.parts > 1 => {}
            Block::Loop { .. } | Block::Labelled { .. } => self.levels[self.top].closed = level.open,
        }
    }

    const fn turns(&mut self, block: Block, bound: Option<u64>) -> Turns {
        let level = self.levels[self.top];
        let condition = match level.closed {
            Some(condition) => condition,
            None => Way::FREE,
        };
        let continued = self.left.take(self.top, To::Again);
        Turns { block, bound, condition, again: dearer(self.sum.measure, level.open, continued) }
    }

    /// The path after a loop, from its head. Exceeding the bound ends the workflow, unless the loop then continues after it
    /// (`ends`).
    const fn head(&mut self, before: Way, turns: &Turns, is_come_to: bool) -> Option<Way> {
        let most = turns.most(0);
        let way = self.turned(before, turns, plus_one(most), most);
        match turns.block {
            Block::Loop { ends: true, .. } if is_come_to => Some(way),
            Block::Loop { ends: false, .. } if turns.again.is_some() => {
                if self.add(self.function(), To::End, way) {
                    None
                } else {
                    Some(way)
                }
            }
            _ => None,
        }
    }

    /// Evaluates the condition `asked` times and the body `most` times.
    const fn turned(&mut self, before: Way, turns: &Turns, asked: Option<u64>, most: Option<u64>) -> Way {
        let way = self.repeated(before, turns.block, "condition", turns.condition, asked);
        match turns.again {
            Some(again) => self.repeated(way, turns.block, "body", again, most),
            None => way,
        }
    }

    const fn repeated(&mut self, before: Way, block: Block, part: &'static str, each: Way, times: Option<u64>) -> Way {
        let one = self.sum.measure.of(each.bounds);
        let what = What::Part { block, part, times, each: one };
        let last = self.sum.push(before.last, what, multiply(one, times), each.last);
        Way { bounds: before.bounds.then(each.bounds.times(times)), last }
    }

    /// Combines a path through a part of a block with the path before the block.
    const fn around(&mut self, before: Way, block: Block, part: &'static str, way: Way) -> Way {
        let value = self.sum.measure.of(way.bounds);
        match block {
            Block::Branch { .. } => {
                let what = What::Part { block, part, times: Some(1), each: value };
                let last = self.sum.push(before.last, what, value, way.last);
                Way { bounds: before.bounds.then(way.bounds), last }
            }
            Block::Map { bound, concurrency, .. } => {
                let bounds = before.bounds.then(way.bounds.each(widen(bound), concurrency as u64));
                Way { bounds, ..self.repeated(before, block, part, way, widen(bound)) }
            }
            Block::Parallel | Block::Race { .. } | Block::Labelled { .. } | Block::Loop { .. } => {
                Way { bounds: before.bounds.then(way.bounds), last: way.last }
            }
        }
    }

    /// A path that leaves a loop in its last iteration, after all the others.
    const fn last_turn(&mut self, before: Way, turns: &Turns, left: &Left) -> Way {
        let in_condition = left.parts == 1;
        let most = turns.most(if in_condition { 0 } else { 1 });
        let way = self.turned(before, turns, if in_condition { most } else { plus_one(most) }, most);
        let (block, value) = (turns.block, self.sum.measure.of(left.way.bounds));
        let last = self.sum.push(way.last, What::Last { block, part: left.part }, value, left.way.last);
        Way { bounds: way.bounds.then(left.way.bounds), last }
    }

    /// Moves the paths that left the closing block to the enclosing level; returns the most expensive one that continues after
    /// the block.
    const fn move_left(&mut self, before: Way, block: Block, turns: &Option<Turns>, after: Option<Way>) -> Option<Way> {
        let mut after = after;
        while let Some(left) = self.left.take_above(self.top) {
            let way = match turns {
                Some(turns) => self.last_turn(before, turns, &left),
                None => self.around(before, block, left.part, left.way),
            };
            if left.target <= self.top {
                self.add(left.target, left.to, way);
            } else if matches!(left.to, To::Behind) {
                after = dearer(self.sum.measure, after, Some(way));
            }
        }
        after
    }

    /// Adds a path that leaves the innermost level; returns `false` if the list is full.
    const fn add(&mut self, target: usize, to: To, way: Way) -> bool {
        let Level { part, parts, kind, .. } = self.levels[self.top];
        let parts = if matches!(kind, LevelKind::Block(Block::Loop { .. })) { parts } else { 0 };
        self.left.add(Left { level: self.top, target, to, way, part, parts }, self.sum.measure)
    }
}

impl Turns {
    /// The maximum number of iterations that lead to another one, less `but`.
    const fn most(&self, but: u64) -> Option<u64> {
        match (self.again, but) {
            (None, _) => Some(0),
            (Some(_), 0) => self.bound,
            (Some(_), _) => minus_one(self.bound),
        }
    }
}

impl Level {
    pub(super) const fn whole(owner: &'static Meta, graph: &'static Graph) -> Self {
        Self {
            owner,
            graph,
            next: 0,
            kind: LevelKind::Whole,
            parts: 0,
            part: "",
            open: Some(Way::FREE),
            closed: None,
            dearest: "",
        }
    }

    const fn block(&self, block: Block) -> Self {
        let kind = LevelKind::Block(block);
        Self { kind, parts: 0, part: "", open: None, closed: None, dearest: "", ..*self }
    }
}

/// Whether the parts of a block are functions of their own, which `return` and `?` leave.
const fn is_function(block: Block) -> bool {
    matches!(block, Block::Parallel | Block::Race { .. } | Block::Map { .. })
}
