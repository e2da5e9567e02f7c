//! The constant description of a step or workflow. Steps and graphs refer to each other, so they are one recursive type.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::{Bound, Cache, Edge, Effect, Limits, Migrate, OnTimeout, OnToolError, Op, PromptText, ServerTool, Source};
use crate::contract::{Direction, Shape, equal};
use crate::error::OwnError;
use crate::place::NodeId;
use crate::provider::Model;
use crate::retry::Retry;

/// What kind of step it is, by who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The step's own body.
    Code,
    /// A model.
    Model,
    /// A person.
    Human,
    /// An outside system that answers later.
    Signal,
    /// A tool of an MCP server.
    Mcp,
    /// Nobody; the run waits for a duration.
    Timer,
    /// The engine, which undoes the finished steps of the workflow.
    Undo,
    /// Another workflow.
    Workflow,
}

/// Returns the word for a kind in graphs, locks and traces.
pub(crate) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Code => "code",
        Kind::Model => "model",
        Kind::Human => "human",
        Kind::Signal => "signal",
        Kind::Mcp => "mcp",
        Kind::Timer => "timer",
        Kind::Undo => "undo",
        Kind::Workflow => "workflow",
    }
}

/// The description of a step or workflow.
#[derive(Debug)]
pub struct Meta {
    /// The function's name.
    pub name: &'static str,
    /// The stable identity: the name, unless `id` says otherwise.
    pub id: &'static str,
    /// The module it is defined in.
    pub module: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
    /// Who does the work.
    pub kind: Kind,
    /// The arguments, without states.
    pub arguments: &'static [Argument],
    /// The states it requires from the runtime.
    pub states: &'static [State],
    /// The contract of the output.
    pub output: Contract,
    /// How it is executed.
    pub policy: Policy,
    /// The graph, for a workflow.
    pub graph: Option<&'static Graph>,
}

// SAFETY: all fields are `Sync`, as asserted below. The manual impl saves rustc from checking the complete type at each step.
#[allow(unsafe_code)]
unsafe impl Sync for Meta {}
const _: fn() = || {
    const fn is_sync<T: Sync>() {}
    is_sync::<(&'static str, u32, Kind, &'static [Argument], &'static [State])>();
    is_sync::<(Contract, Policy, Option<&'static Graph>)>();
};

impl Meta {
    /// Whether both are the same definition: no two have the same name, module and line.
    pub(super) const fn is(&self, other: &Self) -> bool {
        self.line == other.line && equal(self.name, other.name) && equal(self.module, other.module)
    }

    /// Orders by module, then name.
    pub(super) const fn sorts_before(&self, other: &Self) -> bool {
        if equal(self.module, other.module) { before(self.name, other.name) } else { before(self.module, other.module) }
    }

    /// Whether its attribute has errors, which were reported there, so that nothing is known about it.
    pub(super) const fn has_errors(&self) -> bool {
        self.module.is_empty()
    }

    /// Returns the argument at a position of the call, or `None` for a state. A step's states are passed in the call, a
    /// workflow's own are left out.
    pub const fn argument(&self, position: usize) -> Option<&'static Argument> {
        let mut at = 0;
        while at < self.arguments.len() {
            let passed = if matches!(self.kind, Kind::Workflow) { at } else { self.arguments[at].position };
            if passed == position {
                return Some(&self.arguments[at]);
            }
            at += 1;
        }
        None
    }

    pub(crate) const fn argument_named(&self, name: &str) -> Option<&'static Argument> {
        let mut at = 0;
        while at < self.arguments.len() {
            if equal(self.arguments[at].name, name) {
                return Some(&self.arguments[at]);
            }
            at += 1;
        }
        None
    }
}

const fn before(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}

/// An argument of a step or a workflow.
#[derive(Debug)]
pub struct Argument {
    /// The name.
    pub name: &'static str,
    /// The position in the call, states counted.
    pub position: usize,
    /// The doc comment.
    pub doc: &'static str,
    /// The contract.
    pub contract: Contract,
}

/// A state, by type.
#[derive(Debug)]
pub struct State {
    /// The argument's name.
    pub name: &'static str,
    /// The type, as it was written.
    pub type_name: &'static str,
    /// The type's identity.
    pub type_id: fn() -> std::any::TypeId,
}

/// A contract: the shape that the compiler compares, and the schema that people and models read.
#[derive(Clone, Copy)]
pub struct Contract {
    /// The shape in both directions.
    pub shape: &'static Shape,
    /// The published JSON Schema, in one direction.
    pub schema: fn(Direction) -> Value,
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.shape, f)
    }
}

