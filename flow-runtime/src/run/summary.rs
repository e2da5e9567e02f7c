//! Summaries of runs.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Record, Stamp, Wait};
use crate::error::{Error, ErrorKind, Result};
use crate::place::{Place, RunId};
use crate::provider::Spent;

/// A run in one line, as far as its records tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The run.
    pub run: RunId,
    /// The workflow's name.
    pub workflow: String,
    /// Its status.
    pub status: Status,
    /// Whether the answers of its models are made up.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub offline: bool,
    /// When it started.
    pub started: Stamp,
    /// When it ended, the last time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ended: Option<Stamp>,
    /// How many steps have finished.
    pub steps: u64,
    /// The total of its model calls.
    pub spent: Spent,
    /// What it waits for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub waits: Vec<Wait>,
    /// The error that ended it, or why it cannot continue.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}

/// The status of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Started, and neither waiting nor ended. A journal does not know whether a process executes the run;
    /// [`Runtime::state`](crate::engine::Runtime::state) does.
    Running,
    /// Waiting for something; other branches may still be running.
    Waiting,
    /// Ready to run, but no process executes it: none executes the journal, or the one that does cannot continue this run. It
    /// continues when it is started or resumed under its id.
    NoExecutor,
    /// Ended with an output.
    Finished,
    /// Ended with an error.
    Failed,
    /// Cancelled.
    Cancelled,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 6] =
        [Self::Running, Self::Waiting, Self::NoExecutor, Self::Finished, Self::Failed, Self::Cancelled];

    /// Returns the name used in records and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::NoExecutor => "no_executor",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Summary {
    /// Creates the summary from a run's first record; `None` for any other record.
    pub fn begin(record: &Record) -> Option<Self> {
        let Record::RunStarted { run, workflow, offline, at, .. } = record else { return None };
        let (run, workflow, spent) = (run.clone(), workflow.clone(), Spent::default());
        let (waits, ended, error) = Default::default();
        let (status, offline, started) = (Status::Running, *offline, *at);
        Some(Self { run, workflow, status, offline, started, ended, steps: 0, spent, waits, error })
    }

    /// Applies the next record.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Attempt(attempt) => {
                if attempt.model.is_some() {
                    self.spent = self.spent.plus(Spent::call(attempt.usage, attempt.cost));
                }
                if attempt.attempt > 1 {
                    self.no_longer_waits(&attempt.place);
                }
            }
            Record::Waiting(wait) => {
                self.no_longer_waits(&wait.place);
                self.waits.push((**wait).clone());
            }
            Record::Answered { place, .. } | Record::StepFailed { place, .. } | Record::StepCancelled { place, .. } => {
                self.no_longer_waits(place);
            }
            Record::StepFinished { place, .. } => {
                self.steps += 1;
                self.no_longer_waits(place);
            }
            Record::BranchChosen { place, branch, .. } => {
                self.waits.retain(|wait| !wait.place.has_lost(place, *branch));
            }
            Record::RunCancelling { .. } | Record::RunTakenOver { .. } => self.waits.clear(),
            Record::RunFinished { at, .. } => _ = self.end(Status::Finished, *at),
            Record::RunCancelled { at, .. } => _ = self.end(Status::Cancelled, *at),
            Record::RunFailed { error, at, .. } if self.end(Status::Failed, *at) => self.error = Some(error.clone()),
            Record::RunResumed { .. } if self.status == Status::Failed => {
                (self.ended, self.error, self.status) = (None, None, Status::Running)
            }
            _ => {}
        }
        if self.ended.is_none() {
            self.status = if self.waits.is_empty() { Status::Running } else { Status::Waiting };
        }
    }

    fn no_longer_waits(&mut self, place: &Place) {
        self.waits.retain(|wait| wait.place != *place);
    }

    /// Ends the run, unless it has ended already. Only resuming a failed run clears an end. Returns whether this end
    /// counts.
    fn end(&mut self, status: Status, at: Stamp) -> bool {
        self.waits.clear();
        if self.ended.is_some() {
            return false;
        }
        (self.status, self.ended) = (status, Some(at));
        true
    }
}

impl FromStr for Status {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(|status| format!("`{}`", status.name())).join(", ");
            Error::new(ErrorKind::Setup, format!("unknown run status `{text}`; expected one of {names}"))
        })
    }
}
