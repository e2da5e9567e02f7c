//! Operations on runs that the caller does not hold.

use std::future::Future;
use std::time::Duration;

use serde_json::Value;

use super::reopen::Reopened;
use super::returning::Resumed;
use crate::ending::Ending;
use crate::engine::carried::Carried;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;
use crate::run::{Record, Stamp};

/// Operations on runs in a journal. Without a journal, only [`answer`](Self::answer) and [`waits`](Self::waits) work,
/// for steps that wait in runs in progress; all others fail with [`ErrorKind::Setup`].
impl Runtime {
    /// Returns the records of a run, in order.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn records(&self, run: &RunId) -> Result<Vec<Record>> {
        self.kept()?.store.read(run).await
    }

    /// Resumes every run that has not ended, in background tasks, and lists them.
    ///
    /// Workflows must be registered with [`Builder::workflow`](super::super::Builder::workflow), or have been run by this
    /// runtime.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn resume_all(&self) -> Result<Vec<Resumed>> {
        let keeper = self.kept()?;
        keeper.mind(self);
        keeper.resume_all(self).await
    }

    /// Continues a run until it ends or waits, and returns which. A failed run continues with the step that failed.
    ///
    /// The run has an executor from this call on, even if the future is dropped after its first poll.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, was cancelled, or has undone its steps; if this build cannot continue it; and if the journal
    /// fails. A run that fails is an [`Ending`].
    pub fn resume(&self, run: &RunId) -> impl Future<Output = Result<Ending<Value>>> + Send + use<> {
        let (runtime, run) = (self.clone(), run.clone());
        let attended = self.keeper().map(|keeper| keeper.attend(&run));
        let resumed = async move {
            let _attended = attended;
            let keeper = runtime.kept()?;
            keeper.mind(&runtime);
            keeper.resume(&runtime, &run).await
        };
        match self.keeper() {
            Some(keeper) => Carried::new(keeper, |_| resumed),
            None => Carried::tied(resumed),
        }
    }

    /// Cancels a run permanently: drops the steps that are running, and starts no more in any process. Has no effect on a run
    /// that has ended.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, or if the journal fails.
    pub async fn cancel(&self, run: &RunId) -> Result<()> {
        let keeper = self.kept()?;
        let (cancelling, run) = (keeper.clone(), run.clone());
        Carried::new(keeper, |_| async move { cancelling.cancel(&run).await }).await
    }

    /// Cancels a run permanently and undoes what it has finished.
    ///
    /// Drops the steps that are running, starts no more, and undoes the finished steps that have `compensate`, in reverse order
    /// of completion. This returns once the request is recorded; the process that executes the journal undoes the steps, and
    /// resumes after a crash. Until then the run is `running`, or `waiting` if an undo step waits.
    /// [`RunState::not_undone`](crate::run::RunState::not_undone) lists the steps that could not be undone.
    ///
    /// A plain [`cancel`](Self::cancel) undoes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist or has ended without being undone, or if the journal fails.
    pub async fn cancel_and_undo(&self, run: &RunId) -> Result<()> {
        let (runtime, run) = (self.clone(), run.clone());
        let cancelled = Carried::new(self.kept()?, |_| async move {
            runtime.kept()?.cancel_and_undo(&run).await?;
            runtime.take_up(&run).await
        });
        cancelled.await
    }

    /// Shuts the runtime down: starts no more steps, waits up to `grace` for running steps, and stops the rest.
    ///
    /// Runs that have not ended continue when they are resumed. Once the runtime is dropped, another process can execute the
    /// journal. Has no effect without a journal.
    pub async fn shut_down(&self, grace: Duration) {
        let Some(keeper) = self.keeper() else { return };
        if grace.is_zero() || tokio::time::timeout(grace, keeper.drain()).await.is_err() {
            keeper.stop().await;
        }
        keeper.leave().await;
    }

    /// Lets a failed run continue with the step that failed, without waiting for it: the process that executes the journal
    /// continues the run. A run that has not ended continues anyway.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, has finished, was cancelled, or has undone its steps.
    pub async fn reopen(&self, run: &RunId) -> Result<()> {
        let (runtime, run) = (self.clone(), run.clone());
        let reopened = Carried::new(self.kept()?, |_| async move {
            match runtime.kept()?.reopen(&runtime.registry, &run).await? {
                Reopened::Open(_) => runtime.take_up(&run).await,
                Reopened::Ended(_) => Err(Error::new(ErrorKind::Setup, format!("run `{run}` has already finished"))),
            }
        });
        reopened.await
    }

    /// Deletes the runs that ended before a moment, and returns their number.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn prune(&self, ended_before: Stamp) -> Result<u64> {
        let keeper = self.kept()?;
        keeper.store.prune(ended_before).await.inspect_err(|error| keeper.fails(error))
    }
}
