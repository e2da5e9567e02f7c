//! Runs workflows in this process.

mod answer;
mod any;
mod attempt;
mod budget;
mod builder;
mod cache;
mod durable;
mod execute;
mod handle;
mod map;
mod models;
mod order;
mod script;
mod setup;
mod silence;
mod spend;
mod telemetry;
mod test;
mod undo;
mod watch;

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::Value;

pub use any::{AnyWorkflow, Ready};
pub use builder::Builder;
pub use durable::{Answering, Resumed, Said, Submitted};
pub use handle::{Events, Handle};
pub use map::{CONCURRENCY, Map, Queue, branch, map, map_all, map_settled, past_bound};
pub use order::{Fixed, Here, Left, OrderProbe, Ordered, Random, Repeatable, Right, Unordered, require_order};
pub use test::{Happened, TestRuntime};

use crate::call::{Call, Current, Engine, Ops, Site, Workflow, panicked};
use crate::error::{At, Error, Result};
use crate::event::{Event, Observer};
use crate::graph::Meta;
use crate::money::Money;
use crate::provider::{BoxFuture, Spent, Usage};
use crate::run::{Cx, NodeId, Place, Record, Run, RunId, Stamp};
use budget::Budget;
use durable::{Interest, Keeper, Ledger};
use models::Models;
use script::Scripts;
use spend::Budgets;
use telemetry::Span;
use watch::{Closing, Feed, Underway, Watch};

/// Runs workflows: knows the providers, the states and who watches. Cloning it is cheap and gives the same runtime.
///
/// Nothing is read from the environment and no file is opened unless the builder was told to.
#[derive(Clone)]
pub struct Runtime {
    /// What executes runs that nobody watches: one for all of them, since they leave nothing behind.
    quiet: Arc<InProcess>,
}

/// A runtime that may be gone.
#[derive(Clone)]
struct WeakRuntime(Weak<InProcess>);

impl WeakRuntime {
    fn upgrade(&self) -> Option<Runtime> {
        self.0.upgrade().map(|quiet| Runtime { quiet })
    }
}

/// What all runs of a runtime share.
#[derive(Default)]
struct Shared {
    models: Models,
    states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    observers: Vec<Arc<dyn Observer>>,
    scripts: Option<Arc<Scripts>>,
    /// What all runs together may spend.
    budget: Option<Arc<Budget<Money>>>,
    /// The workflows whose needs were checked, by the address of their description.
    checked: Mutex<HashSet<usize>>,
    /// The last of them, so that running one workflow again and again asks no lock.
    checked_last: AtomicUsize,
    /// Those of them that have a cap of money or tokens, or call one that has.
    capped: Mutex<HashSet<usize>>,
    any_capped: AtomicBool,
    /// The journal and the runs that it keeps.
    keeper: Option<Arc<Keeper>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.retire();
        }
    }
}

/// One run in the engine's eyes.
struct InProcess {
    shared: Arc<Shared>,
    feed: Option<Arc<Feed>>,
    records: bool,
    /// What of it goes to the journal.
    ledger: Option<Arc<Ledger>>,
    /// Which in order the steps that can be undone were to finish, of those that were taken over from records.
    finished_before: Mutex<HashMap<Place, u64>>,
    /// The places of steps that were undone.
    undone: Mutex<Vec<Place>>,
    /// Tokens that bodies have reported and no attempt has claimed yet.
    reported: Mutex<Vec<(Place, Usage)>>,
    /// What workflows under way may spend.
    budgets: Mutex<Budgets>,
    /// What the run's model calls have taken so far, for its last record.
    spent: Mutex<Spent>,
}

impl Runtime {
    fn new(shared: Shared) -> Self {
        Self { quiet: Arc::new(InProcess::new(Arc::new(shared), None)) }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.quiet.shared
    }

    /// What a runtime knows before it runs anything.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A runtime for tests: steps answer what the test says.
    pub fn test() -> TestRuntime {
        TestRuntime::default()
    }

