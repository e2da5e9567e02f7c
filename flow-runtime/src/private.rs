//! Every name that generated code may use, as one list.

pub use {schemars, serde, serde_json, tokio};

pub use tokio::sync::Semaphore;

pub use crate::call::{
    Arguments, Awaitable, Awaited, Call, Convert, ConvertOwned, Copier, ErrOf, Failure, Feed, Found, Function,
    GenericContract, Helper, In, Judged, Judgement, Judgements, Judging, Keep, NoClone, NoFailure, NoGate, NoHelper,
    NoInput, NoOutput, NotAFuture, NotAStep, NotRetryable, Out, Passed, Program, RetryProbe, Serving, Settle, Settled,
    Step, StepCall, StepDef, StepProbe, Wanted, Workflow, WorkflowCall, WorkflowDef, ask, bodyless, demand, given_away,
    judges, judging_step, known, object, refused, render, require_awaited, require_input, require_output,
    require_repeated, require_step, serves, taken, with_system,
};
pub use crate::contract::{
    Access, Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Seg, Shape, StructShape, Variant, Violation,
    enforce, hash, survives_round_trip,
};
pub use crate::engine::{
    CONCURRENCY, OrderProbe, Ordered, Queue, branch, item, map_all, map_settled, past_bound, require_order,
};
pub use crate::gate::{Rejection, Verdict};
pub use crate::graph::check::{edge, input_edge, keeps, limit, takes_model, whole};
pub use crate::graph::{
    Argument, Block, Edge, Gate, Graph, Kind, Limits, Meta, MetaPtr, Node, OnTimeout, Op, Policy, PromptText, Source,
    State,
};
pub use crate::prompt::Prompt;
pub use crate::provider::{BoxFuture, Model};
pub use crate::retry::Retry;
pub use crate::run::{Cx, NodeId};

/// What the expansion of a prompt names.
pub mod prompt {
    pub use crate::prompt::check::{How, Seg, Text, Use, check, enforce};
    pub use crate::prompt::{Prompt, RenderError, Template};
}

/// The answers for types and functions of which something does not hold, in constants that describe and check.
pub mod quiet {
    pub use crate::call::{
        NoClone as _, NoFailure as _, NoInput as _, NoOutput as _, NotJudging as _, NotServing as _, Shapeless as _,
        Unlike as _,
    };
}
