//! Runs: single executions of a workflow, places in them, and their records.

mod by_hash;
mod digest;
pub(crate) mod line;
mod migration;
mod named;
mod part;
mod record;
mod state;
mod step;
mod step_state;
mod summary;

pub(crate) use digest::{is_same_text, shorten};
pub use line::{from_line, to_line};
pub use migration::{Migrate, Migration};
pub(crate) use named::named_by_call;
pub use record::{Attempt, Record, RejectedAnswers, Wait, WaitsFor, record_schema};
pub use state::{Began, End, RunState};
pub use step_state::{StepEnd, StepState};
pub use summary::{Status, Summary};

pub use crate::clock::Stamp;
pub use crate::place::{NodeId, Place, RunId, uuid_v4};
