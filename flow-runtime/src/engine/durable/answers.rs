//! Answers from outside, and other operations on runs that the caller does not hold.

use std::future::Future;
use std::time::Duration;

use serde_json::{Value, json};

use super::Keeper;
use super::fit::TakenOver;
use super::judge;
use super::keeper::{Reopened, Resumed};
use super::said::{Said, TakenIn};
use super::verdicts::Verdict;
use crate::call::{broken_answer, received_answer};
use crate::contract::{self, too_deep};
use crate::ending::Ending;
use crate::engine::Runtime;
use crate::engine::carried::Carried;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, MetaPtr, is_verdict};
use crate::journal::Query;
use crate::place::{Place, RunId};
use crate::run::{Record, RunState, Stamp, Wait, WaitsFor};

/// Operations on runs in a journal. Without a journal, only [`answer`](Self::answer) and [`waits`](Self::waits) work,
/// for steps that wait in runs in progress; all others fail with [`ErrorKind::Setup`].
impl Runtime {
    /// Returns the records of a run, in order.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn records(&self, run: &RunId) -> Result<Vec<Record>> {
        self.kept()?.store.read(run).await
    }

    /// Resumes every run that has not ended, in background tasks, and lists them.
    ///
    /// Workflows must be registered with [`Builder::workflow`](super::super::Builder::workflow), or have been run by this
    /// runtime.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn resume_all(&self) -> Result<Vec<Resumed>> {
        let keeper = self.kept()?;
        keeper.mind(self);
        keeper.resume_all(self).await
    }

    /// Continues a run until it ends or waits, and returns which. A failed run continues with the step that failed.
    ///
    /// The run has an executor from this call on, even if the future is dropped after its first poll.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, was cancelled, or has undone its steps; if this build cannot continue it; and if the journal
    /// fails. A run that fails is an [`Ending`].
    pub fn resume(&self, run: &RunId) -> impl Future<Output = Result<Ending<Value>>> + Send + use<> {
        let (runtime, run) = (self.clone(), run.clone());
        let attended = self.keeper().map(|keeper| keeper.attend(&run));
        let resumed = async move {
            let _attended = attended;
            let keeper = runtime.kept()?;
            keeper.mind(&runtime);
            keeper.resume(&runtime, &run).await
        };
        match self.keeper() {
            Some(keeper) => Carried::new(keeper, |_| resumed),
            None => Carried::tied(resumed),
        }
    }

    /// Cancels a run permanently: drops the steps that are running, and starts no more in any process. Has no effect on a run
    /// that has ended.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, or if the journal fails.
    pub async fn cancel(&self, run: &RunId) -> Result<()> {
        let keeper = self.kept()?;
        let (cancelling, run) = (keeper.clone(), run.clone());
        Carried::new(keeper, |_| async move { cancelling.cancel(&run).await }).await
    }

    /// Cancels a run permanently and undoes what it has finished.
    ///
    /// Drops the steps that are running, starts no more, and undoes the finished steps that have `compensate`, in reverse order
    /// of completion. This returns once the request is recorded; the process that executes the journal undoes the steps, and
    /// resumes after a crash. Until then the run is `running`, or `waiting` if an undo step waits.
    /// [`RunState::not_undone`](crate::run::RunState::not_undone) lists the steps that could not be undone.
    ///
    /// A plain [`cancel`](Self::cancel) undoes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist or has ended without being undone, or if the journal fails.
    pub async fn cancel_and_undo(&self, run: &RunId) -> Result<()> {
        let (runtime, run) = (self.clone(), run.clone());
        let cancelled = Carried::new(self.kept()?, |_| async move {
            runtime.kept()?.cancel_and_undo(&run).await?;
            runtime.take_up(&run).await
        });
        cancelled.await
    }

    /// Answers the step that waits at a place. Without a journal, the run must be in progress in this process.
    pub fn answer<'r>(&'r self, run: &'r RunId, place: &'r str) -> Answering<'r> {
        Answering { runtime: self, run, place, by: None }
    }

    /// Shuts the runtime down: starts no more steps, waits up to `grace` for running steps, and stops the rest.
    ///
    /// Runs that have not ended continue when they are resumed. Once the runtime is dropped, another process can execute the
    /// journal. Has no effect without a journal.
    pub async fn shut_down(&self, grace: Duration) {
        let Some(keeper) = self.keeper() else { return };
        if grace.is_zero() || tokio::time::timeout(grace, keeper.drain()).await.is_err() {
            keeper.stop().await;
        }
        keeper.leave().await;
    }

    /// Lets a failed run continue with the step that failed, without waiting for it: the process that executes the journal
    /// continues the run. A run that has not ended continues anyway.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, has finished, was cancelled, or has undone its steps.
    pub async fn reopen(&self, run: &RunId) -> Result<()> {
        let (runtime, run) = (self.clone(), run.clone());
        let reopened = Carried::new(self.kept()?, |_| async move {
            match runtime.kept()?.reopen(&run).await? {
                Reopened::Open(_) => runtime.take_up(&run).await,
                Reopened::Ended(_) => Err(Error::new(ErrorKind::Setup, format!("run `{run}` has already finished"))),
            }
        });
        reopened.await
    }

    /// Deletes the runs that ended before a moment, and returns their number.
    ///
    /// # Errors
    ///
    /// Fails if the journal does.
    pub async fn prune(&self, ended_before: Stamp) -> Result<u64> {
        let keeper = self.kept()?;
        keeper.store.prune(ended_before).await.inspect_err(|error| keeper.fails(error))
    }

    pub(in crate::engine) fn kept(&self) -> Result<&std::sync::Arc<Keeper>> {
        self.keeper().ok_or_else(|| {
            Error::new(
                ErrorKind::Setup,
                "the runtime has no journal, so runs are not stored; add one with `.journal(…)`",
            )
        })
    }
}

