//! Executes a run until it ends, is stopped, or has nothing to do but wait.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::select;
use serde_json::Value;

use super::fit::TakenOver;
use super::ledger::{Halt, Ledger};
use super::past::another_run;
use super::shift::{Driver, Shift};
use super::{Interest, Keeper};
use crate::call::{OwnError, Workflow};
use crate::engine::telemetry::Span;
use crate::engine::watch::{Feed, Underway};
use crate::engine::{InProcess, Runtime, contained, lock};
use crate::error::{Error, ErrorKind, Recorded, Result};
use crate::run::{Began, Cx, End, Place, Record, Run, RunId, RunState, Stamp};

/// What came of executing a run for a while.
enum Left<T> {
    Ended(Result<T>),
    Stopped(Halt),
    /// It waits, until a moment where one is known.
    Waits(Option<Stamp>),
}

impl Runtime {
    /// Runs a workflow under its id, or a fresh one: from the start, from where it was, or not at all where it has ended.
    pub(in crate::engine) async fn keep<T: Send + 'static, W: Workflow<T>>(
        &self,
        keeper: &Arc<Keeper>,
        workflow: Option<W>,
        id: Option<RunId>,
        feed: Option<Arc<Feed>>,
        mut interest: Interest,
    ) -> Result<T> {
        keeper.learn::<T, W>();
        let is_fresh = id.is_none();
        let id = id.unwrap_or_else(RunId::fresh);
        let _attended = keeper.attend(&id);
        loop {
            match keeper.claim(&id, feed.clone()) {
                Ok(driver) => return self.keep_claimed(keeper, workflow, &driver, is_fresh, interest).await,
                Err(other) => {
                    interest.has_begun();
                    other.gone().await;
                }
            }
            let ended = match keeper.read(&id).await? {
                state if state.end.is_some() => state,
                _ => continue,
            };
            let call = workflow.as_ref().map(|call| call.__input()).transpose()?;
            same_run::<T, W>(keeper, &id, ended.began.as_ref(), call.as_ref())?;
            return ended_as::<T, W>(&id, ended);
        }
    }

    async fn keep_claimed<T: Send + 'static, W: Workflow<T>>(
        &self,
        keeper: &Arc<Keeper>,
        mut workflow: Option<W>,
        driver: &Driver,
        mut is_fresh: bool,
        mut interest: Interest,
    ) -> Result<T> {
        let id = driver.run().clone();
        let mut underway = None;
        loop {
            driver.shift().moved();
            driver.looks();
            let ledger = Arc::new(keeper.open(&id, std::mem::take(&mut is_fresh)).await?);
            if !driver.hold(&ledger) {
                driver.release();
                continue;
            }
            interest.has_begun();
            let input = workflow.as_ref().map(|call| call.__input()).transpose()?;
            ledger.look(|state| of_workflow::<T, W>(&id, state.began.as_ref()))?;
            let has_ended = ledger.look(|state| state.end.is_some());
            // What ended under an earlier version is shown as it is.
            let taken = if has_ended { Ok(TakenOver::default()) } else { taken_over::<T, W>(keeper, &ledger) };
            ledger.look(|state| same_run::<T, W>(keeper, &id, state.began.as_ref(), input.as_ref()))?;
            if has_ended && let Some(ended) = ledger.take_ended() {
                return ended_as::<T, W>(&id, ended);
            }
            // As the version that goes on takes it.
            let recorded = ledger.look(|state| state.began.as_ref().map(|began| began.input.clone()));
            let taken = taken.and_then(|taken| Ok((taken, taken_up::<T, W>(&id, workflow.take(), recorded)?)));
            let (taken, (call, new)) = taken.map_err(|why| keeper.stuck(&id, why))?;
            keeper.goes_on(&id);
            let (run, engine) = self.begin_kept(&id, W::META.get(), &ledger, driver.feed());
            let underway = underway.get_or_insert_with(|| Underway::begin(self.shared().watch(driver.feed()), &run));
            if let Some(input) = new {
                let (workflow, at) = (run.workflow.to_owned(), ledger.clock.now());
                let promise = Some(keeper.promises.of(W::META.get()).to_string());
                let offline = keeper.promises.makes_up(W::META.get());
                engine.record(Record::RunStarted { run: id.clone(), workflow, input, promise, offline, at });
                ledger.announce();
            }
            if let Some(newly) = keeper.promises.newly(&id, taken, W::META.get(), ledger.clock.now()) {
                engine.record(newly);
                ledger.announce();
            }
            let left = execute::<T, W>(call, &run, &engine, (&ledger, driver.shift())).await;
            driver.release();
            match left {
                Left::Ended(outcome) => return self.finish::<T, W>(outcome, &run, &engine, &ledger, underway).await,
                Left::Stopped(Halt::Anew | Halt::Undoing) => {}
                Left::Stopped(halt) => {
                    let error = match &halt {
                        Halt::Broken(_) => keeper.stuck(&id, halt.into_error()),
                        Halt::Lost(_) => {
                            let error = keeper.stuck(&id, halt.into_error());
                            keeper.fails(&error);
                            error
                        }
                        _ => halt.into_error(),
                    };
                    underway.did(Some(&error));
                    return Err(error);
                }
                Left::Waits(until) if interest.is_gone() => {
                    if keeper.leave_to(driver, until) {
                        underway.left();
                        return Err(Halt::Leaving.into_error());
                    }
                }
                Left::Waits(until) => driver.woken(&keeper.clock, until).await,
            }
        }
    }

    async fn finish<T, W: Workflow<T>>(
        &self,
        outcome: Result<(T, Value)>,
        run: &Run,
        engine: &InProcess,
        ledger: &Ledger,
        underway: &mut Underway<'_>,
    ) -> Result<T> {
        let (id, at, spent) = (run.id().clone(), ledger.clock.now(), *lock(&engine.spent));
        engine.record(match &outcome {
            Err(_) if ledger.look(RunState::cancelling).is_some() => Record::RunCancelled { run: id, at },
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
        });
        let kept = ledger.commit_end().await;
        if let (Err(error), Some(keeper)) = (&kept, self.keeper()) {
            keeper.fails(error);
        }
        underway.did(outcome.as_ref().err().or(kept.as_ref().err()));
        kept?;
        // Somebody has cancelled it before this end was kept.
        if let Some(halt @ Halt::Cancelled) = ledger.stopped() {
            return Err(halt.into_error());
        }
        outcome.map(|(output, _)| output)
    }
}

