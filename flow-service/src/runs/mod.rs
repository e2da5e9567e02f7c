//! The runs of a service: starting, waiting and cancelling. They are stored in the journal; without one they are kept in
//! memory, and their number is limited.

mod bounded;
mod followers;
mod run;
mod watcher;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use flow_runtime::contract::Violation;
use flow_runtime::ending::Ending;
use flow_runtime::engine::{AnyWorkflow, Builder, Resumed, Runtime, Submitted};
use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::journal::{Memory, Query};
use flow_runtime::run::{RunId, Status};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};

pub(crate) use followers::{Followed, Follower};
pub(crate) use run::Run;

use crate::limits::Limits;
use bounded::Bounded;
use watcher::{Watcher, end_of};

#[derive(Debug)]
pub(crate) struct Runs {
    pub(crate) runtime: Runtime,
    limits: Limits,
    watcher: Watcher,
    /// The number of runs started here that are executing.
    running: watch::Sender<usize>,
    closed: AtomicBool,
    /// The number of runs stopped before their end.
    left: AtomicUsize,
    /// Set when waiting requests must respond immediately.
    hurried: watch::Sender<bool>,
}

/// Why a run does not start.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The id belongs to a run with another input or workflow.
    Taken(Error),
    /// The input breaks the contract of the workflow.
    Invalid(Vec<Violation>),
    /// The maximum number of runs is executing.
    Full,
    /// The service is stopping.
    Closed,
    /// The runtime cannot start the run, or the journal failed.
    Failed(Error),
}

impl Runs {
    /// Opens the runs of the given workflows; runs left by an earlier process continue.
    pub(crate) async fn open(
        builder: Builder,
        workflows: &[AnyWorkflow],
        limits: Limits,
    ) -> Result<(Arc<Self>, Vec<Resumed>)> {
        let memory = (!builder.has_journal()).then(Memory::new);
        let bounded = memory.clone().map(|memory| Arc::new(Bounded::new(memory, limits.ended_runs)));
        let watcher = Watcher::new(bounded);
        let builder = workflows.iter().fold(builder, |builder, workflow| builder.any_workflow(*workflow));
        let builder = memory.into_iter().fold(builder, Builder::journal);
        let runtime = builder.observe(watcher.clone()).build()?;
        for workflow in workflows {
            workflow.check_servers(&runtime).await?;
        }
        let resumed = runtime.resume_all().await?;
        let (running, hurried) = (watch::Sender::new(0), watch::Sender::new(false));
        let (closed, left) = Default::default();
        Ok((Arc::new(Self { runtime, limits, watcher, running, closed, left, hurried }), resumed))
    }

