//! What a call asks of the engine, and what the engine asks of a call. The engine knows no types, a call knows no policy.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Judgement, UndoAt};
use crate::contract::Violation;
use crate::error::{Error, Result};
use crate::gate::Rejection;
use crate::graph::Meta;
use crate::prompt::Prompt;
use crate::provider::{BoxFuture, Model, Usage};
use crate::run::{Cx, Run};

/// What executes the steps of a run.
pub trait Engine: fmt::Debug + Send + Sync + 'static {
    /// Executes one step: on `Ok` the output is in the call's slot.
    fn step<'a>(&'a self, site: Site<'a>, ops: &'a mut dyn Ops) -> BoxFuture<'a, Result<()>>;

    /// A workflow that another one calls starts at its place. Not asked in quiet runs.
    fn will_workflow(&self, cx: &Cx<'_>, meta: &'static Meta);

    /// That workflow has ended. Not asked in quiet runs.
    fn did_workflow(&self, cx: &Cx<'_>, error: Option<&Error>);

    /// Undoes the finished steps of a workflow that has failed, the last first; the error says which could not be undone.
    fn undo<'a>(&'a self, cx: &'a Cx<'a>, error: Error) -> BoxFuture<'a, Error>;

    /// A failure is about to drop what runs beside it, which takes over its records first: what it has finished may have to be
    /// undone. `end` is the recorded end that the failure follows, if not the last that was taken over. Ready at once in a run that
    /// is not resumed. Not asked in quiet runs.
    fn will_drop(&self, end: Option<u64>) -> BoxFuture<'_, ()>;

    /// How the workflow of this place has failed by itself when the run was executed before, and which end in the run that was. Not
    /// asked in quiet runs.
    fn failed_before(&self, cx: &Cx<'_>) -> Option<(Error, u64)>;

    /// That workflow has failed by itself; what it stands in sees the error when it is kept. Not asked in quiet runs.
    fn did_fail<'a>(&'a self, cx: &'a Cx<'a>, error: &'a Error) -> BoxFuture<'a, ()>;

    /// What is left of the time limit of a workflow that begins, or that is resumed, whenever it is asked. Not asked in quiet runs.
    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft;

    /// What is left of a time that begins now.
    fn passing(&self, time: Duration) -> TimeLeft;

    /// The state of a type.
    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>>;

    /// Usage that a step's own body reports.
    fn report(&self, run: &Run, current: &super::Current, usage: Usage);
}

/// What is left of a time, whenever it is asked.
pub type TimeLeft = Box<dyn Fn() -> Duration + Send + Sync>;

/// A call at its place.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// What is called.
    pub meta: &'static Meta,
    /// The place of the call.
    pub cx: Cx<'a>,
    /// The model this call uses instead.
    pub model: Option<Model>,
    /// The limit this call uses instead.
    pub timeout: Option<Duration>,
}

/// The typed half of a call: arguments, body and a slot for the output.
pub trait Ops: Send {
    /// The arguments by name.
    fn input(&self) -> Result<Value>;

    /// Whether the body can be run once more: it may have been given its only arguments.
    fn can_run(&self) -> bool;

    /// Runs the body once and fills the slot.
    fn run_body<'s>(&'s mut self, cx: &'s Cx<'s>, attempt: u32) -> BoxFuture<'s, Result<()>>;

    /// What the model, or the person, reads.
    fn prompt(&self) -> Result<Prompt>;

    /// Fills the slot from JSON.
    fn fill(&mut self, answer: Value) -> Result<(), Vec<Violation>>;

    /// The output in the slot as JSON.
    fn output(&self) -> Result<Value>;

    /// The same, and puts into the slot what is read back from it.
    fn read_back(&mut self) -> Result<Value>;

    /// Lets the gates judge the output in the slot.
    fn judge<'s>(&'s self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<Vec<Judgement>>>;

    /// Lets the `fix` step mend the output in the slot.
    fn fix<'s>(&'s mut self, cx: &'s Cx<'s>, rejection: &'s Rejection) -> BoxFuture<'s, Result<()>>;

    /// Fills the slot by the `fallback` step.
    fn fall_back<'s>(&'s mut self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<()>>;

    /// How the step is undone, where it has a `compensate` step.
    fn undo(&self) -> Option<UndoAt>;

    /// Waits for a free place where `concurrency` limits the step.
    fn enter<'s>(&'s self) -> BoxFuture<'s, Option<tokio::sync::SemaphorePermit<'static>>>;
}