impl Keeper {
    /// Returns all waits in runs that have not ended.
    pub(super) async fn waits(&self) -> Result<Vec<Wait>> {
        let open = Query::all().status([crate::run::Status::Waiting]);
        Ok(self.store.runs(&open).await?.into_iter().flat_map(|run| run.waits).collect())
    }

    /// Records an answer and hands it to its step. `newly` is the record of this version taking the run over.
    async fn answered(
        self: &std::sync::Arc<Self>,
        runtime: &Runtime,
        record: Record,
        newly: Option<Record>,
    ) -> Result<()> {
        let run = record.run().clone();
        let _attended = self.attend(&run);
        let shift = self.shift(&run);
        if let Some(kept) = shift.as_ref().and_then(|shift| shift.ledger()?.give(record.clone())) {
            return kept.await.map_err(|failure| self.not_kept(failure));
        }
        // Recorded first, since the answer belongs to this version.
        let records: Vec<Record> = newly.into_iter().chain([record.clone()]).collect();
        self.append(&run, &records).await?;
        let Record::Answered { place, answer, .. } = &record else { return Ok(()) };
        let first = self.read(&run).await?.at(place).and_then(|step| step.answer.clone());
        if first.is_some_and(|first| first != *answer) {
            return Err(Error::new(
                ErrorKind::Setup,
                format!("`{place}` in run `{run}` was already answered; the first answer counts"),
            ));
        }
        // A task that has the run in memory, or is about to, may have read its records before this one was appended.
        if self.knock(&run) { self.hear(runtime, &run).await } else { self.wake(runtime, &run).await }
    }
}

/// An answer for a waiting step. The first answer counts.
///
/// The step's gates judge the answer before it is accepted. Function gates run immediately, in any process. Step gates run when
/// the run receives the answer: if this process executes the run, the answer waits for them; otherwise a rejection makes the step
/// wait again, with the reasons.
#[derive(Debug)]
#[must_use = "nothing is answered until one of `accept`, `edit`, `reject`, `with`, `happened` or `did_not_happen` is awaited"]
pub struct Answering<'r> {
    runtime: &'r Runtime,
    run: &'r RunId,
    place: &'r str,
    by: Option<String>,
}

