//! The constant description of a step or workflow.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::{Graph, Tools};
use crate::contract::{Direction, Shape};
use crate::error::OwnError;
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
    /// Nobody; the run waits for a duration.
    Timer,
    /// The engine, which undoes the finished steps of the workflow.
    Undo,
    /// Another workflow.
    Workflow,
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

/// How results are reused by other runs, keyed by content.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// How long a result is valid; forever if not set.
    pub good_for: Option<Duration>,
    /// The version set by the user.
    pub version: u32,
    /// The source code of the body.
    pub body: &'static str,
}

/// What a step changes outside the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing, or nothing that matters.
    None,
    /// Running twice has the same result as running once.
    Idempotent,
    /// Cannot be taken back, so it is started at most once.
    Irreversible,
}

impl Effect {
    /// Returns the word used in `effect = …`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Idempotent => "idempotent",
            Self::Irreversible => "irreversible",
        }
    }
}

/// What happens when a person does not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// The step fails.
    Fail,
    /// The value is accepted.
    Accept,
    /// The value is rejected.
    Reject,
}

/// The templates of a prompt.
#[derive(Clone, Copy, Debug)]
pub struct PromptText {
    /// The system message.
    pub system: Option<&'static str>,
    /// The other messages; `None` if a function builds the prompt.
    pub prompt: Option<&'static str>,
    /// For a person: the arguments that the text prints whole, whatever their values.
    pub shows: &'static [&'static str],
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
