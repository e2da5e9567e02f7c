//! Runs: single executions of a workflow, places in them, and their records.

mod digest;
mod done;
mod id;
pub(crate) mod line;
mod migration;
mod part;
mod place;
mod record;
mod state;
mod step;
mod summary;

pub(crate) use digest::{is_same_text, shorten};
pub use done::Undoable;
pub(crate) use done::{Done, Tried};
pub(crate) use id::named_by_call;
pub use id::{RunId, uuid_v4};
pub use line::{from_line, to_line};
pub use migration::Migration;
pub(crate) use place::Held;
pub use place::{Cx, NodeId, Place};
pub use record::{Attempt, Record, RejectedAnswers, Wait, WaitsFor, record_schema};
pub use state::{Began, End, RunState, StepEnd, StepState};
pub use summary::{Status, Summary};

pub use crate::clock::Stamp;

use std::sync::{Arc, OnceLock};

use crate::call::Engine;

/// One execution of one workflow, as generated code sees it.
#[derive(Debug)]
pub struct Run {
    /// The id chosen by the caller; a fresh id is created on demand.
    id: OnceLock<RunId>,
    /// The workflow's name.
    pub workflow: &'static str,
    /// No one observes, records or scripts this run, so plain steps bypass the engine.
    pub quiet: bool,
    /// Executes everything that is not a plain step.
    pub engine: Arc<dyn Engine>,
    /// The finished steps that can be undone.
    pub done: Undoable,
}

impl Run {
    /// Creates a run that is about to start.
    pub fn new(id: Option<RunId>, workflow: &'static str, quiet: bool, engine: Arc<dyn Engine>) -> Self {
        Self { id: id.map_or_else(OnceLock::new, OnceLock::from), workflow, quiet, engine, done: Undoable::default() }
    }

    /// Returns the run's id.
    pub fn id(&self) -> &RunId {
        self.id.get_or_init(RunId::fresh)
    }
}
