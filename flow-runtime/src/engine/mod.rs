//! Runs workflows in this process.

mod answer;
mod any;
mod approval;
mod asked;
mod attempt;
mod branch;
mod budget;
mod builder;
mod cache;
mod carried;
mod converse;
mod durable;
mod execute;
mod handle;
mod host;
mod in_process;
mod known;
mod map;
mod models;
mod order;
mod script;
mod setup;
mod silence;
mod spend;
mod telemetry;
mod test;
mod turns;
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
pub use branch::{Branch, branch};
pub use builder::Builder;
pub use durable::{
    Answering, Attended, Attending, Obstacles, Resumed, Said, Signalled, Signalling, Start, Submitted, TakenIn,
};
pub use handle::{Events, Handle};
pub use map::{CONCURRENCY, Map, Queue, map, map_all, map_settled, past_bound};
pub use order::{Fixed, Here, Left, OrderProbe, Ordered, Random, Repeatable, Right, Unordered, require_order};
pub use test::{Happened, TestRuntime};
pub use turns::{Turn, answer, answer_json, call, call_named, calls};

use crate::call::{Call, Workflow, panicked};
use crate::call::{Cx, Run};
use crate::clock::Clock;
use crate::ending::Ending;
use crate::error::Result;
use crate::event::Observer;
use crate::graph::Meta;
use crate::journal::Cache;
use crate::money::Money;
use crate::place::{NodeId, Place, RunId};
use crate::run::RunState;
use budget::Budget;
use carried::{Caller, Carried};
use durable::{Held, Interest, Keeper, Ledger, Promises};
use in_process::InProcess;
use known::Registry;
use models::Models;
use script::Scripts;
use telemetry::Span;
use watch::{Closing, Feed, Underway};

/// Runs workflows. Holds providers, states, observers and, optionally, a journal.
///
/// Cloning is cheap; clones share everything. Only a builder that is asked to reads the environment or opens files.
///
/// ```
/// use flow_runtime::engine::Runtime;
/// use flow_runtime::journal::Memory;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> flow_runtime::error::Result<()> {
/// let runtime = Runtime::builder().offline().journal(Memory::new()).build()?;
/// assert!(runtime.has_journal());
/// # Ok(()) }
/// ```
///
/// Execute a workflow with [`run`](Self::run), or in the background with [`start`](Self::start). `flow::manual::workflows` has
/// complete examples.
#[derive(Clone)]
pub struct Runtime {
    /// Executes all runs that no one observes; they can share it since they leave no state behind.
    quiet: Arc<InProcess>,
}

#[derive(Clone)]
struct WeakRuntime(Weak<InProcess>);

impl WeakRuntime {
    fn upgrade(&self) -> Option<Runtime> {
        self.0.upgrade().map(|quiet| Runtime { quiet })
    }
}

/// The state shared by all runs of a runtime.
#[derive(Default)]
struct Shared {
    models: Models,
    states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    observers: Vec<Arc<dyn Observer>>,
    scripts: Option<Arc<Scripts>>,
    /// Budget shared by all runs.
    budget: Option<Arc<Budget<Money>>>,
    /// Workflows whose requirements were checked, by the address of their description.
    checked: Mutex<HashSet<usize>>,
    /// The last of them, so that running the same workflow repeatedly takes no lock.
    checked_last: AtomicUsize,
    /// Those that have a cap on money or tokens, or call a workflow that has one.
    capped: Mutex<HashSet<usize>>,
    any_capped: AtomicBool,
    /// The journal and its runs.
    keeper: Option<Arc<Keeper>>,
    /// The workflows that can be executed by name.
    registry: Arc<Registry>,
    promises: Arc<Promises>,
    /// The cache for outputs of steps across runs.
    cache: Option<Arc<dyn Cache>>,
    /// Steps that wait in runs without a journal.
    held: Held,
    clock: Clock,
    linger: Duration,
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.retire();
        }
    }
}

impl Runtime {
    fn new(shared: Shared) -> Self {
        Self { quiet: Arc::new(InProcess::new(Arc::new(shared), None)) }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.quiet.shared
    }

