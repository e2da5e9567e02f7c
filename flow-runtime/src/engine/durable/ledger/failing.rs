//! Failures that a resumed run gives again: what runs beside one takes over its own records before it is dropped.

use super::{Inner, Ledger};
use crate::engine::lock;
use crate::run::{Place, StepEnd};

impl Ledger {
    /// Lets sibling steps take over their own records before a step that had already started continues: the failure that ended
    /// both may be among those records.
    pub(in crate::engine) async fn settle(&self) {
        self.settled.notified().await;
    }

    /// Waits until what runs beside a failure has taken over its own records, since the failure drops it: what it has finished may
    /// have to be undone. `end` is the recorded end that the failure follows, if not the last that was taken over.
    pub(in crate::engine) async fn fail_last(&self, end: Option<u64>) {
        let Some(failing) = Failing::begin(self, end) else { return };
        loop {
            self.settle().await;
            if failing.is_first() {
                return;
            }
        }
    }

    /// All that can go on without anybody from outside has done so.
    pub(in crate::engine::durable) fn has_settled(&self) {
        self.settled.notify_waiters();
    }

    /// Waits until no recorded failure is about to be given: what is new beside it would be begun only to be dropped.
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
    /// Whether a step has not ended before a failure that is about to be given.
    pub(super) fn is_later(&self, place: &Place) -> bool {
        let end = match self.state.at(place).and_then(|step| step.end.as_ref()) {
            Some(StepEnd::Finished(_, order, _) | StepEnd::Failed(_, order, _)) => *order,
            None => u64::MAX,
        };
        self.failing.iter().any(|failure| failure.end < end)
    }
}

/// A failure that waits until it may drop what runs beside it.
#[derive(Debug)]
pub(super) struct Failure {
    id: u64,
    /// The end in the records that it follows.
    end: u64,
    /// It is that of a workflow that was late; failures within it come before it.
    is_last: bool,
}

/// The same for as long as it waits.
struct Failing<'l> {
    ledger: &'l Ledger,
    id: u64,
}

impl<'l> Failing<'l> {
    /// `None` where nothing is left to be taken over.
    fn begin(ledger: &'l Ledger, end: Option<u64>) -> Option<Self> {
        let mut inner = lock(&ledger.inner);
        if !inner.state.has_ended_steps() && inner.left_open.is_empty() {
            return None;
        }
        inner.failures += 1;
        // The run has something to do, whatever else waits in it.
        inner.active += 1;
        let (id, is_last) = (inner.failures, end.is_some());
        let end = end.unwrap_or(inner.last_end);
        inner.failing.push(Failure { id, end, is_last });
        Some(Self { ledger, id })
    }

    /// Whether no other failure comes before this one.
    fn is_first(&self) -> bool {
        !lock(&self.ledger.inner).failing.iter().any(|other| other.id < self.id && !other.is_last)
    }
}

impl Drop for Failing<'_> {
    fn drop(&mut self) {
        let mut inner = lock(&self.ledger.inner);
        inner.failing.retain(|failure| failure.id != self.id);
        inner.active -= 1;
        drop(inner);
        self.ledger.calmed.notify_waiters();
    }
}
