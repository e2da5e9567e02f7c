//! A task's hold on a run.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use super::keeper::Keeper;
use super::ledger::Ledger;
use super::shift::Shift;
use crate::clock::Clock;
use crate::engine::feed::Feed;
use crate::engine::mutex::lock;
use crate::place::RunId;
use crate::run::Stamp;

/// A task's hold on a run. While it exists, no other task of the process executes the run.
pub(super) struct Driver {
    keeper: Arc<Keeper>,
    shift: Arc<Shift>,
}

impl Driver {
    /// Takes hold of a run that no task has.
    pub(super) fn new(keeper: Arc<Keeper>, run: RunId, feed: Option<Arc<Feed>>) -> Self {
        Self { keeper, shift: Arc::new(Shift::new(run, feed)) }
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

impl Keeper {
    /// Removes a run from memory until `until`, unless something arrived for it since its task last looked.
    pub(super) fn leave_to(&self, driver: &Driver, until: Option<Stamp>) -> bool {
        let mut driving = lock(&self.driving);
        if driver.shift().was_knocked() {
            return false;
        }
        // From here on, callers find no task and resume the run.
        driving.remove(driver.run());
        if let Some(until) = until {
            lock(&self.alarms).set(driver.run(), until);
            self.earlier.notify_one();
        }
        true
    }

    /// Takes on a run, unless a task already has it.
    pub(super) fn claim(self: &Arc<Self>, run: &RunId, feed: Option<Arc<Feed>>) -> Result<Driver, Arc<Shift>> {
        let mut driving = lock(&self.driving);
        if let Some(shift) = driving.get(run).and_then(Weak::upgrade) {
            return Err(shift);
        }
        let driver = Driver::new(self.clone(), run.clone(), feed);
        driving.insert(run.clone(), Arc::downgrade(driver.shift()));
        lock(&self.alarms).clear(run);
        Ok(driver)
    }

    /// Removes a task's hold on a run. If the run had left memory, another task may have it by now.
    pub(super) fn forget(&self, shift: &Arc<Shift>) {
        let mut driving = lock(&self.driving);
        if driving.get(shift.run()).is_some_and(|other| std::ptr::eq(other.as_ptr(), Arc::as_ptr(shift))) {
            driving.remove(shift.run());
        }
    }
}