    /// Runs a workflow to its end. Dropping the future cancels the run.
    ///
    /// # Errors
    ///
    /// What the workflow's body returns; before the first step, a missing provider or state, or an id that is none.
    pub fn run<T: Send + 'static>(&self, workflow: impl Workflow<T>) -> RunFuture<T> {
        RunFuture(Box::pin(self.clone().drive(workflow, None, None, Interest::Caller)))
    }

    /// Starts a workflow as a task of its own.
    ///
    /// # Errors
    ///
    /// An id that is none, see [`Call::id`].
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub async fn start<T: Send + 'static>(&self, workflow: impl Workflow<T>) -> Result<Handle<T>> {
        let id = workflow.__id()?;
        let id = match self.keeper() {
            // Whoever is told that it has started may rely on it.
            Some(keeper) => keeper.begun(self, &workflow, id).await?,
            None => id.unwrap_or_else(RunId::fresh),
        };
        let feed = self.feed_of(&id);
        let held = Arc::new(());
        let interest = Interest::Handle(Arc::downgrade(&held));
        // Closes the feed even if the task is ended before it is polled once.
        let closing = Closing(Some(feed.clone()));
        let run = self.clone().drive(workflow, Some(id.clone()), Some(feed.clone()), interest);
        let task = tokio::spawn(async move {
            let _closing = closing;
            run.await
        });
        Ok(Handle::new(id, feed, task, held, self.clone()))
    }

    /// Runs one step alone, with its gates, retries and repairs, in a run of its own.
    ///
    /// # Errors
    ///
    /// What the step returns; before it starts, a missing provider or state.
    pub async fn step<C: Call>(&self, call: C) -> Result<C::Ok> {
        let meta = C::META.get();
        self.shared().check(meta)?;
        let (run, engine) = self.begin(None, meta, None);
        let underway = Underway::begin(self.shared().watch(None), &run);
        underway.record_input(|| Ok(Value::Null))?;
        let cx = Cx::root(&run);
        let span = Span::run(&run);
        let outcome = span.within(call.__at(&cx, NodeId::first(meta.id))).await;
        span.failed(outcome.as_ref().err());
        underway.end(outcome.as_ref().map(|_| Value::Null), *lock(&engine.spent));
        outcome
    }

    async fn drive<T: Send + 'static, W: Workflow<T>>(
        self,
        workflow: W,
        id: Option<RunId>,
        feed: Option<Arc<Feed>>,
        interest: Interest,
    ) -> Result<T> {
        let meta = W::META.get();
        let id = id.map_or_else(|| workflow.__id(), |id| Ok(Some(id)))?;
        self.shared().check(meta)?;
        if let Some(keeper) = self.keeper() {
            keeper.mind(&self);
            return Box::pin(self.keep(keeper, Some(workflow), id, feed, interest)).await;
        }
        let (run, engine) = self.begin(id, meta, feed.clone());
        if run.quiet {
            return contained(&engine, &run, pin!(workflow.__run(Cx::root(&run)))).await;
        }
        // Boxed, so that a run that nobody watches is small.
        Box::pin(self.watched(workflow, &run, &engine, feed.as_ref())).await
    }

    async fn watched<T, W: Workflow<T>>(
        &self,
        workflow: W,
        run: &Run,
        engine: &InProcess,
        feed: Option<&Arc<Feed>>,
    ) -> Result<T> {
        let underway = Underway::begin(self.shared().watch(feed), run);
        let span = Span::run(run);
        let outcome = {
            let body = pin!(async {
                underway.record_input(|| workflow.__input())?;
                workflow.__run(Cx::root(run)).await
            });
            span.within(contained(engine, run, body)).await
        };
        span.failed(outcome.as_ref().err());
        let outcome = outcome.and_then(|output| Ok((underway.recorded(|| W::__encode(&output))?, output)));
        let end = outcome.as_ref().map(|(recorded, _)| recorded.clone());
        underway.end(end, *lock(&engine.spent));
        outcome.map(|(_, output)| output)
    }

    /// The events of a run that goes on already, or those of a new one.
    fn feed_of(&self, run: &RunId) -> Arc<Feed> {
        let shift = self.keeper().and_then(|keeper| keeper.shift(run));
        shift.and_then(|shift| shift.feed().cloned()).unwrap_or_default()
    }

    /// Whether a journal keeps the runs.
    pub fn has_journal(&self) -> bool {
        self.keeper().is_some()
    }

    fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.shared().keeper.as_ref()
    }

    fn downgrade(&self) -> WeakRuntime {
        WeakRuntime(Arc::downgrade(&self.quiet))
    }

    fn begin_kept(
        &self,
        id: &RunId,
        meta: &'static Meta,
        ledger: &Arc<Ledger>,
        feed: Option<&Arc<Feed>>,
    ) -> (Run, Arc<InProcess>) {
        let engine = Arc::new(InProcess::kept(self.shared().clone(), feed.cloned(), ledger.clone()));
        engine.open_budgets(Place::root, meta);
        (Run::new(Some(id.clone()), meta.name, false, engine.clone()), engine)
    }

    fn begin(&self, id: Option<RunId>, meta: &'static Meta, feed: Option<Arc<Feed>>) -> (Run, Arc<InProcess>) {
        let shared = self.shared();
        // A cap belongs to one run, whose engine has to hear of the workflows that begin in it.
        let capped = shared.is_capped(meta);
        let quiet = shared.observers.is_empty()
            && shared.scripts.is_none()
            && feed.is_none()
            && !capped
            && !telemetry::is_heard();
        let engine = if quiet { self.quiet.clone() } else { Arc::new(InProcess::new(shared.clone(), feed)) };
        engine.open_budgets(Place::root, meta);
        (Run::new(id, meta.name, quiet, engine.clone()), engine)
    }
}

