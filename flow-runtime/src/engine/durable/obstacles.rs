//! The runs that a process cannot continue, reported as they are found.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};

use tokio::sync::watch;

use super::keeper::Keeper;
use crate::engine::mutex::lock;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Recorded};
use crate::place::RunId;

/// A stream of unfinished runs that this process cannot continue, each with the reason.
pub struct Obstacles {
    keeper: Weak<Keeper>,
    found: watch::Receiver<()>,
    /// The message already reported for each run.
    told: HashMap<RunId, String>,
}

impl Obstacles {
    /// Returns the next run, or `None` once the runtime is gone.
    pub async fn next(&mut self) -> Option<(RunId, Error)> {
        loop {
            self.found.borrow_and_update();
            if let Some((run, why)) = self.untold() {
                self.told.insert(run.clone(), why.message().to_owned());
                return Some((run, why));
            }
            self.found.changed().await.ok()?;
        }
    }

    fn untold(&self) -> Option<(RunId, Error)> {
        let keeper = self.keeper.upgrade()?;
        let standing = lock(&keeper.standing);
        let mut stuck = standing.stuck();
        // A failed journal stops all runs, and is reported only once, elsewhere.
        let (run, why) = stuck.find(|(run, why)| {
            why.kind != ErrorKind::Journal && self.told.get(*run).is_none_or(|told| *told != why.message)
        })?;
        Some((run.clone(), Error::from(why.clone())))
    }
}

impl Keeper {
    /// Stores why this process cannot continue a run that has not ended.
    pub(super) fn stuck(&self, run: &RunId, why: Error) -> Error {
        let mut standing = lock(&self.standing);
        standing.stuck.insert(run.clone(), Recorded::from(&why));
        standing.found.send_replace(());
        why
    }

    /// Clears the obstacle of a run.
    pub(super) fn goes_on(&self, run: &RunId) {
        lock(&self.standing).stuck.remove(run);
    }

    /// Returns why this process cannot continue a run.
    pub(super) fn obstacle(&self, run: &RunId) -> Option<Error> {
        lock(&self.standing).stuck.get(run).cloned().map(Error::from)
    }
}

impl Runtime {
    /// Returns why this process cannot continue an unfinished run, or `None` if nothing is known to stop it.
    pub fn obstacle(&self, run: &RunId) -> Option<Error> {
        self.keeper()?.obstacle(run)
    }

    /// Returns the runs that this process cannot continue: another build started them and this one does not fit, their records
    /// cannot be read, or a recorded step now gets a different input. Answers to them are rejected; the build that started them
    /// can still finish them.
    ///
    /// After [`resume_all`](Self::resume_all), the stream contains all such runs of the journal. Without a journal it is empty.
    pub fn obstacles(&self) -> Obstacles {
        let keeper = self.keeper();
        let found = keeper.map_or_else(|| watch::channel(()).1, |keeper| lock(&keeper.standing).subscribe());
        Obstacles { keeper: keeper.map(Arc::downgrade).unwrap_or_default(), found, told: HashMap::new() }
    }
}

impl fmt::Debug for Obstacles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Obstacles").field("told", &self.told.len()).finish_non_exhaustive()
    }
}