    /// Starts configuring a runtime.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Creates a runtime for tests, in which steps return scripted answers.
    pub fn test() -> TestRuntime {
        TestRuntime::default()
    }

    /// Runs a workflow to completion.
    ///
    /// Dropping the returned future cancels the run. With a journal the run continues instead; end it with
    /// [`cancel`](Self::cancel).
    ///
    /// # Errors
    ///
    /// Returns the workflow's own error. Fails before the first step with [`ErrorKind::Setup`](crate::error::ErrorKind::Setup) if a
    /// provider or state is missing, and if the run id is invalid.
    pub fn run<T: Send + 'static>(&self, workflow: impl Workflow<T>) -> RunFuture<T> {
        let runtime = self.clone();
        RunFuture(match self.keeper() {
            Some(keeper) => Carried::new(keeper, |caller| async move {
                runtime.drive_kept(workflow, None, None, Interest::Caller(caller)).await?.result()
            }),
            None => Carried::tied(runtime.drive(workflow, None, None)),
        })
    }

    /// Starts a workflow in the background.
    ///
    /// With a journal the run is recorded before this returns, and continues even if this future is dropped halfway.
    ///
    /// # Errors
    ///
    /// Fails if the run id is invalid, see [`Call::id`].
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub async fn start<T: Send + 'static>(&self, workflow: impl Workflow<T>) -> Result<Handle<T>> {
        let id = workflow.__id()?;
        let Some(keeper) = self.keeper() else {
            return Ok(self.go(workflow, id.unwrap_or_else(RunId::fresh)));
        };
        let (meta, runtime) = (meta_of(&workflow), self.clone());
        let (workflow, input) = workflow.__recorded()?;
        let started = Carried::new(keeper, |_| async move {
            // Recorded first, since the caller may rely on a run that was reported as started.
            let (id, _attended) = runtime.begun(meta, input, id).await?;
            Ok(runtime.go(workflow, id))
        });
        started.await
    }

    /// Executes a workflow in its own task.
    fn go<T: Send + 'static>(&self, workflow: impl Workflow<T>, id: RunId) -> Handle<T> {
        let feed = self.feed_of(&id);
        let held = Arc::new(());
        let interest = Interest::Caller(Caller::of(&held));
        let attended = self.keeper().map(|keeper| keeper.attend(&id));
        // Closes the feed even if the task is aborted before its first poll.
        let closing = Closing(Some(feed.clone()));
        let (runtime, run, heard) = (self.clone(), id.clone(), feed.clone());
        let task = tokio::spawn(async move {
            let _kept = (closing, attended);
            match runtime.keeper() {
                Some(_) => Box::pin(runtime.drive_kept(workflow, Some(run), Some(heard), interest)).await,
                None => {
                    runtime.shared().check(meta_of(&workflow))?;
                    Ok(runtime.drive(workflow, Some(run), Some(heard)).await.into())
                }
            }
        });
        Handle::new(id, feed, task, held, self.clone())
    }

    /// Runs a single step in its own run, with its gates, retries and repairs.
    ///
    /// # Errors
    ///
    /// Returns the step's error. Fails before the step starts if a provider or state is missing.
    pub async fn step<C: Call>(&self, call: C) -> Result<C::Ok> {
        let meta = C::META.get();
        self.shared().check(meta)?;
        let (run, engine) = self.begin(None, meta, None);
        let underway = Underway::begin(self.shared().watch(None), &run);
        underway.record_input(self.shared().models.makes_up(meta), || Ok(Value::Null))?;
        let cx = Cx::root(&run);
        let span = Span::run(&run);
        let outcome = span.within(call.__inner().__at(&cx, NodeId::first(meta.id))).await;
        span.failed(outcome.as_ref().err());
        underway.end(outcome.as_ref().map(|_| Value::Null), Vec::new(), *lock(&engine.spent));
        outcome
    }

    async fn drive<T: Send + 'static, W: Workflow<T>>(
        self,
        workflow: W,
        id: Option<RunId>,
        feed: Option<Arc<Feed>>,
    ) -> Result<T> {
        let meta = W::META.get();
        let id = id.map_or_else(|| workflow.__id(), |id| Ok(Some(id)))?;
        self.shared().check(meta)?;
        let (run, engine) = self.begin(id, meta, feed.clone());
        if run.quiet {
            return contained(&engine, &run, pin!(workflow.__run(Cx::root(&run)))).await;
        }
        // Boxed, so that the future of an unobserved run stays small.
        Box::pin(self.watched(workflow, &run, &engine, feed.as_ref())).await
    }

    /// Like [`drive`](Self::drive), for a durable run.
    async fn drive_kept<T: Send + 'static, W: Workflow<T>>(
        self,
        workflow: W,
        id: Option<RunId>,
        feed: Option<Arc<Feed>>,
        interest: Interest,
    ) -> Result<Ending<T>> {
        let id = id.map_or_else(|| workflow.__id(), |id| Ok(Some(id)))?;
        self.shared().check(W::META.get())?;
        let keeper = self.kept()?;
        keeper.mind(&self);
        self.keep(keeper, Some(workflow), id, feed, interest).await
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
                underway.record_input(self.shared().models.makes_up(W::META.get()), || workflow.__input())?;
                tokio::select! {
                    biased;
                    () = given_up(feed) => Err(handle::cancelled()),
                    outcome = workflow.__run(Cx::root(run)) => outcome,
                }
            });
            span.within(contained(engine, run, body)).await
        };
        span.failed(outcome.as_ref().err());
        let outcome = outcome.and_then(|output| Ok((underway.recorded(|| W::__encode(&output))?, output)));
        let end = outcome.as_ref().map(|(recorded, _)| recorded.clone());
        let undone = end.as_ref().err().map_or_else(Vec::new, |error| engine.undone_after(error));
        underway.end(end, undone, *lock(&engine.spent));
        outcome.map(|(_, output)| output)
    }

    /// Returns the feed of a run in progress, or a new one.
    fn feed_of(&self, run: &RunId) -> Arc<Feed> {
        let shift = self.keeper().and_then(|keeper| keeper.shift(run));
        shift.and_then(|shift| shift.feed().cloned()).unwrap_or_default()
    }

    /// Returns whether a journal keeps the runs.
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
        let run = Run::new(Some(id.clone()), meta.name, false, engine.clone());
        run.done.start_at(ledger.look(RunState::ends));
        (run, engine)
    }

    fn begin(&self, id: Option<RunId>, meta: &'static Meta, feed: Option<Arc<Feed>>) -> (Run, Arc<InProcess>) {
        let shared = self.shared();
        // Budgets belong to one run, whose engine has to see the workflows that start in it.
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

fn meta_of<T, W: Workflow<T>>(_: &W) -> &'static Meta {
    W::META.get()
}

/// Waits until the run's handle asks to cancel and undo it.
async fn given_up(feed: Option<&Arc<Feed>>) {
    match feed {
        Some(feed) => feed.undone().await,
        None => std::future::pending().await,
    }
}

/// Runs the body: turns a panic into an error, adds the run to each error, and undoes the steps of a failed run.
async fn contained<T>(engine: &InProcess, run: &Run, body: Pin<&mut impl Future<Output = Result<T>>>) -> Result<T> {
    let outcome = AssertUnwindSafe(body).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(panic)));
    match outcome {
        Ok(output) => Ok(output),
        Err(error) => {
            let cx = Cx::root(run);
            Err(Box::pin(undo::after(engine, &cx, error.or_at(|| cx.at()))).await)
        }
    }
}

/// A run in progress. Dropping it cancels the run, unless a journal keeps it.
#[must_use = "a run does nothing until it is awaited"]
pub struct RunFuture<T>(Carried<Result<T>>);

impl<T> Future for RunFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<T>> {
        Pin::new(&mut self.0).poll(task)
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

/// Ignores poisoning: a panic while the lock was held leaves plain data intact.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
