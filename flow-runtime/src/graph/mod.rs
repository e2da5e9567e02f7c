//! The graph of a workflow as constant data: nodes, control structure and data edges.

mod approval;
mod bounds;
pub mod check;
pub(crate) mod effect;
mod facts;
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
mod tools;

pub use approval::approves;
pub(crate) use approval::is_verdict;
pub use bounds::{Bounds, Measure};
pub(crate) use json::kind as kind_name;
pub use kept::undone;
pub use meta::{Argument, Cache, Contract, Effect, Gate, Kind, Meta, MetaPtr, OnTimeout, Policy, PromptText, State};
pub use strict::{followed, read};
pub(crate) use tools::TURN;
pub use tools::check::offers;
pub use tools::{Bound, OnToolError, Tool, Tools};

use crate::contract::{Seg, equal};
use crate::money::Money;
use crate::place::NodeId;
use crate::provider::Model;
pub use crate::run::Migrate;

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
    /// Control leaves; nothing after it in its part is executed.
    Leave(Leave),
}

/// Where control goes when it leaves. Blocks are counted from the innermost enclosing one, which is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// After a block.
    Break(u32),
    /// Back to the head of a block: a loop, or a branch whose code repeats without executing steps.
    Continue(u32),
    /// To the end of the workflow, of the item of a map or of the part of a parallel block, whichever is innermost.
    End(Ending),
}

/// How a path ends, as far as the code shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `Ok(…)`
    Ok,
    /// `Err(…)`, `bail!`, or a panic.
    Error,
    /// A `Result` that is only known at run time.
    Either,
}

/// A block of the control structure.
#[derive(Clone, Copy, Debug)]
pub enum Block {
    /// One arm is taken.
    Branch {
        /// The condition, as written.
        on: &'static str,
    },
    /// All parts run at once.
    Parallel,
    /// A labelled block: one part, which `break` may leave.
    Labelled {
        /// The label, as written.
        label: &'static str,
    },
    /// A loop: two parts, the condition and the body.
    Loop {
        /// The id within the workflow.
        id: NodeId,
        /// The loop's head, as written.
        head: &'static str,
        /// The maximum number of iterations, if known.
        bound: Option<u32>,
        /// Whether control continues after the loop without a `break`: because its condition fails, its items run out, or its
        /// bound leaves it.
        ends: bool,
    },
    /// A map: the body runs once per item, several at once.
    Map {
        /// The id within the workflow.
        id: NodeId,
        /// The items, as written.
        over: &'static str,
        /// The maximum number of items, if known.
        bound: Option<u32>,
        /// The maximum number of items at once.
        concurrency: u32,
    },
}

/// A value passed from one node to another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Where the value comes from.
    pub from: Source,
    /// The part of the value that is passed.
    pub path: &'static [Seg],
    /// The node that receives it.
    pub to: u32,
    /// The position of the argument in its call.
    pub position: usize,
    /// The part of the argument that it fills: a field of a struct built in the body, an item of a list.
    pub into: &'static [Seg],
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An argument of the workflow.
    Input(&'static str),
    /// The output of a node.
    Node(u32),
    /// Plain code between steps, in which the origin is lost: only the type is checked, and it is unknown which part of which
    /// value is passed.
    Lost(&'static Loss),
}

/// A value that plain code computes from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The values it is computed from.
    pub made_of: &'static [Source],
    /// The code, as written.
    pub code: &'static str,
    /// Its line.
    pub line: u32,
}

/// Limits set on a workflow. The build rejects a workflow that may exceed them, or whose worst case is unknown; cost is counted
/// at run time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of steps per run.
    pub steps: Option<u64>,
    /// Maximum number of model calls per run.
    pub model_calls: Option<u64>,
    /// Maximum number of output tokens of all models per run; also enforced at run time.
    pub output_tokens: Option<u64>,
    /// Maximum cost of the model calls per execution; enforced at run time.
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

    /// Returns the id within the workflow: the call's name or the step's id, with `.2`, `.3`, … for repetitions.
    pub const fn id(&self) -> NodeId {
        NodeId { id: self.key(), ordinal: self.ordinal }
    }
}

impl Graph {
    /// Returns the worst case of one run, see [`Meta::bounds`].
    pub const fn bounds(&self) -> Bounds {
        self.workflow.get().bounds()
    }

    /// Returns the bounds as text, term by term, see [`Meta::to_bounds_text`].
    pub fn to_bounds_text(&self) -> String {
        self.workflow.get().to_bounds_text()
    }

    /// Returns the bounds as JSON, see [`Meta::to_bounds_json`].
    pub fn to_bounds_json(&self) -> serde_json::Value {
        self.workflow.get().to_bounds_json()
    }

    /// Returns the graph as a mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        self.workflow.get().to_mermaid()
    }

    /// Returns the workflow, its contracts and its graph as JSON, see [`Meta::to_json`].
    pub fn to_json(&self) -> serde_json::Value {
        self.workflow.get().to_json()
    }
}

impl Meta {
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

    /// Returns the worst case of one run. Unknown if workflows call each other in a cycle, which the build rejects.
    pub const fn bounds(&'static self) -> Bounds {
        bounds::of(self)
    }

    /// Returns the [bounds](Self::bounds) with their terms, as indented lines:
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

    /// Returns the bounds with their terms as JSON: `{"max_model_calls": {"value", "limit", "terms": [{"depth", "kind", "name",
    /// "value", "text"}], "more_terms"}, …}`. A value is `null` if it is unknown.
    pub fn to_bounds_json(&'static self) -> serde_json::Value {
        bounds::json(self)
    }

    /// Returns the graph as a mermaid flowchart; empty for a step.
    pub fn to_mermaid(&'static self) -> String {
        mermaid::render(self)
    }

    /// Returns the step or workflow, its contracts and its graph as JSON.
    pub fn to_json(&'static self) -> serde_json::Value {
        json::render(self)
    }

    /// Returns the published JSON Schemas of input and output: `{"workflow": name, "input": schema, "output": schema}`, with
    /// `step` instead of `workflow` for a step. The input is an object of the arguments by name, without states.
    ///
    /// # Errors
    ///
    /// Fails if a contract, of this or of a called step, disagrees with its published schema.
    pub fn to_schema(&'static self) -> crate::error::Result<serde_json::Value> {
        schema::render(self)
    }

    /// Returns what each kind of provider would receive as the answer schema of each model step.
    ///
    /// By step and provider: `schema`, the adapted schema; `in_words`, constraints that are only in the description and checked
    /// on the answer; `refused`, why the provider cannot give such an answer; `source` and `read`, the page that documents this
    /// and the date it was read.
    pub fn to_portability(&'static self) -> serde_json::Value {
        portability::render(self)
    }

    /// Returns the step at a place of a run, or `None` if this graph has none there.
    pub fn step_at(&'static self, place: &crate::place::Place) -> Option<&'static Meta> {
        find::step_at(self, place)
    }

    /// Returns the steps and workflows that are called directly, each once, in source order.
    pub fn calls(&'static self) -> Vec<&'static Meta> {
        let mut calls: Vec<&'static Meta> = Vec::new();
        for node in self.graph.map_or(&[][..], |graph| graph.nodes) {
            if !calls.iter().any(|seen| std::ptr::eq(*seen, node.step.get())) {
                calls.push(node.step.get());
            }
        }
        calls
    }

    /// Returns everything that a run may execute, each once, starting with itself.
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