    /// Whether runs end with the process.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.watcher.bounded.is_some()
    }

    /// Starts a run in a separate task, unless a run with the id exists; an existing run without an executor continues. This
    /// happens even if the caller stops waiting.
    pub(crate) fn begin(self: &Arc<Self>, workflow: &'static str, input: Value, id: &RunId) -> Begun {
        let (runs, id) = (self.clone(), id.clone());
        Begun(tokio::spawn(async move { runs.begin_here(workflow, input, &id).await }))
    }

    async fn begin_here(self: &Arc<Self>, workflow: &str, input: Value, id: &RunId) -> Result<(), Refusal> {
        let underway = match self.reserve() {
            Ok(underway) => Some(underway),
            // An existing run does not need a free slot.
            Err(refusal) => match self.find(id).await.map_err(Refusal::Failed)? {
                Some(_) => None,
                None => return Err(refusal),
            },
        };
        // Created before the run becomes visible, so that it is never seen without an executor.
        let resumed = self.runtime.resume(id);
        match self.runtime.submit(workflow, input, id).await.map_err(refused)? {
            Submitted::Taken(why) => return Err(Refusal::Taken(why)),
            Submitted::New => {}
            _ => {
                // An existing run may have an executor already; it gets one only if it has none.
                drop(resumed);
                let state = self.runtime.state(id).await.map_err(Refusal::Failed)?;
                if state.is_some_and(|state| state.status == Status::NoExecutor) {
                    self.execute(id, self.runtime.resume(id), underway);
                }
                return Ok(());
            }
        }
        self.execute(id, resumed, underway);
        Ok(())
    }

    fn reserve(self: &Arc<Self>) -> Result<Underway, Refusal> {
        if self.is_closed() {
            return Err(Refusal::Closed);
        }
        let most = self.limits.running_runs;
        let is_free = self.running.send_if_modified(|running| {
            let is_free = *running < most;
            *running += usize::from(is_free);
            is_free
        });
        if is_free { Ok(Underway(self.clone())) } else { Err(Refusal::Full) }
    }

    /// Executes a run until it ends, or until it waits and leaves memory.
    fn execute(
        self: &Arc<Self>,
        id: &RunId,
        resumed: impl Future<Output = Result<Ending<Value>>> + Send + 'static,
        underway: Option<Underway>,
    ) {
        let (runs, id) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let _underway = underway;
            // The result is recorded, and an error that stops the run without an end is reported as its obstacle.
            let _ = resumed.await;
            runs.watcher.tell(&id);
        });
    }

    pub(crate) async fn find(&self, id: &RunId) -> Result<Option<Run>> {
        loop {
            let records = match self.runtime.records(id).await {
                Ok(records) => records,
                Err(why) => return Ok(self.runtime.state(id).await?.map(|state| Run::unread(state, why))),
            };
            let Some(run) = Run::of(records) else { return Ok(None) };
            if run.end.is_some() {
                return Ok(Some(run));
            }
            let Some(state) = self.runtime.state(id).await? else { return Ok(None) };
            // It may have ended between the two queries.
            if state.ended.is_none() {
                return Ok(Some(run.stands(state, self.runtime.obstacle(id))));
            }
        }
    }

    /// Follows the events of a run from now on. Answers of models that are asked meanwhile are streamed.
    pub(crate) fn follow(&self, id: &RunId) -> Follower {
        self.watcher.followers.add(id)
    }

    /// Finds a run once it has ended or the time is over.
    pub(crate) async fn wait_for(&self, id: &RunId, limit: Duration) -> Result<Option<Run>> {
        // Subscribe first: the run may end between the query and the wait.
        let mut ends = self.watcher.ends.subscribe();
        let mut hurried = self.hurried.subscribe();
        let _awaited = self.watcher.bounded.as_ref().map(|bounded| bounded.awaited(id));
        let over = async {
            tokio::select! {
                () = tokio::time::sleep(limit) => {}
                _ = hurried.wait_for(|hurried| *hurried) => {}
            }
        };
        let (mut over, mut stuck) = (std::pin::pin!(over), std::pin::pin!(self.stuck(id)));
        let mut is_stuck = false;
        loop {
            let run = self.find(id).await?;
            if limit.is_zero() || run.as_ref().is_none_or(|run| run.end.is_some()) {
                return Ok(run);
            }
            tokio::select! {
                () = end_of(id, &mut ends) => {}
                () = &mut stuck, if !is_stuck => is_stuck = true,
                () = &mut over => return self.find(id).await,
            }
        }
    }

    /// Waits until this process is known to be unable to continue the run, which then has no end.
    async fn stuck(&self, id: &RunId) {
        let mut obstacles = self.runtime.obstacles();
        while let Some((run, _)) = obstacles.next().await {
            if run == *id {
                return;
            }
        }
        std::future::pending().await
    }

    /// Ends a run permanently, at once or after undoing its finished steps.
    pub(crate) async fn cancel(self: &Arc<Self>, id: &RunId, undo: bool) -> Result<()> {
        let (runs, id) = (self.clone(), id.clone());
        let cancelled = tokio::spawn(async move {
            if undo {
                return runs.runtime.cancel_and_undo(&id).await;
            }
            runs.runtime.cancel(&id).await?;
            runs.watcher.tell(&id);
            Ok(())
        });
        cancelled.await.unwrap_or_else(|ended| Err(ended_from_outside(ended)))
    }

    /// Stops starting runs.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Waits for runs to end, or for current steps if the runs can continue later, and stops the rest after the grace period.
    /// Returns the number of runs that did not end.
    pub(crate) async fn finish(&self) -> usize {
        let grace = self.limits.grace;
        if self.is_in_memory() {
            let _ = tokio::time::timeout(grace, self.idle()).await;
        } else {
            self.runtime.shut_down(grace).await;
        }
        self.stop().await;
        self.left.load(Ordering::Acquire)
    }

    /// Stops all runs where they are.
    pub(crate) async fn stop(&self) {
        self.left.fetch_max(self.left_over().await, Ordering::AcqRel);
        self.runtime.shut_down(Duration::ZERO).await;
        self.hurried.send_replace(true);
    }

    pub(crate) fn has_stopped(&self) -> bool {
        *self.hurried.borrow()
    }

    /// The number of runs that have not ended and are not waiting.
    async fn left_over(&self) -> usize {
        if self.is_in_memory() {
            return *self.running.borrow();
        }
        let open = Query::all().status([Status::Running, Status::NoExecutor]);
        let runs = self.runtime.runs(&open).await.unwrap_or_default();
        runs.iter().filter(|run| run.error.is_none()).count()
    }

    /// Waits until waiting requests must respond immediately.
    pub(crate) async fn hurried(&self) {
        // The sender is alive, so the wait always succeeds.
        let _ = self.hurried.subscribe().wait_for(|hurried| *hurried).await;
    }

    async fn idle(&self) {
        // The sender is alive, so the wait always succeeds.
        let _ = self.running.subscribe().wait_for(|running| *running == 0).await;
    }
}

fn refused(error: Error) -> Refusal {
    match error.kind() {
        ErrorKind::ContractViolated { violations, .. } => Refusal::Invalid(violations.clone()),
        _ => Refusal::Failed(error),
    }
}

/// A slot of an executing run, freed on drop.
#[derive(Debug)]
struct Underway(Arc<Runs>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.running.send_modify(|running| *running -= 1);
    }
}

/// A run being started, in a task that does not depend on the caller.
#[derive(Debug)]
pub(crate) struct Begun(JoinHandle<Result<(), Refusal>>);

impl Future for Begun {
    type Output = Result<(), Refusal>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let begun = std::task::ready!(Pin::new(&mut self.0).poll(task));
        Poll::Ready(begun.unwrap_or_else(|ended| Err(Refusal::Failed(ended_from_outside(ended)))))
    }
}

/// The task was cancelled because the process ends. A panic is our bug, and is propagated.
fn ended_from_outside(ended: JoinError) -> Error {
    match ended.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Error::new(ErrorKind::Cancelled, "the service has stopped"),
    }
}