impl Answering<'_> {
    /// Records who answers.
    pub fn by(mut self, name: impl Into<String>) -> Self {
        self.by = Some(name.into());
        self
    }

    /// Accepts the value under review unchanged.
    ///
    /// # Errors
    ///
    /// Fails if no review of a value is waiting there, or with [`ErrorKind::Rejected`] if a gate rejects the answer. The step
    /// keeps waiting.
    pub async fn accept(self) -> Result<()> {
        self.say(Said::Accept).await.map(drop)
    }

    /// Accepts the review with an edited value.
    ///
    /// # Errors
    ///
    /// Fails if no review is waiting there, if the value breaks the step's contract (with JSON Pointers into it), or if a gate
    /// rejects the answer. The step keeps waiting.
    pub async fn edit(self, value: Value) -> Result<()> {
        self.say(Said::Edit(value)).await.map(drop)
    }

    /// Rejects the value under review.
    ///
    /// # Errors
    ///
    /// Fails if no review is waiting there, or if a gate rejects the answer.
    pub async fn reject(self, reason: impl Into<String>) -> Result<()> {
        self.say(Said::Reject(reason.into())).await.map(drop)
    }

    /// Gives the complete answer of a form or an outside system, under the step's contract.
    ///
    /// # Errors
    ///
    /// Fails if nothing is waiting there, if the answer breaks the step's contract (with JSON Pointers into it), or if a gate
    /// rejects it. The step keeps waiting.
    pub async fn with(self, answer: Value) -> Result<()> {
        self.say(Said::Whole(answer)).await.map(drop)
    }

    /// Reports that the interrupted irreversible effect happened, with the output the step would have returned.
    ///
    /// # Errors
    ///
    /// Fails if the step does not ask for this, or if the output breaks its contract.
    pub async fn happened(self, output: Value) -> Result<()> {
        self.say(Said::Happened(output)).await.map(drop)
    }

    /// Reports that the interrupted irreversible effect did not happen; the step may start again.
    ///
    /// # Errors
    ///
    /// Fails if the step does not ask for this.
    pub async fn did_not_happen(self) -> Result<()> {
        self.say(Said::DidNotHappen).await.map(drop)
    }

    pub(super) async fn give(self, answer: impl FnOnce(&Asked) -> Result<Value> + Send + 'static) -> Result<TakenIn> {
        if self.runtime.keeper().is_none() {
            return self.runtime.answer_held((self.run, self.place), self.by, answer).await;
        }
        let (runtime, run, place, by) = (self.runtime.clone(), self.run.clone(), self.place.to_owned(), self.by);
        let given = Carried::new(self.runtime.kept()?, |_| async move {
            let keeper = runtime.kept()?;
            keeper.mind(&runtime);
            let (asked, workflow, taken) = Asked::find(keeper, &run, &place).await?;
            let answer = answer(&asked)?;
            let judged = asked.judged(&runtime, &answer).await;
            if let (Err(why), WaitsFor::Signal) = (&judged, asked.wait.waits_for) {
                keeper.drop_answer(&run, &asked.place, (answer.clone(), by.clone()), why).await?;
            }
            let (verdict, left) = judged?;
            let (place, at) = (asked.place, keeper.clock.now());
            let newly = keeper.promises.newly(&run, taken, workflow, at);
            keeper.answered(&runtime, Record::Answered { run, place, answer, by, at }, newly).await?;
            let heard = match verdict {
                Some(verdict) => verdict.heard().await.transpose()?,
                None => None,
            };
            Ok(TakenIn { judged_later: if heard.is_some() { Vec::new() } else { left } })
        });
        given.await
    }
}

/// A step that waits, and what it was asked.
pub(super) struct Asked {
    /// Its current place, which may differ from the one recorded in its wait.
    pub(super) place: Place,
    pub(super) wait: Wait,
    pub(super) input: Value,
    pub(super) meta: &'static Meta,
}

impl Asked {
    /// Finds the waiting step, its workflow, and how this build takes the run over.
    async fn find(keeper: &Keeper, run: &RunId, place: &str) -> Result<(Self, &'static Meta, TakenOver)> {
        let refuse = |text: String| Error::new(ErrorKind::Setup, text);
        let mut state = keeper.read(run).await?;
        let Some(began) = &state.began else { return Err(refuse(format!("the journal has no run `{run}`"))) };
        let name = began.workflow.clone();
        if state.end.is_some() {
            return Err(refuse(format!("run `{run}` has ended; none of its steps is waiting")));
        }
        let (known, taken) = keeper.fit(run, &name, &mut state)?;
        let Some((at, wait, input)) = waiting(&state, place) else {
            return Err(refuse(nothing_waits(run, place, &state)));
        };
        let meta = known.meta.step_at(&at).ok_or_else(|| {
            refuse(format!(
                "workflow `{name}` no longer has a step at `{place}`; answer with the build that started run `{run}`"
            ))
        })?;
        Ok((Self { place: at, wait, input, meta }, known.meta, taken))
    }

