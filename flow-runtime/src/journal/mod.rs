//! Where the records of runs are kept, so that a run outlives its process.
//!
//! `Memory` ends with the process, `Sqlite` (feature `sqlite`) is one file. Another is an implementation of [`Journal`] that passes
//! [`conformance`].

pub mod conformance;
mod memory;
mod signal;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

pub use memory::Memory;
pub use signal::{Delivered, Judged, Signal, Slot};
#[cfg(feature = "sqlite")]
pub use sqlite::{Codec, Sqlite, SqliteOptions, Synchronous};

use crate::error::Result;
use crate::provider::BoxFuture;
use crate::run::{Place, Record, RunId, RunState, Stamp, Status, Summary};

/// Keeps the records of runs.
///
/// One process at a time executes the runs of a journal; others may look at them, answer what they wait for and cancel them.
pub trait Journal: fmt::Debug + Send + Sync + 'static {
    /// Adds records of one run behind all that it has.
    ///
    /// They are queued by this call itself, in the order of the calls; dropping the future takes nothing back. The future ends
    /// when they, and all that was queued for this run before them, are kept for good. After a failure nothing more of any run
    /// is kept: every later call fails with the same error, since nobody can say what the disk holds. Records of a run that has
    /// not begun, or was pruned, are not kept.
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>>;

    /// Adds records of one run as [`append`](Self::append) does, of which the last is the beginning of the wait of a signal step at
    /// `place`. If a signal is kept for it, the oldest is taken in the same transaction, and the step has it:
    /// the record by which it does is added, and returned.
    ///
    /// A journal that keeps no signals need not implement it.
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

    /// Gives a signal to all steps that wait for it now, but for those that do not take it, or else keeps it; in one transaction.
    /// One whose id came before for the same step, and is remembered still, changes nothing.
    ///
    /// Unless a journal implements it, it gives signals and keeps none.
    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        Box::pin(signal::give(self, signal, judged))
    }

    /// The records of a run in their order; none of a run that has not begun.
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>>;

    /// Where a run stands after its records. A journal on a disk need not hold all of them at once.
    fn state<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunState>> {
        Box::pin(async move { Ok(RunState::of(self.read(run).await?)) })
    }

    /// The runs that a query asks for, the latest to begin first.
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>>;

    /// The runs that have not ended, with their workflows, the first to begin first. Of runs that wait in great numbers a journal on
    /// a disk need not hold what they wait for.
    fn unfinished(&self) -> BoxFuture<'_, Result<Vec<(RunId, String)>>> {
        Box::pin(async {
            let open = Query::all().status([Status::Running, Status::Waiting]);
            Ok(self.runs(&open).await?.into_iter().rev().map(|summary| (summary.run, summary.workflow)).collect())
        })
    }

    /// Waits until somebody else has added records, and says of which runs: another process that opened the same journal. What
    /// this process appends is no news to it. A journal that nobody else can open waits for ever.
    fn news(&self) -> BoxFuture<'_, Result<Vec<RunId>>>;

    /// Whether this process executes the runs. One that only visits them reads, answers, cancels and begins runs; whoever executes
    /// them takes that up.
    fn executes(&self) -> bool {
        true
    }

    /// Whether some process executes the runs just now; `true` where nobody can know.
    fn is_executed(&self) -> Result<bool> {
        Ok(true)
    }

    /// Forgets the runs that ended before a moment, and what only they have kept. How many they were.
    fn prune(&self, ended_before: Stamp) -> BoxFuture<'_, Result<u64>>;

    /// An answer that was kept for a key and has not expired.
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<serde_json::Value>>>;

    /// Keeps an answer for a key, until a moment or for good. A later one replaces it.
    fn cache<'a>(
        &'a self,
        key: &'a str,
        answer: &'a serde_json::Value,
        until: Option<Stamp>,
    ) -> BoxFuture<'a, Result<()>>;
}

/// Which runs are asked for. The default asks for all of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Query {
    /// This run alone.
    pub run: Option<RunId>,
    /// Of this workflow alone.
    pub workflow: Option<String>,
    /// In one of these states; in any where it is empty.
    pub status: Vec<Status>,
    /// No more than this many.
    pub limit: Option<usize>,
}

impl Query {
    /// All runs.
    pub fn all() -> Self {
        Self::default()
    }

    /// One run.
    #[must_use]
    pub fn run(mut self, run: RunId) -> Self {
        self.run = Some(run);
        self
    }

    /// The runs in these states.
    #[must_use]
    pub fn status(mut self, status: impl IntoIterator<Item = Status>) -> Self {
        self.status = status.into_iter().collect();
        self
    }

    /// The runs of one workflow.
    #[must_use]
    pub fn workflow(mut self, name: impl Into<String>) -> Self {
        self.workflow = Some(name.into());
        self
    }

    /// No more than this many.
    #[must_use]
    pub fn limit(mut self, most: usize) -> Self {
        self.limit = Some(most);
        self
    }

    /// Whether a run is asked for; the limit is the journal's to keep.
    pub fn wants(&self, summary: &Summary) -> bool {
        self.run.as_ref().is_none_or(|run| *run == summary.run)
            && self.workflow.as_ref().is_none_or(|name| *name == summary.workflow)
            && (self.status.is_empty() || self.status.contains(&summary.status))
    }
}
