//! The ledger of one run, and the state that its lock guards.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use serde_json::Value;
use tokio::sync::Notify;

use super::halt::Halt;
use crate::clock::Clock;
use crate::engine::durable::past::Guard;
use crate::engine::durable::taken_over::TakenOver;
use crate::engine::mutex::lock;
use crate::error::Result;
use crate::journal::RunLog;
use crate::place::{Place, RunId};
use crate::run::{Record, RunState, Stamp, Wait};

/// The records of one run in progress.
#[derive(Debug)]
pub(in crate::engine) struct Ledger {
    pub(in crate::engine::durable) run: RunId,
    pub(in crate::engine) clock: Clock,
    /// A run that waits no longer than this stays in memory, since coming back means reading its records again.
    pub(in crate::engine::durable) linger: Duration,
    pub(super) log: Arc<dyn RunLog>,
    pub(super) inner: Mutex<Inner>,
    /// Wakes the run's task after a change from outside.
    pub(super) task: AtomicWaker,
    /// Notified when nothing in the run can progress by itself.
    pub(super) settled: Notify,
    /// Notified when a recorded failure no longer waits to be replayed.
    pub(super) calmed: Notify,
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) state: RunState,
    /// Records that are appended together with the next one that is waited for.
    pub(super) pending: Vec<Record>,
    /// Number of steps in progress that are not waiting for anything from outside.
    pub(super) active: usize,
    pub(super) waits: HashMap<Place, Waiting>,
    /// Answers from other processes to steps that have not started to wait in this process.
    pub(super) early: HashMap<Place, Value>,
    /// How many answers each step has received, so that no answer is taken for the next one.
    pub(super) heard: HashMap<Place, u32>,
    /// The deadlines of workflows in progress.
    pub(super) deadlines: HashMap<Place, Stamp>,
    pub(super) halt: Option<Halt>,
    /// Steps that are open in the records and were not taken over yet. If a failure drops them, they are cancelled.
    pub(super) left_open: HashSet<Place>,
    /// Number of failures so far that waited for their siblings; numbers the next one.
    pub(super) failures: u64,
    /// The number of failures that were given to the workflow, or dropped.
    pub(super) given: u64,
    /// The number of the recorded end that was replayed last.
    pub(super) last_end: u64,
    /// Failures that wait until their siblings have replayed their records, the oldest first.
    pub(super) failing: Vec<Failure>,
    pub(super) taken_over: TakenOver,
}

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) open: Wait,
    pub(super) bell: Arc<Notify>,
}

/// A failure that waits until it may drop its siblings.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) id: u64,
    /// The number of the recorded end that it follows.
    pub(super) end: u64,
}

impl Ledger {
    /// Creates the ledger of a run whose recorded state is `state`.
    pub(in crate::engine::durable) fn new(
        log: Arc<dyn RunLog>,
        run: RunId,
        clock: Clock,
        linger: Duration,
        state: RunState,
    ) -> Self {
        let inner = Inner { state, ..Inner::default() };
        Self {
            run,
            clock,
            linger,
            log,
            inner: Mutex::new(inner),
            task: AtomicWaker::new(),
            settled: Notify::new(),
            calmed: Notify::new(),
        }
    }

    pub(in crate::engine) fn look<R>(&self, look: impl FnOnce(&RunState) -> R) -> R {
        look(&lock(&self.inner).state)
    }

    /// Takes the state of the run, if the run has ended.
    pub(in crate::engine::durable) fn take_ended(&self) -> Option<RunState> {
        let mut inner = lock(&self.inner);
        inner.state.end.is_some().then(|| std::mem::take(&mut inner.state))
    }

    /// Takes over what the build that started the run recorded.
    pub(in crate::engine::durable) fn take_over(
        &self,
        take: impl FnOnce(&mut RunState) -> Result<TakenOver>,
    ) -> Result<TakenOver> {
        let mut inner = lock(&self.inner);
        inner.taken_over = take(&mut inner.state)?;
        inner.left_open = inner.state.left_open().cloned().collect();
        Ok(inner.taken_over)
    }

    pub(in crate::engine) fn guard(&self) -> Guard {
        lock(&self.inner).taken_over.guard
    }
}

impl Inner {
    /// Returns how many answers the step at a place has received.
    pub(super) fn heard(&self, place: &Place) -> u32 {
        let recorded = || self.state.at(place).map(|step| step.answers);
        self.heard.get(place).copied().or_else(recorded).unwrap_or_default()
    }

    /// Wakes the step that waits at a place, and marks it active, so that the run is not considered idle before the
    /// step wakes up.
    pub(super) fn ring(&mut self, place: &Place) {
        if let Some(wait) = self.waits.remove(place) {
            self.active += 1;
            wait.bell.notify_one();
        }
    }

    /// Nothing waits any more in the branches that a race has dropped.
    fn drop_losers(&mut self, race: &Place, branch: u32) {
        let lost: Vec<_> = self.waits.keys().filter(|place| place.has_lost(race, branch)).cloned().collect();
        lost.iter().for_each(|place| self.ring(place));
        self.left_open.retain(|place| !place.has_lost(race, branch));
    }

    pub(super) fn take_in(&mut self, record: Record) {
        // The records taken over are those of this version already.
        if matches!(record, Record::RunTakenOver { .. }) {
            return;
        }
        let ended = match &record {
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => Some(place.clone()),
            _ => None,
        };
        let race = match &record {
            Record::BranchChosen { place, branch, .. } => Some((place.clone(), *branch)),
            _ => None,
        };
        self.state.apply(record);
        if let Some((race, branch)) = race {
            self.drop_losers(&race, branch);
        }
        // The workflow has the result; only a resumed run needs it again, and reads it from the log.
        if let Some(place) = ended {
            self.state.take(&place);
        }
    }
}
