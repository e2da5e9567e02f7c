//! What one version of a workflow has recorded of a run, by places.

use std::collections::HashMap;

use super::{Place, Stamp, StepState};
use crate::error::Recorded;
use crate::provider::Spent;

/// What is recorded at the places of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) steps: HashMap<Place, StepState>,
    /// When sub-workflows have begun, for their time limits.
    pub(super) workflows: HashMap<Place, Stamp>,
    /// Sub-workflows that have failed by themselves, and which end in the run each was.
    pub(super) late: HashMap<Place, (Recorded, u64)>,
    /// What became of undoing finished steps, by the place of the step that undoes.
    pub(super) undoing: HashMap<Place, Undoing>,
    /// What the model calls at each place have taken, whatever became of their steps since.
    pub(super) paid: HashMap<Place, Spent>,
    /// Where a failure was that the run went on from: what is around it is not over any more.
    pub(super) reopened: Vec<Place>,
}

/// What became of undoing a finished step.
#[derive(Clone, Debug)]
pub(super) struct Undoing {
    /// The finished step.
    pub(super) of: Place,
    /// The workflow that failed, or the `flow::undo`.
    pub(super) within: Place,
    /// The finished step's name and the error, where it could not be undone.
    pub(super) failure: Option<(String, Box<Recorded>)>,
    pub(super) order: u64,
}

impl Part {
    /// A step, a sub-workflow or a loop has another id now.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        let renamed = |place: &Place| place.renamed(old, new);
        move_all(&mut self.steps, renamed);
        move_all(&mut self.workflows, renamed);
        move_all(&mut self.late, renamed);
        move_all(&mut self.undoing, renamed);
        move_all(&mut self.paid, renamed);
        for undoing in self.undoing.values_mut() {
            (undoing.of, undoing.within) = (renamed(&undoing.of), renamed(&undoing.within));
        }
        self.reopened.iter_mut().for_each(|place| *place = renamed(place));
    }

    /// What is recorded of an id is of no use. What was paid was paid all the same.
    pub(super) fn forget(&mut self, id: &str) {
        let stays = |place: &Place| place.parts().all(|part| part != id);
        self.steps.retain(|place, _| stays(place));
        self.workflows.retain(|place, _| stays(place));
        self.late.retain(|place, _| stays(place));
        self.undoing.retain(|by, undoing| stays(by) && stays(&undoing.of));
    }

    /// Adds what a later version has recorded.
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
        self.undoing.extend(later.undoing);
        for (place, paid) in later.paid {
            let sum = self.paid.entry(place).or_default();
            *sum = sum.plus(paid);
        }
    }

    /// The run goes on with what has failed at a place: the workflows around it have not failed, and those in it begin again.
    pub(super) fn reopen(&mut self, at: &Place) {
        self.late.retain(|place, _| !at.is_within(place));
        self.workflows.retain(|place, _| !place.is_within(at));
        // What they could not undo is tried again, should they fail again.
        self.undoing.retain(|_, undoing| undoing.failure.is_none() || !at.is_within(&undoing.within));
    }
}

/// Moves what has another place now.
fn move_all<T>(map: &mut HashMap<Place, T>, renamed: impl Fn(&Place) -> Place) {
    let (moved, stay): (HashMap<_, _>, HashMap<_, _>) =
        std::mem::take(map).into_iter().partition(|(place, _)| renamed(place) != *place);
    *map = stay;
    map.extend(moved.into_iter().map(|(place, value)| (renamed(&place), value)));
}
