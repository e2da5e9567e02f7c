//! The graph of a workflow as constant data: nodes, control structure and data edges.

mod approval;
mod bounds;
mod called;
pub mod check;
mod edges;
pub(crate) mod effect;
mod facts;
mod find;
mod helpers;
mod json;
mod kept;
mod limits;
pub mod lock;
mod mermaid;
mod meta;
mod options;
mod portability;
mod schema;
mod strict;
mod structure;
mod tools;
mod views;

pub use crate::run::Migrate;
pub use approval::approves;
pub(crate) use approval::is_verdict;
pub use bounds::{Bounds, Measure};
pub use edges::{Edge, Loss, Source};
pub use kept::undone;
pub use limits::Limits;
pub(crate) use meta::kind_name;
pub use meta::{Argument, Contract, Gate, Graph, Kind, Meta, MetaPtr, Node, Policy, State, Tool, Tools};
pub use options::{Bound, Cache, Effect, OnTimeout, OnToolError, PromptText, ServerTool};
pub use strict::{followed, read};
pub use structure::{Block, Ending, Leave, Op};
pub use tools::check::offers;
