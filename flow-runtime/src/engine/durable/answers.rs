//! Answers from outside to steps that wait.

use serde_json::Value;

use super::asked::{Asked, waiting};
use super::judge;
use super::keeper::Keeper;
use super::said::{Said, TakenIn};
use super::taken_over::TakenOver;
use super::verdicts::{Verdict, withdrawn};
use crate::engine::carried::Carried;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::place::{Place, RunId};
use crate::run::{Record, RunState, WaitsFor};

impl Runtime {
    /// Answers the step that waits at a place. Without a journal, the run must be in progress in this process.
    pub fn answer<'r>(&'r self, run: &'r RunId, place: &'r str) -> Answering<'r> {
        Answering { runtime: self, run, place, by: None }
    }
}

impl Keeper {
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
        let state = self.read(&run).await?;
        let step = state.at(place);
        // A race may have ended in the meantime.
        if step.is_some_and(|step| step.is_cancelled) {
            return Err(withdrawn(&run, place));
        }
        let first = step.and_then(|step| step.answer.clone());
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

    /// Gives an answer of any kind.
    ///
    /// # Errors
    ///
    /// Like the method for that kind of answer.
    pub async fn say(self, said: Said) -> Result<TakenIn> {
        self.give(|asked| asked.answered(said)).await
    }

    async fn give(self, answer: impl FnOnce(&Asked) -> Result<Value> + Send + 'static) -> Result<TakenIn> {
        if self.runtime.keeper().is_none() {
            return self.runtime.answer_held((self.run, self.place), self.by, answer).await;
        }
        let (runtime, run, place, by) = (self.runtime.clone(), self.run.clone(), self.place.to_owned(), self.by);
        let given = Carried::new(self.runtime.kept()?, |_| async move {
            let keeper = runtime.kept()?;
            keeper.mind(&runtime);
            let (asked, workflow, taken) = Asked::find(&runtime, keeper, &run, &place).await?;
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

impl Asked {
    /// Finds the waiting step, its workflow, and how this build takes the run over.
    async fn find(
        runtime: &Runtime,
        keeper: &Keeper,
        run: &RunId,
        place: &str,
    ) -> Result<(Self, &'static Meta, TakenOver)> {
        let refuse = |text: String| Error::new(ErrorKind::Setup, text);
        let mut state = keeper.read(run).await?;
        let Some(began) = &state.began else { return Err(refuse(format!("the journal has no run `{run}`"))) };
        let name = began.workflow.clone();
        if state.end.is_some() {
            return Err(refuse(format!("run `{run}` has ended; none of its steps is waiting")));
        }
        let known = runtime.registry.of_run(run, &name)?;
        let taken = keeper.fit(run, known.meta, &mut state)?;
        let Some((at, wait, input)) = waiting(&state, place) else {
            return Err(refuse(nothing_waits(run, place, &state)));
        };
        let meta = known.meta.step_at(&at).ok_or_else(|| {
            refuse(format!(
                "workflow `{name}` no longer has a step at `{place}`; answer with the build that started run `{run}`"
            ))
        })?;
        let _media = state.media().to_vec();
        Ok((Self { place: at, wait, input, _media, meta }, known.meta, taken))
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
