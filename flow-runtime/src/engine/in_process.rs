//! The engine's side of one run.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::durable::Ledger;
use super::host::Host;
use super::spend::Budgets;
use super::watch::{Feed, Watch};
use super::{Shared, execute, lock, undo};
use crate::call::{Current, Engine, Ops, Site, TimeLeft};
use crate::call::{Cx, Run};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::graph::Meta;
use crate::journal::Cache;
use crate::place::Place;
use crate::provider::{BoxFuture, Spent, Usage};
use crate::run::{Record, RunState, Stamp};

pub(super) struct InProcess {
    pub(super) shared: Arc<Shared>,
    pub(super) feed: Option<Arc<Feed>>,
    pub(super) host: Host,
    /// The places of steps that were undone, each with the place of the workflow that failed.
    pub(super) undone: Mutex<Vec<(Place, Place)>>,
    /// Usage reported by bodies that no attempt has claimed yet.
    pub(super) reported: Mutex<Vec<(Place, Usage)>>,
    /// The budgets of workflows in progress.
    pub(super) budgets: Mutex<Budgets>,
    /// What the run's model calls have spent so far, for its last record.
    pub(super) spent: Mutex<Spent>,
}

impl InProcess {
    pub(super) fn new(shared: Arc<Shared>, feed: Option<Arc<Feed>>) -> Self {
        let records = shared.observers.iter().any(|observer| observer.wants_records());
        let clock = shared.clock.clone();
        Self::on(if records { Host::Watched(clock) } else { Host::Quiet(clock) }, shared, feed)
    }

    /// Like [`new`](Self::new), for a durable run.
    pub(super) fn kept(shared: Arc<Shared>, feed: Option<Arc<Feed>>, ledger: Arc<Ledger>) -> Self {
        let spent = Mutex::new(ledger.look(|state| state.spent));
        Self { spent, ..Self::on(Host::Durable(ledger), shared, feed) }
    }

    fn on(host: Host, shared: Arc<Shared>, feed: Option<Arc<Feed>>) -> Self {
        let (undone, reported, budgets, spent) = Default::default();
        Self { shared, feed, host, undone, reported, budgets, spent }
    }

    /// Records the start of a sub-workflow, for its time limit.
    pub(super) fn record_workflow(&self, cx: &Cx<'_>, meta: &'static Meta) {
        if !self.host.records() {
            return;
        }
        let (run, place, workflow) = (cx.run.id().clone(), cx.place(), meta.name.to_owned());
        if !self.host.look(|state| state.workflow_began(&place).is_some()).unwrap_or_default() {
            self.record(Record::WorkflowStarted { run, place, workflow, at: self.now() });
        }
    }

    pub(super) fn watch(&self) -> Watch<'_> {
        self.shared.watch(self.feed.as_ref())
    }

    /// Passes a record to observers and the journal.
    pub(super) fn record(&self, record: Record) {
        self.watch().record(&record);
        self.host.note(record);
    }

    pub(super) fn now(&self) -> Stamp {
        self.host.now()
    }

    /// Returns the cache of outputs; `None` for runs that are not durable.
    pub(super) fn cache(&self) -> Option<&dyn Cache> {
        self.host.ledger().and(self.shared.cache.as_deref())
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
        self.host.forget_deadline(|| cx.place());
        if self.host.is_leaving() {
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
        self.host.look(failed)?.map(|(failure, end)| (failure.into(), end))
    }

    fn will_drop(&self, end: Option<u64>) -> BoxFuture<'_, ()> {
        Box::pin(self.host.fail_last(end))
    }

    fn undo<'a>(&'a self, cx: &'a Cx<'a>, error: Error) -> BoxFuture<'a, Error> {
        Box::pin(undo::after(self, cx, error))
    }

    fn did_fail<'a>(&'a self, cx: &'a Cx<'a>, error: &'a Error) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let place = cx.place();
            // The end of the run itself has its own record.
            if !self.host.records() || place == Place::root() {
                return;
            }
            let (run, kind, text) = (cx.run.id().clone(), error.kind().name().into(), error.in_run().to_string());
            let failure = Box::new(error.into());
            self.record(Record::WorkflowFailed { run, place, kind, error: text, failure, at: self.now() });
            self.host.commit().await;
        })
    }

    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft {
        self.host.time_left(|| cx.place(), limit)
    }

    fn passing(&self, time: Duration) -> TimeLeft {
        Box::new(self.host.clock().passing(time))
    }

    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.shared.states.get(&id).cloned()
    }

    fn report(&self, run: &Run, current: &Current, usage: Usage) {
        // No one would read it, and plain steps have no attempts to claim it.
        if run.quiet {
            return;
        }
        lock(&self.reported).push((current.place.clone(), usage));
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("host", &self.host).finish_non_exhaustive()
    }
}
