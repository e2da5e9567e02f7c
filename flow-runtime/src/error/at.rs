//! Where an error happened.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::place::{Place, RunId};

/// Where an error happened: in a step, or in the workflow itself, for example at a loop bound, a time limit or in code between
/// steps.
///
/// Displayed on one line: ``step `write` at `map[1]/write`, attempt 2, workflow `report`, run `cv-17` ``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct At {
    /// The workflow.
    pub workflow: String,
    /// The id of the run.
    pub run: String,
    /// The step that failed; `None` if the workflow failed outside its steps.
    pub step: Option<String>,
    /// The place of the step, loop, map or sub-workflow in the run; empty for the workflow that was started.
    pub place: Place,
    /// The attempt that failed, from 1.
    pub attempt: u32,
    /// Whether the step may have several attempts.
    repeatable: bool,
}

impl At {
    /// A place outside of steps.
    pub(crate) fn new(workflow: &str, run: &RunId, place: Place) -> Self {
        let (workflow, run) = (workflow.to_owned(), run.to_string());
        Self { workflow, run, step: None, place, attempt: 1, repeatable: false }
    }

    /// The same place, in an attempt of a step.
    pub(crate) fn of_step(self, step: &str, attempt: u32, repeatable: bool) -> Self {
        Self { step: Some(step.to_owned()), attempt, repeatable, ..self }
    }

    /// The place within the run; `None` for the workflow that was started.
    pub(super) fn in_run(&self) -> Option<String> {
        let place = self.place.as_str();
        let text = match self.step.as_deref() {
            None if place.is_empty() => return None,
            None => format!("at `{place}`"),
            Some(step) if step == place => format!("step `{step}`"),
            Some(step) => format!("step `{step}` at `{place}`"),
        };
        let counts = self.repeatable || self.attempt > 1;
        Some(if counts { format!("{text}, attempt {}", self.attempt) } else { text })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.in_run() {
            write!(f, "{place}, ")?;
        }
        write!(f, "workflow `{}`, run `{}`", self.workflow, self.run)
    }
}
