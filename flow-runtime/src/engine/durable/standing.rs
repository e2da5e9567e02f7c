//! Which open runs have an executor, and which cannot continue.

use std::collections::{HashMap, HashSet};

use tokio::sync::watch;

use crate::error::Recorded;
use crate::place::RunId;
use crate::run::{Status, Summary};

/// What this process knows about the runs that have not ended.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// How many tasks and calls execute each run.
    pub(super) attended: HashMap<RunId, usize>,
    /// Runs of a newly opened journal that were not brought back yet.
    pub(super) queued: HashSet<RunId>,
    /// Why this process cannot continue a run.
    pub(super) stuck: HashMap<RunId, Recorded>,
    /// Notified when a run is added to `stuck`.
    pub(super) found: watch::Sender<()>,
}

impl Standing {
    /// Returns the runs that this process cannot continue.
    pub(super) fn stuck(&self) -> impl Iterator<Item = (&RunId, &Recorded)> {
        self.stuck.iter()
    }

    /// Subscribes to new entries of [`stuck`](Self::stuck).
    pub(super) fn subscribe(&self) -> watch::Receiver<()> {
        self.found.subscribe()
    }

    /// Completes a summary: a running run without an executor gets that status, and an obstacle becomes its error.
    pub(super) fn shown(&self, mut run: Summary, executes: bool, is_executed: bool) -> Summary {
        if run.ended.is_some() {
            return run;
        }
        let attended = self.attended.contains_key(&run.run) || self.queued.contains(&run.run);
        if run.status == Status::Running && !(if executes { attended } else { is_executed }) {
            run.status = Status::NoExecutor;
        }
        run.error = self.stuck.get(&run.run).map(|why| why.message.clone()).or(run.error);
        run
    }
}
