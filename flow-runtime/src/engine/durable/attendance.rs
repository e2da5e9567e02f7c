//! Marks the runs that this process executes, or will bring back.

use std::sync::Arc;

use super::keeper::Keeper;
use crate::engine::mutex::lock;
use crate::place::RunId;

/// Marks a run as being executed for as long as it is held.
pub(in crate::engine) struct Attendance {
    keeper: Arc<Keeper>,
    run: RunId,
}

impl Attendance {
    pub(super) fn run(&self) -> &RunId {
        &self.run
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let mut standing = lock(&self.keeper.standing);
        if let Some(count) = standing.attended.get_mut(&self.run) {
            *count -= 1;
            if *count == 0 {
                standing.attended.remove(&self.run);
                self.keeper.verdicts.give_up(&self.run);
            }
        }
    }
}

impl Keeper {
    /// Marks the run as being executed from here on.
    pub(in crate::engine) fn attend(self: &Arc<Self>, run: &RunId) -> Attendance {
        *lock(&self.standing).attended.entry(run.clone()).or_default() += 1;
        Attendance { keeper: self.clone(), run: run.clone() }
    }

    /// Adds runs that will be brought back.
    pub(super) fn queue(&self, runs: impl IntoIterator<Item = RunId>) {
        lock(&self.standing).queued.extend(runs);
    }

    /// Removes a run that is being brought back.
    pub(super) fn dequeue(&self, run: &RunId) {
        lock(&self.standing).queued.remove(run);
    }

    /// Removes all runs, since no more will be brought back.
    pub(super) fn dequeue_all(&self) {
        lock(&self.standing).queued.clear();
    }
}
