//! Arms that handle an error and end the workflow with `Ok`: finished steps keep their effects, unless the workflow
//! undoes them.
//!
//! A walk along the structure tracks which calls have finished where such an arm begins and ends. Only its type
//! identifies `flow::undo`, so every call without arguments may be one.

use std::collections::{BTreeMap, BTreeSet};

use super::arms::Arm;
use crate::model::{Block, Flow, Kept, Leave, Op};

/// The finished calls that each such arm keeps, in source order.
pub(super) fn kept(flow: &Flow, arms: &[Arm]) -> Vec<Kept> {
    let mut walk = Walk::new(flow, arms);
    for (position, op) in flow.structure.iter().enumerate() {
        walk.mark_starts(position, false);
        walk.mark_ends(position);
        walk.op(op);
        walk.mark_starts(position, true);
    }
    walk.mark_starts(flow.structure.len(), false);
    walk.mark_ends(flow.structure.len());
    let before: Vec<BTreeSet<usize>> = (0..arms.len()).map(|arm| walk.before(arm)).collect();
    let found = arms.iter().enumerate().map(|(index, arm)| {
        // A step that is kept is reported once, at the outermost arm.
        let is_told = |call: &usize| arm.within.iter().any(|outer| before[*outer].contains(call));
        let calls = before[index].iter().filter(|call| !is_told(call));
        let calls: BTreeSet<_> = calls.flat_map(|call| walk.since(index, *call).map(|since| (*call, since))).collect();
        Kept { at: arm.at.clone(), calls: calls.into_iter().collect() }
    });
    found.filter(|kept| !kept.calls.is_empty()).collect()
}

/// The calls without arguments that have finished since a moment, one set per path. A superset of another set adds no
/// information and is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Since(BTreeSet<BTreeSet<usize>>);

/// The number of paths that are tracked. Beyond it, only the intersection is kept.
const MOST_WAYS: usize = 16;

impl Since {
    fn now() -> Self {
        Self(BTreeSet::from([BTreeSet::new()]))
    }

    fn least(ways: impl IntoIterator<Item = BTreeSet<usize>>) -> Self {
        let ways: BTreeSet<_> = ways.into_iter().collect();
        let is_least = |way: &&BTreeSet<usize>| !ways.iter().any(|other| other != *way && other.is_subset(way));
        let least: BTreeSet<_> = ways.iter().filter(is_least).cloned().collect();
        if least.len() <= MOST_WAYS {
            return Self(least);
        }
        let common = least.into_iter().reduce(|one, other| &one & &other);
        Self(common.into_iter().collect())
    }

    fn or(&self, other: &Self) -> Self {
        Self::least(self.0.union(&other.0).cloned())
    }

    fn then(&self, other: &Self) -> Self {
        Self::least(self.0.iter().flat_map(|first| other.0.iter().map(move |second| first | second)))
    }

    fn finish(&mut self, call: usize) {
        *self = self.then(&Self(BTreeSet::from([BTreeSet::from([call])])));
    }
}

/// The finished calls at a position.
#[derive(Clone, Default)]
struct State {
    /// Each call that may have finished, with what has finished since.
    done: BTreeMap<usize, Since>,
    /// What has finished since the current iteration began, for each enclosing loop.
    turns: Vec<Since>,
}

/// An open block.
struct Open<'a> {
    block: &'a Block,
    before: Option<State>,
    /// The state after the block.
    after: Option<State>,
    /// The state at the start of the next iteration.
    again: Option<State>,
    parts: usize,
    /// The number of marks and calls before it.
    marks: usize,
    calls: usize,
}

/// The state at which an arm begins or ends the workflow.
struct Mark {
    arm: usize,
    is_start: bool,
    state: State,
}

struct Walk<'a> {
    flow: &'a Flow,
    arms: &'a [Arm],
    /// `None` if the position is unreachable.
    now: Option<State>,
    open: Vec<Open<'a>>,
    marks: Vec<Mark>,
    /// For each call, the calls that may have finished before it, and the enclosing loops and maps, identified by the number of
    /// calls before them.
    calls: Vec<(BTreeSet<usize>, Vec<usize>)>,
}

impl<'a> Walk<'a> {
    fn new(flow: &'a Flow, arms: &'a [Arm]) -> Self {
        let (open, marks, calls) = Default::default();
        Self { flow, arms, now: Some(State::default()), open, marks, calls }
    }

    fn op(&mut self, op: &'a Op) {
        match op {
            Op::Step(index) => self.step(*index),
            Op::Open(block) => self.enter(block),
            Op::Arm(_) => self.part(),
            Op::Close => self.close(),
            Op::Leave(leave) => self.leave(*leave),
        }
    }

    fn step(&mut self, index: usize) {
        let before = self.now.as_ref().map_or_else(BTreeSet::new, |now| now.done.keys().copied().collect());
        self.calls.push((before, self.repeated()));
        let Some(now) = &mut self.now else { return };
        if self.flow.nodes[index].arguments.is_empty() {
            now.done.values_mut().chain(&mut now.turns).for_each(|since| since.finish(index));
        }
        now.done.insert(index, Since::now());
    }

    /// The enclosing loops and maps, identified by the number of calls before them.
    fn repeated(&self) -> Vec<usize> {
        let repeated = self.open.iter().filter(|open| matches!(open.block, Block::Loop(_) | Block::Map(_)));
        repeated.map(|open| open.calls).collect()
    }

    fn enter(&mut self, block: &'a Block) {
        let (before, marks, calls) = (self.now.clone(), self.marks.len(), self.calls.len());
        self.open.push(Open { block, before, after: None, again: None, parts: 0, marks, calls });
        if let (Block::Loop(_), Some(now)) = (block, &mut self.now) {
            now.turns.push(Since::now());
        }
    }

