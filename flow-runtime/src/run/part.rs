//! The records of one version of a workflow in a run, by place.

use std::collections::HashMap;

use super::Stamp;
use super::step_state::StepState;
use crate::error::Recorded;
use crate::place::Place;
use crate::provider::Spent;

#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) steps: HashMap<Place, StepState>,
    /// When sub-workflows started, for their time limits.
    pub(super) workflows: HashMap<Place, Stamp>,
    /// Sub-workflows that failed by themselves (by timing out), with the number of that end in the run.
    pub(super) late: HashMap<Place, (Recorded, u64)>,
    /// The outcomes of undoing finished steps, by the place of the undo step.
    pub(super) undoing: HashMap<Place, Undoing>,
    /// The branches of races that succeeded first.
    pub(super) chosen: HashMap<Place, u32>,
    /// What the model calls at each place spent, whatever happened to their steps since.
    pub(super) paid: HashMap<Place, Spent>,
    /// The places of failures that the run was resumed from. The workflows around them are open again.
    pub(super) reopened: Vec<Place>,
}

/// The outcome of undoing a finished step.
#[derive(Clone, Debug)]
pub(super) struct Undoing {
    /// The finished step.
    pub(super) of: Place,
    /// The place of the workflow that failed, or of the `flow::undo`.
    pub(super) within: Place,
    /// The finished step's name and the error, if it could not be undone.
    pub(super) failure: Option<(String, Box<Recorded>)>,
    pub(super) order: u64,
}

impl Part {
    /// Renames a step, sub-workflow or loop.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        let renamed = |place: &Place| place.renamed(old, new);
        move_all(&mut self.steps, renamed);
        move_all(&mut self.workflows, renamed);
        move_all(&mut self.late, renamed);
        move_all(&mut self.undoing, renamed);
        move_all(&mut self.chosen, renamed);
        move_all(&mut self.paid, renamed);
        for undoing in self.undoing.values_mut() {
            (undoing.of, undoing.within) = (renamed(&undoing.of), renamed(&undoing.within));
        }
        self.reopened.iter_mut().for_each(|place| *place = renamed(place));
    }

    /// Drops everything recorded for an id, except what it spent.
    pub(super) fn forget(&mut self, id: &str) {
        let stays = |place: &Place| place.parts().all(|part| part != id);
        self.steps.retain(|place, _| stays(place));
        self.workflows.retain(|place, _| stays(place));
        self.late.retain(|place, _| stays(place));
        self.chosen.retain(|place, _| stays(place));
        self.undoing.retain(|by, undoing| stays(by) && stays(&undoing.of));
    }

    /// Adds what a later version recorded.
    pub(super) fn goes_on(&mut self, later: Self) {
        for at in &later.reopened {
            self.reopen(at);
        }
        for (place, mut step) in later.steps {
            if let Some(earlier) = self.steps.remove(&place) {
                step.goes_on_from(earlier);
            }
            self.steps.insert(place, step);
        }
        for (place, began) in later.workflows {
            self.workflows.entry(place).or_insert(began);
        }
        self.late.extend(later.late);
        later.chosen.into_iter().for_each(|(race, branch)| self.choose(race, branch));
        self.undoing.extend(later.undoing);
        for (place, paid) in later.paid {
            let sum = self.paid.entry(place).or_default();
            *sum = sum.plus(paid);
        }
    }

    /// Ends a race: its other branches are dropped. Of their steps only those that wait are kept, so that later answers can be
    /// told that the wait was withdrawn.
    pub(super) fn choose(&mut self, race: Place, branch: u32) {
        self.steps.retain(|place, step| {
            let is_lost = place.has_lost(&race, branch);
            step.is_cancelled |= is_lost;
            !is_lost || (step.end.is_none() && step.wait.is_some())
        });
        self.chosen.insert(race, branch);
    }

    /// Drops the choices of races, and the failures of workflows, inside steps that start anew.
    pub(super) fn forget_within(&mut self, anew: &[Place]) {
        let stays = |place: &Place| !anew.iter().any(|gone| place.is_within(gone));
        self.chosen.retain(|race, _| stays(race));
        self.late.retain(|workflow, _| stays(workflow));
    }

    /// Reopens the run at the place of a failure: the workflows around it no longer count as failed, and those within
    /// it start again.
    pub(super) fn reopen(&mut self, at: &Place) {
        self.late.retain(|place, _| !at.is_within(place));
        self.workflows.retain(|place, _| !place.is_within(at));
        // What they could not undo is tried again if they fail again.
        self.undoing.retain(|_, undoing| undoing.failure.is_none() || !at.is_within(&undoing.within));
    }
}

/// Moves the entries whose place was renamed.
fn move_all<T>(map: &mut HashMap<Place, T>, renamed: impl Fn(&Place) -> Place) {
    let (moved, stay): (HashMap<_, _>, HashMap<_, _>) =
        std::mem::take(map).into_iter().partition(|(place, _)| renamed(place) != *place);
    *map = stay;
    map.extend(moved.into_iter().map(|(place, value)| (renamed(&place), value)));
}
