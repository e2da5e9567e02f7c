//! What a run stands on. Because of it, the policy of a step is the same code for quiet, watched and durable runs.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use super::durable::{Active, Guard, Ledger, Rest};
use crate::call::TimeLeft;
use crate::clock::{Clock, Stamp};
use crate::error::Error;
use crate::run::{Place, Record, RunState, StepState};

/// What a run stands on: the time it goes by, what is known of its past, and what becomes of its records.
#[derive(Debug)]
pub(super) enum Host {
    /// Nobody takes its records, so that none are made.
    Quiet(Clock),
    /// Observers take its records.
    Watched(Clock),
    /// A log keeps its records.
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

    /// Whether anybody takes records.
    pub(super) fn records(&self) -> bool {
        !matches!(self, Self::Quiet(_))
    }

    /// The clock that the run goes by.
    pub(super) fn clock(&self) -> &Clock {
        match self {
            Self::Quiet(clock) | Self::Watched(clock) => clock,
            Self::Durable(ledger) => &ledger.clock,
        }
    }

    pub(super) fn now(&self) -> Stamp {
        self.clock().now()
    }

    /// A record that is kept with the next that somebody waits for.
    pub(super) fn note(&self, record: Record) {
        if let Self::Durable(ledger) = self {
            ledger.note(record);
        }
    }

    /// Sends what was noted on its way, where nobody needs to know when it is kept.
    pub(super) fn announce(&self) {
        if let Self::Durable(ledger) = self {
            ledger.announce();
        }
    }

    /// Waits until all that was noted is kept.
    pub(super) async fn commit(&self) {
        if let Self::Durable(ledger) = self {
            ledger.commit().await;
        }
    }

    /// A step begins; it waits for ever where nothing begins any more.
    pub(super) async fn enter(&self) -> Option<Active<'_>> {
        match self {
            Self::Durable(ledger) => Some(ledger.enter().await),
            _ => None,
        }
    }

    /// A step under way rests while another serves it.
    pub(super) fn rest(&self) -> Option<Rest<'_>> {
        self.ledger().map(|ledger| ledger.rest())
    }

    /// Looks at where the run stands, if a log keeps it.
    pub(super) fn look<R>(&self, look: impl FnOnce(&RunState) -> R) -> Option<R> {
        self.ledger().map(|ledger| ledger.look(look))
    }

    /// What the records say of the step at a place, which takes it over.
    pub(super) async fn past(&self, place: &Place, is_undoing: bool) -> Option<StepState> {
        match (self, is_undoing) {
            (Self::Durable(ledger), true) => ledger.take_undoing(place).await,
            (Self::Durable(ledger), false) => ledger.take(place),
            _ => None,
        }
    }

    /// How a recorded input is held against that of now.
    pub(super) fn guard(&self) -> Guard {
        self.ledger().map_or(Guard::Same, |ledger| ledger.guard())
    }

    /// Lets siblings take over their records before a step goes on that had begun before.
    pub(super) async fn settle(&self) {
        if let Self::Durable(ledger) = self {
            ledger.settle().await;
        }
    }

    /// Waits until no recorded failure is about to drop what is new.
    pub(super) async fn calm(&self) {
        if let Self::Durable(ledger) = self {
            ledger.calm().await;
        }
    }

    /// Waits until what a failure drops has taken over its own records.
    pub(super) async fn fail_last(&self, end: Option<u64>) {
        if let Self::Durable(ledger) = self {
            ledger.fail_last(end).await;
        }
    }

    /// What is left of the time limit of the workflow at a place, whenever it is asked.
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

    /// Whether what is dropped now has only left memory.
    pub(super) fn is_leaving(&self) -> bool {
        self.ledger().is_some_and(|ledger| ledger.is_leaving())
    }

    /// Stops a run that is kept without an end, to be resumed where this is mended; another waits here until it is dropped.
    pub(super) async fn break_off(&self, error: &Error) -> Infallible {
        match self {
            Self::Durable(ledger) => ledger.break_off(error).await,
            _ => pending().await,
        }
    }
}
