//! The engine's side of one run.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::budgets::Budgets;
use super::durable::Ledger;
use super::feed::Feed;
use super::host::Host;
use super::shared::Shared;
use super::watch::Watch;
use crate::call::Cx;
use crate::graph::Meta;
use crate::journal::Cache;
use crate::media::Data;
use crate::place::Place;
use crate::provider::{Spent, Usage};
use crate::run::{Record, Stamp};

pub(super) struct InProcess {
    pub(super) shared: Arc<Shared>,
    pub(super) feed: Option<Arc<Feed>>,
    pub(super) host: Host,
    /// The places of steps that were undone, each with the place of the workflow that failed.
    pub(super) undone: Mutex<Vec<(Place, Place)>>,
    /// Usage reported by bodies that no attempt has claimed yet.
    pub(super) reported: Mutex<Vec<(Place, Usage)>>,
    /// The attachments that the run has recorded.
    pub(super) media: Mutex<Vec<Data>>,
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
        let (spent, media) = ledger.look(|state| (state.spent, state.media().to_vec()));
        let (spent, media) = (Mutex::new(spent), Mutex::new(media));
        Self { spent, media, ..Self::on(Host::Durable(ledger), shared, feed) }
    }

    fn on(host: Host, shared: Arc<Shared>, feed: Option<Arc<Feed>>) -> Self {
        let (undone, reported, media, budgets, spent) = Default::default();
        Self { shared, feed, host, undone, reported, media, budgets, spent }
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

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("host", &self.host).finish_non_exhaustive()
    }
}
