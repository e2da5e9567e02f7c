//! A task's hold on a run, and what others may see of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, OwnedSemaphorePermit};

use super::Keeper;
use super::ledger::Ledger;
use crate::clock::Clock;
use crate::engine::carried::Caller;
use crate::engine::lock;
use crate::engine::watch::Feed;
use crate::run::{RunId, Stamp};

/// Whether anybody waits for the result of a run. A run that nobody waits for leaves memory altogether.
pub(in crate::engine) enum Interest {
    /// Whoever has called, or holds the handle.
    Caller(Caller),
    /// Nobody: it was resumed, in its turn where many are.
    Nobody(Option<OwnedSemaphorePermit>),
}

impl Interest {
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Caller(caller) => caller.is_gone(),
            Self::Nobody(_) => true,
        }
    }

    /// The run is in memory: the next may have its turn.
    pub(super) fn has_begun(&mut self) {
        if let Self::Nobody(turn) = self {
            *turn = None;
        }
    }
}

/// A task's hold on a run. While it lasts no other task of the process executes the run.
pub(super) struct Driver {
    keeper: Arc<Keeper>,
    shift: Arc<Shift>,
}

/// What others may see of a task that drives a run.
pub(in crate::engine) struct Shift {
    run: RunId,
    feed: Option<Arc<Feed>>,
    /// The records, while the run is in memory.
    ledger: Mutex<Option<Arc<Ledger>>>,
    /// Something has come for the run that its task has not looked at.
    knocked: AtomicBool,
    /// The same, for a task that waits.
    wake: Notify,
    /// How often its task was polled.
    moves: AtomicU64,
    /// The task has given the run up.
    gone: AtomicBool,
    leaves: Notify,
}

impl Driver {
    /// A hold on a run that no task has.
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

    /// The records are about to be read: what comes from here on has to be looked at.
    pub(super) fn looks(&self) {
        self.shift.knocked.store(false, Ordering::Release);
    }

    /// The run is in memory. `false` where something has come for it since its records were read, or nothing is executed any more:
    /// then they are read once more.
    pub(super) fn hold(&self, ledger: &Arc<Ledger>) -> bool {
        *lock(&self.shift.ledger) = Some(ledger.clone());
        // Held first: whoever comes after the look finds the ledger.
        !self.shift.knocked.load(Ordering::Acquire) && !self.keeper.is_closed()
    }

    /// The run has left memory.
    pub(super) fn release(&self) {
        *lock(&self.shift.ledger) = None;
    }

    /// Waits until something has come for the run, or its time has.
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
    /// The task that has the run is polled.
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

    /// Something has come for the run.
    pub(super) fn knock(&self) {
        self.knocked.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Whether something has come since the task has looked; from here on it has looked.
    pub(super) fn was_knocked(&self) -> bool {
        self.knocked.swap(false, Ordering::AcqRel)
    }

    pub(super) fn ledger(&self) -> Option<Arc<Ledger>> {
        lock(&self.ledger).clone()
    }

    /// Waits until the task has given the run up.
    pub(super) async fn gone(&self) {
        let leaves = self.leaves.notified();
        let mut leaves = std::pin::pin!(leaves);
        // Listen first: it may leave between the look and the wait.
        leaves.as_mut().enable();
        if !self.gone.load(Ordering::Acquire) {
            leaves.await;
        }
    }
}
