//! What an earlier version recorded in a run, for a later version to take over.

use serde_json::Value;

use super::part::Part;
use super::{Began, RunState, StepEnd, StepState};
use crate::error::Result;
use crate::place::Place;

/// Adapts what a run of an earlier version recorded to the current version.
pub type Migrate = fn(&mut Migration<'_>) -> Result<()>;

/// What an earlier version of a workflow recorded in a run, for its `migrate` function to adapt.
///
/// The function is called each time the run is resumed, so it MUST depend only on what is recorded. Records of the later version
/// itself are not included. The journal is not changed.
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
    part: &'r mut Part,
}

impl<'r> Migration<'r> {
    /// Returns the version that recorded this.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Returns the workflow's arguments, by name.
    pub fn input(&mut self) -> &mut Value {
        &mut self.began.input
    }

    /// Changes the id of a step, sub-workflow or loop, in all its places. A waiting step keeps waiting, time limits keep running, and
    /// what was undone stays undone.
    pub fn rename(&mut self, old: &str, new: &str) {
        self.part.rename(old, new);
    }

    /// Drops what the steps with this id recorded: they run again when the run reaches them, and waiting ones ask again.
    pub fn forget(&mut self, id: &str) {
        self.part.forget(id);
    }

    /// Returns the outputs of the finished steps with this id, in all its places, in no particular order.
    pub fn outputs(&mut self, id: &str) -> impl Iterator<Item = &mut Value> {
        self.at(id).filter_map(|step| match &mut step.end {
            Some(StepEnd::Finished(output, _, _)) => Some(output),
            _ => None,
        })
    }

    /// Returns the recorded inputs of the steps with this id, by argument name; a resumed step is compared with them. In finished
    /// steps, texts of more than 1 KB are replaced by digests.
    pub fn inputs(&mut self, id: &str) -> impl Iterator<Item = &mut Value> {
        self.at(id).filter_map(|step| step.began.as_mut().map(|(input, _)| input))
    }

    /// Returns answers that were given to steps with this id but not taken yet: reviews, forms, signals.
    pub fn answers(&mut self, id: &str) -> impl Iterator<Item = &mut Value> {
        self.at(id).filter(|step| step.end.is_none()).filter_map(|step| step.answer.as_mut())
    }

    fn at(&mut self, id: &str) -> impl Iterator<Item = &mut StepState> {
        let here = move |place: &Place| place.parts().next_back() == Some(id);
        self.part.steps.iter_mut().filter(move |(place, _)| here(place)).map(|(_, step)| step)
    }
}

impl RunState {
    /// Adapts the records of other versions to version `now`; `first` is the version that started the run. Each part is
    /// adapted once: what this version recorded after taking the run over stays unchanged.
    pub(crate) fn migrate(&mut self, first: u32, now: u32, migrate: Migrate) -> Result<()> {
        let (mut all, mut later) = self.take_parts();
        let Some(began) = &mut self.began else { return Ok(()) };
        let mut unused = began.clone();
        if first != now {
            migrate(&mut Migration { version: first, began, part: &mut all })?;
        }
        wait_anew(&mut all);
        while let Some(mut part) = later {
            let (mut own, next) = part.state.take_parts();
            if part.version != now {
                migrate(&mut Migration { version: part.version, began: &mut unused, part: &mut own })?;
                wait_anew(&mut own);
            }
            all.goes_on(own);
            later = next;
        }
        self.put_part(all);
        Ok(())
    }
}

fn wait_anew(part: &mut Part) {
    let open = part.steps.values_mut().filter(|step| step.end.is_none());
    open.for_each(|step| step.waits_anew = step.wait.is_some());
}
