//! The store of many runs.

use std::fmt;
use std::sync::Arc;

use super::signal::is_rejected;
use super::{Delivered, Judged, Query, RunLog, Signal, Slot};
use crate::error::{Error, ErrorKind, Result};
use crate::place::RunId;
use crate::provider::BoxFuture;
use crate::run::{Record, RunState, Stamp, Status, Summary};

/// Stores the logs of many runs, and finds them again.
///
/// One process at a time executes the runs of a store. Others may read them, answer waiting steps, and cancel runs.
///
/// Implementations must pass the [`conformance`](super::conformance) suite.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Returns the log of a run, whether or not the run has started.
    fn log(&self, run: &RunId) -> Arc<dyn RunLog>;

    /// Appends records of one run to its log.
    fn append(&self, run: &RunId, records: &[Record]) -> BoxFuture<'static, Result<()>> {
        let appended = self.log(run).append(records);
        Box::pin(async { Ok(appended.await?) })
    }

    /// Returns the state of a run after its records. A store on disk need not load all of them at once.
    fn state(&self, run: &RunId) -> BoxFuture<'static, Result<RunState>> {
        self.log(run).state()
    }

    /// Delivers a signal to all steps that wait for it now, except those that do not accept it, or else keeps it; in one
    /// transaction. If a signal with the same id arrived before for the same step, and is still remembered, nothing changes.
    ///
    /// The default implementation delivers signals and keeps none.
    fn signal<'a>(&'a self, signal: &'a Signal, judged: &'a [Judged]) -> BoxFuture<'a, Result<Delivered>> {
        Box::pin(give(self, signal, judged))
    }

    /// Returns the records of a run, in order; none for a run that has not started.
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Vec<Record>>>;

    /// Returns the runs that match a query, the most recently started first.
    fn runs<'a>(&'a self, query: &'a Query) -> BoxFuture<'a, Result<Vec<Summary>>>;

    /// Returns the unfinished runs with their workflows, the oldest first. A store on disk need not load what many waiting runs
    /// wait for.
    fn unfinished(&self) -> BoxFuture<'_, Result<Vec<(RunId, String)>>> {
        Box::pin(async {
            let open = Query::all().status([Status::Running, Status::Waiting]);
            Ok(self.runs(&open).await?.into_iter().rev().map(|summary| (summary.run, summary.workflow)).collect())
        })
    }

    /// Waits until another process that opened the same store has appended records, and returns their runs. What this process
    /// appends is not reported. A store that no other process can open waits forever.
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
}

/// Delivers a signal by appending records, for a store that keeps no signals.
async fn give<S: Store + ?Sized>(store: &S, signal: &Signal, judged: &[Judged]) -> Result<Delivered> {
    let open = store.runs(&Query::all().status([Status::Waiting])).await?;
    let waits = open.iter().flat_map(|run| &run.waits).filter(|wait| Slot::of(wait).as_ref() == Some(&signal.slot));
    let waits: Vec<_> = waits.map(|wait| (wait.run.clone(), wait.place.clone())).collect();
    if waits.is_empty() {
        let text = "no step waits for the signal, and this journal does not keep signals: send it while the step waits";
        return Err(Error::new(ErrorKind::Setup, text));
    }
    let mut given = Vec::new();
    for (run, place) in waits {
        if is_rejected(judged, &run, &place) {
            continue;
        }
        store.append(&run, &[signal.answered(&run, &place, signal.at)]).await?;
        given.push((run, place));
    }
    Ok(Delivered::To(given))
}
