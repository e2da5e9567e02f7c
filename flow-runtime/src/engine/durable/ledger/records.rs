//! The records of a run: what a step takes over from the log, and what is appended to it.

use std::convert::Infallible;
use std::future::pending;

use super::halt::Halt;
use super::inner::{Inner, Ledger};
use crate::engine::mutex::lock;
use crate::journal::{AppendError, Slot};
use crate::place::Place;
use crate::provider::BoxFuture;
use crate::run::{Record, StepEnd, StepState};

/// Completes once records are durable.
pub(super) type Kept = BoxFuture<'static, Result<(), AppendError>>;

impl Ledger {
    /// Takes the recorded state of the step at a place out of the run's state.
    pub(in crate::engine) fn take(&self, place: &Place) -> Option<StepState> {
        let mut inner = lock(&self.inner);
        let taken = inner.state.take(place)?;
        inner.left_open.remove(place);
        if let Some(StepEnd::Finished(_, order, _) | StepEnd::Failed(_, order, _)) = &taken.end {
            inner.last_end = *order;
        }
        inner.heard.insert(place.clone(), taken.answers);
        Some(taken)
    }

    /// Like [`take`](Self::take), for a step that undoes another. If a failure is about to drop this step, it gets only
    /// what was recorded before that failure; the rest belongs to the workflow that undoes the finished step next. An
    /// unfinished state is left in place, for the case that this step is dropped too.
    pub(in crate::engine) async fn take_undoing(&self, place: &Place) -> Option<StepState> {
        while lock(&self.inner).is_later(place) {
            self.calm().await;
        }
        let left = self.look(|state| state.at(place).filter(|step| step.end.is_none()).cloned());
        if left.is_some() { left } else { self.take(place) }
    }

    /// Queues a record. It is appended together with the next one that is waited for.
    pub(in crate::engine) fn note(&self, record: Record) {
        lock(&self.inner).pending.push(record);
    }

    /// Starts appending the queued records.
    fn send(&self) -> Kept {
        self.send_from(&mut lock(&self.inner))
    }

    pub(super) fn send_from(&self, inner: &mut Inner) -> Kept {
        let records = std::mem::take(&mut inner.pending);
        let kept = self.log.append(&records);
        records.into_iter().for_each(|record| inner.take_in(record));
        kept
    }

    /// Like [`commit`](Self::commit), without waiting.
    pub(in crate::engine) fn announce(&self) {
        drop(self.send());
    }

    /// Waits until all queued records are durable. If that fails the run stops here, since nothing that follows could
    /// be recorded.
    pub(in crate::engine) async fn commit(&self) {
        // What follows needs no answer, so the run must not leave memory because of other waits.
        let _busy = self.busy();
        if let Err(failure) = self.send().await {
            match self.not_kept(&failure).await {}
        }
    }

    /// Like [`commit`](Self::commit), for records that end with the start of a wait for a signal. Returns the record of
    /// the answer, if a signal was kept for this step.
    pub(in crate::engine) async fn commit_wait(&self, place: &Place, slot: &Slot) -> Option<Record> {
        let kept = {
            let mut inner = lock(&self.inner);
            let records = std::mem::take(&mut inner.pending);
            let kept = self.log.append_wait(&records, place, slot, self.clock.now());
            records.into_iter().for_each(|record| inner.take_in(record));
            kept
        };
        match kept.await {
            Ok(None) => None,
            Ok(Some(answered)) => {
                let mut inner = lock(&self.inner);
                // If the journal was read in the meantime, the answer has been counted already.
                if inner.early.remove(place).is_none() {
                    let count = inner.heard(place) + 1;
                    inner.heard.insert(place.clone(), count);
                }
                Some(answered)
            }
            Err(failure) => match self.not_kept(&failure).await {},
        }
    }

    /// Stops the run, because its log accepts no more records.
    async fn not_kept(&self, failure: &AppendError) -> Infallible {
        self.halt(Halt::of(failure));
        pending().await
    }

    /// Waits until the last record is durable. From then on the run cannot be stopped.
    pub(in crate::engine::durable) async fn commit_end(&self) -> Result<(), AppendError> {
        self.send().await
    }
}
