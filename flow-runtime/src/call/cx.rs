//! Where generated code is: the run and the place in it, with the engine that executes it and what can be undone. These types
//! refer to each other.
//!
//! The engine knows no types, a call knows no policy.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::SemaphorePermit;

use super::{Current, Judgement, ToolOutput};
use crate::contract::Violation;
use crate::error::{At, Error, ErrorKind, Recorded, Result};
use crate::gate::Rejection;
use crate::graph::Meta;
use crate::place::{NodeId, Place, RunId};
use crate::prompt::Prompt;
use crate::provider::{BoxFuture, Model, Usage};

/// One execution of one workflow, as generated code sees it.
#[derive(Debug)]
pub struct Run {
    /// The id chosen by the caller; a fresh id is created on demand.
    id: OnceLock<RunId>,
    /// The workflow's name.
    pub workflow: &'static str,
    /// No one observes, records or scripts this run, so plain steps bypass the engine.
    pub quiet: bool,
    /// Executes everything that is not a plain step.
    pub engine: Arc<dyn Engine>,
    /// The finished steps that can be undone.
    pub done: Undoable,
}

impl Run {
    /// Creates a run that is about to start.
    pub fn new(id: Option<RunId>, workflow: &'static str, quiet: bool, engine: Arc<dyn Engine>) -> Self {
        Self { id: id.map_or_else(OnceLock::new, OnceLock::from), workflow, quiet, engine, done: Undoable::default() }
    }

    /// Returns the run's id.
    pub fn id(&self) -> &RunId {
        self.id.get_or_init(RunId::fresh)
    }
}

/// The current place in generated code: a linked list on the stack, formatted only on demand.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The run.
    pub run: &'a Run,
    up: Option<&'a Cx<'a>>,
    node: NodeId,
    index: Option<u32>,
}

impl<'a> Cx<'a> {
    /// Returns the place of the root workflow of a run.
    pub fn root(run: &'a Run) -> Self {
        Self { run, up: None, node: NodeId::first(""), index: None }
    }

    /// Returns the place of a node inside this one.
    pub fn inside(&'a self, node: NodeId) -> Self {
        Self { run: self.run, up: Some(self), node, index: None }
    }

    /// Returns the place of one round of a loop, one item of a map or one turn of a conversation.
    pub fn nth(&'a self, node: NodeId, index: u32) -> Self {
        Self { run: self.run, up: Some(self), node, index: Some(index) }
    }

    /// Returns the same node for its `times`-th repetition; the first execution has no index.
    pub(crate) fn again(&self, times: u32) -> Self {
        Self { index: (times > 0).then_some(times), ..*self }
    }

    /// Returns the enclosing workflow, skipping rounds of loops and items of maps.
    pub(crate) fn workflow(&self) -> Cx<'a> {
        let mut at = *self;
        while let Some(up) = at.up {
            at = *up;
            if at.index.is_none() {
                break;
            }
        }
        at
    }

    /// Returns the nodes from the root to here, from which this place can be rebuilt.
    pub(super) fn path(&self) -> Path {
        let (mut path, mut at) = (Vec::new(), self);
        while let Some(up) = at.up {
            path.push((at.node, at.index));
            at = up;
        }
        path.reverse();
        path
    }

    /// Formats the path.
    pub fn place(&self) -> Place {
        let mut text = String::new();
        self.write(&mut text);
        Place::of(text)
    }

    fn write(&self, text: &mut String) {
        let Some(up) = self.up else { return };
        up.write(text);
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(&self.node.to_string());
        if let Some(index) = self.index {
            text.push_str(&format!("[{index}]"));
        }
    }

    /// The place of an error in this workflow, between its steps.
    #[cold]
    pub(crate) fn at(&self) -> At {
        At::new(self.run.workflow, self.run.id(), self.place())
    }

    /// The place of an error in a step.
    #[cold]
    pub(crate) fn at_step(&self, step: &str, attempt: u32, repeatable: bool) -> At {
        self.at().of_step(step, attempt, repeatable)
    }

    /// Returns the state for a workflow's `#[state]` argument.
    ///
    /// # Errors
    ///
    /// Fails if the runtime has no such state. That is checked before the workflow starts, so this would be an engine
    /// bug.
    pub fn state<T: Held>(&self, name: &str) -> Result<Arc<T>> {
        let state = self.run.engine.state(TypeId::of::<T>()).and_then(|state| state.downcast().ok());
        state.ok_or_else(|| Error::new(ErrorKind::Setup, format!("the runtime has no state for `{name}`")))
    }
}

/// Types that a runtime can share with its workflows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a `#[state]`: a runtime shares it between workflows on several threads",
    label = "not `Send + Sync + 'static`",
    note = "keep mutable data in a `Mutex`, and use `Arc` instead of `Rc`",
    note = "see flow::errors::signature"
)]
pub trait Held: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Held for T {}

/// The nodes from the run to a place, with the index of each turn and item.
pub(super) type Path = Vec<(NodeId, Option<u32>)>;

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

    /// The recorded winner of the race with this many branches at this place. Not called in quiet runs.
    fn chosen<'a>(&'a self, cx: &'a Cx<'a>, branches: u32) -> BoxFuture<'a, Option<u32>>;

    /// A branch has won the race at this place; the others are dropped once that is recorded. Not called in quiet runs.
    fn did_choose<'a>(&'a self, cx: &'a Cx<'a>, branch: u32) -> BoxFuture<'a, ()>;

    /// Measures what is left of the time limit of a workflow that starts or resumes. Not called in quiet runs.
    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft;

    /// Measures what is left of a time that starts now.
    fn passing(&self, time: Duration) -> TimeLeft;

    /// The state of a type.
    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>>;

    /// Records usage reported by a step's body.
    fn report(&self, run: &Run, current: &Current, usage: Usage);
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
    fn enter<'s>(&'s self) -> BoxFuture<'s, Option<SemaphorePermit<'static>>>;
}

/// Undoes a step, given its output, at the step's place.
pub type UndoAt = for<'x> fn(Value, &'x Cx<'x>) -> BoxFuture<'x, Result<()>>;

/// Calls a step or workflow at a place, with its arguments as an object, and returns its output as a model reads it.
pub type ToolCall = for<'c> fn(Value, &'c Cx<'c>, NodeId) -> BoxFuture<'c, Result<ToolOutput>>;

/// The finished steps of a run that have a `compensate` step and are not undone.
///
/// There is one list per run. A workflow's list is the part within its place, so a workflow that ends or is dropped
/// leaves its entries to its caller.
#[derive(Debug, Default)]
pub struct Undoable(pub(super) Mutex<List>);

#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) entries: Vec<Entry>,
    /// The places of undo steps in progress, each with the order of the step being undone.
    pub(super) under_way: Vec<(Place, u64)>,
    /// The order of the next step that finishes.
    pub(super) next: u64,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) done: Arc<Done>,
    pub(super) tried: UndoTries,
}

/// The attempts to undo a step so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct UndoTries {
    /// The number of failures.
    pub(crate) times: u32,
    /// The last failure.
    pub(crate) failure: Option<Box<Recorded>>,
    /// An attempt was started and dropped before its end.
    pub(crate) cut_off: bool,
}

/// A finished step, and how it is undone.
pub(crate) struct Done {
    pub(crate) step: &'static Meta,
    /// The position in the order in which the steps of the run finished.
    pub(crate) order: u64,
    pub(super) path: Path,
    /// The output, or why it could not be recorded.
    pub(super) output: Result<Value>,
    pub(super) undo: UndoAt,
}
