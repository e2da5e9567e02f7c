//! The interface between calls and the engine. The engine knows no types, a call knows no policy.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Judgement, ToolCall, UndoAt};
use crate::call::{Cx, Run};
use crate::contract::Violation;
use crate::error::{Error, Result};
use crate::gate::Rejection;
use crate::graph::Meta;
use crate::prompt::Prompt;
use crate::provider::{BoxFuture, Model, Usage};

/// Executes the steps of a run.
pub trait Engine: fmt::Debug + Send + Sync + 'static {
    /// Executes one step; on `Ok`, the output is in the call's slot.
    fn step<'a>(&'a self, site: Site<'a>, ops: &'a mut dyn Ops) -> BoxFuture<'a, Result<()>>;

    /// A called workflow starts at its place. Not called in quiet runs.
    fn will_workflow(&self, cx: &Cx<'_>, meta: &'static Meta);

    /// That workflow has ended. Not called in quiet runs.
    fn did_workflow(&self, cx: &Cx<'_>, error: Option<&Error>);

    /// Undoes the finished steps of a failed workflow, last one first; the returned error lists what could not be undone.
    fn undo<'a>(&'a self, cx: &'a Cx<'a>, error: Error) -> BoxFuture<'a, Error>;

    /// Called before a failure drops concurrent work. Waits until that work has replayed its own records, because steps finished
    /// in them may have to be undone. `end` is the recorded end that the failure follows, if it is not the last one replayed.
    /// Ready at once if the run is not resumed. Not called in quiet runs.
    fn will_drop(&self, end: Option<u64>) -> BoxFuture<'_, ()>;

    /// The error with which the workflow of this place failed by itself in an earlier execution, and the number of that end in
    /// the run. Not called in quiet runs.
    fn failed_before(&self, cx: &Cx<'_>) -> Option<(Error, u64)>;

    /// That workflow has failed by itself; its surroundings see the error once it is recorded. Not called in quiet runs.
    fn did_fail<'a>(&'a self, cx: &'a Cx<'a>, error: &'a Error) -> BoxFuture<'a, ()>;

    /// Measures what is left of the time limit of a workflow that starts or resumes. Not called in quiet runs.
    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft;

    /// Measures what is left of a time that starts now.
    fn passing(&self, time: Duration) -> TimeLeft;

    /// The state of a type.
    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>>;

    /// Records usage reported by a step's body.
    fn report(&self, run: &Run, current: &super::Current, usage: Usage);
}

/// Returns what is left of a time, at any moment.
pub type TimeLeft = Box<dyn Fn() -> Duration + Send + Sync>;

/// A call at its place.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The step or workflow that is called.
    pub meta: &'static Meta,
    /// The place of the call.
    pub cx: Cx<'a>,
    /// The model set on this call, if any.
    pub model: Option<Model>,
    /// The timeout set on this call, if any.
    pub timeout: Option<Duration>,
}

/// The typed half of a call: arguments, body and a slot for the output.
pub trait Ops: Send {
    /// Returns the arguments by name.
    fn input(&self) -> Result<Value>;

    /// Whether the body can run once more; a by-value argument may be gone.
    fn can_run(&self) -> bool;

    /// Runs the body once and fills the slot.
    fn run_body<'s>(&'s mut self, cx: &'s Cx<'s>, attempt: u32) -> BoxFuture<'s, Result<()>>;

    /// Returns the prompt for the model or person.
    fn prompt(&self) -> Result<Prompt>;

    /// Fills the slot from JSON.
    fn fill(&mut self, answer: Value) -> Result<(), Vec<Violation>>;

    /// Returns the output in the slot as JSON.
    fn output(&self) -> Result<Value>;

    /// The same, but replaces the output in the slot with the value read back from that JSON.
    fn read_back(&mut self) -> Result<Value>;

    /// Lets the gates judge the output in the slot.
    fn judge<'s>(&'s self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<Vec<Judgement>>>;

    /// Lets the `fix` step correct the output in the slot.
    fn fix<'s>(&'s mut self, cx: &'s Cx<'s>, rejection: &'s Rejection) -> BoxFuture<'s, Result<()>>;

    /// Fills the slot with the output of the `fallback` step.
    fn fall_back<'s>(&'s mut self, cx: &'s Cx<'s>) -> BoxFuture<'s, Result<()>>;

    /// How the step is undone, if it has a `compensate` step.
    fn undo(&self) -> Option<UndoAt>;

    /// Asks the approver of the step, if it has one.
    fn approve(&self) -> Option<ToolCall>;

    /// Calls the tools of the step, in the order of its policy.
    fn tools(&self) -> &'static [Option<ToolCall>];

    /// Waits for a permit if `concurrency` limits the step.
    fn enter<'s>(&'s self) -> BoxFuture<'s, Option<tokio::sync::SemaphorePermit<'static>>>;
}
