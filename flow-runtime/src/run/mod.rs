//! A run: one execution of a workflow, and where in it a step stands.

mod id;
mod place;
mod record;

pub use id::RunId;
pub use place::{Cx, NodeId, Place};
pub use record::{Attempt, Record, Stamp};

use crate::call::Engine;

/// One execution of one workflow, as generated code sees it.
#[derive(Debug)]
pub struct Run {
    /// The run's id.
    pub id: RunId,
    /// The workflow's name.
    pub workflow: &'static str,
    /// Nobody watches, records or scripts this run: plain steps need not tell the engine.
    pub quiet: bool,
    /// What executes everything that is not a plain step.
    pub engine: Box<dyn Engine>,
}
