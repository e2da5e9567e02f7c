//! The hand-off to the writer: many put in, one takes all that is there, and each is told how its own ended.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::sync::{Arc, Condvar, Mutex, MutexGuard};

/// What waits for the writer. After the first failure nothing is taken in any more.
pub(super) struct Queue<T, F> {
    state: Mutex<State<T, F>>,
    changed: Condvar,
}

struct State<T, F> {
    waiting: Vec<Pending<T, F>>,
    end: Option<End<F>>,
}

enum End<F> {
    /// Nobody puts in any more.
    Closed,
    Failed(F),
}

/// Something that was put in, and whom to tell.
pub(super) struct Pending<T, F> {
    pub(super) item: T,
    pub(super) promise: Promise<F>,
}

impl<T, F: Clone> Queue<T, F> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { waiting: Vec::new(), end: None }), changed: Condvar::new() }
    }

    /// Puts something in behind all that is there. The receipt may be dropped; nothing is taken back by that.
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

    /// Waits for something and takes all of it, in the order in which it was put in. Nothing: the queue is closed and empty.
    pub(super) fn take(&self) -> Vec<Pending<T, F>> {
        let mut state = locked(&self.state);
        while state.waiting.is_empty() && state.end.is_none() {
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        std::mem::take(&mut state.waiting)
    }

    /// Lets the writer end when it has taken what is there.
    pub(super) fn close(&self) {
        locked(&self.state).end.get_or_insert(End::Closed);
        self.changed.notify_one();
    }

    /// Tells everybody who waits, and everybody who comes, that it is over.
    pub(super) fn fail(&self, failure: F) {
        let mut state = locked(&self.state);
        state.end = Some(End::Failed(failure.clone()));
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(|pending| pending.promise.keep(Err(failure.clone())));
    }
}

/// To be kept once.
pub(super) struct Promise<F>(Arc<Mutex<Slot<F>>>);

struct Slot<F> {
    outcome: Option<Result<u64, F>>,
    waker: Option<Waker>,
}

impl<F> Promise<F> {
    /// Says how it ended: with a number, where one was asked for.
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

/// Waits until the promise is kept.
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
