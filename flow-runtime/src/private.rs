//! Every name that generated code may use, as one list.

pub use {schemars, serde, serde_json, tokio};

pub use tokio::sync::Semaphore;

pub use crate::call::{
    Arguments, Awaitable, Awaited, Call, Convert, ConvertOwned, Copier, ErrOf, Failure, Feed, GenericContract, Helper,
    In, Judged, Judgement, Judgements, Keep, NoClone, NoFailure, NoGate, NoHelper, NoInput, NoOutput, NotAFuture,
    NotAStep, NotRetryable, Out, Passed, RetryProbe, Step, StepCall, StepDef, StepProbe, Workflow, WorkflowCall,
    WorkflowDef, bodyless, demand, fallback_ptr, fix_ptr, gate_ptr, given_away, meta_ptr, object, refused, render,
    require_awaited, require_input, require_output, taken, with_system,
};
pub use crate::contract::{
    Access, Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Seg, Shape, StructShape, Variant, Violation,
    enforce, hash, is_optional,
};
pub use crate::engine::{
    CONCURRENCY, Here, Left, OrderProbe, Ordered, Queue, Right, branch, item, map_all, map_settled, past_bound,
    require_order,
};
pub use crate::gate::{Rejection, Verdict};
pub use crate::graph::check::{edge, input_edge, limit, returns, takes_model, whole};
pub use crate::graph::{
    Argument, Block, Edge, Gate, Graph, Kind, Limits, Meta, MetaPtr, Node, OnTimeout, Op, Policy, PromptText, Source,
    State,
};
pub use crate::prompt::Prompt;
pub use crate::provider::{BoxFuture, Model};
pub use crate::retry::Retry;
pub use crate::run::{Cx, NodeId};

/// The quiet doors of a definition, without names that could hide the user's.
pub mod quiet {
    pub use crate::call::{
        NoClone as _, NoFailure as _, NoGate as _, NoHelper as _, NoInput as _, NoOutput as _, NotRetryable as _,
    };
}

/// The methods that the body of a workflow calls, in the same way.
pub mod body {
    pub use crate::call::{
        Awaitable as _, Convert as _, ConvertOwned as _, Feed as _, Keep as _, NotAFuture as _, NotAStep as _,
    };
    pub use crate::engine::Ordered as _;
}

/// What the expansion of a prompt names.
pub mod prompt {
    pub use crate::prompt::check::{How, Seg, Text, Use, check, enforce};
    pub use crate::prompt::{Prompt, RenderError, Template};
}