/// How a step is executed.
#[derive(Debug)]
pub struct Policy {
    /// Attempts and the delays between them.
    pub retry: Retry,
    /// How often to ask again after a rejected answer.
    pub repair: u32,
    /// The limit of one attempt; for human and signal steps, of the complete wait; for a workflow, of its body.
    pub timeout: Option<Duration>,
    /// What to do when a person does not answer in time.
    pub on_timeout: OnTimeout,
    /// The models, in the order in which they are tried.
    pub models: &'static [Model],
    /// What the model or person reads.
    pub prompt: Option<PromptText>,
    /// The tool of an MCP server that does the work.
    pub mcp: Option<ServerTool>,
    /// The tools that the model may call.
    pub tools: Option<&'static Tools>,
    /// The gates, in order.
    pub gates: &'static [Gate],
    /// The step that corrects a rejected output, and how often.
    pub fix: Option<(MetaPtr, u32)>,
    /// The step that runs when all attempts have failed.
    pub fallback: Option<MetaPtr>,
    /// How many may run at once in this process.
    pub concurrency: Option<u32>,
    /// What it changes outside the run.
    pub effect: Effect,
    /// Whether the effect may receive unreviewed model output.
    pub unreviewed: bool,
    /// The human step that approves it before its first attempt.
    pub approve: Option<MetaPtr>,
    /// The step that undoes it when the run fails later.
    pub compensate: Option<MetaPtr>,
    /// Whether results are reused by other runs.
    pub cache: Option<Cache>,
    /// How its own error type is recorded, if that is a contract.
    pub own_error: Option<OwnError>,
    /// How long a signal is kept that arrives before its step waits; 7 days if not set.
    pub keep: Option<Duration>,
    /// How an answer of a person or outside system is judged before the run receives it.
    /// Returns a [`JudgeAt`](crate::call::JudgeAt): a graph is data, and does not know calls.
    pub judge: Option<fn() -> Box<dyn Any>>,
}

impl Policy {
    /// A single attempt, and nothing else.
    pub const PLAIN: Self = Self {
        retry: Retry::ONCE,
        repair: 0,
        timeout: None,
        on_timeout: OnTimeout::Fail,
        models: &[],
        prompt: None,
        mcp: None,
        tools: None,
        gates: &[],
        fix: None,
        fallback: None,
        concurrency: None,
        effect: Effect::None,
        unreviewed: false,
        approve: None,
        compensate: None,
        cache: None,
        own_error: None,
        keep: None,
        judge: None,
    };

    /// Whether a step may be attempted several times; `one_model` if its call sets a model.
    pub(crate) fn is_repeatable(&self, one_model: bool) -> bool {
        self.retry.max_attempts > 1 || self.repair > 0 || (self.models.len() > 1 && !one_model)
    }
}

/// The tools that a model step may call, and how often.
#[derive(Debug)]
pub struct Tools {
    /// The tools, in the order in which the model sees them.
    pub tools: &'static [Tool],
    /// The maximum number of model calls that answer one question, repairs counted separately.
    pub max_turns: u32,
    /// The maximum number of tool calls of the step; `None` is 8 for each turn.
    pub max_tool_calls: Option<u32>,
    /// What happens when a tool fails.
    pub on_error: OnToolError,
}

/// One tool: a step or workflow that the model may call.
#[derive(Debug)]
pub struct Tool {
    /// The step or workflow.
    pub step: MetaPtr,
    /// The states that it takes from the runtime.
    pub states: &'static [State],
    /// Its name for the model, instead of its id.
    pub id: Option<&'static str>,
    /// The arguments that the model step passes and the model does not see.
    pub bound: &'static [Bound],
}

/// A gate of a step.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The gate's name.
    pub name: &'static str,
    /// The step, if the gate is one.
    pub step: Option<MetaPtr>,
}

/// A pointer to constant data that may refer back to itself.
#[derive(Clone, Copy)]
pub struct MetaPtr(*const Meta);

// SAFETY: it stands for a `&'static Meta`, which is `Send`.
#[allow(unsafe_code)]
unsafe impl Send for MetaPtr {}
// SAFETY: as above.
#[allow(unsafe_code)]
unsafe impl Sync for MetaPtr {}

impl MetaPtr {
    /// Creates a pointer to a description, which may be one that refers back to it.
    pub const fn new(meta: &'static Meta) -> Self {
        Self(meta)
    }

    /// Returns the description.
    pub const fn get(self) -> &'static Meta {
        // SAFETY: it was made from a `&'static` reference.
        #[allow(unsafe_code)]
        unsafe {
            &*self.0
        }
    }
}

impl fmt::Debug for MetaPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the name: the rest may be recursive.
        f.write_str(self.get().name)
    }
}

/// The graph of a workflow: its steps, control structure and data edges.
#[derive(Debug)]
pub struct Graph {
    /// The workflow.
    pub workflow: MetaPtr,
    /// The awaited calls, in the order written.
    pub nodes: &'static [Node],
    /// The data edges.
    pub edges: &'static [Edge],
    /// Sequence, branches, loops and maps, as one flat list: a block is everything between `Open` and its `Close`.
    pub structure: &'static [Op],
    /// The steps and arguments that the workflow's output is made of.
    pub output: &'static [Source],
    /// The limits set on the workflow.
    pub limits: Limits,
    /// The workflow's `version`.
    pub version: u32,
    /// Adapts what runs of an earlier version recorded.
    pub migrate: Option<Migrate>,
    /// Whether the workflow has a lock that the build compares.
    pub locked: bool,
}

/// An awaited call.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The name given with `.id(…)`, if any.
    pub name: Option<&'static str>,
    /// The number of this call among those with the same name, from 1.
    pub ordinal: u32,
    /// The step or workflow that is called.
    pub step: MetaPtr,
    /// The line of the call.
    pub line: u32,
    /// The model set on this call, if any.
    pub model: Option<Model>,
}

impl Node {
    /// The name of the call, or the step's id.
    pub(crate) const fn key(&self) -> &'static str {
        match self.name {
            Some(name) => name,
            None => self.step.get().id,
        }
    }

    /// Returns the id within the workflow: the call's name or the step's id, with `.2`, `.3`, … for repetitions.
    pub const fn id(&self) -> NodeId {
        NodeId { id: self.key(), ordinal: self.ordinal }
    }
}
