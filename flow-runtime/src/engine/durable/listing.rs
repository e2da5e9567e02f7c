//! Lists runs and waits: what the journal knows, completed by what this process knows.

use super::keeper::Keeper;
use crate::engine::mutex::lock;
use crate::engine::runtime::{Registry, Runtime};
use crate::error::Result;
use crate::journal::Query;
use crate::place::RunId;
use crate::run::{Status, Summary, Wait};

impl Keeper {
    /// In a process that only visits the journal, checks whether this build fits the runs shown. It is usually the same
    /// build as that of the executing process.
    async fn looked_at(&self, registry: &Registry, mut runs: Vec<Summary>) -> Vec<Summary> {
        if self.store.executes() {
            return runs;
        }
        for run in runs.iter_mut().filter(|run| run.ended.is_none()) {
            let Some(known) = registry.get(&run.workflow) else { continue };
            // The summary of an unreadable run already has an error.
            let Ok(mut state) = self.read(&run.run).await else { continue };
            if let Err(why) = self.fit(&run.run, known.meta, &mut state) {
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

    async fn runs(&self, registry: &Registry, query: &Query) -> Result<Vec<Summary>> {
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
                return Ok(self.looked_at(registry, wanted).await);
            }
            asked.limit = asked.limit.map(|limit| limit.saturating_mul(4).max(1));
        }
    }

    /// Returns all waits in runs that have not ended.
    pub(super) async fn waits(&self) -> Result<Vec<Wait>> {
        let open = Query::all().status([Status::Waiting]);
        Ok(self.store.runs(&open).await?.into_iter().flat_map(|run| run.waits).collect())
    }
}

impl Runtime {
    /// Returns the runs that match a query, the most recently started first.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn runs(&self, query: &Query) -> Result<Vec<Summary>> {
        self.kept()?.runs(&self.registry, query).await
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

    /// Returns all current waits, the oldest first: those of all runs in the journal or, without a journal, of the runs
    /// in progress in this process.
    ///
    /// ```
    /// # async fn waits(runtime: flow_runtime::engine::Runtime) -> flow_runtime::error::Result<()> {
    /// for wait in runtime.waits().await? {
    ///     println!("{} in run {}", wait.place, wait.run);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn waits(&self) -> Result<Vec<Wait>> {
        let Some(keeper) = self.keeper() else { return Ok(self.shared().held.waits()) };
        let mut waits = keeper.waits().await?;
        waits.sort_by(|one, other| (one.at, &one.run, &one.place).cmp(&(other.at, &other.run, &other.place)));
        Ok(waits)
    }
}
