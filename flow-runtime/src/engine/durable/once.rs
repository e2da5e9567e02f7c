//! Executes a run from its log once: until it ends, is stopped, or only waits.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::select;
use futures_util::task::AtomicWaker;
use serde_json::Value;
use tokio::task::coop::has_budget_remaining;

use super::ledger::{Halt, Ledger, Waits};
use super::past::another_run;
use super::promise::Promises;
use super::taken_over::TakenOver;
use crate::call::Workflow;
use crate::call::{Cx, Run};
use crate::contract::Violation;
use crate::ending::Ending;
use crate::engine::feed::Feed;
use crate::engine::in_process::InProcess;
use crate::engine::mutex::lock;
use crate::engine::running::contained;
use crate::engine::runtime::Runtime;
use crate::engine::telemetry::Span;
use crate::engine::underway::Underway;
use crate::error::{Error, ErrorKind, OwnError, Recorded, Result};
use crate::place::{Place, RunId};
use crate::run::{Began, End, Record, RunState};

/// The result of executing a run for a while.
pub(super) enum Left<E> {
    Ended(E),
    Stopped(Halt),
    /// The run waits, and has left memory.
    Waits(Waits),
}

/// Why a run is not executed.
pub(super) enum Refused {
    /// The id belongs to another run in the log.
    Taken(Error),
    /// This build cannot continue the run.
    Unfit(Error),
}

pub(super) struct Once<'r, 'l> {
    pub(super) runtime: &'r Runtime,
    pub(super) ledger: &'l Arc<Ledger>,
    pub(super) feed: Option<&'r Arc<Feed>>,
    /// Called once this build is known to fit the run.
    pub(super) fits: &'l (dyn Fn() + Send + Sync),
    /// Called whenever the run is polled.
    pub(super) moved: &'l (dyn Fn() + Send + Sync),
}

impl<'r> Once<'r, '_> {
    /// Executes the run with the input in its log, or with that of the call if the run is new.
    pub(super) async fn execute<T, W: Workflow<T>>(
        &self,
        call: &mut Option<W>,
        underway: &mut Option<Underway<'r>>,
    ) -> Result<Left<Ending<T>>, Refused> {
        let (id, ledger, meta) = (&self.ledger.run, self.ledger, W::META.get());
        let promises = &self.runtime.shared().promises;
        let input = call.as_ref().map(|call| call.__input()).transpose().map_err(Refused::Taken)?;
        ledger.look(|state| of_workflow::<T, W>(id, state.began.as_ref())).map_err(Refused::Taken)?;
        let has_ended = ledger.look(|state| state.end.is_some());
        // A run that ended under an earlier version is returned as recorded.
        let taken = if has_ended { Ok(TakenOver::default()) } else { taken_over::<T, W>(promises, ledger) };
        ledger
            .look(|state| same_run::<T, W>(promises, id, state.began.as_ref(), input.as_ref()))
            .map_err(Refused::Taken)?;
        if has_ended && let Some(ended) = ledger.take_ended() {
            return ended_as::<T, W>(id, ended).map(Left::Ended).map_err(Refused::Taken);
        }
        // The input as migrated to this version.
        let recorded = ledger.look(|state| state.began.as_ref().map(|began| began.input.clone()));
        let taken = taken.and_then(|taken| Ok((taken, taken_up::<T, W>(id, call.take(), recorded)?)));
        let (taken, (call, new)) = taken.map_err(Refused::Unfit)?;
        (self.fits)();
        let (run, engine) = self.runtime.begin_kept(id, meta, ledger, self.feed);
        let underway = underway.get_or_insert_with(|| Underway::begin(self.runtime.shared().watch(self.feed), &run));
        if let Some(input) = new {
            engine.record(promises.begins(id, meta, input, ledger.clock.now()));
            ledger.announce();
        }
        if let Some(newly) = promises.newly(id, taken, meta, ledger.clock.now()) {
            engine.record(newly);
            ledger.announce();
        }
        Ok(match self.body::<T, W>(call, &run, &engine).await {
            Left::Ended(outcome) => self.finish::<T, W>(outcome, &run, &engine, underway).await,
            Left::Stopped(halt) => Left::Stopped(halt),
            Left::Waits(waits) => Left::Waits(waits),
        })
    }

    /// Runs the body. Its output is read back from its recorded form, so that later callers get the same.
    async fn body<T, W: Workflow<T>>(&self, workflow: W, run: &Run, engine: &InProcess) -> Left<Result<(T, Value)>> {
        let (span, ledger) = (Span::run(run), &**self.ledger);
        let left = {
            let cancelling = ledger.look(RunState::cancelling);
            let body = pin!(async {
                let body = workflow.__run(Cx::root(run));
                match cancelling {
                    None => W::__read_back(&body.await?),
                    Some(end) => Err(given_up(body, ledger, end).await),
                }
            });
            let body = pin!(contained(engine, run, body));
            span.within(Watched::new(body, ledger, self.moved)).await
        };
        if let Left::Ended(outcome) = &left {
            span.failed(outcome.as_ref().err());
        }
        left
    }

    /// Records how the run ended.
    async fn finish<T, W: Workflow<T>>(
        &self,
        outcome: Result<(T, Value)>,
        run: &Run,
        engine: &InProcess,
        underway: &mut Underway<'_>,
    ) -> Left<Ending<T>> {
        let (ledger, is_cancelled) = (self.ledger, self.ledger.look(RunState::cancelling).is_some());
        engine.record(end_of::<T, W>(&outcome, run, engine, is_cancelled));
        let kept = ledger.commit_end().await;
        let not_kept = kept.as_ref().err().map(|failure| failure.error());
        underway.did(outcome.as_ref().err().or(not_kept));
        if let Err(failure) = kept {
            return Left::Stopped(Halt::of(&failure));
        }
        // The run was cancelled before this end was recorded.
        if let Some(halt @ Halt::Cancelled) = ledger.stopped() {
            return Left::Stopped(halt);
        }
        Left::Ended(match outcome {
            Ok((output, _)) => Ending::Finished(output),
            Err(error) if is_cancelled => Ending::Cancelled(error),
            Err(error) => Ending::Failed(error),
        })
    }
}

