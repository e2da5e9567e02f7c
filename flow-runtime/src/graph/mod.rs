//! The graph of a workflow as constant data: nodes, control structure and data edges.

mod bounds;
pub mod check;
pub(crate) mod effect;
mod find;
mod helpers;
mod json;
mod kept;
pub mod lock;
mod mermaid;
mod meta;
mod portability;
mod schema;
mod strict;

pub use bounds::{Bounds, Measure};
pub(crate) use json::kind as kind_name;
pub use kept::undone;
pub use meta::{Argument, Cache, Contract, Effect, Gate, Kind, Meta, MetaPtr, OnTimeout, Policy, PromptText, State};
pub use strict::{followed, read};

use crate::contract::{Seg, equal};
use crate::error::Result;
use crate::money::Money;
use crate::provider::Model;
use crate::run::{Migration, NodeId};

/// The steps of a workflow, how control passes through them, and which value feeds which.
#[derive(Debug)]
pub struct Graph {
    /// The workflow whose graph it is.
    pub workflow: MetaPtr,
    /// The awaited calls, in the order written.
    pub nodes: &'static [Node],
    /// The values that travel.
    pub edges: &'static [Edge],
    /// Sequence, branches, loops and maps, as one flat list: a block is what stands between `Open` and its `Close`.
    pub structure: &'static [Op],
    /// What the workflow's output is made of: steps and arguments.
    pub output: &'static [Source],
    /// The limits the workflow sets itself.
    pub limits: Limits,
    /// Which of several promises it keeps: `version` of the workflow.
    pub version: u32,
    /// Takes over what a run of an earlier version has recorded.
    pub migrate: Option<Migrate>,
    /// What it promises is written down, and the build compares.
    pub locked: bool,
}

/// Changes what a run of an earlier version has recorded into what a run of this one would have.
pub type Migrate = fn(&mut Migration<'_>) -> Result<()>;

/// An awaited call.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The name of the call, where `.id(…)` gives one.
    pub name: Option<&'static str>,
    /// Which call of that name this is, from 1.
    pub ordinal: u32,
    /// What is called.
    pub step: MetaPtr,
    /// The line of the call.
    pub line: u32,
    /// The model that this call uses instead of the step's own.
    pub model: Option<Model>,
}

/// One element of the control structure.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// The call of a node.
    Step(u32),
    /// The start of a block.
    Open(Block),
    /// The start of one part of a block: an arm of a branch, a branch of a parallel block, the condition or the body of a loop.
    Arm(&'static str),
    /// The end of the innermost block.
    Close,
    /// Control leaves: nothing that stands behind it in its part is executed.
    Leave(Leave),
}

/// Where control goes instead of on. Blocks are counted from the innermost one around, which is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Behind a block.
    Break(u32),
    /// Back to the head of a block: a loop, or a branch by code that is repeated and executes no steps.
    Continue(u32),
    /// To the end of the workflow, of the item of a map or of the part of a parallel block, whichever is innermost.
    End(Ending),
}

/// What a way ends with, as far as the code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `Ok(…)`
    Ok,
    /// `Err(…)`, `bail!`, or a panic.
    Error,
    /// A `Result` that is known at run time.
    Either,
}

/// A block of the control structure.
#[derive(Clone, Copy, Debug)]
pub enum Block {
    /// One arm is taken.
    Branch {
        /// What decides, as written.
        on: &'static str,
    },
    /// All parts run at once.
    Parallel,
    /// A block with a label: one part, which `break` may leave.
    Labelled {
        /// The label, as written.
        label: &'static str,
    },
    /// The body runs again and again: two parts, the condition and the body.
    Loop {
        /// The id within the workflow.
        id: NodeId,
        /// The loop's head, as written.
        head: &'static str,
        /// The most turns, where known.
        bound: Option<u32>,
        /// Control goes on behind the loop without a `break`: when its condition fails, its items run out, or its bound leaves it.
        ends: bool,
    },
    /// The body runs once for each item, several at once.
    Map {
        /// The id within the workflow.
        id: NodeId,
        /// The items, as written.
        over: &'static str,
        /// The most items, where known.
        bound: Option<u32>,
        /// The most items at once.
        concurrency: u32,
    },
}

/// A value that travels from one node to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Where the value comes from.
    pub from: Source,
    /// The part of it that travels.
    pub path: &'static [Seg],
    /// The node that takes it.
    pub to: u32,
    /// The position of the argument in its call.
    pub position: usize,
    /// The part of the argument that it becomes: a field of a struct that the body puts together, an item of a list.
    pub into: &'static [Seg],
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An argument of the workflow.
    Input(&'static str),
    /// The output of a node.
    Node(u32),
    /// Plain code between the steps, in which the origin is lost: the compiler checks the type, and nobody knows which part of
    /// which value travels.
    Lost(&'static Loss),
}

/// Values that plain code makes another of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The values.
    pub made_of: &'static [Source],
    /// The code, as written.
    pub code: &'static str,
    /// Its line.
    pub line: u32,
}

