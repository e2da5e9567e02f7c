//! Signals from outside systems: delivered to all steps that wait for them, or kept for the first step that does.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::asked::{given, waiting};
use super::judge::{self, reasons};
use super::keeper::Keeper;
use super::verdicts::Verdict;
use super::wait::{in_order, key};
use crate::call::{Call, StepFn};
use crate::contract::{self, Direction, Violation, encode, in_records};
use crate::engine::attached::input_as;
use crate::engine::carried::Carried;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Kind, Meta};
use crate::journal::{Delivered, Judged, Signal, Slot};
use crate::media::{by_hash, expanded};
use crate::place::{Place, RunId};
use crate::run::{Record, Stamp, Wait};

/// The default of a step's `keep`.
const KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What happened to a signal.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "a signal may have been rejected, or fit no step"]
pub enum Signalled {
    /// These steps received it, each in its run.
    Given(Vec<(RunId, Place)>),
    /// No step was waiting; the signal is kept until this moment for the first step that waits for it.
    Kept(Stamp),
    /// All waiting steps rejected it and keep waiting, with the reasons. The signal is recorded in the runs and dropped.
    Rejected(Vec<(RunId, Place, Error)>),
    /// A signal with this id arrived before; nothing changed.
    Repeated,
    /// No workflow of this program waits for such a signal; it is not kept.
    FitsNoStep,
}

impl Signalled {
    /// Returns the reasons of the steps that rejected the signal, each once if steps next to each other agree; empty if none did.
    pub fn reasons(&self) -> Vec<String> {
        let Self::Rejected(steps) = self else { return Vec::new() };
        let mut all: Vec<_> = steps.iter().flat_map(|(.., why)| reasons(why)).collect();
        all.dedup();
        all
    }
}

/// A signal to be sent. Does nothing until awaited; once polled, it is completed even if dropped.
#[must_use = "a signal is sent by awaiting it"]
pub struct Signalling(State);

enum State {
    New(Option<Box<New>>),
    Underway(Carried<Result<Signalled>>),
}

struct New {
    runtime: Runtime,
    step: To,
    key: Result<Value>,
    answer: Result<Value>,
    id: Option<String>,
    by: Option<String>,
}

/// The step that a signal is for.
#[derive(Clone)]
enum To {
    Step(&'static Meta),
    Id(String),
}

impl Runtime {
    /// Sends a signal to every step that is waiting for its key: the step's only argument, or an object of all arguments.
    ///
    /// If no step is waiting, the signal is kept for the first one that does, for the time the step sets with `keep` (default 7
    /// days). The oldest kept signal is delivered first.
    ///
    /// The gates of a step judge the signal when it is delivered; a step that rejects it records that and keeps waiting. Set an
    /// [`id`](Signalling::id) to make repeats harmless. Without a journal, the signal goes to the runs of this process, and is kept in
    /// memory.
    ///
    /// # Errors
    ///
    /// Fails if the journal fails, and with [`ErrorKind::ContractViolated`] if key or answer break the
    /// step's contract.
    pub fn signal<A, F: StepFn<A>>(&self, step: F, key: impl Serialize, answer: &<F::Call as Call>::Ok) -> Signalling
    where
        <F::Call as Call>::Ok: Serialize,
    {
        let _ = step;
        self.signalling(To::Step(F::META.get()), encode(&key), encode(answer))
    }

    /// Like [`signal`](Self::signal), for a step given by its id. Its workflow must be registered.
    ///
    /// # Errors
    ///
    /// Like [`signal`](Self::signal).
    pub fn signal_by_id(&self, step: impl Into<String>, key: Value, answer: Value) -> Signalling {
        self.signalling(To::Id(step.into()), Ok(key), Ok(answer))
    }

    fn signalling(&self, step: To, key: Result<Value>, answer: Result<Value>) -> Signalling {
        let (id, by) = (None, None);
        Signalling(State::New(Some(Box::new(New { runtime: self.clone(), step, key, answer, id, by }))))
    }
}

impl Signalling {
    /// Sets the id that identifies repeats, for example the event id of the outside system. It is remembered for as long as the
    /// signal would be kept.
    pub fn id(self, id: impl Into<String>) -> Self {
        self.with(|new| new.id = Some(id.into()))
    }

    /// Records who sends the signal.
    pub fn by(self, name: impl Into<String>) -> Self {
        self.with(|new| new.by = Some(name.into()))
    }

