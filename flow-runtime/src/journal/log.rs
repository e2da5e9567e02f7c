//! The log of one run.

use std::fmt;

use super::Slot;
use crate::error::{Error, Result};
use crate::place::Place;
use crate::provider::BoxFuture;
use crate::run::{Record, RunState, Stamp};

/// The records of one run, in order.
///
/// A [`Store`](super::Store) has one for each of its runs. To keep the records of a single run elsewhere, in a file or in another
/// durable engine, implement only this trait and execute the run with [`Runtime::attend`](crate::engine::Runtime::attend).
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use flow_runtime::clock::Stamp;
/// use flow_runtime::error::Result;
/// use flow_runtime::journal::{AppendError, RunLog};
/// use flow_runtime::provider::BoxFuture;
/// use flow_runtime::run::{Record, RunId, RunState, from_line, to_line};
///
/// /// A log in memory. In a file, `append` would complete after `sync_data`.
/// #[derive(Debug)]
/// struct Lines {
///     run: RunId,
///     lines: Arc<Mutex<Vec<String>>>,
/// }
///
/// impl RunLog for Lines {
///     fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>> {
///         let appended = to_line(records).map(|line| self.lines.lock().unwrap().push(line));
///         Box::pin(async { Ok(appended?) })
///     }
///
///     fn state(&self) -> BoxFuture<'static, Result<RunState>> {
///         let lines = self.lines.lock().unwrap();
///         let records: Result<Vec<_>> = lines.iter().map(|line| from_line(&self.run, line)).collect();
///         Box::pin(async { Ok(RunState::of(records?.into_iter().flatten())) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
/// let run = RunId::named("cv-17");
/// let log = Lines { run: run.clone(), lines: Arc::default() };
/// assert!(log.state().await?.is_new());
/// log.append(&[Record::RunCancelled { run, at: Stamp(1_764_443_160_000) }]).await?;
/// assert!(log.state().await?.end.is_some());
/// # Ok(()) }
/// ```
pub trait RunLog: fmt::Debug + Send + Sync + 'static {
    /// Appends records.
    ///
    /// The call itself queues the records, in call order; dropping the future does not take them back. The future completes when
    /// these records, and all records queued before them, are stored durably. Records whose future is never polled may be stored
    /// together with the next ones that are awaited. Records of a run that has not started or was pruned are not stored.
    ///
    /// # Errors
    ///
    /// After a failure nothing more is stored, and every later call fails with the same error: the state of the storage is unknown
    /// ([`AppendError::Broken`]), or another process owns the run ([`AppendError::Lost`]).
    fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>>;

    /// Like [`append`](Self::append), where the last record starts the wait of a signal step at `place`.
    ///
    /// If a signal is kept for the step, the oldest one is delivered in the same transaction; the record of its delivery is
    /// appended and returned. A log without kept signals need not implement this.
    ///
    /// # Errors
    ///
    /// Like [`append`](Self::append).
    fn append_wait(
        &self,
        records: &[Record],
        place: &Place,
        slot: &Slot,
        now: Stamp,
    ) -> BoxFuture<'static, Result<Option<Record>, AppendError>> {
        let _ = (place, slot, now);
        let appended = self.append(records);
        Box::pin(async move { appended.await.map(|()| None) })
    }

    /// Returns the state of the run after its records; the default state for a run that has not started.
    ///
    /// # Errors
    ///
    /// Fails if the records cannot be read.
    fn state(&self) -> BoxFuture<'static, Result<RunState>>;
}

/// Why records were not appended.
#[derive(Debug)]
pub enum AppendError {
    /// The run now belongs to another process. This one stops executing it; others are not affected.
    Lost(Error),
    /// The storage failed. No run that it keeps can continue.
    Broken(Error),
}

impl AppendError {
    /// Returns the error.
    pub fn error(&self) -> &Error {
        let (Self::Lost(error) | Self::Broken(error)) = self;
        error
    }
}

impl From<Error> for AppendError {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<AppendError> for Error {
    fn from(failure: AppendError) -> Self {
        let (AppendError::Lost(error) | AppendError::Broken(error)) = failure;
        error
    }
}
