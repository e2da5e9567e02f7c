//! The runs that a process cannot continue, reported as they are found.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};

use tokio::sync::watch;

use super::Keeper;
use crate::engine::{Runtime, lock};
use crate::error::{Error, ErrorKind};
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

impl Runtime {
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
