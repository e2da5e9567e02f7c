//! Runs workflows and single steps.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use serde_json::Value;

use super::carried::Carried;
use super::durable::{Caller, Interest};
use super::feed::{Closing, Feed};
use super::handle::{Events, Handle, cancelled};
use super::in_process::InProcess;
use super::mutex::lock;
use super::running::contained;
use super::runtime::Runtime;
use super::telemetry::Span;
use super::underway::Underway;
use crate::call::{Call, Workflow};
use crate::call::{Cx, Run};
use crate::ending::Ending;
use crate::error::Result;
use crate::graph::Meta;
use crate::place::{NodeId, RunId};

impl Runtime {
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
        Ok(self.started(workflow, |_, _| ()).await?.0)
    }

    /// Like [`start`](Self::start), with a reader of the run's events that exists before its first step, so that the answers of
    /// all its models are streamed.
    ///
    /// ```
    /// use flow_runtime::call::Workflow;
    /// use flow_runtime::engine::Runtime;
    /// use flow_runtime::error::Result;
    /// use flow_runtime::event::Event;
    ///
    /// # async fn print(runtime: Runtime, letter: impl Workflow<String>) -> Result<String> {
    /// let (handle, mut events) = runtime.watch(letter).await?;
    /// while let Some(event) = events.next().await {
    ///     match event {
    ///         Event::Said { text, .. } => print!("{text}"),
    ///         Event::DidTakeBack { .. } => println!("\n(rejected, the model is asked again)"),
    ///         _ => {}
    ///     }
    /// }
    /// handle.result().await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Like [`start`](Self::start).
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub async fn watch<T: Send + 'static>(&self, workflow: impl Workflow<T>) -> Result<(Handle<T>, Events)> {
        self.started(workflow, Events::of).await
    }

    /// Starts a workflow, with what `read` makes of its feed before it is polled.
    async fn started<T: Send + 'static, R: Send + 'static>(
        &self,
        workflow: impl Workflow<T>,
        read: fn(RunId, Arc<Feed>) -> R,
    ) -> Result<(Handle<T>, R)> {
        let id = workflow.__id()?;
        let Some(keeper) = self.keeper() else {
            return Ok(self.go(workflow, id.unwrap_or_else(RunId::fresh), read));
        };
        let (meta, runtime) = (meta_of(&workflow), self.clone());
        let (workflow, input) = workflow.__recorded()?;
        let started = Carried::new(keeper, |_| async move {
            // Recorded first, since the caller may rely on a run that was reported as started.
            let (id, _attended) = runtime.begun(meta, input, id).await?;
            Ok(runtime.go(workflow, id, read))
        });
        started.await
    }

    fn learn<T: Send + 'static, W: Workflow<T>>(&self, _: &W) {
        if self.keeper().is_some() {
            self.registry.learn::<T, W>();
        }
    }

    /// Executes a workflow in its own task.
    fn go<T: Send + 'static, R>(
        &self,
        workflow: impl Workflow<T>,
        id: RunId,
        read: fn(RunId, Arc<Feed>) -> R,
    ) -> (Handle<T>, R) {
        // The run may be answered or resumed by name before its task is polled.
        self.learn(&workflow);
        let feed = self.feed_of(&id);
        let reader = read(id.clone(), feed.clone());
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
                    runtime.shared().check_with_servers(meta_of(&workflow)).await?;
                    Ok(runtime.drive(workflow, Some(run), Some(heard)).await.into())
                }
            }
        });
        (Handle::new(id, feed, task, held, self.clone()), reader)
    }

    /// Runs a single step in its own run, with its gates, retries and repairs.
    ///
    /// # Errors
    ///
    /// Returns the step's error. Fails before the step starts if a provider or state is missing.
    pub async fn step<C: Call>(&self, call: C) -> Result<C::Ok> {
        let meta = C::META.get();
        self.shared().check_with_servers(meta).await?;
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
        self.shared().check_with_servers(meta).await?;
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
        self.check_run(W::META.get(), id.as_ref()).await?;
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
                    () = given_up(feed) => Err(cancelled()),
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
