//! What others can see of a task that executes a run.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::ledger::Ledger;
use crate::engine::feed::Feed;
use crate::engine::mutex::lock;
use crate::place::RunId;

/// What others can see of a task that executes a run.
pub(in crate::engine) struct Shift {
    pub(super) run: RunId,
    pub(super) feed: Option<Arc<Feed>>,
    /// The records, while the run is in memory.
    pub(super) ledger: Mutex<Option<Arc<Ledger>>>,
    /// Something arrived for the run that its task has not looked at.
    pub(super) knocked: AtomicBool,
    /// Wakes the task if it is waiting.
    pub(super) wake: Notify,
    /// How often its task was polled.
    pub(super) moves: AtomicU64,
    /// The task has given up the run.
    pub(super) gone: AtomicBool,
    pub(super) leaves: Notify,
}

impl Shift {
    pub(super) fn new(run: RunId, feed: Option<Arc<Feed>>) -> Self {
        let (ledger, knocked, moves, gone) = Default::default();
        let (wake, leaves) = (Notify::new(), Notify::new());
        Self { run, feed, ledger, knocked, wake, moves, gone, leaves }
    }

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
