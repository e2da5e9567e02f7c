//! Every name that generated code may use, in one list.

pub use std::option::Option::{None, Some};

pub use {schemars, serde, serde_json, tokio};

pub use tokio::sync::Semaphore;

pub use crate::call::{
    Arguments, AsTool, Awaited, Call, Callable, CodeStep, Copier, Cx, ErrOf, Failure, Found, Function, GenericContract,
    HandedProbe, Helper, In, InStep, InWorkflow, Json, JudgeAt, Judged, Judgement, Judgements, Judging, Lent, LentDef,
    LentStates, Out, Passed, Program, Recall, Recordable, RetryProbe, Returned, Serving, Stated, Step, StepCall,
    StepDef, StepProbe, ToolCall, Tried, Undo, UndoAt, Undoing, Wanted, Workflow, WorkflowCall, WorkflowDef, approver,
    ask, bodyless, bound, demand, given_away, judges, judging_step, known, misfit, never_tool, object, refused, render,
    require_alone, require_awaited, require_input, require_output, require_plain, require_repeated, require_shown,
    require_step, require_taken, reread, run_tool, serves, taken, tool, tool_call, with_system,
};
pub use crate::contract::sound::{flattened, flawed, no_value, part, tagged};
pub use crate::contract::{
    Access, Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Seg, Shape, StructShape, Variant, Violation,
    enforce, hash, is_optional,
};
pub use crate::engine::{
    CONCURRENCY, Contenders, Here, Left, OrderProbe, Queue, Right, branch, map_all, map_settled, past_bound, race,
    race_anywhere, require_order,
};
pub use crate::gate::{Rejection, Verdict};
pub use crate::graph::check::{edge, input_edge, limit, returns, takes, takes_model, whole};
pub use crate::graph::effect::reviewed;
pub use crate::graph::lock::{Kept, Locked, LockedArgument, LockedStep, Standings, check as lock};
pub use crate::graph::{
    Argument, Block, Bound, Cache, Edge, Effect, Ending, Gate, Graph, Kind, Leave, Limits, Loss, Measure, Meta,
    MetaPtr, Node, OnTimeout, OnToolError, Op, Policy, PromptText, ServerTool, Source, State, Tool, Tools, followed,
    read, undone,
};
pub use crate::graph::{approves, offers, races};
pub use crate::money::Money;
pub use crate::place::NodeId;
pub use crate::prompt::Prompt;
pub use crate::provider::{BoxFuture, Model, answerable, readable};
pub use crate::retry::Retry;
pub use crate::secret::never_written;

/// The methods called in the body of a workflow.
pub mod body {
    pub use crate::call::given::*;
    pub use crate::call::{
        Awaitable as _, Convert as _, ConvertOwned as _, Feed as _, HandedOther as _, HandedStep as _, Keep as _,
        Look as _, Mismatch as _, NotAFuture as _, NotAStep as _, NotTried as _, Settle as _,
    };
    pub use crate::engine::Ordered as _;
}

/// The method called in the body of a step.
pub mod step {
    pub use crate::call::Ordinary as _;
}

/// The methods called in a body that cannot be parsed yet.
pub mod unread {
    pub use crate::call::{AwaitedCall as _, AwaitedFuture as _, AwaitedOther as _};
}

/// The names used in the expansion of a prompt.
pub mod prompt {
    pub use crate::prompt::check::{
        How, Seg, Text, Use, check, check_system, constant, constant_system, enforce, is_empty, mentions,
    };
    pub use crate::prompt::{Prompt, RenderError, Template};
}

/// The silent fallbacks for types and functions that fail a check. The check itself reports the error. They are imported without
/// names, so that they cannot shadow the user's.
pub mod quiet {
    pub use crate::call::{
        NoClone as _, NoFailure as _, NoGate as _, NoHelper as _, NoInput as _, NoOutput as _, NoRecall as _,
        NoTool as _, NoUndo as _, NotHeld as _, NotJudging as _, NotRecordable as _, NotRetryable as _,
        NotReturned as _, NotServing as _, NotUndoing as _, PlainFn as _, Shapeless as _, Unlike as _,
    };
}