/// The run's output is the one that its record gives back, as it is for whoever asks for it later.
async fn execute<T, W: Workflow<T>>(
    workflow: W,
    run: &Run,
    engine: &InProcess,
    (ledger, shift): (&Ledger, &Shift),
) -> Left<(T, Value)> {
    let span = Span::run(run);
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
        span.within(Watched { body, ledger, shift, still: None }).await
    };
    if let Left::Ended(outcome) = &left {
        span.failed(outcome.as_ref().err());
    }
    left
}

/// The body of a run that is being cancelled takes over what it had recorded before that, and does nothing else.
async fn given_up<T>(body: impl Future<Output = Result<T>>, ledger: &Ledger, end: u64) -> Error {
    select(pin!(ledger.fail_last(Some(end))), pin!(body)).await;
    Halt::Cancelled.into_error()
}

/// Polls a run, and looks after each poll whether it is stopped or has nothing to do but wait.
struct Watched<'a, F> {
    body: Pin<&'a mut F>,
    ledger: &'a Ledger,
    shift: &'a Shift,
    /// How many waits there were when the last poll moved nothing.
    still: Option<usize>,
}

impl<T, F: Future<Output = Result<T>>> Future for Watched<'_, F> {
    type Output = Left<T>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Left<T>> {
        self.shift.moved();
        // Before looking: what changes after the look wakes the task.
        self.ledger.driven_by(task.waker());
        loop {
            let polled = self.body.as_mut().poll(task);
            if let Some(halt) = self.ledger.stopped() {
                return Poll::Ready(Left::Stopped(halt));
            }
            if let Poll::Ready(outcome) = polled {
                return Poll::Ready(Left::Ended(outcome));
            }
            let idle = self.ledger.idle();
            // What is polled in turns, as the items of a map are, may have given way with work left: ask once more.
            if idle.is_some()
                && idle == self.still
                && let Some(until) = self.ledger.leave()
            {
                return Poll::Ready(Left::Waits(until));
            }
            self.still = idle;
            if idle.is_none() {
                return Poll::Pending;
            }
        }
    }
}

