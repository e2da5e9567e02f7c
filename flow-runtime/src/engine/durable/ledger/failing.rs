//! Replays failures of a resumed run: the siblings of a failed step replay their own records before the failure drops
//! them.

use super::inner::{Failure, Inner, Ledger};
use crate::engine::mutex::lock;
use crate::place::Place;
use crate::run::StepEnd;

impl Ledger {
    /// Lets sibling steps replay their own records before a step in progress continues: the failure that ended both may
    /// be among those records.
    pub(in crate::engine) async fn settle(&self) {
        self.settled.notified().await;
    }

    /// Waits until the siblings of a failure have replayed their own records. The failure drops them, and what they
    /// finished may have to be undone. `end` is the number of the recorded end that the failure follows; by default the
    /// one replayed last.
    pub(in crate::engine) async fn fail_last(&self, end: Option<u64>) {
        let Some(failing) = Failing::begin(self, end) else { return };
        loop {
            let given = lock(&self.inner).given;
            self.settle().await;
            // What an earlier failure has let go on has its own records to replay first.
            if failing.is_first() && lock(&self.inner).given == given {
                return;
            }
        }
    }

    /// Signals that nothing in the run can progress without input from outside.
    pub(in crate::engine::durable) fn has_settled(&self) {
        self.settled.notify_waiters();
    }

    /// Waits until no recorded failure is about to be replayed: a new sibling would only be started to be dropped.
    pub(in crate::engine) async fn calm(&self) {
        loop {
            let calmed = self.calmed.notified();
            let mut calmed = std::pin::pin!(calmed);
            calmed.as_mut().enable();
            if lock(&self.inner).failing.is_empty() {
                return;
            }
            calmed.await;
        }
    }
}

impl Inner {
    /// Returns whether a step did not end before some failure that is about to be replayed.
    pub(super) fn is_later(&self, place: &Place) -> bool {
        let end = match self.state.at(place).and_then(|step| step.end.as_ref()) {
            Some(StepEnd::Finished(_, order, _) | StepEnd::Failed(_, order, _)) => *order,
            None => u64::MAX,
        };
        self.failing.iter().any(|failure| failure.end < end)
    }
}

/// Registers a [`Failure`] for as long as it waits.
struct Failing<'l> {
    ledger: &'l Ledger,
    id: u64,
}

impl<'l> Failing<'l> {
    /// Returns `None` if nothing remains to be replayed.
    fn begin(ledger: &'l Ledger, end: Option<u64>) -> Option<Self> {
        let mut inner = lock(&ledger.inner);
        if !inner.state.has_ended_steps() && inner.left_open.is_empty() {
            return None;
        }
        inner.failures += 1;
        // Counts as active, so that the run does not leave memory because of other waits.
        inner.active += 1;
        let id = inner.failures;
        let end = end.unwrap_or(inner.last_end);
        inner.failing.push(Failure { id, end });
        Some(Self { ledger, id })
    }

    /// Returns whether no other failure comes before this one. They come in the order of the records: a failure within a workflow
    /// that was late, or in a run that was cancelled, has happened before that.
    fn is_first(&self) -> bool {
        let inner = lock(&self.ledger.inner);
        let first = inner.failing.iter().min_by_key(|failure| (failure.end, failure.id));
        first.is_some_and(|first| first.id == self.id)
    }
}

impl Drop for Failing<'_> {
    fn drop(&mut self) {
        let mut inner = lock(&self.ledger.inner);
        inner.failing.retain(|failure| failure.id != self.id);
        inner.given += 1;
        inner.active -= 1;
        drop(inner);
        self.ledger.calmed.notify_waiters();
    }
}
