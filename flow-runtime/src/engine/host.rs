//! The host of a run. It lets steps share one implementation for quiet, watched and durable runs.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use super::durable::{Active, Guard, Ledger, Rest};
use crate::call::TimeLeft;
use crate::clock::{Clock, Stamp};
use crate::error::Error;
use crate::place::Place;
use crate::run::{Record, RunState, StepState};

/// The host of a run: its clock, its recorded past, and the destination of its records.
#[derive(Debug)]
pub(super) enum Host {
    /// No records are made, since nothing receives them.
    Quiet(Clock),
    /// Observers receive the records.
    Watched(Clock),
    /// A log stores the records.
    Durable(Arc<Ledger>),
}

impl Host {
    pub(super) fn ledger(&self) -> Option<&Arc<Ledger>> {
        match self {
            Self::Durable(ledger) => Some(ledger),
            _ => None,
        }
    }

    pub(super) fn is_durable(&self) -> bool {
        self.ledger().is_some()
    }

    /// Returns whether records are made.
    pub(super) fn records(&self) -> bool {
        !matches!(self, Self::Quiet(_))
    }

    pub(super) fn clock(&self) -> &Clock {
        match self {
            Self::Quiet(clock) | Self::Watched(clock) => clock,
            Self::Durable(ledger) => &ledger.clock,
        }
    }

    pub(super) fn now(&self) -> Stamp {
        self.clock().now()
    }

    /// Queues a record. It is appended together with the next one that is waited for.
    pub(super) fn note(&self, record: Record) {
        if let Self::Durable(ledger) = self {
            ledger.note(record);
        }
    }

    /// Starts appending the queued records, without waiting.
    pub(super) fn announce(&self) {
        if let Self::Durable(ledger) = self {
            ledger.announce();
        }
    }

    /// Waits until all queued records are durable.
    pub(super) async fn commit(&self) {
        if let Self::Durable(ledger) = self {
            ledger.commit().await;
        }
    }

    /// Enters a step. If nothing may start any more, this never completes.
    pub(super) async fn enter(&self) -> Option<Active<'_>> {
        match self {
            Self::Durable(ledger) => Some(ledger.enter().await),
            _ => None,
        }
    }

    /// Makes a step inactive while another step serves it.
    pub(super) fn rest(&self) -> Option<Rest<'_>> {
        self.ledger().map(|ledger| ledger.rest())
    }

    /// Reads the state of the run, if it is durable.
    pub(super) fn look<R>(&self, look: impl FnOnce(&RunState) -> R) -> Option<R> {
        self.ledger().map(|ledger| ledger.look(look))
    }

    /// Takes the recorded state of the step at a place.
    pub(super) async fn past(&self, place: &Place, is_undoing: bool) -> Option<StepState> {
        match (self, is_undoing) {
            (Self::Durable(ledger), true) => ledger.take_undoing(place).await,
            (Self::Durable(ledger), false) => ledger.take(place),
            _ => None,
        }
    }

    /// Returns how recorded inputs are compared with current ones.
    pub(super) fn guard(&self) -> Guard {
        self.ledger().map_or(Guard::Same, |ledger| ledger.guard())
    }

    /// Lets siblings replay their records before a step that had already started continues.
    pub(super) async fn settle(&self) {
        if let Self::Durable(ledger) = self {
            ledger.settle().await;
        }
    }

    /// Waits until no recorded failure is about to drop new steps.
    pub(super) async fn calm(&self) {
        if let Self::Durable(ledger) = self {
            ledger.calm().await;
        }
    }

    /// Waits until the steps that a failure drops have replayed their own records.
    pub(super) async fn fail_last(&self, end: Option<u64>) {
        if let Self::Durable(ledger) = self {
            ledger.fail_last(end).await;
        }
    }

    /// Returns a function that tells how much of the time limit of the workflow at a place is left.
    pub(super) fn time_left(&self, place: impl FnOnce() -> Place, limit: Duration) -> TimeLeft {
        match self {
            Self::Durable(ledger) => {
                let (clock, deadline) = (ledger.clock.clone(), ledger.deadline(place(), limit));
                Box::new(move || deadline.since(clock.now()))
            }
            _ => Box::new(self.clock().passing(limit)),
        }
    }

    pub(super) fn forget_deadline(&self, place: impl FnOnce() -> Place) {
        if let Self::Durable(ledger) = self {
            ledger.forget_deadline(&place());
        }
    }

    /// Returns whether steps dropped now only leave memory.
    pub(super) fn is_leaving(&self) -> bool {
        self.ledger().is_some_and(|ledger| ledger.is_leaving())
    }

    /// Stops a durable run without recording an end, so that it can be resumed once the problem is fixed. In other
    /// runs, never completes.
    pub(super) async fn break_off(&self, error: &Error) -> Infallible {
        match self {
            Self::Durable(ledger) => ledger.break_off(error).await,
            _ => pending().await,
        }
    }
}
