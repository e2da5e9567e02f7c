//! Which open runs have an executor, and which cannot continue.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::watch;

use super::Keeper;
use crate::engine::{Runtime, lock};
use crate::error::{Error, Recorded, Result};
use crate::journal::Query;
use crate::place::RunId;
use crate::run::{Status, Summary};

/// What this process knows about the runs that have not ended.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// How many tasks and calls execute each run.
    attended: HashMap<RunId, usize>,
    /// Runs of a newly opened journal that were not brought back yet.
    queued: HashSet<RunId>,
    /// Why this process cannot continue a run.
    stuck: HashMap<RunId, Recorded>,
    /// Notified when a run is added to `stuck`.
    found: watch::Sender<()>,
}

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
    fn shown(&self, mut run: Summary, executes: bool, is_executed: bool) -> Summary {
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

    /// In a process that only visits the journal, checks whether this build fits the runs shown. It is usually the same
    /// build as that of the executing process.
    async fn looked_at(&self, mut runs: Vec<Summary>) -> Vec<Summary> {
        if self.store.executes() {
            return runs;
        }
        for run in runs.iter_mut().filter(|run| run.ended.is_none() && self.registry.get(&run.workflow).is_some()) {
            // The summary of an unreadable run already has an error.
            let Ok(mut state) = self.read(&run.run).await else { continue };
            if let Err(why) = self.fit(&run.run, &run.workflow, &mut state) {
                run.error = Some(why.message().to_owned());
            }
        }
        runs
    }

    fn shown(&self, runs: Vec<Summary>) -> Result<Vec<Summary>> {
        let executes = self.store.executes();
        let is_executed = executes || self.store.is_executed()?;
        let standing = lock(&self.standing);
        Ok(runs.into_iter().map(|run| standing.shown(run, executes, is_executed)).collect())
    }

    async fn runs(&self, query: &Query) -> Result<Vec<Summary>> {
        let most = query.limit.unwrap_or(usize::MAX);
        let mut asked = query.clone();
        if query.status.contains(&Status::NoExecutor) {
            // The journal does not know about processes.
            asked.status.push(Status::Running);
        }
        loop {
            let found = self.store.runs(&asked).await?;
            let are_all = asked.limit.is_none_or(|limit| found.len() < limit);
            let mut wanted = self.shown(found)?;
            wanted.retain(|run| query.wants(run));
            if are_all || wanted.len() >= most {
                wanted.truncate(most);
                return Ok(self.looked_at(wanted).await);
            }
            asked.limit = asked.limit.map(|limit| limit.saturating_mul(4).max(1));
        }
    }
}

impl Runtime {
    /// Returns the runs that match a query, the most recently started first.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn runs(&self, query: &Query) -> Result<Vec<Summary>> {
        self.kept()?.runs(query).await
    }

    /// Returns the state of a run without step contents, or `None` if the journal has no such run.
    ///
    /// ```
    /// use flow_runtime::run::{RunId, Status};
    /// # async fn state(runtime: flow_runtime::engine::Runtime) -> flow_runtime::error::Result<()> {
    /// let run = RunId::named("cv-17");
    /// if let Some(state) = runtime.state(&run).await? && state.status == Status::NoExecutor {
    ///     runtime.resume(&run).await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn state(&self, run: &RunId) -> Result<Option<Summary>> {
        Ok(self.runs(&Query::all().run(run.clone())).await?.pop())
    }

    /// Returns why this process cannot continue an unfinished run, or `None` if nothing is known to stop it.
    pub fn obstacle(&self, run: &RunId) -> Option<Error> {
        self.keeper()?.obstacle(run)
    }
}
