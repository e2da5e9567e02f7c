//! One run in the engine's eyes, and what the body of a workflow asks of it.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::durable::Ledger;
use super::spend::Budgets;
use super::watch::{Feed, Watch};
use super::{Shared, execute, lock, undo};
use crate::call::{Current, Engine, Ops, Site, TimeLeft};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::Meta;
use crate::provider::{BoxFuture, Spent, Usage};
use crate::run::{Cx, Place, Record, Run, RunState, Stamp};

/// One run in the engine's eyes.
pub(super) struct InProcess {
    pub(super) shared: Arc<Shared>,
    pub(super) feed: Option<Arc<Feed>>,
    pub(super) records: bool,
    /// What of it goes to the journal.
    pub(super) ledger: Option<Arc<Ledger>>,
    /// The places of steps that were undone, each with the place of the workflow that had failed.
    pub(super) undone: Mutex<Vec<(Place, Place)>>,
    /// Tokens that bodies have reported and no attempt has claimed yet.
    pub(super) reported: Mutex<Vec<(Place, Usage)>>,
    /// What workflows under way may spend.
    pub(super) budgets: Mutex<Budgets>,
    /// What the run's model calls have taken so far, for its last record.
    pub(super) spent: Mutex<Spent>,
}

impl InProcess {
    pub(super) fn new(shared: Arc<Shared>, feed: Option<Arc<Feed>>) -> Self {
        let records = shared.observers.iter().any(|observer| observer.wants_records());
        let (ledger, undone, reported, budgets, spent) = Default::default();
        Self { shared, feed, records, ledger, undone, reported, budgets, spent }
    }

    /// The same for a run that a journal keeps.
    pub(super) fn kept(shared: Arc<Shared>, feed: Option<Arc<Feed>>, ledger: Arc<Ledger>) -> Self {
        let spent = Mutex::new(ledger.look(|state| state.spent));
        Self { records: true, ledger: Some(ledger), spent, ..Self::new(shared, feed) }
    }

    /// When a sub-workflow has begun, for its time limit.
    pub(super) fn record_workflow(&self, cx: &Cx<'_>, meta: &'static Meta) {
        if !self.records {
            return;
        }
        let (run, place, workflow) = (cx.run.id().clone(), cx.place(), meta.name.to_owned());
        let recorded = |ledger: &Arc<Ledger>| ledger.look(|state| state.workflow_began(&place).is_some());
        if !self.ledger.as_ref().is_some_and(recorded) {
            self.record(Record::WorkflowStarted { run, place, workflow, at: self.now() });
        }
    }

    /// Whether what is dropped now has only left memory.
    pub(super) fn is_leaving(&self) -> bool {
        self.ledger.as_ref().is_some_and(|ledger| ledger.is_leaving())
    }

    pub(super) fn watch(&self) -> Watch<'_> {
        self.shared.watch(self.feed.as_ref())
    }

    /// Tells a fact to whoever asked for records, and to the journal.
    pub(super) fn record(&self, record: Record) {
        self.watch().record(&record);
        if let Some(ledger) = &self.ledger {
            ledger.note(record);
        }
    }

    pub(super) fn now(&self) -> Stamp {
        self.shared.clock.now()
    }
}

impl Engine for InProcess {
    fn step<'a>(&'a self, site: Site<'a>, ops: &'a mut dyn Ops) -> BoxFuture<'a, Result<()>> {
        Box::pin(execute::step(self, site, ops))
    }

    fn will_workflow(&self, cx: &Cx<'_>, meta: &'static Meta) {
        self.open_budgets(|| cx.place(), meta);
        self.record_workflow(cx, meta);
        let watch = self.watch();
        watch.event(|| Event::WillWorkflow { run: cx.run.id().clone(), place: cx.place(), workflow: meta.name });
    }

    fn did_workflow(&self, cx: &Cx<'_>, error: Option<&Error>) {
        self.close_budgets(|| cx.place());
        if let Some(ledger) = &self.ledger {
            ledger.forget_deadline(&cx.place());
        }
        if self.is_leaving() {
            return;
        }
        let watch = self.watch();
        watch.event(|| Event::DidWorkflow {
            run: cx.run.id().clone(),
            place: cx.place(),
            error: error.map(|error| error.in_run().to_string()),
        });
    }

    fn failed_before(&self, cx: &Cx<'_>) -> Option<(Error, u64)> {
        let place = cx.place();
        let failed = |state: &RunState| state.workflow_failed(&place).map(|(failure, end)| (failure.clone(), end));
        self.ledger.as_ref()?.look(failed).map(|(failure, end)| (failure.into(), end))
    }

    fn will_drop(&self, end: Option<u64>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Some(ledger) = &self.ledger {
                ledger.fail_last(end).await;
            }
        })
    }

    fn undo<'a>(&'a self, cx: &'a Cx<'a>, error: Error) -> BoxFuture<'a, Error> {
        Box::pin(undo::after(self, cx, error))
    }

    fn did_fail<'a>(&'a self, cx: &'a Cx<'a>, error: &'a Error) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let place = cx.place();
            // The end of the run itself is a record of its own.
            if !self.records || place == Place::root() {
                return;
            }
            let (run, kind, text) = (cx.run.id().clone(), error.kind().name().into(), error.in_run().to_string());
            let failure = Box::new(error.into());
            self.record(Record::WorkflowFailed { run, place, kind, error: text, failure, at: self.now() });
            if let Some(ledger) = &self.ledger {
                ledger.commit().await;
            }
        })
    }

    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft {
        match &self.ledger {
            Some(ledger) => {
                let (clock, deadline) = (ledger.clock.clone(), ledger.deadline(cx.place(), limit));
                Box::new(move || deadline.since(clock.now()))
            }
            None => self.passing(limit),
        }
    }

    fn passing(&self, time: Duration) -> TimeLeft {
        Box::new(self.shared.clock.passing(time))
    }

    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.shared.states.get(&id).cloned()
    }

    fn report(&self, run: &Run, current: &Current, usage: Usage) {
        // Nobody would read it, and plain steps have no attempts that would claim it.
        if run.quiet {
            return;
        }
        lock(&self.reported).push((current.place.clone(), usage));
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("records", &self.records).finish_non_exhaustive()
    }
}
