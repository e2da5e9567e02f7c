//! A run that goes on by itself.

use std::fmt;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::Runtime;
use super::watch::Feed;
use crate::bill::Bill;
use crate::call::panicked;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::run::RunId;

/// A started run. Dropping the handle lets the run go on.
pub struct Handle<T> {
    id: RunId,
    feed: Arc<Feed>,
    task: JoinHandle<Result<T>>,
    /// Tells the task that somebody waits for the result.
    _held: Arc<()>,
    runtime: Runtime,
}

impl<T> Handle<T> {
    pub(super) fn new(
        id: RunId,
        feed: Arc<Feed>,
        task: JoinHandle<Result<T>>,
        held: Arc<()>,
        runtime: Runtime,
    ) -> Self {
        Self { id, feed, task, _held: held, runtime }
    }

    /// The run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// The events of the run, from its first.
    pub fn events(&self) -> Events {
        Events { feed: self.feed.clone(), next: 0 }
    }

    /// What the run's model calls have cost so far.
    pub fn bill(&self) -> Bill {
        self.feed.bill()
    }

    /// The run's result, once it has ended.
    ///
    /// # Errors
    ///
    /// As [`Runtime::run`](super::Runtime::run); [`ErrorKind::Cancelled`] when the task was ended from outside.
    pub async fn result(self) -> Result<T> {
        self.task.await.unwrap_or_else(|ended| {
            Err(match ended.try_into_panic() {
                Ok(panic) => panicked(panic),
                Err(_) => cancelled(),
            })
        })
    }

    /// Ends the run: what is under way is dropped, and no step starts any more. A run that has ended stays as it is.
    ///
    /// # Errors
    ///
    /// What ended the run first, where it was not this cancellation.
    pub async fn cancel(self) -> Result<()> {
        if self.runtime.keeper().is_some() {
            self.runtime.cancel(&self.id).await?;
            return match self.task.await {
                Ok(Err(error)) if *error.kind() != ErrorKind::Cancelled => Err(error),
                _ => Ok(()),
            };
        }
        self.task.abort();
        match self.task.await {
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }
}

impl<T> Handle<T> {
    /// Ends the run, and undoes what it has finished: what is under way is dropped, no step starts any more, and the finished steps with
    /// `compensate` are undone in reverse order of completion. A run that has ended stays as it is.
    ///
    /// # Errors
    ///
    /// What ended the run first, where it was not this cancellation; [`ErrorKind::Cancelled`] with
    /// [`not_undone`](Error::not_undone), where a step could not be undone; the journal's.
    pub async fn cancel_and_undo(self) -> Result<()> {
        if self.runtime.keeper().is_none() {
            self.feed.undo();
        } else if let Err(error) = self.runtime.cancel_and_undo(&self.id).await
            // One that has ended says how itself.
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

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The events of one run, in order.
#[derive(Debug)]
pub struct Events {
    feed: Arc<Feed>,
    next: usize,
}

impl Events {
    /// What the run's model calls have cost so far; the handle is used up by waiting for the result, this is not.
    pub fn bill(&self) -> Bill {
        self.feed.bill()
    }

    /// The next event; `None` after the last.
    pub async fn next(&mut self) -> Option<Event> {
        let event = self.feed.get(self.next).await?;
        self.next += 1;
        Some(event)
    }
}

pub(super) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the run was cancelled")
}