    /// Rejects an answer that the gates callable here reject, and returns the names of the other gates. If this process
    /// executes the run and those gates do not wait for anyone else, also returns a listener for their verdict.
    async fn judged(&self, runtime: &Runtime, answer: &Value) -> Result<(Option<Verdict>, Vec<&'static str>)> {
        if !matches!(self.wait.waits_for, WaitsFor::Person | WaitsFor::Signal) {
            return Ok((None, Vec::new()));
        }
        let keeper = runtime.kept()?;
        let executes = keeper.store.executes();
        let left = judge::before(runtime, self.meta, &self.input, answer, !executes).await?;
        if executes && !left.is_empty() && judge::judges_at_once(self.meta) {
            let shift = keeper.shift(&self.wait.run);
            return Ok((Some(keeper.verdicts.listen(&self.wait.run, &self.place, shift)), left));
        }
        Ok((None, left))
    }

    pub(super) fn accepted(&self) -> Result<Value> {
        if is_verdict(self.meta.output.shape) {
            return self.checked(json!({ "reasons": [] }));
        }
        // As on an edge, the argument may have fields that the review does not read.
        let review = |value: &Value| {
            let answer = json!({ "decision": "accept", "value": value });
            let output = &self.meta.output;
            let found = contract::violations(output.shape, || (output.schema)(contract::Direction::Read), &answer);
            (self.expects_answer() && found.is_empty() && too_deep(&answer).is_none()).then_some(answer)
        };
        let mut shown = self.meta.arguments.iter().filter_map(|argument| self.input.get(argument.name));
        shown.find_map(review).ok_or_else(|| {
            let text = format!(
                "step `{}` has no argument that its review can accept; pass the complete answer",
                self.wait.step
            );
            Error::new(ErrorKind::Setup, text)
        })
    }

    pub(super) fn edited(&self, value: Value) -> Result<Value> {
        self.checked(json!({ "decision": "edit", "value": value }))
    }

    pub(super) fn rejected(&self, reason: String) -> Result<Value> {
        if is_verdict(self.meta.output.shape) {
            return self.checked(json!({ "reasons": [reason] }));
        }
        self.checked(json!({ "decision": "reject", "value": { "reason": reason } }))
    }

    pub(super) fn did_not_happen(&self) -> Result<Value> {
        self.outcome(json!({ "happened": false }))
    }

    pub(super) fn happened(&self, output: Value) -> Result<Value> {
        let output = given(self.meta, output)?;
        self.outcome(json!({ "happened": true, "output": output }))
    }

    fn outcome(&self, answer: Value) -> Result<Value> {
        match self.wait.waits_for {
            WaitsFor::Outcome => Ok(answer),
            _ => Err(self.asks_otherwise()),
        }
    }

    pub(super) fn checked(&self, answer: Value) -> Result<Value> {
        match self.expects_answer() {
            true => given(self.meta, answer),
            false => Err(self.asks_otherwise()),
        }
    }

    fn expects_answer(&self) -> bool {
        matches!(self.wait.waits_for, WaitsFor::Person | WaitsFor::Signal)
    }

    fn asks_otherwise(&self) -> Error {
        Error::new(ErrorKind::Setup, format!("step `{}` waits {}", self.wait.step, self.wait.waits_for.told()))
    }
}

/// Finds the open wait recorded at a place, or else the one whose step is there now. Returns the step's current place,
/// the wait, and the step's input.
pub(super) fn waiting(state: &RunState, place: &str) -> Option<(Place, Wait, Value)> {
    let recorded = state.open().find(|(_, wait)| wait.place.as_str() == place);
    let (at, wait) = recorded.or_else(|| state.open().find(|(at, _)| at.as_str() == place))?;
    let step = state.at(at).filter(|step| step.answer.is_none())?;
    let input = step.began.as_ref().map_or(Value::Null, |(input, _)| input.clone());
    Some((at.clone(), wait.clone(), input))
}

fn nothing_waits(run: &RunId, place: &str, state: &RunState) -> String {
    let mut open: Vec<&Place> = state.waits().map(|wait| &wait.place).collect();
    open.sort();
    let open: Vec<String> = open.into_iter().map(|place| format!("`{place}`")).collect();
    let instead = match open.is_empty() {
        true => "no other step is waiting".to_owned(),
        false => format!("waiting steps: {}", open.join(", ")),
    };
    format!("no step is waiting at `{place}` in run `{run}`, or it was already answered; {instead}")
}

/// Checks a value from outside against the step's output contract.
pub(super) fn given(meta: &'static Meta, answer: Value) -> Result<Value> {
    let text = answer.to_string();
    received_answer(&meta.output, answer).map_err(|violations| broken_answer(MetaPtr::new(meta), violations, text))
}
