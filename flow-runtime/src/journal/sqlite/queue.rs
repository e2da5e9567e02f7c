//! The hand-off to the writer: many producers, one consumer that takes everything queued and reports each outcome.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::sync::{Arc, Condvar, Mutex, MutexGuard};

/// Items waiting for the writer. After the first failure it accepts no more.
pub(super) struct Queue<T, F> {
    state: Mutex<State<T, F>>,
    changed: Condvar,
}

struct State<T, F> {
    waiting: Vec<Pending<T, F>>,
    end: Option<End<F>>,
}

enum End<F> {
    /// No more producers.
    Closed,
    Failed(F),
}

/// A queued item and the promise of its outcome.
pub(super) struct Pending<T, F> {
    pub(super) item: T,
    pub(super) promise: Promise<F>,
}

impl<T, F: Clone> Queue<T, F> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { waiting: Vec::new(), end: None }), changed: Condvar::new() }
    }

    /// Appends an item. The receipt may be dropped; that does not withdraw the item.
    pub(super) fn put(&self, item: T) -> Receipt<F> {
        let slot = Arc::new(Mutex::new(Slot { outcome: None, waker: None }));
        let promise = Promise(slot.clone());
        let mut state = locked(&self.state);
        match &state.end {
            Some(End::Failed(failure)) => {
                let failure = failure.clone();
                drop(state);
                promise.keep(Err(failure));
            }
            _ => {
                state.waiting.push(Pending { item, promise });
                drop(state);
                self.changed.notify_one();
            }
        }
        Receipt(slot)
    }

    /// Waits for items and takes all of them, in queue order. Empty once the queue is closed and drained.
    pub(super) fn take(&self) -> Vec<Pending<T, F>> {
        let mut state = locked(&self.state);
        while state.waiting.is_empty() && state.end.is_none() {
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        std::mem::take(&mut state.waiting)
    }

    /// Lets the writer end once it has drained the queue.
    pub(super) fn close(&self) {
        locked(&self.state).end.get_or_insert(End::Closed);
        self.changed.notify_one();
    }

    /// Fails all pending and all later items.
    pub(super) fn fail(&self, failure: F) {
        let mut state = locked(&self.state);
        state.end = Some(End::Failed(failure.clone()));
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(|pending| pending.promise.keep(Err(failure.clone())));
    }
}

/// The writer's side of an outcome, kept exactly once.
pub(super) struct Promise<F>(Arc<Mutex<Slot<F>>>);

struct Slot<F> {
    outcome: Option<Result<u64, F>>,
    waker: Option<Waker>,
}

impl<F> Promise<F> {
    /// Reports the outcome; the number is the command's result, 0 for most.
    pub(super) fn keep(self, outcome: Result<u64, F>) {
        let mut slot = locked(&self.0);
        slot.outcome = Some(outcome);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Resolves when the promise is kept.
pub(super) struct Receipt<F>(Arc<Mutex<Slot<F>>>);

impl<F> Future for Receipt<F> {
    type Output = Result<u64, F>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut slot = locked(&self.0);
        if let Some(outcome) = slot.outcome.take() {
            return Poll::Ready(outcome);
        }
        slot.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