fn end_of<T, W: Workflow<T>>(
    outcome: &Result<(T, Value)>,
    run: &Run,
    engine: &InProcess,
    is_cancelled: bool,
) -> Record {
    let (id, at, spent) = (run.id().clone(), engine.now(), *lock(&engine.spent));
    match outcome {
        Err(_) if is_cancelled => Record::RunCancelled { run: id, at },
        Ok((_, output)) => Record::RunFinished { run: id, output: output.clone(), spent, at },
        Err(error) => Record::RunFailed {
            run: id,
            kind: error.kind().name().into(),
            error: error.in_run().to_string(),
            failure: Box::new(Recorded::of(error, own_error::<T, W>(error.at().map(|at| &at.place)))),
            undone: engine.undone_after(error),
            spent,
            at,
        },
    }
}

/// Replays what the body of a run being cancelled had recorded before the cancellation, and nothing more.
async fn given_up<T>(body: impl Future<Output = Result<T>>, ledger: &Ledger, end: u64) -> Error {
    select(pin!(ledger.fail_last(Some(end))), pin!(body)).await;
    Halt::Cancelled.into_error()
}

/// Polls a run. If nothing in it can progress by itself, lets those continue that wait for this, or takes the run out
/// of memory.
struct Watched<'a, F> {
    body: Pin<&'a mut F>,
    ledger: &'a Ledger,
    moved: &'a (dyn Fn() + Send + Sync),
    woken: Arc<Woken>,
    waker: Waker,
}

/// Wakes the run's task, and remembers that it was woken.
#[derive(Default)]
struct Woken {
    is_set: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_set.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl<'a, F> Watched<'a, F> {
    fn new(body: Pin<&'a mut F>, ledger: &'a Ledger, moved: &'a (dyn Fn() + Send + Sync)) -> Self {
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(woken.clone());
        Self { body, ledger, moved, woken, waker }
    }
}

impl<T, F: Future<Output = Result<T>>> Future for Watched<'_, F> {
    type Output = Left<Result<T>>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        (self.moved)();
        self.woken.task.register(task.waker());
        self.woken.is_set.store(false, Ordering::Release);
        let waker = self.waker.clone();
        // Registered before the ledger is read: later changes wake the task.
        self.ledger.driven_by(&waker);
        let polled = self.body.as_mut().poll(&mut Context::from_waker(&waker));
        if let Some(halt) = self.ledger.stopped() {
            return Poll::Ready(Left::Stopped(halt));
        }
        if let Poll::Ready(outcome) = polled {
            return Poll::Ready(Left::Ended(outcome));
        }
        if !has_budget_remaining() {
            // Out of budget, tokio may have held back progress that was possible.
            waker.wake_by_ref();
        }
        let goes_on = || self.woken.is_set.load(Ordering::Acquire);
        if !goes_on() {
            self.ledger.has_settled();
        }
        match self.ledger.idle() && !goes_on() {
            true => self.ledger.leave().map_or(Poll::Pending, |waits| Poll::Ready(Left::Waits(waits))),
            false => Poll::Pending,
        }
    }
}

