//! What a run of an earlier version has recorded, to be taken over by a later one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::{Began, Place, RunState, StepEnd, StepState};

/// What a run that began under an earlier version of its workflow has recorded. The function of `migrate` changes it into what a
/// run of the version that goes on would have: each time the run is resumed, so it MUST be a function of what is recorded alone.
/// The journal stays as it is.
///
/// ```
/// use flow_runtime::error::Result;
/// use flow_runtime::run::Migration;
///
/// fn from_first(run: &mut Migration<'_>) -> Result<()> {
///     if run.version() == 1 {
///         run.rename("extract", "read");
///         run.outputs("read").for_each(|facts| facts["mail"] = "none".into());
///         run.forget("score");
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Migration<'r> {
    version: u32,
    began: &'r mut Began,
    steps: &'r mut HashMap<Place, StepState>,
}

impl<'r> Migration<'r> {
    /// The version under which the run began.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The workflow's arguments by name.
    pub fn input(&mut self) -> &mut Value {
        &mut self.began.input
    }

    /// A step, a sub-workflow or a loop has another id now: in all places where it stands. One that waits goes on waiting.
    pub fn rename(&mut self, old: &str, new: &str) {
        let (moved, stay): (HashMap<_, _>, HashMap<_, _>) =
            std::mem::take(self.steps).into_iter().partition(|(place, _)| place.renamed(old, new) != *place);
        *self.steps = stay;
        for (place, step) in moved {
            // What this version has recorded since is of the same step.
            match self.steps.entry(place.renamed(old, new)) {
                Entry::Vacant(free) => _ = free.insert(step),
                Entry::Occupied(mut later) => later.get_mut().goes_on_from(step),
            }
        }
    }

    /// What the steps of this id have recorded is of no use: they run again when the run comes to them, and those that wait ask anew.
    pub fn forget(&mut self, id: &str) {
        self.steps.retain(|place, _| place.parts().all(|part| part != id));
    }

    /// The outputs of the steps of this id that have finished, at all places where it stands, in no order.
    pub fn outputs(&mut self, id: &str) -> impl Iterator<Item = &mut Value> {
        self.at(id).filter_map(|step| match &mut step.end {
            Some(StepEnd::Finished(output, _, _)) => Some(output),
            _ => None,
        })
    }

    /// What the steps of this id were given, by the names of their arguments: a resumed step is held against it. Of steps that
    /// have ended, texts of more than 1 KB are digests.
    pub fn inputs(&mut self, id: &str) -> impl Iterator<Item = &mut Value> {
        self.at(id).filter_map(|step| step.began.as_mut().map(|(input, _)| input))
    }

    fn at(&mut self, id: &str) -> impl Iterator<Item = &mut StepState> {
        let here = move |place: &Place| place.parts().next_back() == Some(id);
        self.steps.iter_mut().filter(move |(place, _)| here(place)).map(|(_, step)| step)
    }
}

impl RunState {
    /// What the run has recorded under a version, to be changed; nothing of a run that has not begun.
    pub(crate) fn migration(&mut self, version: u32) -> Option<Migration<'_>> {
        let (began, steps) = self.began_and_steps();
        began.map(|began| Migration { version, began, steps })
    }
}