/// The call with the arguments that the run's first record gives back; where it has none yet, with what it is to say.
fn taken_up<T, W: Workflow<T>>(id: &RunId, call: Option<W>, recorded: Option<Value>) -> Result<(W, Option<Value>)> {
    let recorded = match (recorded, call) {
        (None, None) => return Err(unknown(id)),
        (None, Some(call)) => return call.__recorded().map(|(call, input)| (call, Some(input))),
        (Some(recorded), None) => W::__read(recorded),
        (Some(recorded), Some(call)) => call.__given(recorded),
    };
    Ok((recorded.map_err(|broken| unreadable(id, broken))?, None))
}

/// The id is that of a run of this workflow, or of none.
fn of_workflow<T, W: Workflow<T>>(id: &RunId, began: Option<&Began>) -> Result<()> {
    let other = began.and_then(|began| another_run(id, began, W::META.get(), &began.input));
    other.map_or(Ok(()), Err)
}

/// The id is that of a run of this workflow with this input, or of none. A run that is resumed has the input it began with.
fn same_run<T, W: Workflow<T>>(
    keeper: &Keeper,
    id: &RunId,
    began: Option<&Began>,
    input: Option<&Value>,
) -> Result<()> {
    let (Some(began), meta) = (began, W::META.get()) else { return Ok(()) };
    let other = another_run(id, began, meta, input.unwrap_or(&began.input));
    other.or_else(|| keeper.promises.mixes(id, began, meta)).map_or(Ok(()), Err)
}

fn ended_as<T, W: Workflow<T>>(id: &RunId, mut state: RunState) -> Result<T> {
    match state.end.take() {
        Some(End::Finished(output)) => W::__decode(output),
        Some(End::Failed(failure, _)) => {
            let own = own_error::<T, W>(failure.at.as_ref().map(|at| &at.place));
            Err(failure.into_error(own))
        }
        Some(End::Cancelled) => {
            let not_undone = state.not_undone().into_iter();
            let not_undone = not_undone.map(|(_, step, failure)| (step.to_owned(), Error::from(failure.clone())));
            Err(Halt::Cancelled.into_error().with_not_undone(id, not_undone.collect()))
        }
        None => Err(Error::terminal("the run has not ended")),
    }
}

/// How the step at a place records its own error.
fn own_error<T, W: Workflow<T>>(place: Option<&Place>) -> Option<OwnError> {
    W::META.get().step_at(place?)?.policy.own_error
}

/// Takes over what the build that began the run has recorded.
fn taken_over<T, W: Workflow<T>>(keeper: &Keeper, ledger: &Ledger) -> Result<TakenOver> {
    ledger.take_over(|state| {
        let mixed = state.began.as_ref().and_then(|began| keeper.promises.mixes(&ledger.run, began, W::META.get()));
        mixed.map_or_else(|| keeper.promises.take_over(&ledger.run, state, W::META.get()), Err)
    })
}

fn unreadable(id: &RunId, violations: Vec<crate::contract::Violation>) -> Error {
    let text = format!(
        "the input of run `{id}` breaks the contract of its workflow as it is now; finish it with the build that began it"
    );
    Error::new(ErrorKind::ContractViolated { violations, answer: String::new() }, text)
}

fn unknown(id: &RunId) -> Error {
    Error::new(ErrorKind::Setup, format!("the journal has no run `{id}`"))
}
