//! Storage for the records of runs.
//!
//! `Memory` ends with the process, `Sqlite` (feature `sqlite`) is one file. For other storage, implement [`Journal`] and run the
//! [`conformance`] suite.

pub mod conformance;
mod kept;
mod memory;
mod signal;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

pub(crate) use kept::KeptSignals;
pub use memory::Memory;
pub use signal::{Delivered, Judged, Signal, Slot};
#[cfg(feature = "sqlite")]
pub use sqlite::{Codec, Sqlite, SqliteOptions, Synchronous};

use crate::error::Result;
use crate::provider::BoxFuture;
use crate::run::{Place, Record, RunId, RunState, Stamp, Status, Summary};

/// Stores the records of runs.
///
/// One process at a time executes the runs of a journal. Others may read them, answer waiting steps, and cancel runs.
///
/// Implementations must pass the [`conformance`] suite.
pub trait Journal: fmt::Debug + Send + Sync + 'static {
    /// Appends records of one run.
    ///
    /// The call itself queues the records, in call order; dropping the future does not take them back. The future completes when
    /// these records, and all records queued for this run before them, are stored durably. After a failure nothing more is stored
    /// for any run: every later call fails with the same error, because the state of the disk is unknown. Records of runs that
    /// have not started or were pruned are not stored.
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>>;

    /// Like [`append`](Self::append), where the last record starts the wait of a signal step at `place`.
    ///
    /// If a signal is kept for the step, the oldest one is delivered in the same transaction; the record of its delivery is
    /// appended and returned.
    ///
    /// A journal that keeps no signals need not implement this.
    fn append_wait(
        &self,
        run: &RunId,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>>> {
        let _ = (place, slot, now);
        let appended = self.append(run, records);
        Box::pin(async move { appended.await.map(|()| None) })
    }

    /// Delivers a signal to all steps that wait for it now, except those that do not accept it, or else keeps it; in one
    /// transaction. If a signal with the same id arrived before for the same step, and is still remembered, nothing changes.
    ///
    /// The default implementation delivers signals and keeps none.
    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        Box::pin(signal::give(self, signal, judged))
    }

    /// Returns the records of a run, in order; none for a run that has not started.
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>>;

    /// Returns the state of a run after its records. A journal on disk need not load all of them at once.
    fn state<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunState>> {
        Box::pin(async move { Ok(RunState::of(self.read(run).await?)) })
    }

    /// Returns the runs that match a query, the most recently started first.
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>>;

    /// Returns the unfinished runs with their workflows, the oldest first. A journal on disk need not load what many waiting runs
    /// wait for.
    fn unfinished(&self) -> BoxFuture<'_, Result<Vec<(RunId, String)>>> {
        Box::pin(async {
            let open = Query::all().status([Status::Running, Status::Waiting]);
            Ok(self.runs(&open).await?.into_iter().rev().map(|summary| (summary.run, summary.workflow)).collect())
        })
    }

    /// Waits until another process that opened the same journal has appended records, and returns their runs. What this process
    /// appends is not reported. A journal that no other process can open waits forever.
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>>;

    /// Returns whether this process executes the runs. A visitor only reads, answers, cancels and starts runs; the executing
    /// process does the rest.
    fn executes(&self) -> bool {
        true
    }

    /// Returns whether some process is executing the runs now; `true` if this cannot be determined.
    fn is_executed(&self) -> Result<bool> {
        Ok(true)
    }

    /// Deletes the runs that ended before a moment, with everything only they refer to. Returns their number.
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>>;

    /// Returns a cached answer for a key, if it has not expired.
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<serde_json::Value>>>;

    /// Caches an answer for a key, until a moment or permanently. A later answer replaces an earlier one.
    fn cache<'a>(
        &'a self,
        key: &'a str,
        answer: &'a serde_json::Value,
        until: Option<Stamp>,
    ) -> BoxFuture<'a, Result<()>>;
}

/// A query for runs. The default matches all of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Query {
    /// Only this run.
    pub run: Option<RunId>,
    /// Only runs of this workflow.
    pub workflow: Option<String>,
    /// Only runs with one of these statuses; any status if empty.
    pub status: Vec<Status>,
    /// At most this many runs.
    pub limit: Option<usize>,
}

impl Query {
    /// Matches all runs.
    pub fn all() -> Self {
        Self::default()
    }

    /// Matches only this run.
    #[must_use]
    pub fn run(mut self, run: RunId) -> Self {
        self.run = Some(run);
        self
    }

    /// Matches only runs with these statuses.
    #[must_use]
    pub fn status(mut self, status: impl IntoIterator<Item = Status>) -> Self {
        self.status = status.into_iter().collect();
        self
    }

    /// Matches only runs of one workflow.
    #[must_use]
    pub fn workflow(mut self, name: impl Into<String>) -> Self {
        self.workflow = Some(name.into());
        self
    }

    /// Returns at most this many runs.
    #[must_use]
    pub fn limit(mut self, most: usize) -> Self {
        self.limit = Some(most);
        self
    }

    /// Returns whether a run matches. The journal applies the limit.
    pub fn wants(&self, summary: &Summary) -> bool {
        self.run.as_ref().is_none_or(|run| *run == summary.run)
            && self.workflow.as_ref().is_none_or(|name| *name == summary.workflow)
            && (self.status.is_empty() || self.status.contains(&summary.status))
    }
}