/// Returns the call with the arguments recorded for the run; for a new run, with the input to record.
fn taken_up<T, W: Workflow<T>>(id: &RunId, call: Option<W>, recorded: Option<Value>) -> Result<(W, Option<Value>)> {
    let recorded = match (recorded, call) {
        (None, None) => return Err(unknown(id)),
        (None, Some(call)) => return call.__recorded().map(|(call, input)| (call, Some(input))),
        (Some(recorded), None) => W::__read(recorded),
        (Some(recorded), Some(call)) => call.__given(recorded),
    };
    Ok((recorded.map_err(|broken| unreadable(id, broken))?, None))
}

/// Checks that the id is new, or belongs to a run of this workflow.
fn of_workflow<T, W: Workflow<T>>(id: &RunId, began: Option<&Began>) -> Result<()> {
    let other = began.and_then(|began| another_run(id, began, W::META.get(), &began.input));
    other.map_or(Ok(()), Err)
}

/// Checks that the id is new, or belongs to a run of this workflow with this input. Without a new input, the recorded
/// one is used.
pub(super) fn same_run<T, W: Workflow<T>>(
    promises: &Promises,
    id: &RunId,
    began: Option<&Began>,
    input: Option<&Value>,
) -> Result<()> {
    let (Some(began), meta) = (began, W::META.get()) else { return Ok(()) };
    let other = another_run(id, began, meta, input.unwrap_or(&began.input));
    other.or_else(|| promises.mixes(id, began, meta)).map_or(Ok(()), Err)
}

/// Returns the recorded end of a run.
pub(super) fn ended_as<T, W: Workflow<T>>(id: &RunId, mut state: RunState) -> Result<Ending<T>> {
    match state.end.take() {
        Some(End::Finished(output)) => W::__decode(output).map(Ending::Finished),
        Some(End::Failed(failure, _)) => {
            let own = own_error::<T, W>(failure.at.as_ref().map(|at| &at.place));
            Ok(Ending::Failed(failure.into_error(own)))
        }
        Some(End::Cancelled) => {
            let not_undone = state.not_undone().into_iter();
            let not_undone = not_undone.map(|(_, step, failure)| (step.to_owned(), Error::from(failure.clone())));
            Ok(Ending::Cancelled(Halt::Cancelled.into_error().with_not_undone(id, not_undone.collect())))
        }
        None => Err(Error::terminal("the run has not ended")),
    }
}

/// Returns how the step at a place records its own error type.
fn own_error<T, W: Workflow<T>>(place: Option<&Place>) -> Option<OwnError> {
    W::META.get().step_at(place?)?.policy.own_error
}

/// Takes over what the build that started the run recorded.
fn taken_over<T, W: Workflow<T>>(promises: &Promises, ledger: &Ledger) -> Result<TakenOver> {
    ledger.take_over(|state| {
        let mixed = state.began.as_ref().and_then(|began| promises.mixes(&ledger.run, began, W::META.get()));
        mixed.map_or_else(|| promises.take_over(&ledger.run, state, W::META.get()), Err)
    })
}

fn unreadable(id: &RunId, violations: Vec<Violation>) -> Error {
    let text = format!(
        "the input of run `{id}` breaks the current contract of its workflow; finish the run with the build that started it"
    );
    Error::new(ErrorKind::ContractViolated { violations, answer: String::new() }, text)
}

fn unknown(id: &RunId) -> Error {
    Error::new(ErrorKind::Setup, format!("the journal has no run `{id}`"))
}
