//! What an annotated function returns: a call that does nothing until it is awaited.

mod answer;
mod arguments;
mod as_tool;
mod await_site;
mod calls;
mod contract;
mod copy;
mod current;
mod cx;
mod done;
mod edge;
mod failure;
mod function;
mod gate;
mod glue;
mod handed;
mod held;
mod helper;
mod in_workflow;
mod judgements;
mod operation;
mod outside;
mod question;
mod received;
mod refused;
mod running;
mod serving;
mod states;
mod step;
mod support;
mod tool;
mod tool_output;
mod undo;
mod workflow;

pub use answer::{Answer, Count, IsNoStep, IsPlain, IsStep, No, NoShape, ShapeOf, Yes, ask};
pub use arguments::{Arguments, taken};
pub use as_tool::AsTool;
pub use await_site::{Awaited, NotAFuture, NotAStep};
pub use calls::{Call, CodeStep, Step, Workflow};
pub use contract::{
    GenericContract, In, InputContract, Json, NoInput, NoOutput, Out, OutputContract, bound, demand, require_input,
    require_output,
};
pub use copy::{Copier, NoClone, Repeated, require_repeated};
pub use current::Current;
pub use cx::{Cx, Engine, Ops, Run, Site, TimeLeft, ToolCall, UndoAt, Undoable};
pub(crate) use cx::{Done, Held, UndoTries};
pub use edge::{
    AsJson, Convert, ConvertOwned, Feed, Holds, Keep, Lend, LendSome, Mismatch, Nowhere, Own, Owning, Same, Via,
};
pub(crate) use failure::read_back_error;
pub use failure::{
    Failure, NoFailure, NotRecordable, NotRetryable, NotReturned, NotTried, Recordable, RetryProbe, Returned, Tried,
};
pub use function::{Body, Missing, Parameter, Parameters, StepFn, meta};
pub use gate::{GateFn, IsGate, IsNoGate, Items, Judged, Judging, NoGate, NotJudging, Passed, Text, Whole};
pub use glue::{
    Awaitable, Kept, Look, Movable, NotAwaited, Pinned, PlainValue, Settle, Shown, StepProbe, require_awaited,
    require_shown,
};
pub use handed::{HandedOther, HandedProbe, HandedStep, Plain, require_plain};

pub use held::{Absent, Lent, NotHeld};
pub use helper::{FallbackFn, FixFn, Helper, Is, NoHelper, NotServing, Serving};
pub use in_workflow::{Anywhere, AwaitedCall, AwaitedFuture, AwaitedOther, InStep, InWorkflow, Ordinary};
pub use judgements::{Judgement, Judgements};
pub use operation::given_away;
pub(crate) use operation::panicked;
pub(crate) use outside::broken_answer;
pub use outside::{Given, JudgeAt, NoRecall, Read, Recall};
pub use question::{
    Asked, Function, PlainFn, Program, Shapeless, Unlike, known, require_alone, require_step, require_taken,
};
pub(crate) use received::{received, received_answer};
pub use refused::{Refused, refused};
pub use running::{bodyless, current};
pub use serving::{Found, Wanted, judges, judging_step, serves};
pub use states::{LentDef, LentStates, Stated, given};
pub use step::{StepCall, StepDef};
pub use support::{ErrOf, Outcome, object, render, with_system};
pub use tool::{Callable, IsTool, NoTool, NotCallable, approver, misfit, never_tool, run_tool, tool, tool_call};
pub use tool_output::ToolOutput;
pub use undo::{NoUndo, NotUndoing, Taken, Undo, UndoFn, Undoing, reread};
pub use workflow::{WorkflowCall, WorkflowDef};

use crate::graph::Graph;

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

/// Returns the graph of a workflow: nodes, control structure, data edges and worst case.
///
/// # Panics
///
/// Never: every workflow function has a graph.
#[track_caller]
pub const fn graph<A, T, F: WorkflowFn<A, T>>(_: &F) -> &'static Graph {
    match F::Call::META.get().graph {
        Some(graph) => graph,
        None => panic!("a workflow has a graph"),
    }
}