    fn with(mut self, change: impl FnOnce(&mut New)) -> Self {
        if let State::New(Some(new)) = &mut self.0 {
            change(new);
        }
        self
    }
}

impl Future for Signalling {
    type Output = Result<Signalled>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.0 {
                State::Underway(carried) => return Pin::new(carried).poll(task),
                State::New(new) => {
                    let Some(new) = new.take() else { return Poll::Pending };
                    let runtime = new.runtime.clone();
                    self.0 = State::Underway(match runtime.keeper() {
                        Some(keeper) => Carried::new(keeper, |_| new.send()),
                        None => Carried::tied(new.send()),
                    });
                }
            }
        }
    }
}

impl New {
    async fn send(self: Box<Self>) -> Result<Signalled> {
        let Self { runtime, step, key, answer, id, by } = *self;
        let keeper = runtime.keeper();
        keeper.iter().for_each(|keeper| keeper.mind(&runtime));
        let Some(step) = step.find(&runtime) else { return Ok(Signalled::FitsNoStep) };
        let (slot, answer) = (slot(step, key?)?, answer?);
        let answer = given(step, answer)?;
        let at = runtime.shared().clock.now();
        let until = at.plus(step.policy.keep.unwrap_or(KEEP));
        let signal = Signal { slot, answer, id, by, at, until };
        match keeper {
            Some(keeper) => keeper.deliver(&runtime, step, &signal).await,
            None => Ok(runtime.signal_held(&signal).await),
        }
    }
}

impl To {
    /// Finds the signal step; `None` if there is none.
    fn find(self, runtime: &Runtime) -> Option<&'static Meta> {
        let is_signal = |meta: &&'static Meta| meta.kind == Kind::Signal;
        let id = match self {
            Self::Step(meta) => return Some(meta).filter(is_signal),
            Self::Id(id) => id,
        };
        let known = if runtime.has_journal() { runtime.registry.metas() } else { runtime.shared().held.known() };
        known.into_iter().flat_map(Meta::reachable).filter(is_signal).find(|meta| meta.id == id)
    }
}

impl Keeper {
    async fn deliver(
        self: &std::sync::Arc<Self>,
        runtime: &Runtime,
        step: &'static Meta,
        signal: &Signal,
    ) -> Result<Signalled> {
        let (mut judged, mut rejected, mut verdicts, mut stuck) = (Vec::new(), Vec::new(), Vec::new(), None);
        for wait in self.waits().await?.into_iter().filter(|wait| Slot::of(wait).as_ref() == Some(&signal.slot)) {
            let (run, place) = (wait.run.clone(), wait.place.clone());
            let verdict = match self.input_of(runtime, step, &wait).await {
                Ok(input) => self.judged(runtime, step, (&wait, &input), signal).await,
                // A run that cannot continue here must not keep the signal from others.
                Err(why) => {
                    stuck.get_or_insert(why);
                    judged.push(Judged { run, place, accepts: false });
                    continue;
                }
            };
            judged.push(Judged { run: run.clone(), place: place.clone(), accepts: verdict.is_ok() });
            match verdict {
                Ok(verdict) => verdicts.extend(verdict.map(|verdict| (run, place, verdict))),
                Err(error) => rejected.push((run, place, error)),
            }
        }
        let delivered = self.store.signal(signal, &judged).await.inspect_err(|error| self.fails(error))?;
        let given = match delivered {
            Delivered::Kept => return Ok(Signalled::Kept(signal.until)),
            Delivered::Repeated => return Ok(Signalled::Repeated),
            Delivered::To(given) => given,
        };
        for (run, place, error) in &rejected {
            self.drop_answer(run, place, (signal.answer.clone(), signal.by.clone()), error).await?;
        }
        for (run, _) in &given {
            let _attended = self.attend(run);
            // A task that has the run in memory, or is about to, may have read its records before this one was
            // appended.
            if self.knock(run) { self.hear(runtime, run).await? } else { self.wake(runtime, run).await? }
        }
        let mut taken = given;
        for (run, place, verdict) in verdicts {
            if !taken.contains(&(run.clone(), place.clone())) {
                continue;
            }
            if let Some(Err(error)) = verdict.heard().await {
                taken.retain(|other| *other != (run.clone(), place.clone()));
                rejected.push((run, place, error));
            }
        }
        match stuck {
            _ if !taken.is_empty() => Ok(Signalled::Given(taken)),
            Some(why) if rejected.is_empty() => Err(why),
            _ => Ok(Signalled::Rejected(rejected)),
        }
    }

