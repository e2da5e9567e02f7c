//! A failed journal: runs in memory stop, their callers get the error, and nothing new starts.

use std::sync::Arc;

use super::keeper::Keeper;
use super::ledger::Halt;
use super::shift::Shift;
use crate::engine::runtime::Runtime;
use crate::engine::telemetry;
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::journal::AppendError;
use crate::place::RunId;
use crate::run::Record;

impl Keeper {
    /// Appends records of a run.
    pub(super) async fn append(&self, run: &RunId, records: &[Record]) -> Result<()> {
        self.store.append(run, records).await.inspect_err(|error| self.fails(error))
    }

    /// Converts the failure to record an answer to a run in memory.
    pub(super) fn not_kept(&self, failure: AppendError) -> Error {
        if let AppendError::Broken(error) = &failure {
            self.fails(error);
        }
        failure.into()
    }

    /// Marks the journal as failed, if the error is of that kind; other errors are the caller's. The first failure is
    /// final.
    pub(super) fn fails(&self, error: &Error) {
        if *error.kind() != ErrorKind::Journal {
            return;
        }
        let is_first = self.failure.send_if_modified(|failure| {
            let is_first = failure.is_none();
            failure.get_or_insert_with(|| Recorded::from(error));
            is_first
        });
        if is_first {
            telemetry::journal_failed(error);
            self.tell_all(error);
        }
    }

    fn tell_all(&self, error: &Error) {
        let shifts: Vec<Arc<Shift>> = self.shifts();
        for shift in shifts {
            if let Some(ledger) = shift.ledger() {
                ledger.halt(Halt::Broken(Box::new(Recorded::from(error))));
            }
            shift.knock();
        }
    }

    /// Returns why the journal failed.
    pub(super) fn failure(&self) -> Option<Error> {
        self.failure.borrow().clone().map(Error::from)
    }
}

impl Runtime {
    /// Waits until the journal fails, and returns the reason: the disk is full or broken, or the file was moved, deleted or
    /// truncated.
    ///
    /// By then all runs in memory have stopped, and every call fails with the same error. Acknowledged records are safe, and
    /// their runs continue in the next process, so end this one. Without a journal this never returns.
    ///
    /// ```
    /// # use flow_runtime::engine::Runtime;
    /// # async fn serve(runtime: Runtime, work: impl Future<Output = ()>) -> Result<(), flow_runtime::error::Error> {
    /// tokio::select! {
    ///     () = work => Ok(()),
    ///     error = runtime.journal_failed() => Err(error),      // a supervisor starts the process again
    /// }
    /// # }
    /// ```
    pub async fn journal_failed(&self) -> Error {
        let Some(keeper) = self.keeper() else { return std::future::pending().await };
        keeper.mind(self);
        // Never fails: the sender is held here.
        let _ = keeper.failure.subscribe().wait_for(Option::is_some).await;
        keeper.failure().unwrap_or_else(|| Error::new(ErrorKind::Journal, "the journal has failed"))
    }

    /// Returns why the journal failed, or `None` if it has not, or if there is no journal.
    pub fn journal_failure(&self) -> Option<Error> {
        self.keeper()?.failure()
    }
}
