//! Arms that handle an error and end the workflow with `Ok`: what was done before is kept, unless the workflow undoes it.
//!
//! Which calls are done where such an arm begins and ends is followed along the structure. Which of them is `flow::undo` is known
//! by its type alone, so each call without arguments may be one.

use std::collections::{BTreeMap, BTreeSet};

use super::arms::Arm;
use crate::model::{Block, Flow, Kept, Leave, Op};

/// What such arms keep, in the order of the code.
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
        // One step that is kept is told of once, at the outermost arm.
        let is_told = |call: &usize| arm.within.iter().any(|outer| before[*outer].contains(call));
        let calls = before[index].iter().filter(|call| !is_told(call));
        let calls: BTreeSet<_> = calls.flat_map(|call| walk.since(index, *call).map(|since| (*call, since))).collect();
        Kept { at: arm.at.clone(), calls: calls.into_iter().collect() }
    });
    found.filter(|kept| !kept.calls.is_empty()).collect()
}

/// The calls without arguments that have finished since a moment, for each way from there. A way with more than another one has
/// tells nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Since(BTreeSet<BTreeSet<usize>>);

/// How many ways are told apart. Of more, only what they have in common is known.
const MOST_WAYS: usize = 16;

impl Since {
    /// Nothing has finished.
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

/// What is done at a place.
#[derive(Clone, Default)]
struct State {
    /// Each call that may be done, with what has finished since.
    done: BTreeMap<usize, Since>,
    /// What has finished since the turn began, for each loop around.
    turns: Vec<Since>,
}

/// An open block.
struct Open<'a> {
    block: &'a Block,
    before: Option<State>,
    /// What is done behind it.
    after: Option<State>,
    /// What is done where its next turn begins.
    again: Option<State>,
    parts: usize,
    /// The marks and the calls before it.
    marks: usize,
    calls: usize,
}

/// What is done where an arm begins or ends the workflow.
struct Mark {
    arm: usize,
    is_start: bool,
    state: State,
}

struct Walk<'a> {
    flow: &'a Flow,
    arms: &'a [Arm],
    /// `None` where nothing comes to.
    now: Option<State>,
    open: Vec<Open<'a>>,
    marks: Vec<Mark>,
    /// The calls that may be done where each call begins, and the loops and maps around it, by the calls before those.
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

    /// The loops and maps around, by the calls before them.
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
        // The body stands behind the condition, and the loop may end where that does not hold.
        if open.parts > 1 && self.flow.loops[*index].ends {
            merge(&mut open.after, self.now.clone());
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        match open.block {
            Block::Loop(_) => return self.close_loop(open),
            Block::Parallel | Block::Map(_) => merge(&mut open.after, open.before),
            Block::Branch { .. } | Block::Labelled(_) => {}
        }
        merge(&mut open.after, self.now.take());
        self.now = open.after;
    }

    /// What was done in a turn is done in the next one.
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
            // An item or a branch ends, and the others go on.
            Leave::End(_) => self.open.iter().rposition(|open| matches!(open.block, Block::Parallel | Block::Map(_))),
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

    /// Whether the failure of a call is that of the only time it was called: no other turn, and no other call whose failure this
    /// may be, came after it.
    fn is_last(&self, call: usize, arm: &Arm, repeated: &[usize]) -> bool {
        let is_followed = |other: &usize| self.calls.get(*other).is_some_and(|(before, _)| before.contains(&call));
        let is_repeated = self.calls.get(call).is_none_or(|(_, around)| !repeated.starts_with(around));
        !is_repeated && !arm.failed.iter().any(is_followed)
    }

    /// The calls that may be done where an arm begins, if it ends the workflow.
    fn before(&self, arm: usize) -> BTreeSet<usize> {
        let start = self.marks.iter().find(|mark| mark.arm == arm && mark.is_start);
        start
            .filter(|_| !self.arms[arm].ends.is_empty())
            .into_iter()
            .flat_map(|mark| mark.state.done.keys().copied())
            .collect()
    }

    /// What has finished since a call, on each way to an end of the workflow in an arm.
    fn since(&self, arm: usize, call: usize) -> impl Iterator<Item = Vec<usize>> {
        let ends = self.marks.iter().filter(move |mark| mark.arm == arm && !mark.is_start);
        let ways = ends.filter_map(move |mark| mark.state.done.get(&call)).flat_map(|since| &since.0);
        ways.map(|way| way.iter().copied().collect())
    }
}

impl State {
    /// An earlier turn of a loop has come as far as `again`; its calls are those from `first` on.
    fn turned(&mut self, again: &Self, first: usize, depth: usize) {
        let this_turn = self.turns.get(depth).cloned().unwrap_or_else(Since::now);
        for (call, since) in again.done.range(first..) {
            self.add(*call, since.then(&this_turn));
        }
    }

    /// A call is done, on one way more.
    fn add(&mut self, call: usize, since: Since) {
        self.done.entry(call).and_modify(|known| *known = known.or(&since)).or_insert(since);
    }
}

/// Two ways come together.
fn merge(into: &mut Option<State>, other: Option<State>) {
    let Some(other) = other else { return };
    let Some(state) = into else { return *into = Some(other) };
    for (call, since) in other.done {
        state.add(call, since);
    }
    state.turns.truncate(other.turns.len());
    state.turns.iter_mut().zip(&other.turns).for_each(|(one, other)| *one = one.or(other));
}
