//! What an annotated function returns: a call that does nothing until it is awaited.

mod arguments;
mod await_site;
mod contract;
mod copy;
mod current;
mod cx;
mod done;
mod edge;
mod engine;
mod failure;
mod function;
mod gate;
mod glue;
mod handed;
mod held;
mod helper;
mod in_workflow;
mod operation;
mod outside;
mod question;
mod received;
mod refused;
mod serving;
mod states;
mod step;
mod support;
mod tool;
mod undo;
mod workflow;

use std::future::Future;

pub use arguments::{Arguments, taken};
pub use await_site::{Awaited, NotAFuture, NotAStep};
pub use contract::{
    GenericContract, In, InputContract, Json, NoInput, NoOutput, Out, OutputContract, bound, demand, require_input,
    require_output,
};
pub use copy::{Copier, NoClone, Repeated, require_repeated};
pub use current::{Current, bodyless, current};
pub(crate) use cx::Held;
pub use cx::{Cx, Run};
pub use done::Undoable;
pub(crate) use done::{Done, UndoTries};
pub use edge::{
    AsJson, Convert, ConvertOwned, Feed, Holds, Keep, Lend, LendSome, Mismatch, Missing, Nowhere, Own, Owning, Same,
    Via,
};
pub use engine::{Engine, Ops, Site, TimeLeft};
pub(crate) use failure::read_back_error;
pub use failure::{
    Failure, NoFailure, NotRecordable, NotRetryable, NotReturned, NotTried, Recordable, RetryProbe, Returned, Tried,
};
pub use function::{Body, Parameter, Parameters, StepFn, graph, meta};
pub use gate::{GateFn, IsGate, IsNoGate, Items, Judged, Judgement, Judging, NoGate, NotJudging, Passed, Text, Whole};
pub use glue::{
    Awaitable, Kept, Look, Movable, NotAwaited, Pinned, PlainValue, Settle, Shown, StepProbe, require_awaited,
    require_shown,
};
pub use handed::{HandedOther, HandedProbe, HandedStep, Plain, require_plain};

pub use held::{Lent, NotHeld};
pub use helper::{FallbackFn, FixFn, Helper, Is, NoHelper, NotServing, Serving};
pub use in_workflow::{Anywhere, AwaitedCall, AwaitedFuture, AwaitedOther, InStep, InWorkflow, Ordinary};
pub use operation::given_away;
pub(crate) use operation::panicked;
pub(crate) use outside::broken_answer;
pub use outside::{Given, JudgeAt, NoRecall, Read, Recall};
pub use question::{
    Answer, Asked, Count, Function, IsNoStep, IsPlain, IsStep, No, NoShape, PlainFn, Program, ShapeOf, Shapeless,
    Unlike, Yes, ask, known, require_alone, require_step, require_taken,
};
pub(crate) use received::{received, received_answer};
pub use refused::{Refused, refused};
pub use serving::{Found, Wanted, judges, judging_step, serves};
pub use states::{LentDef, LentStates, Stated, given};
pub use step::{StepCall, StepDef};
pub use support::{ErrOf, Judgements, Outcome, object, render, with_system};
pub use tool::{Callable, IsTool, NoTool, NotCallable, ToolCall, approver, misfit, run_tool, tool, tool_call};
pub use undo::{NoUndo, NotUndoing, Taken, Undo, UndoAt, UndoFn, Undoing, reread};
pub use workflow::{WorkflowCall, WorkflowDef};

use crate::contract::Violation;
use crate::error::{Error, Result};
use crate::graph::{MetaPtr, State};
use crate::place::{NodeId, RunId};
use crate::provider::Model;

/// A call of a step or workflow. Does nothing until awaited: in a workflow, or in any async code if it is a [`CodeStep`].
///
/// The methods override options of the step for this call. They take effect where a workflow awaits the call.
#[must_use = "a step does nothing until it is awaited"]
pub trait Call: Send + Sized {
    /// What the step returns.
    type Ok;
    /// The error of the function itself. Inside a workflow every call yields [`Error`].
    type Err;
    /// The arguments as owned values, states left out.
    type Inputs;
    /// The call that is run. rustc does not look into the type of its future, so it is `Send` for every lifetime.
    #[doc(hidden)]
    type Inner: Call<Ok = Self::Ok, Err = Self::Err>;
    /// The description of the step.
    #[doc(hidden)]
    const META: MetaPtr;
    /// The states that it takes from the runtime if no workflow passes them.
    #[doc(hidden)]
    const STATES: &'static [State] = &[];
    /// Calls the step as a tool.
    #[doc(hidden)]
    const TOOL: Option<ToolCall> = None;