/// The body of a run: a panic is an error, each error says of which run it is, and a run that failed undoes what it can.
async fn contained<T>(engine: &InProcess, run: &Run, body: Pin<&mut impl Future<Output = Result<T>>>) -> Result<T> {
    let outcome = AssertUnwindSafe(body).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(panic)));
    match outcome {
        Ok(output) => Ok(output),
        Err(error) => Err(Box::pin(undo::all(engine, run, error.or_at(|| At::workflow(&Cx::root(run))))).await),
    }
}

impl InProcess {
    fn new(shared: Arc<Shared>, feed: Option<Arc<Feed>>) -> Self {
        let records = shared.observers.iter().any(|observer| observer.wants_records());
        let (ledger, finished_before, undone, reported, budgets, spent) = Default::default();
        Self { shared, feed, records, ledger, finished_before, undone, reported, budgets, spent }
    }

    /// The same for a run that a journal keeps.
    fn kept(shared: Arc<Shared>, feed: Option<Arc<Feed>>, ledger: Arc<Ledger>) -> Self {
        let spent = Mutex::new(ledger.look(|state| state.spent));
        Self { records: true, ledger: Some(ledger), spent, ..Self::new(shared, feed) }
    }

    /// When a sub-workflow has begun, for its time limit.
    fn record_workflow(&self, cx: &Cx<'_>, meta: &'static Meta) {
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
    fn is_leaving(&self) -> bool {
        self.ledger.as_ref().is_some_and(|ledger| ledger.is_leaving())
    }

    fn watch(&self) -> Watch<'_> {
        self.shared.watch(self.feed.as_ref())
    }

    /// Tells a fact to whoever asked for records, and to the journal.
    fn record(&self, record: Record) {
        self.watch().record(&record);
        if let Some(ledger) = &self.ledger {
            ledger.note(record);
        }
    }

    fn now(&self) -> Stamp {
        self.ledger.as_ref().map_or_else(Stamp::now, |ledger| ledger.clock.now())
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

    fn failed_before(&self, cx: &Cx<'_>) -> Option<Error> {
        let place = cx.place();
        self.ledger.as_ref()?.look(|state| state.workflow_failed(&place).cloned()).map(Error::from)
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

    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> Duration {
        self.ledger.as_ref().map_or(limit, |ledger| ledger.time_left(cx.place(), limit))
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

/// A run under way. Dropping it cancels the run.
#[must_use = "a run does nothing until it is awaited"]
pub struct RunFuture<T>(BoxFuture<'static, Result<T>>);

impl<T> Future for RunFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<T>> {
        self.0.as_mut().poll(task)
    }
}

impl<T> fmt::Debug for RunFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunFuture")
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("models", &self.shared().models).finish_non_exhaustive()
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("records", &self.records).finish_non_exhaustive()
    }
}

/// A lock whose holder panicked still holds plain data.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
