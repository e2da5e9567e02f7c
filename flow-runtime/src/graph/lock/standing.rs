//! Finds the unchanged types of a lock, once for all parts of the promise.

use super::data::{Locked, LockedArgument, LockedStep};
use super::place::{Located, locate};
use super::{keeps, source};
use crate::contract::{Def, Following, Standing, Unchanged};
use crate::graph::{Argument, Meta};

/// The state of each type of a lock, by number, and whether each step is unchanged.
#[derive(Debug)]
pub struct Standings<const TYPES: usize, const STEPS: usize> {
    pub(super) types: [Standing; TYPES],
    pub(super) steps: [bool; STEPS],
}

impl<const TYPES: usize, const STEPS: usize> Standings<TYPES, STEPS> {
    /// Compares a lock with this many types and steps to the current workflow.
    pub const fn of(meta: &'static Meta, locked: &'static Locked) -> Self {
        let (mut types, mut met, mut located) =
            ([Standing::UNKNOWN; TYPES], [None; TYPES], [Located::Outside(""); STEPS]);
        let mut at = 0;
        while at < STEPS {
            located[at] = locate(meta, locked.steps[at].place);
            at += 1;
        }
        fill(meta, locked, &located, &mut types, &mut met);
        let mut steps = [false; STEPS];
        while at > 0 {
            at -= 1;
            steps[at] = is_unchanged(&locked.steps[at], located[at], Unchanged::new(&types));
        }
        Self { types, steps }
    }
}

const fn is_unchanged(step: &'static LockedStep, found: Located, unchanged: Unchanged) -> bool {
    let Located::Call(graph, node, index) = found else { return false };
    let now = node.step.get();
    let mut at = 0;
    while at < now.arguments.len() {
        match keeps::find(step.input, now.arguments[at].name) {
            Some(old) if unchanged.shape(old.shape, now.arguments[at].contract.shape) => {}
            _ => return false,
        }
        at += 1;
    }
    at == step.input.len() && unchanged.shape(step.output, now.output.shape) && source::changed(step, graph, index).ok()
}

/// The same for a lock that was read at run time.
pub(super) fn all(meta: &'static Meta, locked: &'static Locked, types: usize) -> Vec<Standing> {
    let (mut standings, mut met) = (vec![Standing::UNKNOWN; types], vec![None; types]);
    let located: Vec<_> = locked.steps.iter().map(|step| locate(meta, step.place)).collect();
    fill(meta, locked, &located, &mut standings, &mut met);
    standings
}

const fn fill(
    meta: &'static Meta,
    locked: &'static Locked,
    located: &[Located],
    standings: &mut [Standing],
    met: &mut [Option<&'static Def>],
) {
    let mut following = Following::new(standings, met);
    arguments(&mut following, locked.input, meta.arguments);
    following.follow(locked.output, meta.output.shape);
    let mut at = 0;
    while at < located.len() {
        if let Located::Call(_, node, _) = located[at] {
            let (step, now) = (&locked.steps[at], node.step.get());
            arguments(&mut following, step.input, now.arguments);
            following.follow(step.output, now.output.shape);
        }
        at += 1;
    }
    following.settle();
}

const fn arguments(following: &mut Following, old: &'static [LockedArgument], new: &'static [Argument]) {
    let mut at = 0;
    while at < new.len() {
        if let Some(old) = keeps::find(old, new[at].name) {
            following.follow(old.shape, new[at].contract.shape);
        }
        at += 1;
    }
}