    fn part(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        open.parts += 1;
        let Block::Loop(index) = open.block else {
            if open.parts > 1 {
                merge(&mut open.after, self.now.take());
                self.now.clone_from(&open.before);
            }
            return;
        };
        // The body follows the condition, and the loop may end if that does not hold.
        if open.parts > 1 && self.flow.loops[*index].ends {
            merge(&mut open.after, self.now.clone());
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        match open.block {
            Block::Loop(_) => return self.close_loop(open),
            Block::Parallel | Block::Race(_) | Block::Map(_) => merge(&mut open.after, open.before),
            Block::Branch { .. } | Block::Labelled(_) => {}
        }
        merge(&mut open.after, self.now.take());
        self.now = open.after;
    }

    /// Carries the calls of one iteration over to the next.
    fn close_loop(&mut self, mut open: Open<'_>) {
        merge(&mut open.again, self.now.take());
        let depth = open.before.as_ref().map_or(0, |before| before.turns.len());
        if let Some(again) = &open.again {
            let marked = self.marks[open.marks..].iter_mut().map(|mark| &mut mark.state);
            marked.chain(&mut open.after).for_each(|state| state.turned(again, open.calls, depth));
        }
        if let Some(after) = &mut open.after {
            after.turns.truncate(depth);
        }
        self.now = open.after;
    }

    fn leave(&mut self, leave: Leave) {
        let target = match leave {
            Leave::Break(blocks) | Leave::Continue(blocks) => self.open.len().checked_sub(blocks + 1),
            // Ends one item or branch; the others continue.
            Leave::End(_) => self.open.iter().rposition(|open| is_function(open.block)),
        };
        let (Some(target), Some(mut now)) = (target, self.now.take()) else { return };
        let loops = self.open[..=target].iter().filter(|open| matches!(open.block, Block::Loop(_)));
        now.turns.truncate(loops.count());
        let open = &mut self.open[target];
        merge(if matches!(leave, Leave::Continue(_)) { &mut open.again } else { &mut open.after }, Some(now));
    }

    fn mark_ends(&mut self, position: usize) {
        let Some(now) = &self.now else { return };
        let all = self.arms.iter().enumerate().filter(|(_, arm)| arm.ends.contains(&position));
        self.marks.extend(all.map(|(arm, _)| Mark { arm, is_start: false, state: now.clone() }));
    }

    fn mark_starts(&mut self, position: usize, is_certain: bool) {
        let starts = |arm: &Arm| arm.start == position && arm.is_certain == is_certain;
        for (index, arm) in self.arms.iter().enumerate().filter(|(_, arm)| starts(arm)) {
            let repeated = self.repeated();
            let failed: Vec<_> =
                arm.failed.iter().copied().filter(|call| self.is_last(*call, arm, &repeated)).collect();
            let Some(now) = &mut self.now else { return };
            let mut state = now.clone();
            state.done.retain(|call, _| !failed.contains(call));
            if is_certain {
                now.clone_from(&state);
            }
            self.marks.push(Mark { arm: index, is_start: true, state });
        }
    }

    /// Whether the handled error can only come from a call's last execution: no later iteration or other candidate follows it.
    fn is_last(&self, call: usize, arm: &Arm, repeated: &[usize]) -> bool {
        let is_followed = |other: &usize| self.calls.get(*other).is_some_and(|(before, _)| before.contains(&call));
        let is_repeated = self.calls.get(call).is_none_or(|(_, around)| !repeated.starts_with(around));
        !is_repeated && !arm.failed.iter().any(is_followed)
    }

    /// The calls that may have finished where an arm begins, if the arm ends the workflow.
    fn before(&self, arm: usize) -> BTreeSet<usize> {
        let start = self.marks.iter().find(|mark| mark.arm == arm && mark.is_start);
        start
            .filter(|_| !self.arms[arm].ends.is_empty())
            .into_iter()
            .flat_map(|mark| mark.state.done.keys().copied())
            .collect()
    }

    /// What has finished since a call, for each path to an end of the workflow in an arm.
    fn since(&self, arm: usize, call: usize) -> impl Iterator<Item = Vec<usize>> {
        let ends = self.marks.iter().filter(move |mark| mark.arm == arm && !mark.is_start);
        let ways = ends.filter_map(move |mark| mark.state.done.get(&call)).flat_map(|since| &since.0);
        ways.map(|way| way.iter().copied().collect())
    }
}

impl State {
    /// Adds the calls of an earlier iteration of a loop, whose final state is `again` and whose calls start at `first`.
    fn turned(&mut self, again: &Self, first: usize, depth: usize) {
        let this_turn = self.turns.get(depth).cloned().unwrap_or_else(Since::now);
        for (call, since) in again.done.range(first..) {
            self.add(*call, since.then(&this_turn));
        }
    }

    /// Adds another path on which a call has finished.
    fn add(&mut self, call: usize, since: Since) {
        self.done.entry(call).and_modify(|known| *known = known.or(&since)).or_insert(since);
    }
}

/// Joins the states of two paths.
fn merge(into: &mut Option<State>, other: Option<State>) {
    let Some(other) = other else { return };
    let Some(state) = into else { return *into = Some(other) };
    for (call, since) in other.done {
        state.add(call, since);
    }
    state.turns.truncate(other.turns.len());
    state.turns.iter_mut().zip(&other.turns).for_each(|(one, other)| *one = one.or(other));
}

/// Whether the parts of a block are functions of their own, which `return` and `?` leave.
fn is_function(block: &Block) -> bool {
    matches!(block, Block::Parallel | Block::Race(_) | Block::Map(_))
}
