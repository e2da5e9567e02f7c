//! A task's hold on a run, and what others can see of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::Keeper;
use super::ledger::Ledger;
use crate::clock::Clock;
use crate::engine::carried::Caller;
use crate::engine::lock;
use crate::engine::watch::Feed;
use crate::place::RunId;
use crate::run::Stamp;

/// Whether a caller waits for the result of a run. Without one, a run that only waits gives up its task as well.
pub(in crate::engine) enum Interest {
    /// The caller, or the holder of the handle.
    Caller(Caller),
    /// No caller: the run was resumed, with a permit if many runs are being brought back.
    Nobody(Option<OwnedSemaphorePermit>),
}

impl Interest {
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Caller(caller) => caller.is_gone(),
            Self::Nobody(_) => true,
        }
    }

    /// The run is in memory: returns the permit.
    pub(super) fn has_begun(&mut self) {
        if let Self::Nobody(turn) = self {
            *turn = None;
        }
    }
}

/// A task's hold on a run. While it exists, no other task of the process executes the run.
pub(super) struct Driver {
    keeper: Arc<Keeper>,
    shift: Arc<Shift>,
}

/// What others can see of a task that executes a run.
pub(in crate::engine) struct Shift {
    run: RunId,
    feed: Option<Arc<Feed>>,
    /// The records, while the run is in memory.
    ledger: Mutex<Option<Arc<Ledger>>>,
    /// Something arrived for the run that its task has not looked at.
    knocked: AtomicBool,
    /// Wakes the task if it is waiting.
    wake: Notify,
    /// How often its task was polled.
    moves: AtomicU64,
    /// The task has given up the run.
    gone: AtomicBool,
    leaves: Notify,
}

impl Driver {
    /// Takes hold of a run that no task has.
    pub(super) fn new(keeper: Arc<Keeper>, run: RunId, feed: Option<Arc<Feed>>) -> Self {
        let (ledger, knocked, moves, gone) = Default::default();
        let (wake, leaves) = (Notify::new(), Notify::new());
        Self { keeper, shift: Arc::new(Shift { run, feed, ledger, knocked, wake, moves, gone, leaves }) }
    }

    pub(super) fn shift(&self) -> &Arc<Shift> {
        &self.shift
    }

    pub(super) fn run(&self) -> &RunId {
        &self.shift.run
    }

    pub(super) fn feed(&self) -> Option<&Arc<Feed>> {
        self.shift.feed.as_ref()
    }

    /// Called before the records are read: anything that arrives from here on has to be looked at.
    pub(super) fn looks(&self) {
        self.shift.knocked.store(false, Ordering::Release);
    }

    /// Publishes the ledger of a run in memory. Returns `false` if something arrived for the run since its records were
    /// read, or the runtime was shut down; the records must then be read again.
    pub(super) fn hold(&self, ledger: &Arc<Ledger>) -> bool {
        *lock(&self.shift.ledger) = Some(ledger.clone());
        // Published first: callers that arrive after this check find the ledger.
        !self.shift.knocked.load(Ordering::Acquire) && !self.keeper.is_closed()
    }

    /// Removes the ledger: the run has left memory.
    pub(super) fn release(&self) {
        *lock(&self.shift.ledger) = None;
    }

    /// Waits until something arrives for the run, or `until`.
    pub(super) async fn woken(&self, clock: &Clock, until: Option<Stamp>) {
        tokio::select! {
            () = self.shift.wake.notified() => {}
            () = clock.until(until) => {}
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.keeper.forget(&self.shift);
        self.shift.gone.store(true, Ordering::Release);
        self.shift.leaves.notify_waiters();
    }
}

impl Shift {
    /// Called whenever the task that has the run is polled.
    pub(super) fn moved(&self) {
        self.moves.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn moves(&self) -> u64 {
        self.moves.load(Ordering::Relaxed)
    }

    pub(super) fn run(&self) -> &RunId {
        &self.run
    }

    pub(in crate::engine) fn feed(&self) -> Option<&Arc<Feed>> {
        self.feed.as_ref()
    }

    /// Signals that something arrived for the run.
    pub(super) fn knock(&self) {
        self.knocked.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Returns whether something arrived since the task last looked, and resets that.
    pub(super) fn was_knocked(&self) -> bool {
        self.knocked.swap(false, Ordering::AcqRel)
    }

    pub(super) fn ledger(&self) -> Option<Arc<Ledger>> {
        lock(&self.ledger).clone()
    }

    /// Waits until the task has given up the run.
    pub(super) async fn gone(&self) {
        let leaves = self.leaves.notified();
        let mut leaves = std::pin::pin!(leaves);
        // Register first: the task may leave between the check and the wait.
        leaves.as_mut().enable();
        if !self.gone.load(Ordering::Acquire) {
            leaves.await;
        }
    }
}