/// Limits a workflow sets itself. The build refuses a workflow that may go above them, or of which that is
/// unknown; money is counted while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most steps of a run.
    pub steps: Option<u64>,
    /// The most model calls of a run.
    pub model_calls: Option<u64>,
    /// The most tokens that the answers of a run's models may have together; held while it runs, too.
    pub output_tokens: Option<u64>,
    /// The most that the model calls of one execution may cost; held while it runs.
    pub cost: Option<Money>,
}

impl Node {
    /// The name of the call, or the step's id.
    pub(crate) const fn key(&self) -> &'static str {
        match self.name {
            Some(name) => name,
            None => self.step.get().id,
        }
    }

    /// The id within the workflow: the call's name or the step's id, with `.2`, `.3`, … where it occurs again.
    pub const fn id(&self) -> NodeId {
        NodeId { id: self.key(), ordinal: self.ordinal }
    }
}

impl Graph {
    /// The worst case of one run, see [`Meta::bounds`].
    pub const fn bounds(&self) -> Bounds {
        self.workflow.get().bounds()
    }

    /// The same with its terms as text, see [`Meta::to_bounds_text`].
    pub fn to_bounds_text(&self) -> String {
        self.workflow.get().to_bounds_text()
    }

    /// The same for programs, see [`Meta::to_bounds_json`].
    pub fn to_bounds_json(&self) -> serde_json::Value {
        self.workflow.get().to_bounds_json()
    }

    /// The graph as a mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        self.workflow.get().to_mermaid()
    }

    /// The workflow, its contracts and its graph as JSON, see [`Meta::to_json`].
    pub fn to_json(&self) -> serde_json::Value {
        self.workflow.get().to_json()
    }
}

impl Meta {
    /// The argument at a position of the call; `None` for a state. A step's states are passed, a workflow's own are left out.
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

    /// The worst case of one run; unknown where workflows call each other in a circle, which the build refuses.
    pub const fn bounds(&'static self) -> Bounds {
        bounds::of(self)
    }

    /// The [bounds](Self::bounds) with the terms that they are the sums of, as indented lines:
    ///
    /// ```text
    /// max_model_calls = 606, limited to 700
    ///   for each of 100 `chunks`: 100 × 6 = 600
    ///     summarise: 3 attempts × (1 + 1 repair) = 6
    ///   summarise.2: 3 attempts × (1 + 1 repair) = 6
    /// ```
    pub fn to_bounds_text(&'static self) -> String {
        bounds::text(self)
    }

    /// The same for programs: `{"max_model_calls": {"value", "limit", "terms": [{"depth", "kind", "name", "value", "text"}],
    /// "more_terms"}, …}`; a value is `null` where it is unknown.
    pub fn to_bounds_json(&'static self) -> serde_json::Value {
        bounds::json(self)
    }

    /// The graph as a mermaid flowchart; empty for a step.
    pub fn to_mermaid(&'static self) -> String {
        mermaid::render(self)
    }

    /// The step or workflow, its contracts and its graph as JSON.
    pub fn to_json(&'static self) -> serde_json::Value {
        json::render(self)
    }

    /// What goes in and comes out as published JSON Schemas: `{"workflow": name, "input": schema, "output": schema}`, with
    /// `step` in place of `workflow` for a step. The input is an object of the arguments by name, states left out.
    ///
    /// # Errors
    ///
    /// A contract, of this or of a step below it, whose shape is not what its published schema says.
    pub fn to_schema(&'static self) -> crate::error::Result<serde_json::Value> {
        schema::render(self)
    }

    /// What each kind of provider would be sent of the answers of the model steps within: by step and by provider `schema`, the
    /// lowered one; `in_words`, the constraints that only the description says there and that are checked when the answer is
    /// back; `refused`, why the provider takes no such answer; `source` and `read`, the page that says so and the day it did.
    pub fn to_portability(&'static self) -> serde_json::Value {
        portability::render(self)
    }

    /// The step that stands at a place of a run; `None` where this graph has none there.
    pub fn step_at(&'static self, place: &crate::run::Place) -> Option<&'static Meta> {
        find::step_at(self, place)
    }

    /// The steps and workflows called directly, each once, in the order written.
    pub fn calls(&'static self) -> Vec<&'static Meta> {
        let mut calls: Vec<&'static Meta> = Vec::new();
        for node in self.graph.map_or(&[][..], |graph| graph.nodes) {
            if !calls.iter().any(|seen| std::ptr::eq(*seen, node.step.get())) {
                calls.push(node.step.get());
            }
        }
        calls
    }

    /// Everything that a run of this may execute, each once, itself first.
    pub fn reachable(&'static self) -> Vec<&'static Meta> {
        let mut all: Vec<&'static Meta> = vec![self];
        let mut next = 0;
        while let Some(meta) = all.get(next).copied() {
            next += 1;
            for other in meta.calls().into_iter().chain(meta.helpers()) {
                if !all.iter().any(|seen| std::ptr::eq(*seen, other)) {
                    all.push(other);
                }
            }
        }
        all
    }
}
