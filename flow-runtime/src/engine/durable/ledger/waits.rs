//! The waits of a run: answers, deadlines, and when the run leaves memory.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;

use super::halt::Halt;
use super::inner::{Ledger, Waiting};
use super::records::Kept;
use crate::engine::mutex::lock;
use crate::error::Recorded;
use crate::place::Place;
use crate::run::{End, Record, RunState, Stamp, Wait, WaitsFor};

/// The waits of a run that leaves memory.
#[derive(Debug)]
pub(in crate::engine::durable) struct Waits {
    /// When the first of them ends by itself.
    pub(in crate::engine::durable) until: Option<Stamp>,
    /// The oldest first.
    pub(in crate::engine::durable) open: Vec<Wait>,
}

impl Ledger {
    /// Waits for the answer to a step; `None` if its time runs out first. The step is active before and after.
    pub(in crate::engine) async fn answer(&self, open: &Wait) -> Option<Value> {
        let wait = self.begin_wait(open);
        tokio::select! {
            biased;
            () = wait.bell.notified() => {}
            () = self.clock.until(open.until) => {}
        }
        drop(wait);
        lock(&self.inner).state.take(&open.place).and_then(|step| step.answer)
    }

    /// Waits until the wait of a step is over, which no answer can end.
    pub(in crate::engine) async fn pass(&self, open: &Wait) {
        let _wait = self.begin_wait(open);
        self.clock.until(open.until).await;
    }

    fn begin_wait<'l>(&'l self, open: &Wait) -> Listening<'l> {
        let (place, bell) = (&open.place, Arc::new(Notify::new()));
        let mut inner = lock(&self.inner);
        inner.active -= 1;
        inner.waits.insert(place.clone(), Waiting { open: open.clone(), bell: bell.clone() });
        // Another process may have answered in the meantime.
        if let Some(answer) = inner.early.remove(place) {
            inner.state.answered(place, answer);
        }
        if inner.state.at(place).is_some_and(|step| step.answer.is_some()) {
            bell.notify_one();
        }
        Listening { ledger: self, place: place.clone(), bell }
    }

    /// Hands an answer to the step that waits for it, and records it. `None` if the run has left memory, or no step
    /// waits there.
    pub(in crate::engine::durable) fn give(&self, record: Record) -> Option<Kept> {
        let Record::Answered { place, .. } = &record else { return None };
        let place = place.clone();
        // Under one lock, so that the run cannot leave with an answer that is not recorded yet.
        let mut inner = lock(&self.inner);
        if inner.halt.is_some() || !inner.waits.contains_key(&place) {
            return None;
        }
        let count = inner.heard(&place) + 1;
        inner.heard.insert(place.clone(), count);
        inner.pending.push(record);
        let kept = self.send_from(&mut inner);
        inner.ring(&place);
        drop(inner);
        self.task.wake();
        Some(kept)
    }

    /// Hands over answers that another process has recorded.
    pub(in crate::engine::durable) fn hear(&self, mut now: RunState) {
        if matches!(now.end, Some(End::Cancelled)) {
            return self.halt(Halt::Cancelled);
        }
        if now.cancelling().is_some() && self.look(RunState::cancelling).is_none() {
            return self.halt(Halt::Undoing);
        }
        let mut inner = lock(&self.inner);
        if let Err(error) = inner.taken_over.apply(&mut now) {
            drop(inner);
            return self.halt(Halt::Unfit(Box::new(Recorded::from(&error))));
        }
        for (place, answer, count) in now.into_answers() {
            // The state that was read may be older than what this process has done since.
            if count <= inner.heard(&place) {
                continue;
            }
            inner.heard.insert(place.clone(), count);
            if inner.waits.contains_key(&place) {
                inner.state.answered(&place, answer);
                inner.ring(&place);
            } else {
                inner.early.insert(place, answer);
            }
        }
        drop(inner);
        self.task.wake();
    }

    /// Returns the deadline of the workflow at a place. A run that has left memory comes back for it.
    pub(in crate::engine) fn deadline(&self, place: Place, limit: Duration) -> Stamp {
        let now = self.clock.now();
        let mut inner = lock(&self.inner);
        let state = &inner.state;
        let began = match place == Place::root() {
            true => state.began.as_ref().map(|began| began.at),
            false => state.workflow_began(&place),
        };
        let deadline = began.unwrap_or(now).plus(limit);
        inner.deadlines.insert(place, deadline);
        deadline
    }

    pub(in crate::engine) fn forget_deadline(&self, place: &Place) {
        lock(&self.inner).deadlines.remove(place);
    }

    /// Returns whether everything in the run waits, and for long.
    pub(in crate::engine::durable) fn idle(&self) -> bool {
        let inner = lock(&self.inner);
        let soon = self.clock.after(self.linger);
        let long = inner.waits.values().all(|wait| wait.open.until.is_none_or(|until| until > soon));
        inner.active == 0 && !inner.waits.is_empty() && long
    }

    /// Leaves memory if everything in the run still waits, and returns the waits.
    pub(in crate::engine::durable) fn leave(&self) -> Option<Waits> {
        if !self.idle() {
            return None;
        }
        let mut inner = lock(&self.inner);
        if inner.halt.is_some() || inner.active > 0 {
            return None;
        }
        inner.halt = Some(Halt::Leaving);
        let mut open: Vec<_> = inner.waits.values().map(|wait| wait.open.clone()).collect();
        open.sort_by(|one, other| (one.at, &one.place).cmp(&(other.at, &other.place)));
        let until = open.iter().filter_map(|wait| wait.until);
        let until = until.chain(inner.deadlines.values().copied()).min();
        Some(Waits { until, open })
    }
}

impl Waits {
    /// Returns whether the run waits for nothing but its next attempts.
    pub(in crate::engine::durable) fn is_retrying(&self) -> bool {
        self.open.iter().all(|wait| wait.waits_for == WaitsFor::Retry)
    }
}

/// A waiting step.
struct Listening<'l> {
    ledger: &'l Ledger,
    place: Place,
    bell: Arc<Notify>,
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let mut inner = lock(&self.ledger.inner);
        // An answer has made the step active already.
        if inner.waits.remove(&self.place).is_some() {
            inner.active += 1;
        }
    }
}