    /// Asks this model instead of the step's own chain.
    fn model(self, model: Model) -> Self;

    /// Names the place of this call, so its result keeps its identity when calls are added before it. On a workflow call given to
    /// a runtime, it names the run.
    ///
    /// An id must not be empty or contain `/ . [ ]`, which separate the parts of a place.
    fn id(self, id: impl Into<String>) -> Self;

    /// Limits each attempt of this call instead of the step's own limit: `"500ms"`, `"30s"`, `"5m"`, `"1h"`, `"3d"`.
    fn timeout(self, limit: &'static str) -> Self;

    /// Returns the call that is run.
    #[doc(hidden)]
    fn __inner(self) -> Self::Inner;

    /// Runs the call at its place in a run.
    #[doc(hidden)]
    fn __at<'c>(self, cx: &'c Cx<'c>, node: NodeId) -> impl Future<Output = Result<Self::Ok>> + Send
    where
        Self: 'c;
}

/// A call of a step that returns a `T`.
#[must_use = "a step does nothing until it is awaited"]
pub trait Step<T, E = Error>: Call<Ok = T, Err = E> {}

impl<C: Call> Step<C::Ok, C::Err> for C {}

/// A call of a code step. Any async code may await it; outside a workflow this runs only the body.
#[must_use = "a step does nothing until it is awaited"]
pub trait CodeStep<T, E = Error>: Step<T, E> + Future<Output = Result<T, E>> {}

impl<T, E, C: Step<T, E> + Future<Output = Result<T, E>>> CodeStep<T, E> for C {}

/// A function with `#[workflow]` whose calls return a `T`.
#[diagnostic::on_unimplemented(
    message = "expected a workflow, found a function that is not one",
    label = "not a workflow",
    note = "annotate the function with `#[workflow]`; for a step, write a workflow that awaits it",
    note = "see flow::errors::not_a_workflow"
)]
pub trait WorkflowFn<A, T> {
    /// The call it returns.
    type Call: Workflow<T>;
}

#[diagnostic::do_not_recommend]
impl<A, T, F> WorkflowFn<A, T> for F
where
    F: StepFn<A>,
    F::Call: Workflow<T>,
{
    type Call = F::Call;
}

/// A call of a workflow that returns a `T`.
#[diagnostic::on_unimplemented(
    message = "expected a workflow, found a step",
    label = "a step, not a workflow",
    note = "write a `#[workflow]` that awaits the step, or run the step alone with `runtime.step(…)`",
    note = "see flow::errors::not_a_workflow"
)]
#[must_use = "a workflow does nothing until it is awaited or given to a runtime"]
pub trait Workflow<T>: Call<Ok = T, Err = Error> + 'static {
    /// The id of the run, if the caller named it.
    #[doc(hidden)]
    fn __id(&self) -> Result<Option<RunId>>;

    /// Runs the body in its own run.
    #[doc(hidden)]
    fn __run<'c>(self, cx: Cx<'c>) -> impl Future<Output = Result<T>> + Send;

    /// Returns the arguments as they are recorded.
    #[doc(hidden)]
    fn __input(&self) -> Result<serde_json::Value>;

    /// Returns the same call with arguments read back from their recorded form, and that form.
    #[doc(hidden)]
    fn __recorded(self) -> Result<(Self, serde_json::Value)>;

    /// Returns the same call with the arguments that were recorded when its run began.
    #[doc(hidden)]
    fn __given(self, input: serde_json::Value) -> Result<Self, Vec<Violation>>;

    /// Creates a call with arguments from an object, by name.
    #[doc(hidden)]
    fn __read(input: serde_json::Value) -> Result<Self, Vec<Violation>>;

    /// Encodes the output as it is recorded and printed.
    #[doc(hidden)]
    fn __encode(output: &T) -> Result<serde_json::Value>;

    /// Reads the output back from its recorded form; returns both.
    #[doc(hidden)]
    fn __read_back(output: &T) -> Result<(T, serde_json::Value)>;

    /// Decodes the output of a finished run.
    #[doc(hidden)]
    fn __decode(output: serde_json::Value) -> Result<T>;
}