    /// Judges a signal by the gates of one step that can be asked here. If this process will ask the others, returns a
    /// listener for their verdict.
    async fn judged(
        &self,
        runtime: &Runtime,
        step: &'static Meta,
        (wait, input): (&Wait, &Value),
        signal: &Signal,
    ) -> Result<Option<Verdict>> {
        let executes = self.store.executes();
        let left = judge::before(runtime, step, input, &signal.answer, !executes).await?;
        let listens = executes && !left.is_empty() && judge::judges_at_once(step);
        Ok(listens.then(|| self.verdicts.listen(&wait.run, &wait.place, self.shift(&wait.run))))
    }

    /// Returns the input of a waiting step, with the bytes of its attachments.
    ///
    /// # Errors
    ///
    /// Fails if the run cannot be read, or cannot continue in this build.
    async fn input_of(&self, runtime: &Runtime, step: &'static Meta, wait: &Wait) -> Result<Value> {
        let mut state = self.read(&wait.run).await?;
        if let Some(workflow) = state.began.as_ref().map(|began| began.workflow.clone())
            && let Ok(known) = runtime.registry.of_run(&wait.run, &workflow)
            && let Err(why) = self.fit(&wait.run, known.meta, &mut state)
            && *why.kind() == ErrorKind::Diverged
        {
            return Err(why);
        }
        let input = waiting(&state, wait.place.as_str()).map_or(Value::Null, |(_, _, input)| input);
        Ok(input_as(expanded, step, input))
    }

    /// Records a rejected answer and who gave it.
    pub(super) async fn drop_answer(
        &self,
        run: &RunId,
        place: &Place,
        (answer, by): (Value, Option<String>),
        why: &Error,
    ) -> Result<()> {
        let (run, place, reasons, at) = (run.clone(), place.clone(), reasons(why), self.clock.now());
        let record = Record::AnswerRejected { run: run.clone(), place, answer, by, reasons, at };
        self.append(&run, &[record]).await
    }
}

/// Returns the slot of a signal.
///
/// # Errors
///
/// Fails if the key does not match the step's arguments.
fn slot(step: &'static Meta, given: Value) -> Result<Slot> {
    let refuse = |violations| {
        let names: Vec<_> = step.arguments.iter().map(|argument| format!("`{}`", argument.name)).collect();
        let wanted = match &names[..] {
            [one] => format!("the argument {one} of the step"),
            _ => format!("an object with {}", names.join(", ")),
        };
        let text = format!("invalid key for signal step `{}`: expected {wanted}", step.name);
        Error::new(ErrorKind::ContractViolated { violations, answer: String::new() }, text)
    };
    let input = match step.arguments {
        [argument] => Value::Object(Map::from_iter([(argument.name.to_owned(), given.clone())])),
        _ if given.is_null() && step.arguments.is_empty() => Value::Object(Map::new()),
        _ => given.clone(),
    };
    // Waits show the hashes of attachments, and a key is only compared.
    let wrong = in_records(|| wrong_in(step, &input));
    if !wrong.is_empty() {
        return Err(refuse(wrong));
    }
    let recorded = input_as(by_hash, step, input);
    Ok(Slot::new(step.id, &key(in_order(step, &recorded))))
}

/// Returns why an input does not match the step's arguments by name. For a single argument, pointers start at its
/// value.
fn wrong_in(step: &'static Meta, input: &Value) -> Vec<Violation> {
    let Value::Object(given) = input else { return vec![Violation::of("an object of the arguments", input)] };
    let is_only = step.arguments.len() == 1;
    let unknown = given.keys().filter(|name| step.arguments.iter().all(|argument| argument.name != name.as_str()));
    let unknown =
        unknown.map(|name| Violation::new(std::slice::from_ref(name), "an argument of the step", &format!("`{name}`")));
    let mut wrong: Vec<_> = unknown.collect();
    for argument in step.arguments {
        let value = given.get(argument.name).unwrap_or(&Value::Null);
        let schema = || (argument.contract.schema)(Direction::Read);
        let violations = contract::violations(argument.contract.shape, schema, value);
        let under = |violation: Violation| if is_only { violation } else { violation.under(argument.name) };
        wrong.extend(violations.into_iter().map(under));
    }
    wrong
}

impl fmt::Debug for Signalling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signalling").finish_non_exhaustive()
    }
}
