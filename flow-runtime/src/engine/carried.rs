//! Calls that continue without their callers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use super::durable::{Caller, Keeper};
use crate::provider::BoxFuture;

/// A call backed by a journal. If it is dropped after its first poll and before its end, its work continues as a task,
/// so that nothing is recorded and then abandoned.
pub(super) struct Carried<T> {
    work: Option<BoxFuture<'static, T>>,
    /// What continues the work; `None` if the work ends with its caller.
    on: Option<On<T>>,
}

struct On<T> {
    held: Arc<()>,
    keeper: Arc<Keeper>,
    /// The tokio runtime that polled it.
    tasks: Option<Handle>,
    without_output: fn(BoxFuture<'static, T>) -> BoxFuture<'static, ()>,
}

impl<T> Carried<T> {
    /// Creates a call that ends with its caller.
    pub(super) fn tied(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self { work: Some(Box::pin(work)), on: None }
    }
}

impl<T: Send + 'static> Carried<T> {
    pub(super) fn new<F>(keeper: &Arc<Keeper>, work: impl FnOnce(Caller) -> F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let held = Arc::new(());
        let work = Box::pin(work(Caller::of(&held)));
        let without_output = |work: BoxFuture<'static, T>| -> BoxFuture<'static, ()> {
            Box::pin(async {
                work.await;
            })
        };
        Self { work: Some(work), on: Some(On { held, keeper: keeper.clone(), tasks: None, without_output }) }
    }
}

impl<T> Future for Carried<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        if let Some(On { tasks: tasks @ None, .. }) = &mut this.on {
            *tasks = Handle::try_current().ok();
        }
        // Taken out, so that work that completes or panics is not continued on drop.
        let Some(mut work) = this.work.take() else { return Poll::Pending };
        let polled = work.as_mut().poll(task);
        if polled.is_pending() {
            this.work = Some(work);
        }
        polled
    }
}

impl<T> Drop for Carried<T> {
    fn drop(&mut self) {
        let (Some(work), Some(On { held, keeper, tasks: Some(tasks), without_output })) =
            (self.work.take(), self.on.take())
        else {
            return;
        };
        // Dropped first, so that the work sees that its caller is gone.
        drop(held);
        keeper.carry(tasks.spawn(without_output(work)));
    }
}

impl<T> fmt::Debug for Carried<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("has_ended", &self.work.is_none()).finish_non_exhaustive()
    }
}
