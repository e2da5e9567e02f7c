//! Runs in the background.

use std::fmt;
use std::sync::Arc;

use tokio::task::{JoinError, JoinHandle};

use super::feed::Feed;
use super::runtime::Runtime;
use super::so_far::SoFar;
use crate::bill::Bill;
use crate::call::panicked;
use crate::ending::Ending;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::place::{Place, RunId};
use crate::ring::Next;

/// A started run. Dropping the handle does not stop the run.
pub struct Handle<T> {
    id: RunId,
    feed: Arc<Feed>,
    task: JoinHandle<Result<Ending<T>>>,
    /// Tells the task that a caller is waiting for the result.
    held: Arc<()>,
    runtime: Runtime,
}

impl<T> Handle<T> {
    pub(super) fn new(
        id: RunId,
        feed: Arc<Feed>,
        task: JoinHandle<Result<Ending<T>>>,
        held: Arc<()>,
        runtime: Runtime,
    ) -> Self {
        Self { id, feed, task, held, runtime }
    }

    /// Returns the id of the run.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Returns the events of the run, starting with the first.
    ///
    /// The latest 1,024 events are kept. A reader that falls further behind gets [`Event::DidMiss`] in place of the older ones; the
    /// run never waits for readers.
    ///
    /// While a reader exists, answers of models are streamed, as [`Event::Said`]. The latest 8 KiB of pieces are kept besides the
    /// other events, with some 200 bytes counted for each piece; [`so_far`](Self::so_far) has the text of those that were missed. A
    /// model that was asked before the first reader existed is not streamed: [`Runtime::watch`] creates a reader before the run
    /// starts.
    pub fn events(&self) -> Events {
        Events::of(self.id.clone(), self.feed.clone())
    }

    /// Returns the cost of the run's model calls so far.
    pub fn bill(&self) -> Bill {
        self.feed.bill()
    }

    /// Returns the answer that the model step at a place is giving, as far as it has arrived, or has given and is being judged.
    ///
    /// `None` before its first piece, after it was [taken back](Event::DidTakeBack), once the step has ended, and if the answer is
    /// not streamed, see [`events`](Self::events).
    pub fn so_far(&self, place: &Place) -> Option<SoFar> {
        self.feed.so_far(place)
    }

    /// Waits for the run to end and returns its result.
    ///
    /// # Errors
    ///
    /// Like [`Runtime::run`](crate::engine::Runtime::run). Returns [`ErrorKind::Cancelled`] if the task was aborted from outside.
    pub async fn result(self) -> Result<T> {
        joined(self.task.await)?.result()
    }

    /// Waits for the run to end, or until everything in it waits, and returns which. A run that waits leaves memory.
    ///
    /// Without a journal a run stays in memory while it waits, so this waits for its end.
    ///
    /// ```
    /// use flow_runtime::ending::Ending;
    /// use flow_runtime::engine::Handle;
    ///
    /// # async fn ending(handle: Handle<u32>) -> flow_runtime::error::Result<()> {
    /// match handle.ending().await? {
    ///     Ending::Finished(score) => println!("{score}"),
    ///     Ending::Waiting(waits) => println!("waits at {}", waits[0].place),
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the run could not be executed: a provider or state is missing, this build does not fit its records, or the journal
    /// failed. A run that fails is an [`Ending`].
    pub async fn ending(self) -> Result<Ending<T>> {
        let Self { id, task, held, runtime, .. } = self;
        drop(held);
        // The run may be waiting already, with its task waiting for the result on behalf of this handle.
        if let Some(keeper) = runtime.keeper() {
            keeper.knock(&id);
        }
        joined(task.await)
    }

    /// Cancels the run: drops the steps that are running, and starts no more. Has no effect on a run that has ended.
    ///
    /// # Errors
    ///
    /// Returns the run's error if it failed before this cancellation took effect.
    pub async fn cancel(self) -> Result<()> {
        if self.runtime.keeper().is_some() {
            self.runtime.cancel(&self.id).await?;
            return match self.task.await {
                Ok(Err(error) | Ok(Ending::Failed(error))) => Err(error),
                _ => Ok(()),
            };
        }
        self.task.abort();
        match self.task.await {
            Ok(Err(error) | Ok(Ending::Failed(error) | Ending::Cancelled(error))) => Err(error),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }
}

impl<T> Handle<T> {
    /// Cancels the run and undoes what it has finished.
    ///
    /// Drops the steps that are running, starts no more, and undoes the finished steps that have `compensate`, in reverse order
    /// of completion. Has no effect on a run that has ended.
    ///
    /// # Errors
    ///
    /// Returns the run's error if it failed before this cancellation took effect, [`ErrorKind::Cancelled`] with
    /// [`not_undone`](Error::not_undone) if a step could not be undone, or the error of the journal.
    pub async fn cancel_and_undo(self) -> Result<()> {
        if self.runtime.keeper().is_none() {
            self.feed.undo();
        } else if let Err(error) = self.runtime.cancel_and_undo(&self.id).await
            // For a run that has ended, its own result is returned below.
            && *error.kind() != ErrorKind::Setup
        {
            return Err(error);
        }
        match self.result().await {
            Err(error) if *error.kind() != ErrorKind::Cancelled || error.not_undone().next().is_some() => Err(error),
            _ => Ok(()),
        }
    }
}

/// Returns the result of a task, which may have been aborted.
fn joined<T>(task: std::result::Result<Result<Ending<T>>, JoinError>) -> Result<Ending<T>> {
    task.unwrap_or_else(|ended| match ended.try_into_panic() {
        Ok(panic) => Err(panicked(panic)),
        Err(_) => Ok(Ending::Cancelled(cancelled())),
    })
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The events of a run, in order.
#[derive(Debug)]
pub struct Events {
    run: RunId,
    feed: Arc<Feed>,
    next: u64,
}

impl Events {
    pub(super) fn of(run: RunId, feed: Arc<Feed>) -> Self {
        feed.reads();
        Self { run, feed, next: 0 }
    }

    /// Returns the cost of the run's model calls so far. Unlike the handle, it remains available after the result was awaited.
    pub fn bill(&self) -> Bill {
        self.feed.bill()
    }

    /// Returns the answer that the model step at a place is giving, see [`Handle::so_far`].
    pub fn so_far(&self, place: &Place) -> Option<SoFar> {
        self.feed.so_far(place)
    }

    /// Returns the next event, or `None` after the last.
    pub async fn next(&mut self) -> Option<Event> {
        Some(match self.feed.next(&mut self.next).await? {
            Next::Item(event) => event,
            Next::Missed(events) => Event::DidMiss { run: self.run.clone(), events },
        })
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.feed.leaves();
    }
}

pub(super) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the run was cancelled")
}
